import { expect, test } from 'vitest';
import { runSituation } from '../../../src/exercises/index.ts';
import { scenarioById } from '../../../src/sim/scenarios/index.ts';
import { devicesOf, namespacesOf } from '../../../src/sim/world/index.ts';

// Fragments come with Cilium in the browser (src/sim/wire/fragment-later.ts).
test('without Cilium no packet is longer than any link takes', () => {
	const scenario = scenarioById('kind-basic')!;
	const bundles = scenario.bundles.filter(({ cni }) => cni !== 'cilium');
	expect(bundles.length).toBeGreaterThan(0);
	const { services, nodes } = scenario.cluster;
	const targets = services.flatMap(({ clusterIP, ports }) =>
		ports.flatMap(({ port, nodePort, protocol }) => [
			...(typeof clusterIP === 'number' ? [{ ip: clusterIP, port, protocol }] : []),
			...(nodePort ? nodes.map(({ internalIP }) => ({ ip: internalIP, port: nodePort, protocol })) : []),
		]),
	);
	let seen = 0;
	for (const { id: bundle } of bundles)
		for (const { ip, port, protocol } of targets)
			for (const from of ['host', `node/${nodes[1]!.name}`]) {
				const probe = { from, to: { ip, port }, protocol: protocol === 'UDP' ? ('udp' as const) : ('tcp' as const) };
				const { world, outcome } = runSituation({ scenario: scenario.id, settings: { bundle }, probe });
				const mtu = Math.min(...namespacesOf(world).flatMap((ns) => devicesOf(world, ns).map((d) => d.mtu)));
				const longest = Math.max(...outcome.trace.map((d) => d.before?.length ?? 0));
				seen = Math.max(seen, longest);
				expect(longest, JSON.stringify(probe)).toBeLessThanOrEqual(mtu);
				expect(outcome.trace.filter((d) => /fragment|reassembled/.test(d.why.code))).toEqual([]);
			}
	expect(seen).toBeGreaterThan(100);
});
