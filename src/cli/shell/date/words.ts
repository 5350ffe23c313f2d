/** Words and numbers of dates (gnulib lib/parse-datetime.y, its tables and yylex()). */
import { MONTHS as NAMES, DAYS as WEEK } from '../../text/index.ts';

export type Unit = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';
export type Token =
	| {
			readonly kind: 'number';
			readonly value: number;
			readonly digits: number;
			readonly signed: boolean;
			readonly nanos: number | undefined;
	  }
	| { readonly kind: 'unit'; readonly unit: Unit; readonly times: number }
	| { readonly kind: 'month' | 'day' | 'ordinal' | 'shift' | 'meridian' | 'zone'; readonly value: number }
	| { readonly kind: 'ago' | 'T' | ':' | '/' | ',' | '@' };
export type Kind = Token['kind'];

const MONTHS = NAMES.map((name) => name.toLowerCase());
const DAYS = WEEK.map((name) => name.toLowerCase());
const ORDINALS: Readonly<Record<string, number>> = {
	last: -1,
	this: 0,
	next: 1,
	first: 1,
	third: 3,
	fourth: 4,
	fifth: 5,
	sixth: 6,
	seventh: 7,
	eighth: 8,
	ninth: 9,
	tenth: 10,
	eleventh: 11,
	twelfth: 12,
};
const UNITS: Readonly<Record<string, readonly [Unit, number]>> = {
	year: ['year', 1],
	month: ['month', 1],
	fortnight: ['day', 14],
	week: ['day', 7],
	day: ['day', 1],
	hour: ['hour', 1],
	minute: ['minute', 1],
	min: ['minute', 1],
	second: ['second', 1],
	sec: ['second', 1],
};
/** Hours east of UTC. */
const ZONES: Readonly<Record<string, number>> = {
	gmt: 0,
	ut: 0,
	utc: 0,
	z: 0,
	wet: 0,
	west: 1,
	bst: 1,
	cet: 1,
	cest: 2,
	met: 1,
	mest: 2,
	eet: 2,
	eest: 3,
	sast: 2,
	msk: 3,
	msd: 4,
	ist: 5.5,
	sgt: 8,
	jst: 9,
	ast: -4,
	adt: -3,
	est: -5,
	edt: -4,
	cst: -6,
	cdt: -5,
	mst: -7,
	mdt: -6,
	pst: -8,
	pdt: -7,
};
const SHIFTS: Readonly<Record<string, number>> = { yesterday: -1, today: 0, now: 0, tomorrow: 1 };

function wordToken(given: string): Token | undefined {
	const word = given.toLowerCase();
	const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
		Object.hasOwn(table, key) ? table[key] : undefined;
	if (/^[ap]\.?m\.?$/.test(word)) return { kind: 'meridian', value: word.startsWith('p') ? 12 : 0 };
	const short = word.replace(/\.$/, '');
	const month = MONTHS.findIndex(
		(name) =>
			name === short || (short.length === 3 && name.startsWith(short)) || (short === 'sept' && name === 'september'),
	);
	if (month >= 0) return { kind: 'month', value: month + 1 };
	const day = DAYS.findIndex((name) => name === short || (short.length === 3 && name.startsWith(short)));
	const odd = { tues: 2, wednes: 3, thur: 4, thurs: 4 }[short];
	if (day >= 0 || odd !== undefined) return { kind: 'day', value: odd ?? day };
	const zone = own(ZONES, word);
	if (zone !== undefined) return { kind: 'zone', value: zone * 60 };
	const unit = own(UNITS, word) ?? own(UNITS, word.replace(/s$/, ''));
	if (unit) return { kind: 'unit', unit: unit[0], times: unit[1] };
	const shift = own(SHIFTS, word);
	if (shift !== undefined) return { kind: 'shift', value: shift };
	const ordinal = own(ORDINALS, word);
	if (ordinal !== undefined) return { kind: 'ordinal', value: ordinal };
	if (word === 'ago') return { kind: 'ago' };
	if (word === 't') return { kind: 'T' };
	// One letter, as armies call their zones.
	if (/^[a-ik-y]$/.test(word)) {
		const at = 'abcdefghiklm'.indexOf(word);
		return { kind: 'zone', value: (at >= 0 ? at + 1 : -('nopqrstuvwxy'.indexOf(word) + 1)) * 60 };
	}
	return undefined;
}

/** What a text is made of; undefined when one of its words means nothing. */
export function tokensOf(text: string): Token[] | undefined {
	const tokens: Token[] = [];
	let rest = text;
	for (;;) {
		rest = rest.replace(/^(?:\s|\([^)]*\))+/, '');
		if (rest === '') return tokens;
		const number = /^([-+])?\s*(\d+)(?:[.,](\d+))?/.exec(rest);
		if (number) {
			const [all, sign, digits, fraction] = number;
			rest = rest.slice(all.length);
			const negative = sign === '-';
			const nanos = fraction === undefined ? undefined : Number(fraction.slice(0, 9).padEnd(9, '0'));
			tokens.push({
				kind: 'number',
				value: negative ? -Number(digits) : Number(digits),
				digits: digits!.length,
				signed: sign !== undefined,
				nanos: negative && nanos !== undefined ? -nanos : nanos,
			});
			continue;
		}
		const word = /^[A-Za-z][A-Za-z.]*/.exec(rest)?.[0];
		if (word !== undefined) {
			const token = wordToken(word);
			if (!token) return undefined;
			tokens.push(token);
			rest = rest.slice(word.length);
			continue;
		}
		const [mark] = rest;
		rest = rest.slice(1);
		if (mark === '-' || mark === '+') continue;
		if (mark !== ':' && mark !== '/' && mark !== ',' && mark !== '@') return undefined;
		tokens.push({ kind: mark });
	}
}
