/**
 * Which address MASQUERADE takes: random sets of addresses of every scope on the output device and beside it, in the
 * kernel and in the simulator. And the tables that `ip` prints of the same networks.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNet, formatRoutes, RT_TABLE_LOCAL } from '../../src/sim/linux/index.ts';
import { type Agent, startAgent, whyNot } from './harness/agent.ts';
import { Builder } from './harness/build.ts';
import { describeNetwork } from './harness/describe.ts';
import { createKernelNet } from './harness/kernel-net.ts';
import { type Attempt, type Observation, observeKernel, observeSimulator } from './harness/observe.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/masquerade: skipped, ${reason}`);

const scope = fc.constantFrom('global' as const, 'global' as const, 'link' as const, 'host' as const);
const address = (net: string) =>
	fc.record({
		text: fc
			.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 2, max: 30 }), fc.constantFrom(24, 25, 32))
			.map(([n, host, length]) => `${net}.${n}.${host}/${length}`),
		scope,
	});
const addresses = (net: string, maxLength: number) =>
	fc.uniqueArray(address(net), { maxLength, selector: (a) => a.text.split('/')[0] });

/** Addresses of the output device, of another device before it, of one after it, of lo. */
const situation = fc.record({
	out: addresses('10.1', 3),
	before: addresses('10.2', 2),
	after: addresses('10.3', 2),
	lo: fc.constantFrom<readonly { text: string; scope: 'global' | 'host' }[]>(
		[],
		[],
		[{ text: '10.4.0.1/32', scope: 'global' }],
		[{ text: '10.4.0.1/32', scope: 'host' }],
	),
	/** Next hop: the pod's own address on a device route, or a gateway. */
	gateway: fc.boolean(),
	hint: fc.boolean(),
});
type Situation = typeof situation extends fc.Arbitrary<infer T> ? T : never;

const RULES =
	'*nat\n:PREROUTING ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -o out -j MASQUERADE\nCOMMIT\n';

/** c asks the pod through node n, which masquerades on `out`; the pod sends every answer back to n. */
const build = (b: Builder, s: Situation): void => {
	b.ns('n', { ip_forward: true })
		.ns('c')
		.ns('pod')
		.ns('x')
		.link('n:in', 'c:eth0')
		.link('n:before', 'x:a')
		.link('n:out', 'pod:eth0')
		.link('n:after', 'x:b');
	for (const a of s.lo) b.address('n:lo', a.text, a.scope);
	// The way in has an address that MASQUERADE never may take by itself being global: it is link-scoped.
	b.address('n:in', '10.9.0.1/24', 'link').address('c:eth0', '10.9.0.10/24').route('c', 'default', { via: '10.9.0.1' });
	for (const dev of ['before', 'out', 'after'] as const)
		for (const a of s[dev]) b.tryAddress(`n:${dev}`, a.text, a.scope);
	b.address('pod:eth0', '10.244.1.5/32')
		.address('pod:eth0', '10.1.0.1/32')
		.route('pod', 'default', { dev: 'eth0', scope: 'link' });
	const src = s.hint ? s.before.find((a) => a.scope === 'global')?.text.split('/')[0] : undefined;
	b.route(
		'n',
		'10.244.1.5/32',
		s.gateway ? { via: '10.1.0.1', dev: 'out', onlink: true, src } : { dev: 'out', scope: 'link', src },
	);
	b.server('pod', 80).rules('n', RULES);
};

describe.skipIf(reason !== undefined)("MASQUERADE's address in the kernel and in the simulator", () => {
	const net = createNet({ seed: 11 });
	const situations = fc.sample(situation, { numRuns: 60, seed: 20240607 });
	const attempts = situations.map((s, i): Attempt => {
		build(new Builder(net, `m${i}`), s);
		return { from: `m${i}/c`, proto: 'tcp', ip: '10.244.1.5', port: 80 };
	});
	let agent: Agent;
	let real: Observation[];
	beforeAll(async () => {
		agent = startAgent();
		await createKernelNet(agent).sync(describeNetwork(net));
		real = await observeKernel(agent, net, attempts);
	});
	afterAll(() => agent.close());

	test('is the same for sixty random sets of addresses', () => {
		const brief = (o: Observation) => ({
			result: o.result,
			observed: o.observed,
			hops: o.hops,
			conntrack: o.conntrack,
		});
		for (const [i, attempt] of attempts.entries())
			expect({ ...situations[i], ...brief(observeSimulator(net, attempt)) }).toEqual({
				...situations[i],
				...brief(real[i]!),
			});
		// Not all of one kind.
		expect(new Set(real.map((o) => o.result))).toEqual(new Set(['connected', 'timeout']));
		expect(new Set(real.map((o) => o.observed?.split('.')[1])).size).toBeGreaterThan(3);
	});

	test('stands among the same routes, as `ip route show` prints them', async () => {
		for (const [i] of situations.entries()) {
			const ns = net.namespaces.get(`m${i}/n`)!;
			const [main, local] = await agent.run(
				['main', 'local'].map((table) => ({ ns: ns.name, argv: ['ip', '-4', 'route', 'show', 'table', table] })),
			);
			const lines = (text: string) =>
				text
					.split('\n')
					.map((l) => l.trim())
					.filter(Boolean)
					.sort();
			expect({ i, main: [...formatRoutes(ns)].map((l) => l.trim()).sort() }).toEqual({ i, main: lines(main!.out) });
			expect({ i, local: [...formatRoutes(ns, RT_TABLE_LOCAL)].map((l) => l.trim()).sort() }).toEqual({
				i,
				local: lines(local!.out),
			});
		}
	});
});
