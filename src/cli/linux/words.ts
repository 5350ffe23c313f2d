/** Small things the tools share: command lines in getopt's manner, numbers as C prints them, errno in words. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Call, Files } from '../tool.ts';

export interface Options {
	/** Last value of each option; flags have the empty text. Keys without dashes: `m`, `max-time`. */
	readonly values: ReadonlyMap<string, string>;
	/** All values, in order. */
	all(name: string): readonly string[];
	readonly args: readonly string[];
}

export interface OptionSpec {
	/** Short options as getopt(3) writes them: `c:ni:`. */
	readonly short: string;
	/** Long ones, with `=` at the end when they take a value; `name=>x` makes it another name for `x`. */
	readonly long?: readonly string[];
	/** Options end at the first argument. */
	readonly posix?: boolean;
	/** `-inet` is a long option too (getopt_long_only). */
	readonly single?: boolean;
}

export type OptionFault = {
	readonly kind: 'unknown' | 'missing';
	/** As it was written, with dashes. */
	readonly option: string;
};

/** Reads options; a fault for what is none. */
export function getopt(words: readonly string[], spec: OptionSpec): Options | { readonly fault: OptionFault } {
	const values = new Map<string, string[]>();
	const args: string[] = [];
	const long = new Map<string, { readonly name: string; readonly value: boolean }>();
	for (const entry of spec.long ?? []) {
		const [, name, eq, alias] = /^([^=]+)(=?)(?:>(.+))?$/.exec(entry)!;
		long.set(name!, { name: alias ?? name!, value: alias === undefined ? eq === '=' : takes(spec.short, alias) });
	}
	const add = (name: string, value: string): void => {
		const list = values.get(name);
		if (list) list.push(value);
		else values.set(name, [value]);
	};
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		if (word === '--') {
			args.push(...words.slice(i + 1));
			break;
		}
		if (word.startsWith('--') || (spec.single && word.length > 2 && word.startsWith('-') && long.has(word.slice(1)))) {
			const eq = word.indexOf('=');
			const name = word.slice(word.startsWith('--') ? 2 : 1, eq < 0 ? undefined : eq);
			const known = long.get(name) ?? unique(long, name);
			if (!known) return { fault: { kind: 'unknown', option: word } };
			if (!known.value) add(known.name, '');
			else if (eq >= 0) add(known.name, word.slice(eq + 1));
			else if (i + 1 < words.length) add(known.name, words[++i]!);
			else return { fault: { kind: 'missing', option: word } };
			continue;
		}
		if (!word.startsWith('-') || word === '-') {
			if (spec.posix) {
				args.push(...words.slice(i));
				break;
			}
			args.push(word);
			continue;
		}
		for (let j = 1; j < word.length; j++) {
			const letter = word[j]!;
			const at = letter === ':' ? -1 : spec.short.indexOf(letter);
			if (at < 0) return { fault: { kind: 'unknown', option: `-${letter}` } };
			if (spec.short[at + 1] !== ':') {
				add(letter, '');
				continue;
			}
			if (j + 1 < word.length) add(letter, word.slice(j + 1));
			else if (i + 1 < words.length) add(letter, words[++i]!);
			else return { fault: { kind: 'missing', option: `-${letter}` } };
			break;
		}
	}
	return {
		values: new Map([...values].map(([name, list]) => [name, list.at(-1)!])),
		all: (name) => values.get(name) ?? [],
		args,
	};
}

const takes = (short: string, name: string): boolean => name.length === 1 && short[short.indexOf(name) + 1] === ':';

/** The one long option that begins so. */
function unique<T>(long: ReadonlyMap<string, T>, begun: string): T | undefined {
	const found = begun.length < 2 ? [] : [...long].filter(([name]) => name.startsWith(begun));
	return found.length === 1 ? found[0]![1] : undefined;
}

/** What glibc's getopt says of a fault. */
export const getoptText = (program: string, { kind, option }: OptionFault): string =>
	option.startsWith('--')
		? kind === 'unknown'
			? `${program}: unrecognized option '${option}'\n`
			: `${program}: option '${option}' requires an argument\n`
		: kind === 'unknown'
			? `${program}: invalid option -- '${option.slice(1)}'\n`
			: `${program}: option requires an argument -- '${option.slice(1)}'\n`;

/** strerror(3). */
export const ERRNO: Readonly<Record<string, string>> = {
	EPERM: 'Operation not permitted',
	EACCES: 'Permission denied',
	EINVAL: 'Invalid argument',
	ENODEV: 'No such device',
	EXDEV: 'Invalid cross-device link',
	EMSGSIZE: 'Message too long',
	EPROTO: 'Protocol error',
	ENOPROTOOPT: 'Protocol not available',
	EADDRINUSE: 'Address already in use',
	EADDRNOTAVAIL: 'Cannot assign requested address',
	ENETUNREACH: 'Network is unreachable',
	ECONNRESET: 'Connection reset by peer',
	ETIMEDOUT: 'Connection timed out',
	ECONNREFUSED: 'Connection refused',
	EHOSTUNREACH: 'No route to host',
};

/** A number with so many decimals, rounded half up, as printf does nearly always. */
export function decimals(value: number, digits: number): string {
	const scale = 10 ** digits;
	const whole = Math.round(Math.abs(value) * scale);
	const sign = value < 0 && whole > 0 ? '-' : '';
	const text = String(whole).padStart(digits + 1, '0');
	return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** A whole number between bounds; undefined when the text is none. */
export function whole(text: string | undefined, min: number, max: number): number | undefined {
	if (text === undefined || !/^(?:0x[0-9a-f]+|\d+)$/i.test(text)) return undefined;
	const value = Number(text);
	return value >= min && value <= max ? value : undefined;
}

/** Text of a file, or of standard input for `-`. */
export const readText = (files: Files, path: string, stdin: string): Promise<string | undefined> =>
	path === '-' ? Promise.resolve(stdin) : files.read(path);

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const pad = (n: number, width = 2): string => String(n).padStart(width, '0');

/** ctime(3) in UTC, without its line end. */
export function ctime(seconds: number): string {
	const d = new Date(Math.floor(seconds) * 1000);
	return `${DAYS[d.getUTCDay()]} ${MONTHS[d.getUTCMonth()]} ${String(d.getUTCDate()).padStart(2)} ${clock(seconds)} ${d.getUTCFullYear()}`;
}

/** `14:03:07` in UTC. */
export function clock(seconds: number): string {
	const d = new Date(Math.floor(seconds) * 1000);
	return `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}:${pad(d.getUTCSeconds())}`;
}

/** `2022-08-31` in UTC. */
export function isoDate(seconds: number): string {
	const d = new Date(Math.floor(seconds) * 1000);
	return `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
}

export const monthOf = (seconds: number): string => MONTHS[new Date(seconds * 1000).getUTCMonth()]!;
export const dayName = (seconds: number): string => DAYS[new Date(seconds * 1000).getUTCDay()]!;

/** RFC 3339 with nine digits of a second. Virtual microseconds. */
export function nanoTime(lab: Lab, micros: number): string {
	const total = lab.epoch * 1e6 + micros;
	const seconds = Math.floor(total / 1e6);
	const fraction = String(Math.floor(total - seconds * 1e6)).padStart(6, '0');
	return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${fraction}000Z`;
}

/** `10:01`, or `Aug30` of another day (ps/output.c pr_bsdstart, pr_stime). */
export function timeOfDay(lab: Lab, micros: number): string {
	const began = lab.epoch + micros / 1e6;
	if (lab.epoch + lab.now / 1e6 - began < 86_400) return clock(began).slice(0, 5);
	return `${monthOf(began)}${isoDate(began).slice(8)}`;
}

/** An error of coreutils, with the pointer to help behind it; answers the exit code. */
export const withTry = (call: Call, text: string): number => {
	call.err(`${text}Try '${call.name} --help' for more information.\n`);
	return 1;
};
