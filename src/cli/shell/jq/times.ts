/** Times of jq: seconds since 1970, and "broken down" ones, which are arrays (jq 1.6, builtin.c). All of them are UTC. */
import { formatDate } from '../date/format.ts';
import { isArray, JqError, type Value } from './values.ts';

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

export function brokenDown(value: Value, name: string): Value {
	if (typeof value !== 'number')
		throw new JqError(`${name}() requires ${name === 'localtime' ? 'numeric inputs' : 'a number'}`);
	const date = new Date(value * 1000);
	const year = date.getUTCFullYear();
	const day = Math.floor((Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000);
	const seconds = date.getUTCSeconds() + (value - Math.floor(value));
	return [
		year,
		date.getUTCMonth(),
		date.getUTCDate(),
		date.getUTCHours(),
		date.getUTCMinutes(),
		seconds,
		date.getUTCDay(),
		day,
	];
}

export function seconds(value: Value): Value {
	if (!isArray(value)) throw new JqError('mktime requires array inputs');
	if (value.length < 6 || value.some((part) => typeof part !== 'number'))
		throw new JqError('mktime requires parsed datetime inputs');
	const [year, month, day, hour, minute, second] = value as number[];
	return Math.floor(Date.UTC(year!, month!, day, hour, minute, Math.floor(second!)) / 1000);
}

export function written(value: Value, format: Value, name = 'strftime'): Value {
	const parts = typeof value === 'number' ? brokenDown(value, 'gmtime') : value;
	if (!isArray(parts)) throw new JqError(`${name}/1 requires parsed datetime inputs`);
	if (typeof format !== 'string') throw new JqError(`${name}/1 requires a string format`);
	const at = seconds(parts) as number;
	const [, , , , , , weekday, day] = brokenDown(at, 'gmtime') as number[];
	// Weeks that begin on Sundays, which date(1) of the terminal has not.
	const week = String(Math.floor((day! + 7 - weekday!) / 7)).padStart(2, '0');
	return formatDate(format.replaceAll('%U', week), at * 1e6);
}

/** strptime(3), as much of it as dates are written in. */
export function readTime(text: Value, format: Value): Value {
	if (typeof text !== 'string') throw new JqError('strptime/1 requires string inputs and arguments');
	if (typeof format !== 'string') throw new JqError('strptime/1 requires string inputs and arguments');
	const wrong = new JqError(`date "${text}" does not match format "${format}"`);
	let [year, month, day, hour, minute, second, offset] = [1900, 0, 0, 0, 0, 0, 0];
	let at: number | undefined;
	let half = '';
	let rest = text;
	const take = (pattern: RegExp): string => {
		const found = pattern.exec(rest);
		if (!found) throw wrong;
		rest = rest.slice(found[0].length);
		return found[0].trim();
	};
	const name = (names: readonly string[]): number => {
		const index = names.findIndex((one) => new RegExp(`^(?:${one}|${one.slice(0, 3)})`, 'i').test(rest));
		if (index < 0) throw wrong;
		take(new RegExp(`^(?:${names[index]}|${names[index]!.slice(0, 3)})`, 'i'));
		return index;
	};
	const two = (): number => Number(take(/^\s*\d{1,2}/));
	const read = (pattern: string): void => {
		for (let i = 0; i < pattern.length; i++) {
			const char = pattern[i]!;
			if (/\s/.test(char)) take(/^\s*/);
			else if (char !== '%') {
				if (!rest.startsWith(char)) throw wrong;
				rest = rest.slice(1);
			} else {
				const letter = pattern[++i]!;
				if (letter === 'Y') year = Number(take(/^\s*\d{1,4}/));
				else if (letter === 'm') month = two() - 1;
				else if (letter === 'd' || letter === 'e') day = two();
				else if (letter === 'H' || letter === 'I') hour = two();
				else if (letter === 'M') minute = two();
				else if (letter === 'S') second = two();
				else if (letter === 'p') half = take(/^[ap]m/i).toLowerCase();
				else if (letter === 'y') year = ((n) => (n < 69 ? 2000 + n : 1900 + n))(two());
				else if (letter === 'j') day = Number(take(/^\d{1,3}/));
				else if (letter === 'b' || letter === 'B' || letter === 'h') month = name(MONTHS);
				else if (letter === 'a' || letter === 'A') name(DAYS);
				else if (letter === 'Z') take(/^[A-Za-z]+/);
				else if (letter === 'z')
					offset = ((z) => (z.startsWith('-') ? -1 : 1) * (Number(z.slice(1, 3)) * 60 + Number(z.slice(-2))))(
						take(/^(?:Z|[+-]\d\d:?\d\d)/).replace('Z', '+0000'),
					);
				else if (letter === 's') at = Number(take(/^\d+/));
				else if (letter === 'T') read('%H:%M:%S');
				else if (letter === 'R') read('%H:%M');
				else if (letter === 'F') read('%Y-%m-%d');
				else if (letter === 'D') read('%m/%d/%y');
				else if (letter === '%') read('%');
				else throw wrong;
			}
		}
	};
	read(format);
	if (rest !== '') throw wrong;
	if (half === 'pm' && hour < 12) hour += 12;
	if (half === 'am' && hour === 12) hour = 0;
	void offset;
	return brokenDown(at ?? Date.UTC(year, month, day, hour, minute, second) / 1000, 'gmtime');
}
