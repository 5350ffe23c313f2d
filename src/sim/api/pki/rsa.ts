/**
 * RSA keys of 2048 bits (RFC 8017) whose primes come out of a small pool, so that nobody waits for them: each is the first
 * prime at or after a number that SHA-256 draws, and the distance to it is known. Whoever knows the pool has every key.
 */
import { sha256 } from '../../trace/index.ts';
import { utf8 } from '../../wire/index.ts';

export interface RsaPublicKey {
	readonly n: bigint;
	readonly e: bigint;
}

export interface RsaKey extends RsaPublicKey {
	readonly d: bigint;
	readonly p: bigint;
	readonly q: bigint;
}

/** Half the distance from what is drawn to the prime after it, found by Miller and Rabin's test. */
const DISTANCES = [
	491, 212, 333, 73, 170, 43, 98, 246, 456, 381, 291, 1144, 262, 54, 105, 131, 35, 511, 109, 55, 67, 172, 61, 202, 283,
	55, 345, 232, 187, 108, 123, 15, 865, 213, 84, 547, 175, 31, 519, 908, 293, 197, 203, 471, 185, 251, 1289, 347,
];

/** Of octets, the first being the highest. */
export function toNumber(octets: Uint8Array): bigint {
	let hex = '0x0';
	for (const octet of octets) hex += octet.toString(16).padStart(2, '0');
	return BigInt(hex);
}

/** `length` octets, the highest first. */
export function toOctets(value: bigint, length: number): Uint8Array {
	const hex = value.toString(16).padStart(2 * length, '0');
	return Uint8Array.from({ length }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

const primes = new Map<number, bigint>();

function prime(i: number): bigint {
	let found = primes.get(i);
	if (found === undefined) {
		const drawn = [0, 1, 2, 3].flatMap((j) => [...sha256(utf8(`prime ${i} ${j}`))]);
		found = (toNumber(Uint8Array.from(drawn)) | (3n << 1022n) | 1n) + 2n * BigInt(DISTANCES[i]!);
		primes.set(i, found);
	}
	return found;
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	let square = base % modulus;
	for (let bits = exponent; bits > 0n; bits >>= 1n) {
		if (bits & 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
	}
	return result;
}

/** What a number is multiplied by to give 1. */
export function inverse(value: bigint, modulus: bigint): bigint {
	let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
	while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y];
	return ((x % modulus) + modulus) % modulus;
}

const POOL = DISTANCES.length;
/** How many keys there are. */
export const KEYS = (POOL * (POOL - 1)) / 2;

/** One of the keys there are, by its number below `KEYS`. */
export function rsaKey(number: number): RsaKey {
	let [first, rest] = [0, number % KEYS];
	while (rest >= POOL - 1 - first) {
		rest -= POOL - 1 - first;
		first++;
	}
	const [p, q] = [prime(first), prime(first + 1 + rest)];
	const e = 65537n;
	return { n: p * q, e, d: inverse(e, (p - 1n) * (q - 1n)), p, q };
}

/** DigestInfo of SHA-256 (RFC 8017, note 1 of 9.2). */
const SHA256_INFO = [
	0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

const padded = (message: Uint8Array, length: number): bigint => {
	const info = [...SHA256_INFO, ...sha256(message)];
	return toNumber(Uint8Array.from([0, 1, ...Array<number>(length - info.length - 3).fill(255), 0, ...info]));
};

const lengthOf = (n: bigint): number => Math.ceil(n.toString(16).length / 2);

/** RSASSA-PKCS1-v1_5 with SHA-256. */
export function rsaSign({ n, d, p, q }: RsaKey, message: Uint8Array): Uint8Array {
	const m = padded(message, lengthOf(n));
	// By the Chinese remainder theorem: a quarter of the work.
	const [a, b] = [power(m, d % (p - 1n), p), power(m, d % (q - 1n), q)];
	const h = ((((a - b) * inverse(q, p)) % p) + p) % p;
	return toOctets(b + h * q, lengthOf(n));
}

/** Whether that key made the signature (RFC 8017, RSASSA-PKCS1-v1_5 with SHA-256). */
export const rsaVerify = ({ n, e }: RsaPublicKey, message: Uint8Array, signature: Uint8Array): boolean =>
	lengthOf(n) >= 64 && power(toNumber(signature), e, n) === padded(message, lengthOf(n));
