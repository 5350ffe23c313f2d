/** Limits that people set to a namespace: fetched before somebody can set any (`for-people.ts`). */
export { countQuotas, quotaRefusal } from './quota.ts';
export { defaultRange, limitPod, rangeRefusal } from './range.ts';
