/**
 * The language of admission policies, of rules in definitions and of webhooks' conditions comes with the first object
 * that has some, and its interpreter from whoever has one: the simulator itself has no package.
 */
import type { Environment } from './cel/index.ts';

type Cel = typeof import('./cel/index.ts');

let cel: Cel | undefined;

/** Undefined until it was fetched. */
export const expressions = (): Cel | undefined => cel;

/** To be awaited before a server is handed something that `hasExpressions`. */
export const loadExpressions = async (interpreter: () => Environment): Promise<void> => {
	if (cel !== undefined) return;
	const made = await import('./cel/index.ts');
	made.speak(interpreter());
	cel = made;
};

/** Whether a text that somebody is about to write may have some. */
export const hasExpressions = (text: string): boolean =>
	/x-kubernetes-validations|matchConditions|ValidatingAdmissionPolicy/.test(text);
