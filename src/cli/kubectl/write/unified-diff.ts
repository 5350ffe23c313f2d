/** Unified differences of lines, as GNU diff -u prints them (three lines of context). */

interface Edit {
	readonly kind: ' ' | '-' | '+';
	readonly line: string;
}

/** A shortest edit script by the longest common subsequence, deletions before insertions. */
function edits(a: readonly string[], b: readonly string[]): readonly Edit[] {
	let head = 0;
	while (head < a.length && head < b.length && a[head] === b[head]) head++;
	let tail = 0;
	while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
	const x = a.slice(head, a.length - tail);
	const y = b.slice(head, b.length - tail);
	const width = y.length + 1;
	const longest = new Uint32Array((x.length + 1) * width);
	for (let i = x.length - 1; i >= 0; i--)
		for (let j = y.length - 1; j >= 0; j--)
			longest[i * width + j] =
				x[i] === y[j]
					? longest[(i + 1) * width + j + 1]! + 1
					: Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
	const out: Edit[] = a.slice(0, head).map((line) => ({ kind: ' ', line }));
	let i = 0;
	let j = 0;
	while (i < x.length || j < y.length) {
		if (i < x.length && j < y.length && x[i] === y[j]) {
			out.push({ kind: ' ', line: x[i++]! });
			j++;
		} else if (j >= y.length || (i < x.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!))
			out.push({ kind: '-', line: x[i++]! });
		else out.push({ kind: '+', line: y[j++]! });
	}
	for (const line of a.slice(a.length - tail)) out.push({ kind: ' ', line });
	return out;
}

const CONTEXT = 3;

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

const range = (start: number, count: number): string =>
	count === 1 ? String(start) : `${count === 0 ? start - 1 : start},${count}`;

/** Hunks of a difference; empty when there is none. */
export function unifiedDiff(before: string, after: string): string {
	const script = edits(linesOf(before), linesOf(after));
	const changed = script.flatMap((edit, i) => (edit.kind === ' ' ? [] : [i]));
	let out = '';
	for (let k = 0; k < changed.length; ) {
		const first = Math.max(0, changed[k]! - CONTEXT);
		let last = changed[k]!;
		while (k < changed.length && changed[k]! <= last + 2 * CONTEXT + 1) last = changed[k++]!;
		const end = Math.min(script.length, last + CONTEXT + 1);
		const hunk = script.slice(first, end);
		const counts = (kinds: string, list: readonly Edit[]): number => list.filter((e) => kinds.includes(e.kind)).length;
		const prior = script.slice(0, first);
		const oldRange = range(counts(' -', prior) + 1, counts(' -', hunk));
		const newRange = range(counts(' +', prior) + 1, counts(' +', hunk));
		out += `@@ -${oldRange} +${newRange} @@\n${hunk.map((edit) => `${edit.kind}${edit.line}\n`).join('')}`;
	}
	return out;
}
