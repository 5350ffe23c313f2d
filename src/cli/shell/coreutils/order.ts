/** Orders of sort: of octets, numbers, sizes, months and versions (coreutils src/sort.c @ v8.32, gnulib filevercmp.c). */

export type Order = (a: string, b: string) => number;

export const byOctets: Order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const DECIMAL = /^[ \t\n]*(-?)(\d*)(?:\.(\d*))?/;

/** Below 0, 0 or above 0, of any length. */
export const byNumber: Order = (a, b) => {
	const [, signA = '', wholeA = '', restA = ''] = DECIMAL.exec(a)!;
	const [, signB = '', wholeB = '', restB = ''] = DECIMAL.exec(b)!;
	const zero = (whole: string, rest: string): boolean => /^0*$/.test(whole) && /^0*$/.test(rest);
	const negativeA = signA !== '' && !zero(wholeA, restA);
	const negativeB = signB !== '' && !zero(wholeB, restB);
	if (negativeA !== negativeB) return negativeA ? -1 : 1;
	const plain = (whole: string): string => whole.replace(/^0+/, '');
	const [x, y] = [plain(wholeA), plain(wholeB)];
	const size = x.length - y.length || byOctets(x, y) || byOctets(restA.replace(/0+$/, ''), restB.replace(/0+$/, ''));
	return negativeA ? -size : size;
};

/** `-g`: what is no number comes first, then NaN. */
export const byGeneral: Order = (a, b) => {
	const read = (text: string): number => {
		const found = /^\s*[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|0x[\da-f]+|inf(?:inity)?)/i.exec(text)?.[0];
		if (found === undefined) return Number.NEGATIVE_INFINITY;
		return /inf/i.test(found) ? (found.includes('-') ? -Number.MAX_VALUE : Infinity) : Number(found);
	};
	const [x, y] = [read(a), read(b)];
	return x < y ? -1 : x > y ? 1 : 0;
};

const SUFFIXES = 'KMGTPEZY';

export const bySize: Order = (a, b) => {
	const rank = (text: string): number => {
		const [, sign = '', digits = '', suffix = ''] = /^[ \t\n]*(-?)([\d.]*)([KMGTPEZYk]?)/.exec(text)!;
		if (/^[0.]*$/.test(digits)) return 0;
		const power = suffix === '' ? 0 : SUFFIXES.indexOf(suffix.toUpperCase()) + 1;
		return sign === '' ? power + 1 : -power - 1;
	};
	return rank(a) - rank(b) || byNumber(a, b);
};

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

export const byMonth: Order = (a, b) => {
	const month = (text: string): number => MONTHS.indexOf(text.trimStart().slice(0, 3).toUpperCase());
	return month(a) - month(b);
};

/** Debian's order of versions: letters before other characters, `~` before the end, runs of digits as numbers. */
function versions(a: string, b: string): number {
	const weight = (c: string | undefined): number => {
		if (c === undefined || /\d/.test(c)) return 0;
		if (c === '~') return -1;
		return /[A-Za-z]/.test(c) ? c.charCodeAt(0) : c.charCodeAt(0) + 256;
	};
	let i = 0;
	let j = 0;
	while (i < a.length || j < b.length) {
		while ((i < a.length && !/\d/.test(a[i]!)) || (j < b.length && !/\d/.test(b[j]!))) {
			const difference = weight(a[i]) - weight(b[j]);
			if (difference !== 0) return difference;
			i++;
			j++;
		}
		const x = /^\d*/.exec(a.slice(i))![0];
		const y = /^\d*/.exec(b.slice(j))![0];
		i += x.length;
		j += y.length;
		const [m, n] = [x.replace(/^0+/, ''), y.replace(/^0+/, '')];
		const difference = m.length - n.length || byOctets(m, n);
		if (difference !== 0) return difference;
	}
	return 0;
}

export const byVersion: Order = (a, b) => {
	if (a === b) return 0;
	if (a === '' || b === '') return a === '' ? -1 : 1;
	for (const special of ['.', '..']) if (a === special || b === special) return a === special ? -1 : 1;
	if (a.startsWith('.') !== b.startsWith('.')) return a.startsWith('.') ? -1 : 1;
	const bare = (text: string): string => text.replace(/(?:\.[A-Za-z~][A-Za-z0-9~]*)*$/, '');
	return versions(bare(a), bare(b)) || versions(a, b) || byOctets(a, b);
};
