/** Pods from files on a node: what the file says, and what the API is told of it (pkg/kubelet/config, pkg/kubelet/pod/mirror_client.go @ v1.24.0). */
import { type ApiServer, isRecord } from '../../api/index.ts';
import { hex, md5 } from '../../trace/index.ts';
import { utf8 } from '../../wire/index.ts';
import { type Node, one } from './kinds.ts';
import type { StaticPod } from './machine.ts';

/** Kinds of core/v1 that a decoder knows though no server has them as a resource. */
const OTHERS = /List$|^(?:Binding|Event|PodTemplate)$/;

/**
 * What is wrong with a file that a kubelet looks at: with what it says (`value`), or why it says nothing (`unread`);
 * undefined when it is a pod (tryDecodeSinglePod()).
 */
export function manifestFault(
	path: string,
	value: unknown,
	unread: string | undefined,
	pod: StaticPod | undefined,
	api: ApiServer,
): string | undefined {
	const cannot = (why: string): string => `${path}: couldn't parse as pod(${why}), please check config file`;
	if (unread !== undefined) return cannot(unread);
	if (!isRecord(value)) return cannot(`Object 'Kind' is missing in '${JSON.stringify(value ?? null)}'`);
	for (const [key, name] of [
		['kind', 'Kind'],
		['apiVersion', 'apiVersion'],
	] as const)
		if (typeof value[key] !== 'string' || value[key] === '')
			return cannot(`Object '${name}' is missing in '${JSON.stringify(value)}'`);
	if (value.kind !== 'Pod' || value.apiVersion !== 'v1') {
		const known = api
			.resources()
			.find(
				({ kind, group, version, custom }) =>
					!custom && kind === value.kind && `${group}${group === '' ? '' : '/'}${version}` === value.apiVersion,
			);
		if (!known && !OTHERS.test(String(value.kind)))
			return cannot(
				`no kind "${String(value.kind)}" is registered for version "${String(value.apiVersion)}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
			);
		// Go writes the whole of the internal object here (%#v).
		return cannot(`invalid pod: &${known?.group.split('.')[0] || 'core'}.${String(value.kind)}{...}`);
	}
	const metadata = isRecord(value.metadata) ? value.metadata : {};
	const name = typeof metadata.name === 'string' ? metadata.name : '';
	if (name === '') return 'invalid pod: name is needed for the pod';
	const shown = pod ?? { ...value, metadata: { ...metadata, name } };
	const asked = (as: string) =>
		api.create({ ...shown, metadata: { ...shown.metadata, name: as } } as never, { dryRun: true }).error;
	const first = asked(shown.metadata.name);
	// Its mirror is there already.
	const error = first?.reason === 'AlreadyExists' ? asked(`${name}-0`) : first;
	if (!error || !['Invalid', 'BadRequest'].includes(error.reason)) return undefined;
	const causes = (error.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
	if (causes.length > 0) return `invalid pod: [${causes.join(' ')}]`;
	return cannot(error.message.replace(/^.* cannot be handled as a Pod: /, ''));
}

/** The pod a kubelet makes of a file that it saw at a time; undefined when the file is no pod. */
export function staticPodOf(file: unknown, node: string, api: ApiServer, seen: string): StaticPod | undefined {
	if (!isRecord(file) || file.kind !== 'Pod' || !isRecord(file.metadata) || !isRecord(file.spec)) return undefined;
	const { name, namespace = 'default', labels, annotations } = file.metadata;
	if (typeof name !== 'string' || !Array.isArray(file.spec.containers)) return undefined;
	const owner = one<Node>(api, 'nodes', undefined, node);
	const hash = hex(md5(utf8(JSON.stringify(file))));
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			name: `${name}-${node}`,
			namespace: String(namespace),
			annotations: {
				...(isRecord(annotations) ? annotations : {}),
				'kubernetes.io/config.hash': hash,
				'kubernetes.io/config.mirror': hash,
				'kubernetes.io/config.seen': seen,
				'kubernetes.io/config.source': 'file',
			},
			...(isRecord(labels) ? { labels } : {}),
			...(owner
				? {
						ownerReferences: [
							{ apiVersion: 'v1', kind: 'Node', name: node, uid: owner.metadata.uid, controller: true },
						],
					}
				: {}),
		},
		spec: { ...file.spec, nodeName: node, tolerations: [{ effect: 'NoExecute', operator: 'Exists' }] },
	};
}
