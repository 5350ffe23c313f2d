/**
 * The checks of custom resources by their definition's own schema. Only people bring such definitions, through kubectl,
 * which fetches the checks before it does anything; Cilium's own kinds do without them.
 */
type Custom = typeof import('./custom/index.ts');

let custom: Custom | undefined;

/** Undefined until they were fetched. */
export const customChecks = (): Custom | undefined => custom;

/** To be awaited by whoever lets people write definitions. */
export const loadCustomChecks = async (): Promise<void> => {
	custom ??= await import('./custom/index.ts');
};
