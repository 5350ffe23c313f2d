/** cksum (coreutils src/cksum.c @ v8.32). */
import type { Desk } from './desk.ts';

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
