/** The event queue: a binary heap ordered by (time, order of scheduling). */
import type { Timer } from './types.ts';

const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

export class EventQueue {
	readonly #heap: Timer[] = [];
	#order = 0;

	/** Number of events waiting, cancelled ones included until they surface. */
	get size(): number {
		return this.#heap.length;
	}

	push(at: number, action: () => void): Timer {
		const timer: Timer = { at, order: this.#order++, action };
		const heap = this.#heap;
		let i = heap.length;
		heap.push(timer);
		while (i > 0) {
			const parent = (i - 1) >> 1;
			const p = heap[parent]!;
			if (!before(timer, p)) break;
			heap[i] = p;
			i = parent;
		}
		heap[i] = timer;
		return timer;
	}

	/** The next event that was not cancelled, left in the queue. */
	peek(): Timer | undefined {
		while (this.#heap.length > 0 && this.#heap[0]!.action === undefined) this.#removeTop();
		return this.#heap[0];
	}

	pop(): Timer | undefined {
		const top = this.peek();
		if (top) this.#removeTop();
		return top;
	}

	#removeTop(): void {
		const heap = this.#heap;
		const last = heap.pop()!;
		const size = heap.length;
		if (size === 0) return;
		let i = 0;
		for (;;) {
			let child = 2 * i + 1;
			if (child >= size) break;
			if (child + 1 < size && before(heap[child + 1]!, heap[child]!)) child++;
			const c = heap[child]!;
			if (!before(c, last)) break;
			heap[i] = c;
			i = child;
		}
		heap[i] = last;
	}
}
