/** How ls writes a name: quoted (gnulib lib/quotearg.c), coloured and marked (coreutils src/ls.c @ v8.32). */

export const QUOTING = [
	'literal',
	'shell',
	'shell-always',
	'shell-escape',
	'shell-escape-always',
	'c',
	'c-maybe',
	'escape',
	'locale',
	'clocale',
];

const LETTERS: Readonly<Record<string, string>> = {
	'\x07': '\\a',
	'\b': '\\b',
	'\t': '\\t',
	'\n': '\\n',
	'\v': '\\v',
	'\f': '\\f',
	'\r': '\\r',
};

const isControl = (c: string): boolean => c < ' ' || (c >= '\x7f' && c < '\xa0');

const escaped = (c: string): string =>
	LETTERS[c] ?? [...new TextEncoder().encode(c)].map((octet) => `\\${octet.toString(8).padStart(3, '0')}`).join('');

/** For a shell: in quotes only where something in it needs them, unless `always`. */
function forShell(name: string, always: boolean, escapes: boolean): string {
	const control = [...name].some(isControl);
	const special =
		name === '' ||
		name === '{' ||
		name === '}' ||
		/^[#~]|[ !"$&()*;<=>[^`|?\\'\t\n]/.test(name) ||
		(escapes && control);
	if (!always && !special) return name;
	// A single quote alone is kept between double ones.
	if (name.includes("'") && !control && /^[A-Za-z0-9 '%+,\-./:\]_@\u00a0-\uffff]*$/.test(name)) return `"${name}"`;
	let text = "'";
	let inEscape = false;
	for (const c of name) {
		if (escapes && isControl(c)) {
			text += `${inEscape ? '' : "'$'"}${escaped(c)}`;
			inEscape = true;
			continue;
		}
		if (inEscape) text += "''";
		inEscape = false;
		text += c === "'" ? "'\\''" : c;
	}
	return `${text}'`;
}

const forC = (name: string, quote: string, end: string): string =>
	[...name]
		.map((c) => (isControl(c) ? escaped(c) : c === '\\' || (c === end && quote === end) ? `\\${c}` : c))
		.join('');

/** @param hide whether what a terminal would act on is shown as `?` */
export function quoted(name: string, style: string, hide: boolean): string {
	const text = quotedAs(name, style);
	return hide ? [...text].map((c) => (isControl(c) ? '?' : c)).join('') : text;
}

function quotedAs(name: string, style: string): string {
	switch (style) {
		case 'shell':
		case 'shell-always':
		case 'shell-escape':
		case 'shell-escape-always':
			return forShell(name, style.endsWith('always'), style.includes('escape'));
		case 'c':
			return `"${forC(name, '"', '"')}"`;
		case 'c-maybe': {
			const text = forC(name, '"', '"');
			return text.replaceAll('\\\\', '\\') === name ? name : `"${text}"`;
		}
		case 'escape':
			return forC(name, ' ', ' ');
		case 'locale':
		case 'clocale':
			return `‘${forC(name, '', '')}’`;
		default:
			return name;
	}
}

/** Columns that a text takes in a terminal. */
export function widthOf(text: string): number {
	let width = 0;
	for (const c of text)
		width += isControl(c)
			? 0
			: /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(c)
				? 2
				: 1;
	return width;
}

/** What the program itself has for `LS_COLORS`, which stands before it. */
const COLORS: Readonly<Record<string, string>> = {
	rs: '0',
	di: '01;34',
	ln: '01;36',
	cd: '01;33',
	ex: '01;32',
	su: '37;41',
	sg: '30;43',
	st: '37;44',
	ow: '34;42',
	tw: '30;42',
};

export interface Palette {
	readonly kinds: ReadonlyMap<string, string>;
	readonly endings: readonly (readonly [ending: string, color: string])[];
}

export function paletteOf(text: string | undefined): Palette {
	const kinds = new Map(Object.entries(COLORS));
	const endings: [string, string][] = [];
	for (const part of (text ?? '').split(':')) {
		const [, key = '', value = ''] = /^([^=]+)=(.*)$/.exec(part) ?? [];
		if (key.startsWith('*')) endings.unshift([key.slice(1), value]);
		else if (key !== '') kinds.set(key, value);
	}
	return { kinds, endings };
}

export interface Shape {
	readonly kind: 'file' | 'directory' | 'link' | 'nowhere';
	readonly mode: number;
	readonly device?: string | undefined;
}

/** SGR of a file; nothing where it has no colour. */
export function colorOf(palette: Palette, name: string, { kind, mode, device }: Shape): string {
	const of = (key: string): string => {
		const color = palette.kinds.get(key) ?? '';
		return /^0*$/.test(color) ? '' : color;
	};
	if (kind === 'nowhere') return of('mi') || of('or');
	if (kind === 'link') return of('ln');
	if (kind === 'directory') {
		const [sticky, open] = [(mode & 0o1000) !== 0, (mode & 0o002) !== 0];
		return (sticky && open && of('tw')) || (open && of('ow')) || (sticky && of('st')) || of('di');
	}
	if (device !== undefined) return of('cd');
	if ((mode & 0o4000) !== 0 && of('su')) return of('su');
	if ((mode & 0o2000) !== 0 && of('sg')) return of('sg');
	if ((mode & 0o111) !== 0 && of('ex')) return of('ex');
	return palette.endings.find(([ending]) => name.endsWith(ending))?.[1] || of('fi');
}
