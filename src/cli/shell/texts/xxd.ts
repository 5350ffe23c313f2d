/** xxd (vim src/xxd/xxd.c @ v8.2.3995, "xxd 2021-10-22"). */
import { type Desk, Leave } from '../coreutils/desk.ts';

const USAGE = `Usage:
       xxd [options] [infile [outfile]]
    or
       xxd -r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]
Options:
    -a          toggle autoskip: A single '*' replaces nul-lines. Default off.
    -b          binary digit dump (incompatible with -ps,-i,-r). Default hex.
    -C          capitalize variable names in C include file style (-i).
    -c cols     format <cols> octets per line. Default 16 (-i: 12, -ps: 30).
    -E          show characters in EBCDIC. Default ASCII.
    -e          little-endian dump (incompatible with -ps,-i,-r).
    -g bytes    number of octets per group in normal output. Default 2 (-e: 4).
    -h          print this summary.
    -i          output in C include file style.
    -l len      stop after <len> octets.
    -o off      add <off> to the displayed file position.
    -ps         output in postscript plain hexdump style.
    -r          reverse operation: convert (or patch) hexdump into binary.
    -r -s off   revert with <off> added to file positions found in hexdump.
    -d          show offset in decimal instead of hex.
    -s [+][-]seek  start at <seek> bytes abs. (or +: rel.) infile offset.
    -u          use upper case hex letters.
    -v          show version: "xxd 2021-10-22 by Juergen Weigert et al.".
`;

interface Asked {
	skipsNuls: boolean;
	/** Of several ways to write it the last counts. */
	style: 'normal' | 'bits' | 'little' | 'plain' | 'include';
	capital: boolean;
	upper: boolean;
	decimal: boolean;
	revert: boolean;
	columns: number | undefined;
	group: number | undefined;
	/** Octets to skip; from the end when negative. */
	seek: number;
	length: number;
	/** Added to what is shown of a place. */
	offset: number;
	readonly files: string[];
}

/** C's strtol with base 0: as much of the word as is a number. */
function numberOf(word: string): number {
	const [, sign, digits = '0'] = /^\s*([+-]?)(0[xX][\da-fA-F]+|\d+)/.exec(word) ?? [];
	const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
	return sign === '-' ? -value : value;
}

/** Its options are words of which the first letters count; values stand in the word or behind it. */
function read(desk: Desk): Asked {
	const usage = new Leave(USAGE, 1);
	const asked: Asked = {
		skipsNuls: false,
		style: 'normal',
		capital: false,
		upper: false,
		decimal: false,
		revert: false,
		columns: undefined,
		group: undefined,
		seek: 0,
		length: Infinity,
		offset: 0,
		files: [],
	};
	const words = [...desk.args];
	while (words.length > 0) {
		const word = words[0]!;
		if (!word.startsWith('-') || word === '-') break;
		words.shift();
		if (word === '--') break;
		const option = word.startsWith('--') ? word.slice(1) : word;
		const [letter = '', rest] = [option[1], option.slice(2)];
		const long = { c: 'cols', g: 'group', o: 'offset', s: 'skip', l: 'len' }[letter];
		// `-seek` is a long name too; the others are known by how they begin.
		const named =
			long !== undefined &&
			rest !== '' &&
			(long.startsWith(`${letter}${rest[0]}`) || (letter === 's' && rest.startsWith('e')));
		if (letter === 'a') asked.skipsNuls = !asked.skipsNuls;
		else if (letter === 'b') asked.style = 'bits';
		else if (letter === 'e') asked.style = 'little';
		else if (letter === 'u') asked.upper = true;
		else if (letter === 'p') asked.style = 'plain';
		else if (letter === 'i') asked.style = 'include';
		else if (letter === 'C' || (letter === 'c' && rest.startsWith('ap'))) asked.capital = true;
		else if (letter === 'd') asked.decimal = true;
		else if (letter === 'r') asked.revert = true;
		else if (letter === 'E') throw new Leave('xxd: the simulator does not have EBCDIC\n');
		else if (letter === 'v') throw new Leave('xxd 2021-10-22 by Juergen Weigert et al.\n', 0);
		else if (long !== undefined) {
			const value = rest !== '' && !named ? rest : words.shift();
			if (value === undefined) throw usage;
			if (letter === 'c') asked.columns = numberOf(value);
			else if (letter === 'g') asked.group = numberOf(value);
			else if (letter === 'o') asked.offset = numberOf(value);
			else if (letter === 'l') asked.length = numberOf(value) < 0 ? Infinity : numberOf(value);
			else asked.seek = numberOf(value.replace(/^\+/, ''));
		} else throw usage;
	}
	if (words.length > 2) throw usage;
	asked.files.push(...words);
	return asked;
}

export async function xxd(desk: Desk): Promise<void> {
	const asked = read(desk);
	const { style } = asked;
	const most = style === 'plain' ? Infinity : 256;
	let columns = asked.columns ?? 0;
	if (columns <= 0 && !(style === 'plain' && asked.columns === 0))
		columns = { plain: 30, include: 12, bits: 6, normal: 16, little: 16 }[style];
	if (columns > most) throw new Leave(`xxd: invalid number of columns (max. ${most}).\n`);
	let group = asked.group ?? -1;
	if (group < 0) group = { bits: 1, normal: 2, plain: 2, include: 2, little: 4 }[style];
	if (group === 0 || group > columns) group = columns;
	if (style === 'little' && (group & (group - 1)) !== 0)
		throw new Leave('xxd: number of octets per group must be a power of 2 with -e.\n');

	const [file = '-', into] = asked.files;
	const found = await desk.tryRead(file, Number.isFinite(asked.length) ? asked.seek + asked.length : undefined);
	if ('wrong' in found) throw new Leave(`xxd: ${file}: ${found.wrong}\n`, 2);
	const write = async (text: string): Promise<void> =>
		into === undefined || into === '-' ? desk.write(text) : desk.save(into, text);
	if (asked.revert) {
		if (style !== 'normal' && style !== 'plain')
			throw new Leave('xxd: Sorry, cannot revert this type of hexdump\n', 255);
		const before = into === undefined || into === '-' ? undefined : await desk.tryRead(into);
		const old = before && 'text' in before ? before.text : '';
		return write(style === 'plain' ? plain(found.text, asked, old) : patched(found.text, asked, old, columns));
	}
	const from = asked.seek < 0 ? found.text.length + asked.seek : asked.seek;
	if (from < 0) throw new Leave('xxd: Sorry, cannot seek.\n', 4);
	const text = found.text.slice(from, from + asked.length);
	const hex = (c: string): string => {
		const digits = c.charCodeAt(0).toString(16).padStart(2, '0');
		return asked.upper ? digits.toUpperCase() : digits;
	};
	if (style === 'plain') {
		const all = [...text].map(hex);
		let out = '';
		const wide = columns === 0 ? Math.max(1, all.length) : columns;
		for (let at = 0; at < all.length; at += wide) out += `${all.slice(at, at + wide).join('')}\n`;
		return write(out);
	}
	if (style === 'include') return write(included(text, asked, columns, file));
	return write(dumped(text, asked, columns, group, from, hex));
}

/** Rows of a dump, each with its place and its characters. */
function dumped(
	text: string,
	{ style, offset, decimal, skipsNuls }: Asked,
	columns: number,
	group: number,
	from: number,
	hex: (c: string) => string,
): string {
	const digits = style === 'bits' ? 8 : 2;
	const shown = (c: string): string => (style === 'bits' ? c.charCodeAt(0).toString(2).padStart(8, '0') : hex(c));
	const octets = style === 'little' ? Math.ceil(columns / group) * group : columns;
	const width = octets * digits + Math.ceil(columns / group) - 1;
	const rows: string[] = [];
	let nuls = 0;
	for (let at = 0; at < text.length; at += columns) {
		const row = text.slice(at, at + columns);
		const nul = /^\0*$/.test(row);
		const last = at + columns >= text.length;
		// One row of nothing is shown, and the last one; what is between them is a star.
		nuls = nul ? nuls + 1 : 0;
		if (skipsNuls && nuls > 1 && !last) {
			if (nuls === 2) rows.push('*\n');
			continue;
		}
		const parts: string[] = [];
		for (let i = 0; i < row.length; i += group) {
			const part = [...row.slice(i, i + group)].map(shown);
			parts.push(
				style === 'little'
					? part
							.reverse()
							.join('')
							.padStart(group * digits)
					: part.join(''),
			);
		}
		const place = (from + at + offset).toString(decimal ? 10 : 16).padStart(8, '0');
		rows.push(`${place}: ${parts.join(' ').padEnd(width)}  ${row.replace(/[^ -~]/g, '.')}\n`);
	}
	return rows.join('');
}

/** As C has it; what has a name is an array of that name. */
function included(text: string, { upper, capital }: Asked, columns: number, file: string): string {
	const named = file !== '-';
	const bare = `${/^\d/.test(file) ? '__' : ''}${file.replace(/[^A-Za-z\d]/g, '_')}`;
	const name = capital ? bare.toUpperCase() : bare;
	const rows: string[] = [];
	for (let at = 0; at < text.length; at += columns)
		rows.push(
			`  ${[...text.slice(at, at + columns)]
				.map((c) => {
					const digits = c.charCodeAt(0).toString(16).padStart(2, '0');
					return upper ? `0X${digits.toUpperCase()}` : `0x${digits}`;
				})
				.join(', ')}`,
		);
	const body = rows.length > 0 ? `${rows.join(',\n')}\n` : '';
	if (!named) return body;
	return `unsigned char ${name}[] = {\n${body}};\nunsigned int ${name}_${capital ? 'LEN' : 'len'} = ${text.length};\n`;
}

/** A plain dump read back: pairs of digits, up to what is none. */
function plain(text: string, { seek }: Asked, old: string): string {
	let octets = '';
	let held: string | undefined;
	let skips = false;
	for (const c of text) {
		if (c === '\n') skips = false;
		if (skips) continue;
		if (/[\da-fA-F]/.test(c)) {
			if (held === undefined) held = c;
			else {
				octets += String.fromCharCode(Number.parseInt(held + c, 16));
				held = undefined;
			}
		} else if (!/[ \t\r\n]/.test(c)) {
			held = undefined;
			skips = true;
		}
	}
	return old.slice(0, seek).padEnd(seek, '\0') + octets + old.slice(seek + octets.length);
}

/** A dump read back over what is there: each row goes to its place. */
function patched(text: string, { seek, columns: given }: Asked, old: string, columns: number): string {
	let all = old;
	for (const line of text.split('\n')) {
		const [, place, rest = ''] = /^\s*([\da-fA-F]+):?\s?(.*)$/.exec(line) ?? [];
		if (place === undefined) continue;
		let octets = '';
		// Two blanks end the digits: characters stand behind them.
		const digits = rest.split(/ {2}/)[0]!.replace(/ /g, '');
		for (const [pair] of digits.matchAll(/[\da-fA-F]{2}/gy)) {
			if (given !== undefined && octets.length >= columns) break;
			octets += String.fromCharCode(Number.parseInt(pair, 16));
		}
		const at = Number.parseInt(place, 16) + seek;
		if (at < 0) throw new Leave('xxd: Sorry, cannot seek backwards.\n', 5);
		if (octets === '') continue;
		all = all.slice(0, at).padEnd(at, '\0') + octets + all.slice(at + octets.length);
	}
	return all;
}
