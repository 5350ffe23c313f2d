/**
 * The releases of Cilium's chart that the course's repository offers: the minors whose agent is modelled, up to the
 * last patch that was seen when the course's facts were read.
 */

/** Last patch of each minor. */
const LAST_PATCH: Readonly<Record<number, number>> = { 12: 19, 13: 18, 14: 19, 15: 19, 16: 15, 17: 5, 18: 11, 19: 5 };
/** The chart's repository goes from 1.16.13 to 1.16.15 (cilium/charts, index.yaml). */
const NO_CHART: ReadonlySet<string> = new Set(['1.16.14']);
/** Candidates that material of the course installs. */
const CANDIDATES = ['1.13.0-rc5'];

/** Newest first, as `helm search repo --versions` lists them. */
export const ciliumChartVersions = (): readonly string[] =>
	Object.entries(LAST_PATCH)
		.sort(([a], [b]) => Number(b) - Number(a))
		.flatMap(([minor, last]) => Array.from({ length: last + 1 }, (_, i) => `1.${minor}.${last - i}`))
		.filter((version) => !NO_CHART.has(version));

/** `v1.12.1` and `1.12.1` are the same; undefined: the newest. Undefined when there is no such release. */
export function chartVersion(asked: string | undefined): string | undefined {
	const all = ciliumChartVersions();
	if (asked === undefined || asked === '') return all[0];
	const plain = asked.replace(/^v/, '');
	if (all.includes(plain) || CANDIDATES.includes(plain)) return plain;
	// A constraint that names a minor: `1.12`, `~1.12`, `1.12.x`.
	const minor = /^[~^]?(1\.\d+)(?:\.[x*])?$/.exec(plain)?.[1];
	return minor === undefined ? undefined : all.find((version) => version.startsWith(`${minor}.`));
}

/** The version whose behaviour a candidate has: `1.13.0-rc5` is taken for 1.13.0. */
export const releaseOf = (version: string): string => version.replace(/-.*$/, '');
