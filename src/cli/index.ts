export { surroundings, tools } from './all.ts';
export { statusOf } from './cilium/cli/status-of.ts';
export { readKindFile } from './kind/index.ts';
export { type ReadError, readManifests } from './kube/index.ts';
export { type Connection, watchConnections } from './linux/connections.ts';
export * from './shell/index.ts';
export { furnish } from './start.ts';
export type { Call, Files, Place, Tool } from './tool.ts';
export { Interrupted } from './tool.ts';
