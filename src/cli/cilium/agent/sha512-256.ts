/** SHA-512/256 of FIPS 180-4, which the agent's identities carry of their labels. Constants are worked out, not listed. */

const MASK = (1n << 64n) - 1n;

function primes(count: number): readonly bigint[] {
	const found: bigint[] = [];
	for (let n = 2n; found.length < count; n++) if (found.every((p) => n % p !== 0n)) found.push(n);
	return found;
}

/** floor of the root of that degree. */
function root(value: bigint, degree: bigint): bigint {
	let low = 0n;
	let high = 1n << 76n;
	while (low < high) {
		const middle = (low + high + 1n) >> 1n;
		if (middle ** degree <= value) low = middle;
		else high = middle - 1n;
	}
	return low;
}

/** First 64 bits of the fraction of a prime's square or cube root. */
const fraction = (prime: bigint, degree: bigint): bigint => root(prime << (64n * degree), degree) & MASK;

const right = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & MASK;

function compress(start: readonly bigint[], constants: readonly bigint[], text: Uint8Array): readonly bigint[] {
	const length = Math.ceil((text.length + 17) / 128) * 128;
	const padded = new Uint8Array(length);
	padded.set(text);
	padded[text.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setBigUint64(length - 8, BigInt(text.length) * 8n);
	let state = [...start];
	for (let at = 0; at < length; at += 128) {
		const w: bigint[] = [];
		for (let i = 0; i < 80; i++) {
			if (i < 16) {
				w.push(view.getBigUint64(at + i * 8));
				continue;
			}
			const [x, y] = [w[i - 15]!, w[i - 2]!];
			const s0 = right(x, 1n) ^ right(x, 8n) ^ (x >> 7n);
			const s1 = right(y, 19n) ^ right(y, 61n) ^ (y >> 6n);
			w.push((w[i - 16]! + s0 + w[i - 7]! + s1) & MASK);
		}
		let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
		for (let i = 0; i < 80; i++) {
			const s1 = right(e, 14n) ^ right(e, 18n) ^ right(e, 41n);
			const t1 = h + s1 + ((e & f) ^ (~e & MASK & g)) + constants[i]! + w[i]!;
			const s0 = right(a, 28n) ^ right(a, 34n) ^ right(a, 39n);
			const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK];
		}
		state = [a, b, c, d, e, f, g, h].map((value, i) => (value + state[i]!) & MASK);
	}
	return state;
}

const hex = (words: readonly bigint[]): string => words.map((word) => word.toString(16).padStart(16, '0')).join('');

let setup: { readonly constants: readonly bigint[]; readonly start: readonly bigint[] } | undefined;

/** In hexadecimal, 64 digits. */
export function sha512With256(text: string): string {
	const encoder = new TextEncoder();
	if (!setup) {
		const eighty = primes(80);
		const constants = eighty.map((prime) => fraction(prime, 3n));
		const own = eighty.slice(0, 8).map((prime) => fraction(prime, 2n) ^ 0xa5a5a5a5a5a5a5a5n);
		setup = { constants, start: compress(own, constants, encoder.encode('SHA-512/256')) };
	}
	return hex(compress(setup.start, setup.constants, encoder.encode(text)).slice(0, 4));
}
