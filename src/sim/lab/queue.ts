/** What is going to happen: actions by virtual time, those of one time in the order they were asked for. */

interface Entry {
	readonly at: number;
	readonly sequence: number;
	/** Undefined once cancelled. */
	act: (() => void) | undefined;
}

export interface Queue {
	/** `act` at the time `at`; answers how to call it off. */
	push(at: number, act: () => void): () => void;
	/** Time of the first entry, if there is one. */
	next(): number | undefined;
	/** Takes the first entry out. */
	pop(): { readonly at: number; readonly act: () => void } | undefined;
}

const before = (a: Entry, b: Entry): boolean => a.at < b.at || (a.at === b.at && a.sequence < b.sequence);

/** A binary heap; what is cancelled leaves when it comes to the top. */
export function createQueue(): Queue {
	const heap: Entry[] = [];
	let sequence = 0;

	const sink = (): void => {
		let i = 0;
		for (;;) {
			const left = 2 * i + 1;
			const right = left + 1;
			let least = i;
			if (left < heap.length && before(heap[left]!, heap[least]!)) least = left;
			if (right < heap.length && before(heap[right]!, heap[least]!)) least = right;
			if (least === i) return;
			[heap[i], heap[least]] = [heap[least]!, heap[i]!];
			i = least;
		}
	};
	const takeTop = (): Entry => {
		const top = heap[0]!;
		const last = heap.pop()!;
		if (heap.length > 0) {
			heap[0] = last;
			sink();
		}
		return top;
	};
	const skipCancelled = (): void => {
		while (heap.length > 0 && !heap[0]!.act) takeTop();
	};

	return {
		push(at, act) {
			const entry: Entry = { at, sequence: sequence++, act };
			heap.push(entry);
			for (let i = heap.length - 1; i > 0; ) {
				const parent = (i - 1) >> 1;
				if (!before(heap[i]!, heap[parent]!)) break;
				[heap[i], heap[parent]] = [heap[parent]!, heap[i]!];
				i = parent;
			}
			return () => {
				entry.act = undefined;
			};
		},
		next() {
			skipCancelled();
			return heap[0]?.at;
		},
		pop() {
			skipCancelled();
			if (heap.length === 0) return undefined;
			const { at, act } = takeTop();
			return { at, act: act! };
		},
	};
}
