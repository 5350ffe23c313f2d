/**
 * The language: expressions compiled with the variables they may name, by an interpreter that is handed in.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/cel/{compile,activation}.go @ v1.33.0. Types of
 * objects are not known there either (`dyn`); here nor those of `request` and `namespaceObject`. Costs are not counted.
 */
import { addFunctions, LACKING } from './functions.ts';
import { compileWords, evaluationWords } from './words.ts';

/** What the interpreter throws, or a function of ours. */
export interface CelError {
	readonly name: string;
	readonly code: string;
	readonly summary: string;
	readonly range?: { readonly start: number; readonly end: number };
}

/** The interpreter: as much as is used here of the `Environment` of @marcbachmann/cel-js. */
export interface Environment {
	clone(): Environment;
	registerVariable(name: string, type: string): Environment;
	registerConstant(name: string, type: string, value: unknown): Environment;
	registerType(name: string, type: object): Environment;
	// biome-ignore lint/suspicious/noExplicitAny: its signature says what a function is given
	registerFunction(signature: string, handler: (...args: any[]) => unknown): Environment;
	// biome-ignore lint/suspicious/noExplicitAny: its signature says what an operator is given
	registerOperator(signature: string, handler: (...args: any[]) => unknown): Environment;
	check(source: string): { readonly valid: boolean; readonly type?: string; readonly error?: unknown };
	parse(source: string): (variables: Readonly<Record<string, unknown>>) => unknown;
	getDefinitions(): { readonly functions: readonly { readonly name: string }[] };
}

export type Evaluated = { readonly value: unknown; readonly error?: undefined } | { readonly error: string };

export interface Program {
	run(variables: Readonly<Record<string, unknown>>): Evaluated;
}

export type Compiled = { readonly program: Program; readonly type: string } | { readonly error: string };

/** A language with variables of its own; a type is a name of CEL's, `dyn` for what nobody knows. */
export interface Language {
	compile(source: string): Compiled;
}

let base: Environment | undefined;

/** Hands over an interpreter, with optional types and lists of anything. */
export const speak = (interpreter: Environment): void => {
	if (base !== undefined) return;
	base = interpreter;
	addFunctions(base);
};

/** Kubernetes' language without variables, to be given some. */
export const environment = (): Environment => base!.clone();

/** Texts within an expression, which name nothing. */
const unquoted = (source: string): string => source.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, "''");

/** Whether an expression speaks of a variable. */
export const mentions = (source: string, name: string): boolean =>
	new RegExp(`(?<![.\\w])${name}\\b`).test(unquoted(source));

const ownWords = (thrown: unknown): CelError => {
	const { name = '', code, summary, message, range } = thrown as CelError & { readonly message: string };
	return { name, code: code ?? '', summary: summary ?? message, ...(range ? { range } : {}) };
};

/** A language of an environment, which `checked` may know more types of than `run`. */
export const languageOf = (run: Environment, checked: Environment = run): Language => {
	const made = new Map<string, Compiled>();
	const names = new Set(run.getDefinitions().functions.map(({ name }) => name));
	const compile = (source: string): Compiled => {
		const lacking = LACKING.exec(unquoted(source))?.[0];
		if (lacking !== undefined)
			return {
				error: `the simulator's CEL does not have ${lacking === '`' ? 'names in backquotes' : lacking.replace(/^\.|\($/g, '')}`,
			};
		const verdict = checked.check(source);
		if (!verdict.valid)
			return {
				error: `compilation failed: ${compileWords(source, ownWords(verdict.error), (name) => names.has(name))}`,
			};
		const parsed = run.parse(source);
		return {
			type: String(verdict.type),
			program: {
				run(variables) {
					try {
						return { value: parsed(variables) };
					} catch (thrown) {
						return { error: evaluationWords(ownWords(thrown)) };
					}
				},
			},
		};
	};
	return {
		compile(source) {
			let found = made.get(source);
			if (found === undefined) {
				found = compile(source);
				made.set(source, found);
			}
			return found;
		},
	};
};
