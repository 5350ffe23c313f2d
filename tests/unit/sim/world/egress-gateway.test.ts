/**
 * An egress gateway in a whole cluster: policies as objects, what each node's agent makes of them, and connections from
 * pods to a machine outside, by version and routing mode.
 */
import { describe, expect, test } from 'vitest';
import type { CiliumEgressGatewayPolicy } from '../../../../src/sim/kube/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import { apply, ciliumListOf, createWorld, type Scenario, type World } from '../../../../src/sim/world/index.ts';
import { ip, prefix } from '../kube/fixtures.ts';
import { connect, seen, worldOf } from './helpers.ts';

/** On the gateway's device, beside the node's own address. */
const EGRESS_IP = '172.18.0.50';
const OUTSIDE = '172.18.0.1';
const GATEWAY = 'basic-worker3';

/** The course's cluster; a server outside, and a second address on worker3. */
const scenario: Scenario = {
	...kindBasic,
	hosts: kindBasic.hosts.map((host) => {
		if (host.ns === 'host') return { ...host, servers: [{ port: 9000, protocol: 'tcp' as const }] };
		if (host.ns !== `node/${GATEWAY}`) return host;
		return { ...host, addresses: [...host.addresses, { dev: 'eth0', ip: ip(EGRESS_IP), length: 16 }] };
	}),
};

const policy = (more: Partial<CiliumEgressGatewayPolicy> = {}, name = 'to-outside'): CiliumEgressGatewayPolicy => ({
	kind: 'CiliumEgressGatewayPolicy',
	metadata: { name, namespace: '', labels: {}, uid: name, creationTimestamp: 0 },
	selectors: [{ podSelector: { app: 'echoserver' } }],
	destinationCIDRs: [prefix('172.18.0.0/16')],
	excludedCIDRs: [],
	egressGateway: { nodeSelector: { 'kubernetes.io/hostname': GATEWAY }, egressIP: ip(EGRESS_IP) },
	...more,
});

const helmOf = (minor: number, more: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => ({
	kubeProxyReplacement: minor < 14 ? 'strict' : 'true',
	'bpf.masquerade': 'true',
	'egressGateway.enabled': 'true',
	...more,
});

const applied = (world: World, ...objects: readonly CiliumEgressGatewayPolicy[]): World => {
	const done = apply(world, { kind: 'apply', objects });
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done.world;
};

const cluster = (minor: number, more: Readonly<Record<string, string>> = {}, replicas = 1, on = scenario): World =>
	worldOf({ bundle: `cilium-1.${minor}`, kubeProxy: 'none', helm: helmOf(minor, more), replicas }, on);

const echo = (world: World, node = 'basic-worker') => {
	const pods = world.snapshot.kinds.get('Pod')!;
	for (const { object } of pods.values())
		if (object.kind === 'Pod' && object.nodeName === node && object.metadata.labels.app === 'echoserver')
			return { name: `pod/${object.metadata.name}`, ip: formatIp(object.podIP!) };
	throw new Error(`no echo server on ${node}`);
};

const listed = (world: World, node: string): readonly string[] => {
	const { stdout, stderr } = ciliumListOf(world, node, 'egress')!;
	return [...stdout.slice(1), ...stderr].map((line) => line.replaceAll(/ {2,}/g, ' '));
};

describe.each([12, 13, 14, 16, 17, 18, 19])('Cilium 1.%i', (minor) => {
	const tunnel: Readonly<Record<string, string>> = minor < 14 ? { tunnel: 'vxlan' } : { routingMode: 'tunnel' };
	test.each([
		['native routing', {}],
		['native routing, legacy host routing', { 'bpf.hostLegacyRouting': 'true' }],
		['a tunnel', tunnel],
	] as const)('in %s a pod is seen outside with the egress IP, and is answered', (_mode, values) => {
		const world = applied(cluster(minor, values), policy());
		const { outcome } = connect(world, echo(world).name, `${OUTSIDE}:9000`);
		expect(outcome.result).toBe('connected');
		expect(seen(outcome)).toBe(EGRESS_IP);
		// Through the tunnel to the gateway and back, whatever the routing mode.
		const pod = echo(world).ip;
		const there = outcome.hops.find(({ namespace, inner }) => namespace === `node/${GATEWAY}` && inner);
		expect(there).toMatchObject({ src: '172.18.0.3', dst: '172.18.0.5', inner: { src: pod, dst: OUTSIDE } });
		const back = outcome.replyHops.find(({ namespace, inner }) => namespace === 'node/basic-worker' && inner);
		expect(back).toMatchObject({ src: '172.18.0.5', dst: '172.18.0.3', inner: { src: OUTSIDE, dst: pod } });
		// A hop at the gateway; from 1.17 one at the pod's node too, two where its stack routes.
		const { ttl } = outcome.hops.at(-1)!;
		expect(ttl).toBe(minor <= 16 ? 63 : 'bpf.hostLegacyRouting' in values ? 61 : 62);
		const codes = new Set(outcome.trace.map(({ why }) => why.code));
		expect(codes).toContain('cilium.egw-gateway');
		expect(codes).toContain('cilium.egw-address');
		expect(codes.has('cilium.egw-reply')).toBe(values !== tunnel);
		// The tunnel's headers need room.
		const route = outcome.trace.find(({ ns, hook }) => ns.startsWith('pod/') && hook === 'route');
		expect(route?.entry).toContain('mtu 1450');
		// Other ways are as before: the node's own port, another pod's service, the pod's own outside without a policy.
		expect(seen(connect(world, 'host', '172.18.0.3:32017').outcome)).toBe(OUTSIDE);
		expect(seen(connect(world, `node/basic-worker`, `${OUTSIDE}:9000`).outcome)).toBe('172.18.0.3');
	});
});

test.each([14, 18, 19])('1.%i: with XDP the answer turns round before the gateway’s kernel sees it', (minor) => {
	// A veth pair would refuse what XDP sends.
	const wires = { ...scenario, links: scenario.links.map((link) => ({ ...link, kind: 'physical' as const })) };
	const world = applied(cluster(minor, { 'loadBalancer.acceleration': 'native' }, 1, wires), policy());
	const { outcome } = connect(world, echo(world).name, `${OUTSIDE}:9000`);
	expect(seen(outcome)).toBe(EGRESS_IP);
	const at = outcome.trace.filter(({ packet, ns }) => packet === outcome.firstReply && ns === `node/${GATEWAY}`);
	expect(at.filter(({ chain }) => chain).every(({ hook }) => hook === 'xdp')).toBe(true);
	expect(at.map(({ why }) => why.code)).toEqual(expect.arrayContaining(['cilium.egw-reply', 'cilium.xdp-encap']));
	const back = outcome.replyHops.find(({ namespace, inner }) => namespace === 'node/basic-worker' && inner);
	expect(back).toMatchObject({ src: '172.18.0.5', dst: '172.18.0.3', inner: { dst: echo(world).ip } });
});

describe('what agents make of policies', () => {
	test('the gateway alone knows the egress IP; every node has an entry for every selected pod', () => {
		const world = applied(cluster(18, {}, 2), policy());
		const pods = ['basic-worker', 'basic-worker2', GATEWAY].flatMap((node) => {
			try {
				return [echo(world, node).ip];
			} catch {
				return [];
			}
		});
		expect(pods).toHaveLength(2);
		for (const node of ['basic-worker', GATEWAY]) {
			const address = node === GATEWAY ? EGRESS_IP : '0.0.0.0';
			expect([...listed(world, node)].sort()).toEqual(
				pods.map((pod) => `${pod} 172.18.0.0/16 ${address} 172.18.0.5`).sort(),
			);
		}
	});

	test('without an address the interface of the default route gives its first; an interface gives its own', () => {
		const nodeSelector = { 'kubernetes.io/hostname': GATEWAY };
		for (const gateway of [{ nodeSelector }, { nodeSelector, interface: 'eth0' }]) {
			const world = applied(cluster(18), policy({ egressGateway: gateway }));
			expect(listed(world, GATEWAY)).toEqual([`${echo(world).ip} 172.18.0.0/16 172.18.0.5 172.18.0.5`]);
			expect(seen(connect(world, echo(world).name, `${OUTSIDE}:9000`).outcome)).toBe('172.18.0.5');
		}
	});

	test('of several nodes the first by name is the gateway; a pod there leaves by itself', () => {
		const world = applied(cluster(18), policy({ egressGateway: { nodeSelector: {} } }));
		expect(listed(world, 'basic-control-plane')).toEqual([`${echo(world).ip} 172.18.0.0/16 172.18.0.4 172.18.0.4`]);
		const here = applied(
			cluster(18),
			policy({ egressGateway: { nodeSelector: { 'kubernetes.io/hostname': 'basic-worker' } } }),
		);
		const { outcome } = connect(here, echo(here).name, `${OUTSIDE}:9000`);
		expect(seen(outcome)).toBe('172.18.0.3');
		expect(outcome.trace.map(({ why }) => why.code)).toContain('cilium.egw-here');
	});

	test('no gateway: packets are dropped and the client waits; the policy taken away, they go as before', () => {
		const none = policy({ egressGateway: { nodeSelector: { nobody: 'has it' } } });
		const world = applied(cluster(18), none);
		expect(listed(world, 'basic-worker')).toEqual([`${echo(world).ip} 172.18.0.0/16 0.0.0.0 Not Found`]);
		const { outcome } = connect(world, echo(world).name, `${OUTSIDE}:9000`);
		expect(outcome.result).toBe('timeout');
		const reasons = outcome.trace.flatMap(({ why }) => (why.code === 'program.dropped' ? [why.reason] : []));
		expect(new Set(reasons)).toEqual(new Set([194]));
		const object = { kind: 'CiliumEgressGatewayPolicy', namespace: '', name: 'to-outside' } as const;
		const gone = apply(world, { kind: 'delete', object });
		if ('error' in gone) throw new Error(JSON.stringify(gone.error));
		expect(listed(gone.world, 'basic-worker')).toEqual(['No entries found.']);
		expect(seen(connect(gone.world, echo(gone.world).name, `${OUTSIDE}:9000`).outcome)).toBe('172.18.0.3');
	});

	test('an egress IP that no interface has: dropped at the gateway from 1.17, sent in vain before', () => {
		const elsewhere = policy({
			egressGateway: { nodeSelector: { 'kubernetes.io/hostname': GATEWAY }, egressIP: ip('172.18.9.9') },
		});
		const dropped = connect(applied(cluster(17), elsewhere), echo(cluster(17)).name, `${OUTSIDE}:9000`).outcome;
		expect(dropped.result).toBe('timeout');
		expect(dropped.trace.some(({ why }) => why.code === 'program.dropped' && why.reason === 204)).toBe(true);
		const old = applied(cluster(16), elsewhere);
		expect(listed(old, GATEWAY)).toEqual([`${echo(old).ip} 172.18.0.0/16 172.18.9.9 172.18.0.5`]);
		expect(connect(old, echo(old).name, `${OUTSIDE}:9000`).outcome.result).toBe('timeout');
	});

	test('an excluded CIDR goes as without a policy, from 1.14; 1.12 knows no such field', () => {
		const excluding = policy({ excludedCIDRs: [prefix(`${OUTSIDE}/32`)] });
		for (const [minor, from] of [
			[12, EGRESS_IP],
			[14, '172.18.0.3'],
			[18, '172.18.0.3'],
		] as const) {
			const world = applied(cluster(minor), excluding);
			expect(seen(connect(world, echo(world).name, `${OUTSIDE}:9000`).outcome)).toBe(from);
		}
		const world = applied(cluster(18), excluding);
		expect(listed(world, 'basic-worker')).toContain(`${echo(world).ip} 172.18.0.1/32 0.0.0.0 Excluded CIDR`);
	});

	test('namespaces and, from 1.17, nodes narrow the selection; policies that are refused select nothing', () => {
		const count = (minor: number, selectors: CiliumEgressGatewayPolicy['selectors']): number => {
			const lines = listed(applied(cluster(minor), policy({ selectors })), 'basic-worker');
			return lines[0] === 'No entries found.' ? 0 : lines.length;
		};
		const app = { app: 'echoserver' };
		const named = (name: string) => ({ 'kubernetes.io/metadata.name': name });
		expect(count(18, [{ podSelector: app, namespaceSelector: named('default') }])).toBe(1);
		expect(count(18, [{ podSelector: app, namespaceSelector: named('kube-system') }])).toBe(0);
		// Every pod with an address of its own: the echo server and two of DNS.
		expect(count(18, [{ namespaceSelector: {} }])).toBe(3);
		const elsewhere = [{ podSelector: app, nodeSelector: { 'kubernetes.io/hostname': 'basic-worker2' } }];
		expect(count(18, elsewhere)).toBe(0);
		expect(count(16, elsewhere)).toBe(1);
		expect(count(18, [{}])).toBe(0);
		expect(count(18, [])).toBe(0);
	});

	test('a pod that comes later is selected too, a pod that goes is forgotten', () => {
		const world = applied(cluster(18), policy());
		const more = apply(world, { kind: 'scale', deployment: 'default/deploy-echoserver', replicas: 3 });
		if ('error' in more) throw new Error(JSON.stringify(more.error));
		expect(listed(more.world, GATEWAY)).toHaveLength(3);
		const none = apply(more.world, { kind: 'scale', deployment: 'default/deploy-echoserver', replicas: 0 });
		if ('error' in none) throw new Error(JSON.stringify(none.error));
		expect(listed(none.world, GATEWAY)).toEqual(['No entries found.']);
	});

	test('an object of the wrong form is refused; without the setting policies do nothing', () => {
		const wrong = { ...policy(), destinationCIDRs: ['172.18.0.0/16'] } as unknown as CiliumEgressGatewayPolicy;
		const done = apply(cluster(18), { kind: 'apply', objects: [wrong] });
		expect('error' in done && done.error).toMatchObject({
			code: 'bad-object',
			where: 'objects[0].destinationCIDRs',
		});
		const off = applied(cluster(18, { 'egressGateway.enabled': 'false' }), policy());
		expect(listed(off, GATEWAY)).toEqual(['Cannot find egress gateway bpf maps']);
		expect(seen(connect(off, echo(off).name, `${OUTSIDE}:9000`).outcome)).toBe('172.18.0.3');
	});

	test('without BPF masquerade the agent does not start', () => {
		const made = createWorld(scenario, {
			bundle: 'cilium-1.18',
			kubeProxy: 'none',
			helm: { kubeProxyReplacement: 'true', 'egressGateway.enabled': 'true' },
		});
		expect('error' in made && made.error.params).toMatchObject({ fatal: 'egress-gateway', stage: 'agent' });
	});
});
