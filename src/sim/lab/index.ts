/**
 * The learner's lab: a machine with Docker, kind clusters and what runs in them as virtual time goes by.
 *
 * ```ts
 * const lab = createLab({ seed: 1, epoch: 1661940000 });
 * const run = lab.kind.create({ name: 'basic', config });      // as parsed from YAML
 * lab.run(lab.now + 120e6, () => run.state !== 'running');      // the clock moves here only
 * const cluster = lab.cluster('basic')!;
 * cluster.api.create(manifest);                                 // controllers and kubelets follow as time passes
 * lab.run(lab.now + 10e6);
 * cluster.world();                                              // the packets' view
 * ```
 */
export { BOOTSTRAP_PREFIX, BOOTSTRAP_TYPE, fieldOf, tokenSecret } from './bootstrap/tokens.ts';
export type { Pins } from './cluster/context.ts';
export * from './containers/index.ts';
export { loadContainers, loadContainersToLookAt, peoplesContainers } from './containers/later.ts';
export { processSpace } from './containers/process-space.ts';
export { loadControllers } from './controllers/index.ts';
export { type KindConfig, readKindConfig } from './kind/config.ts';
export { podSysctls, sandboxSysctls } from './kubelet/pod-sysctls.ts';
export { createLab, type LabOptions } from './lab.ts';
export { KIND_RELEASES } from './machine/node-images.ts';
export { isAddress } from './machine/published.ts';
export { loadPackets } from './packets.ts';
export { type KindNames, LAB_PRESETS, type LabPresetId, labPreset, openPreset } from './presets/index.ts';
export { changedByHand } from './projection/hand-rules.ts';
export { writtenPolicy } from './projection/policies.ts';
export { checksHealth } from './software/cilium/agent-config.ts';
export { lackingOf } from './software/cilium/lacking.ts';
export { commandOf, listensOf, programOf } from './software/programs.ts';
export type * from './types.ts';
