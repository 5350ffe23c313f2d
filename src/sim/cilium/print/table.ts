/** Go's text/tabwriter as the agent's tools use it: cells at least five wide, three blanks between. */

export interface Printed {
	readonly stdout: readonly string[];
	readonly stderr: readonly string[];
}

export const printed = (stdout: readonly string[], stderr: readonly string[] = []): Printed => ({ stdout, stderr });

const width = (cells: readonly string[]): number => {
	let most = 0;
	for (const cell of cells) most = Math.max(most, cell.length);
	return Math.max(5, most + 3);
};

/**
 * common.TablePrinter(): two columns under a title; values of one key under each other. Every cell ends in a tab, so
 * the second column is filled with blanks too, except in the title.
 */
export const twoColumns = (
	first: string,
	second: string,
	rows: readonly (readonly [key: string, values: readonly string[]])[],
): string[] => {
	const left = width([first, ...rows.map(([key]) => key)]);
	const right = width(rows.flatMap(([, values]) => values));
	return [
		`${first.padEnd(left)}${second}`,
		...rows.flatMap(([key, values]) =>
			values.map((value, i) => `${(i === 0 ? key : '').padEnd(left)}${value.padEnd(right)}`),
		),
	];
};

/** A map that is not pinned: what the tools say on standard error, and the addresses families they say it for. */
export const missingMap = (names: readonly string[]): string[] =>
	names.map((name) => {
		const path = `/sys/fs/bpf/tc/globals/${name}`;
		return `Unable to open ${path}: Unable to get object ${path}: no such file or directory. Skipping.`;
	});
