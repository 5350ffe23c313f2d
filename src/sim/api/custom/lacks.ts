/** What custom resources of Cilium's ask for that the simulator lacks: the server says it to whoever writes them. */
import { at, type Draft, isRecord, subs } from '../json.ts';

const BGP = 'the simulator has no routers to speak BGP with: this is stored and announces nothing';
const ENVOY = 'the simulator has no Envoy: this is stored and changes no connection';

const BY_KIND: Readonly<Record<string, string>> = {
	CiliumBGPAdvertisement: BGP,
	CiliumBGPClusterConfig: BGP,
	CiliumBGPNodeConfigOverride: BGP,
	CiliumBGPPeerConfig: BGP,
	CiliumBGPPeeringPolicy: BGP,
	CiliumClusterwideEnvoyConfig: ENVOY,
	CiliumEnvoyConfig: ENVOY,
	CiliumExternalWorkload: 'the simulator has no machines outside of a cluster: this is stored and joins nobody',
	CiliumGatewayClassConfig: ENVOY,
	CiliumL2AnnouncementPolicy:
		'the simulator announces no addresses: nobody answers ARP requests for those of load balancers',
	CiliumLocalRedirectPolicy: 'the simulator redirects nothing: this is stored and changes no connection',
	CiliumPodIPPool: 'the simulator has no IPAM by pools: this is stored and gives no addresses',
};

const DIRECTIONS = ['ingress', 'egress', 'ingressDeny', 'egressDeny'] as const;

/** Fields of a rule's direction. */
const FIELDS: Readonly<Record<string, string>> = {
	authentication: 'authenticates no peers: what the rule allows is allowed without',
	fromGroups: 'knows no groups: fromGroups selects nobody',
	fromNodes: 'selects no nodes: fromNodes selects nobody',
	fromRequires: 'does not look at fromRequires',
	toFQDNs: 'learns no addresses from DNS answers: toFQDNs selects nobody',
	toGroups: 'knows no groups: toGroups selects nobody',
	toNodes: 'selects no nodes: toNodes selects nobody',
	toRequires: 'does not look at toRequires',
};

/** Fields of toPorts. */
const OF_PORTS: Readonly<Record<string, string>> = {
	listener: 'has no Envoy: connections to this port go past the listener',
	originatingTLS: 'has no Envoy: originatingTLS does nothing',
	serverNames: 'has no Envoy: any server name is allowed',
	terminatingTLS: 'has no Envoy: terminatingTLS does nothing',
};

function ofPolicy(object: Draft, tell: (text: string) => void): void {
	const rules = [...(isRecord(object.spec) ? [object.spec] : []), ...subs(object, 'specs')];
	for (const rule of rules) {
		if (isRecord(rule.nodeSelector))
			tell('the simulator has no host firewall: rules with a nodeSelector are stored and do nothing');
		for (const side of DIRECTIONS)
			for (const direction of subs(rule, side)) {
				for (const [field, what] of Object.entries(FIELDS))
					if (direction[field] !== undefined) tell(`the simulator ${what}`);
				for (const set of [...subs(direction, 'fromCIDRSet'), ...subs(direction, 'toCIDRSet')])
					if (set.cidrGroupRef !== undefined || set.cidrGroupSelector !== undefined)
						tell('the simulator reads no CiliumCIDRGroups: a reference to one selects nobody');
				for (const ports of subs(direction, 'toPorts')) {
					for (const [field, what] of Object.entries(OF_PORTS))
						if (ports[field] !== undefined) tell(`the simulator ${what}`);
					if (!isRecord(ports.rules)) continue;
					for (const kind of Object.keys(ports.rules))
						tell(
							kind === 'dns'
								? 'the simulator has no DNS proxy: any name may be asked for, and no answer is learnt'
								: `the simulator has no L7 proxy: all of the port is allowed, whatever rules.${kind} says`,
						);
				}
			}
	}
}

/** Tells each lack once. */
export function tellLacks(object: Draft, tell: (text: string) => void): void {
	const told = new Set<string>();
	const once = (text: string): void => {
		if (told.has(text)) return;
		told.add(text);
		tell(text);
	};
	const kind = String(object.kind);
	if (!String(object.apiVersion).startsWith('cilium.io/')) return;
	if (Object.hasOwn(BY_KIND, kind)) once(BY_KIND[kind]!);
	if (/^Cilium(?:Clusterwide)?NetworkPolicy$/.test(kind)) ofPolicy(object, once);
}

/** Annotations of objects of Kubernetes' own, and values that ask for nothing. */
const OFF: readonly unknown[] = [undefined, '', 'false', 'none', 'disabled'];
const MESH = 'is one cluster of no mesh';
const POOLS = 'has no IPAM by pools';
const TRACKS = 'tracks all connections';
const BANDWIDTH = 'limits no bandwidth';
const PROXY = 'has no Envoy';

const ANNOTATIONS: readonly (readonly [kinds: RegExp, key: RegExp, what: string])[] = [
	[/^Pod$/, /^(?:kubernetes\.io\/(?:in|e)gress-bandwidth|bandwidth\.cilium\.io\/priority)$/, BANDWIDTH],
	[/^Pod$/, /^(?:policy\.cilium\.io\/|io\.cilium\.)proxy-visibility$/, 'has no L7 proxy'],
	[/^Pod$/, /^(?:policy\.cilium\.io\/|io\.cilium\.)no-track-port$/, TRACKS],
	[/^Pod$/, /^cni\.cilium\.io\/mac-address$/, 'draws the addresses of pods’ devices itself'],
	[/^Pod$/, /^network\.cilium\.io\/fib-table-id$/, 'has one table of routes for all pods'],
	[/^Pod$/, /^config\.cilium\.io\/disable-source-ip-verification$/, 'looks at the source addresses of all pods'],
	[/^(?:Pod|Namespace)$/, /^ipam\.cilium\.io\//, POOLS],
	[/^Namespace$/, /^clustermesh\.cilium\.io\/global$/, MESH],
	[/^Service$/, /^service\.cilium\.io\/(?:global|shared|affinity|global-sync-endpoint-slices)$/, MESH],
	[/^Service$/, /^io\.cilium\/(?:global-service|shared-service|service-affinity)$/, MESH],
	[
		/^Service$/,
		/^service\.cilium\.io\/(?:lb-algorithm|forwarding-mode)$/,
		'balances as cilium-config says for all services',
	],
	[/^Service$/, /^service\.cilium\.io\/lb-l7(?:-algorithm)?$/, PROXY],
	[/^Service$/, /^service\.cilium\.io\/proxy-delegation$/, 'hands connections to no proxy'],
	[/^Service$/, /^(?:network\.cilium\.io\/no-track-host-ports|policy\.cilium\.io\/no-track-port)$/, TRACKS],
	[/^Service$/, /^service\.kubernetes\.io\/topology-(?:mode|aware-hints)$/, 'gives no hints for zones by their size'],
	[/^EndpointSlice$/, /^service\.cilium\.io\/weight$/, 'gives all backends the same weight'],
	[/^(?:Ingress|Service|Gateway)$/, /^ingress\.cilium\.io\//, PROXY],
];

/** Pods' metadata in what makes pods. */
const podOf = (object: Draft): unknown =>
	isRecord(object.spec)
		? object.kind === 'CronJob'
			? at(object.spec, 'jobTemplate', 'spec', 'template')
			: object.spec.template
		: undefined;

const annotationsOf = (object: unknown): Draft => {
	const found = at(object, 'metadata', 'annotations');
	return isRecord(found) ? found : {};
};

/** Tells what new annotations ask for that the simulator lacks: of an object, or of the pods it makes. */
export function tellAnnotations(object: Draft, old: object | undefined, tell: (text: string) => void): void {
	const parts: readonly (readonly [kind: string, now: Draft, before: Draft])[] = [
		[String(object.kind), annotationsOf(object), annotationsOf(old)],
		['Pod', annotationsOf(podOf(object)), annotationsOf(old && podOf(old as Draft))],
	];
	for (const [kind, now, before] of parts)
		for (const [key, value] of Object.entries(now)) {
			if (OFF.includes(value) || before[key] === value) continue;
			const what = ANNOTATIONS.find(([kinds, pattern]) => kinds.test(kind) && pattern.test(key))?.[2];
			if (what !== undefined) tell(`the simulator ${what}: ${key} does nothing`);
		}
	if (object.kind === 'ServiceCIDR' && old === undefined)
		tell('the simulator hands out addresses of the cluster’s first range only: this one is stored and gives none');
	const near = object.kind === 'Service' ? at(object, 'spec', 'trafficDistribution') : undefined;
	if (typeof near === 'string' && near !== at(old, 'spec', 'trafficDistribution'))
		tell(
			`the simulator's nodes know no zones: endpoints get their hints, but connections go to all of them, whatever trafficDistribution ${near} says`,
		);
}
