/** Times as Go's layouts print them, in UTC: the lab's machine has no other zone. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const two = (n: number): string => String(n).padStart(2, '0');

/** `Mon Jan _2 15:04:05 2006` (time.ANSIC). Microseconds since 1970. */
export function ansic(micros: number): string {
	const d = new Date(Math.floor(micros / 1000));
	return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${clock(d)} ${d.getUTCFullYear()}`;
}

/** `Mon, 02 Jan 2006 15:04:05 -0700` (time.RFC1123Z), as `kubectl describe` prints times. */
export function rfc1123z(micros: number): string {
	const d = new Date(Math.floor(micros / 1000));
	return `${DAYS[d.getUTCDay()]}, ${two(d.getUTCDate())} ${MONTHS[d.getUTCMonth()]} ${d.getUTCFullYear()} ${clock(d)} +0000`;
}

/** `2006-01-02 15:04:05.999999 +0000 UTC`: a time as `%v` prints it, its fraction without zeros at the end. */
export function goTime(micros: number): string {
	const d = new Date(Math.floor(micros / 1000));
	const fraction = String(Math.round(micros % 1e6))
		.padStart(6, '0')
		.replace(/0+$/, '');
	return `${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${clock(d)}${fraction && `.${fraction}`} +0000 UTC`;
}

const clock = (d: Date): string => `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}`;
