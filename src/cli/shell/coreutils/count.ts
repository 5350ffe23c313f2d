/** Counts as coreutils read them (gnulib xstrtol). */

const UNITS: Readonly<Record<string, number>> = { b: 512, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3, T: 1024 ** 4 };

/** A count with its unit (`1k`, `2MB`, `3MiB`); undefined when it is none. */
export function countOf(word: string): number | undefined {
	const [, digits, unit, kind] = /^(\d+)(?:([bkKMGT])(B|iB)?)?$/.exec(word) ?? [];
	if (digits === undefined) return undefined;
	if (unit === undefined) return Number(digits);
	const power = Math.log2(UNITS[unit]!) / 10;
	return Number(digits) * (kind === 'B' ? 1000 ** power : UNITS[unit]!);
}
