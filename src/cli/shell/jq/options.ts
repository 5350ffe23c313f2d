/** The command line of jq (1.6, main.c). */
import { asText, type Desk, Leave, octets } from '../coreutils/desk.ts';
import { ReadFault, valuesIn } from './read.ts';
import type { Look, Value } from './values.ts';

export interface JqOptions {
	readonly program: string;
	readonly files: readonly string[];
	readonly variables: ReadonlyMap<string, Value>;
	readonly look: Look;
	/** `-n`, `-r`, `-j`, `-R`, `-s`, `-e`, `--stream`. */
	readonly none: boolean;
	readonly plain: boolean;
	readonly join: boolean;
	readonly raw: boolean;
	readonly slurp: boolean;
	readonly status: boolean;
	readonly stream: boolean;
}

const USAGE = `Usage:	jq [OPTIONS] FILTER [FILES...]
	jq [OPTIONS] --args FILTER [ARGUMENTS...]
	jq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]
`;
const ABOUT = `
jq is a tool for processing JSON inputs, applying the given filter to
its JSON text inputs and producing the filter's results as JSON on
standard output.

The simplest filter is ., which copies jq's input to its output
unmodified (except for formatting, but note that IEEE754 is used
for number representation internally, with all that that implies).

For more advanced filters see the jq(1) manpage ("man jq")
and/or https://stedolan.github.io/jq
`;
const HINT =
	'Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n';

const LONG: Readonly<Record<string, string>> = {
	'null-input': 'n',
	'raw-output': 'r',
	'join-output': 'j',
	'raw-input': 'R',
	slurp: 's',
	'compact-output': 'c',
	'sort-keys': 'S',
	'color-output': 'C',
	'monochrome-output': 'M',
	'ascii-output': 'a',
	'exit-status': 'e',
	'from-file': 'f',
	help: 'h',
	version: 'V',
};
/** How many words stand behind it. */
const VALUED: Readonly<Record<string, number>> = { arg: 2, argjson: 2, slurpfile: 2, rawfile: 2, indent: 1 };

const values = (text: string): Value[] => [...valuesIn(text)].map(({ value }) => value);

/** @throws Leave */
export async function optionsOf(desk: Desk): Promise<JqOptions> {
	const set = new Set<string>();
	const named = new Map<string, Value>();
	const positional: Value[] = [];
	const words = [...desk.args];
	const wrong = (text: string): Leave => new Leave(octets(`jq: error: ${text}\n${HINT}`), 2);
	let program: string | undefined;
	let rest: 'files' | 'args' | 'jsonargs' = 'files';
	let indent = 2;
	let only = false;
	const files: string[] = [];
	const read = async (path: string): Promise<string> => {
		const found = await desk.tryRead(path);
		if ('text' in found) return asText(found.text);
		throw wrong(`Could not open ${path}: ${found.wrong}`);
	};
	while (words.length > 0) {
		const word = words.shift()!;
		if (word === '--' && !only) {
			only = true;
			continue;
		}
		if (only || !word.startsWith('-') || word === '-') {
			if (program === undefined && !set.has('f')) program = word;
			else if (program === undefined) program = word;
			else if (rest === 'files') files.push(word);
			else if (rest === 'args') positional.push(word);
			else {
				const given = values(word);
				if (given.length !== 1) throw wrong(`Invalid JSON text passed to --jsonargs`);
				positional.push(given[0]!);
			}
			continue;
		}
		const long = /^--(.+)$/.exec(word)?.[1];
		// `-1` and `-.a` are programs.
		if (long === undefined && program === undefined && !set.has('f') && !/[nrjRscSCMaefhV]/.test(word[1]!)) {
			program = word;
			continue;
		}
		if (long === undefined) {
			for (const letter of word.slice(1)) {
				if (!'nrjRscSCMaefhV'.includes(letter)) throw new Leave(octets(`Unknown arguments\n${HINT}`), 2);
				set.add(letter);
			}
		} else if (LONG[long] !== undefined) set.add(LONG[long]);
		else if (long === 'args' || long === 'jsonargs') rest = long;
		else if (['tab', 'stream', 'seq', 'unbuffered'].includes(long)) set.add(long);
		else if (VALUED[long] !== undefined) {
			const given = words.splice(0, VALUED[long]);
			if (given.length < VALUED[long])
				throw wrong(
					long === 'indent'
						? '--indent takes one parameter'
						: `--${long} takes two parameters (e.g. --${long} ${long.endsWith('file') ? 'varname filename' : long === 'arg' ? 'varname value' : 'varname text'})`,
				);
			const [name = '', value = ''] = given;
			if (long === 'indent') {
				indent = Number(name);
				if (!/^-?\d+$/.test(name) || indent < -1) throw new Leave('jq: Cannot indent less than -1\n', 2);
				if (indent > 7) throw new Leave('jq: Cannot indent more than 7 characters\n', 2);
			} else if (named.has(name)) continue;
			else if (long === 'arg') named.set(name, value);
			else if (long === 'rawfile') named.set(name, await read(value));
			else {
				try {
					const found = values(long === 'argjson' ? value : await read(value));
					if (long === 'argjson' && found.length !== 1) throw new ReadFault();
					named.set(name, long === 'argjson' ? found[0]! : found);
				} catch (error) {
					if (!(error instanceof ReadFault)) throw error;
					throw wrong(
						long === 'argjson'
							? `Invalid JSON text passed to --argjson`
							: `Bad JSON in --${long} ${name} ${value}: ${error.message}`,
					);
				}
			}
		} else throw new Leave(octets(`Unknown arguments\n${HINT}`), 2);
	}
	if (set.has('h')) throw new Leave(`\u0000${octets(USAGE + ABOUT)}`, 0);
	if (set.has('V')) throw new Leave('\u0000jq-1.6\n', 0);
	if (set.has('f')) {
		if (program === undefined) throw new Leave(octets(USAGE + HINT), 2);
		program = await read(program);
	}
	if (program === undefined) {
		// From or into anything but the terminal it shows what it reads (main.c @ jq-1.6).
		if (desk.tty && desk.input === undefined && desk.call.stdin() === '') throw new Leave(octets(USAGE + HINT), 2);
		program = '.';
	}
	const variables = new Map<string, Value>(named);
	variables.set(
		'ARGS',
		new Map<string, Value>([
			['positional', positional],
			['named', new Map(named)],
		]),
	);
	const flat = set.has('c') || indent === 0;
	const look: Look = {
		...(flat && !set.has('tab') ? {} : { indent: set.has('tab') ? '\t' : ' '.repeat(indent) }),
		sorted: set.has('S'),
		colours: set.has('C'),
		ascii: set.has('a'),
	};
	return {
		program,
		files,
		variables,
		look,
		none: set.has('n'),
		plain: set.has('r') || set.has('j'),
		join: set.has('j'),
		raw: set.has('R'),
		slurp: set.has('s'),
		status: set.has('e'),
		stream: set.has('stream'),
	};
}
