/** Decision records: the one account of what happened that everything shown is derived from. */
export type { Decision, Draft, Headers, Hook, Recorder, Verdict } from './decision.ts';
export { canonical, digestOf, traceDigest } from './digest.ts';
export { headersOf } from './headers.ts';
export { md5 } from './md5.ts';
export { md5Crypt } from './md5-crypt.ts';
export { createRecorder, type TraceRecorder } from './recorder.ts';
export { sha1 } from './sha1.ts';
export { base32, hex, sha256 } from './sha256.ts';
export { sha384, sha512, sha512With256 } from './sha512.ts';
export type { Why, WhyCode, WhyParams } from './why.ts';
