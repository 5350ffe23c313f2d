/** openssl dgst and its short forms, base64 and list (apps/{dgst,enc,list}.c @ 3.0). */
import { base64, octetsOfBase64 } from '../../sim/api/index.ts';
import { hex, md5, sha1, sha256, sha384, sha512, sha512With256 } from '../../sim/trace/index.ts';
import { utf8 } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';

/** Digests the lab has, by the name they are printed with (`SHA2-256` where standard input or a file is named, as 3.0 does). */
const DIGESTS: Readonly<Record<string, readonly [name: string, of: (octets: Uint8Array) => Uint8Array]>> = {
	md5: ['MD5', md5],
	sha1: ['SHA1', sha1],
	sha256: ['SHA2-256', sha256],
	sha384: ['SHA2-384', sha384],
	sha512: ['SHA2-512', sha512],
	'sha512-256': ['SHA2-512/256', sha512With256],
};

export const DIGEST_NAMES = Object.keys(DIGESTS);

/** Those that openssl has beside. */
export const OTHER_DIGESTS =
	'blake2b512 blake2s256 md4 mdc2 rmd160 sha224 sha3-224 sha3-256 sha3-384 sha3-512 sha512-224 shake128 shake256 sm3'.split(
		' ',
	);

const octetsIn = async (call: Call, path: string | undefined): Promise<Uint8Array | undefined> =>
	path !== undefined && path !== '-'
		? call.files.readBytes(path)
		: // As text, octets that are none would be lost.
			call.stdin.includes('\ufffd')
			? call.files.readBytes('/dev/stdin')
			: utf8(call.stdin);

/** `dgst -sha256 FILE…`, `md5 FILE…` */
export async function dgst(call: Call, words: readonly string[]): Promise<number> {
	let name = Object.hasOwn(DIGESTS, call.args[0]!) ? call.args[0]! : 'sha256';
	let [quiet, coreutils, binary] = [false, false, false];
	let out: string | undefined;
	const files: string[] = [];
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const option = word.replace(/^--?/, '');
		if (!word.startsWith('-') || word === '-') files.push(word);
		else if (Object.hasOwn(DIGESTS, option)) name = option;
		else if (option === 'hex' || option === 'c') continue;
		else if (option === 'r') coreutils = true;
		else if (option === 'q') quiet = true;
		else if (option === 'binary') binary = true;
		else if (option === 'out') out = words[++i];
		else if (
			OTHER_DIGESTS.includes(option) ||
			/^(?:sign|verify|hmac|mac|prverify|signature|sigopt|keyform)$/.test(option)
		) {
			call.err(
				`dgst: the simulator has the digests ${DIGEST_NAMES.join(', ')} and signs nothing with them, not -${option}\n`,
			);
			return 1;
		} else {
			call.err(`dgst: Unknown option or message digest: ${option}\ndgst: Use -help for summary.\n`);
			return 1;
		}
	}
	const [label, of] = DIGESTS[name]!;
	let code = 0;
	let text = '';
	for (const path of files.length > 0 ? files : [undefined]) {
		const octets = await octetsIn(call, path);
		if (!octets) {
			call.err(`Can't open "${path}" for reading, No such file or directory\n`);
			code = 1;
			continue;
		}
		const bytes = of(octets);
		const sum = hex(bytes);
		if (binary) call.outBytes(bytes);
		else if (coreutils) text += `${sum} *${path ?? 'stdin'}\n`;
		else if (quiet) text += `${sum}\n`;
		else text += `${label}(${path ?? 'stdin'})= ${sum}\n`;
	}
	if (out === undefined) call.out(text);
	else await call.files.write(out, text);
	return code;
}

/** `base64`, `enc -base64`: encodes in lines of 64, `-A` in one, `-d` the other way. */
export async function enc(call: Call, words: readonly string[]): Promise<number> {
	let [plain, decode, one] = [call.args[0] === 'base64', false, false];
	let from: string | undefined;
	let to: string | undefined;
	for (let i = 0; i < words.length; i++) {
		const option = words[i]!.replace(/^--?/, '');
		if (option === 'base64' || option === 'a') plain = true;
		else if (option === 'd') decode = true;
		else if (option === 'e') decode = false;
		else if (option === 'A') one = true;
		else if (option === 'in') from = words[++i];
		else if (option === 'out') to = words[++i];
		else {
			call.err(`enc: the simulator encrypts nothing: it has -base64 with -d, -e, -A, -in and -out, not ${words[i]}\n`);
			return 1;
		}
	}
	if (!plain) {
		call.err('enc: the simulator encrypts nothing: give -base64\n');
		return 1;
	}
	const octets = await octetsIn(call, from);
	if (!octets) {
		call.err(`Can't open "${from}" for reading, No such file or directory\n`);
		return 1;
	}
	if (decode) {
		const text = [...octets].map((o) => String.fromCharCode(o)).join('');
		const made = octetsOfBase64(text.replace(/[^A-Za-z0-9+/]/g, ''));
		if (to === undefined) call.outBytes(made);
		else await call.files.write(to, made);
		return 0;
	}
	const whole = base64(octets);
	const text = one ? whole : whole.replace(/.{1,64}/g, '$&\n');
	if (to === undefined) call.out(text);
	else await call.files.write(to, text);
	return 0;
}
