/** One measurement, as a row of `RESULTS.md`. */
export interface Row {
	/** What was measured, with its conditions. */
	what: string;
	/** The figure, with its unit; a ratio where two things are compared. */
	measured: string;
	/** The aim, when there is one, and whether it was met. */
	aim?: { text: string; met: boolean };
	/** What limits the figure: where the time or the bytes go. */
	limits: string;
}

/** A file `bench/*.bench.ts` exports one of these as default. */
export interface Bench {
	/** Heading of its table. */
	title: string;
	run(): Promise<Row[]>;
}

/** Median of some numbers. */
export function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Milliseconds of each of `times` runs of something, after `warm` runs that do not count. */
export async function timeRuns(times: number, run: () => unknown, warm = 0): Promise<number[]> {
	const taken: number[] = [];
	for (let at = -warm; at < times; at++) {
		const started = performance.now();
		await run();
		if (at >= 0) taken.push(performance.now() - started);
	}
	return taken;
}

/** A number with at most three significant digits and thousands set apart. */
export function figure(value: number): string {
	const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
	return rounded.toLocaleString('en-US');
}

/** An aim that a figure must not exceed. */
export const atMost = (value: number, limit: number, unit: string): Row['aim'] => ({
	text: `≤ ${figure(limit)} ${unit}`,
	met: value <= limit,
});

/** An aim that a figure must reach. */
export const atLeast = (value: number, limit: number, unit: string): Row['aim'] => ({
	text: `≥ ${figure(limit)} ${unit}`,
	met: value >= limit,
});
