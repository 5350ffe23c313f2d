/**
 * What `-d` takes: dates, times, days of the week, zones, and what is added to them, in any order.
 *
 * Source: gnulib lib/parse-datetime.y; coreutils doc, "Date input formats".
 */
import type { Instant } from './format.ts';
import { type Kind, type Token, tokensOf, type Unit } from './words.ts';
import type { Zone } from './zone.ts';

class Reading {
	readonly #tokens: readonly Token[];
	#at = 0;
	date: readonly [year: number | undefined, month: number, day: number] | undefined;
	time: readonly [hour: number, minute: number, second: number, nanos: number] | undefined;
	meridian: number | undefined;
	day: readonly [ordinal: number, day: number] | undefined;
	zone: number | undefined;
	epoch: Instant | undefined;
	relative = false;
	readonly added: Record<Unit, number> = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
	nanos = 0;

	constructor(tokens: readonly Token[]) {
		this.#tokens = tokens;
	}

	#is(...kinds: readonly (Kind | 'U' | 'S')[]): boolean {
		return kinds.every((kind, i) => {
			const token = this.#tokens[this.#at + i];
			if (kind !== 'U' && kind !== 'S') return token?.kind === kind;
			return token?.kind === 'number' && token.signed === (kind === 'S');
		});
	}

	#take(): Token {
		return this.#tokens[this.#at++]!;
	}

	#number(): Extract<Token, { kind: 'number' }> {
		return this.#take() as Extract<Token, { kind: 'number' }>;
	}

	#value(): number {
		return (this.#take() as { value: number }).value;
	}

	/** Minutes of `+2`, `+0200` or `+02:00`; the sign was read. */
	#offset(): number | undefined {
		const { value, digits, signed } = this.#number();
		const sign = signed && (value < 0 || Object.is(value, -0)) ? -1 : 1;
		const size = Math.abs(value);
		let minutes = digits <= 2 ? size * 60 : Math.floor(size / 100) * 60 + (size % 100);
		if (digits <= 2 && this.#is(':', 'U')) {
			this.#at++;
			minutes += this.#number().value;
		}
		return minutes > 24 * 60 ? undefined : sign * minutes;
	}

	/** Whether every token has its meaning, and none of them comes twice. */
	read(): boolean {
		while (this.#at < this.#tokens.length) if (!this.#item()) return false;
		return true;
	}

	#setDate(year: number | undefined, month: number, day: number): boolean {
		if (this.date) return false;
		this.date = [year, month, day];
		return true;
	}

	#setZone(minutes: number | undefined): boolean {
		if (this.zone !== undefined || minutes === undefined) return false;
		this.zone = minutes;
		return true;
	}

	#setDay(ordinal: number, day: number): boolean {
		if (this.day) return false;
		this.day = [ordinal, day];
		if (this.#is(',')) this.#at++;
		return true;
	}

	#setTime(hour: number, minute: number, second: number, nanos: number): boolean {
		if (this.time) return false;
		this.time = [hour, minute, second, nanos];
		if (this.#is('meridian')) this.meridian = this.#value();
		else if (this.#is('S')) return this.#setZone(this.#offset());
		return true;
	}

	#add(unit: Unit, n: number, nanos = 0): boolean {
		const sign = this.#is('ago') ? -1 : 1;
		if (sign < 0) this.#at++;
		this.added[unit] += sign * n;
		this.nanos += sign * nanos;
		this.relative = true;
		return true;
	}

	#item(): boolean {
		if (this.#is('@', 'number') && this.#tokens.length === 2) {
			this.#at++;
			const { value, nanos = 0 } = this.#number();
			this.epoch = nanos < 0 ? { seconds: value - 1, nanos: 1e9 + nanos } : { seconds: value, nanos };
			return true;
		}
		if (this.#is('T') && this.date && this.#tokens[this.#at + 2]?.kind === ':') this.#at++;
		if (this.#is('U', ':', 'U')) {
			const hour = this.#value();
			this.#at++;
			const minute = this.#value();
			if (!this.#is(':', 'U')) return this.#setTime(hour, minute, 0, 0);
			this.#at++;
			const second = this.#number();
			return this.#setTime(hour, minute, second.value, second.nanos ?? 0);
		}
		if (this.#is('U', 'meridian')) return this.#setTime(this.#value(), 0, 0, 0);
		if (this.#is('U', '/', 'U')) return this.#slashes();
		if (this.#is('U', 'S', 'S') && this.#tokens[this.#at + 3]?.kind !== 'unit') {
			const year = this.#number();
			const [month, day] = [-this.#value(), -this.#value()];
			return this.#setDate(fullYear(year.value, year.digits), month, day);
		}
		if (this.#is('U', 'month') || this.#is('month', 'number')) return this.#monthly();
		if (this.#is('day')) return this.#setDay(0, this.#value());
		if (this.#is('ordinal', 'day') || this.#is('U', 'day')) return this.#setDay(this.#value(), this.#value());
		if (this.#is('shift')) return this.#add('day', this.#value());
		if (this.#is('ordinal', 'unit') || this.#is('number', 'unit')) {
			const much = this.#take() as { readonly value: number; readonly nanos?: number };
			const { unit, times } = this.#take() as Extract<Token, { kind: 'unit' }>;
			if (much.nanos !== undefined && unit !== 'second') return false;
			return this.#add(unit, much.value * times, much.nanos);
		}
		if (this.#is('unit')) {
			const { unit, times } = this.#take() as Extract<Token, { kind: 'unit' }>;
			return this.#add(unit, times);
		}
		if (this.#is('zone')) {
			const minutes = this.#value();
			const more = this.#is('S') && this.#tokens[this.#at + 1]?.kind !== 'unit' ? this.#offset() : 0;
			return this.#setZone(more === undefined ? undefined : minutes + more);
		}
		return this.#is('U') && this.#plain();
	}

	/** `1/5`, `1/5/2024`, `2024/1/5`. */
	#slashes(): boolean {
		const first = this.#number();
		this.#at++;
		const second = this.#number();
		if (!this.#is('/', 'U')) return this.#setDate(undefined, first.value, second.value);
		this.#at++;
		const third = this.#number();
		return first.digits >= 4
			? this.#setDate(first.value, second.value, third.value)
			: this.#setDate(fullYear(third.value, third.digits), first.value, second.value);
	}

	/** `5 Jan 2024`, `5-Jan-2024`, `Jan 5`, `Jan 5, 2024`. */
	#monthly(): boolean {
		if (this.#is('U')) {
			const day = this.#value();
			const month = this.#value();
			if (
				!this.#is('number') ||
				this.#tokens[this.#at + 1]?.kind === ':' ||
				this.#tokens[this.#at + 1]?.kind === 'unit'
			)
				return this.#setDate(undefined, month, day);
			const year = this.#number();
			return this.#setDate(fullYear(Math.abs(year.value), year.digits), month, day);
		}
		const month = this.#value();
		const day = Math.abs(this.#value());
		if (!this.#is(',', 'U') && !this.#is('S')) return this.#setDate(undefined, month, day);
		if (this.#is(',')) this.#at++;
		const year = this.#number();
		return this.#setDate(fullYear(Math.abs(year.value), year.digits), month, day);
	}

	/** A number by itself is the year that is missing, a date without marks, or an hour. */
	#plain(): boolean {
		const { value, digits } = this.#number();
		if (this.date && this.date[0] === undefined && !this.relative && (this.time || digits > 2)) {
			this.date = [fullYear(value, digits), this.date[1], this.date[2]];
			return true;
		}
		if (digits > 4) return this.#setDate(Math.floor(value / 10_000), Math.floor(value / 100) % 100, value % 100);
		if (this.time) return false;
		this.time = digits <= 2 ? [value, 0, 0, 0] : [Math.floor(value / 100), value % 100, 0, 0];
		return true;
	}
}

const fullYear = (year: number, digits: number): number => (digits > 2 ? year : year + (year < 69 ? 2000 : 1900));

/** Seconds of 1970 of a time that clocks of a zone show. */
function fromLocal(seconds: number, zone: Zone): number {
	const first = seconds - zone.offset(seconds) * 60;
	return seconds - zone.offset(first) * 60;
}

/** The time that a text means; undefined when it means none. */
export function parseDate(given: string, now: Instant, zone: Zone): Instant | undefined {
	const tokens = tokensOf(given.replace(/^\s*TZ="(?:UTC0?|GMT)"\s*/, ''));
	if (!tokens) return undefined;
	const reading = new Reading(tokens);
	if (!reading.read()) return undefined;
	if (reading.epoch) return reading.epoch;
	const { added } = reading;
	const local = new Date((now.seconds + (reading.zone ?? zone.offset(now.seconds)) * 60) * 1000);
	const [year = local.getUTCFullYear(), month, day] = reading.date ?? [
		undefined,
		local.getUTCMonth() + 1,
		local.getUTCDate(),
	];
	let [hour, minute, second, nanos] = [0, 0, 0, 0];
	if (reading.time) {
		[hour, minute, second, nanos] = reading.time;
		if (reading.meridian !== undefined) {
			if (hour < 1 || hour > 12) return undefined;
			hour = (hour % 12) + reading.meridian;
		}
	} else if (reading.relative && !reading.date && !reading.day)
		[hour, minute, second, nanos] = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds(), now.nanos];
	const start = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
	// A field that no calendar has is no date.
	if (start.getUTCMonth() !== month - 1 || start.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60)
		return undefined;
	if (reading.day && !reading.date) {
		const [ordinal, wanted] = reading.day;
		const today = start.getUTCDay();
		const weeks = ordinal - (ordinal > 0 && today !== wanted ? 1 : 0);
		start.setUTCDate(start.getUTCDate() + ((wanted - today + 7) % 7) + 7 * weeks);
	}
	// A day that the month has not is one of the next (mktime(3)).
	const shifted = Date.UTC(
		start.getUTCFullYear() + added.year,
		start.getUTCMonth() + added.month,
		start.getUTCDate() + added.day,
		start.getUTCHours(),
		start.getUTCMinutes(),
		start.getUTCSeconds(),
	);
	let seconds = shifted / 1000;
	seconds = reading.zone === undefined ? fromLocal(seconds, zone) : seconds - reading.zone * 60;
	seconds += added.hour * 3600 + added.minute * 60 + added.second;
	nanos += reading.nanos;
	if (!Number.isFinite(seconds)) return undefined;
	const carry = Math.floor(nanos / 1e9);
	return { seconds: seconds + carry, nanos: nanos - carry * 1e9 };
}
