/** Bytes as text, four in five characters, none of which a script has to escape (the alphabet is ZeroMQ's, RFC 32). */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

/** Text of bytes; its first character says how many bytes the last four characters' worth has too many. */
export function toBase85(bytes: Uint8Array): string {
	const padding = (4 - (bytes.length % 4)) % 4;
	let text = String(padding);
	for (let at = 0; at < bytes.length; at += 4) {
		let value = 0;
		for (let of = 0; of < 4; of++) value = value * 256 + (bytes[at + of] ?? 0);
		let five = '';
		for (let of = 0; of < 5; of++) {
			five = ALPHABET[value % 85] + five;
			value = Math.floor(value / 85);
		}
		text += five;
	}
	return text;
}

/** The bytes of a text that `toBase85` made. */
export function fromBase85(text: string): Uint8Array<ArrayBuffer> {
	const digits = new Uint8Array(128);
	for (let at = 0; at < ALPHABET.length; at++) digits[ALPHABET.charCodeAt(at)] = at;
	const bytes = new Uint8Array(((text.length - 1) / 5) * 4);
	const view = new DataView(bytes.buffer);
	for (let from = 1, to = 0; from < text.length; from += 5, to += 4) {
		let value = 0;
		for (let of = 0; of < 5; of++) value = value * 85 + digits[text.charCodeAt(from + of)]!;
		view.setUint32(to, value);
	}
	return bytes.subarray(0, bytes.length - Number(text[0]));
}
