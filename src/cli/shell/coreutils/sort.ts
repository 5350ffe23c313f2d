/** sort (coreutils src/sort.c @ v8.32), in the order of octets, as in C.UTF-8. */
import { type Desk, Leave, octets, parts } from './desk.ts';
import { byGeneral, byMonth, byNumber, byOctets, bySize, byVersion, type Order } from './order.ts';

interface Key {
	readonly from: Position;
	readonly to: Position | undefined;
	/** Letters of its own options; of the whole when there are none. */
	readonly options: string;
}

interface Position {
	readonly field: number;
	/** From 1; 0 behind a comma means the field's end. */
	readonly char: number;
	readonly blanks: boolean;
}

const LETTERS = 'bdfghiMnRrV';

/** @throws Leave */
function keyOf(word: string): Key {
	const at = (text: string, end: boolean): [Position, string] => {
		const found = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)$/.exec(text);
		const bad = (what: string): Leave => new Leave(`sort: ${what}: invalid field specification ‘${word}’\n`, 2);
		if (!found) throw new Leave(`sort: invalid number at field start: invalid count at start of ‘${text}’\n`, 2);
		const [, field = '', char, letters = ''] = found;
		if (field === '0' || Number(field) === 0) throw bad('field number is zero');
		if (char !== undefined && Number(char) === 0 && !end) throw bad('character offset is zero');
		if ([...letters].some((letter) => !LETTERS.includes(letter))) throw bad('stray character in field spec');
		return [
			{ field: Number(field), char: char === undefined ? (end ? 0 : 1) : Number(char), blanks: letters.includes('b') },
			letters,
		];
	};
	const comma = word.indexOf(',');
	const [from, first] = at(comma < 0 ? word : word.slice(0, comma), false);
	if (comma < 0) return { from, to: undefined, options: first };
	const [to, second] = at(word.slice(comma + 1), true);
	return { from, to, options: first + second };
}

/** Where each field of a line begins and ends. Without a separator, blanks in front of a field are its own. */
function fieldsOf(line: string, separator: string | undefined): (readonly [number, number])[] {
	const out: [number, number][] = [];
	if (separator !== undefined) {
		let at = 0;
		for (;;) {
			const end = line.indexOf(separator, at);
			out.push([at, end < 0 ? line.length : end]);
			if (end < 0) return out;
			at = end + 1;
		}
	}
	for (const { index, 0: text } of line.matchAll(/[ \t\n]*[^ \t\n]+/g)) out.push([index, index + text.length]);
	return out;
}

function textOf(line: string, key: Key, separator: string | undefined, blanks: boolean): string {
	const fields = fieldsOf(line, separator);
	const skip = (at: number): number => {
		let to = at;
		while (to < line.length && /[ \t\n]/.test(line[to]!)) to++;
		return to;
	};
	const start = fields[key.from.field - 1];
	if (!start) return '';
	const from = Math.min((key.from.blanks || blanks ? skip(start[0]) : start[0]) + key.from.char - 1, line.length);
	if (!key.to) return line.slice(from);
	const end = fields[key.to.field - 1];
	if (!end) return line.slice(from);
	if (key.to.char === 0) return line.slice(from, Math.max(from, end[1]));
	const first = key.to.blanks || blanks ? skip(end[0]) : end[0];
	return line.slice(from, Math.max(from, Math.min(first + key.to.char, line.length)));
}

function orderOf(options: string, random: (text: string) => number): Order {
	const has = (letter: string): boolean => options.includes(letter);
	if (has('n')) return byNumber;
	if (has('g')) return byGeneral;
	if (has('h')) return bySize;
	if (has('M')) return byMonth;
	if (has('V')) return byVersion;
	if (has('R')) return (a, b) => random(a) - random(b) || byOctets(a, b);
	const shown = (text: string): string => {
		let out = text;
		if (has('d')) out = out.replace(/[^ \ta-zA-Z0-9]/g, '');
		if (has('i')) out = out.replace(/[^ -~]/g, '');
		return has('f') ? out.replace(/[a-z]/g, (c) => c.toUpperCase()) : out;
	};
	return has('d') || has('i') || has('f') ? (a, b) => byOctets(shown(a), shown(b)) : byOctets;
}

export async function sort(desk: Desk): Promise<void> {
	const given = desk.options(
		`${LETTERS}uscCmzk:t:o:S:T:`,
		[
			...'ignore-leading-blanks>b dictionary-order>d ignore-case>f general-numeric-sort>g human-numeric-sort>h'.split(
				' ',
			),
			...'ignore-nonprinting>i month-sort>M numeric-sort>n random-sort>R reverse>r version-sort>V unique>u stable>s'.split(
				' ',
			),
			...'check? merge>m zero-terminated>z key=>k field-separator=>t output=>o buffer-size=>S temporary-directory=>T'.split(
				' ',
			),
			...'parallel= sort= batch-size= compress-program= random-source= files0-from= debug'.split(' '),
		],
		2,
	);
	const named: Readonly<Record<string, string>> = {
		'general-numeric': 'g',
		'human-numeric': 'h',
		month: 'M',
		numeric: 'n',
		random: 'R',
		version: 'V',
	};
	const whole =
		given.all
			.map(([name]) => name)
			.filter((name) => LETTERS.includes(name))
			.join('') + (named[given.value('sort') ?? ''] ?? '');
	const keys = given.all.filter(([name]) => name === 'k').map(([, word]) => keyOf(word));
	let separator = given.value('t') === undefined ? undefined : octets(given.value('t')!);
	if (separator === '\\0') separator = '\0';
	if (separator === '') throw new Leave('sort: empty tab\n', 2);
	if (separator !== undefined && separator.length > 1)
		throw new Leave(`sort: multi-character tab ‘${given.value('t')}’\n`, 2);
	const draws = new Map<string, number>();
	const random = (text: string): number => {
		if (!draws.has(text)) draws.set(text, desk.shell.draw() + draws.size * 1e-12);
		return draws.get(text)!;
	};
	const rules = (keys.length > 0 ? keys : [undefined]).map((key) => {
		const options = key && key.options !== '' ? key.options : whole;
		return {
			text: (line: string) =>
				key
					? textOf(line, key, separator, options.includes('b') && key.options === '')
					: options.includes('b')
						? line.replace(/^[ \t]+/, '')
						: line,
			order: orderOf(options, random),
			reverse: options.includes('r'),
		};
	});
	const plain = keys.length === 0 && !/[bdfghiMnRV]/.test(whole);
	type Item = { readonly line: string; readonly texts: readonly (string | number)[] };
	const byKeys = (a: Item, b: Item): number => {
		for (const [i, { order, reverse }] of rules.entries()) {
			const [x, y] = [a.texts[i]!, b.texts[i]!];
			const difference = typeof x === 'number' && typeof y === 'number' ? x - y : order(String(x), String(y));
			if (difference !== 0) return reverse ? -difference : difference;
		}
		return 0;
	};
	const last = !plain && !given.has('s') && !given.has('u');
	const compare = (a: Item, b: Item): number => {
		const difference = byKeys(a, b);
		if (difference !== 0 || !last) return difference;
		return whole.includes('r') ? byOctets(b.line, a.line) : byOctets(a.line, b.line);
	};
	const mark = given.has('z') ? '\0' : '\n';
	const key = (text: string, order: Order): string | number => {
		// What a double holds is read once.
		const number = order === byNumber ? /^[ \t]*-?\d{0,9}(?:\.\d{0,5})?(?![\d.])/.exec(text)?.[0] : undefined;
		return number === undefined || !/\d/.test(number) ? text : Number(number);
	};
	const item = (line: string): Item => ({ line, texts: rules.map(({ text, order }) => key(text(line), order)) });
	const lists: Item[][] = [];
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found)
			throw new Leave(
				found.wrong === 'Is a directory'
					? `sort: read failed: ${file}: ${found.wrong}\n`
					: `sort: cannot read: ${file}: ${found.wrong}\n`,
				2,
			);
		lists.push(parts(found.text, mark).map(item));
	}
	const quiet = given.has('C') || /^(?:quiet|silent)$/.test(given.value('check') ?? '');
	if (given.has('c') || quiet || given.has('check')) {
		const lines = lists[0]!;
		for (let i = 1; i < lines.length; i++) {
			const order = compare(lines[i - 1]!, lines[i]!);
			if (order < 0 || (order === 0 && !given.has('u'))) continue;
			desk.code = 1;
			if (!quiet) desk.say(`sort: ${given.operands[0] ?? '-'}:${i + 1}: disorder: ${lines[i]!.line}\n`);
			return;
		}
		return;
	}
	let lines = given.has('m') ? merged(lists, compare) : lists.flat().sort(compare);
	if (given.has('u')) lines = lines.filter((line, i) => i === 0 || byKeys(lines[i - 1]!, line) !== 0);
	const text = lines.map(({ line }) => line + mark).join('');
	const out = given.value('o');
	if (out === undefined) desk.write(text);
	else await desk.save(out, text);
}

/** What comes first of all lists, again and again; they are taken to be in order. */
function merged<T>(lists: readonly (readonly T[])[], compare: (a: T, b: T) => number): T[] {
	const at = lists.map(() => 0);
	const out: T[] = [];
	for (;;) {
		let best = -1;
		for (const [i, list] of lists.entries()) {
			if (at[i]! >= list.length) continue;
			if (best < 0 || compare(list[at[i]!]!, lists[best]![at[best]!]!) < 0) best = i;
		}
		if (best < 0) return out;
		out.push(lists[best]![at[best]!++]!);
	}
}
