/**
 * NodeRestriction: a kubelet writes its own node and the pods there, and labels its node only with what is a kubelet's.
 *
 * Source: kubernetes plugin/pkg/admission/noderestriction/admission.go,
 * staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go @ v1.24.0.
 */
import { equal, sub, text } from '../json.ts';
import type { ApiInput, Resource } from '../object.ts';
import type { Identity } from './authorizer.ts';

/** Labels of Kubernetes' own that a kubelet sets; all of these two domains are its own. */
const KUBELET =
	/^(?:kubernetes\.io\/(?:hostname|os|arch)|beta\.kubernetes\.io\/(?:os|arch|instance-type)|(?:topology|failure-domain\.beta)\.kubernetes\.io\/(?:zone|region)|(?:[^/]+\.)?(?:kubelet|node)\.kubernetes\.io\/.*)$/;
const RESTRICTED = /^(?:[^/]+\.)?node-restriction\.kubernetes\.io\//;
const OWN = /^(?:[^/]+\.)?(?:kubernetes|k8s)\.io\//;

const forbidden = (label: string): boolean => RESTRICTED.test(label) || (OWN.test(label) && !KUBELET.test(label));

/** Labels that differ and are not a kubelet's to write, in order. */
function wrongLabels(object: ApiInput, old: ApiInput | undefined): string {
	const [now, before] = [sub(object, 'metadata', 'labels'), sub(old ?? {}, 'metadata', 'labels')];
	const names = [...new Set([...Object.keys(now), ...Object.keys(before)])];
	return names
		.filter((label) => now[label] !== before[label] && forbidden(label))
		.sort()
		.join(', ');
}

export interface NodeWrite {
	readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
	readonly resource: Resource;
	readonly name: string;
	readonly subresource?: string | undefined;
	/** As it will be. */
	readonly object?: ApiInput | undefined;
	readonly old?: ApiInput | undefined;
}

/** Why a kubelet may not write that; undefined for everybody else. */
export function nodeRefusal(who: Identity, write: NodeWrite): string | undefined {
	const { operation, resource, name, subresource, object, old } = write;
	if (!who.user.startsWith('system:node:') || !who.groups.includes('system:nodes') || resource.group !== '')
		return undefined;
	const node = who.user.slice('system:node:'.length);
	const quoted = JSON.stringify(node);
	if (resource.kind === 'Pod') {
		const own = (verb: string): string | undefined =>
			old === undefined || text(old, 'spec', 'nodeName') === node
				? undefined
				: `node ${quoted} can only ${verb} pods with spec.nodeName set to itself`;
		if (subresource === 'eviction') return own('evict');
		if (subresource === 'status') return own('update pod status for');
		if (operation === 'DELETE') return own('delete');
		if (operation === 'UPDATE') return `unexpected operation ${JSON.stringify(operation)}`;
		const mirror = 'kubernetes.io/config.mirror';
		if (sub(object ?? {}, 'metadata', 'annotations')[mirror] === undefined)
			return `pod does not have ${JSON.stringify(mirror)} annotation, node ${quoted} can only create mirror pods`;
		return text(object ?? {}, 'spec', 'nodeName') === node
			? undefined
			: `node ${quoted} can only create pods with spec.nodeName set to itself`;
	}
	if (resource.kind !== 'Node') return undefined;
	if (operation === 'CREATE' && object) {
		const labels = wrongLabels(object, undefined);
		if (labels !== '') return `is not allowed to set the following labels: ${labels}`;
	}
	if (name !== node) return `node ${quoted} is not allowed to modify node ${JSON.stringify(name)}`;
	if (operation !== 'UPDATE' || !object || !old) return undefined;
	if (!equal(sub(object, 'spec').taints, sub(old, 'spec').taints))
		return `node ${quoted} is not allowed to modify taints`;
	const labels = wrongLabels(object, old);
	return labels === '' ? undefined : `is not allowed to modify labels: ${labels}`;
}
