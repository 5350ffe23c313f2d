/** numfmt (coreutils src/numfmt.c @ v8.32): numbers as people write them, and back. */
import { mark } from '../found.ts';
import { asText, type Desk, Leave, octets, parts } from './desk.ts';

const LETTERS = 'KMGTPEZY';

const CHOICES: Readonly<Record<string, readonly string[]>> = {
	from: ['none', 'auto', 'si', 'iec', 'iec-i'],
	to: ['none', 'si', 'iec', 'iec-i'],
	round: ['up', 'down', 'from-zero', 'towards-zero', 'nearest'],
	invalid: ['abort', 'fail', 'warn', 'ignore'],
};

const ROUND: Readonly<Record<string, (n: number) => number>> = {
	up: Math.ceil,
	down: Math.floor,
	'from-zero': (n) => (n < 0 ? Math.floor(n) : Math.ceil(n)),
	'towards-zero': Math.trunc,
	nearest: (n) => (n < 0 ? -Math.round(-n) : Math.round(n)),
};

/** What a binary fraction is off a decimal one must not move what is rounded. */
const decimal = (n: number): number => Number(n.toPrecision(15));

interface Shape {
	readonly before: string;
	readonly after: string;
	readonly zeros: number;
	readonly precision: number | undefined;
	readonly padding: number | undefined;
}

export async function numfmt(desk: Desk): Promise<void> {
	const given = desk.options('d:z', [
		'from=',
		'from-unit=',
		'to=',
		'to-unit=',
		'round=',
		'padding=',
		'suffix=',
		'grouping',
		'delimiter=>d',
		'field=',
		'debug',
		'header?',
		'format=',
		'invalid=',
		'zero-terminated>z',
	]);
	const say = (text: string): string => mark(desk.call.state, text);
	const stop = (what: string): Leave => new Leave(`numfmt: ${what}\n`);
	const choice = (option: string, otherwise: string): string => {
		const word = given.value(option);
		if (word === undefined) return otherwise;
		const all = CHOICES[option]!;
		const begun = all.filter((name) => name.startsWith(word));
		if (all.includes(word)) return word;
		if (begun.length === 1) return begun[0]!;
		throw desk.usage(
			`${begun.length > 1 ? 'ambiguous' : 'invalid'} argument ${say(word)} for ${say(`--${option}`)}\nValid arguments are:\n${all.map((name) => `  - ${say(name)}`).join('\n')}`,
		);
	};
	const [from, to] = [choice('from', 'none'), choice('to', 'none')];
	const round = ROUND[choice('round', 'from-zero')]!;
	const invalid = choice('invalid', 'abort');
	const unit = (option: string): number => {
		const word = given.value(option) ?? '1';
		const [, digits = '0', letter = '', i = ''] = /^(\d+)(?:([KMGTPEZY])(i?))?$/.exec(word) ?? [];
		const n = Number(digits) * (i === '' ? 1000 : 1024) ** (letter === '' ? 0 : LETTERS.indexOf(letter) + 1);
		if (n === 0) throw stop(`invalid unit size: ${say(word)}`);
		return n;
	};
	const [fromUnit, toUnit] = [unit('from-unit'), unit('to-unit')];
	const padded = given.value('padding');
	if (padded !== undefined && (!/^-?\d+$/.test(padded) || Number(padded) === 0))
		throw stop(`invalid padding value ${say(padded)}`);
	const parted = given.value('d');
	if (parted !== undefined && [...parted].length > 1) throw stop('the delimiter must be a single character');
	if (given.has('grouping') && given.has('format')) throw stop('--grouping cannot be combined with --format');
	if (given.has('grouping') && to !== 'none') throw stop('grouping cannot be combined with --to');
	const head = given.value('header');
	if (head && !/^[1-9]\d*$/.test(head)) throw stop(`invalid header value ${say(head)}`);
	const chosen = fieldsOf(given.value('field') ?? '1');
	if (chosen === undefined) throw desk.usage(`invalid field value ${say(given.value('field')!)}`);
	const shape = given.value('format') === undefined ? undefined : shapeOf(given.value('format')!, stop, say);
	const width = shape?.padding ?? (padded === undefined ? undefined : Number(padded));

	/** A number, or what is wrong with it. */
	const readAs = (text: string): { readonly n: number; readonly places: number } | string => {
		const suffix = given.value('suffix') ?? '';
		const bare = suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
		const [, digits, decimals = '', rest = ''] = /^(-?\d+(?:\.(\d+))?)(.*)$/.exec(bare) ?? [];
		if (digits === undefined) return `invalid number: ${say(text)}`;
		const letter = rest[0] ?? '';
		if (letter === '') return { n: Number(digits), places: decimals.length };
		if (!LETTERS.includes(letter)) return `invalid suffix in input: ${say(text)}`;
		if (from === 'none') return `rejecting suffix in input: ${say(text)} (consider using --from)`;
		const i = rest[1] === 'i' && (from === 'auto' || from === 'iec-i');
		if (from === 'iec-i' && !i) return `missing 'i' suffix in input: ${say(text)} (e.g Ki/Mi/Gi)`;
		const left = rest.slice(i ? 2 : 1);
		if (left !== '') return `invalid suffix in input ${say(text)}: ${say(left)}`;
		const step = from === 'si' || (from === 'auto' && !i) ? 1000 : 1024;
		return { n: Number(digits) * step ** (LETTERS.indexOf(letter) + 1), places: 0 };
	};
	const written = ({ n, places }: { readonly n: number; readonly places: number }): string => {
		const value = decimal((n * fromUnit) / toUnit);
		const at = (x: number, digits: number): string =>
			(decimal(round(decimal(x * 10 ** digits))) / 10 ** digits).toFixed(digits);
		if (to === 'none') return at(value, shape?.precision ?? (fromUnit === 1 && toUnit === 1 ? places : 0));
		const step = to === 'si' ? 1000 : 1024;
		let x = value;
		let power = 0;
		while (Math.abs(x) >= step && power < LETTERS.length) {
			x /= step;
			power++;
		}
		const digitsOf = (y: number): number => shape?.precision ?? (power > 0 && Math.abs(y) < 10 ? 1 : 0);
		let text = at(x, digitsOf(x));
		if (Math.abs(Number(text)) >= step && power < LETTERS.length) {
			x = Number(text) / step;
			power++;
			text = at(x, digitsOf(x));
		} else if (shape?.precision === undefined && Math.abs(Number(text)) >= 10) text = at(Number(text), 0);
		return power === 0 ? text : `${text}${LETTERS[power - 1]}${to === 'iec-i' ? 'i' : ''}`;
	};

	/** A field as it is written now. @param room columns that it had, for its padding */
	const field = (text: string, room: number): string => {
		const value = readAs(text);
		if (typeof value === 'string') {
			if (invalid === 'abort') throw new Leave(`numfmt: ${value}\n`, 2);
			if (invalid !== 'ignore') desk.say(`numfmt: ${value}\n`);
			if (invalid === 'fail') desk.code = 2;
			return text;
		}
		const number = written(value);
		const zeros = shape?.zeros ?? 0;
		const full = `${zeros > 0 ? number.replace(/^(-?)(.*)$/, (_, sign: string, rest: string) => sign + rest.padStart(zeros - sign.length, '0')) : number}${given.value('suffix') ?? ''}`;
		const wide = width === undefined ? full.padStart(room) : width < 0 ? full.padEnd(-width) : full.padStart(width);
		return `${shape?.before ?? ''}${wide}${shape?.after ?? ''}`;
	};
	const end = given.has('z') ? '\0' : '\n';
	const input = given.operands.length > 0 ? given.operands : parts(asText(await desk.standardInput()), end);
	let heads = given.operands.length > 0 || head === undefined ? 0 : Number(head || 1);
	for (const line of input) {
		if (heads-- > 0) {
			desk.write(octets(`${line}${end}`));
			continue;
		}
		if (parted !== undefined) {
			const words = line.split(parted);
			desk.write(
				octets(`${words.map((word, i) => (chosen(i + 1) ? field(word.trimStart(), 0) : word)).join(parted)}${end}`),
			);
			continue;
		}
		let at = 0;
		// Without padding of its own a field keeps the columns that it had.
		const text = line.replace(/([ \t\n]*)([^ \t\n]+)/g, (all: string, space: string, word: string) => {
			at++;
			if (!chosen(at)) return all;
			const apart = at > 1 ? (space[0] ?? '') : '';
			const had = at > 1 ? all.length - 1 : all.length;
			return `${apart}${field(word, width === undefined && space.length > (at > 1 ? 1 : 0) ? had : 0)}`;
		});
		desk.write(octets(`${text}${end}`));
	}
}

/** `1,3-5`, `-`: which fields are meant. */
function fieldsOf(list: string): ((n: number) => boolean) | undefined {
	const ranges: (readonly [number, number])[] = [];
	for (const part of list.split(',')) {
		const [, a, dash, b] = /^(\d*)(-?)(\d*)$/.exec(part) ?? [];
		if (a === undefined || (a === '' && dash === '') || a === '0' || b === '0') return undefined;
		ranges.push([Number(a || 1), dash === '' ? Number(a) : b === '' ? Infinity : Number(b)]);
	}
	return (n) => ranges.some(([a, b]) => n >= a && n <= b);
}

function shapeOf(format: string, stop: (what: string) => Leave, say: (text: string) => string): Shape {
	const plain = format.replace(/%%/g, '\u0001\u0001');
	const at = plain.indexOf('%');
	if (at === -1) throw stop(`format ${say(format)} has no % directive`);
	const found = /^%(0?)('?)(0?)(-?)(\d*)(?:\.(\d*))?f/.exec(plain.slice(at));
	if (found === null) throw stop(`invalid format ${say(format)}, directive must be %[0]['][-][N][.][N]f`);
	const after = plain.slice(at + found[0].length);
	if (after.includes('%')) throw stop(`format ${say(format)} has too many % directives`);
	const [, zero = '', , zeroToo = '', minus = '', width = '', precision] = found;
	const wide = width === '' ? undefined : Number(minus + width);
	const filled = zero !== '' || zeroToo !== '';
	const back = (text: string): string => text.replaceAll('\u0001\u0001', '%');
	return {
		before: back(plain.slice(0, at)),
		after: back(after),
		zeros: filled && minus === '' ? (wide ?? 0) : 0,
		padding: filled ? undefined : wide,
		precision: precision === undefined ? undefined : Number(precision || 0),
	};
}
