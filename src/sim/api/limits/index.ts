/** Limits that people set to a namespace, its pods' security among them: fetched before somebody can set any (`for-people.ts`). */

export * from './classes.ts';
export { secureUpdate, securityLabelFaults, securityRefusal } from './pod-security.ts';
export { countQuotas, quotaRefusal } from './quota.ts';
export { defaultRange, limitPod, rangeRefusal } from './range.ts';
