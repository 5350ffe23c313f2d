/** sha512sum and its like, and cksum (coreutils 8.32). */
import { octetsOf } from '../routes.ts';
import { type Desk, Leave, parts } from './desk.ts';

const HASHES: Readonly<Record<string, string>> = { sha384sum: 'SHA-384', sha512sum: 'SHA-512' };

async function digest(desk: Desk, text: string): Promise<string> {
	const bytes = new Uint8Array(
		await crypto.subtle.digest(HASHES[desk.name]!, octetsOf(text) as Uint8Array<ArrayBuffer>),
	);
	return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export async function shaSum(desk: Desk): Promise<void> {
	const given = desk.options('bctwz', [
		'binary>b',
		'check>c',
		'text>t',
		'warn>w',
		'zero>z',
		'quiet',
		'status',
		'tag',
		'ignore-missing',
		'strict',
	]);
	// A page that is a file has no SubtleCrypto in some browsers.
	if (typeof crypto === 'undefined' || !crypto.subtle)
		throw new Leave(`${desk.name}: this browser computes no such sum here\n`);
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const text = await desk.read(file);
		if (text === undefined) continue;
		if (!given.has('c')) {
			desk.write(`${await digest(desk, text)}  ${file}\n`);
			continue;
		}
		let failed = 0;
		for (const line of parts(text)) {
			const [, sum, name] = /^([\da-f]+) [ *](.*)$/.exec(line) ?? [];
			if (sum === undefined || name === undefined) continue;
			const own = await desk.tryRead(name);
			const same = 'text' in own && (await digest(desk, own.text)) === sum;
			if (!same) failed++;
			if (!(same && given.has('quiet')) && !given.has('status'))
				desk.write(`${name}: ${same ? 'OK' : 'wrong' in own ? 'FAILED open or read' : 'FAILED'}\n`);
		}
		if (failed === 0) continue;
		desk.code = 1;
		if (!given.has('status'))
			desk.say(`${desk.name}: WARNING: ${failed} computed checksum${failed > 1 ? 's' : ''} did NOT match\n`);
	}
}

/** CRC of POSIX (polynomial 0x04C11DB7), over the octets and then their count. */
export async function cksum(desk: Desk): Promise<void> {
	const given = desk.options('');
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const text = await desk.read(file);
		if (text === undefined) continue;
		let crc = 0;
		const add = (octet: number): void => {
			crc ^= octet << 24;
			for (let i = 0; i < 8; i++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
		};
		for (let i = 0; i < text.length; i++) add(text.charCodeAt(i));
		for (let n = text.length; n > 0; n = Math.floor(n / 256)) add(n % 256);
		desk.write(`${~crc >>> 0} ${text.length}${given.operands.length > 0 ? ` ${file}` : ''}\n`);
	}
}
