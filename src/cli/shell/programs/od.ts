/** `od` as coreutils' does it (src/od.c @ v9.1), for octets and whole numbers: just-bash's knows octal octets only. */
import { Output } from '../call.ts';
import { wordsOf } from '../filters/words.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { latin1 } from '../routes.ts';
import type { Shell } from '../shell.ts';

interface Format {
	readonly size: number;
	/** Characters of one field, the space before it included. */
	readonly width: number;
	text(octets: string): string;
}

const NAMES =
	'nul soh stx etx eot enq ack bel bs ht nl vt ff cr so si dle dc1 dc2 dc3 dc4 nak syn etb can em sub esc fs gs rs us sp'.split(
		' ',
	);
const SIGNS: Readonly<Record<number, string>> = {
	0: '\\0',
	7: '\\a',
	8: '\\b',
	9: '\\t',
	10: '\\n',
	11: '\\v',
	12: '\\f',
	13: '\\r',
};

/** The octets as a number, the first one least. */
const little = (octets: string): bigint =>
	[...octets].reduce((sum, c, i) => sum + (BigInt(c.charCodeAt(0)) << BigInt(8 * i)), 0n);

function formatOf(type: string): Format | undefined {
	const [, kind, given] = /^([acduox])([1248CSIL]?)$/.exec(type) ?? [];
	if (!kind) return undefined;
	if (kind === 'c')
		return {
			size: 1,
			width: 4,
			text: (c) => {
				const code = c.charCodeAt(0);
				return SIGNS[code] ?? (code >= 32 && code < 127 ? c : code.toString(8).padStart(3, '0'));
			},
		};
	if (kind === 'a') {
		return {
			size: 1,
			width: 4,
			text: (c) => {
				const code = c.charCodeAt(0) & 127;
				return NAMES[code] ?? (code === 127 ? 'del' : String.fromCharCode(code));
			},
		};
	}
	const size = { C: 1, S: 2, I: 4, L: 8, '': 4 }[given as 'C'] ?? Number(given);
	const bits = BigInt(8 * size);
	const most = (1n << bits) - 1n;
	if (kind === 'x')
		return {
			size,
			width: 2 * size + 1,
			text: (o) =>
				little(o)
					.toString(16)
					.padStart(2 * size, '0'),
		};
	if (kind === 'o') {
		const digits = most.toString(8).length;
		return { size, width: digits + 1, text: (o) => little(o).toString(8).padStart(digits, '0') };
	}
	const digits = most.toString().length;
	if (kind === 'u') return { size, width: digits + 1, text: (o) => little(o).toString() };
	const width = (1n << (bits - 1n)).toString().length + 2;
	return { size, width, text: (o) => BigInt.asIntN(Number(bits), little(o)).toString() };
}

const OLD: Readonly<Record<string, string>> = {
	b: 'o1',
	c: 'c',
	a: 'a',
	d: 'u2',
	o: 'o2',
	x: 'x2',
	i: 'dI',
	l: 'dL',
	s: 'd2',
};

export async function od(call: ProgramCall, shell: Shell): Promise<Result> {
	const output = new Output(call.routes);
	const fail = (text: string): Result => {
		output.err({ text: `od: ${text}\n`, binary: false });
		return output.result(1);
	};
	const words = wordsOf(call.args, 'AjNtwS');
	const formats: Format[] = [];
	for (const [name, value] of words.options) {
		const types =
			name === 't' || name === 'format'
				? (value.match(/[acduox][1248CSIL]?/g) ?? [value])
				: OLD[name]
					? [OLD[name]!]
					: [];
		for (const type of types) {
			const format = formatOf(type);
			if (!format) return fail(`invalid type string '${value}'`);
			formats.push(format);
		}
	}
	if (formats.length === 0) formats.push(formatOf('o2')!);
	const radix = words.value('A', 'address-radix') ?? 'o';
	if (!/^[doxn]$/.test(radix))
		return fail(`invalid output address radix '${radix}'; it must be one character from [doxn]`);
	let octets = '';
	for (const file of words.operands.length > 0 ? words.operands : ['-']) {
		if (file === '-') octets += call.stdin();
		else {
			const path = shell.files.resolvePath(call.state.cwd, file);
			if (!(await shell.files.exists(path))) return fail(`${file}: No such file or directory`);
			octets += latin1(await shell.files.readFileBuffer(path));
		}
	}
	const skip = Number(words.value('j', 'skip-bytes') ?? 0);
	const count = words.value('N', 'read-bytes');
	octets = octets.slice(skip, count === undefined ? undefined : skip + Number(count));
	const wide = Number(words.value('w', 'width') || 16);
	const address = (at: number): string =>
		radix === 'n' ? '' : at.toString({ d: 10, o: 8, x: 16 }[radix as 'd']).padStart(radix === 'x' ? 6 : 7, '0');
	// Fields of several formats stand below each other, as wide as the widest needs.
	const perOctet = Math.max(...formats.map((f) => f.width / f.size));
	let text = '';
	let before: string | undefined;
	let starred = false;
	for (let at = 0; at < octets.length; at += wide) {
		const row = octets.slice(at, at + wide);
		if (row === before && row.length === wide && !words.has('v', 'output-duplicates')) {
			if (!starred) text += '*\n';
			starred = true;
			continue;
		}
		[before, starred] = [row, false];
		for (const [i, format] of formats.entries()) {
			let line = '';
			for (let j = 0; j < row.length; j += format.size) {
				const field = Math.round(perOctet * (j + format.size)) - Math.round(perOctet * j);
				line += format.text(row.slice(j, j + format.size).padEnd(format.size, '\0')).padStart(field);
			}
			text += `${i === 0 ? address(skip + at) : ' '.repeat(radix === 'n' ? 0 : address(0).length)}${line}\n`;
		}
	}
	if (radix !== 'n') text += `${address(skip + octets.length)}\n`;
	output.out({ text, binary: false });
	return output.result(0);
}
