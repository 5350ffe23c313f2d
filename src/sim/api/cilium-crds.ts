/**
 * CustomResourceDefinitions that Cilium's operator registers, by version and feature.
 *
 * Source: cilium pkg/k8s/apis/cilium.io/client/{register.go,crds}, pkg/k8s/synced/crd.go and the kubebuilder markers in
 * pkg/k8s/apis/cilium.io/{v2,v2alpha1} @ v1.12.1, v1.13.4, v1.14.16, v1.16.15, v1.17.5, v1.18.3.
 */
import { minorOf } from '../kube/index.ts';
import type { Draft } from './json.ts';
import type { ApiInput } from './object.ts';
import { openApiOf } from './schema/open-api.ts';

/** What has to be switched on for some of them. */
export type CiliumFeature =
	| 'bgp'
	| 'egress-gateway'
	| 'endpoint-slice'
	| 'envoy-config'
	| 'gateway-api'
	| 'local-redirect-policy';

interface Definition {
	readonly plural: string;
	readonly kind: string;
	readonly namespaced?: boolean;
	readonly short: string;
	/** Beside `cilium`. */
	readonly category?: string;
	/** Minors of Cilium: `13-`, `-17`, `14-17`. */
	readonly in?: string;
	readonly feature?: CiliumFeature;
	/** `v2@18-,v2alpha1`: served versions, the stored one first; the others are deprecated from 1.19. */
	readonly versions: string;
	/** From which minor there is a status subresource. */
	readonly status?: number;
	/** `Name|type|path|priority|minors` each. */
	readonly columns?: readonly string[];
}

const AGE = 'Age|date|.metadata.creationTimestamp';
const VALID = "Valid|string|.status.conditions[?(@.type=='Valid')].status|0|17-";
const BGP = { category: 'ciliumbgp', feature: 'bgp', in: '16-', versions: 'v2@18-,v2alpha1', columns: [AGE] } as const;

const DEFINITIONS: readonly Definition[] = [
	{
		plural: 'ciliumnetworkpolicies',
		kind: 'CiliumNetworkPolicy',
		namespaced: true,
		short: 'cnp,ciliumnp',
		category: 'ciliumpolicy',
		versions: 'v2',
		status: 12,
		columns: [AGE, VALID],
	},
	{
		plural: 'ciliumclusterwidenetworkpolicies',
		kind: 'CiliumClusterwideNetworkPolicy',
		short: 'ccnp',
		category: 'ciliumpolicy',
		versions: 'v2',
		status: 12,
		columns: [VALID],
	},
	{
		plural: 'ciliumendpoints',
		kind: 'CiliumEndpoint',
		namespaced: true,
		short: 'cep,ciliumep',
		versions: 'v2',
		columns: [
			'Endpoint ID|integer|.status.id|0|-14',
			'Identity ID|integer|.status.identity.id|0|-14',
			'Security Identity|integer|.status.identity.id|0|15-',
			'Ingress Enforcement|boolean|.status.policy.ingress.enforcing|0|-12',
			'Egress Enforcement|boolean|.status.policy.egress.enforcing|0|-12',
			'Ingress Enforcement|string|.status.policy.ingress.state|0|13-14',
			'Egress Enforcement|string|.status.policy.egress.state|0|13-14',
			'Ingress Enforcement|string|.status.policy.ingress.state|1|15-',
			'Egress Enforcement|string|.status.policy.egress.state|1|15-',
			'Visibility Policy|string|.status.visibility-policy-status|0|-14',
			'Visibility Policy|string|.status.visibility-policy-status|1|15-16',
			'Endpoint State|string|.status.state',
			'IPv4|string|.status.networking.addressing[0].ipv4',
			'IPv6|string|.status.networking.addressing[0].ipv6',
		],
	},
	{
		plural: 'ciliumidentities',
		kind: 'CiliumIdentity',
		short: 'ciliumid',
		versions: 'v2',
		status: 12,
		columns: ['Namespace|string|.metadata.labels.io\\.kubernetes\\.pod\\.namespace', AGE],
	},
	{
		plural: 'ciliumnodes',
		kind: 'CiliumNode',
		short: 'cn,ciliumn',
		versions: 'v2',
		status: 12,
		columns: [
			'CiliumInternalIP|string|.spec.addresses[?(@.type=="CiliumInternalIP")].ip|0|13-',
			'InternalIP|string|.spec.addresses[?(@.type=="InternalIP")].ip|0|13-',
			AGE,
		],
	},
	{
		plural: 'ciliumexternalworkloads',
		kind: 'CiliumExternalWorkload',
		short: 'cew',
		in: '-17',
		versions: 'v2',
		status: 12,
		columns: ['Cilium ID|integer|.status.id', 'IP|string|.status.ip'],
	},
	{
		plural: 'ciliumnodeconfigs',
		kind: 'CiliumNodeConfig',
		namespaced: true,
		short: '',
		in: '13-',
		versions: 'v2@16-,v2alpha1@-19',
	},
	{
		plural: 'ciliumloadbalancerippools',
		kind: 'CiliumLoadBalancerIPPool',
		short: 'ippools,ippool,lbippool,lbippools',
		in: '13-',
		versions: 'v2@18-,v2alpha1',
		status: 13,
		columns: [
			'Disabled|boolean|.spec.disabled',
			'Conflicting|string|.status.conditions[?(@.type=="io.cilium/conflict")].status|0|-14',
			'Conflicting|string|.status.conditions[?(@.type=="cilium.io/PoolConflict")].status|0|15-',
			'IPs Available|string|.status.conditions[?(@.type=="io.cilium/ips-available")].message|0|-14',
			'IPs Available|string|.status.conditions[?(@.type=="cilium.io/IPsAvailable")].message|0|15-',
			AGE,
		],
	},
	{ plural: 'ciliumcidrgroups', kind: 'CiliumCIDRGroup', short: 'ccg', in: '14-', versions: 'v2@18-,v2alpha1' },
	{
		plural: 'ciliuml2announcementpolicies',
		kind: 'CiliumL2AnnouncementPolicy',
		short: 'l2announcement',
		in: '14-',
		versions: 'v2alpha1',
		status: 14,
		columns: [AGE],
	},
	{ plural: 'ciliumpodippools', kind: 'CiliumPodIPPool', short: 'cpip', in: '14-', versions: 'v2alpha1' },
	{
		plural: 'ciliumegressgatewaypolicies',
		kind: 'CiliumEgressGatewayPolicy',
		short: 'cegp',
		category: 'ciliumpolicy',
		feature: 'egress-gateway',
		versions: 'v2',
		columns: [AGE],
	},
	{
		plural: 'ciliumlocalredirectpolicies',
		kind: 'CiliumLocalRedirectPolicy',
		namespaced: true,
		short: 'clrp',
		category: 'ciliumpolicy',
		feature: 'local-redirect-policy',
		versions: 'v2',
		columns: [AGE],
	},
	{
		plural: 'ciliumenvoyconfigs',
		kind: 'CiliumEnvoyConfig',
		namespaced: true,
		short: 'cec',
		feature: 'envoy-config',
		versions: 'v2',
		columns: [AGE],
	},
	{
		plural: 'ciliumclusterwideenvoyconfigs',
		kind: 'CiliumClusterwideEnvoyConfig',
		short: 'ccec',
		feature: 'envoy-config',
		versions: 'v2',
		columns: [AGE],
	},
	{
		plural: 'ciliumendpointslices',
		kind: 'CiliumEndpointSlice',
		short: 'ces',
		feature: 'endpoint-slice',
		versions: 'v2alpha1',
	},
	{
		plural: 'ciliumbgppeeringpolicies',
		kind: 'CiliumBGPPeeringPolicy',
		short: 'bgpp',
		category: 'ciliumbgp',
		feature: 'bgp',
		in: '-18',
		versions: 'v2alpha1',
		columns: [AGE],
	},
	{ ...BGP, plural: 'ciliumbgpclusterconfigs', kind: 'CiliumBGPClusterConfig', short: 'cbgpcluster', status: 17 },
	{ ...BGP, plural: 'ciliumbgppeerconfigs', kind: 'CiliumBGPPeerConfig', short: 'cbgppeer', status: 17 },
	{ ...BGP, plural: 'ciliumbgpadvertisements', kind: 'CiliumBGPAdvertisement', short: 'cbgpadvert' },
	{ ...BGP, plural: 'ciliumbgpnodeconfigs', kind: 'CiliumBGPNodeConfig', short: 'cbgpnode', status: 16 },
	{ ...BGP, plural: 'ciliumbgpnodeconfigoverrides', kind: 'CiliumBGPNodeConfigOverride', short: 'cbgpnodeoverride' },
	{
		plural: 'ciliumgatewayclassconfigs',
		kind: 'CiliumGatewayClassConfig',
		namespaced: true,
		short: 'cgcc',
		in: '18-',
		feature: 'gateway-api',
		versions: 'v2alpha1',
		status: 18,
		columns: [
			'Accepted|string|.status.conditions[?(@.type=="Accepted")].status',
			AGE,
			'Description|string|.spec.description|1',
		],
	},
];

/** Label `io.cilium.k8s.crd.schema.version`; between the rows, that of the row before. */
const SCHEMA_VERSIONS: readonly (readonly [minor: number, schema: string])[] = [
	[12, '1.25.5'],
	[13, '1.26.7'],
	[14, '1.27.2'],
	[16, '1.29.14'],
	[17, '1.30.8'],
	[18, '1.31.11'],
];

const covers = (range: string | undefined, minor: number): boolean => {
	if (range === undefined) return true;
	const [from, to] = range.split('-') as [string, string];
	return minor >= Number(from || 0) && minor <= Number(to || 999);
};

/** Members of a type of which an object has one (`oneOf`), or one at least: `type|anyOf|member minors…`. */
const CHOICES = `Rule|oneOf|endpointSelector|nodeSelector
Rule|anyOf|ingress 17-|ingressDeny 17-|egress 17-|egressDeny 17-
CIDRRule|oneOf|cidr 14-|cidrGroupRef 14-|cidrGroupSelector 17-
FQDNSelector|oneOf|matchName 16-|matchPattern 16-
L7Rules|oneOf|http 16-|kafka 16-|dns 16-|l7proto 16-`;

const choicesOf =
	(minor: number) =>
	(type: string): Draft =>
		Object.fromEntries(
			CHOICES.split('\n').flatMap((line) => {
				const [of, how, ...members] = line.split('|') as [string, string, ...string[]];
				const there = members
					.map((member) => member.split(' ') as [string, string?])
					.filter(([, minors]) => covers(minors, minor))
					.map(([name]) => ({ properties: { [name]: {} }, required: [name] }));
				return of === type && there.length > 0 ? [[how, there]] : [];
			}),
		);

const readColumn = (line: string): Draft => {
	const [name, type, jsonPath, priority] = line.split('|');
	return {
		jsonPath,
		name,
		type,
		...(priority === undefined || priority === '0' ? {} : { priority: Number(priority) }),
	};
};

const build = (definition: Definition, minor: number): ApiInput => {
	const { plural, kind, short, category } = definition;
	const columns = (definition.columns ?? []).filter((line) => covers(line.split('|')[4], minor)).map(readColumn);
	const versions = definition.versions
		.split(',')
		.map((entry) => entry.split('@') as [string, string | undefined])
		.filter(([, range]) => covers(range, minor))
		.map(([name], i) => ({
			name,
			served: true,
			storage: i === 0,
			...(i > 0 && minor >= 19 ? { deprecated: true } : {}),
			...(columns.length > 0 ? { additionalPrinterColumns: columns } : {}),
			schema: { openAPIV3Schema: openApiOf(kind, choicesOf(minor)) },
			...(definition.status !== undefined && minor >= definition.status ? { subresources: { status: {} } } : {}),
		}));
	const schema = SCHEMA_VERSIONS.findLast(([from]) => minor >= from)?.[1] ?? '1.25.5';
	return {
		apiVersion: 'apiextensions.k8s.io/v1',
		kind: 'CustomResourceDefinition',
		metadata: { name: `${plural}.cilium.io`, labels: { 'io.cilium.k8s.crd.schema.version': schema } },
		spec: {
			group: 'cilium.io',
			names: {
				categories: ['cilium', ...(category === undefined ? [] : [category])],
				kind,
				listKind: `${kind}List`,
				plural,
				...(short === '' ? {} : { shortNames: short.split(',') }),
				singular: kind.toLowerCase(),
			},
			scope: definition.namespaced ? 'Namespaced' : 'Cluster',
			versions,
		},
	};
};

/**
 * The definitions a version (`1.12.1`, `1.18.3`) registers with these features on: what its operator creates when it
 * starts.
 */
export const ciliumDefinitions = (version: string, features: readonly CiliumFeature[] = []): readonly ApiInput[] => {
	const minor = minorOf(version);
	return DEFINITIONS.filter(
		(definition) =>
			covers(definition.in, minor) && (definition.feature === undefined || features.includes(definition.feature)),
	).map((definition) => build(definition, minor));
};
