/** What a measurement comes to, and how numbers are taken and written. */

export interface Row {
	readonly what: string;
	readonly measured: string;
	/** The number in mind when this was planned; absent when there is none. */
	readonly aim?: string;
	/** Whether the aim was met; absent without one. */
	readonly met?: boolean;
	/** Where the time or the room goes. */
	readonly limit: string;
}

/** A part of the bench: a heading and its rows. `skipped` says why there are none. */
export interface Part {
	readonly title: string;
	readonly rows: readonly Row[];
	readonly skipped?: string;
}

/** How long a part may measure. */
export interface Effort {
	/** Milliseconds a repeated measurement goes on. */
	readonly time: number;
	/** Times a slow thing is done. */
	readonly repeats: number;
}

const sorted = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);

/** The middle of the numbers; of an even count, the higher of the two in the middle. */
export const median = (numbers: readonly number[]): number => sorted(numbers)[numbers.length >> 1]!;

/** The number that nine in ten do not pass. */
export const ninetieth = (numbers: readonly number[]): number =>
	sorted(numbers)[Math.min(numbers.length - 1, Math.floor(numbers.length * 0.9))]!;

/** Milliseconds `act` takes, once for each repetition, after `warm` that are not counted. */
export function times(act: (i: number) => void, repeats: number, warm = 0): number[] {
	for (let i = 0; i < warm; i++) act(i);
	const taken: number[] = [];
	for (let i = 0; i < repeats; i++) {
		const start = performance.now();
		act(i);
		taken.push(performance.now() - start);
	}
	return taken;
}

/** How often a second `act` can be done: after a quarter of the time to get warm, the best of three thirds. */
export function rate(act: () => void, time: number): number {
	const during = (span: number): number => {
		const start = performance.now();
		let count = 0;
		let now = start;
		while (now - start < span) {
			for (let i = 0; i < 8; i++) act();
			count += 8;
			now = performance.now();
		}
		return (count * 1000) / (now - start);
	};
	during(time / 4);
	return Math.max(during(time / 3), during(time / 3), during(time / 3));
}

/** `123,456` */
export const whole = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
/** `1.23 ms` */
export const ms = (n: number): string => `${n < 10 ? n.toFixed(2) : n < 100 ? n.toFixed(1) : whole(n)} ms`;
/** `12.3 kB`, of 1,000. */
export const kB = (octets: number): string => `${(octets / 1000).toFixed(1)} kB`;
/** `12.3 MB`, of 1,000,000. */
export const MB = (octets: number): string => `${(octets / 1e6).toFixed(1)} MB`;
/** `2.5 times` */
export const ratio = (n: number): string => `${n >= 10 ? n.toFixed(0) : n.toFixed(2)} times`;
