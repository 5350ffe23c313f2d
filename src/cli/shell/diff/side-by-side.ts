/** Two files beside each other (diffutils src/side.c, and the widths of src/diff.c @ 3.8). */
import type { Change } from './compare.ts';
import type { Side } from './print.ts';

const TAB = 8;
const GUTTER = 3;

export interface Columns {
	readonly width: number;
	/** Lines that are the same stand on the left only. */
	readonly left: boolean;
	/** They do not stand at all. */
	readonly suppress: boolean;
	/** Spaces for tabs. */
	readonly expand: boolean;
}

export function sideBySide(a: Side, b: Side, changes: readonly Change[], how: Columns): string {
	const tab = how.expand ? 1 : TAB;
	const gap = tab + GUTTER;
	const unaligned = (how.width >> 1) + (gap >> 1) + (how.width & gap & 1);
	const offset = unaligned - (unaligned % tab);
	const half = offset <= GUTTER || how.width <= offset ? 0 : Math.min(offset - GUTTER, how.width - offset);
	const second = half > 0 ? offset : how.width;
	let text = '';
	const advance = (from: number, to: number): number => {
		if (!how.expand)
			for (let stop = from + TAB - (from % TAB); stop <= to; stop += TAB) {
				text += '\t';
				from = stop;
			}
		text += ' '.repeat(Math.max(0, to - from));
		return to;
	};
	/** As much of a line as its half holds; answers the column where it ends. */
	const put = (line: string, indent: number): number => {
		let at = 0;
		let out = 0;
		for (const character of new TextDecoder().decode(Uint8Array.from(line, (c) => c.charCodeAt(0)))) {
			if (character === '\t') {
				const spaces = TAB - (at % TAB);
				if (at === out) {
					const stop = out + spaces;
					if (how.expand) {
						const upTo = Math.min(stop, half);
						text += ' '.repeat(Math.max(0, upTo - out));
						out = Math.max(out, upTo);
					} else if (stop < half) {
						out = stop;
						text += '\t';
					}
				}
				at += spaces;
				continue;
			}
			at++;
			if (at > half) continue;
			out = at;
			text += String.fromCharCode(...new TextEncoder().encode(character));
		}
		return indent + out;
	};
	const ends = (side: Side, i: number): boolean => !(side.open && i === side.lines.length - 1);
	const row = (left: number | undefined, mark: string, right: number | undefined): void => {
		let column = 0;
		let ended = false;
		if (left !== undefined) {
			ended = ends(a, left);
			column = put(a.lines[left]!, 0);
		}
		if (mark !== ' ') {
			column = advance(column, (half + second - 1) >> 1) + 1;
			const broken = mark === '|' && right !== undefined && ended !== ends(b, right);
			text += broken ? (ended ? '/' : '\\') : mark;
		}
		if (right !== undefined) {
			ended ||= ends(b, right);
			if (b.lines[right] !== '') {
				column = advance(column, second);
				put(b.lines[right]!, column);
			}
		}
		if (ended) text += '\n';
	};
	let i = 0;
	let j = 0;
	const same = (to: number): void => {
		for (; i < to; i++, j++) if (!how.suppress) row(i, how.left ? '(' : ' ', how.left ? undefined : j);
	};
	for (const change of changes) {
		same(change.a[0]);
		while (i < change.a[1] && j < change.b[1]) row(i++, '|', j++);
		while (j < change.b[1]) row(undefined, '>', j++);
		while (i < change.a[1]) row(i++, '<', undefined);
	}
	same(a.lines.length);
	return text;
}
