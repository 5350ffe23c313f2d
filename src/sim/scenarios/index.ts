/** The presets, one file each. */
import type { Scenario } from '../world/index.ts';
import { kindBasic } from './kind-basic.ts';

export { BUNDLES } from './bundles.ts';
export { FLEET_NODE, FLEET_NODE_PORT, fleet } from './fleet.ts';
export { type KindNetwork, kindNetwork } from './kind-network.ts';
export { kindBasic };

export const SCENARIOS: readonly Scenario[] = [kindBasic];

/** A preset by its id. */
export const scenarioById = (id: string): Scenario | undefined => SCENARIOS.find((s) => s.id === id);
