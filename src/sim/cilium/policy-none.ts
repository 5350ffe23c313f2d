/** `policy/policy.ts` for the browser's figures: everything is allowed, as in a cluster without a policy. */
import type { Policy } from './policy/policy.ts';

export const policy: Policy | undefined = undefined;
