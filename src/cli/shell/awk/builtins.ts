/** Functions that awk brings along (POSIX.1-2017 awk; mawk's strftime, systime and mktime). */

import type { Machine, Maybe } from './machine.ts';
import { patternOf } from './patterns.ts';
import { printed } from './printed.ts';
import { joined, numberOf, textOf, type Value } from './values.ts';

const upTo53 = (n: number): number => Math.min(Math.max(n, -(2 ** 53)), 2 ** 53);

/** POSIX: of the characters from `start` on, `count` of them, both rounded. */
function part(text: string, start: number, count: number): string {
	const round = (n: number): number => (Number.isNaN(n) ? Number.NaN : Math.round(upTo53(n)));
	const from = round(start);
	const to = count === Infinity ? Infinity : from + round(count);
	return text.slice(Math.max(0, from - 1), Math.max(0, Math.max(from, to) - 1));
}

/** The minimal standard generator (Park and Miller). */
function draw(m: Machine): number {
	m.seed = (m.seed * 16_807) % 2_147_483_647;
	return m.seed / 2_147_483_647;
}

function seconds(text: string): number {
	const [year, month, day, hour, minute, second] = text.trim().split(/\s+/).map(Number);
	const time = Date.UTC(year ?? Number.NaN, (month ?? Number.NaN) - 1, day ?? Number.NaN, hour, minute, second) / 1000;
	return Number.isNaN(time) ? -1 : time;
}

type Act = (m: Machine, given: readonly Value[]) => Maybe<Value>;

const math =
	(act: (n: number) => number): Act =>
	(_, [value]) =>
		act(numberOf(value));

const text =
	(act: (text: string) => Value): Act =>
	(m, [value]) =>
		act(textOf(value, m.text('CONVFMT')));

const ascii = (change: (letter: string) => string, letters: RegExp) => (word: string) => word.replace(letters, change);

export const BuiltIn: Readonly<Record<string, Act>> = {
	atan2: (_, [y, x]) => Math.atan2(numberOf(y), numberOf(x)),
	close: (m, [name]) => {
		const key = textOf(name);
		for (const kind of ['file', 'command']) m.sources.delete(`${kind} ${key}`);
		return m.world.close(key);
	},
	cos: math(Math.cos),
	exp: math(Math.exp),
	fflush: (m) => m.world.flush().then(() => 0),
	index: (m, [whole, piece]) => textOf(whole, m.text('CONVFMT')).indexOf(textOf(piece, m.text('CONVFMT'))) + 1,
	int: math((n) => Math.trunc(n) || 0),
	log: math((n) => Math.log(n)),
	mktime: text(seconds),
	rand: draw,
	sin: math(Math.sin),
	sprintf: (m, given) => printed(m, given),
	sqrt: math(Math.sqrt),
	srand: (m, [seed]) => {
		const before = m.given;
		m.given = seed ?? Math.floor(m.world.now());
		m.seed = (Math.abs(Math.trunc(numberOf(m.given))) % 2_147_483_646) + 1;
		draw(m);
		return before;
	},
	strftime: (m, [format, at]) =>
		m.world.date(
			format === undefined ? '%c' : textOf(format),
			at === undefined ? Math.floor(m.world.now()) : Math.trunc(numberOf(at)),
		),
	substr: (m, [whole, start, count]) =>
		part(textOf(whole, m.text('CONVFMT')), numberOf(start), count === undefined ? Infinity : numberOf(count)),
	system: (m, [command]) => m.world.flush().then(() => m.world.system(textOf(command))),
	systime: (m) => Math.floor(m.world.now()),
	tolower: text(ascii((c) => c.toLowerCase(), /[A-Z]/g)),
	toupper: text(ascii((c) => c.toUpperCase(), /[a-z]/g)),
};

/** `sub` and `gsub`: `&` in the replacement is what was found, `\&` is itself. */
export function substitute(
	source: string,
	by: string,
	whole: string,
	all: boolean,
): { readonly result: string; readonly count: number } {
	const pattern = patternOf(source);
	const parts: string[] = [];
	let count = 0;
	/** Behind the last match. */
	let at = 0;
	let from = 0;
	while (from <= whole.length && (all || count === 0)) {
		const match = pattern.find(whole, from);
		if (!match) break;
		from = match.to === match.from ? match.to + 1 : match.to;
		// Nothing right behind a match is no match of its own.
		if (match.to === match.from && match.from === at && count > 0) continue;
		parts.push(whole.slice(at, match.from), replaced(by, whole.slice(match.from, match.to)));
		at = match.to;
		count++;
	}
	parts.push(whole.slice(at));
	return { result: joined(parts), count };
}

const replaced = (by: string, found: string): string =>
	by.replace(/\\\\&|\\&|&/g, (mark) => (mark === '&' ? found : mark === '\\&' ? '&' : `\\${found}`));
