/** bash's builtin `printf` (bash(1), builtins/printf.def @ 5.1). It writes octets, counts in them, and has numbers of 64 bits. */

import { Output } from '../call.ts';
import { formatDate } from '../date/format.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { BadConversion, formatted, TooWide } from '../printf.ts';
import { latin1, octetsOf } from '../routes.ts';
import type { Shell } from '../shell.ts';
import { quoted } from './nested.ts';

const CONVERSION = /^%([-+ 0#']*)(\*|\d+)?(?:\.(\*|-?\d*))?(?:hh|ll|[hlLjzt])?(?:\(([^)]*)\)(?=T))?([\s\S])?/;

const LETTERS: Readonly<Record<string, string>> = {
	'"': '"',
	"'": "'",
	'\\': '\\',
	a: '\x07',
	b: '\b',
	e: '\x1b',
	E: '\x1b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
};

/** Text as one character for each octet; what is octets already stays. */
function bytes(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: octets are what it is about.
	if (/^[\x00-\x7f]*$/.test(text)) return text;
	// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
	if (/^[\x00-\xff]*$/.test(text)) {
		try {
			new TextDecoder('utf-8', { fatal: true }).decode(octetsOf(text));
			return text;
		} catch {
			// Text it is.
		}
	}
	return latin1(new TextEncoder().encode(text));
}

const plain = (octets: string): string => new TextDecoder().decode(octetsOf(octets));

/** One escape at the begin of a text: what it stands for and how long it is; undefined when it is none. */
function escaped(text: string, inArgument: boolean): readonly [string, number] | undefined {
	const letter = LETTERS[text[1] ?? ''];
	if (letter !== undefined) return [letter, 2];
	const octal = (inArgument ? /^\\0?([0-7]{1,3})/ : /^\\([0-7]{1,3})/).exec(text);
	if (octal) return [String.fromCharCode(Number.parseInt(octal[1]!, 8) & 255), octal[0].length];
	const hex = /^\\x([0-9a-fA-F]{1,2})/.exec(text);
	if (hex) return [String.fromCharCode(Number.parseInt(hex[1]!, 16)), hex[0].length];
	const wide = /^\\(?:u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/.exec(text);
	const code = wide && Number.parseInt(wide[1] ?? wide[2]!, 16);
	return wide && code! <= 0x10ffff ? [bytes(String.fromCodePoint(code!)), wide[0].length] : undefined;
}

/** Escapes of `%b`; `over` when `\c` ended all output. */
function unescaped(text: string): { readonly text: string; readonly over: boolean } {
	let out = '';
	for (let i = 0; i < text.length; ) {
		if (text[i] !== '\\') {
			out += text[i++];
			continue;
		}
		if (text[i + 1] === 'c') return { text: out, over: true };
		const [char, length] = escaped(text.slice(i, i + 12), true) ?? ['\\', 1];
		out += char;
		i += length;
	}
	return { text: out, over: false };
}

/** As `%q` writes a word (lib/sh/shquote.c @ 5.1). */
function shellWord(text: string): string {
	if (text === '') return "''";
	// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it asks for.
	if (/[\x00-\x1f\x7f]/.test(text)) {
		const inside = text.replace(/[\s\S]/g, (char) => {
			const name = { '\x07': 'a', '\b': 'b', '\t': 't', '\n': 'n', '\v': 'v', '\f': 'f', '\r': 'r', '\x1b': 'E' }[char];
			if (name !== undefined) return `\\${name}`;
			if (char === "'" || char === '\\') return `\\${char}`;
			return char < ' ' || char === '\x7f' ? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}` : char;
		});
		return `$'${inside}'`;
	}
	return text.replace(/[ |&;()<>!{}*[?\]^$`"'\\,]|^[#~]|(?<=[:=])~/g, '\\$&');
}

const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

export async function printf(call: ProgramCall, shell: Shell): Promise<Result> {
	const output = new Output(call.routes);
	const words = [...call.args];
	let wrong = '';
	let code = 0;
	const fault = (text: string): void => {
		wrong += `bash: printf: ${text}\n`;
		code = 1;
	};
	let variable: string | undefined;
	if (words[0] === '-v') {
		variable = words[1] ?? '';
		words.splice(0, 2);
		if (!/^[A-Za-z_]\w*(?:\[.+\])?$/.test(variable)) {
			fault(`\`${variable}': not a valid identifier`);
			return { ...output.result(2), stderr: wrong };
		}
	} else if (/^-v./.test(words[0] ?? '')) variable = words.shift()!.slice(2);
	else if (/^-[^-]/.test(words[0] ?? '') && /^-[a-zA-Z]$/.test(words[0]!)) {
		fault(`${words[0]}: invalid option`);
		return { ...output.result(2), stderr: `${wrong}printf: usage: printf [-v var] format [arguments]\n` };
	}
	if (words[0] === '--') words.shift();
	if (words.length === 0) return { ...output.result(2), stderr: 'printf: usage: printf [-v var] format [arguments]\n' };
	const [format, ...values] = words.map(bytes) as [string, ...string[]];
	let used = 0;
	const next = (): string | undefined => values[used++];

	/** A whole number, as C reads it; what follows it is told of. */
	const whole = (word: string | undefined, unsigned: boolean): bigint => {
		if (word === undefined || word === '') return 0n;
		if (/^['"]/.test(word)) return BigInt(plain(word.slice(1)).codePointAt(0) ?? 0);
		const [read, sign, digits] = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(word) ?? ['', '', '0'];
		if (read.length < word.length) fault(`${plain(word)}: invalid ${/^0\d+$/.test(word) ? 'octal number' : 'number'}`);
		const size = BigInt(/^0[0-7]+$/.test(digits!) ? `0o${digits!.slice(1)}` : digits!);
		const value = sign === '-' ? -size : size;
		const most = unsigned ? 2n ** 64n - 1n : MOST;
		if (value >= LEAST && value <= most) return value;
		wrong += `bash: printf: warning: ${plain(word)}: Numerical result out of range\n`;
		return value < LEAST ? LEAST : most;
	};
	const real = (word: string | undefined): number => {
		if (word === undefined || word === '') return 0;
		if (/^['"]/.test(word)) return plain(word.slice(1)).codePointAt(0) ?? 0;
		const [read] = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?|nan)/i.exec(
			word,
		) ?? [''];
		if (read.length < word.length) fault(`${plain(word)}: invalid number`);
		return read === '' ? 0 : /inf/i.test(read) ? (read.includes('-') ? -Infinity : Infinity) : Number(read);
	};
	const size = (word: string | undefined): number | undefined =>
		word === undefined ? undefined : word === '*' ? Number(whole(next(), false)) : Number(word);

	let out = '';
	/** One time through the format; false when all output is over. */
	const once = (): boolean => {
		for (let i = 0; i < format.length; ) {
			const char = format[i]!;
			if (char === '\\') {
				const [text, length] = escaped(format.slice(i, i + 12), false) ?? ['\\', 1];
				out += text;
				i += length;
				continue;
			}
			if (char !== '%') {
				out += char;
				i++;
				continue;
			}
			const [read, flags = '', wide, precise, time, letter] = CONVERSION.exec(format.slice(i))!;
			i += read.length;
			if (letter === '%') {
				out += '%';
				continue;
			}
			let width = size(wide);
			const left = flags.includes('-') || (width ?? 0) < 0;
			width = Math.abs(width ?? 0);
			const precision = size(precise);
			if (width > 1_000_000 || (precision ?? 0) > 1_000_000) throw new TooWide();
			const padded = (text: string): string => (left ? text.padEnd(width!) : text.padStart(width!));
			const cut = (text: string): string =>
				precision === undefined || precision < 0 ? text : text.slice(0, precision);
			switch (letter) {
				case 's':
					out += padded(cut(next() ?? ''));
					break;
				case 'c':
					out += padded((next() ?? '').slice(0, 1));
					break;
				case 'q':
					out += padded(cut(bytes(shellWord(plain(next() ?? '')))));
					break;
				case 'b': {
					const { text, over } = unescaped(next() ?? '');
					out += padded(cut(text));
					if (over) return false;
					break;
				}
				case 'T': {
					const given = next();
					const seconds =
						given === undefined || given === '-1' || given === '-2' ? shell.now() : Number(whole(given, false));
					out += padded(cut(bytes(formatDate(plain(time || '%X'), seconds * 1e6))));
					break;
				}
				case 'd':
				case 'i':
				case 'u':
				case 'o':
				case 'x':
				case 'X': {
					const signed = letter === 'd' || letter === 'i';
					const value = whole(next(), !signed);
					const n = signed ? value : BigInt.asUintN(64, value);
					const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
					let digits = (n < 0n ? -n : n).toString(base).padStart(precision ?? 1, '0');
					if (precision === 0 && n === 0n) digits = '';
					if (flags.includes('#') && n !== 0n)
						digits = base === 16 ? `0x${digits}` : base === 8 ? `0${digits}` : digits;
					const sign = n < 0n ? '-' : !signed ? '' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
					const zeros = flags.includes('0') && !left && precision === undefined;
					const body = zeros ? sign + digits.padStart(width - sign.length, '0') : sign + digits;
					out += padded(letter === 'X' ? body.toUpperCase() : body);
					break;
				}
				case 'e':
				case 'E':
				case 'f':
				case 'F':
				case 'g':
				case 'G': {
					const value = real(next());
					const spec = `%${flags}${width || ''}${precision === undefined ? '' : `.${precision}`}${letter}`;
					out += formatted(spec, [value], { number: (n) => n ?? 0, text: String }).text;
					break;
				}
				default:
					throw new BadConversion(letter);
			}
		}
		return true;
	};
	try {
		do if (!once()) break;
		while (used > 0 && used < values.length);
	} catch (error) {
		if (error instanceof BadConversion && error.message) fault(`\`${error.message}': invalid format character`);
		else if (error instanceof BadConversion) fault(`\`%': missing format character`);
		else if (error instanceof TooWide) fault('Cannot allocate memory');
		else throw error;
	}
	if (variable !== undefined) {
		const set = await call.instead('eval', [`${variable}=${quoted(plain(out))}`], []);
		return { ...output.result(set.exitCode || code), stderr: wrong + set.stderr };
	}
	output.out({ text: out, binary: true });
	return { ...output.result(code), stderr: wrong };
}
