import { describe, expect, it } from 'vitest';
import { defaultProxyConfig, kubeletRules, proxyRules, proxyState } from '../../../../src/sim/kube/index.ts';
import { applyPatches, printIptablesSave } from '../../../../src/sim/linux/index.ts';
import { FLEET_NODE, FLEET_NODE_PORT, fleet, kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { nodesOf, type Scenario, servicesOf, slicesOf, type World } from '../../../../src/sim/world/index.ts';
import { rulesetOf } from '../../../../src/sim/world/view.ts';
import { connect, worldOf } from './helpers.ts';

/** The same rules, written at once and by hand. */
function eager(world: World, scenario: Scenario, name: string): string {
	const node = nodesOf(world).find((n) => n.metadata.name === name)!;
	const config = defaultProxyConfig('1.24', { name, ip: node.internalIP, clusterCIDR: scenario.cluster.podCIDR });
	const state = proxyState(servicesOf(world), slicesOf(world));
	return printIptablesSave(applyPatches({}, [...kubeletRules('1.24.0'), ...proxyRules(state, config).patches]));
}

describe('rules of many services', () => {
	it('made when looked at, are those made at once', () => {
		for (const settings of [{}, { replicas: 3 }, { externalTrafficPolicy: 'Local', replicas: 2 }] as const) {
			const world = worldOf({ bundle: 'bare-1.24', ...settings });
			for (const node of nodesOf(world)) {
				const { name } = node.metadata;
				expect(printIptablesSave(rulesetOf(world, name))).toBe(eager(world, kindBasic, name));
			}
		}
		const scenario = fleet(200);
		const world = worldOf({}, scenario);
		expect(printIptablesSave(rulesetOf(world, 'here'))).toBe(eager(world, scenario, 'here'));
	});

	it('are tried one after the other by a packet for a NodePort', () => {
		for (const services of [10, 1000]) {
			const world = worldOf({}, fleet(services));
			const to = [24, 16, 8, 0].map((shift) => (FLEET_NODE >>> shift) & 255).join('.');
			const { outcome } = connect(world, 'host', `${to}:${FLEET_NODE_PORT}`);
			expect(outcome).toMatchObject({ result: 'connected', server: 'echo' });
			const hit = outcome.trace.find((d) => d.chain === 'KUBE-SERVICES' && d.table === 'nat' && d.rule !== undefined);
			// One rule per service, the echo server's own among them; the jump to the node ports is last.
			expect(hit).toMatchObject({ rule: services + 2, tried: services + 1 });
		}
	});
});
