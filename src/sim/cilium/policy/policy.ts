/**
 * Network policies behind one door: what the programs ask, and what the agent writes. In the browser
 * `../policy-none.ts` stands in its place for figures (`src/integrations/smaller-world.ts`): no lesson has a policy yet.
 */
import { type PolicyPrograms, policyPrograms } from './check.ts';
import { syncPolicies } from './sync.ts';

export interface Policy {
	readonly programs: PolicyPrograms;
	readonly sync: typeof syncPolicies;
}

export const policy: Policy | undefined = { programs: policyPrograms, sync: syncPolicies };
