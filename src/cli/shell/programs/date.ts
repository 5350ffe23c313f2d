/** `date`, by the lab's clock. The lab is in UTC, as nodes and images are. */
import type { Tool } from '../../tool.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
	'January',
	'February',
	'March',
	'April',
	'May',
	'June',
	'July',
	'August',
	'September',
	'October',
	'November',
	'December',
];
const UNITS: Readonly<Record<string, number>> = { sec: 1, second: 1, min: 60, minute: 60, hour: 3600, day: 86_400 };

const two = (n: number): string => String(n).padStart(2, '0');

/** strftime, in the C locale and UTC. `at` is in microseconds since 1970. */
export function formatDate(format: string, at: number): string {
	const seconds = Math.floor(at / 1e6);
	const d = new Date(seconds * 1000);
	const hour = d.getUTCHours();
	const yearDay = Math.floor((d.getTime() - Date.UTC(d.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
	const one = (letter: string): string | undefined => {
		switch (letter) {
			case '%':
				return '%';
			case 'n':
				return '\n';
			case 't':
				return '\t';
			case 'a':
				return DAYS[d.getUTCDay()]!.slice(0, 3);
			case 'A':
				return DAYS[d.getUTCDay()];
			case 'b':
			case 'h':
				return MONTHS[d.getUTCMonth()]!.slice(0, 3);
			case 'B':
				return MONTHS[d.getUTCMonth()];
			case 'Y':
				return String(d.getUTCFullYear());
			case 'y':
				return two(d.getUTCFullYear() % 100);
			case 'm':
				return two(d.getUTCMonth() + 1);
			case 'd':
				return two(d.getUTCDate());
			case 'e':
				return String(d.getUTCDate()).padStart(2);
			case 'j':
				return String(yearDay).padStart(3, '0');
			case 'H':
				return two(hour);
			case 'k':
				return String(hour).padStart(2);
			case 'I':
				return two(hour % 12 || 12);
			case 'l':
				return String(hour % 12 || 12).padStart(2);
			case 'p':
				return hour < 12 ? 'AM' : 'PM';
			case 'M':
				return two(d.getUTCMinutes());
			case 'S':
				return two(d.getUTCSeconds());
			case 's':
				return String(seconds);
			case 'N':
				return `${String(at - seconds * 1e6).padStart(6, '0')}000`;
			case 'u':
				return String(d.getUTCDay() || 7);
			case 'w':
				return String(d.getUTCDay());
			case 'z':
				return '+0000';
			case 'Z':
				return 'UTC';
			case 'D':
				return formatDate('%m/%d/%y', at);
			case 'F':
				return formatDate('%Y-%m-%d', at);
			case 'T':
			case 'X':
				return formatDate('%H:%M:%S', at);
			case 'R':
				return formatDate('%H:%M', at);
			case 'r':
				return formatDate('%I:%M:%S %p', at);
			case 'c':
				return formatDate('%a %b %e %H:%M:%S %Y', at);
			case 'x':
				return formatDate('%m/%d/%y', at);
			default:
				return undefined;
		}
	};
	return format.replace(/%(:?[a-zA-Z%])/g, (whole, letter: string) =>
		letter === ':z' ? '+00:00' : (one(letter) ?? whole),
	);
}

/** What `-d` takes, as far as people write it. Microseconds since 1970. */
export function parseDate(text: string, now: number): number | undefined {
	const word = text.trim().toLowerCase();
	if (word === '' || word === 'now' || word === 'today') return now;
	if (word === 'yesterday') return now - 86_400e6;
	if (word === 'tomorrow') return now + 86_400e6;
	// A day and what is added to it; behind a time of day `+2` would be a zone.
	const sum = /^([^:@]*?[a-z0-9])?\s*([+-]?\s*\d+\s*[a-z]+(?:\s+ago)?)$/.exec(word);
	const begins =
		sum?.[1] === undefined || /\d$/.test(sum[1]) !== /-\d\d$/.test(sum[1]) ? undefined : parseDate(sum[1], now);
	if (begins !== undefined) return parseDate(sum![2]!, begins);
	const months = /^([+-]?)\s*(\d+)\s*(month|year)s?(\s+ago)?$/.exec(word);
	if (months) {
		const day = new Date(now / 1000);
		const sign = (months[1] === '-') !== (months[4] !== undefined) ? -1 : 1;
		// A day that the month has not is one of the next (mktime(3)).
		day.setUTCMonth(day.getUTCMonth() + sign * Number(months[2]) * (months[3] === 'year' ? 12 : 1));
		return day.getTime() * 1000;
	}
	const epoch = /^@(-?\d+(?:\.\d+)?)$/.exec(word);
	if (epoch) return Math.round(Number(epoch[1]) * 1e6);
	const relative = /^([+-]?)\s*(\d+)\s*(sec|second|min|minute|hour|day|week)s?(\s+ago)?$/.exec(word);
	if (relative) {
		const unit = relative[3] === 'week' ? 604_800 : UNITS[relative[3]!]!;
		const sign = (relative[1] === '-') !== (relative[4] !== undefined) ? -1 : 1;
		return now + sign * Number(relative[2]) * unit * 1e6;
	}
	const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[t ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?)?\s*(z|utc|[+-]\d\d:?\d\d)?$/.exec(
		word,
	);
	if (!iso) return undefined;
	const [, year, month, day, hour = '0', minute = '0', second = '0', zone] = iso;
	const at = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
	const offset = zone && /^[+-]/.test(zone) ? zone.replace(':', '') : '+0000';
	const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3));
	return (at - (offset.startsWith('-') ? -1 : 1) * minutes * 60_000) * 1000;
}

export const date: Tool = {
	name: 'date',
	at: () => true,
	async run(call) {
		const now = call.lab.epoch * 1e6 + call.lab.now;
		let at = now;
		let format = '%a %b %e %H:%M:%S %Z %Y';
		for (let i = 0; i < call.args.length; i++) {
			const word = call.args[i]!;
			const given = /^(?:-d|--date=?)(.*)$/.exec(word);
			if (word.startsWith('+')) format = word.slice(1);
			else if (word === '-u' || word === '--utc' || word === '--universal') continue;
			else if (word === '-R' || word === '--rfc-email') format = '%a, %d %b %Y %H:%M:%S %z';
			else if (/^(?:-I|--iso-8601=?)(?:date)?$/.test(word)) format = '%Y-%m-%d';
			else if (/^(?:-I|--iso-8601=)seconds$/.test(word)) format = '%Y-%m-%dT%H:%M:%S%:z';
			else if (/^(?:-I|--iso-8601=)ns$/.test(word)) format = '%Y-%m-%dT%H:%M:%S,%N%:z';
			else if (/^--rfc-3339=(?:seconds|date)$/.test(word))
				format = word.endsWith('date') ? '%Y-%m-%d' : '%Y-%m-%d %H:%M:%S%:z';
			else if (given) {
				const text = given[1] || call.args[++i] || '';
				const parsed = parseDate(text, now);
				if (parsed === undefined) {
					call.err(`date: invalid date '${text}'\n`);
					return 1;
				}
				at = parsed;
			} else if (word === '-s' || word.startsWith('--set')) {
				call.err('date: cannot set date: Operation not permitted\n');
				return 1;
			} else if (word.startsWith('-')) {
				call.err(`date: invalid option -- '${word.slice(1)}'\nTry 'date --help' for more information.\n`);
				return 1;
			} else {
				call.err(`date: extra operand '${word}'\nTry 'date --help' for more information.\n`);
				return 1;
			}
		}
		call.out(`${formatDate(format, at)}\n`);
		return 0;
	},
};
