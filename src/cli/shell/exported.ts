/** Variables that programs get: exported ones, and those that stand in front of a command. */
import type { State } from './just-bash.ts';

export function exported(state: State): ReadonlyMap<string, string> {
	const env = new Map<string, string>();
	const temporary = (state as { tempExportedVars?: Set<string> }).tempExportedVars ?? [];
	for (const name of new Set([...state.exportedVars, ...temporary])) {
		const value = state.env.get(name);
		if (value !== undefined) env.set(name, value);
	}
	return env;
}
