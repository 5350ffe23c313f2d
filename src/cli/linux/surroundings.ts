/** Files of a place that the network makes: /etc/resolv.conf, /etc/hosts, /proc/net, /proc/sys/net, /etc/cni/net.d. */
import { type Lab, loadPackets } from '../../sim/lab/index.ts';
import type { Surroundings } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { imageAt, packagesAt } from './images.ts';
import { dockerFacts, podFacts } from './pod-environment.ts';
import { nodeAt } from './process-numbers.ts';
import { callWebhook } from './webhook-later.ts';

let code: typeof import('./place-files.ts') | undefined;

const load = async (): Promise<typeof import('./place-files.ts')> => {
	code ??= await import('./place-files.ts');
	return code;
};

/** The node whose processes somebody in a place is among: on it, and in a pod with `hostPID`. */
function nodeSeenFrom(place: Place, lab: Lab): string | undefined {
	if (place.kind === 'node') return place.node;
	if (place.kind !== 'pod') return undefined;
	const [running] = lab.cluster(place.cluster)?.running({ namespace: place.namespace, name: place.pod }) ?? [];
	// A World without a lab around it has no pods as objects.
	const pod = running?.seen as { readonly spec?: { readonly hostPID?: boolean } } | undefined;
	return pod?.spec?.hostPID ? running!.node : undefined;
}

/** Numbers that shells and what they began have had last, by node. */
const numbers = new WeakMap<Lab, Map<string, number>>();

/** Processes of a node have numbers by the time; what people begin has its own among them. */
function numberOnNode(lab: Lab, node: string): number {
	const container = lab.docker.find(node);
	const last = numbers.get(lab) ?? new Map<string, number>();
	const next = Math.max(nodeAt(lab.now - (container?.started ?? container?.created ?? 0)), (last.get(node) ?? 0) + 1);
	numbers.set(lab, last.set(node, next));
	return next;
}

/** Images of busybox before 1.28: those of old tutorials. */
const FORKS =
	/^(?:docker\.io\/)?(?:library\/)?busybox:1\.2[0-7]\b|^(?:registry\.k8s\.io|k8s\.gcr\.io|gcr\.io\/google[-_]containers)\/busybox\b/;

export const linuxSurroundings: Surroundings = {
	async prepare(place) {
		// What is written to a file of /proc/sys may cut nodes off from each other.
		if (place.kind === 'node' || place.kind === 'pod') await loadPackets();
		return load();
	},
	/** What a pod's containers find; images of busybox have its shell and no bash, unless they bring more along. */
	facts(place: Place, lab: Lab) {
		// kind gives control planes the administrator's configuration (provision.go runArgsForNode @ v0.14.0).
		if (place.kind === 'node')
			return lab
				.cluster(place.cluster)
				?.nodes()
				.find(({ name }) => name === place.node)?.role === 'control-plane'
				? { env: { KUBECONFIG: '/etc/kubernetes/admin.conf' } }
				: undefined;
		const packages = packagesAt(place, lab);
		const own =
			place.kind === 'pod'
				? podFacts(place, lab.cluster(place.cluster))
				: place.kind === 'container'
					? dockerFacts(lab, place.id)
					: undefined;
		if (!packages.includes('busybox')) return own;
		const image = imageAt(place, lab) ?? '';
		return {
			...own,
			sh: 'ash',
			...(FORKS.test(image) ? { forks: true } : {}),
			bash: packages.includes('iproute2') || /^(?:docker\.io\/)?(?:library\/)?bash(?:[:@]|$)/.test(image),
		};
	},
	async changed(place, lab, path, text, entry) {
		if (/^\/proc\/\d+\/root\//.test(path))
			await (await import('./other-roots.ts')).writtenElsewhere(place, lab, path, entry);
		else if (path.startsWith('/proc/sys/')) (await load()).sysctlChanged(place, lab, path, text ?? '');
		else if (place.kind === 'node') await (await load()).manifestChanged(place, lab, path, text);
	},
	fault: (place, lab, path, what, as) =>
		path === '/proc/net/unix'
			? 'EUNIX'
			: (code?.rootFault(place, lab, path, as?.uid) ??
				(what !== 'read' && path.startsWith('/proc/sys/') ? code?.sysctlFault(place, lab) : undefined)),
	async signal(place, lab, pid, name, user, from) {
		return (await import('./kill.ts')).signalTo(place, lab, pid, name, user, from);
	},
	number(place, lab) {
		const node = nodeSeenFrom(place, lab);
		return node === undefined ? code?.numberBesideNginx(place, lab) : numberOnNode(lab, node);
	},
	async memory(place, lab, name, bytes) {
		return (await import('./memory.ts')).allocateAt(place, lab, name, bytes);
	},
	async request(lab, request, sleep) {
		return (await import('./kubelet-request.ts')).kubeletRequest(lab, request, sleep);
	},
	call: callWebhook,
	files: (place: Place, lab: Lab) => code?.placeFiles(place, lab) ?? {},
};
