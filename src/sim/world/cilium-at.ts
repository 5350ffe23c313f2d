import type { CiliumSettings } from '../cilium/index.ts';
import { isCiliumError } from './cilium.ts';
import { settingsOfCilium } from './cnis.ts';
import { settingsOfNode } from './mixed-cni.ts';
import { bundleOf } from './settings.ts';
import type { Moment } from './world.ts';

/** What the agent of a node goes by; undefined without Cilium, or where there is no such node. */
export function ciliumAt(world: Moment, node: string): CiliumSettings | undefined {
	const { scenario } = world;
	const spec = scenario.cluster.nodes.find(({ name }) => name === node);
	if (!spec) return undefined;
	const own = settingsOfNode?.(spec, bundleOf(scenario, world.settings).kernel);
	const settings = own ?? settingsOfCilium(scenario, world.settings);
	return settings && !isCiliumError(settings) ? settings : undefined;
}
