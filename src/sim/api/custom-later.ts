/**
 * What only people bring into a cluster, through kubectl, which fetches these before it does anything: definitions of
 * their own, whose schema custom resources are checked by (Cilium's own kinds do without), quotas and limits.
 */
type Custom = typeof import('./custom/index.ts');
type Limits = typeof import('./limits/index.ts');

let custom: Custom | undefined;
let limits: Limits | undefined;

/** Undefined until they were fetched. */
export const customChecks = (): Custom | undefined => custom;
/** Undefined until they were fetched. */
export const limitChecks = (): Limits | undefined => limits;

/** To be awaited by whoever lets people write definitions and limits. */
export const loadCustomChecks = async (): Promise<void> => {
	limits ??= await import('./limits/index.ts');
	custom ??= await import('./custom/index.ts');
};
