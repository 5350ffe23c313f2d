/** Scenarios, actions and what comes of them: the simulator behind one door. */
export * from './permalink.ts';
export * from './scenario.ts';
export { bundleOf, MAX_REPLICAS, mergeSettings, SETTING_NAMES } from './settings.ts';
export * from './types.ts';
