/** What `-printf` writes of a file (findutils find/print.c @ 4.8). */
import { blocksOf, modeText, timeText } from './about.ts';
import type { Found } from './find-tests.ts';

/** The last part of a path. */
export const baseOf = (name: string): string => name.replace(/(?<=.)\/+$/, '').replace(/^.*\/(?=.)/, '');

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	'0': '\0',
	'\\': '\\',
	r: '\r',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
};

export function printed(format: string, { name, start, depth, file }: Found): string {
	const text = (letter: string, more: string): string | undefined => {
		const under = name === start ? '' : name.slice(start.length).replace(/^\//, '');
		switch (letter) {
			case 'p':
				return name;
			case 'f':
				return baseOf(name);
			case 'h':
				return name.includes('/') ? name.slice(0, name.lastIndexOf('/')) : '.';
			case 'P':
				return under;
			case 'H':
				return start;
			case 'd':
				return String(depth);
			case 's':
				return String(file.size);
			case 'k':
				return String(blocksOf(file) / 2);
			case 'b':
				return String(blocksOf(file));
			case 'm':
				return file.mode.toString(8);
			case 'M':
				return modeText(file);
			case 'n':
				return String(file.links);
			case 'i':
				return String(file.inode);
			case 'u':
				return file.owner;
			case 'g':
				return file.group;
			case 'U':
				return String(file.uid);
			case 'G':
				return String(file.gid);
			case 'l':
				return file.target ?? '';
			case 'y':
			case 'Y':
				return file.kind === 'directory' ? 'd' : file.kind === 'link' ? 'l' : 'f';
			case 't':
			case 'a':
			case 'c':
				return timeText('%a %b %e %H:%M:%S.%N0 %Y', file.at);
			case 'T':
			case 'A':
			case 'C':
				if (more === '@') return `${Math.floor(file.at / 1000)}.${String(file.at % 1000).padStart(3, '0')}0000000`;
				if (more === '+') return timeText('%Y-%m-%d+%H:%M:%S.%N0', file.at);
				return timeText(`%${more}`, file.at);
		}
		return undefined;
	};
	return format.replace(
		/\\([ntrabfv\\0])|\\c.*|%%|%([-0#+ ]*)(\d*)(?:\.(\d+))?([TAC])(.)|%([-0#+ ]*)(\d*)(?:\.(\d+))?([a-zA-Z])/gs,
		(whole, escaped, ...rest) => {
			if (escaped !== undefined) return ESCAPES[escaped]!;
			if (whole.startsWith('\\c')) return '';
			if (whole === '%%') return '%';
			const [flags, width, precision, letter, more] =
				rest[3] !== undefined ? rest.slice(0, 5) : [...rest.slice(5, 9), ''];
			let value = text(letter, more);
			if (value === undefined) return whole;
			if (precision !== undefined) value = value.slice(0, Number(precision));
			return flags.includes('-') ? value.padEnd(Number(width || 0)) : value.padStart(Number(width || 0));
		},
	);
}
