/**
 * Who reaches what, and what the server sees: the rows a real kernel gave for kube-proxy's rules with plain routed
 * pods (Linux 6.18, iptables 1.8.9; kubernetes pkg/proxy/iptables @ v1.24 and later). tests/kernel asks it again.
 */
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../../../src/sim/wire/index.ts';
import { apply, type Outcome, podsOf, type Settings, servicesOf, type World } from '../../../../src/sim/world/index.ts';
import { connect, seen, worldOf } from './helpers.ts';

const LB = '192.0.2.100';

/** kind-basic with one more replica than asked as a client pod, and a load balancer address on the service. */
function clusterOf(settings: Partial<Settings>): World {
	let world = worldOf(settings);
	const service = servicesOf(world).find((s) => s.metadata.name === 'svc-echoserver')!;
	const [coredns] = podsOf(world).filter((p) => p.metadata.owner === 'coredns');
	const pod = (name: string, nodeName: string) => ({
		...coredns!,
		metadata: { ...coredns!.metadata, name, namespace: 'default', uid: name, labels: {}, owner: undefined },
		nodeName,
		podIP: undefined,
	});
	const done = apply(world, {
		kind: 'apply',
		objects: [
			{ ...service, type: 'LoadBalancer', loadBalancerIngress: [parseIp(LB)!] },
			pod('near', 'basic-worker'),
			pod('far', 'basic-worker2'),
		],
	});
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	world = done.world;
	return world;
}

/**
 * Rows: who, to what, then what is seen with policy Cluster, Local, and without pods. Echo pod on basic-worker. The
 * last row's `unreachable` comes from outside: no rule meets the packet, it leaves, and the gateway knows no way.
 */
const ROWS: readonly (readonly [string, string, string, string, string, string])[] = [
	['client to the NodePort of the pod’s node', 'host', '172.18.0.3:32017', '172.18.0.3', '172.18.0.1', 'refused'],
	['client to the NodePort of another node', 'host', '172.18.0.2:32017', '172.18.0.2', 'timeout', 'refused'],
	['pod to ClusterIP, same node', 'pod/near', '10.96.101.186:8080', 'near', 'near', 'refused'],
	['pod to ClusterIP, other node', 'pod/far', '10.96.101.186:8080', 'far', 'far', 'refused'],
	['node to ClusterIP', 'node/basic-worker2', '10.96.101.186:8080', '172.18.0.2', '172.18.0.2', 'refused'],
	['node to loopback and NodePort', 'node/basic-worker2', '127.0.0.1:32017', '172.18.0.2', '172.18.0.2', 'refused'],
	[
		'node to its own address and NodePort',
		'node/basic-worker2',
		'172.18.0.2:32017',
		'172.18.0.2',
		'172.18.0.2',
		'refused',
	],
	['pod to its node’s NodePort', 'pod/near', '172.18.0.3:32017', '172.18.0.3', 'near', 'refused'],
	['pod to the load balancer’s address', 'pod/far', `${LB}:8080`, '172.18.0.2', 'far', 'refused'],
	[
		'node to the load balancer’s address',
		'node/basic-worker2',
		`${LB}:8080`,
		'172.18.0.2',
		'172.18.0.2',
		'unreachable',
	],
];

const address = (world: World, name: string): string => {
	const pod = podsOf(world).find((p) => p.metadata.name === name);
	if (!pod) return name;
	const ip = pod.podIP!;
	return [24, 16, 8, 0].map((shift) => (ip >>> shift) & 255).join('.');
};

for (const bundle of ['bare-1.24', 'bare-1.33'])
	describe(`kube-proxy, ${bundle}`, () => {
		const worlds = [
			clusterOf({ bundle }),
			clusterOf({ bundle, externalTrafficPolicy: 'Local' }),
			clusterOf({ bundle, replicas: 0 }),
		];
		it.each(ROWS)('%s', (_, from, to, ...expected) => {
			const got = worlds.map((world) => seen(connect(world, from, to).outcome));
			expect(got).toEqual(expected.map((name, i) => address(worlds[i]!, name)));
		});

		it('UDP from a node to a ClusterIP without pods fails at once, and nothing is on the wire', () => {
			const world = worldOf({ bundle, protocol: 'UDP', replicas: 0 });
			const more = { protocol: 'udp' } as const;
			const { outcome }: { outcome: Outcome } = connect(world, 'node/basic-worker2', '10.96.101.186:8080', more);
			expect(outcome).toMatchObject({ result: 'unreachable', errno: 'EPERM', hops: [] });
		});

		it('a pod that reaches itself through the service seems to be its node', () => {
			const [pod] = podsOf(worlds[0]!).filter((p) => p.metadata.owner === 'deploy-echoserver');
			const { outcome } = connect(worlds[0]!, `pod/${pod!.metadata.name}`, '10.96.101.186:8080');
			expect([outcome.server, seen(outcome)]).toEqual([pod!.metadata.name, '172.18.0.3']);
		});

		it('policy Local inside keeps to pods of the same node', () => {
			const world = worldOf({ bundle, internalTrafficPolicy: 'Local' });
			expect(seen(connect(world, 'node/basic-worker', '10.96.101.186:8080').outcome)).toBe('172.18.0.3');
			expect(seen(connect(world, 'node/basic-worker2', '10.96.101.186:8080').outcome)).toBe('timeout');
		});
	});
