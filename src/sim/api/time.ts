/** Times as the API writes them, and ages as its tables do. Seconds since 1970, no `Date`. */

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/**
 * RFC 3339 in UTC, to the second: `2023-07-04T14:20:41Z`. The calendar is the proleptic Gregorian one
 * (days_from_civil of Howard Hinnant's "chrono-compatible low-level date algorithms").
 */
export const formatTime = (seconds: number): string => {
	const whole = Math.floor(seconds);
	const days = Math.floor(whole / 86400);
	const rest = whole - days * 86400;
	const z = days + 719468;
	const era = Math.floor(z / 146097);
	const doe = z - era * 146097;
	const yoe = Math.floor((doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365);
	const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
	const mp = Math.floor((5 * doy + 2) / 153);
	const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
	const month = mp < 10 ? mp + 3 : mp - 9;
	const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
	const clock = `${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}`;
	return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${clock}Z`;
};

/** RFC 3339 with six digits of fraction, as MicroTime is written (Leases): `2023-07-04T14:20:41.250000Z`. */
export const formatMicroTime = (seconds: number, micros: number): string =>
	formatTime(seconds).replace('Z', `.${String(micros).padStart(6, '0')}Z`);

/** Seconds since 1970 of an RFC 3339 time in UTC, with its fraction; undefined for anything else. */
export const parseTime = (text: string | undefined): number | undefined => {
	const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z$/.exec(text ?? '');
	if (!m) return undefined;
	const [year, month, day, hour, minute, second] = m.slice(1, 7).map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const yoe = y - era * 400;
	const doy = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
	const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
	const days = era * 146097 + doe - 719468;
	return days * 86400 + hour * 3600 + minute * 60 + second + Number(`0${m[7] ?? ''}`);
};

/** How long ago, as AGE says it (k8s.io/apimachinery pkg/util/duration HumanDuration @ v0.24.0). Seconds. */
export const humanDuration = (duration: number): string => {
	const seconds = Math.trunc(duration);
	if (seconds < -1) return '<invalid>';
	if (seconds < 0) return '0s';
	if (seconds < 120) return `${seconds}s`;
	const minutes = Math.floor(seconds / 60);
	const pair = (n: number, unit: string, rest: number, small: string): string =>
		rest === 0 ? `${n}${unit}` : `${n}${unit}${rest}${small}`;
	if (minutes < 10) return pair(minutes, 'm', seconds % 60, 's');
	if (minutes < 180) return `${minutes}m`;
	const hours = Math.floor(minutes / 60);
	if (hours < 8) return pair(hours, 'h', minutes % 60, 'm');
	if (hours < 48) return `${hours}h`;
	const days = Math.floor(hours / 24);
	if (hours < 192) return pair(days, 'd', hours % 24, 'h');
	if (hours < 24 * 365 * 2) return `${days}d`;
	const years = Math.floor(days / 365);
	if (hours < 24 * 365 * 8) return pair(years, 'y', days % 365, 'd');
	return `${years}y`;
};

let lastText = '';
let lastSeconds: number | undefined;

/** The age of a time, `<unknown>` when there is none. Both in seconds since 1970. */
export const age = (now: number, since: string | undefined): string => {
	// Objects of one list are often of one second.
	if (since !== lastText) {
		lastText = since ?? '';
		lastSeconds = parseTime(since);
	}
	const from = since === undefined ? undefined : lastSeconds;
	return from === undefined ? '<unknown>' : humanDuration(now - from);
};
