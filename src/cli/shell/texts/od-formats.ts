/** Types of `od -t` (coreutils src/od.c @ v8.32 decode_one_format). */
import { Leave } from '../coreutils/desk.ts';

export interface Format {
	/** Octets of one field. */
	readonly size: number;
	/** Characters of one field, the space before it left out. */
	readonly width: number;
	/** Whether the row's characters stand behind it. */
	readonly trailer: boolean;
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
const SIZES: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8 };
const FLOATS: Readonly<Record<string, number>> = { F: 4, D: 8, L: 16 };

const character = (c: string): string => {
	const code = c.charCodeAt(0);
	return SIGNS[code] ?? (code >= 32 && code < 127 ? c : code.toString(8).padStart(3, '0'));
};
const named = (c: string): string => {
	const code = c.charCodeAt(0) & 127;
	return NAMES[code] ?? (code === 127 ? 'del' : String.fromCharCode(code));
};

/** The octets as a number. */
const whole = (octets: string, big: boolean): bigint =>
	[...octets].reduce(
		(sum, c, i) => sum + (BigInt(c.charCodeAt(0)) << BigInt(8 * (big ? octets.length - 1 - i : i))),
		0n,
	);

/** As few digits as tell it from its neighbours (gnulib ftoastr.c), the way of `%g`. */
function float(octets: string, big: boolean): string {
	const single = octets.length === 4;
	const view = new DataView(Uint8Array.from(octets, (c) => c.charCodeAt(0)).buffer);
	const value = single ? view.getFloat32(0, !big) : view.getFloat64(0, !big);
	const minus = view.getUint8(big ? 0 : octets.length - 1) & 0x80 ? '-' : '';
	if (Number.isNaN(value)) return `${minus}nan`;
	if (!Number.isFinite(value)) return `${minus}inf`;
	if (value === 0) return `${minus}0`;
	const same = (text: string): boolean => (single ? Math.fround(Number(text)) : Number(text)) === value;
	const tiny = Math.abs(value) < (single ? 2 ** -126 : 2 ** -1022);
	let digits = tiny ? 1 : single ? 6 : 15;
	while (digits < (single ? 9 : 17) && !same(value.toPrecision(digits))) digits++;
	const [mantissa = '', power = '0'] = value.toExponential(digits - 1).split('e');
	const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
	const exponent = Number(power);
	if (exponent < -4 || exponent >= digits)
		return `${trimmed}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
	const plain = value.toFixed(Math.max(0, digits - 1 - exponent));
	return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

function number(kind: string, size: number, big: boolean): Omit<Format, 'trailer'> {
	const bits = BigInt(8 * size);
	const most = (1n << bits) - 1n;
	if (kind === 'f') return { size, width: size === 4 ? 15 : 24, text: (o) => float(o, big) };
	if (kind === 'd')
		return {
			size,
			width: (1n << (bits - 1n)).toString().length + 1,
			text: (o) => BigInt.asIntN(Number(bits), whole(o, big)).toString(),
		};
	const base = kind === 'x' ? 16 : kind === 'o' ? 8 : 10;
	const width = most.toString(base).length;
	return {
		size,
		width,
		text: (o) =>
			whole(o, big)
				.toString(base)
				.padStart(kind === 'u' ? 0 : width, '0'),
	};
}

/** @throws Leave when one of the types is none */
export function formatsOf(types: string, big: boolean, quote: (word: string) => string): Format[] {
	const formats: Format[] = [];
	let rest = types;
	const wrong = (what: string): Leave => new Leave(`od: ${what}\n`);
	do {
		const kind = rest[0] ?? '';
		if (kind === '' || !'acduoxf'.includes(kind))
			throw wrong(`invalid character '${kind}' in type string ${quote(types)}`);
		rest = rest.slice(1);
		let made: Omit<Format, 'trailer'>;
		if (kind === 'c' || kind === 'a') made = { size: 1, width: 3, text: kind === 'c' ? character : named };
		else {
			const letters = kind === 'f' ? FLOATS : SIZES;
			const [given = ''] = /^\d+/.exec(rest) ?? /^[A-Z]/.exec(rest) ?? [];
			const lettered = letters[given];
			const size =
				given === '' || (lettered === undefined && !/^\d/.test(given))
					? kind === 'f'
						? 8
						: 4
					: (lettered ?? Number(given));
			const known = kind === 'f' ? [4, 8, 16] : [1, 2, 4, 8];
			if (!known.includes(size))
				throw wrong(
					`invalid type string ${quote(types)};\nthis system doesn't provide a ${size}-byte ${kind === 'f' ? 'floating point' : 'integral'} type`,
				);
			if (size === 16) throw wrong('the simulator does not have numbers of 16 octets with a floating point');
			if (lettered !== undefined || /^\d/.test(given)) rest = rest.slice(given.length);
			made = number(kind, size, big);
		}
		const trailer = rest[0] === 'z';
		if (trailer) rest = rest.slice(1);
		formats.push({ ...made, trailer });
	} while (rest !== '');
	return formats;
}
