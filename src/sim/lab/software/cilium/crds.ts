/**
 * The CustomResourceDefinitions the operator registers when no further feature is on.
 *
 * Source: cilium pkg/k8s/apis/cilium.io/client/register.go, pkg/k8s/apis/cilium.io/v2*  (kubebuilder markers) @
 * v1.12.1, v1.13.4, v1.14.16, v1.15.0, v1.17.5, v1.18.3.
 */

type Column = readonly [name: string, type: string, jsonPath: string, priority?: number];

interface Crd {
	readonly kind: string;
	readonly plural: string;
	readonly shortNames: readonly string[];
	readonly scope: 'Cluster' | 'Namespaced';
	readonly version: string;
	readonly columns: readonly Column[];
	/** Minors it is registered in. */
	readonly since: number;
	readonly until?: number;
}

const AGE: Column = ['Age', 'date', '.metadata.creationTimestamp'];

function endpointColumns(minor: number): readonly Column[] {
	const addresses: readonly Column[] = [
		['Endpoint State', 'string', '.status.state'],
		['IPv4', 'string', '.status.networking.addressing[0].ipv4'],
		['IPv6', 'string', '.status.networking.addressing[0].ipv6'],
	];
	if (minor >= 15)
		return [
			['Security Identity', 'integer', '.status.identity.id'],
			['Ingress Enforcement', 'string', '.status.policy.ingress.state', 1],
			['Egress Enforcement', 'string', '.status.policy.egress.state', 1],
			...(minor <= 16 ? ([['Visibility Policy', 'string', '.status.visibility-policy-status', 1]] as const) : []),
			...addresses,
		];
	const enforcement = minor === 12 ? (['boolean', 'enforcing'] as const) : (['string', 'state'] as const);
	return [
		['Endpoint ID', 'integer', '.status.id'],
		['Identity ID', 'integer', '.status.identity.id'],
		['Ingress Enforcement', enforcement[0], `.status.policy.ingress.${enforcement[1]}`],
		['Egress Enforcement', enforcement[0], `.status.policy.egress.${enforcement[1]}`],
		['Visibility Policy', 'string', '.status.visibility-policy-status'],
		...addresses,
	];
}

const POOL: Column[] = [
	['Disabled', 'boolean', '.spec.disabled'],
	['Conflicting', 'string', '.status.conditions[?(@.type=="cilium.io/PoolConflict")].status'],
	['IPs Available', 'string', '.status.conditions[?(@.type=="cilium.io/IPsAvailable")].message'],
	AGE,
];

const crds = (minor: number): readonly Crd[] => {
	const late = minor >= 18 ? 'v2' : 'v2alpha1';
	const v2 = { version: 'v2', since: 12 } as const;
	const valid: Column = ['Valid', 'string', ".status.conditions[?(@.type=='Valid')].status"];
	return [
		{
			kind: 'CiliumClusterwideNetworkPolicy',
			plural: 'ciliumclusterwidenetworkpolicies',
			shortNames: ['ccnp'],
			scope: 'Cluster',
			columns: minor >= 17 ? [valid] : [AGE],
			...v2,
		},
		{
			kind: 'CiliumNetworkPolicy',
			plural: 'ciliumnetworkpolicies',
			shortNames: ['cnp', 'ciliumnp'],
			scope: 'Namespaced',
			columns: minor >= 17 ? [AGE, valid] : [AGE],
			...v2,
		},
		{
			kind: 'CiliumEndpoint',
			plural: 'ciliumendpoints',
			shortNames: ['cep', 'ciliumep'],
			scope: 'Namespaced',
			columns: endpointColumns(minor),
			...v2,
		},
		{
			kind: 'CiliumIdentity',
			plural: 'ciliumidentities',
			shortNames: ['ciliumid'],
			scope: 'Cluster',
			columns: [['Namespace', 'string', '.metadata.labels.io\\.kubernetes\\.pod\\.namespace'], AGE],
			...v2,
		},
		{
			kind: 'CiliumNode',
			plural: 'ciliumnodes',
			shortNames: ['cn', 'ciliumn'],
			scope: 'Cluster',
			columns:
				minor === 12
					? [AGE]
					: [
							['CiliumInternalIP', 'string', '.spec.addresses[?(@.type=="CiliumInternalIP")].ip'],
							['InternalIP', 'string', '.spec.addresses[?(@.type=="InternalIP")].ip'],
							AGE,
						],
			...v2,
		},
		{
			kind: 'CiliumExternalWorkload',
			plural: 'ciliumexternalworkloads',
			shortNames: ['cew'],
			scope: 'Cluster',
			columns: [
				['Cilium ID', 'integer', '.status.id'],
				['IP', 'string', '.status.ip'],
			],
			until: 17,
			...v2,
		},
		{
			kind: 'CiliumNodeConfig',
			plural: 'ciliumnodeconfigs',
			shortNames: [],
			scope: 'Namespaced',
			columns: [AGE],
			version: minor >= 16 ? 'v2' : 'v2alpha1',
			since: 13,
		},
		{
			kind: 'CiliumLoadBalancerIPPool',
			plural: 'ciliumloadbalancerippools',
			shortNames: ['ippools', 'ippool', 'lbippool', 'lbippools'],
			scope: 'Cluster',
			columns: POOL,
			version: late,
			since: 13,
		},
		{
			kind: 'CiliumCIDRGroup',
			plural: 'ciliumcidrgroups',
			shortNames: ['ccg'],
			scope: 'Cluster',
			columns: [AGE],
			version: late,
			since: 14,
		},
		{
			kind: 'CiliumL2AnnouncementPolicy',
			plural: 'ciliuml2announcementpolicies',
			shortNames: ['l2announcement'],
			scope: 'Cluster',
			columns: [AGE],
			version: 'v2alpha1',
			since: 14,
		},
		{
			kind: 'CiliumPodIPPool',
			plural: 'ciliumpodippools',
			shortNames: ['cpip'],
			scope: 'Cluster',
			columns: [AGE],
			version: 'v2alpha1',
			since: 14,
		},
	];
};

/** `io.cilium.k8s.crd.schema.version` of a release. */
const SCHEMA: Readonly<Record<number, string>> = {
	12: '1.25.5',
	13: '1.26.7',
	14: '1.27.2',
	15: '1.28.3',
	16: '1.29.14',
	17: '1.30.8',
	18: '1.31.11',
	19: '1.32.2',
};

/** The definitions as the operator creates them, in the order of their names. */
export const ciliumCrds = (minor: number) =>
	crds(minor)
		.filter(({ since, until }) => since <= minor && minor <= (until ?? 99))
		.map(({ kind, plural, shortNames, scope, version, columns }) => ({
			apiVersion: 'apiextensions.k8s.io/v1',
			kind: 'CustomResourceDefinition',
			metadata: {
				name: `${plural}.cilium.io`,
				labels: { 'io.cilium.k8s.crd.schema.version': SCHEMA[minor] ?? SCHEMA[19]! },
			},
			spec: {
				group: 'cilium.io',
				names: {
					categories: ['cilium', ...(kind.endsWith('Policy') ? ['ciliumpolicy'] : [])],
					kind,
					listKind: `${kind}List`,
					plural,
					shortNames,
					singular: kind.toLowerCase(),
				},
				scope,
				versions: [
					{
						name: version,
						served: true,
						storage: true,
						schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
						subresources: ['CiliumEndpoint', 'CiliumIdentity'].includes(kind) ? {} : { status: {} },
						additionalPrinterColumns: columns.map(([name, type, jsonPath, priority]) => ({
							name,
							type,
							jsonPath,
							...(priority ? { priority } : {}),
						})),
					},
				],
			},
		}))
		.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
