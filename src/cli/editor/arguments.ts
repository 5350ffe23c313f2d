/** What stands behind `vi` and `nano` on a line: files, and where to begin in each. */

/** Where the cursor begins: a line, a column, the end, or the first place of a text. */
export type Beginning =
	| { readonly line: number; readonly column?: number }
	| { readonly end: true }
	| { readonly text: string };

export interface AskedFile {
	readonly name: string;
	readonly at?: Beginning;
}

export type Asked = { readonly files: readonly AskedFile[] } | { readonly help: true } | { readonly unknown: string };

/** Options that have a value, as the next word or in the same one. */
const VALUED = { nano: 'CJQTXYfors', vim: 'uTscSiwWt' } as const;
/** Options that change how it looks: a plain editor has nothing to change. */
const PLAIN = {
	nano: /^-[ABDEFGHIKLMNPRSUVWZabcdeghijklmnpqtuvwxyz0$!%_@=/]+$/,
	vim: /^-[RnNbvyeEXZmMgLHF]+$|^-[oOp]\d*$/,
} as const;

/** `+12`, `+12,3`, `+/text`, and vi's `+` for the last line; undefined for a word that is none. */
function beginningOf(word: string): Beginning | undefined {
	const place = /^\+(\d+)(?:[,:.](\d+))?$/.exec(word);
	if (place) return { line: Number(place[1]), ...(place[2] ? { column: Number(place[2]) } : {}) };
	if (word === '+' || word === '+$') return { end: true };
	return word.startsWith('+/') && word.length > 2 ? { text: word.slice(2) } : undefined;
}

/** nano's `+LINE` is of the file behind it, vi's of the first file wherever it stands. */
export function readArguments(family: 'nano' | 'vim', words: readonly string[]): Asked {
	const files: AskedFile[] = [];
	let at: Beginning | undefined;
	let options = true;
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const begins = options ? beginningOf(word) : undefined;
		if (begins) at = begins;
		else if (options && word === '--') options = false;
		else if (options && /^(?:--help|-h|--version)$/.test(word)) return { help: true };
		else if (options && word.length > 1 && word.startsWith('-')) {
			// `-c :12` and `-c 12` are another way to say where.
			const command = family === 'vim' && word === '-c' ? /^:?(\d+)$/.exec(words[i + 1] ?? '')?.[1] : undefined;
			if (command) at = { line: Number(command) };
			if (command || (word.length === 2 && VALUED[family].includes(word[1]!) && word !== '-c')) i++;
			else if (!PLAIN[family].test(word) && !(family === 'nano' && word.startsWith('--'))) return { unknown: word };
		} else {
			files.push({ name: word, ...(at ? { at } : {}) });
			if (family === 'nano') at = undefined;
		}
	}
	if (family === 'vim' && at && files[0]) files[0] = { ...files[0], at };
	return { files };
}

/** The line and column, from 1, at which a text is to be begun. */
export function placeIn(text: string, at: Beginning | undefined): { readonly line: number; readonly column: number } {
	if (!at) return { line: 1, column: 1 };
	const lines = text.split('\n');
	if ('end' in at) return { line: Math.max(1, lines.length - (lines.at(-1) === '' ? 1 : 0)), column: 1 };
	if ('text' in at) {
		const found = lines.findIndex((line) => line.includes(at.text));
		return found < 0 ? { line: 1, column: 1 } : { line: found + 1, column: lines[found]!.indexOf(at.text) + 1 };
	}
	return { line: Math.max(1, at.line), column: Math.max(1, at.column ?? 1) };
}
