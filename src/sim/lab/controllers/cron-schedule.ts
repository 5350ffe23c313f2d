/** `5/15 * * * 1-5`: when it is next (github.com/robfig/cron v3 parser.go, spec.go). Times are seconds since 1970. */
import { civilDay, zoneOffset } from '../../api/index.ts';

const FIELDS = [
	{ from: 0, to: 59 },
	{ from: 0, to: 23 },
	{ from: 1, to: 31 },
	{ from: 1, to: 12, names: 'jan feb mar apr may jun jul aug sep oct nov dec' },
	{ from: 0, to: 6, names: 'sun mon tue wed thu fri sat' },
] as const;

const SHORT: Readonly<Record<string, string>> = {
	'@yearly': '0 0 1 1 *',
	'@annually': '0 0 1 1 *',
	'@monthly': '0 0 1 * *',
	'@weekly': '0 0 * * 0',
	'@daily': '0 0 * * *',
	'@midnight': '0 0 * * *',
	'@hourly': '0 * * * *',
};

export interface Schedule {
	/** The first minute after a time; undefined when there is none within five years. */
	next(after: number): number | undefined;
}

interface Field {
	readonly values: ReadonlySet<number>;
	/** `*` or `?`: says nothing. */
	readonly any: boolean;
}

function fieldOf(text: string, { from, to, ...rest }: (typeof FIELDS)[number]): Field | undefined {
	const names = 'names' in rest ? rest.names.split(' ') : [];
	const number = (word: string): number | undefined => {
		const named = names.indexOf(word.toLowerCase());
		if (named >= 0) return named + from;
		return /^\d{1,2}$/.test(word) ? Number(word) : undefined;
	};
	const values = new Set<number>();
	for (const part of text.split(',')) {
		const [, range = '', step] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(part) ?? [];
		const whole = range === '*' || range === '?';
		const [low, high] = whole ? [String(from), String(to)] : range.split('-');
		const first = number(low ?? '');
		const last = high === undefined ? (step === undefined ? first : to) : number(high);
		const by = step === undefined ? 1 : Number(step);
		if (first === undefined || last === undefined || first < from || last > to || first > last || by === 0)
			return undefined;
		for (let value = first; value <= last; value += by) values.add(value);
	}
	return { values, any: text === '*' || text === '?' };
}

/**
 * A schedule by a zone's clocks, UTC's without one; undefined when the text is no schedule. `TZ=` before it names one too.
 * What falls into the hour that is left out in spring is not run.
 */
export function parseSchedule(text: string, zone?: string): Schedule | undefined {
	const [prefix = '', named] = /^(?:CRON_)?TZ=(\S+)\s+/.exec(text) ?? [];
	const schedule = parsePlain(text.slice(prefix.length));
	const place = zone ?? named;
	if (!schedule || place === undefined || /^@every/.test(text.slice(prefix.length))) return schedule;
	return {
		next(after) {
			let local: number | undefined = after + zoneOffset(place, after);
			for (let tries = 0; tries < 100; tries++) {
				local = schedule.next(local);
				if (local === undefined) return undefined;
				// Clocks may have been changed between: asked again at the time that is meant.
				const about = local - zoneOffset(place, after);
				const at = local - zoneOffset(place, about);
				if (at > after && at + zoneOffset(place, at) === local) return at;
			}
			return undefined;
		},
	};
}

function parsePlain(text: string): Schedule | undefined {
	const every = /^@every (\d+)(s|m|h)$/.exec(text);
	if (every) {
		const seconds = Number(every[1]) * { s: 1, m: 60, h: 3600 }[every[2] as 's' | 'm' | 'h'];
		return seconds > 0 ? { next: (after) => after + seconds } : undefined;
	}
	const words = (SHORT[text] ?? text).trim().split(/\s+/);
	if (words.length !== 5) return undefined;
	const fields = words.map((word, i) => fieldOf(word, FIELDS[i]!));
	if (fields.includes(undefined)) return undefined;
	const [minutes, hours, days, months, weekdays] = fields as [Field, Field, Field, Field, Field];
	return {
		next(after) {
			const start = Math.floor(after / 60) * 60 + 60;
			const firstDay = Math.floor(start / 86_400);
			for (let day = firstDay; day < firstDay + 5 * 366; day++) {
				const { month, day: date, weekday } = civilDay(day);
				if (!months.values.has(month)) continue;
				// Either will do when both say something.
				const [onDate, onWeekday] = [days.values.has(date), weekdays.values.has(weekday)];
				if (days.any || weekdays.any ? !(onDate && onWeekday) : !(onDate || onWeekday)) continue;
				for (const hour of [...hours.values].sort((a, b) => a - b))
					for (const minute of [...minutes.values].sort((a, b) => a - b)) {
						const at = day * 86_400 + hour * 3600 + minute * 60;
						if (at >= start) return at;
					}
			}
			return undefined;
		},
	};
}
