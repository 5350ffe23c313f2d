/** od (coreutils src/od.c @ v8.32): octets as numbers, characters, or the texts among them. */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { amount, choice } from './choice.ts';
import { quote, quoted } from './lines.ts';
import { type Format, formatsOf } from './od-formats.ts';

const OLD: Readonly<Record<string, string>> = {
	a: 'a',
	b: 'o1',
	c: 'c',
	D: 'u4',
	d: 'u2',
	e: 'fD',
	F: 'fD',
	f: 'fF',
	H: 'x4',
	X: 'x4',
	I: 'dL',
	L: 'dL',
	l: 'dL',
	i: 'dI',
	O: 'o4',
	B: 'o2',
	o: 'o2',
	s: 'd2',
	h: 'x2',
	x: 'x2',
};
const LONG = [
	'skip-bytes=>j',
	'address-radix=>A',
	'read-bytes=>N',
	'format=>t',
	'output-duplicates>v',
	'strings?>S',
	'traditional',
	'width?>w',
	'endian=',
];
/** An offset as the old way has it: octal, or hexadecimal, in blocks with `b`. */
function oldOffset(word: string): number | undefined {
	const [, x, digits = '', unit] = /^\+?(0[xX])?([\da-fA-F]+?)([bB])?$/.exec(word) ?? [];
	if (!(x ? /^[\da-f]+$/i : /^[0-7]+$/).test(digits)) return undefined;
	return Number.parseInt(digits, x ? 16 : 8) * (unit === 'b' ? 512 : unit === 'B' ? 1024 : 1);
}

/** Takes old offsets away from the operands. */
function oldStart(desk: Desk, files: string[], traditional: boolean): { skip: number; label?: number } {
	const plus = (word: string | undefined): boolean => traditional || /^\+/.test(word ?? '');
	const last = files.at(-1);
	const offset = last === undefined ? undefined : oldOffset(last);
	let start: { skip: number; label?: number } = { skip: 0 };
	if (files.length === 1 && plus(last) && offset !== undefined) {
		files.pop();
		start = { skip: offset };
	} else if ((files.length === 2 || files.length === 3) && offset !== undefined && (plus(last) || /^\d/.test(last!))) {
		const before = traditional ? oldOffset(files.at(-2)!) : undefined;
		if (before !== undefined) {
			files.splice(-2);
			start = { skip: before, label: offset };
		} else if (files.length === 2) {
			files.pop();
			start = { skip: offset };
		}
	}
	if (traditional && files.length > 1)
		throw new Leave(
			`od: extra operand ${quote(desk, files[1]!)}\nod: compatibility mode supports at most one file\nTry 'od --help' for more information.\n`,
		);
	return start;
}

export async function od(desk: Desk): Promise<void> {
	const given = desk.options('A:aBbcDdeFfHhIij:LlN:OoS:st:vw::Xx', LONG);
	const count = (letter: string): number | undefined => {
		const word = given.value(letter);
		return word === undefined ? undefined : amount(desk, `-${letter}`, word);
	};
	const radix = given.value('A')?.[0] ?? 'o';
	if (!'doxn'.includes(radix))
		throw new Leave(`od: invalid output address radix '${radix}'; it must be one character from [doxn]\n`);
	const big = given.has('endian') && choice(desk, '--endian', given.value('endian')!, ['little', 'big']) === 'big';
	const formats: Format[] = [];
	for (const [name, value] of given.all)
		if (name === 't') formats.push(...formatsOf(value, big, (word) => quote(desk, word)));
		else if (OLD[name]) formats.push(...formatsOf(OLD[name], big, (word) => quote(desk, word)));
	if (given.has('S') && formats.length > 0) throw new Leave('od: no type may be specified when dumping strings\n');
	if (formats.length === 0) formats.push(...formatsOf('o2', big, String));
	const files = [...given.operands];
	const modern = ['A', 'j', 'N', 'S', 't', 'v', 'w'].some((letter) => given.has(letter));
	const traditional = given.has('traditional');
	const old = !modern || traditional ? oldStart(desk, files, traditional) : { skip: 0 };
	const skip = count('j') ?? old.skip;
	const most = count('N');

	let text = '';
	for (const file of files.length > 0 ? files : ['-']) {
		const found = await desk.tryRead(file, most === undefined ? undefined : skip + most);
		if ('wrong' in found) desk.fault(`${quoted(file)}: ${found.wrong}`);
		else text += found.text;
	}
	if (skip > text.length) throw new Leave('od: cannot skip past end of combined input\n');
	text = text.slice(skip, most === undefined ? undefined : skip + most);
	const number = (at: number): string =>
		at.toString({ d: 10, o: 8, x: 16 }[radix as 'd']).padStart(radix === 'x' ? 6 : 7, '0');
	const label = old.label === undefined ? undefined : old.label - skip;
	const address = (at: number): string =>
		(radix === 'n' ? '' : number(at)) +
		(label === undefined ? '' : `${radix === 'n' ? '' : ' '}(${number(at + label)})`);
	if (given.has('S')) {
		const least = given.value('S') === '' ? 3 : count('S')!;
		return strings(desk, text, least, (at) => (radix === 'n' ? '' : `${number(skip + at)} `));
	}

	const unit = formats.reduce((all, { size }) => Math.max(all, size), 1);
	let wide = unit * Math.floor(16 / unit) || unit;
	if (given.has('w')) {
		const word = given.value('w')!;
		const asked = word === '' ? 32 : amount(desk, '-w', word, '');
		if (asked > 0 && asked % unit === 0) wide = asked;
		else {
			desk.say(`od: warning: invalid width ${asked}; using ${unit} instead\n`);
			wide = unit;
		}
	}
	write(desk, text, formats, wide, given.has('v'), (at) => address(skip + at));
	const end = address(skip + text.length);
	if (end !== '') desk.write(`${end}\n`);
}

/** Rows, each format's fields below the other's, all as wide as the widest. */
function write(
	desk: Desk,
	text: string,
	formats: readonly Format[],
	wide: number,
	all: boolean,
	address: (at: number) => string,
): void {
	const broad = Math.max(...formats.map(({ size, width }) => (width + 1) * (wide / size)));
	let before: string | undefined;
	let starred = false;
	let out = '';
	for (let at = 0; at < text.length; at += wide) {
		const row = text.slice(at, at + wide);
		if (!all && row === before && row.length === wide) {
			if (!starred) out += '*\n';
			starred = true;
			continue;
		}
		[before, starred] = [row, false];
		for (const [i, format] of formats.entries()) {
			const { size, width } = format;
			const fields = wide / size;
			const pad = broad - width * fields;
			let left = pad;
			let line = i === 0 ? address(at) : ' '.repeat(address(at).length);
			const blank = Math.floor((wide - row.length) / size);
			for (let field = fields; field > blank; field--) {
				const next = Math.floor((pad * (field - 1)) / fields);
				const from = (fields - field) * size;
				line += format.text(row.slice(from, from + size).padEnd(size, '\0')).padStart(left - next + width);
				left = next;
			}
			if (format.trailer) {
				line += ' '.repeat(blank * width + Math.floor((pad * blank) / fields));
				line += `  >${row.replace(/[^ -~]/g, '.')}<`;
			}
			out += `${line}\n`;
		}
	}
	desk.write(out);
}

/** Texts of at least so many characters that end with NUL. */
function strings(desk: Desk, text: string, least: number, address: (at: number) => string): void {
	for (const found of text.matchAll(/([ -~]+)\0/g))
		if (found[1]!.length >= least) desk.write(`${address(found.index)}${found[1]}\n`);
}
