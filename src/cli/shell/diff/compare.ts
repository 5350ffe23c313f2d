/**
 * Which lines two files do not share: Myers' divide and conquer, then runs of changes slid as GNU's are, so that the
 * same hunks come out.
 *
 * Source: gnulib lib/diffseq.h; diffutils src/analyze.c shift_boundaries() @ 3.8.
 */

/** Lines `from`..`to` of both sides (from 0, the end not among them), of which one replaces the other. */
export interface Change {
	readonly a: readonly [number, number];
	readonly b: readonly [number, number];
}

/** Steps of one search beyond which the best way so far is taken. */
const TOO_EXPENSIVE = 4096;

class Search {
	readonly #a: Int32Array;
	readonly #b: Int32Array;
	readonly gone: Uint8Array;
	readonly come: Uint8Array;
	readonly #forward: Int32Array;
	readonly #backward: Int32Array;
	readonly #zero: number;

	constructor(a: Int32Array, b: Int32Array) {
		this.#a = a;
		this.#b = b;
		this.gone = new Uint8Array(a.length);
		this.come = new Uint8Array(b.length);
		this.#zero = b.length + 1;
		this.#forward = new Int32Array(a.length + b.length + 3);
		this.#backward = new Int32Array(a.length + b.length + 3);
	}

	/** A point on a shortest way between two corners. */
	#middle(xoff: number, xlim: number, yoff: number, ylim: number): readonly [number, number] {
		const [a, b, fd, bd, zero] = [this.#a, this.#b, this.#forward, this.#backward, this.#zero];
		const [dmin, dmax, fmid, bmid] = [xoff - ylim, xlim - yoff, xoff - yoff, xlim - ylim];
		let [fmin, fmax, bmin, bmax] = [fmid, fmid, bmid, bmid];
		const odd = ((fmid - bmid) & 1) !== 0;
		fd[zero + fmid] = xoff;
		bd[zero + bmid] = xlim;
		for (let cost = 1; ; cost++) {
			if (fmin > dmin) fd[zero + --fmin - 1] = -1;
			else fmin++;
			if (fmax < dmax) fd[zero + ++fmax + 1] = -1;
			else fmax--;
			for (let d = fmax; d >= fmin; d -= 2) {
				const [low, high] = [fd[zero + d - 1]!, fd[zero + d + 1]!];
				let x = low < high ? high : low + 1;
				let y = x - d;
				while (x < xlim && y < ylim && a[x] === b[y]) {
					x++;
					y++;
				}
				fd[zero + d] = x;
				if (odd && bmin <= d && d <= bmax && bd[zero + d]! <= x) return [x, y];
			}
			if (bmin > dmin) bd[zero + --bmin - 1] = 0x7fffffff;
			else bmin++;
			if (bmax < dmax) bd[zero + ++bmax + 1] = 0x7fffffff;
			else bmax--;
			for (let d = bmax; d >= bmin; d -= 2) {
				const [low, high] = [bd[zero + d - 1]!, bd[zero + d + 1]!];
				let x = low < high ? low : high - 1;
				let y = x - d;
				while (xoff < x && yoff < y && a[x - 1] === b[y - 1]) {
					x--;
					y--;
				}
				bd[zero + d] = x;
				if (!odd && fmin <= d && d <= fmax && x <= fd[zero + d]!) return [x, y];
			}
			if (cost < TOO_EXPENSIVE) continue;
			let best: readonly [number, number] = [xoff, yoff];
			for (let d = fmax; d >= fmin; d -= 2) {
				let x = Math.min(fd[zero + d]!, xlim);
				let y = x - d;
				if (ylim < y) [x, y] = [ylim + d, ylim];
				if (best[0] + best[1] < x + y) best = [x, y];
			}
			return best;
		}
	}

	/** Marks what differs between two corners. */
	run(xoff: number, xlim: number, yoff: number, ylim: number): void {
		const [a, b] = [this.#a, this.#b];
		while (xoff < xlim && yoff < ylim && a[xoff] === b[yoff]) {
			xoff++;
			yoff++;
		}
		while (xoff < xlim && yoff < ylim && a[xlim - 1] === b[ylim - 1]) {
			xlim--;
			ylim--;
		}
		if (xoff === xlim) this.come.fill(1, yoff, ylim);
		else if (yoff === ylim) this.gone.fill(1, xoff, xlim);
		else {
			const [x, y] = this.#middle(xoff, xlim, yoff, ylim);
			this.run(xoff, x, yoff, y);
			this.run(x, xlim, y, ylim);
		}
	}
}

/** Slides each run of changed lines of one file as far down as it goes, and back to where the other file changes too. */
function slide(lines: Int32Array, changed: Uint8Array, other: Uint8Array): void {
	const end = lines.length;
	let i = 0;
	let j = 0;
	for (;;) {
		while (i < end && changed[i] === 0) {
			while (other[j++] === 1);
			i++;
		}
		if (i === end) return;
		let start = i;
		while (changed[++i] === 1);
		while (other[j] === 1) j++;
		let length: number;
		let corresponding: number;
		do {
			length = i - start;
			while (start > 0 && lines[start - 1] === lines[i - 1]) {
				changed[--start] = 1;
				changed[--i] = 0;
				while (start > 0 && changed[start - 1] === 1) start--;
				while (other[--j] === 1);
			}
			corresponding = other[j - 1] === 1 ? i : end;
			while (i !== end && lines[start] === lines[i]) {
				changed[start++] = 0;
				changed[i++] = 1;
				while (changed[i] === 1) i++;
				while (other[++j] === 1) corresponding = i;
			}
		} while (length !== i - start);
		while (corresponding < i) {
			changed[--start] = 1;
			changed[--i] = 0;
			while (other[--j] === 1);
		}
	}
}

/** What changes two lists of lines into each other; lines that are the same text are the same. */
export function changesOf(a: readonly string[], b: readonly string[]): Change[] {
	const numbers = new Map<string, number>();
	const numbered = (lines: readonly string[]): Int32Array =>
		Int32Array.from(lines, (line) => {
			const n = numbers.get(line) ?? numbers.size;
			numbers.set(line, n);
			return n;
		});
	const [left, right] = [numbered(a), numbered(b)];
	const inA = new Set(left);
	const inB = new Set(right);
	// What the other file has nowhere is changed in any case; the search is for the rest.
	const keptA = [...left.keys()].filter((i) => inB.has(left[i]!));
	const keptB = [...right.keys()].filter((i) => inA.has(right[i]!));
	const search = new Search(
		Int32Array.from(keptA, (i) => left[i]!),
		Int32Array.from(keptB, (i) => right[i]!),
	);
	search.run(0, keptA.length, 0, keptB.length);
	const gone = new Uint8Array(a.length).fill(1);
	const come = new Uint8Array(b.length).fill(1);
	for (const [k, i] of keptA.entries()) gone[i] = search.gone[k]!;
	for (const [k, i] of keptB.entries()) come[i] = search.come[k]!;
	slide(left, gone, come);
	slide(right, come, gone);
	const changes: Change[] = [];
	for (let i = 0, j = 0; i < a.length || j < b.length; ) {
		const [fromA, fromB] = [i, j];
		while (gone[i] === 1) i++;
		while (come[j] === 1) j++;
		if (i > fromA || j > fromB) changes.push({ a: [fromA, i], b: [fromB, j] });
		else {
			i++;
			j++;
		}
	}
	return changes;
}
