/** Decision records: the one account of what happened that everything shown is derived from. */
export type { Decision, Draft, Headers, Hook, Recorder, Verdict } from './decision.ts';
export type { Why, WhyCode, WhyParams } from './why.ts';
