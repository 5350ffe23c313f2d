/** Scenarios, actions and what comes of them: the simulator behind one door. */
export { type Applied, advance, EVENT_BUDGET, HISTORY, MAX_ADVANCE } from './advance.ts';
export { type ApplyOptions, apply } from './apply.ts';
export type { CiliumList, CiliumMessage, Printed } from './cilium.ts';
export { hasCilium, loadCilium } from './cilium.ts';
export { ciliumAt } from './cilium-at.ts';
export { ciliumListOf } from './cilium-lists.ts';
export { helmFindings, helmKeysOf } from './cnis.ts';
export { type Replayed, replay, undo } from './history.ts';
export { requestingLine } from './listeners.ts';
export { fullNs, nodeNs, nodeOfNs, podNs } from './names.ts';
export { hopsOf } from './outcome.ts';
export {
	encodeLink,
	LINK_CAPS,
	LINK_FORMAT,
	type Link,
	type LinkAction,
	SIMULATOR_VERSION,
} from './permalink.ts';
export { decodeLink } from './permalink-read.ts';
export * from './scenario.ts';
export { bundleOf, MAX_REPLICAS, mergeSettings, SETTING_NAMES } from './settings.ts';
export { type ObjectChange, syncWorld } from './sync.ts';
export * from './types.ts';
export * from './view.ts';
export { createWorld, type Moment, type World } from './world.ts';
