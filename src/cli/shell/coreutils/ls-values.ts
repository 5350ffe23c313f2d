/** Values that options of ls take, and what is said of others. */
import { mark } from '../found.ts';
import { type Desk, Leave } from './desk.ts';
import { QUOTING } from './ls-names.ts';

/** Octets to a unit, and what stands behind a number of them; `people` when each number has its own unit. */
export type Unit = { readonly octets: number; readonly suffix: string } | { readonly people: 1000 | 1024 };

/** Of each value its synonyms (the first one is what it is called here). */
const VALUES: Readonly<Record<string, readonly (readonly string[])[]>> = {
	color: [
		['always', 'yes', 'force'],
		['never', 'no', 'none'],
		['auto', 'tty', 'if-tty'],
	],
	format: [['long', 'verbose'], ['commas'], ['across', 'horizontal'], ['vertical'], ['single-column']],
	'indicator-style': [['none'], ['slash'], ['file-type'], ['classify']],
	'quoting-style': QUOTING.map((name) => [name]),
	sort: [['none'], ['time'], ['size'], ['extension'], ['version'], ['width']],
	time: [
		['atime', 'access', 'use'],
		['ctime', 'status'],
		['birth', 'creation'],
	],
};

/** One of the values that an option takes, or enough of its beginning (gnulib argmatch). @throws Leave */
export function oneOf(desk: Desk, option: string, word: string): string {
	const values = VALUES[option]!;
	const exact = values.find((names) => names.includes(word));
	const begun = values.filter((names) => names.some((name) => name.startsWith(word)));
	const found = exact ?? (begun.length === 1 ? begun[0] : undefined);
	if (found !== undefined) return found[0]!;
	const say = (text: string): string => mark(desk.call.state, text);
	// The longer of two names of a format stands first there.
	const listed = values.map((names) => [...names].sort((a, b) => (option === 'format' ? b.length - a.length : 0)));
	const rows = listed.map((names) => `  - ${names.map(say).join(', ')}\n`).join('');
	throw new Leave(
		`${desk.name}: ${begun.length > 1 ? 'ambiguous' : 'invalid'} argument ${say(word)} for ${say(`--${option}`)}\nValid arguments are:\n${rows}Try '${desk.name} --help' for more information.\n`,
		1,
	);
}

/** `1K`, `kB`, `4096`, `human-readable` (gnulib lib/human.c). */
export function unitOf(word: string): Unit | undefined {
	const plain = word.replace(/^'/, '');
	if (/^h[a-z-]*$/.test(plain) && 'human-readable'.startsWith(plain)) return { people: 1024 };
	if (plain === 'si') return { people: 1000 };
	const [, digits = '', letter = '', kind = ''] = /^(\d*)([kKMGTPEZY]?)(i?B)?$/.exec(plain) ?? [];
	if (digits === '' && letter === '') return undefined;
	const power = letter === '' ? 0 : 'KMGTPEZY'.indexOf(letter.toUpperCase()) + 1;
	const octets = (digits === '' ? 1 : Number(digits)) * (kind === 'B' ? 1000 : 1024) ** power;
	if (octets < 1 || (letter === '' && kind !== '')) return undefined;
	return {
		octets,
		suffix: digits !== '' ? '' : kind === 'B' ? `${letter === 'K' ? 'k' : letter}B` : `${letter.toUpperCase()}${kind}`,
	};
}

const STYLES = ['full-iso', 'long-iso', 'iso', 'locale'];

export function styleOf(desk: Desk, word: string): string {
	if (word.startsWith('+')) return word;
	const name = word.replace(/^posix-/, '');
	const found = STYLES.filter((style) => style.startsWith(name));
	// `posix-` is for every locale but POSIX's own.
	const own = /^(?:C|POSIX)$/.test(desk.call.state.env.get('LC_ALL') ?? desk.call.state.env.get('LANG') ?? '');
	if (found.length === 1) return word.startsWith('posix-') && own ? 'locale' : found[0]!;
	throw new Leave(
		`${desk.name}: ${found.length > 1 ? 'ambiguous' : 'invalid'} argument ${mark(desk.call.state, word)} for ${mark(desk.call.state, 'time style')}\nValid arguments are:\n${STYLES.map((style) => `  - [posix-]${style}\n`).join('')}  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\nTry '${desk.name} --help' for more information.\n`,
		2,
	);
}
