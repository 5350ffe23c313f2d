/** Schedules of CronJobs. Source: robfig/cron parser.go @ v3.0.1. */
import { isTimeZone } from '../time-zone.ts';

/** What the parser says of a schedule it cannot read. */
export const scheduleFault = (text: string): string | undefined => {
	const [, zone] = TIME_ZONE.exec(text) ?? [];
	if (zone !== undefined && !isTimeZone(zone)) return `provided bad location ${zone}: unknown time zone ${zone}`;
	const schedule = text.replace(TIME_ZONE, '');
	if (schedule.startsWith('@')) {
		const every = /^@every (.*)$/.exec(schedule)?.[1];
		if (every !== undefined)
			return /^([0-9.]+(ns|us|ms|s|m|h))+$/.test(every)
				? undefined
				: `failed to parse duration ${schedule}: time: invalid duration ${JSON.stringify(every)}`;
		return DESCRIPTORS.includes(schedule) ? undefined : `unrecognized descriptor: ${schedule}`;
	}
	const fields = schedule.trim().split(/\s+/);
	if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
	for (const [i, field] of fields.entries())
		for (const part of field.split(',')) {
			const fault = rangeFault(part, RANGES[i]!);
			if (fault) return fault;
		}
	return undefined;
};

/** In front of a schedule, as cron takes it (robfig/cron v3 parser.go). */
const TIME_ZONE = /^(?:CRON_)?TZ=(\S+)\s+/;
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];
const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const DAYS = 'sun mon tue wed thu fri sat'.split(' ');
interface Range {
	readonly min: number;
	readonly max: number;
	readonly names?: readonly string[];
}
const RANGES: readonly Range[] = [
	{ min: 0, max: 59 },
	{ min: 0, max: 23 },
	{ min: 1, max: 31 },
	{ min: 1, max: 12, names: MONTHS },
	{ min: 0, max: 6, names: DAYS },
];

const rangeFault = (text: string, { min, max, names }: Range): string | undefined => {
	const [range = '', step, ...more] = text.split('/');
	const [low = '', high, ...others] = range.split('-');
	const value = (word: string): number | string => {
		const name = names?.indexOf(word.toLowerCase()) ?? -1;
		if (name >= 0) return name + min;
		if (/^-?\d+$/.test(word)) return Number(word);
		return `failed to parse int from ${word}: strconv.Atoi: parsing ${JSON.stringify(word)}: invalid syntax`;
	};
	if (more.length > 0) return `too many slashes: ${text}`;
	if (others.length > 0) return `too many hyphens: ${text}`;
	const any = low === '*' || low === '?';
	const start = any ? min : value(low);
	if (typeof start === 'string') return start;
	const end = any || (step !== undefined && high === undefined) ? max : high === undefined ? start : value(high);
	if (typeof end === 'string') return end;
	const by = step === undefined ? 1 : value(step);
	if (typeof by === 'string') return by;
	if (start < min) return `beginning of range (${start}) below minimum (${min}): ${text}`;
	if (end > max) return `end of range (${end}) above maximum (${max}): ${text}`;
	if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${text}`;
	if (by === 0) return `step of range should be a positive number: ${text}`;
	return undefined;
};
