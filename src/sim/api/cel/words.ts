/**
 * What is wrong with an expression, in cel-go's words: the interpreter here tells the same things with codes of its own.
 *
 * Source: cel-go v0.23 common/error.go (ToDisplayString), checker/errors.go, common/types (no such key, no such overload,
 * division by zero). Of what is no expression at all the words are the interpreter's, not those of ANTLR's parser.
 */
import type { CelError } from './language.ts';

/** `ERROR: <input>:1:5: …` with the line and a caret below. */
const pointed = (source: string, at: number, words: string): string => {
	const before = source.slice(0, at).split('\n');
	const column = [...before.at(-1)!].length;
	const line = source.split('\n')[before.length - 1] ?? '';
	return `ERROR: <input>:${before.length}:${column + 1}: ${words}\n | ${line}\n | ${'.'.repeat(column)}^`;
};

const OPERATORS: Readonly<Record<string, string>> = { in: '@in' };

/** `int + string` as `found no matching overload for '_+_' applied to '(int, string)'`, and where the operator is. */
const operatorFault = (source: string, { summary, range }: CelError): string | undefined => {
	const [, left, operator, right] =
		/^no such overload: (.+?) (==|!=|<=|>=|<|>|\+|-|\*|\/|%|in) (.+)$/.exec(summary) ?? [];
	if (left === undefined || operator === undefined || right === undefined) return undefined;
	const types = [left, right].map(typeName).join(', ');
	const name = OPERATORS[operator] ?? `_${operator}_`;
	const start = range?.start ?? 0;
	// The last of them within the part at fault: what is left of it binds first.
	const within = source.slice(start, range?.end ?? source.length);
	const at = Math.max(0, within.lastIndexOf(operator));
	return pointed(source, start + at, `found no matching overload for '${name}' applied to '(${types})'`);
};

/** `dyn<int>` is what the interpreter found behind what nobody declared. */
const typeName = (type: string): string =>
	type
		.replace(/^dyn<.*>$/, 'dyn')
		.replaceAll('google.protobuf.Timestamp', 'timestamp')
		.replaceAll('google.protobuf.Duration', 'duration')
		.replaceAll('<', '(')
		.replaceAll('>', ')');

const callFault = (
	source: string,
	{ summary, range }: CelError,
	known: (name: string) => boolean,
): string | undefined => {
	const [, call] = /^found no matching overload for '(.+)'$/.exec(summary) ?? [];
	const [, target, name, args] = /^(?:(.+)\.)?(\w+)\((.*)\)$/.exec(call ?? '') ?? [];
	if (name === undefined || args === undefined) return undefined;
	const start = range?.start ?? 0;
	const found = source.slice(start, range?.end ?? source.length).lastIndexOf(`${name}(`);
	const at = start + Math.max(0, found) + (found < 0 ? 0 : name.length);
	const given = `(${args.split(', ').map(typeName).join(', ')})`;
	return pointed(
		source,
		at,
		known(name)
			? `found no matching overload for '${name}' applied to '${target === undefined ? given : `${typeName(target)}.${given}`}'`
			: `undeclared reference to '${name}' (in container '')`,
	);
};

/** Why it cannot be compiled. */
export const compileWords = (source: string, fault: CelError, known: (name: string) => boolean): string => {
	const at = fault.range?.start ?? 0;
	switch (fault.code) {
		case 'unknown_variable':
			return pointed(
				source,
				at,
				`undeclared reference to '${fault.summary.replace(/^Unknown variable: /, '')}' (in container '')`,
			);
		case 'no_such_key': {
			const field = fault.summary.replace(/^No such key: /, '');
			// Where the field stands, or the whole selection: the point before it is meant.
			const named = at + source.slice(at, fault.range?.end).lastIndexOf(field);
			return pointed(source, Math.max(0, named - 1), `undefined field '${field}'`);
		}
		case 'no_such_overload':
			return operatorFault(source, fault) ?? pointed(source, at, fault.summary);
		case 'no_matching_overload':
			return callFault(source, fault, known) ?? pointed(source, at, fault.summary);
		case 'incompatible_ternary_branches':
			return pointed(source, Math.max(at, source.indexOf('?', at)), "found no matching overload for '_?_:_'");
		default:
			return pointed(source, at, fault.name === 'ParseError' ? `Syntax error: ${fault.summary}` : fault.summary);
	}
};

/** Why it has no result. */
export const evaluationWords = ({ code, summary }: CelError): string => {
	switch (code) {
		case 'no_such_key':
			return summary.replace(/^No such key: /, 'no such key: ');
		case 'index_out_of_bounds':
			return `index out of bounds: ${/index (-?\d+)/.exec(summary)?.[1] ?? ''}`;
		case 'no_such_overload':
		case 'no_matching_overload':
		case 'invalid_logical_operand':
		case 'invalid_condition':
			return 'no such overload';
		case 'numeric_overflow':
			return 'integer overflow';
		default:
			return summary;
	}
};
