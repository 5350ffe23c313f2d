/** base64 and base32 (coreutils src/basenc.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { numberIn, quote, quoted } from './lines.ts';

const ALPHABETS = {
	base32: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
	base64: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
} as const;

/** Digits of so many bits for octets, filled up to whole groups. */
function encoded(text: string, alphabet: string): string {
	const bits = Math.log2(alphabet.length);
	const group = bits === 6 ? 4 : 8;
	const out: string[] = [];
	let held = 0;
	let count = 0;
	for (let i = 0; i < text.length; i++) {
		held = (held << 8) | text.charCodeAt(i);
		count += 8;
		while (count >= bits) {
			count -= bits;
			out.push(alphabet[(held >> count) & (alphabet.length - 1)]!);
		}
		held &= (1 << count) - 1;
	}
	if (count > 0) out.push(alphabet[(held << (bits - count)) & (alphabet.length - 1)]!);
	while (out.length % group > 0) out.push('=');
	return out.join('');
}

/** Octets of whole groups, and whether all of the text was such. */
function decoded(text: string, alphabet: string): { readonly octets: string; readonly valid: boolean } {
	const bits = Math.log2(alphabet.length);
	const group = bits === 6 ? 4 : 8;
	const out: string[] = [];
	const fills = bits === 6 ? [0, 1, 2] : [0, 1, 3, 4, 6];
	for (let at = 0; at < text.length; at += group) {
		const part = text.slice(at, at + group);
		const digits = part.replace(/=+$/, '');
		const values = [...digits].map((char) => alphabet.indexOf(char));
		let held = 0;
		let count = 0;
		let good = part.length === group && fills.includes(group - digits.length);
		for (const value of values) {
			if (value < 0) {
				good = false;
				break;
			}
			held = (held << bits) | value;
			count += bits;
			if (count < 8) continue;
			count -= 8;
			out.push(String.fromCharCode((held >> count) & 255));
			held &= (1 << count) - 1;
		}
		if (!good) return { octets: out.join(''), valid: false };
	}
	return { octets: out.join(''), valid: true };
}

export async function base(desk: Desk): Promise<void> {
	const alphabet = ALPHABETS[desk.name as 'base64'];
	const given = desk.options('diw:', ['decode>d', 'ignore-garbage>i', 'wrap=>w']);
	const [file = '-', extra] = given.operands;
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	const word = given.value('w');
	const width = word === undefined ? 76 : numberIn(desk, word, 0, 2 ** 53, 'invalid wrap size');
	const found = await desk.tryRead(file);
	if ('wrong' in found)
		throw new Leave(
			`${desk.name}: ${found.wrong === 'Is a directory' ? 'read error' : quoted(file)}: ${found.wrong}\n`,
		);
	if (given.has('d')) {
		const text = given.has('i')
			? [...found.text].filter((char) => char === '=' || alphabet.includes(char)).join('')
			: found.text.replaceAll('\n', '');
		const { octets, valid } = decoded(text, alphabet);
		desk.write(octets);
		if (!valid) throw new Leave(`${desk.name}: invalid input\n`);
		return;
	}
	const text = encoded(found.text, alphabet);
	if (width === 0) desk.write(text);
	else for (let at = 0; at < text.length; at += width) desk.write(`${text.slice(at, at + width)}\n`);
}
