/**
 * Network policies behind one door: what the programs ask, and what the agent writes. In the browser
 * `../policy-none.ts` stands in its place for figures (`src/integrations/smaller-world.ts`): no lesson has a policy yet.
 */
import { type PolicyPrograms, policyPrograms } from './check.ts';
import { syncPolicies } from './sync.ts';

export type { PolicyPrograms } from './check.ts';
export { type PolicyMatch, policyColumns, policyPort } from './columns.ts';
export { LOCAL_IDENTITY } from './identities.ts';
export { peerIdentities } from './resolve.ts';
export { selects as selectsLabels } from './selector.ts';
export { nodePolicyContext } from './sync.ts';

export interface Policy {
	readonly programs: PolicyPrograms;
	readonly sync: typeof syncPolicies;
}

export const policy: Policy | undefined = { programs: policyPrograms, sync: syncPolicies };
