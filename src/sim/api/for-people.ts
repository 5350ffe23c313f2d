/**
 * What only people bring into a cluster, through kubectl, which fetches these before it does anything: definitions of
 * their own, whose schema custom resources are checked by (Cilium's own kinds do without), quotas and limits; roles,
 * webhooks of admission, JSON patches, mistakes that only people make, parts of objects that only they write, and the
 * tables that only people look at.
 */
import { knowPeoples } from './schema/read.ts';

type Access = typeof import('./access/index.ts');
type Custom = typeof import('./custom/index.ts');
type JsonPatch = typeof import('./json-patch.ts');
type Limits = typeof import('./limits/index.ts');
type Printers = typeof import('./printers/index.ts');
type Validation = typeof import('./validation/index.ts');
type Webhooks = typeof import('./webhooks/index.ts');

let access: Access | undefined;
let custom: Custom | undefined;
let jsonPatch: JsonPatch | undefined;
let limits: Limits | undefined;
let printers: Printers | undefined;
let validation: Validation | undefined;
let webhooks: Webhooks | undefined;

/** Undefined until they were fetched. */
export const accessControl = (): Access | undefined => access;
/** Undefined until they were fetched. */
export const customChecks = (): Custom | undefined => custom;
/** Undefined until they were fetched. */
export const jsonPatches = (): JsonPatch | undefined => jsonPatch;
/** Undefined until they were fetched. */
export const limitChecks = (): Limits | undefined => limits;
/** Undefined until they were fetched. */
export const peoplesMistakes = (): Validation | undefined => validation;
/** Undefined until they were fetched. */
export const webhookCalls = (): Webhooks | undefined => webhooks;

/** Throws before they were fetched: who prints has to fetch. */
export const tablePrinter = (): Printers => {
	if (printers === undefined) throw new Error('tables are printed after loadForPeople');
	return printers;
};

/** To be awaited by whoever lets people write definitions and limits, or read tables. */
export const loadForPeople = async (): Promise<void> => {
	access ??= await import('./access/index.ts');
	printers ??= await import('./printers/index.ts');
	jsonPatch ??= await import('./json-patch.ts');
	limits ??= await import('./limits/index.ts');
	custom ??= await import('./custom/index.ts');
	validation ??= await import('./validation/index.ts');
	webhooks ??= await import('./webhooks/index.ts');
	knowPeoples((await import('./schema/people.ts')).PEOPLE_TYPES);
};
