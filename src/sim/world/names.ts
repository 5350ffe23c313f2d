/** Names of namespaces, and of the device pairs between a node and its pods. */
import type { Pod } from '../kube/index.ts';
import { hashText } from '../linux/index.ts';

/** The namespace of a node by the node's name. */
export const nodeNs = (node: string): string => `node/${node}`;

/** The node whose namespace that is; undefined when it is no node's. */
export const nodeOfNs = (ns: string): string | undefined =>
	ns.startsWith('node/') ? ns.slice('node/'.length) : undefined;

/** `pod/<namespace>/<name>`; a pod on the host network lives in its node's namespace. */
export const podNs = (pod: Pod): string =>
	pod.hostNetwork && pod.nodeName !== undefined
		? nodeNs(pod.nodeName)
		: `pod/${pod.metadata.namespace}/${pod.metadata.name}`;

/** The full form of what a probe's `from` names: `pod/web` is `pod/default/web`. */
export const fullNs = (name: string): string => {
	const parts = name.split('/');
	return parts[0] === 'pod' && parts.length === 2 ? `pod/default/${parts[1]}` : name;
};

/** Node's end of a pod's veth pair: a prefix and some hexadecimal digits of the pod's name. */
export const hostDevice = (prefix: string, pod: Pod, digits: number): string =>
	prefix +
	(
		hashText(1, `${pod.metadata.namespace}/${pod.metadata.name}`).toString(16).padStart(8, '0') +
		hashText(2, `${pod.metadata.namespace}/${pod.metadata.name}`).toString(16).padStart(8, '0')
	).slice(0, digits);
