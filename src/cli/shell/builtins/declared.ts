/** Variables as they would be declared: `declare -p`, `export -p`, `readonly -p` (bash variables.c @ 5.2). */
import type { Result, State } from '../just-bash.ts';

interface Attributes extends State {
	integerVars?: Set<string>;
	lowercaseVars?: Set<string>;
	uppercaseVars?: Set<string>;
	namerefs?: Set<string>;
	/** Names that have attributes and no value. */
	declaredVars?: Set<string>;
}

/** A value within double quotes, or `$'...'` when it has what cannot be shown. */
export function quoted(value: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what cannot be shown.
	if (/[\x00-\x1f\x7f]/.test(value)) {
		const named: Readonly<Record<string, string>> = {
			'\n': 'n',
			'\t': 't',
			'\r': 'r',
			'\x07': 'a',
			'\b': 'b',
			'\v': 'v',
			'\f': 'f',
			'\x1b': 'E',
		};
		// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
		const text = value.replace(/[\\'\x00-\x1f\x7f]/g, (one) =>
			one === '\\' || one === "'" ? `\\${one}` : `\\${named[one] ?? one.charCodeAt(0).toString(8).padStart(3, '0')}`,
		);
		return `$'${text}'`;
	}
	return `"${value.replace(/["\\$`]/g, '\\$&')}"`;
}

/** Keys of a table stand bare where they are plain. */
const key = (word: string): string => (/^[\w./:@%+,=-]+$/.test(word) ? word : quoted(word));

export function letters(state: State, name: string): string {
	const all = state as Attributes;
	const kind = state.arrays?.get(name)?.kind;
	return [
		kind === 'indexed' ? 'a' : kind === 'associative' ? 'A' : '',
		all.integerVars?.has(name) ? 'i' : '',
		all.lowercaseVars?.has(name) ? 'l' : '',
		all.namerefs?.has(name) ? 'n' : '',
		state.readonlyVars?.has(name) ? 'r' : '',
		all.uppercaseVars?.has(name) ? 'u' : '',
		state.exportedVars.has(name) ? 'x' : '',
	].join('');
}

/** The words behind `declare`; undefined of what there is none. */
export function declaration(state: State, name: string): string | undefined {
	const array = state.arrays?.get(name);
	const flags = letters(state, name);
	const value = state.env.get(name);
	const begins = `-${flags || '-'} ${name}`;
	if (array) {
		const table = array.kind === 'associative';
		const all = [...array.elements].sort(([a], [b]) => (table ? 0 : Number(a) - Number(b)));
		const items = all.map(([at, one]) => `[${array.kind === 'associative' ? key(at) : at}]=${quoted(one)}`);
		return `${begins}=(${items.join(' ')}${array.kind === 'associative' && items.length > 0 ? ' ' : ''})`;
	}
	if (value !== undefined) return `${begins}=${quoted(value)}`;
	return flags !== '' ? begins : undefined;
}

/** `declare -p NAME...`: lines of those that are there. */
export function printed(
	name: string,
	names: readonly string[],
	state: State,
	has: (flags: string) => boolean = () => true,
): Result {
	let [stdout, stderr] = ['', ''];
	const all = new Set([
		...state.env.keys(),
		...(state.arrays?.keys() ?? []),
		...state.exportedVars,
		...(state.readonlyVars ?? []),
	]);
	const wanted =
		names.length > 0
			? names
			: [...all].filter((one) => /^[A-Za-z_]\w*$/.test(one) && !one.startsWith('__packetwalk')).sort();
	for (const one of wanted) {
		const text = declaration(state, one);
		if (text === undefined && names.length > 0) stderr += `bash: ${name}: ${one}: not found\n`;
		else if (text !== undefined && has(letters(state, one))) stdout += `declare ${text}\n`;
	}
	return { stdout, stderr, exitCode: stderr === '' ? 0 : 1, stdoutKind: 'text' };
}
