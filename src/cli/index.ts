export { surroundings, tools } from './all.ts';
export { statusOf } from './cilium/index.ts';
export { readKindFile } from './kind/index.ts';
export { type ReadError, readManifests } from './kube/index.ts';
export * from './shell/index.ts';
export { furnish } from './start.ts';
export type { Call, Files, Place, Tool } from './tool.ts';
export { Interrupted } from './tool.ts';
