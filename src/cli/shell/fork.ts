/**
 * A subshell that runs at the same time as its parent: an interpreter of its own with a copy of the state. just-bash has
 * one interpreter for a line, whose state two commands at once would mix up.
 */
import { execOf } from './frame.ts';
import type { Interpreter, State } from './just-bash.ts';

/** Of which the copy has the same: what others own, and syntax trees, which nobody changes. */
const SHARED: ReadonlySet<string> = new Set(['host', 'signal']);

function copied(value: unknown, seen: Map<unknown, unknown>): unknown {
	if (typeof value !== 'object' || value === null) return value;
	const known = seen.get(value);
	if (known) return known;
	if (value instanceof Map) {
		const copy = new Map();
		seen.set(value, copy);
		for (const [key, item] of value) copy.set(key, copied(item, seen));
		return copy;
	}
	if (value instanceof Set) {
		const copy = new Set(value);
		seen.set(value, copy);
		return copy;
	}
	if (Array.isArray(value)) {
		const copy: unknown[] = [];
		seen.set(value, copy);
		for (const item of value) copy.push(copied(item, seen));
		return copy;
	}
	const copy: Record<string, unknown> = {};
	seen.set(value, copy);
	for (const [key, item] of Object.entries(value)) copy[key] = copied(item, seen);
	return copy;
}

export function copyOf(state: State): State {
	const copy: Record<string, unknown> = {};
	const seen = new Map<unknown, unknown>();
	for (const [key, value] of Object.entries(state)) {
		if (key === 'functions') copy[key] = new Map(state.functions);
		else copy[key] = SHARED.has(key) ? value : copied(value, seen);
	}
	return copy as unknown as State;
}

/** Counters of a scope that all parts of a line use up together. */
const COUNTERS = ['commandCount', 'workUnits', 'liveBytes', 'inputBytes', 'outputBytes'] as const;

/** The line's budget, as one part of it sees it: that this part was ended does not end the line. */
function scopeOf(scope: object, signal: AbortSignal): object {
	const own = Object.create(scope) as object;
	Object.defineProperties(own, {
		signal: { value: signal },
		poisoned: { value: undefined, writable: true },
	});
	for (const name of COUNTERS) {
		Object.defineProperty(own, name, {
			get: () => (scope as Record<string, number>)[name],
			set: (value: number) => {
				(scope as Record<string, number>)[name] = value;
			},
		});
	}
	return own;
}

/** @param signal ends it */
export function fork(parent: Interpreter, signal: AbortSignal): Interpreter {
	const { ctx } = parent;
	const state = copyOf(ctx.state);
	state.signal = signal;
	state.subshell = (state.subshell ?? 0) + 1;
	const parentState = ctx.state;
	state.bashPid = parentState.nextVirtualPid++;
	const Make = parent.constructor as new (options: object, state: State) => Interpreter;
	const { execFn: _, executionScope, ...rest } = ctx;
	const exec = execOf(parent);
	return new Make({ ...rest, exec, executionScope: scopeOf(executionScope, signal) }, state);
}
