/** strftime(3) in the C locale, with GNU's flags and widths (gnulib lib/nstrftime.c). */
import { DAYS, MONTHS } from '../../text/index.ts';
import { UTC, type Zone } from './zone.ts';

/** A time since 1970. */
export interface Instant {
	readonly seconds: number;
	readonly nanos: number;
}

export const instantOf = (microseconds: number): Instant => {
	const seconds = Math.floor(microseconds / 1e6);
	return { seconds, nanos: Math.round(microseconds - seconds * 1e6) * 1000 };
};

/** strftime, in UTC. `at` is in microseconds since 1970. */
export const formatDate = (format: string, at: number): string => formatInstant(format, instantOf(at), UTC);

/** The week of ISO 8601, and its year. */
function isoWeek(day: Date): { readonly year: number; readonly week: number } {
	const thursday = new Date(day.getTime() + (4 - (day.getUTCDay() || 7)) * 86_400_000);
	const year = thursday.getUTCFullYear();
	return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / (7 * 86_400_000)) + 1 };
}

function offsetText(minutes: number, colons: number): string {
	const [h, m] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((n) => String(n).padStart(2, '0'));
	const sign = minutes < 0 ? '-' : '+';
	if (colons === 0) return `${sign}${h}${m}`;
	if (colons === 1) return `${sign}${h}:${m}`;
	return colons === 2 ? `${sign}${h}:${m}:00` : m === '00' ? `${sign}${h}` : `${sign}${h}:${m}`;
}

export function formatInstant(format: string, at: Instant, zone: Zone): string {
	const minutes = zone.offset(at.seconds);
	const d = new Date((at.seconds + minutes * 60) * 1000);
	const hour = d.getUTCHours();
	const yearDay = Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000);
	/** A number with the width that it is padded to and the character that pads it, or a text. */
	const one = (letter: string): readonly [number, number, string?] | string | undefined => {
		switch (letter) {
			case 'a':
				return DAYS[d.getUTCDay()]!.slice(0, 3);
			case 'A':
				return DAYS[d.getUTCDay()]!;
			case 'b':
			case 'h':
				return MONTHS[d.getUTCMonth()]!.slice(0, 3);
			case 'B':
				return MONTHS[d.getUTCMonth()]!;
			case 'C':
				return [Math.floor(d.getUTCFullYear() / 100), 2];
			case 'Y':
				return [d.getUTCFullYear(), 0];
			case 'y':
				return [d.getUTCFullYear() % 100, 2];
			case 'G':
				return [isoWeek(d).year, 0];
			case 'g':
				return [isoWeek(d).year % 100, 2];
			case 'V':
				return [isoWeek(d).week, 2];
			case 'U':
				return [Math.floor((yearDay + 7 - d.getUTCDay()) / 7), 2];
			case 'W':
				return [Math.floor((yearDay + 7 - ((d.getUTCDay() + 6) % 7)) / 7), 2];
			case 'm':
				return [d.getUTCMonth() + 1, 2];
			case 'q':
				return [Math.floor(d.getUTCMonth() / 3) + 1, 0];
			case 'd':
				return [d.getUTCDate(), 2];
			case 'e':
				return [d.getUTCDate(), 2, ' '];
			case 'j':
				return [yearDay + 1, 3];
			case 'H':
				return [hour, 2];
			case 'k':
				return [hour, 2, ' '];
			case 'I':
				return [hour % 12 || 12, 2];
			case 'l':
				return [hour % 12 || 12, 2, ' '];
			case 'M':
				return [d.getUTCMinutes(), 2];
			case 'S':
				return [d.getUTCSeconds(), 2];
			case 's':
				return [at.seconds, 0];
			case 'u':
				return [d.getUTCDay() || 7, 0];
			case 'w':
				return [d.getUTCDay(), 0];
			case 'p':
				return hour < 12 ? 'AM' : 'PM';
			case 'P':
				return hour < 12 ? 'am' : 'pm';
			case 'Z':
				return zone.name(at.seconds);
			case '%':
				return '%';
			case 'n':
				return '\n';
			case 't':
				return '\t';
			default: {
				const whole = {
					D: '%m/%d/%y',
					x: '%m/%d/%y',
					F: '%Y-%m-%d',
					T: '%H:%M:%S',
					X: '%H:%M:%S',
					R: '%H:%M',
					r: '%I:%M:%S %p',
					c: '%a %b %e %H:%M:%S %Y',
				}[letter];
				return whole === undefined ? undefined : formatInstant(whole, at, zone);
			}
		}
	};
	return format.replace(
		/%([-_0+^#]*)(\d*)[EO]?(:{0,3})([a-zA-Z%])/g,
		(whole, flags: string, width: string, colons, letter: string) => {
			if (letter === 'z') return offsetText(minutes, (colons as string).length);
			if (colons !== '') return whole;
			if (letter === 'N') {
				const digits = String(at.nanos).padStart(9, '0');
				return flags.includes('-')
					? digits.replace(/0+$/, '') || '0'
					: digits.slice(0, Number(width || 9)).padEnd(Number(width || 9), '0');
			}
			const value = one(letter);
			if (value === undefined) return whole;
			const pads = /[-_0+]/.exec([...flags].reverse().join(''))?.[0];
			if (typeof value === 'string') {
				let text = value;
				if (flags.includes('^')) text = text.toUpperCase();
				if (flags.includes('#')) text = /^(?:[pZ])$/.test(letter) ? text.toLowerCase() : text.toUpperCase();
				return text.padStart(Number(width || 0), pads === '0' ? '0' : ' ');
			}
			const [n, least, pad = '0'] = value;
			if (pads === '-') return String(n);
			const text = String(Math.abs(n)).padStart(
				Number(width || least),
				pads === '_' ? ' ' : pads === '0' || pads === '+' ? '0' : pad,
			);
			return n < 0 ? `-${text}` : text;
		},
	);
}
