/** Admission webhooks: their configurations, which requests are for them, the call, and what its answer means. */
export { bindingErrors, defaultHooks, defaultPolicy, hookErrors, policyErrors } from './configuration.ts';
export { type Admission, admitByHooks } from './dispatch.ts';
export { tellDefinition } from './unevaluated.ts';
