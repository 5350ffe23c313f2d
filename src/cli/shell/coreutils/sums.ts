/** sha512sum and its like, and cksum (coreutils 8.32). */
import { hex, sha384, sha512 } from '../../../sim/trace/index.ts';
import { octetsOf } from '../routes.ts';
import { type Desk, parts } from './desk.ts';

const digest = (desk: Desk, text: string): string => hex((desk.name === 'sha384sum' ? sha384 : sha512)(octetsOf(text)));

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
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const text = await desk.read(file);
		if (text === undefined) continue;
		if (!given.has('c')) {
			desk.write(`${digest(desk, text)}  ${file}\n`);
			continue;
		}
		let failed = 0;
		for (const line of parts(text)) {
			const [, sum, name] = /^([\da-f]+) [ *](.*)$/.exec(line) ?? [];
			if (sum === undefined || name === undefined) continue;
			const own = await desk.tryRead(name);
			const same = 'text' in own && digest(desk, own.text) === sum;
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
