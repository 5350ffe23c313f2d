/** Network policies, for the agent's own tools too. */
export type { PolicyPrograms } from './check.ts';
export { type PolicyMatch, policyColumns, policyPort } from './columns.ts';
export { LOCAL_IDENTITY } from './identities.ts';
export { type Policy, policy } from './policy.ts';
export { peerIdentities } from './resolve.ts';
export { selects as selectsLabels } from './selector.ts';
export { nodePolicyContext } from './sync.ts';
