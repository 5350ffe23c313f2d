/** Writes big-endian numbers into octets (network byte order). */

export const put16 = (b: Uint8Array, at: number, value: number): void => {
	b[at] = value >>> 8;
	b[at + 1] = value;
};

export const put32 = (b: Uint8Array, at: number, value: number): void => {
	b[at] = value >>> 24;
	b[at + 1] = value >>> 16;
	b[at + 2] = value >>> 8;
	b[at + 3] = value;
};

export const put48 = (b: Uint8Array, at: number, value: number): void => {
	put16(b, at, Math.floor(value / 0x100000000));
	put32(b, at + 2, value % 0x100000000);
};
