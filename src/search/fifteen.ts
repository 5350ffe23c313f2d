/**
 * Bytes as text, fifteen bits a character, for scripts in UTF-16: a fifteenth more than the bytes, where UTF-8 would
 * need a quarter. A byte order mark says what the file is, whatever a server or a page says (WHATWG Encoding, "decode"),
 * and works from disk. The characters are U+0100 to U+80FF: none that a script has to escape, and no surrogates.
 */
const FIRST = 0x100;
const BITS = 15;

export function toText(bytes: Uint8Array): string {
	let text = '';
	let [value, bits] = [0, 0];
	for (const byte of bytes) {
		value = (value << 8) | byte;
		bits += 8;
		if (bits < BITS) continue;
		bits -= BITS;
		text += String.fromCharCode(FIRST + (value >>> bits));
		value &= (1 << bits) - 1;
	}
	if (bits > 0) text += String.fromCharCode(FIRST + (value << (BITS - bits)));
	// Eight bits or more of padding would be a byte too many.
	return `${text.length * BITS - bytes.length * 8 < 8 ? 0 : 1}${text}`;
}

/** The bytes of a text that `toText` made. */
export function fromText(text: string): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(Math.floor(((text.length - 1) * BITS) / 8) - Number(text[0]));
	let [value, bits, at] = [0, 0, 0];
	for (let from = 1; from < text.length; from++) {
		value = (value << BITS) | (text.charCodeAt(from) - FIRST);
		bits += BITS;
		while (bits >= 8) {
			bits -= 8;
			bytes[at++] = value >>> bits;
			value &= (1 << bits) - 1;
		}
	}
	return bytes;
}

/** A script's text as the file's bytes: UTF-16, little endian, after its byte order mark. */
export function utf16(script: string): Uint8Array {
	const bytes = new Uint8Array(2 + 2 * script.length);
	const view = new DataView(bytes.buffer);
	view.setUint16(0, 0xfeff, true);
	for (let i = 0; i < script.length; i++) view.setUint16(2 + 2 * i, script.charCodeAt(i), true);
	return bytes;
}
