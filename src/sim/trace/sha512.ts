/** SHA-512, SHA-384 and SHA-512/256 (FIPS 180-4). Their constants are worked out, not listed. */

const MASK = (1n << 64n) - 1n;

function primes(count: number): readonly number[] {
	const found: number[] = [];
	for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
	return found;
}

/** First 64 bits of the fraction of a prime's square or cube root. */
function fraction(prime: number, degree: bigint): bigint {
	const target = BigInt(prime) << (64n * degree);
	let root = 0n;
	for (let bit = 1n << 69n; bit > 0n; bit >>= 1n) if ((root + bit) ** degree <= target) root += bit;
	return root & MASK;
}

interface Constants {
	/** Of the rounds. */
	readonly rounds: readonly bigint[];
	/** What each of the three begins with. */
	readonly sha512: readonly bigint[];
	readonly sha384: readonly bigint[];
	readonly sha512With256: readonly bigint[];
}

let made: Constants | undefined;

function constants(): Constants {
	if (made) return made;
	const eighty = primes(80);
	const rounds = eighty.map((prime) => fraction(prime, 3n));
	const sha512 = eighty.slice(0, 8).map((prime) => fraction(prime, 2n));
	const sha384 = eighty.slice(8, 16).map((prime) => fraction(prime, 2n));
	// FIPS 180-4 5.3.6: what the hash of its own name is, with another beginning.
	const own = sha512.map((word) => word ^ 0xa5a5a5a5a5a5a5a5n);
	const name = Uint8Array.from('SHA-512/256', (letter) => letter.charCodeAt(0));
	made = { rounds, sha512, sha384, sha512With256: compressed(own, rounds, name) };
	return made;
}

const right = (x: bigint, by: bigint): bigint => ((x >> by) | (x << (64n - by))) & MASK;

function compressed(start: readonly bigint[], rounds: readonly bigint[], octets: Uint8Array): readonly bigint[] {
	const padded = new Uint8Array(Math.ceil((octets.length + 17) / 128) * 128);
	padded.set(octets);
	padded[octets.length] = 0x80;
	const view = new DataView(padded.buffer);
	view.setBigUint64(padded.length - 8, BigInt(octets.length) * 8n);
	let state = start;
	for (let at = 0; at < padded.length; at += 128) {
		const w = Array.from({ length: 16 }, (_, i) => view.getBigUint64(at + i * 8));
		for (let i = 16; i < 80; i++) {
			const [x, y] = [w[i - 15]!, w[i - 2]!];
			const s0 = right(x, 1n) ^ right(x, 8n) ^ (x >> 7n);
			const s1 = right(y, 19n) ^ right(y, 61n) ^ (y >> 6n);
			w.push((w[i - 16]! + s0 + w[i - 7]! + s1) & MASK);
		}
		let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
		for (let i = 0; i < 80; i++) {
			const s1 = right(e, 14n) ^ right(e, 18n) ^ right(e, 41n);
			const t1 = h + s1 + ((e & f) ^ (~e & MASK & g)) + rounds[i]! + w[i]!;
			const s0 = right(a, 28n) ^ right(a, 34n) ^ right(a, 39n);
			const t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
			[h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) & MASK, c, b, a, (t1 + t2) & MASK];
		}
		state = [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]!) & MASK);
	}
	return state;
}

function digest(kind: 'sha512' | 'sha384' | 'sha512With256', words: number, octets: Uint8Array): Uint8Array {
	const { rounds, [kind]: start } = constants();
	const out = new DataView(new ArrayBuffer(words * 8));
	for (const [i, word] of compressed(start, rounds, octets).slice(0, words).entries()) out.setBigUint64(i * 8, word);
	return new Uint8Array(out.buffer);
}

/** 64 octets. */
export const sha512 = (octets: Uint8Array): Uint8Array => digest('sha512', 8, octets);
/** 48 octets. */
export const sha384 = (octets: Uint8Array): Uint8Array => digest('sha384', 6, octets);
/** SHA-512/256: 32 octets. */
export const sha512With256 = (octets: Uint8Array): Uint8Array => digest('sha512With256', 4, octets);
