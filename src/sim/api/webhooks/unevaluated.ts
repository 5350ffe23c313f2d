/**
 * Expressions in CEL: servers that do not know them drop them, and where nobody fetched the language (whoever writes such
 * an object without saying so before), who writes them is told that they do nothing.
 */
import { expressions } from '../cel-later.ts';
import { type Draft, isRecord, sub, subs, text } from '../json.ts';

const NO_CEL = 'the simulator evaluates no CEL here: ';

/** Minors from which on each is enabled. */
const CONDITIONS = 28;
const RULES = 25;
const SELECTABLE = 31;

/** Conditions of webhooks; servers that do not know them drop them. */
export const tellConditions = (object: Draft, minor: number, tell: (text: string) => void): void => {
	for (const hook of subs(object, 'webhooks')) {
		if (hook.matchConditions === undefined) continue;
		if (minor < CONDITIONS) delete hook.matchConditions;
		else if (!expressions())
			tell(
				`${NO_CEL}the webhook ${JSON.stringify(text(hook, 'name') ?? '')} is called whatever its matchConditions say`,
			);
	}
};

export const tellPolicy = (tell: (text: string) => void): void => {
	if (!expressions()) tell(`${NO_CEL}this policy is stored and refuses nothing`);
};

const validations = (schema: unknown, drop: boolean): boolean => {
	if (Array.isArray(schema)) return schema.map((one) => validations(one, drop)).includes(true);
	if (!isRecord(schema)) return false;
	let found = false;
	for (const [key, value] of Object.entries(schema)) {
		// A property may have that name as well.
		if (key === 'x-kubernetes-validations' && Array.isArray(value)) {
			found = true;
			if (drop) delete schema[key];
		} else if (validations(value, drop)) found = true;
	}
	return found;
};

/** Rules of a definition's schemas, and its conversion. */
export const tellDefinition = (object: Draft, minor: number, tell: (text: string) => void): void => {
	const drop = minor < RULES;
	if (minor < SELECTABLE) for (const version of subs(object, 'spec', 'versions')) delete version.selectableFields;
	const has = subs(object, 'spec', 'versions')
		.map((version) => validations(sub(version, 'schema').openAPIV3Schema, drop))
		.includes(true);
	if (has && !drop && !expressions()) tell(`${NO_CEL}rules of x-kubernetes-validations are stored and refuse nothing`);
	if (text(object, 'spec', 'conversion', 'strategy') === 'Webhook')
		tell(
			'the simulator calls no webhooks for conversion: objects are given in other versions with the fields they have',
		);
};
