/**
 * The three ways of `kubectl debug`: a pod on a node, a container in a pod that runs, a copy of a pod.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/debug/debug.go @ v0.24.0.
 */
import {
	type ApiInput,
	type ApiObject,
	createPatch,
	type Draft,
	draftOf,
	type Json,
} from '../../../../sim/api/index.ts';
import { fail, type Kube } from '../../kube.ts';
import { sub, subs, text } from '../../print/index.ts';
import { raiseStatus } from '../faults.ts';
import { suffix } from '../names.ts';
import { containerNames } from '../pods.ts';
import type { Profile } from './profiles.ts';

export interface Options {
	readonly profile: Profile;
	readonly image: string;
	readonly argv: readonly string[];
	readonly stdin: boolean;
	readonly tty: boolean;
	readonly quiet: boolean;
	readonly env: readonly { readonly name: string; readonly value: string }[];
}

function create(kube: Kube, input: ApiInput): ApiObject {
	const made = kube.api.create(input);
	return made.error ? raiseStatus(made.error) : made.value;
}

/** A container for looking around, as all three make it. */
function debugContainer(kube: Kube, name: string, options: Options): Record<string, unknown> {
	const { flags } = kube.run;
	const policy = flags.text('image-pull-policy');
	return {
		name,
		image: options.image,
		...(policy ? { imagePullPolicy: policy } : {}),
		...(options.argv.length > 0 ? { [flags.on('arguments-only') ? 'args' : 'command']: options.argv } : {}),
		...(options.env.length > 0 ? { env: options.env } : {}),
		...(options.stdin ? { stdin: true } : {}),
		...(options.tty ? { tty: true } : {}),
		terminationMessagePolicy: 'File',
	};
}

export function debugNode(
	kube: Kube,
	node: ApiObject,
	options: Options,
): { readonly pod: ApiObject; readonly container: string } {
	const container = kube.run.flags.text('container') || 'debugger';
	const name = `node-debugger-${node.metadata.name}-${suffix(kube, 'debug')}`;
	if (!options.quiet)
		kube.run.call.out(`Creating debugging pod ${name} with container ${container} on node ${node.metadata.name}.\n`);
	const spec: Draft = {
		containers: [debugContainer(kube, container, options)],
		nodeName: node.metadata.name,
		restartPolicy: 'Never',
		tolerations: [{ operator: 'Exists' }],
	};
	options.profile.node(spec);
	const pod = create(kube, { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: kube.namespace }, spec });
	return { pod, container };
}

/** A name for a container nobody named. */
function computedName(kube: Kube, pod: ApiObject, quiet: boolean): string {
	const asked = kube.run.flags.text('container');
	if (asked) return asked;
	let name = '';
	for (let i = 0; name === '' || containerNames(pod).includes(name); i++)
		name = `debugger-${suffix(kube, i === 0 ? 'debug' : `debug ${i}`)}`;
	if (!quiet) kube.run.call.out(`Defaulting debug container name to ${name}.\n`);
	return name;
}

/** A container that joins the pod as it runs, in its network: the subresource `ephemeralcontainers`. */
export function debugRunning(
	kube: Kube,
	pod: ApiObject,
	options: Options,
): { readonly pod: ApiObject; readonly container: string } {
	const container = computedName(kube, pod, options.quiet);
	const target = kube.run.flags.text('target');
	const before = draftOf(pod);
	const after = draftOf(pod);
	const fresh: Draft = {
		...debugContainer(kube, container, options),
		...(target ? { targetContainerName: target } : {}),
	};
	options.profile.ephemeral(fresh);
	after.spec = { ...sub(pod, 'spec'), ephemeralContainers: [...subs(pod, 'spec', 'ephemeralContainers'), fresh] };
	const resource = kube.api.find('pods')!;
	const patched = kube.api.patch(
		resource,
		pod.metadata.namespace,
		pod.metadata.name,
		'application/strategic-merge-patch+json',
		createPatch(resource, before, after) as Json,
		{ subresource: 'ephemeralcontainers' },
	);
	if (patched.error?.code === 404 && !patched.error.message.includes(pod.metadata.name))
		return fail(
			`ephemeral containers are disabled for this cluster (error from server: ${JSON.stringify(patched.error.message)}).`,
		);
	if (patched.error) return raiseStatus(patched.error);
	return { pod: patched.value, container };
}

/** `--copy-to`: the same pod once more, with another container or other images in it. */
export function debugCopy(
	kube: Kube,
	pod: ApiObject,
	options: Options,
): { readonly pod: ApiObject; readonly container: string } {
	const { flags } = kube.run;
	const images = new Map(flags.list('set-image').map((pair) => pair.split('=', 2) as [string, string]));
	let container = flags.text('container');
	const containers: Record<string, unknown>[] = subs(pod, 'spec', 'containers').map((item) => {
		const image = images.get(text(item, 'name')) ?? images.get('*');
		return { ...item, ...(image ? { image } : {}) };
	});
	const at = containers.findIndex((item) => item.name === container);
	if (at >= 0) {
		// What was the container's own gives way to what the flags say.
		const { stdin: _, tty: __, ...had } = containers[at]!;
		if (options.argv.length > 0) delete had.args;
		containers[at] = {
			...had,
			...debugContainer(kube, container, { ...options, image: options.image || text(had, 'image') }),
		};
	} else if (options.image) {
		container = computedName(kube, pod, options.quiet);
		containers.push(debugContainer(kube, container, options));
	} else if (images.size === 0) return fail('you must specify image when creating new container');
	const spec: Record<string, unknown> = { ...sub(pod, 'spec'), containers };
	if (!flags.on('same-node')) delete spec.nodeName;
	delete spec.ephemeralContainers;
	if (flags.given('share-processes')) spec.shareProcessNamespace = flags.on('share-processes');
	const metadata: Draft = { name: flags.text('copy-to'), namespace: pod.metadata.namespace };
	if (pod.metadata.annotations) metadata.annotations = pod.metadata.annotations;
	// Labels would make the copy one of its owner's, or a service's.
	if (flags.on('keep-labels') && pod.metadata.labels) metadata.labels = pod.metadata.labels;
	options.profile.copy({ metadata, spec }, container);
	const copy = create(kube, { apiVersion: 'v1', kind: 'Pod', metadata, spec });
	if (flags.on('replace'))
		kube.api.delete(kube.api.find('pods')!, pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
	return { pod: copy, container };
}
