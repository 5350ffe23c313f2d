/** Requests as servers in containers read them, and answers as they write them. */
import { formatMicroTime } from '../../api/index.ts';
import { SECOND } from '../time.ts';

export interface WebRequest {
	readonly method: string;
	/** Without its query; as it came. */
	readonly path: string;
	readonly query: string;
	/** `HTTP/1.1` */
	readonly version: string;
	/** Lower-case names. */
	readonly headers: ReadonlyMap<string, string>;
	readonly body: string;
	/** Address and port of who asks. */
	readonly client: string;
	readonly clientPort: number;
	/** Port it came to, and address where it is known. */
	readonly port: number;
	readonly local?: string;
	/** Headers as they were written, in their order. */
	readonly raw?: readonly (readonly [name: string, value: string])[];
	/** Octets of it all. */
	readonly length?: number;
	/** Its first line, of what is no request. */
	readonly first?: string;
	/** It came within TLS. */
	readonly tls?: boolean;
	/** What the server reaches others by; absent where nobody runs packets. */
	readonly network?: WebNetwork | undefined;
}

/** Connections of a server to others, while a request waits for it. */
export interface WebNetwork {
	/** Sends octets and reads to the end. Times are microseconds; `errno` is the kernel's name. */
	ask(
		ip: string,
		port: number,
		octets: Uint8Array,
		connects: number,
		reads: number,
	): { readonly connected: boolean; readonly reply?: Uint8Array; readonly errno?: string; readonly took: number };
	/** Addresses of the interfaces it sees, in their order. */
	addresses(): readonly string[];
}

export interface WebAnswer {
	readonly status: number;
	readonly reason: string;
	/** `HTTP/1.1` where absent. */
	readonly version?: string;
	/** All headers, in their order, `Name: value`. */
	readonly headers: readonly string[];
	readonly body: Uint8Array;
	/** What the error log gets, without time and client. */
	readonly complaint?: string;
	/** Not in the access log. */
	readonly quiet?: boolean;
	/** What it waited for others before it answered, microseconds. */
	readonly took?: number;
	/** `server_name` that it was for. */
	readonly server?: string;
	/** Certificates that are shown with it, in PEM, where it is within TLS. */
	readonly certificates?: string;
	/** Nothing is sent, and the connection ends. */
	readonly silent?: boolean;
	/** The server ends the connection behind it. */
	readonly closes?: boolean;
	/** What the container writes of it, at a moment since 1970 in microseconds; lines for files go there. */
	lines?(at: number, connection: number): readonly string[];
}

/** What a server asks of its surroundings. */
export interface WebHost {
	/** Virtual microseconds. */
	readonly now: number;
	/** Seconds since 1970 at 0. */
	readonly epoch: number;
	readonly hostname: string;
	/** Addresses of the server itself. */
	readonly ip: string;
	/** Number of the process that answers. */
	readonly worker?: number;
	/** Whose words the kernel's errors have: Alpine's. */
	readonly musl?: boolean;
	/** Addresses of a name: as they were when the server began, of names in its configuration. */
	addresses?(name: string): readonly string[];
	/** Asks another program; undefined when nobody answers there: the connection is refused. */
	forward?(host: string, port: number, request: WebRequest): WebAnswer | undefined;
}

const DAYS = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Wed, 31 Aug 2022 10:00:05 GMT` (RFC 9110 5.6.7). */
export function httpDate(epoch: number, micros: number): string {
	const seconds = epoch + Math.floor(micros / SECOND);
	const [date = '', time = ''] = formatMicroTime(seconds, 0).split('T');
	const [year, month, day] = date.split('-');
	return `${DAYS[Math.floor(seconds / 86_400) % 7]}, ${day} ${MONTHS[Number(month) - 1]} ${year} ${time.slice(0, 8)} GMT`;
}

/** The header of an answer's time. */
export const dateLine = ({ epoch, now }: Pick<WebHost, 'epoch' | 'now'>): string =>
	['Date', httpDate(epoch, now)].join(': ');

/** Seconds since 1970 of such a date; undefined of what is none. */
export function readHttpDate(text: string): number | undefined {
	const [, day, month, year, h, m, s] = /^\w{3}, (\d\d) (\w{3}) (\d{4}) (\d\d):(\d\d):(\d\d) GMT$/.exec(text) ?? [];
	const at = MONTHS.indexOf(month ?? '');
	if (day === undefined || at < 0) return undefined;
	// Days since 1970 of a date (civil_from_days, reversed).
	const y = Number(year) - (at < 2 ? 1 : 0);
	const era = Math.floor(y / 400);
	const doy = Math.floor((153 * (at + (at > 1 ? -2 : 10)) + 2) / 5) + Number(day) - 1;
	const doe = (y - era * 400) * 365 + Math.floor((y - era * 400) / 4) - Math.floor((y - era * 400) / 100) + doy;
	return (era * 146_097 + doe - 719_468) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s);
}
