/** What just-bash does not read, as what it reads. Lines stay where they were. */
import { CHOOSE, CHOSEN, MENU } from '../programs/names.ts';
import type { Read } from './read.ts';

interface Edit {
	readonly from: number;
	readonly to: number;
	readonly by: string;
}

/** `select` as a loop over what is chosen (bash(1), Compound Commands). */
const withoutSelect = (text: string, { at, name, words, body: [from, to] }: Read['selects'][number]): Edit[] => {
	const list = words ? text.slice(...words) : ' "$@"';
	const lines = text.slice(at, from).split('\n').length - list.split('\n').length;
	return [
		{ from: at, to: from, by: `{ ${MENU}${list};${'\n'.repeat(lines)} while ${CHOOSE} ${name}; do` },
		{ from: to, to: to + (text[to] === '}' ? 1 : 4), by: `done; ${CHOSEN}; }` },
	];
};

/** `((i>=2))`: just-bash parts it into words and redirections; what stands in `$((...))` it keeps as it is. */
const asExpansion = (text: string, [from, to]: readonly [number, number]): Edit[] => {
	const inside = text.slice(from, to);
	return !inside.includes('\n') ? [{ from, to, by: ` $((${inside})) ` }] : [];
};

/** A text as just-bash reads it; where one part is in another, the inner one stays. */
export function rewritten(text: string, { selects, sums, equals, nots }: Omit<Read, 'wrong' | 'from'>): string {
	const edits = [
		...selects.flatMap((one) => withoutSelect(text, one)),
		...sums.flatMap((one) => asExpansion(text, one)),
		// `for a in x=1`, `case x=1 in x=*)`: just-bash takes an assignment for no word.
		...equals.map((at) => ({ from: at, to: at, by: '\\' })),
		// `ls !(a)`: just-bash takes such a mark for one only behind something.
		...nots.map((at) => ({ from: at, to: at, by: '""' })),
	].sort((a, b) => b.from - a.from);
	let last = Number.POSITIVE_INFINITY;
	return edits.reduce((some, { from, to, by }) => {
		if (to > last) return some;
		last = from;
		return some.slice(0, from) + by + some.slice(to);
	}, text);
}
