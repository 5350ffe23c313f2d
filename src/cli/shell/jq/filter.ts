/** Filters: generators of results that know, where somebody asks, by what path they were reached (jq 1.6, execute.c). */
import { type Path, step } from './paths.ts';
import type { Definition } from './tree.ts';
import { isArray, isObject, JqError, textOf, type Value } from './values.ts';

/** Nobody asks (undefined), the way from what was asked about, or that it cannot be told (null). */
export type Way = Path | null | undefined;
export type Out = readonly [Value, Way];
export type Results = Generator<Out, void, undefined>;
export type Filter = (env: Env | undefined, value: Value, way: Way) => Results;

/** A filter with what it sees. */
export interface Closure {
	readonly filter: Filter;
	readonly env: Env | undefined;
}

export interface Env {
	readonly key: object;
	/** A value, a closure, or what a function sees. */
	bound: unknown;
	readonly next: Env | undefined;
}

/** What `break` throws. */
export class Break extends Error {
	readonly label: object;

	constructor(label: object) {
		super('break');
		this.label = label;
	}
}

/** It went on for longer than a line may. */
export class Endless extends Error {}
export const MOST_STEPS = 5_000_000;

/** What a run has outside of the program. */
export interface World {
	steps: number;
	/** The next value of the input; throws `JqError('break')` behind the last one. */
	input(): Value;
	now(): number;
	env: ReadonlyMap<string, string>;
	file(): string | null;
	line(): number;
	debug(text: string): void;
}

export type Native = (world: World, args: readonly Closure[], value: Value, way: Way) => Results;
export interface Library {
	native(name: string, arity: number): Native | undefined;
	defined(name: string, arity: number): Definition | undefined;
}

export const lookup = (env: Env | undefined, key: object): Env => {
	for (let at = env; at; at = at.next) if (at.key === key) return at;
	throw new Error('a name is bound nowhere');
};
export const bind = (key: object, bound: unknown, next: Env | undefined): Env => ({ key, bound, next });

export const run = (closure: Closure, value: Value, way: Way): Results => closure.filter(closure.env, value, way);
/** Its results, without their paths. */
export function* values(closure: Closure, value: Value): Generator<Value, void, undefined> {
	for (const [result] of closure.filter(closure.env, value, undefined)) yield result;
}

/** Results that come from no path. */
export const apart = (way: Way): Way => (way === undefined ? undefined : null);

/** @throws JqError for what has no path of its own */
export function wayOf(way: Way, value: Value, doing: string): Path | undefined {
	if (way !== null) return way;
	const text = textOf(value);
	throw new JqError(`Invalid path expression ${doing}${text.length > 29 ? `${text.slice(0, 26)}...` : text}`);
}

/** What `.[]` gives. */
export function* each(value: Value, way: Way): Results {
	const path = wayOf(way, value, 'near attempt to iterate through ');
	if (isArray(value)) for (const [i, item] of value.entries()) yield [item, path && [...path, i]];
	else if (isObject(value)) for (const [key, item] of value) yield [item, path && [...path, key]];
	else throw new JqError(`Cannot iterate over ${step(value)}`);
}
