export { buildSite, isStale } from './build.ts';
export { DIST, listFiles, newest, ROOT } from './paths.ts';
export { killTree, type RunOptions, type RunResult, run, runNode } from './run.ts';
export { type ServedSite, type ServeOptions, serve } from './serve.ts';
