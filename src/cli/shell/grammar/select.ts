/** `select`, which just-bash has not, as a loop over what is chosen (bash(1), Compound Commands). */
import { CHOOSE, CHOSEN, MENU } from '../programs/names.ts';
import type { Select } from './commands.ts';

/** A text without `select`; lines stay where they were. */
export function withoutSelects(text: string, selects: readonly Select[]): string {
	const edits = selects.flatMap(({ at, name, words, body: [from, to] }) => {
		const list = words ? text.slice(...words) : ' "$@"';
		const lines = text.slice(at, from).split('\n').length - list.split('\n').length;
		return [
			{ from: at, to: from, by: `{ ${MENU}${list};${'\n'.repeat(lines)} while ${CHOOSE} ${name}; do` },
			{ from: to, to: to + (text[to] === '}' ? 1 : 4), by: `done; ${CHOSEN}; }` },
		];
	});
	edits.sort((a, b) => b.from - a.from);
	return edits.reduce((some, { from, to, by }) => some.slice(0, from) + by + some.slice(to), text);
}
