/** What needs the machine: time and chance; and what the simulator's helm does not do. Source: Masterminds/sprig @ v3.2.2. */

import { CallError, type Data, type Functions, GoStruct } from '../../gotemplate/index.ts';
import { DAYS, MONTHS } from '../../text/index.ts';
import { toInt } from './sprig-values.ts';

interface Host {
	/** Microseconds since 1970. */
	readonly now: number;
	draw(bound: number): number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Go's layouts, in UTC. */
export function goLayout(layout: string, micros: number): string {
	const date = new Date(micros / 1000);
	const hour = date.getUTCHours();
	const parts: Readonly<Record<string, () => string>> = {
		January: () => MONTHS[date.getUTCMonth()]!,
		Jan: () => MONTHS[date.getUTCMonth()]!.slice(0, 3),
		Monday: () => DAYS[date.getUTCDay()]!,
		Mon: () => DAYS[date.getUTCDay()]!.slice(0, 3),
		'2006': () => String(date.getUTCFullYear()),
		'-07:00': () => '+00:00',
		'-0700': () => '+0000',
		'Z07:00': () => 'Z',
		'.000000000': () => `.${String(micros % 1e6).padStart(6, '0')}000`,
		'.000000': () => `.${String(micros % 1e6).padStart(6, '0')}`,
		'.000': () => `.${String(Math.floor((micros % 1e6) / 1000)).padStart(3, '0')}`,
		MST: () => 'UTC',
		'01': () => two(date.getUTCMonth() + 1),
		'02': () => two(date.getUTCDate()),
		_2: () => String(date.getUTCDate()).padStart(2),
		'03': () => two(hour % 12 || 12),
		'04': () => two(date.getUTCMinutes()),
		'05': () => two(date.getUTCSeconds()),
		'06': () => two(date.getUTCFullYear() % 100),
		'15': () => two(hour),
		PM: () => (hour < 12 ? 'AM' : 'PM'),
		pm: () => (hour < 12 ? 'am' : 'pm'),
		'1': () => String(date.getUTCMonth() + 1),
		'2': () => String(date.getUTCDate()),
		'3': () => String(hour % 12 || 12),
		'4': () => String(date.getUTCMinutes()),
		'5': () => String(date.getUTCSeconds()),
	};
	return layout.replace(
		/January|Jan|Monday|Mon|2006|-07:00|-0700|Z07:00|\.000000000|\.000000|\.000|MST|_2|0[1-6]|15|PM|pm|[1-5]/g,
		(part) => parts[part]!(),
	);
}

const stamp = (micros: number): GoStruct =>
	new GoStruct(
		'time.Time',
		{ micros },
		{
			Format: (layout: Data) => goLayout(String(layout), micros),
			Unix: () => BigInt(Math.floor(micros / 1e6)),
			Year: () => BigInt(new Date(micros / 1000).getUTCFullYear()),
			Month: () => MONTHS[new Date(micros / 1000).getUTCMonth()]!,
			Day: () => BigInt(new Date(micros / 1000).getUTCDate()),
			String: () => goLayout('2006-01-02 15:04:05.000000 -0700 MST', micros).replace(/\.?0+(?= \+)/, ''),
		},
	);

function microsOf(value: Data, now: number): number {
	if (value instanceof GoStruct && typeof value.fields.micros === 'number') return value.fields.micros;
	if (typeof value === 'bigint' || typeof value === 'number') return Number(value) * 1e6;
	return now;
}

const UNITS: Readonly<Record<string, number>> = { h: 3600e6, m: 60e6, s: 1e6, ms: 1e3, us: 1 };

function durationOf(text: string): number {
	let sum = 0;
	for (const [, amount, unit] of text.matchAll(/([\d.]+)(h|ms|us|m|s)/g)) sum += Number(amount) * UNITS[unit!]!;
	return text.startsWith('-') ? -sum : sum;
}

function goDuration(seconds: number): string {
	const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
	return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const VISIBLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');

/** Functions of sprig that would make keys and passwords. */
const REFUSED = `bcrypt htpasswd genPrivateKey derivePassword buildCustomCert genCA genCAWithKey genSelfSignedCert
genSelfSignedCertWithKey genSignedCert genSignedCertWithKey encryptAES decryptAES getHostByName toToml abbrevboth
durationRound mustToDate toDate shuffle`.split(/\s+/);

export function hostFunctions(host: Host): Functions {
	const text = (letters: string) => ({
		types: 'i',
		call: (count: Data) =>
			Array.from({ length: Math.min(10_000, Number(count)) }, () => letters[host.draw(letters.length)]!).join(''),
	});
	const date = (layout: Data, value: Data): string => goLayout(String(layout), microsOf(value, host.now));
	const hexDigits = (count: number): string => Array.from({ length: count }, () => host.draw(16).toString(16)).join('');
	return {
		...Object.fromEntries(
			REFUSED.map((name) => [
				name,
				{
					types: 'a*',
					call: () => {
						throw new CallError(`the simulator's helm does not have the function ${name}`);
					},
				},
			]),
		),
		now: { types: '', call: () => stamp(host.now) },
		date: { types: 'sa', call: date },
		dateInZone: { types: 'sas', call: date },
		date_in_zone: { types: 'sas', call: date },
		htmlDate: { types: 'a', call: (value) => date('2006-01-02', value) },
		htmlDateInZone: { types: 'as', call: (value) => date('2006-01-02', value) },
		unixEpoch: { types: 'a', call: (value) => String(Math.floor(microsOf(value, host.now) / 1e6)) },
		dateModify: { types: 'sa', call: (by, value) => stamp(microsOf(value, host.now) + durationOf(String(by))) },
		date_modify: { types: 'sa', call: (by, value) => stamp(microsOf(value, host.now) + durationOf(String(by))) },
		mustDateModify: { types: 'sa', call: (by, value) => stamp(microsOf(value, host.now) + durationOf(String(by))) },
		duration: { types: 'a', call: (value) => goDuration(Number(toInt(value))) },
		ago: { types: 'a', call: (value) => goDuration(Math.round((host.now - microsOf(value, host.now)) / 1e6)) },
		randAlphaNum: text(LETTERS + DIGITS),
		randAlpha: text(LETTERS),
		randNumeric: text(DIGITS),
		randAscii: text(VISIBLE),
		randBytes: {
			types: 'i',
			call: (count) => btoa(String.fromCharCode(...Array.from({ length: Number(count) }, () => host.draw(256)))),
		},
		randInt: {
			types: 'ii',
			call: (from, to) => (from as bigint) + BigInt(host.draw(Math.max(1, Number(to) - Number(from)))),
		},
		uuidv4: {
			types: '',
			call: () =>
				`${hexDigits(8)}-${hexDigits(4)}-4${hexDigits(3)}-${'89ab'[host.draw(4)]}${hexDigits(3)}-${hexDigits(12)}`,
		},
	};
}
