/** Policies resolved: what an agent writes into an endpoint's map. Cases of pkg/policy/*_test.go in our own words. */
import { describe, expect, it } from 'vitest';
import { policyColumns } from '../../../../src/sim/cilium/policy/columns.ts';
import { identitiesOf, LOCAL_IDENTITY } from '../../../../src/sim/cilium/policy/identities.ts';
import { type PolicyContext, portPrefixes, resolvePolicy } from '../../../../src/sim/cilium/policy/resolve.ts';
import { selects } from '../../../../src/sim/cilium/policy/selector.ts';
import type { NetworkPolicy, Pod } from '../../../../src/sim/kube/index.ts';
import { ciliumPolicy, kubePolicy } from '../../../../src/sim/lab/projection/policies.ts';
import type { PolicyService } from '../../../../src/sim/lab/projection/policy-services.ts';
import { parsePrefix } from '../../../../src/sim/wire/index.ts';

const pod = (name: string, identity: number, labels: Record<string, string>, namespace = 'default'): Pod => ({
	kind: 'Pod',
	metadata: { name, namespace, labels, uid: name, creationTimestamp: 0 },
	nodeName: 'n',
	hostNetwork: false,
	podIP: identity,
	ready: true,
	serving: true,
	ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
	endpoint: { id: identity, identity },
	securityLabels: {
		...Object.fromEntries(Object.entries(labels).map(([key, value]) => [`k8s:${key}`, value])),
		'k8s:io.kubernetes.pod.namespace': namespace,
		'k8s:io.cilium.k8s.namespace.labels.team': namespace === 'default' ? 'red' : 'blue',
		'k8s:io.cilium.k8s.policy.cluster': 'default',
	},
});

const WEB = pod('web', 1001, { app: 'web' });
const CLIENT = pod('client', 1002, { app: 'client' });
const FAR = pod('far', 1003, { app: 'client' }, 'other');
const PODS = [WEB, CLIENT, FAR];
const CIDRS = new Map(
	['10.0.0.0/8', '10.1.0.0/16', '192.0.2.0/24'].map((text, i) => [LOCAL_IDENTITY + 1 + i, parsePrefix(text)!] as const),
);

const metadata = { name: 'p', namespace: 'default', uid: 'p', labels: {} };
const services: readonly PolicyService[] = [
	{ namespace: 'default', name: 'web', labels: { tier: 'front' }, selector: { app: 'web' }, addresses: ['10.0.0.9'] },
	{ namespace: 'default', name: 'outside', labels: { external: 'yes' }, selector: {}, addresses: ['192.0.2.0/24'] },
];
const kube = (spec: object): NetworkPolicy => kubePolicy({ metadata, spec } as never);
const cnp = (spec: object): NetworkPolicy => ciliumPolicy('CiliumNetworkPolicy', { metadata, spec } as never, services);
const ccnp = (spec: object): NetworkPolicy =>
	ciliumPolicy('CiliumClusterwideNetworkPolicy', { metadata, spec } as never, services);

/** Entries as `Ingress 1002 80/TCP`, denials with a `!`; directions that nobody narrows are left out. */
function entries(policies: readonly NetworkPolicy[], more: Partial<PolicyContext> = {}, of = WEB): readonly string[] {
	const {
		ingress,
		egress,
		entries: found,
	} = resolvePolicy(
		{ labels: new Map(Object.entries(of.securityLabels!)), ports: of.ports },
		{
			minor: 18,
			mode: 'default',
			rules: policies.flatMap(({ rules }) => rules),
			identities: identitiesOf(PODS, CIDRS, false),
			named: PODS.flatMap(({ ports }) => ports),
			sctp: false,
			...more,
		},
	);
	return found
		.filter(([key]) => (key.egress ? egress : ingress) || found.length > 2)
		.filter(([, entry]) => entry.derived)
		.map(([key, { deny }]) => `${deny ? '!' : ''}${policyColumns(key)}`)
		.sort();
}

const HOST = 'Ingress 1 ANY';

describe('networking.k8s.io/v1 NetworkPolicy', () => {
	const all = { podSelector: {} };
	it.each<[string, object, readonly string[]]>([
		['denies all that comes in when it lists nobody', { ...all, policyTypes: ['Ingress'] }, [HOST]],
		['denies all that goes out when it lists nobody', { ...all, policyTypes: ['Egress'] }, []],
		[
			'allows everybody by an empty rule',
			{ ...all, policyTypes: ['Ingress'], ingress: [{}] },
			[HOST, 'Ingress ANY ANY'],
		],
		[
			'means pods of its own namespace',
			{ ...all, ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] },
			[HOST, 'Ingress 1002 ANY'],
		],
		[
			'means pods of namespaces by their labels',
			{ ...all, ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'blue' } } }] }] },
			[HOST, 'Ingress 1003 ANY'],
		],
		[
			'means both when both stand in one peer',
			{
				...all,
				ingress: [
					{
						from: [
							{
								namespaceSelector: {},
								podSelector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] },
							},
						],
					},
				],
			},
			[HOST, 'Ingress 1002 ANY', 'Ingress 1003 ANY'],
		],
		[
			'allows a port, TCP unless it says otherwise',
			{ ...all, ingress: [{ ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] }] },
			[HOST, 'Ingress ANY 53/UDP', 'Ingress ANY 80/TCP'],
		],
		['knows ports by name', { ...all, ingress: [{ ports: [{ port: 'http' }] }] }, [HOST, 'Ingress ANY 8080/TCP']],
		[
			'means the world by a CIDR, without what it leaves out',
			{
				...all,
				policyTypes: ['Egress'],
				egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }] }],
			},
			['Egress 16777217 ANY'],
		],
		[
			'means no pod by 0.0.0.0/0',
			{ ...all, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
			['Egress 16777217 ANY', 'Egress 16777218 ANY', 'Egress 16777219 ANY', 'Egress 2 ANY'],
		],
	])('%s', (_, spec, expected) => {
		expect(entries([kube(spec)])).toEqual([...expected].sort());
	});

	it('says nothing of pods it does not select', () => {
		expect(entries([kube({ podSelector: { matchLabels: { app: 'db' } } })])).toEqual([]);
	});

	it('adds up with others', () => {
		const one = kube({ podSelector: {}, policyTypes: ['Ingress'] });
		const two = kube({ podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] });
		expect(entries([one, two])).toEqual([HOST, 'Ingress ANY 80/TCP']);
	});
});

describe('CiliumNetworkPolicy', () => {
	const web = { endpointSelector: { matchLabels: { app: 'web' } } };
	it.each<[string, object, readonly string[]]>([
		['allows nobody by an empty rule', { ...web, ingress: [{}] }, [HOST]],
		['says nothing by an empty list', { ...web, ingress: [] }, []],
		[
			'means its namespace by an empty selector',
			{ ...web, ingress: [{ fromEndpoints: [{}] }] },
			[HOST, 'Ingress 1001 ANY', 'Ingress 1002 ANY'],
		],
		[
			'means other namespaces when it says so',
			{ ...web, ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'other' } }] }] },
			[HOST, 'Ingress 1003 ANY'],
		],
		['means everybody by the entity all', { ...web, ingress: [{ fromEntities: ['all'] }] }, [HOST, 'Ingress ANY ANY']],
		[
			'means networks too by the entity world',
			{ ...web, egress: [{ toEntities: ['world'] }] },
			['Egress 16777217 ANY', 'Egress 16777218 ANY', 'Egress 16777219 ANY', 'Egress 2 ANY'],
		],
		[
			'means TCP and UDP by a port without protocol',
			{ ...web, ingress: [{ toPorts: [{ ports: [{ port: '53' }] }] }] },
			[HOST, 'Ingress ANY 53/TCP', 'Ingress ANY 53/UDP'],
		],
		[
			'means types of ICMP',
			{ ...web, ingress: [{ icmps: [{ fields: [{ type: 'EchoRequest' }, { type: 3 }] }] }] },
			[HOST, 'Ingress ANY 3/ICMP', 'Ingress ANY 8/ICMP'],
		],
		[
			'means the pods of a service',
			{ ...web, egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'default' } }] }] },
			['Egress 1001 ANY'],
		],
		[
			'means a service of any namespace, when it says none',
			{ ...web, egress: [{ toServices: [{ k8sService: { serviceName: 'web' } }] }] },
			['Egress 1001 ANY'],
		],
		[
			'means nobody by a service of another namespace',
			{ ...web, egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'other' } }] }] },
			[],
		],
		[
			'means the pods of services with these labels',
			{ ...web, egress: [{ toServices: [{ k8sServiceSelector: { selector: { matchLabels: { tier: 'front' } } } }] }] },
			['Egress 1001 ANY'],
		],
		[
			'means the addresses of a service without selector',
			{
				...web,
				egress: [
					{
						toServices: [
							{ k8sServiceSelector: { selector: { matchLabels: { external: 'yes' } }, namespace: 'default' } },
						],
					},
				],
			},
			['Egress 16777219 ANY'],
		],
		[
			'means nobody by a name, which is not looked up here',
			{ ...web, egress: [{ toFQDNs: [{ matchName: 'example.com' }] }] },
			[],
		],
		[
			'denies over what is allowed',
			{
				...web,
				ingress: [{ fromEntities: ['all'] }],
				ingressDeny: [{ fromEndpoints: [{ matchLabels: { app: 'client' } }] }],
			},
			['!Ingress 1002 ANY', HOST, 'Ingress ANY ANY'],
		],
		[
			'does not deny the rest when it is told so',
			{
				...web,
				enableDefaultDeny: { ingress: false },
				ingress: [{ fromEndpoints: [{ matchLabels: { app: 'client' } }] }],
			},
			['Ingress 1002 ANY', 'Ingress ANY ANY'],
		],
	])('%s', (_, spec, expected) => {
		expect(entries([cnp(spec)])).toEqual([...expected].sort());
	});

	it('means pods anywhere when it is clusterwide', () => {
		expect(
			entries([ccnp({ endpointSelector: {}, ingress: [{ fromEndpoints: [{ matchLabels: { app: 'client' } }] }] })]),
		).toEqual([HOST, 'Ingress 1002 ANY', 'Ingress 1003 ANY']);
	});

	it('has ranges of ports from 1.16', () => {
		const range = cnp({
			...web,
			ingress: [{ toPorts: [{ ports: [{ port: '8000', endPort: 8010, protocol: 'TCP' }] }] }],
		});
		expect(entries([range])).toEqual([
			HOST,
			'Ingress ANY 8000-8007/TCP',
			'Ingress ANY 8008-8009/TCP',
			'Ingress ANY 8010/TCP',
		]);
		expect(entries([range], { minor: 15 })).toEqual([HOST, 'Ingress ANY 8000/TCP']);
	});

	it('writes down, to 1.16, where a denied port and somebody allowed meet', () => {
		const policy = cnp({
			...web,
			ingress: [{ fromEndpoints: [{ matchLabels: { app: 'client' } }] }],
			ingressDeny: [{ toPorts: [{ ports: [{ port: '22', protocol: 'TCP' }] }] }],
		});
		expect(entries([policy], { minor: 16 })).toEqual([
			'!Ingress 1 22/TCP',
			'!Ingress 1002 22/TCP',
			'!Ingress ANY 22/TCP',
			HOST,
			'Ingress 1002 ANY',
		]);
		expect(entries([policy], { minor: 17 })).toEqual(['!Ingress ANY 22/TCP', HOST, 'Ingress 1002 ANY']);
	});

	it('is enforced for all, or for nobody, by enable-policy', () => {
		expect(entries([], { mode: 'always' })).toEqual([HOST]);
		expect(entries([cnp({ ...web, ingress: [{}] })], { mode: 'never' })).toEqual([]);
	});
});

describe('selectors', () => {
	const labels = new Map([
		['k8s:app', 'web'],
		['reserved:host', ''],
	]);
	it.each([
		['any:app', 'In', ['web'], true],
		['k8s:app', 'In', ['db'], false],
		['container:app', 'Exists', [], false],
		['any:tier', 'NotIn', ['x'], true],
		['any:tier', 'DoesNotExist', [], true],
		['reserved:host', 'Exists', [], true],
		['any:app', 'NotIn', ['web'], false],
	] as const)('%s %s %j: %s', (key, operator, values, expected) => {
		expect(selects([{ key, operator, values }], labels)).toBe(expected);
	});
});

it('a range of ports is prefixes that cover it, each port once', () => {
	for (const [first, last] of [
		[1, 65535],
		[80, 80],
		[1024, 2047],
		[30000, 32767],
		[7, 1000],
	] as const) {
		const covered = new Set<number>();
		for (const { dport, prefix } of portPrefixes(first, last))
			for (let i = 0; i < 2 ** (16 - prefix); i++) {
				expect(covered.has(dport + i)).toBe(false);
				covered.add(dport + i);
			}
		expect(Math.min(...covered)).toBe(first);
		expect(Math.max(...covered)).toBe(last);
		expect(covered.size).toBe(last - first + 1);
	}
});

describe('a policy of more entries than the map of an endpoint takes', () => {
	it('is resolved as far as they fit', () => {
		const cidrs = Array.from({ length: 2000 }, (_, i) => ({ ipBlock: { cidr: `10.${i >> 8}.${i & 255}.0/24` } }));
		const ports = Array.from({ length: 1000 }, (_, i) => ({ protocol: 'TCP', port: i + 1 }));
		const policy = kubePolicy({
			kind: 'NetworkPolicy',
			metadata: { name: 'large', namespace: 'default' },
			spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: cidrs, ports }] },
		} as never);
		const prefixes = new Map(
			cidrs.map(({ ipBlock }, i) => [LOCAL_IDENTITY + 1 + i, parsePrefix(ipBlock.cidr)!] as const),
		);
		const { entries } = resolvePolicy({ labels: new Map(Object.entries(WEB.securityLabels!)), ports: WEB.ports }, {
			minor: 18,
			mode: 'default',
			rules: policy.rules,
			identities: identitiesOf(PODS, prefixes, false),
			named: [],
			sctp: false,
		} as PolicyContext);
		expect(entries).toHaveLength(16_384);
	});
});
