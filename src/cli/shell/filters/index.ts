/**
 * How commands read a pipe. just-bash's commands take all of their input at once; those that treat each line for itself
 * are run again for the lines that came, and those whose output for the first lines is the beginning of their output for
 * all of them are run on all lines that came so far. Whatever else reads gets its input when it is complete.
 *
 * Everything writes line by line, as if behind `stdbuf -oL`: grep and sed would keep some kilobytes back in front of a
 * pipe.
 */
import { countOf } from '../coreutils/count.ts';
import { STANDARD_INPUT } from '../routes.ts';
import { cat, headBut, headBytes, headLines, type OwnFilter, tailFrom, tee } from './own.ts';
import { givesOn, names, programReads } from './programs.ts';
import { type Words, wordsOf } from './words.ts';

export type { Desk } from './own.ts';

export type Reading =
	/** Needs all. */
	{ readonly kind: 'whole' } | { readonly kind: 'own'; readonly filter: OwnFilter } | Repeated;

export interface Repeated {
	/** Each batch for itself, or all that came so far. */
	readonly kind: 'lines' | 'prefix';
	/** How much of a text can be used, when not all whole lines can. */
	readonly cut?: (text: string) => number;
	/** Whether it has what it wanted. `read` is how many lines it has had. */
	readonly enough?: (code: number, stdout: string, read: number) => boolean;
	/** Exit code of runs one after the other. */
	readonly code?: (before: number, now: number) => number;
}

const WHOLE: Reading = { kind: 'whole' };
const LINES: Reading = { kind: 'lines' };
const PREFIX: Reading = { kind: 'prefix' };
const own = (filter: OwnFilter): Reading => ({ kind: 'own', filter });

/** Of a command with files as operands: it reads standard input when there is none, or `-`. */
const unlessFiles =
	(valued: string, reading: (words: Words) => Reading) =>
	(args: readonly string[]): Reading | undefined => {
		const words = wordsOf(args, valued);
		if (words.operands.length === 0) return reading(words);
		return words.operands.includes('-') ? WHOLE : undefined;
	};

const worst = (before: number, now: number): number => Math.max(before, now);

/** Behind the last complete JSON value. */
export function jsonEnd(text: string): number {
	let depth = 0;
	let end = 0;
	for (let i = 0; i < text.length; i++) {
		const char = text[i]!;
		if (char === '"') {
			const close = /"(?:[^"\\]|\\.)*"/sy;
			close.lastIndex = i;
			const found = close.exec(text);
			if (!found) return end;
			i += found[0].length - 1;
			if (depth === 0) end = i + 1;
		} else if (char === '{' || char === '[') depth++;
		else if (char === '}' || char === ']') {
			depth--;
			if (depth <= 0) end = i + 1;
		} else if (depth === 0 && /\s/.test(char)) end = i + 1;
	}
	return end;
}

function jq(args: readonly string[]): Reading | undefined {
	const words = wordsOf(args, 'fL', ['arg', 'argjson', 'indent']);
	if (words.has('n', 'null-input')) return /\binputs?\b/.test(words.operands[0] ?? '') ? WHOLE : undefined;
	if (words.has('s', 'slurp', 'R', 'raw-input', 'f', 'from-file', 'slurpfile', 'rawfile', 'args', 'jsonargs', 'e'))
		return WHOLE;
	const named = words.options.filter(([name]) => name === 'arg' || name === 'argjson').length;
	if (words.operands.length - named > 1) return undefined;
	if (/\b(?:inputs?|limit|first|halt)\b/.test(words.operands.join(' '))) return WHOLE;
	return { kind: 'lines', cut: jsonEnd, code: worst };
}

function head(words: Words): Reading {
	const bytes = words.value('c', 'bytes');
	const lines = words.value('n', 'lines') ?? words.options.map(([name]) => name).join('');
	if (bytes !== undefined) {
		const count = countOf(bytes);
		return count === undefined ? WHOLE : own(headBytes(count));
	}
	if (words.options.length === 0) return own(headLines(10));
	if (/^-\d+$/.test(lines)) return own(headBut(-Number(lines)));
	return /^\d+$/.test(lines) ? own(headLines(Number(lines))) : WHOLE;
}

function tail(words: Words): Reading {
	const first = /^\+(\d+)$/.exec(words.value('n', 'lines') ?? '')?.[1];
	return first !== undefined && words.options.length === 1 ? own(tailFrom(Number(first))) : WHOLE;
}

function xargs(args: readonly string[]): Reading {
	// Its own words end where its command begins.
	const text = args.join(' ');
	const apart = /^(?:-\S+ )*?(?:-I ?\S+|-n ?1|-L ?1)(?: |$)/.test(text) && !/(?:^| )-(?:0|a|d)/.test(text);
	return apart ? { kind: 'lines', code: worst } : WHOLE;
}

/** What runs another command reads what that one reads. */
const wrapped =
	(valued: RegExp, words: number) =>
	(args: readonly string[]): Reading | undefined => {
		let at = 0;
		while (/^-./.test(args[at] ?? '') || /^[A-Za-z_]\w*=/.test(args[at] ?? '')) at += valued.test(args[at]!) ? 2 : 1;
		const name = args[at + words];
		return name === undefined ? undefined : readingOf(name, args.slice(at + words + 1), true) && WHOLE;
	};

const sums = unlessFiles('al', () => WHOLE);

const READERS: Readonly<Record<string, (args: readonly string[]) => Reading | undefined>> = {
	base32: unlessFiles('w', () => WHOLE),
	base64: unlessFiles('w', () => WHOLE),
	b2sum: sums,
	cksum: sums,
	cmp: (args) => (args.includes('-') || wordsOf(args, 'in').operands.length === 1 ? WHOLE : undefined),
	csplit: (args) => (args.includes('-') ? WHOLE : undefined),
	dd: (args) => (args.some((word) => /^if=|^--/.test(word)) ? undefined : WHOLE),
	factor: (args) => (args.length === 0 ? WHOLE : undefined),
	fmt: unlessFiles('pwg', () => WHOLE),
	gunzip: unlessFiles('S', () => WHOLE),
	gzip: unlessFiles('S', () => WHOLE),
	hd: unlessFiles('nsef', () => WHOLE),
	hexdump: unlessFiles('nsef', () => WHOLE),
	nohup: wrapped(/^$/, 0),
	numfmt: (args) =>
		unlessFiles(
			'd',
			() => WHOLE,
		)(
			args.filter(
				(_, i) =>
					!/^--(?:from|to|from-unit|to-unit|round|padding|suffix|field|format|invalid|delimiter)$/.test(
						args[i - 1] ?? '',
					),
			),
		),
	pr: unlessFiles('hlDNoWw', () => WHOLE),
	sdiff: (args) => (args.includes('-') ? WHOLE : undefined),
	setsid: wrapped(/^$/, 0),
	sha224sum: sums,
	sha384sum: sums,
	sha512sum: sums,
	shuf: (args) =>
		/(?:^| )(?:-[a-z]*[ei]|--echo|--input-range)/.test(args.join(' '))
			? undefined
			: unlessFiles('no', () => WHOLE)(args),
	sudo: wrapped(/^-[ugpCDhRTU]$/, 0),
	sum: sums,
	tar: (args) =>
		args.includes('-') || !/(?:^-?|^[a-zA-Z]* -?)[a-zA-Z]*f|--file/.test(args.join(' ')) ? WHOLE : undefined,
	tsort: unlessFiles('', () => WHOLE),
	xxd: unlessFiles('cglosnR', () => WHOLE),
	zcat: unlessFiles('S', () => WHOLE),
	cat: unlessFiles('', ({ options }) => (options.every(([name]) => name === 'u') ? own(cat) : PREFIX)),
	column: unlessFiles('sotcN', () => WHOLE),
	comm: (args) => (args.includes('-') ? WHOLE : undefined),
	cut: unlessFiles('bcdf', () => LINES),
	// Wrappers read what the command behind them reads.
	timeout: wrapped(/^-[ks]$/, 1),
	diff: (args) => (args.includes('-') ? WHOLE : undefined),
	expand: unlessFiles('t', () => LINES),
	fold: unlessFiles('w', () => LINES),
	head: unlessFiles('nc', head),
	join: (args) => (args.includes('-') ? WHOLE : undefined),
	jq,
	mapfile: () => WHOLE,
	md5sum: unlessFiles('', () => WHOLE),
	nl: unlessFiles('bdfhilnpsvw', () => PREFIX),
	od: unlessFiles('AjNtw', () => WHOLE),
	paste: unlessFiles('d', () => WHOLE),
	readarray: () => WHOLE,
	rev: unlessFiles('', () => LINES),
	sha1sum: unlessFiles('', () => WHOLE),
	sha256sum: unlessFiles('', () => WHOLE),
	sort: unlessFiles('koStT', () => WHOLE),
	split: (args) => ((wordsOf(args, 'abCnlt').operands[0] ?? '-') === '-' ? WHOLE : undefined),
	strings: unlessFiles('nt', () => LINES),
	tac: unlessFiles('s', () => WHOLE),
	tail: unlessFiles('nc', tail),
	tee: (args) => {
		const words = wordsOf(args);
		return own(tee(words.operands, words.has('a', 'append')));
	},
	tr: (args) => (wordsOf(args).has('s', 'squeeze-repeats') ? PREFIX : LINES),
	unexpand: unlessFiles('t', () => LINES),
	uniq: unlessFiles('fsw', ({ options }) =>
		options.every(([name]) => name === 'i' || name === 'f' || name === 's' || name === 'w') ? PREFIX : WHOLE,
	),
	wc: unlessFiles('', () => WHOLE),
	xargs,
};

/** Commands that say what is wrong before they read when they have no words at all. */
const NEED_WORDS = new Set(['comm', 'csplit', 'cut', 'jq', 'join', 'sed', 'timeout', 'tr']);

/** Whether a command reads what is typed into its terminal: programs of the lab do where their words say so alone. */
export function readsKeys(name: string, args: readonly string[], program: object | undefined): boolean {
	const plain = name.slice(name.lastIndexOf('/') + 1);
	if (!Object.hasOwn(READERS, plain))
		return program !== undefined && ((names(args) && programReads(plain, args)) || givesOn(plain, args));
	if (args.some((word) => STANDARD_INPUT.test(word))) return true;
	return (args.length > 0 || !NEED_WORDS.has(plain)) && READERS[plain]!(args) !== undefined;
}

/** How a command reads standard input; undefined when it does not. `program` says that it is one of the lab's. */
export function readingOf(name: string, args: readonly string[], program: boolean): Reading | undefined {
	const plain = name.slice(name.lastIndexOf('/') + 1);
	// jq alone shows what comes through a pipe.
	if (args.length === 0 && NEED_WORDS.has(plain) && plain !== 'jq') return undefined;
	if (Object.hasOwn(READERS, plain)) return READERS[plain]!(args);
	return program && programReads(plain, args) ? WHOLE : undefined;
}
