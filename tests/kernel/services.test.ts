/**
 * Services as a real kernel carries them and as the simulator does: the same namespaces, cables, routes and the rules
 * that our kube-proxy wrote, the same connections; outcome, addresses, every place with its TTL and every entry of
 * the connection tables must agree.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Service } from '../../src/sim/kube/index.ts';
import type { Network } from '../../src/sim/linux/index.ts';
import { kindBasic } from '../../src/sim/scenarios/kind-basic.ts';
import { boundPod, service } from '../../src/sim/scenarios/objects.ts';
import { formatIp, parseIp, parsePrefix } from '../../src/sim/wire/index.ts';
import {
	apply,
	type Bundle,
	createWorld,
	podsOf,
	type Scenario,
	type Settings,
	type World,
} from '../../src/sim/world/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet, type KernelNet } from './harness/kernel-net.ts';
import { type Attempt, attemptName, type Observation, observeKernel, observeSimulator } from './harness/observe.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/services: skipped, ${reason}`);

const LB_IP = '172.18.255.200';
const EXTERNAL_IP = '172.18.255.201';
const CLUSTER_IP = '10.96.101.186';
const NODE_PORT = 32017;
const WORKER = '172.18.0.3';
const WORKER2 = '172.18.0.2';

const bundle = (proxy: Bundle['proxy']): Bundle => ({
	id: `bare-${proxy}`,
	kubernetes: proxy === '1.33' ? '1.33.1' : `${proxy}.0`,
	kernel: '6.8.0',
	proxy,
	cni: 'bare',
});
const GENERATIONS = (['1.23', '1.24', '1.26', '1.33'] as const).map(bundle);

/** The course's cluster with a client pod on two nodes and a load balancer's address that leads to worker3. */
const scenarioOf = (policies: Partial<Service>): Scenario => ({
	...kindBasic,
	id: 'kernel-services',
	bundles: GENERATIONS,
	start: { ...kindBasic.start, bundle: 'bare-1.24' },
	hosts: kindBasic.hosts.map((host) =>
		host.ns === 'host'
			? { ...host, routes: [...host.routes, { dst: parsePrefix('172.18.255.200/31')!, via: parseIp('172.18.0.5')! }] }
			: host,
	),
	cluster: {
		...kindBasic.cluster,
		pods: [
			...kindBasic.cluster.pods,
			boundPod('default', 'client-same', 'basic-worker', [], {}),
			boundPod('default', 'client-other', 'basic-worker2', [], {}),
		],
		services: [
			...kindBasic.cluster.services.filter((s) => s.metadata.name !== 'svc-echoserver'),
			service(
				'default',
				'svc-echoserver',
				parseIp(CLUSTER_IP)!,
				(['TCP', 'UDP'] as const).map((protocol) => ({
					name: protocol.toLowerCase(),
					protocol,
					port: 8080,
					targetPort: 8080,
					nodePort: NODE_PORT,
				})),
				{ app: 'echoserver' },
				{ type: 'LoadBalancer', loadBalancerIngress: [parseIp(LB_IP)!], ...policies },
			),
		],
	},
	// The service is given whole: TCP and UDP, and the policies.
	subject: { ...kindBasic.subject, services: [] },
});

const make = (policies: Partial<Service>, settings: Partial<Settings>): World => {
	const made = createWorld(scenarioOf(policies), settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

const echoPods = (world: World) =>
	podsOf(world).filter((p) => p.metadata.name.startsWith('deploy-echoserver') && p.podIP !== undefined);

/** Every way in: who asks, for what, over TCP and UDP. */
const attemptsFor = (world: World): Attempt[] => {
	const services = [`${CLUSTER_IP}:8080`, `${LB_IP}:8080`];
	const ports = [`${WORKER}:${NODE_PORT}`, `${WORKER2}:${NODE_PORT}`];
	const backends = echoPods(world).map((p) => `pod/default/${p.metadata.name}`);
	const direct = echoPods(world).map((p) => `${formatIp(p.podIP!)}:8080`);
	const ways: [string, string[]][] = [
		['host', [...ports, `${LB_IP}:8080`]],
		['pod/default/client-same', [...services, ...ports, ...direct]],
		['pod/default/client-other', [...services, ...ports, ...direct]],
		['node/basic-worker', [...services, ...ports, `127.0.0.1:${NODE_PORT}`, ...direct]],
		['node/basic-worker2', [...services, ...ports, `127.0.0.1:${NODE_PORT}`, ...direct]],
		...backends.slice(0, 1).map((pod): [string, string[]] => [pod, [...services, `${WORKER}:${NODE_PORT}`]]),
	];
	return ways.flatMap(([from, targets]) =>
		targets.flatMap((target) => {
			const [ip, port] = target.split(':') as [string, string];
			return (['tcp', 'udp'] as const).map((proto) => ({ from, proto, ip, port: Number(port) }));
		}),
	);
};

/** What the simulator may answer: with several endpoints, one observation for each that chance can pick. */
const simulated = (net: Network, attempt: Attempt, endpoints: number): Observation[] => {
	const out = new Map<string, Observation>();
	for (let salt = 0; salt < (endpoints > 1 ? 24 : 1) && out.size < endpoints; salt++) {
		const seen = observeSimulator(net, attempt, salt);
		out.set(`${seen.server} ${seen.hops.at(-1)}`, seen);
	}
	return [...out.values()];
};

describe.skipIf(reason !== undefined)('services in the kernel and in the simulator', () => {
	let agent: Agent;
	let kernel: KernelNet;
	beforeAll(() => {
		agent = startAgent();
		kernel = createKernelNet(agent);
	});
	afterAll(() => agent.close());

	const prepare = async (world: World) => {
		await kernel.sync(describeNetwork(world.net));
		// What earlier attempts learned of neighbours, and of those that do not answer, is forgotten.
		await agent.run(
			[...world.net.namespaces.keys()].map((ns) => ({ ns, argv: ['ip', 'neigh', 'flush', 'all'] })),
			true,
		);
	};

	/** Whether they differ in nothing but that the kernel's masquerade drew the very port that the client has. */
	const drewTheSame = (real: Observation, ours: Observation): boolean => {
		const text = JSON.stringify(ours);
		return JSON.stringify(real) !== text && JSON.stringify(real) === text.replaceAll(/([:=])masq\b/g, '$1client');
	};

	const compare = async (world: World, attempts: readonly Attempt[] = attemptsFor(world)) => {
		await prepare(world);
		const real = await observeKernel(agent, world.net, attempts);
		const endpoints = echoPods(world).length;
		const wanted: Record<string, Observation> = {};
		const got: Record<string, Observation> = {};
		for (const [i, attempt] of attempts.entries()) {
			const ours = simulated(world.net, attempt, Math.max(endpoints, 1));
			// One draw of 64,512; whoever keeps the port draws it again.
			if (ours.some((o) => drewTheSame(real[i]!, o))) real[i] = (await observeKernel(agent, world.net, [attempt]))[0]!;
			const same = ours.find((o) => o.hops.at(-1) === real[i]!.hops.at(-1)) ?? ours[0]!;
			wanted[attemptName(attempt)] = real[i]!;
			got[attemptName(attempt)] = same;
		}
		expect(got).toEqual(wanted);
		// Nobody agrees on nothing.
		expect(real.filter((o) => o.hops.length > 0 && Object.keys(o.conntrack).length > 0).length).toBeGreaterThan(5);
	};

	for (const { id } of GENERATIONS)
		for (const externalTrafficPolicy of ['Cluster', 'Local'] as const)
			for (const replicas of id === 'bare-1.24' || id === 'bare-1.33' ? [1, 0, 2] : [1])
				test(`${id}, externalTrafficPolicy ${externalTrafficPolicy}, ${replicas} endpoints`, () =>
					compare(
						make(
							{ externalTrafficPolicy },
							{ bundle: id, replicas, podOn: replicas === 1 ? 'basic-worker' : undefined },
						),
					));

	test('internalTrafficPolicy Local', () =>
		compare(make({ internalTrafficPolicy: 'Local' }, { replicas: 1, podOn: 'basic-worker' })));

	test('without kube-proxy: nothing is translated, the kubelet has only its own rules', () =>
		compare(make({}, { kubeProxy: 'none', replicas: 1, podOn: 'basic-worker' })));

	for (const { id } of GENERATIONS)
		test(`${id}, a load balancer for some sources, and an external address`, async () => {
			const world = make(
				{
					loadBalancerSourceRanges: [parsePrefix('172.18.0.3/32')!, parsePrefix('10.244.2.0/24')!],
					externalIPs: [parseIp(EXTERNAL_IP)!],
				},
				{ bundle: id, replicas: 1, podOn: 'basic-worker' },
			);
			const froms = [
				'host',
				'node/basic-worker',
				'node/basic-worker2',
				'pod/default/client-same',
				'pod/default/client-other',
			];
			await compare(
				world,
				froms.flatMap((from) =>
					[LB_IP, EXTERNAL_IP].flatMap((ip) =>
						(['tcp', 'udp'] as const).map((proto) => ({ from, proto, ip, port: 8080 })),
					),
				),
			);
		});

	test('sessionAffinity ClientIP: one client, one endpoint, whatever the way in', async () => {
		const world = make({ sessionAffinity: 'ClientIP' }, { replicas: 2 });
		await prepare(world);
		for (const [from, ip, port] of [
			['pod/default/client-same', CLUSTER_IP, 8080],
			['node/basic-worker2', CLUSTER_IP, 8080],
			['host', WORKER, NODE_PORT],
		] as const) {
			const attempts: Attempt[] = Array.from({ length: 8 }, () => ({ from, proto: 'tcp', ip, port }));
			// One after another: a burst would race for the first entry.
			const real: (string | undefined)[] = [];
			for (const attempt of attempts) real.push((await observeKernel(agent, world.net, [attempt]))[0]!.server);
			expect(new Set(real).size).toBe(1);
			expect(real[0]).toBeDefined();
			let state = world;
			const ours = attempts.map(() => {
				const next = apply(state, {
					kind: 'connect',
					probe: { from, to: { ip: parseIp(ip)!, port }, protocol: 'tcp' },
				});
				if ('error' in next) throw new Error(JSON.stringify(next.error));
				state = next.world;
				return next.outcome!.server;
			});
			expect(new Set(ours).size).toBe(1);
			expect(ours[0]).toBeDefined();
		}
	});
});
