/**
 * What the API server tells of itself: `/`, `/api`, `/apis` and what is below them.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/endpoints/discovery/{root,group,version,legacy}.go @ v1.24.0.
 */
import { apiVersionOf, canScale, customChecks, type Resource } from '../../sim/api/index.ts';
import type { Cluster } from '../../sim/lab/index.ts';

const versionsOf = ({ served, version }: Grouped): readonly string[] => served ?? [version];

const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Kinds of the server's own whose status is written apart (their storage in pkg/registry @ v1.24.0). */
const WITH_STATUS: ReadonlySet<string> = new Set(
	'APIService CertificateSigningRequest CronJob CustomResourceDefinition DaemonSet Deployment FlowSchema HorizontalPodAutoscaler Ingress Job Namespace Node PersistentVolume PersistentVolumeClaim Pod PodDisruptionBudget PriorityLevelConfiguration ReplicaSet ReplicationController ResourceQuota Service StatefulSet VolumeAttachment'.split(
		' ',
	),
);

const PROXIED = 'create delete get patch update';

/** What else is below objects: the name, the kind that is sent or answered, verbs (pkg/registry/core/rest/storage_core.go). */
const BELOW: Readonly<Record<string, readonly (readonly [name: string, kind: string, verbs: string])[]>> = {
	CertificateSigningRequest: [['approval', 'CertificateSigningRequest', 'get patch update']],
	Namespace: [['finalize', 'Namespace', 'update']],
	Node: [['proxy', 'NodeProxyOptions', PROXIED]],
	Pod: [
		['attach', 'PodAttachOptions', 'create get'],
		['binding', 'Binding', 'create'],
		['ephemeralcontainers', 'Pod', 'get patch update'],
		['eviction', 'policy/v1/Eviction', 'create'],
		['exec', 'PodExecOptions', 'create get'],
		['log', 'Pod', 'get'],
		['portforward', 'PodPortForwardOptions', 'create get'],
		['proxy', 'PodProxyOptions', PROXIED],
	],
	Service: [['proxy', 'ServiceProxyOptions', PROXIED]],
	ServiceAccount: [['token', 'authentication.k8s.io/v1/TokenRequest', 'create']],
};

/** A kind of another group is told with it. */
const kindOf = (name: string): object => {
	const [group, version, kind] = name.split('/');
	return kind === undefined ? { kind: group } : { group, version, kind };
};

/** metav1.APIResource, and its subresources. */
function entries(resource: Resource): readonly unknown[] {
	const { plural, singular, namespaced, kind, verbs, shortNames, categories, custom } = resource;
	const entry = {
		name: plural,
		singularName: custom ? singular : '',
		namespaced,
		kind,
		verbs: [...verbs].sort(byName),
		...(shortNames.length > 0 ? { shortNames } : {}),
		...(categories.length > 0 ? { categories } : {}),
	};
	const below = (name: string, of: object) => ({
		name: `${plural}/${name}`,
		singularName: '',
		namespaced,
		...of,
	});
	const status = custom ? (resource.subresources ?? []).includes('status') : WITH_STATUS.has(kind);
	const parts = [
		...(custom ? [] : (BELOW[kind] ?? [])).map(([name, of, verbs]) =>
			below(name, { ...kindOf(of), verbs: verbs.split(' ') }),
		),
		...(canScale(resource)
			? [below('scale', { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] })]
			: []),
		...(status ? [below('status', { kind, verbs: ['get', 'patch', 'update'] })] : []),
	];
	return [entry, ...parts.sort((a, b) => byName(a.name, b.name))];
}

/** What has a group and versions: a resource, or what an APIService stands for. */
type Grouped = Pick<Resource, 'group' | 'version' | 'served'>;

function groupOf(resources: readonly Grouped[], name: string): unknown {
	const versions = [...new Set(resources.filter((item) => item.group === name).flatMap(versionsOf))];
	const entry = (version: string) => ({ groupVersion: `${name}/${version}`, version });
	return { name, versions: versions.map(entry), preferredVersion: entry(versions[0]!) };
}

/** The document at a path; undefined where there is none. */
export function discoveryAt(cluster: Cluster, path: string): unknown {
	const resources = cluster.api.resources();
	const listed: readonly Grouped[] = [...resources, ...(customChecks()?.aggregated(cluster.api) ?? [])];
	const groups = [...new Set(listed.map((item) => item.group).filter((group) => group !== ''))].sort(byName);
	if (path === '/') {
		const versions = new Set(
			listed.flatMap((item) =>
				versionsOf(item).map((version) =>
					item.group === '' ? '/api/v1' : `/apis/${apiVersionOf({ group: item.group, version })}`,
				),
			),
		);
		const paths = ['/api', '/apis', ...versions, ...groups.map((group) => `/apis/${group}`)];
		return {
			paths: [
				...paths,
				'/.well-known/openid-configuration',
				'/healthz',
				'/livez',
				'/openid/v1/jwks',
				'/readyz',
				'/version',
			].sort(byName),
		};
	}
	if (path === '/api')
		return {
			kind: 'APIVersions',
			versions: ['v1'],
			serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: addressOf(cluster) }],
		};
	if (path === '/apis')
		return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map((group) => groupOf(listed, group)) };
	const [, root, group, version, ...rest] = path.split('/');
	if (rest.length > 0) return undefined;
	if (root === 'apis' && group !== undefined && version === undefined)
		return groups.includes(group)
			? { kind: 'APIGroup', apiVersion: 'v1', ...(groupOf(listed, group) as object) }
			: undefined;
	const wanted = root === 'api' && version === undefined ? group : root === 'apis' ? `${group}/${version}` : undefined;
	const served = resources.filter((item) =>
		versionsOf(item).some((one) => apiVersionOf({ group: item.group, version: one }) === wanted),
	);
	if (served.length === 0) return undefined;
	return {
		kind: 'APIResourceList',
		...(root === 'api' ? {} : { apiVersion: 'v1' }),
		groupVersion: wanted,
		resources: [...served].sort((a, b) => byName(a.plural, b.plural)).flatMap(entries),
	};
}

/** The API server's own address, as the kubernetes Service's endpoints have it. */
/** Where the server says it is, with its port. */
export function addressOf({ api }: Cluster): string {
	const endpoints = api.get(api.find('endpoints')!, 'default', 'kubernetes');
	const [subset] = (endpoints?.subsets ?? []) as readonly {
		readonly addresses?: readonly { readonly ip: string }[];
		readonly ports?: readonly { readonly port: number }[];
	}[];
	return `${subset?.addresses?.[0]?.ip ?? ''}:${subset?.ports?.[0]?.port ?? ''}`;
}
