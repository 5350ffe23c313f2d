/** Versions and constraints. Source: Masterminds/semver @ v3.1.1 (version.go, constraints.go). */

export interface Version {
	readonly major: number;
	readonly minor: number;
	readonly patch: number;
	readonly pre: string;
	readonly build: string;
}

/** `1`, `v1.2`, `1.2.3-rc.1+build`; undefined of what is none. */
export function parseVersion(text: string): Version | undefined {
	const match =
		/^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/.exec(
			text,
		);
	if (!match) return undefined;
	const [, major, minor = '0', patch = '0', pre = '', build = ''] = match;
	return { major: Number(major), minor: Number(minor), patch: Number(patch), pre, build };
}

function comparePre(a: string, b: string): number {
	if (a === b) return 0;
	if (a === '') return 1;
	if (b === '') return -1;
	const [x, y] = [a.split('.'), b.split('.')];
	for (let i = 0; i < Math.max(x.length, y.length); i++) {
		const [m, n] = [x[i], y[i]];
		if (m === n) continue;
		if (m === undefined) return -1;
		if (n === undefined) return 1;
		const [p, q] = [/^\d+$/.test(m), /^\d+$/.test(n)];
		if (p && q) return Number(m) < Number(n) ? -1 : 1;
		if (p !== q) return p ? -1 : 1;
		return m < n ? -1 : 1;
	}
	return 0;
}

export const compareVersions = (a: Version, b: Version): number =>
	Math.sign(a.major - b.major || a.minor - b.minor || a.patch - b.patch || comparePre(a.pre, b.pre));

const PART =
	/^\s*(=|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\s*/;

type Test = (version: Version) => boolean;

function part(operator: string, numbers: readonly (string | undefined)[], pre: string): Test {
	const wild = numbers.findIndex((number) => number === undefined || /^[xX*]$/.test(number));
	const [major = 0, minor = 0, patch = 0] = numbers.map((number) =>
		number === undefined || /^[xX*]$/.test(number) ? 0 : Number(number),
	);
	const floor: Version = { major, minor, patch, pre, build: '' };
	const below = (ma: number, mi: number, pa: number): Version => ({
		major: ma,
		minor: mi,
		patch: pa,
		pre: '',
		build: '',
	});
	// What a wildcard leaves open ends before the next number above it.
	const next =
		wild === 0
			? undefined
			: wild === 1
				? below(major + 1, 0, 0)
				: wild === 2
					? below(major, minor + 1, 0)
					: below(major, minor, patch + 1);
	const prereleases = (version: Version): boolean => version.pre === '' || pre !== '';
	const at = (version: Version): number => compareVersions(version, floor);
	const inside = (version: Version, end: Version | undefined): boolean =>
		prereleases(version) && at(version) >= 0 && (end === undefined || compareVersions(version, end) < 0);
	switch (operator) {
		case '!=':
			return (version) => prereleases(version) && (wild >= 0 ? !inside(version, next) : at(version) !== 0);
		case '>':
			return (version) =>
				prereleases(version) && (wild > 0 ? compareVersions(version, next!) >= 0 : wild < 0 && at(version) > 0);
		case '<':
			return (version) => prereleases(version) && at(version) < 0;
		case '>=':
		case '=>':
			return (version) => prereleases(version) && at(version) >= 0;
		case '<=':
		case '=<':
			return (version) => prereleases(version) && (wild > 0 ? compareVersions(version, next!) < 0 : at(version) <= 0);
		case '~':
		case '~>':
			return (version) =>
				inside(version, wild === 0 ? undefined : wild === 1 ? below(major + 1, 0, 0) : below(major, minor + 1, 0));
		case '^':
			return (version) => {
				if (major > 0 || wild === 1) return inside(version, wild === 0 ? undefined : below(major + 1, 0, 0));
				if (minor > 0 || wild === 2) return inside(version, below(0, minor + 1, 0));
				return inside(version, wild === 0 ? undefined : below(0, 0, patch + 1));
			};
		default:
			return (version) => (wild >= 0 ? inside(version, next) : prereleases(version) && at(version) === 0);
	}
}

/** Whether a version is within; undefined of a constraint that is none. */
export function satisfies(constraint: string, version: Version | undefined): boolean | undefined {
	const either: Test[][] = [];
	for (const alternative of constraint.split('||')) {
		const all: Test[] = [];
		let rest = alternative.replace(
			/\s*v?([0-9xX*][0-9A-Za-z.*+-]*)\s+-\s+v?([0-9xX*][0-9A-Za-z.*+-]*)\s*/g,
			(_, from: string, to: string) => ` >=${from}, <=${to} `,
		);
		while (rest.trim() !== '') {
			const match = PART.exec(rest);
			if (!match) return undefined;
			const [whole, operator = '', major, minor, patch, pre = ''] = match;
			all.push(part(operator, [major, minor, patch], pre));
			rest = rest.slice(whole.length).replace(/^,/, '');
		}
		if (all.length === 0) return undefined;
		either.push(all);
	}
	return version === undefined ? false : either.some((all) => all.every((test) => test(version)));
}
