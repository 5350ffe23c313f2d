/** Images of a node's containerd, as somebody on the node pulls and removes them. */
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { createPuller } from '../kubelet/pulls.ts';
import { parseImage } from '../machine/image-names.ts';
import type { Cluster, Docker } from '../types.ts';

export interface NodePull {
	state: 'running' | 'done' | 'failed';
	/** `rpc error: code = …`. */
	error?: string;
	/** Id of the image. */
	id?: string;
}

const at = (cluster: Cluster, node: string): readonly [ClusterContext, Machine] | undefined => {
	const { context } = cluster as { readonly context?: ClusterContext };
	const machine = context?.machines.get(node);
	return context && machine && [context, machine];
};

/** Begins to pull an image onto a node: read its state again as time passes. */
export function pullOnNode(cluster: Cluster, node: string, image: string): NodePull {
	const pull: NodePull = { state: 'running' };
	const found = at(cluster, node);
	if (!found) return { state: 'failed', error: 'no such node' };
	const [context, machine] = found;
	createPuller(context, machine).pull(image, ({ error }) => {
		pull.state = error === undefined ? 'done' : 'failed';
		if (error !== undefined) pull.error = error;
		else pull.id = machine.images.find(image)?.id ?? '';
	});
	return pull;
}

/** Takes an image from a node, by a name or the beginning of an id; its name, or undefined when there is none. */
export function removeOnNode(cluster: Cluster, node: string, image: string): string | undefined {
	const machine = at(cluster, node)?.[1];
	const known =
		machine?.images.find(image) ??
		(/^(?:sha256:)?[0-9a-f]{4,64}$/.test(image)
			? machine?.images.list().find(({ id }) => id.replace('sha256:', '').startsWith(image.replace('sha256:', '')))
			: undefined);
	if (!machine || !known) return undefined;
	machine.images.remove(known.name);
	return known.name;
}

export type RemovedImage =
	| { readonly untagged: readonly string[]; readonly deleted?: string }
	| { readonly error: string };

/** `docker rmi` (moby daemon/images/image_delete.go @ v20.10). */
export function removeFromDocker(docker: Docker, image: string, force: boolean): RemovedImage {
	const host = docker as Docker & { removeImage?(name: string): void };
	const name = parseImage(image);
	const all = docker.images();
	const short = image.replace(/^sha256:/, '');
	const found =
		all.find(
			(i) =>
				`${i.repository}:${i.tag}` ===
				`${image.replace(/^docker\.io\/(?:library\/)?/, '')}${name && /[:@][^/]*$/.test(image) ? '' : ':latest'}`,
		) ?? (/^[0-9a-f]{4,64}$/.test(short) ? all.find((i) => i.id.replace('sha256:', '').startsWith(short)) : undefined);
	if (!found) return { error: `No such image: ${/[:@][^/]*$/.test(image) ? image : `${image}:latest`}` };
	const tagged = `${found.repository}:${found.tag}`;
	// Of several names one goes, and the image stays.
	if (all.some((i) => i.id === found.id && i !== found)) {
		host.removeImage?.(tagged);
		return { untagged: [tagged] };
	}
	const plain = (text: string): string => {
		const short = text.replace(/@.*$/, '').replace(/^docker\.io\/(?:library\/)?/, '');
		return /:[^/]*$/.test(short) ? short : `${short}:latest`;
	};
	const known = [tagged, ...(found.of === undefined ? [] : [plain(found.of)])];
	const user = docker
		.containers()
		.find((c) => known.includes(plain(c.image)) || (c.base !== undefined && known.includes(plain(c.base))));
	if (user && (user.state === 'running' || !force)) {
		const id = found.id.replace('sha256:', '').slice(0, 12);
		return {
			error:
				user.state === 'running' && force
					? `Error response from daemon: conflict: unable to delete ${id} (cannot be forced) - image is being used by running container ${user.id.slice(0, 12)}`
					: `Error response from daemon: conflict: unable to remove repository reference "${image}" (must force) - container ${user.id.slice(0, 12)} is using its referenced image ${id}`,
		};
	}
	host.removeImage?.(tagged);
	return { untagged: [tagged, `${found.repository}@${found.digest}`], deleted: found.id };
}
