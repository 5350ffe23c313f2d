/** Rules and conditions in CEL: fetched when somebody writes the first (`cel-later.ts`). */
export { hookMatches } from './admission.ts';
export { type Environment, speak } from './language.ts';
export { admitByPolicies, conditionFaults, policyFaults } from './policies.ts';
export { customErrors, hasRules, ruleFaults } from './rules.ts';
