export { surroundings, tools } from './all.ts';
export * from './shell/index.ts';
export type { Call, Files, Place, Tool } from './tool.ts';
export { Interrupted } from './tool.ts';
