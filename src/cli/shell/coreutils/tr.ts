/** tr (coreutils src/tr.c @ v8.32), on octets, as GNU's has it in every locale. */
import { asText, type Desk, Leave, octets } from './desk.ts';

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);

const CLASSES: Readonly<Record<string, readonly number[]>> = {
	alnum: [...range(48, 57), ...range(65, 90), ...range(97, 122)],
	alpha: [...range(65, 90), ...range(97, 122)],
	blank: [9, 32],
	cntrl: [...range(0, 31), 127],
	digit: range(48, 57),
	graph: range(33, 126),
	lower: range(97, 122),
	print: range(32, 126),
	punct: [...range(33, 47), ...range(58, 64), ...range(91, 96), ...range(123, 126)],
	space: [...range(9, 13), 32],
	upper: range(65, 90),
	xdigit: [...range(48, 57), ...range(65, 70), ...range(97, 102)],
};

interface Set {
	readonly list: readonly number[];
	/** Where `[x*]` stands, which fills up to the other set's length. */
	readonly fill?: { readonly at: number; readonly octet: number };
	readonly classes: boolean;
}

/** @throws Leave */
function setOf(word: string): Set {
	const text = octets(word);
	const list: number[] = [];
	let fill: Set['fill'];
	let classes = false;
	let at = 0;
	const one = (): number => {
		const escaped = /^\\(?:([0-7]{1,3})|([\s\S]))/.exec(text.slice(at));
		if (!escaped) return text.charCodeAt(at++);
		at += escaped[0].length;
		if (escaped[1] !== undefined) return Number.parseInt(escaped[1], 8) & 255;
		return ESCAPES[escaped[2]!] ?? escaped[2]!.charCodeAt(0);
	};
	while (at < text.length) {
		const rest = text.slice(at);
		const named = /^\[:(\w*):\]/.exec(rest);
		if (named) {
			const members = Object.hasOwn(CLASSES, named[1]!) ? CLASSES[named[1]!]! : undefined;
			if (!members) throw new Leave(`tr: invalid character class ‘${named[1]}’\n`);
			list.push(...members);
			classes = true;
			at += named[0].length;
			continue;
		}
		const equal = /^\[=([\s\S])=\]/.exec(rest);
		if (equal) {
			list.push(equal[1]!.charCodeAt(0));
			at += equal[0].length;
			continue;
		}
		const repeat = /^\[(\\[0-7]{1,3}|\\?[\s\S])\*(\d*)\]/.exec(rest);
		if (repeat) {
			const [whole, , digits = ''] = repeat;
			at++;
			const octet = one();
			at += whole.length - whole.indexOf('*', 2);
			const count = digits.startsWith('0') ? Number.parseInt(digits, 8) : Number(digits);
			if (digits === '' || count === 0) fill = { at: list.length, octet };
			else for (let i = 0; i < Math.min(count, 65_536); i++) list.push(octet);
			continue;
		}
		const from = one();
		if (text[at] === '-' && at + 1 < text.length) {
			const start = at;
			at++;
			const to = one();
			if (to < from) {
				const shown = `${String.fromCharCode(from)}${text.slice(start, at)}`;
				throw new Leave(`tr: range-endpoints of '${asText(shown)}' are in reverse collating sequence order\n`);
			}
			list.push(...range(from, to));
		} else list.push(from);
	}
	return { list, classes, ...(fill ? { fill } : {}) };
}

export async function tr(desk: Desk): Promise<void> {
	const given = desk.options('cCdst', ['complement>c', 'delete>d', 'squeeze-repeats>s', 'truncate-set1>t']);
	const { operands } = given;
	const deletes = given.has('d');
	const squeezes = given.has('s');
	if (operands.length === 0) throw desk.usage('missing operand');
	const needs = deletes === squeezes ? 2 : 1;
	if (operands.length < needs)
		throw desk.usage(
			`missing operand after ‘${operands.at(-1)}’\nTwo strings must be given when ${deletes ? 'both deleting and squeezing repeats' : 'translating'}.`,
		);
	const most = deletes && !squeezes ? 1 : 2;
	if (operands.length > most)
		throw desk.usage(
			`extra operand ‘${operands[most]}’${most === 1 ? '\nOnly one string may be given when deleting without squeezing repeats.' : ''}`,
		);
	let first = setOf(operands[0]!).list;
	if (given.has('c') || given.has('C')) {
		const members = new globalThis.Set(first);
		first = range(0, 255).filter((octet) => !members.has(octet));
	}
	const second = operands[1] === undefined ? undefined : setOf(operands[1]);
	const text = await desk.standardInput();
	const map = new Map<number, number>();
	if (second && !deletes) {
		let list = [...second.list];
		if (second.fill)
			list.splice(second.fill.at, 0, ...Array<number>(Math.max(0, first.length - list.length)).fill(second.fill.octet));
		if (list.length === 0) throw new Leave('tr: when not truncating set1, string2 must be non-empty\n');
		if (given.has('t')) first = first.slice(0, list.length);
		else if (list.length < first.length)
			list = [...list, ...Array<number>(first.length - list.length).fill(list.at(-1)!)];
		for (const [i, octet] of first.entries()) map.set(octet, list[i]!);
	}
	const gone = new globalThis.Set(deletes ? first : []);
	const once = new globalThis.Set(squeezes ? (second ? second.list : first) : []);
	const out: string[] = [];
	let last = -1;
	for (let i = 0; i < text.length; i++) {
		const octet = text.charCodeAt(i);
		if (gone.has(octet)) continue;
		const written = map.get(octet) ?? octet;
		if (written === last && once.has(written)) continue;
		out.push(String.fromCharCode(written));
		last = written;
	}
	desk.write(out.join(''));
}
