/**
 * From a pod's labels to a security identity: which labels count, and the number of a set of them.
 *
 * Source: cilium pkg/labelsfilter/filter.go, pkg/k8s/apis/cilium.io/const.go, pkg/k8s/identitybackend @ v1.12.1, v1.15.4.
 */
import { identityOf } from '../../../cilium/index.ts';
import type { ClusterContext } from '../../cluster/context.ts';
import { type Labels, one, type Pod, same } from '../../cluster/kinds.ts';

/** Labels with their source, by key: `k8s:app` to `web`. Sorted. */
export type SecurityLabels = Readonly<Record<string, string>>;

interface Rule {
	readonly ignore: boolean;
	readonly source: string;
	readonly pattern: RegExp;
}

/** `k8s:!app`, `io\.kubernetes`: a source, an exclamation mark, the beginning of a key. Undefined when it is no rule. */
function ruleOf(text: string): Rule | undefined {
	const [, source = '', ignore = '', prefix = ''] = /^(?:([^:]*):)?(!?)(.+)$/.exec(text) ?? [];
	if (prefix === '') return undefined;
	try {
		return { ignore: ignore !== '', source, pattern: new RegExp(`^(?:${prefix})`) };
	} catch {
		return undefined;
	}
}

const ALWAYS = [
	'reserved:.*',
	'io\\.kubernetes\\.pod\\.namespace',
	'io\\.cilium\\.k8s\\.namespace\\.labels',
	'app\\.kubernetes\\.io',
	'io\\.cilium\\.k8s\\.policy\\.cluster',
	'!io\\.kubernetes',
	'!kubernetes\\.io',
	'!statefulset\\.kubernetes\\.io/pod-name',
	'!.*beta\\.kubernetes\\.io',
	'!k8s\\.io',
	'!pod-template-generation',
	'!pod-template-hash',
	'!controller-revision-hash',
	'!annotation.*',
	'!etcd_node',
];
const FROM_15 = ['!apps\\.kubernetes\\.io/pod-index', '!batch\\.kubernetes\\.io/job-completion-index'];

/** The rules of a version, and those of the option `labels`, which blanks separate. */
export function labelRules(minor: number, option = ''): readonly Rule[] {
	const own = option.split(/[\s,]+/).filter((text) => text !== '');
	const texts = [...ALWAYS, ...(minor >= 15 ? FROM_15 : []), ...own];
	return texts.flatMap((text) => ruleOf(text) ?? []);
}

/** Whether only what a rule of the option includes counts. */
const narrowed = (option = ''): boolean => option.split(/[\s,]+/).some((text) => text !== '' && !ruleOf(text)?.ignore);

/** Labels that make identities, under these rules. */
export function securityLabels(
	pod: Pod,
	namespace: Labels,
	clusterName: string,
	minor: number,
	option?: string,
): SecurityLabels {
	const { namespace: name = '' } = pod.metadata;
	const known: Record<string, string> = {
		'io.cilium.k8s.policy.cluster': clusterName,
		'io.cilium.k8s.policy.serviceaccount': pod.spec.serviceAccountName ?? 'default',
		'io.kubernetes.pod.namespace': name,
		...Object.fromEntries(
			Object.entries({ 'kubernetes.io/metadata.name': name, ...namespace }).map(([key, value]) => [
				`io.cilium.k8s.namespace.labels.${key}`,
				value,
			]),
		),
		...pod.metadata.labels,
	};
	const rules = labelRules(minor, option);
	const inclusive = narrowed(option);
	const counts = (key: string): boolean => {
		let included = 0;
		let ignored = 0;
		for (const { ignore, source, pattern } of rules) {
			if (source !== '' && source !== 'k8s') continue;
			const length = pattern.exec(key)?.[0].length;
			if (length === undefined) continue;
			if (!ignore) included = Math.max(included, length);
			else if (ignored === 0 || length < ignored) ignored = length;
		}
		return (!inclusive && ignored === 0) || included > ignored;
	};
	return Object.fromEntries(
		Object.keys(known)
			.filter(counts)
			.map((key) => [`k8s:${key}`, known[key]!] as const)
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

interface CiliumIdentity {
	readonly metadata: { readonly name: string };
	readonly 'security-labels'?: SecurityLabels;
}

const labelsOf = (cluster: ClusterContext, id: number): SecurityLabels | undefined =>
	one<CiliumIdentity>(cluster.api, 'ciliumidentities', undefined, String(id))?.['security-labels'];

/** Numbers given, by labels: an agent that has one holds on to it before the object is there. */
const given = new WeakMap<ClusterContext, Map<string, number>>();

/** How often the number of a set of labels was given back: what comes then is drawn anew (pkg/idpool/idpool.go @ v1.12.1). */
const returned = new WeakMap<ClusterContext, Map<string, number>>();

/** The operator took an identity away: no agent holds on to its number any more. */
export function forgetIdentity(cluster: ClusterContext, id: number): void {
	const known = given.get(cluster);
	const times = returned.get(cluster) ?? new Map<string, number>();
	returned.set(cluster, times);
	for (const [text, own] of known ?? [])
		if (own === id) {
			known!.delete(text);
			times.set(text, (times.get(text) ?? 0) + 1);
		}
}

/** The number of a set of labels, 256 to 65535: the one it has, or one no other set has. */
export function identityFor(cluster: ClusterContext, namespace: string, labels: SecurityLabels): number {
	const known = given.get(cluster) ?? new Map<string, number>();
	given.set(cluster, known);
	const text = JSON.stringify(labels);
	const own = known.get(text);
	if (own !== undefined) return own;
	const taken = new Set(known.values());
	const plain = Object.fromEntries(
		Object.entries(labels).flatMap(([key, value]) =>
			key.startsWith('k8s:io.cilium.k8s.') || key === 'k8s:io.kubernetes.pod.namespace' ? [] : [[key.slice(4), value]],
		),
	);
	const times = returned.get(cluster)?.get(text) ?? 0;
	const again = times === 0 ? '' : `\0${times}`;
	const draw = (i: number): number => 256 + cluster.timeline.random('identity', `${text}${again}\0${i}`, 65536 - 256);
	let id = times === 0 ? identityOf(namespace, plain) : draw(-1);
	for (let i = 0; ; i++) {
		const there = labelsOf(cluster, id);
		if (there ? same(there, labels) : !taken.has(id)) break;
		id = draw(i);
	}
	known.set(text, id);
	return id;
}

/** The CiliumIdentity of a number, made when there is none. */
export function ensureIdentity(cluster: ClusterContext, id: number, labels: SecurityLabels): void {
	if (!cluster.api.find('ciliumidentities') || labelsOf(cluster, id)) return;
	cluster.api.create(
		{
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumIdentity',
			metadata: {
				name: String(id),
				labels: Object.fromEntries(
					Object.entries(labels)
						.filter(([key]) => !key.startsWith('k8s:io.cilium.k8s.namespace.labels'))
						.map(([key, value]) => [key.replace(/^k8s:/, ''), value]),
				),
			},
			'security-labels': labels,
		},
		{ fieldManager: 'cilium-agent' },
	);
}
