/** Times as `hubble` takes and prints them. Source: hubble/pkg/time/time.go @ v1.17.5. */
import { formatTime } from '../../../../sim/api/index.ts';
import { parseDuration } from '../../../cobra/index.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];

/** Go's `.999`: zeros at the end are not written. */
const fraction = (micros: number, digits: number): string => {
	const text = String(Math.floor(micros % 1e6))
		.padStart(6, '0')
		.slice(0, digits)
		.replace(/0+$/, '');
	return text === '' ? '' : `.${text}`;
};

/** A moment by the name of its format (FormatNameToLayout(): any other name is StampMilli); UTC. */
export function stamp(epoch: number, micros: number, format = ''): string {
	const seconds = epoch + Math.floor(micros / 1e6);
	const text = formatTime(seconds);
	const [, year = '', month = '01', day = '01', clock = ''] = /^(\d+)-(\d+)-(\d+)T(.*)Z$/.exec(text) ?? [];
	const date = `${year}-${month}-${day}`;
	switch (format.toLowerCase()) {
		case 'yearmonthday':
			return date;
		case 'yearmonthdayhour':
			return `${date}T${clock.slice(0, 2)}Z`;
		case 'yearmonthdayhourminute':
			return `${date}T${clock.slice(0, 5)}Z`;
		case 'rfc3339':
			return text;
		case 'rfc3339milli':
			return `${date}T${clock}${fraction(micros, 3)}Z`;
		case 'rfc3339micro':
		case 'rfc3339nano':
			return `${date}T${clock}${fraction(micros, 6)}Z`;
		case 'rfc1123z':
			return `${DAYS[Math.floor(seconds / 86_400) % 7]}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${clock} +0000`;
		default: {
			const millis = String(Math.floor((micros % 1e6) / 1000)).padStart(3, '0');
			return `${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${clock}.${millis}`;
		}
	}
}

/** Seconds since 1970 of days of the civil calendar. */
function daysOf(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const ofEra = y - era * 400;
	const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468;
}

/** FromString(): a duration back from `now`, or a moment; virtual microseconds, undefined when it is neither. */
export function momentOf(text: string, epoch: number, now: number): number | undefined {
	const back = parseDuration(text);
	if (back !== undefined) return now - back;
	const iso = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
	const mail = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})$/.exec(text);
	const parts = iso
		? [iso[1], iso[2], iso[3], iso[4] ?? '0', iso[5] ?? '0', iso[6] ?? '0', iso[7] ?? '0', iso[8] ?? 'Z']
		: mail
			? [mail[3], MONTHS.indexOf(mail[2]!) + 1, mail[1], mail[4], mail[5], mail[6], '0', mail[7]]
			: undefined;
	if (!parts) return undefined;
	const [year, month, day, hour, minute, second, part] = parts.slice(0, 7).map(Number) as [
		number,
		number,
		number,
		number,
		number,
		number,
		number,
	];
	const [, sign = '+', oh = '0', om = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(String(parts[7])) ?? [];
	const offset = (sign === '-' ? -1 : 1) * (Number(oh) * 3600 + Number(om) * 60);
	const seconds = daysOf(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
	return Math.round((seconds - epoch + part) * 1e6);
}
