/** seq (coreutils src/seq.c @ v8.32). Numbers are exact decimals; upstream's are long doubles. */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { quote } from './lines.ts';
import { type Decimal, type Shape, shapeOf, written } from './seq-format.ts';

/** Numbers that are written at once. */
const BATCH = 1000;

interface Operand extends Decimal {
	readonly endless: boolean;
	/** Characters it takes as it was written. */
	readonly width: number;
	/** Digits behind the point; undefined for hexadecimal ones with an exponent. */
	readonly precision: number | undefined;
}

/** Puts a decimal at so many places. */
const at = ({ units, places }: Decimal, more: number): bigint => units * 10n ** BigInt(more - places);

function operand(desk: Desk, given: string): Operand {
	const word = given.replace(/^\s+/, '').replace(/^\+/, '');
	if (/^[+-]?nan$/i.test(word))
		throw desk.usage(`invalid ${quote(desk, 'not-a-number')} argument: ${quote(desk, given)}`);
	if (/^-?inf(?:inity)?$/i.test(word))
		return { units: word.startsWith('-') ? -1n : 1n, places: 0, endless: true, width: word.length, precision: 0 };
	const hex = /^(-?)0[xX]([\da-fA-F]+)(?:\.([\da-fA-F]+))?(?:[pP]([+-]?\d+))?$/.exec(word);
	if (hex) {
		const [, sign, whole = '', part = '', power] = hex;
		const digits = BigInt(`0x${whole}${part}`) * (sign === '-' ? -1n : 1n);
		const shift = Number(power ?? 0) - 4 * part.length;
		if (Math.abs(shift) > 1000) throw desk.usage(`invalid floating point argument: ${quote(desk, given)}`);
		const exact =
			shift >= 0
				? { units: digits << BigInt(shift), places: 0 }
				: { units: digits * 5n ** BigInt(-shift), places: -shift };
		return { ...exact, endless: false, width: 0, precision: part === '' && power === undefined ? 0 : undefined };
	}
	const plain = /^(-?)(\d*)(\.?)(\d*)(?:([eE])([+-]?\d+))?$/.exec(word);
	if (!plain || (plain[2] === '' && plain[4] === ''))
		throw desk.usage(`invalid floating point argument: ${quote(desk, given)}`);
	const [, sign, whole = '', point, part = '', , power] = plain;
	const exponent = Number(power ?? 0);
	const digits = BigInt(`${whole}${part}`) * (sign === '-' ? -1n : 1n);
	const zero = digits === 0n;
	// What no long double holds is endless.
	if (exponent > 4931 && !zero)
		return { units: sign === '-' ? -1n : 1n, places: 0, endless: true, width: 3, precision: 0 };
	if (exponent < -5000) throw desk.usage(`invalid floating point argument: ${quote(desk, given)}`);
	const places = part.length - exponent;
	const exact = places < 0 ? { units: digits * 10n ** BigInt(-places), places: 0 } : { units: digits, places };
	let precision = point ? part.length : 0;
	let width = word.length;
	if (point) width += part === '' ? -1 : whole === '' ? 1 : 0;
	if (power !== undefined) {
		precision += exponent < 0 ? -exponent : -Math.min(precision, exponent);
		width -= word.length - word.search(/[eE]/);
		if (exponent < 0 && (!point || part === '')) width++;
		width += Math.abs(exponent);
	}
	return { ...exact, endless: false, width, precision };
}

/** Takes options up to the first operand: a negative number is one. */
function split(desk: Desk): readonly string[] {
	for (let i = 0; i < desk.args.length; i++) {
		const word = desk.args[i]!;
		if (word === '--') return desk.args.splice(i).slice(1);
		if (!word.startsWith('-') || /^-[\d.]/.test(word) || word === '-') return desk.args.splice(i);
		if (/^-w*[fs]$|^--(?:f|s)[a-z]*$/.test(word)) i++;
	}
	return [];
}

export async function seq(desk: Desk): Promise<void> {
	const operands = split(desk);
	const given = desk.options('f:s:w', ['format=>f', 'separator=>s', 'equal-width>w']);
	if (operands.length === 0) throw desk.usage('missing operand');
	if (operands.length > 3) throw desk.usage(`extra operand ${quote(desk, operands[3]!)}`);
	const format = given.value('f');
	const shape = format === undefined ? undefined : shapeOf(format, (word) => quote(desk, word));
	if (shape && given.has('w')) throw desk.usage('format string may not be specified when printing equal width strings');
	const separator = given.value('s') ?? '\n';
	const values = operands.map((word) => operand(desk, word));
	const one = operand(desk, '1');
	const first = values.length > 1 ? values[0]! : one;
	const step = values.length > 2 ? values[1]! : one;
	const last = values.at(-1)!;
	if (step.units === 0n) throw desk.usage(`invalid Zero increment value: ${quote(desk, operands[1]!)}`);
	if (first.endless || step.endless)
		throw new Leave('seq: the simulator does not count from infinity or in steps of it\n');

	const places = Math.max(first.places, step.places, last.places);
	const [by, end] = [at(step, places), at(last, places)];
	const past = (value: bigint): boolean =>
		last.endless ? by > 0n !== last.units > 0n : by > 0n ? value > end : value < end;
	const used: Shape = shape ?? usual(first, step, last, given.has('w'));
	let line = '';
	let count = 0;
	let before = '';
	for (let value = at(first, places); ; value += by) {
		const number = written({ units: value, places }, used);
		if (past(value)) {
			// One that lies behind the last only because of how it is shown is shown.
			const same = shape !== undefined && count > 0 && number !== before && Number(number) === Number(operands.at(-1));
			if (same && !last.endless) {
				line += separator + used.before + number + used.after;
				count++;
			}
			break;
		}
		line += `${count === 0 ? '' : separator}${used.before}${number}${used.after}`;
		before = number;
		if (++count % BATCH === 0) {
			desk.write(line);
			line = '';
			await desk.sleep(0);
		}
	}
	if (count > 0) desk.write(`${line}\n`);
}

/** Numbers are as exact as the first two; the last only bounds them. */
function usual(first: Operand, step: Operand, last: Operand, equal: boolean): Shape {
	const bare: Shape = { before: '', after: '', flags: '', width: 0, precision: undefined, kind: 'g' };
	if (first.precision === undefined || step.precision === undefined || last.precision === undefined) return bare;
	const precision = Math.max(first.precision, step.precision);
	const shape: Shape = { ...bare, precision, kind: 'f' };
	if (!equal) return shape;
	let [a, b] = [first.width + (precision - first.precision), last.width + (precision - last.precision)];
	if (last.precision > 0 && precision === 0) b--;
	if (last.precision === 0 && precision > 0) b++;
	if (first.precision === 0 && precision > 0) a++;
	return { ...shape, flags: '0', width: Math.max(a, b) };
}
