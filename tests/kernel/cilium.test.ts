/**
 * What Cilium puts on a node besides its programs: devices, addresses of their scope, routes and rules, taken by a
 * real kernel as they are. Where the kernel alone delivers to pods (`endpointRoutes.enabled`), packets are sent too,
 * in the simulator with the programs taken off, because the kernel here runs none.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
	forkNet,
	formatRoutes,
	type Network,
	printIptablesSave,
	setConnectPrograms,
	setDevice,
} from '../../src/sim/linux/index.ts';
import { kindBasic } from '../../src/sim/scenarios/kind-basic.ts';
import { boundPod } from '../../src/sim/scenarios/objects.ts';
import { createWorld, type Settings, type World } from '../../src/sim/world/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet, type KernelNet } from './harness/kernel-net.ts';
import { type Attempt, attemptName, type Observation, observeKernel, observeSimulator } from './harness/observe.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/cilium: skipped, ${reason}`);

const make = (settings: Partial<Settings>): World => {
	const pods = [
		boundPod('default', 'client-same', 'basic-worker', [], {}),
		boundPod('default', 'client-other', 'basic-worker2', [], {}),
	];
	const scenario = { ...kindBasic, cluster: { ...kindBasic.cluster, pods: [...kindBasic.cluster.pods, ...pods] } };
	const made = createWorld(scenario, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

/** The network with no program attached anywhere. */
const withoutPrograms = (from: Network): Network => {
	const net = forkNet(from);
	for (const ns of net.namespaces.values()) {
		setConnectPrograms(net, ns.name, []);
		for (const device of ns.devices.values())
			setDevice(net, ns.name, device.name, { xdp: undefined, tcIngress: undefined, tcEgress: undefined });
	}
	return net;
};

const ruleLines = (text: string): string[] =>
	text
		.split('\n')
		.filter((line) => /^(\*|-A|COMMIT)/.test(line))
		.map((line) => line.replace(/ +/g, ' '));
const sorted = (lines: readonly string[]): string[] =>
	lines
		.map((l) => l.trim())
		.filter(Boolean)
		.sort();

describe.skipIf(reason !== undefined)("Cilium's part of a node in the kernel", () => {
	let agent: Agent;
	let kernel: KernelNet;
	beforeAll(() => {
		agent = startAgent();
		kernel = createKernelNet(agent);
	});
	afterAll(() => agent.close());

	for (const bundle of ['cilium-1.12', 'cilium-1.18'])
		for (const endpointRoutes of ['false', 'true'])
			for (const kubeProxy of ['iptables', 'none'] as const)
				test(`${bundle}, endpointRoutes ${endpointRoutes}, kube-proxy ${kubeProxy}: rules and routes read back as we print them`, async () => {
					const world = make({ bundle, kubeProxy, helm: { 'endpointRoutes.enabled': endpointRoutes } });
					await kernel.sync(describeNetwork(world.net));
					for (const ns of world.net.namespaces.values()) {
						const [routes, rules] = await agent.run([
							{ ns: ns.name, argv: ['ip', '-4', 'route', 'show'] },
							{ ns: ns.name, argv: ['iptables-save'] },
						]);
						expect({ ns: ns.name, routes: sorted(formatRoutes(ns)) }).toEqual({
							ns: ns.name,
							routes: sorted(routes!.out.split('\n')),
						});
						if (!ns.name.startsWith('node/')) continue;
						const tables = (text: string) =>
							Object.fromEntries(
								ruleLines(text)
									.join('\n')
									.split('COMMIT')
									.map((t) => [t.trim().split('\n')[0], t.trim().split('\n').slice(1)]),
							);
						expect(tables(printIptablesSave(ns.ruleset))).toEqual(tables(rules!.out));
					}
				});

	for (const bundle of ['cilium-1.12', 'cilium-1.18'])
		test(`${bundle}, endpointRoutes: packets take the way the kernel gives them`, async () => {
			const net = withoutPrograms(
				make({ bundle, podOn: 'basic-worker', helm: { 'endpointRoutes.enabled': 'true' } }).net,
			);
			await kernel.sync(describeNetwork(net));
			const targets: [string, string, number][] = [];
			for (const from of [
				'host',
				'node/basic-worker',
				'node/basic-worker2',
				'pod/default/client-same',
				'pod/default/client-other',
			])
				for (const [ip, port] of [
					['172.18.0.3', 32017],
					['172.18.0.2', 32017],
					['10.96.101.186', 8080],
					['10.244.1.199', 8080],
					['127.0.0.1', 32017],
					['172.18.0.1', 9],
				] as const)
					if (!(from === 'host' && (ip.startsWith('10.') || ip.startsWith('127.')))) targets.push([from, ip, port]);
			const attempts = targets.map(([from, ip, port]): Attempt => ({ from, proto: 'tcp', ip, port }));
			const real = await observeKernel(agent, net, attempts);
			const named = (see: (a: Attempt, i: number) => Observation) =>
				Object.fromEntries(attempts.map((a, i) => [attemptName(a), see(a, i)]));
			expect(named((a) => observeSimulator(net, a))).toEqual(named((_, i) => real[i]!));
		});
});
