/**
 * What a kubelet may: what system:node says, and of secrets, pods and leases only what belongs to its node.
 *
 * Source: kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go @ v1.24.0; nodes and pods (the feature
 * AuthorizeNodeWithSelectors, on by default from 1.32) @ v1.32.0.
 */
import { isRecord, text } from '../json.ts';
import type { ApiServer } from '../object.ts';
import type { Action, Decision, Identity } from './authorizer.ts';

const PREFIX = 'system:node:';
const YES: Decision = { allowed: true, reason: '' };
const no = (reason = ''): Decision => ({ allowed: false, reason });

/** authorize(): an object by its name, where it has to do with the node. */
const related = (node: string, { name }: Action, found: (name: string) => boolean): Decision => {
	if (!name) return no('No Object name found');
	return found(name) ? YES : no(`no relationship found between node '${node}' and this object`);
};

/** authorizeGet() */
const getOnly = (action: Action, then: () => Decision): Decision => {
	if (action.verb !== 'get') return no('can only get individual resources of this type');
	return action.subresource ? no('cannot get subresource') : then();
};

/** Whether a pod of the node names the object. */
const named = (api: ApiServer, node: string, namespace: string | undefined, name: string): boolean =>
	api.list(api.find('pods')!, namespace ? { namespace } : {}).some((pod) => {
		const spec = pod.spec;
		return isRecord(spec) && spec.nodeName === node && JSON.stringify(spec).includes(JSON.stringify(name));
	});

/** Whether a pod of the node names the claim that a volume is bound to. */
const ofClaim = (api: ApiServer, node: string, volume: string): boolean => {
	const found = api.get(api.find('persistentvolumes')!, undefined, volume);
	const claim = text(found, 'spec', 'claimRef', 'name');
	return claim !== undefined && named(api, node, text(found, 'spec', 'claimRef', 'namespace'), claim);
};

/** authorizeLease(), authorizeCSINode() */
const ownObject = (node: string, { verb, name }: Action, some: string, own: string): Decision => {
	if (!['get', 'create', 'update', 'patch', 'delete'].includes(verb))
		return no(`can only get, create, update, patch, or delete a ${some}`);
	return verb === 'create' || name === node
		? YES
		: no(`can only access ${own} with the same name as the requesting node`);
};

/** authorizeNode() */
const ofNode = (node: string, { verb, subresource, name }: Action): Decision => {
	if (verb === 'update' || verb === 'patch') return !subresource || subresource === 'status' ? YES : no();
	if (subresource) return no();
	if (verb === 'create' || name === node) return ['create', 'get', 'list', 'watch'].includes(verb) ? YES : no();
	if (!['get', 'list', 'watch'].includes(verb)) return no();
	return no(
		name
			? `node '${node}' cannot read '${name}', only its own Node object`
			: `node '${node}' cannot read all nodes, only its own Node object`,
	);
};

/** authorizePod() */
const ofPod = (api: ApiServer, node: string, action: Action): Decision => {
	const { verb, subresource, namespace, name } = action;
	if (subresource === 'status') return verb === 'update' || verb === 'patch' ? YES : no();
	if (subresource === 'eviction') return verb === 'create' ? YES : no();
	if (subresource) return no();
	if (verb === 'create' || verb === 'delete') return YES;
	const here = (pod: string): boolean => text(api.get(api.find('pods')!, namespace, pod), 'spec', 'nodeName') === node;
	if (verb === 'get') return related(node, action, here);
	if (verb !== 'list' && verb !== 'watch') return no();
	const selector = new URLSearchParams(action.query ?? '').get('fieldSelector') ?? '';
	if (selector.split(',').some((part) => part.replace('==', '=') === `spec.nodeName=${node}`)) return YES;
	return name ? related(node, action, here) : no('can only list/watch pods with spec.nodeName field selector');
};

/** What the node authorizer says to a kubelet; `by role` where only the rules of system:node count. */
export function nodeMay(api: ApiServer, { user, groups }: Identity, action: Action): Decision | 'by role' {
	if (!groups.includes('system:nodes') || !user.startsWith(PREFIX)) return no();
	const node = user.slice(PREFIX.length);
	const { verb, group = '', resource = '', subresource, namespace } = action;
	const needed = (): Decision => related(node, action, (name) => named(api, node, namespace, name));
	const narrow = Number(/\.(\d+)/.exec(api.version)?.[1]) >= 32;
	switch (action.path === undefined ? `${group}/${resource}` : '') {
		case '/secrets':
		case '/configmaps':
			if (!['get', 'list', 'watch'].includes(verb)) return no('can only read resources of this type');
			if (subresource) return no('cannot read subresource');
			return namespace ? needed() : no('can only read namespaced object of this type');
		case '/persistentvolumeclaims':
			if (subresource !== 'status') return getOnly(action, needed);
			return verb === 'update' || verb === 'patch' ? needed() : no('can only get/update/patch this type');
		case '/persistentvolumes':
			return getOnly(action, () => related(node, action, (name) => ofClaim(api, node, name)));
		case '/serviceaccounts':
			if (verb !== 'create' || !action.name) return no('can only create tokens for individual service accounts');
			return subresource === 'token' ? needed() : no('can only create token subresource of serviceaccount');
		case 'coordination.k8s.io/leases':
			if (namespace !== 'kube-node-lease' && ['get', 'create', 'update', 'patch', 'delete'].includes(verb))
				return no('can only access leases in the "kube-node-lease" system namespace');
			return ownObject(node, action, 'node lease', 'node lease');
		case 'storage.k8s.io/csinodes':
			if (!subresource) return ownObject(node, action, 'CSINode', 'CSINode');
			return no('cannot authorize CSINode subresources');
		case '/nodes':
			if (narrow) return ofNode(node, action);
			break;
		case '/pods':
			if (narrow) return ofPod(api, node, action);
	}
	return 'by role';
}
