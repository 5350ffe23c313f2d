/** tsort (coreutils src/tsort.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { quote, quoted } from './lines.ts';

interface Item {
	readonly name: string;
	/** How many come before it and are still there. */
	count: number;
	/** Those behind it, the last that was read first. */
	after: Item[];
	gone: boolean;
}

export async function tsort(desk: Desk): Promise<void> {
	const given = desk.options('');
	const [file = '-', extra] = given.operands;
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	const found = await desk.tryRead(file);
	// What a directory answers to a read counts as its end.
	if ('wrong' in found && found.wrong !== 'Is a directory') throw new Leave(`tsort: ${quoted(file)}: ${found.wrong}\n`);
	if ('wrong' in found) return;
	const words = found.text.split(/[ \t\n]+/).filter(Boolean);
	if (words.length % 2 === 1) throw new Leave(`tsort: ${quoted(file)}: input contains an odd number of tokens\n`);
	const items = new Map<string, Item>();
	const item = (name: string): Item => {
		let known = items.get(name);
		if (!known) {
			known = { name, count: 0, after: [], gone: false };
			items.set(name, known);
		}
		return known;
	};
	for (let i = 0; i < words.length; i += 2) {
		const [a, b] = [item(words[i]!), item(words[i + 1]!)];
		if (a === b) continue;
		b.count++;
		a.after.unshift(b);
	}
	// Those that nothing precedes, by their names as they stand in a tree that is balanced; then each as it becomes free.
	const sorted = [...items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
	const queue = sorted.filter(({ count }) => count === 0);
	let left = items.size;
	const out = (one: Item): void => {
		desk.write(`${one.name}\n`);
		one.gone = true;
		left--;
		for (const next of one.after) if (--next.count === 0) queue.push(next);
	};
	while (left > 0) {
		while (queue.length > 0) out(queue.shift()!);
		if (left === 0) return;
		desk.say(`tsort: ${quoted(file)}: input contains a loop:\n`);
		desk.code = 1;
		breakLoop(desk, sorted);
		queue.push(...sorted.filter(({ count, gone }) => count === 0 && !gone));
	}
}

/** Finds a loop, tells it and takes its last edge away. */
function breakLoop(desk: Desk, sorted: readonly Item[]): void {
	const before = new Map<Item, Item>();
	let loop: Item | undefined;
	for (;;) {
		for (const one of sorted) {
			if (one.count === 0 || one.gone) continue;
			if (!loop) {
				loop = one;
				continue;
			}
			const edge = one.after.indexOf(loop);
			if (edge < 0) continue;
			if (!before.has(one)) {
				before.set(one, loop);
				loop = one;
				continue;
			}
			// one → loop closes the circle: told from where it began.
			for (let at: Item | undefined = loop; at; ) {
				desk.say(`tsort: ${at.name}\n`);
				const next = before.get(at);
				if (at === one) {
					loop.count--;
					one.after.splice(edge, 1);
					return;
				}
				at = next;
			}
			return;
		}
	}
}
