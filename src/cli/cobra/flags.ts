/**
 * Flags as the Go tools read them.
 *
 * Source: github.com/spf13/pflag flag.go, bool.go, int.go, duration.go @ v1.0.5: long flags with one or two forms,
 * shorthands that may be glued together and to their value, `--` that ends them, errors in its wording.
 */

export interface Flag {
	readonly name: string;
	readonly short?: string;
	/** `strings` may be given several times and split at commas; `array` several times, not split. */
	readonly type: 'bool' | 'string' | 'int' | 'duration' | 'strings' | 'array' | 'count';
	readonly default?: string;
	/** Value of a flag given without one, where that is allowed: `--dry-run` alone. */
	readonly bare?: string;
	readonly usage: string;
	/** Of `strings`: each is `key=value` (pflag string_to_string.go). */
	readonly pairs?: boolean;
	/** Not in the help. */
	readonly hidden?: boolean;
	/** Who gives the flag is told this (pflag's Flag.Deprecated). */
	readonly deprecated?: string;
}

/** What was given on a command line. */
export class FlagValues {
	readonly #given = new Map<string, string[]>();
	readonly #order: (readonly [name: string, value: string])[] = [];
	readonly #flags: ReadonlyMap<string, Flag>;

	constructor(flags: readonly Flag[]) {
		this.#flags = new Map(flags.map((flag) => [flag.name, flag]));
	}

	add(flag: Flag, value: string): void {
		this.#order.push([flag.name, value]);
		const list = this.#given.get(flag.name);
		const more = flag.type === 'strings' ? splitList(value) : [value];
		if (list && (flag.type === 'strings' || flag.type === 'array' || flag.type === 'count')) list.push(...more);
		else this.#given.set(flag.name, more);
	}

	/** Whether it stands on the command line. */
	given(name: string): boolean {
		return this.#given.has(name);
	}

	/** All that stands on the command line, in its order. */
	all(): readonly (readonly [name: string, value: string])[] {
		return this.#order;
	}

	/** Last value given, or the default, or the empty text. */
	text(name: string): string {
		return this.#given.get(name)?.at(-1) ?? this.#flags.get(name)?.default ?? '';
	}

	on(name: string): boolean {
		return this.text(name) === 'true';
	}

	/** A whole number; NaN when there is neither value nor default. */
	number(name: string): number {
		const text = this.text(name);
		return text === '' ? Number.NaN : Number(text);
	}

	/** Microseconds of a duration. */
	duration(name: string): number {
		return parseDuration(this.text(name)) ?? 0;
	}

	list(name: string): readonly string[] {
		return this.#given.get(name) ?? (this.#flags.get(name)?.default ? [this.#flags.get(name)!.default!] : []);
	}

	count(name: string): number {
		return this.#given.get(name)?.length ?? 0;
	}
}

export interface ParsedFlags {
	readonly values: FlagValues;
	/** Arguments that are no flags. */
	readonly args: readonly string[];
	/** How many of them stood before `--`; -1 without one. */
	readonly dash: number;
}

export interface FlagError {
	readonly error: string;
}

/** One CSV line, as a string slice flag reads it. */
function splitList(value: string): string[] {
	if (value === '') return [];
	const out: string[] = [];
	for (const part of value.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)) {
		if (part.index === value.length && out.length > 0 && !value.endsWith(',')) break;
		out.push(part[1] === undefined ? part[2]! : part[1].replaceAll('""', '"'));
	}
	return out;
}

const UNITS: Readonly<Record<string, number>> = { ns: 0.001, us: 1, µs: 1, ms: 1e3, s: 1e6, m: 6e7, h: 3.6e9 };

/** Microseconds of `1h30m`, `90s`, `500ms`, `0` (Go time.ParseDuration); undefined when it is none. */
export function parseDuration(text: string): number | undefined {
	if (text === '0' || text === '') return text === '' ? undefined : 0;
	const match = /^([+-]?)((?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+)$/.exec(text);
	if (!match) return undefined;
	let sum = 0;
	for (const [, number, unit] of match[2]!.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g))
		sum += Number(number) * UNITS[unit!]!;
	return Math.round(match[1] === '-' ? -sum : sum);
}

const BOOLS: Readonly<Record<string, string>> = {
	'1': 'true',
	t: 'true',
	T: 'true',
	true: 'true',
	TRUE: 'true',
	True: 'true',
	'0': 'false',
	f: 'false',
	F: 'false',
	false: 'false',
	FALSE: 'false',
	False: 'false',
};

/** The value as stored, or why it is none. */
function check(flag: Flag, value: string): { value: string } | FlagError {
	const bad = (why: string): FlagError => {
		const names = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`;
		return { error: `invalid argument ${JSON.stringify(value)} for "${names}" flag: ${why}` };
	};
	if (flag.type === 'bool')
		return Object.hasOwn(BOOLS, value)
			? { value: BOOLS[value]! }
			: bad(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
	if (flag.type === 'int') {
		if (!/^[+-]?\d+$/.test(value)) return bad(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
		return Number.isSafeInteger(Number(value))
			? { value: String(Number(value)) }
			: bad(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
	}
	if (flag.type === 'duration' && parseDuration(value) === undefined)
		return bad(
			/^[+-]?\d+$/.test(value)
				? `time: missing unit in duration ${JSON.stringify(value)}`
				: `time: invalid duration ${JSON.stringify(value)}`,
		);
	const unpaired = flag.pairs ? splitList(value).find((pair) => !pair.includes('=')) : undefined;
	return unpaired === undefined ? { value } : bad(`${unpaired} must be formatted as key=value`);
}

const takesNone = (flag: Flag): boolean => flag.type === 'bool' || flag.type === 'count' || flag.bare !== undefined;
const bareValue = (flag: Flag): string => flag.bare ?? 'true';

/**
 * Reads a command line. `interspersed` false ends flags at the first argument, as tools that run another command do.
 */
export function parseFlags(
	args: readonly string[],
	flags: readonly Flag[],
	options: { readonly interspersed?: boolean } = {},
): ParsedFlags | FlagError {
	const long = new Map(flags.map((flag) => [flag.name, flag]));
	const short = new Map(flags.filter((flag) => flag.short).map((flag) => [flag.short!, flag]));
	const values = new FlagValues(flags);
	const rest: string[] = [];
	const put = (flag: Flag, value: string): FlagError | undefined => {
		const checked = check(flag, value);
		if ('error' in checked) return checked;
		values.add(flag, checked.value);
		return undefined;
	};
	for (let i = 0; i < args.length; i++) {
		const arg = args[i]!;
		if (arg === '--') {
			const dash = rest.length;
			return { values, args: [...rest, ...args.slice(i + 1)], dash };
		}
		if (arg === '-' || !arg.startsWith('-')) {
			rest.push(arg);
			if (options.interspersed === false) return { values, args: [...rest, ...args.slice(i + 1)], dash: -1 };
			continue;
		}
		if (arg.startsWith('--')) {
			const equals = arg.indexOf('=');
			const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals);
			if (name === '' || name.startsWith('-')) return { error: `bad flag syntax: ${arg}` };
			const flag = long.get(name);
			if (!flag) return { error: `unknown flag: --${name}` };
			let value: string;
			if (equals >= 0) value = arg.slice(equals + 1);
			else if (takesNone(flag)) value = bareValue(flag);
			else if (i + 1 < args.length) value = args[++i]!;
			else return { error: `flag needs an argument: --${name}` };
			const error = put(flag, value);
			if (error) return error;
			continue;
		}
		for (let at = 1; at < arg.length; at++) {
			const letter = arg[at]!;
			const flag = short.get(letter);
			if (!flag) return { error: `unknown shorthand flag: '${letter}' in -${arg.slice(at)}` };
			let value: string;
			let done = true;
			if (arg[at + 1] === '=' && at + 2 <= arg.length) value = arg.slice(at + 2);
			else if (takesNone(flag)) {
				value = bareValue(flag);
				done = false;
			} else if (at + 1 < arg.length) value = arg.slice(at + 1);
			else if (i + 1 < args.length) value = args[++i]!;
			else return { error: `flag needs an argument: '${letter}' in -${arg.slice(at)}` };
			const error = put(flag, value);
			if (error) return error;
			if (done) break;
		}
	}
	return { values, args: rest, dash: -1 };
}
