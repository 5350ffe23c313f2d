/** Admission webhooks: their configurations, which requests are for them, the call, and what its answer means. */
export { defaultHooks, hookErrors } from './configuration.ts';
export { type Admission, admitByHooks } from './dispatch.ts';
export { tellDefinition, tellPolicy } from './unevaluated.ts';
