/** `xargs` of GNU findutils 4.8: words of standard input become the last words of a command (xargs/xargs.c). */
import { Interrupted } from '../../tool.ts';
import type { LineRun } from '../call.ts';
import { asText, type Desk, type Given, Leave, octets } from '../coreutils/desk.ts';
import { notStarted } from './wrappers.ts';

const LONG = [
	'arg-file=>a',
	'delimiter=>d',
	'eof?>e',
	'exit>x',
	'help',
	'interactive>p',
	'max-args=>n',
	'max-chars=>s',
	'max-lines?>l',
	'max-procs=>P',
	'no-run-if-empty>r',
	'null>0',
	'open-tty>o',
	'process-slot-var=',
	'replace?>i',
	'show-limits',
	'verbose>t',
];

/** Octets of one command line (ARG_MAX, less the environment). */
const MOST = 131_072;

/** A word of the input, and whether a line ends behind it. */
interface Word {
	readonly text: string;
	readonly ends: boolean;
}

/** Words between blanks, with quotes and backslashes; a line that ends in a blank goes on. @throws Leave */
function wordsOf(input: string, ended: (word: string) => boolean): Word[] {
	const words: Word[] = [];
	let text: string | undefined;
	let quote = '';
	let blank = false;
	const push = (ends: boolean): void => {
		if (text !== undefined) words.push({ text, ends });
		else if (ends && !blank && words.length > 0) words[words.length - 1] = { ...words.at(-1)!, ends };
		text = undefined;
	};
	for (let i = 0; i < input.length; i++) {
		const c = input[i]!;
		if (quote !== '') {
			if (c === quote) quote = '';
			else if (c === '\n') break;
			else text += c;
			continue;
		}
		if (c === '\n' || c === ' ' || c === '\t') {
			const had = text !== undefined;
			if (had && ended(text!)) return words;
			push(c === '\n');
			blank = c !== '\n';
			continue;
		}
		text ??= '';
		blank = false;
		if (c === '"' || c === "'") quote = c;
		else if (c === '\\') text += input[++i] ?? '';
		else text += c;
	}
	if (quote !== '')
		throw new Unmatched(
			words,
			`xargs: unmatched ${quote === '"' ? 'double' : 'single'} quote; by default quotes are special to xargs unless you use the -0 option\n`,
		);
	if (text !== undefined && !ended(text)) push(true);
	return words;
}

class Unmatched extends Error {
	readonly before: readonly Word[];

	constructor(before: readonly Word[], message: string) {
		super(message);
		this.before = before;
	}
}

/** Lines as they are for `-I`: blanks before them are none, empty ones are not there. @throws Leave */
const linesOf = (input: string): string[] =>
	input
		.split('\n')
		.map((line) => line.replace(/^[ \t]+/, ''))
		.filter((line) => line !== '')
		.map((line) => line.replace(/\\([\s\S])|"([^"]*)"|'([^']*)'/g, (_, one, two, three) => one ?? two ?? three));

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	r: '\r',
	'0': '\0',
	'\\': '\\',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
};

function delimiterOf(word: string): string {
	if (word.length === 1) return word;
	const [, letter] = /^\\(.)$/.exec(word) ?? [];
	if (letter !== undefined && ESCAPES[letter] !== undefined) return ESCAPES[letter];
	const [, base, digits] = /^\\(x|0)([\da-f]+)$/i.exec(word) ?? [];
	if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, base === 'x' ? 16 : 8));
	throw new Leave(
		`xargs: Invalid input delimiter specification ${word}: the delimiter must be either a single character or an letter sequence starting with \\.\n`,
	);
}

interface Plan {
	/** Words at the end of each command. */
	readonly batches: readonly (readonly string[])[];
	/** What stands for a line (`-I`). */
	readonly replace: string | undefined;
}

function planOf(desk: Desk, given: Given, input: string, base: number): Plan & { readonly fault?: string } {
	const number = (name: string, least: number): number | undefined => {
		const value = given.value(name);
		if (value === undefined || value === '') return undefined;
		if (!/^[-+]?\d+$/.test(value)) throw desk.usage(`invalid number "${value}" for -${name} option`);
		if (Number(value) < least) throw desk.usage(`value ${value} for -${name} option should be >= ${least}`);
		return Number(value);
	};
	number('P', 0);
	const size = number('s', 1) ?? MOST;
	/** Of `-I`, `-L` and `-n` the last one counts. */
	const order = given.all.map(([name]) => name).filter((name) => ['i', 'I', 'L', 'l', 'n'].includes(name));
	const last = order.at(-1);
	const modes = [...new Set(order.map((name) => ({ i: 'I', l: 'L' })[name] ?? name))];
	/** What is given up is named by its long option, what counts as it may be written. */
	const former: Readonly<Record<string, string>> = { I: '--replace', L: '--max-lines', n: '--max-args' };
	const kept: Readonly<Record<string, string>> = {
		i: '--replace/-I/-i',
		I: '--replace/-I/-i',
		L: '-L',
		l: '--max-lines/-l',
		n: '--max-args/-n',
	};
	const mode = last === undefined ? undefined : ({ i: 'I', l: 'L' }[last] ?? last);
	const most = number('n', 1);
	const rows = number(last === 'l' ? 'l' : 'L', 1) ?? 1;
	// `-n1` beside `-I` says nothing else than `-I`.
	if (modes.length > 1 && !(mode === 'n' && most === 1 && modes.includes('I')))
		for (const other of modes.filter((one) => one !== mode))
			desk.say(
				`xargs: warning: options ${former[other]} and ${kept[last!]} are mutually exclusive, ignoring previous ${former[other]} value\n`,
			);
	const replace =
		mode === 'I' || (mode === 'n' && most === 1 && modes.includes('I'))
			? given.all.findLast(([name]) => name === 'i' || name === 'I')![1] || '{}'
			: undefined;
	const delimiter =
		given.has('0') || given.has('d')
			? given.all.findLast(([n]) => n === '0' || n === 'd')![0] === '0'
				? '\0'
				: delimiterOf(given.value('d')!)
			: undefined;
	let words: readonly Word[];
	let fault: string | undefined;
	if (delimiter !== undefined) {
		const parts = input.split(delimiter);
		if (parts.at(-1) === '') parts.pop();
		words = parts.map((text) => ({ text, ends: true }));
	} else if (replace !== undefined) words = linesOf(input).map((text) => ({ text, ends: true }));
	else {
		const end = given.value('E') ?? given.value('e');
		try {
			words = wordsOf(input, (word) => end !== undefined && end !== '' && word === end);
		} catch (error) {
			if (!(error instanceof Unmatched)) throw error;
			words = error.before;
			fault = error.message;
		}
	}
	const all = words.map(({ text }) => text);
	if (replace !== undefined) return { batches: all.map((word) => [word]), replace, ...(fault ? { fault } : {}) };
	const batches: string[][] = [];
	let room = 0;
	let lines = 0;
	for (const { text, ends } of words) {
		const full =
			batches.length === 0 ||
			room + text.length + 1 > size ||
			(mode === 'n' && batches.at(-1)!.length >= most!) ||
			(mode === 'L' && lines >= rows);
		if (full) {
			batches.push([]);
			room = base;
			lines = 0;
			if (room + text.length + 1 > size) throw new Leave('xargs: argument line too long\n');
		}
		batches.at(-1)!.push(text);
		room += text.length + 1;
		if (ends) lines++;
	}
	// What was complete before the fault has been run by then.
	const complete = mode === 'n' ? batches.at(-1)?.length === most : mode !== 'L' || lines >= rows;
	if (fault !== undefined && !complete) batches.pop();
	if (batches.length === 0 && !given.has('r') && fault === undefined) batches.push([]);
	return { batches, replace, ...(fault ? { fault } : {}) };
}

const shown = (word: string): string => (/^[\w./=:,+@%-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** @throws Leave */
export async function xargs(desk: Desk): Promise<void> {
	const words = [...desk.args];
	// Its options end at the command, which has its own; `-i`, `-l` and `-e` have their value in the same word only.
	const valued = /^-(?:[0rtxpo]*[adEILnPs]|-(?:arg-file|delimiter|max-args|max-chars|max-procs|process-slot-var))$/;
	let at = 0;
	while (at < words.length && words[at]!.startsWith('-') && words[at] !== '-' && words[at] !== '--')
		at += valued.test(words[at]!) ? 2 : 1;
	const options = words
		.slice(0, at)
		.map((word) =>
			word.replace(/^-([0rtxpo]*)([ile])(.*)$/s, (_, before, letter, value) => {
				const name = ({ i: 'replace', l: 'max-lines', e: 'eof' } as const)[letter as 'i' | 'l' | 'e'];
				return `--${name}${value === '' ? '' : `=${value}`}${before === '' ? '' : `\u0001-${before}`}`;
			}),
		)
		.flatMap((word) => word.split('\u0001'));
	const command = words.slice(words[at] === '--' ? at + 1 : at);
	desk.args.splice(0, desk.args.length, ...options);
	let given: Given;
	try {
		given = desk.options('0a:d:E:I:L:n:oP:prs:tx', LONG);
	} catch (error) {
		if (error instanceof Leave && error.code === 0) throw new Leave('\u0000xargs (GNU findutils) 4.8.0\n', 0);
		throw error;
	}
	if (given.has('help'))
		throw new Leave(
			'\u0000Usage: xargs [OPTION]... COMMAND [INITIAL-ARGS]...\nRun COMMAND with arguments INITIAL-ARGS and more arguments read from input.\n',
			0,
		);
	for (const [letter, name] of [
		['o', '--open-tty'],
		['p', '--interactive'],
		['show-limits', '--show-limits'],
	] as const)
		if (given.has(letter)) throw new Leave(`xargs: the option ${name} is not simulated\n`);
	const file = given.value('a');
	let input: string;
	if (file === undefined) input = asText(await desk.standardInput());
	else {
		const read = await desk.tryRead(file);
		if ('wrong' in read) throw new Leave(`xargs: Cannot open input file '${file}': ${read.wrong}\n`);
		input = asText(read.text);
	}
	const [name = 'echo', ...first] = command;
	const base = [name, ...first].reduce((sum, word) => sum + word.length + 1, 0);
	const plan = planOf(desk, given, input, base);
	const slot = given.value('process-slot-var');
	const { call, shell } = desk;
	const run = call.run as LineRun;
	const one = async (batch: readonly string[]): Promise<number> => {
		const { replace } = plan;
		const args =
			replace === undefined ? [...first, ...batch] : first.map((word) => word.replaceAll(replace, () => batch[0]!));
		const real = replace === undefined ? name : name.replaceAll(replace, () => batch[0]!);
		if (given.has('t')) desk.say(`${[real, ...args].map(shown).join(' ')}\n`);
		const missing = await notStarted('xargs', call, shell, real);
		if (missing) {
			desk.say(missing.stderr.replace(/[‘'](.*)[’']: /, '$1: '));
			throw new Leave('', missing.exitCode);
		}
		const result = await call.instead(real, args, slot === undefined ? [] : [[slot, '0']]);
		desk.write(result.stdoutKind === 'bytes' ? result.stdout : octets(result.stdout));
		desk.say(result.stderr);
		return result.exitCode;
	};
	for (const batch of plan.batches) {
		await shell.core.breath.take();
		if (run.interrupted) throw new Interrupted();
		const code = await one(batch);
		if (code === 255) throw new Leave(`xargs: ${name}: exited with status 255; aborting\n`, 124);
		if (code > 128 && run.interrupted) throw new Interrupted();
		if (code === 137 || code === 143) throw new Leave(`xargs: ${name}: terminated by signal ${code - 128}\n`, 125);
		if (code !== 0) desk.code = 123;
	}
	if (plan.fault !== undefined) throw new Leave(plan.fault);
}
