/** Random-looking names, as Kubernetes makes them (k8s.io/apimachinery pkg/util/rand @ v0.24.0). */
import { hashText } from '../../linux/index.ts';
import type { Timeline } from '../timeline.ts';

/** No vowels and no digits that look like letters. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** rand.String: so many characters for a name. */
export function suffix(timeline: Timeline, key: string, length = 5): string {
	let out = '';
	for (let i = 0; i < length; i++) out += ALPHABET[timeline.random('name', `${key}\0${i}`, ALPHABET.length)];
	return out;
}

/** rand.SafeEncodeString over a decimal hash. */
const safeEncode = (decimal: string): string =>
	[...decimal].map((c) => ALPHABET[c.charCodeAt(0) % ALPHABET.length]).join('');

/** A hash of a value as names carry it: eight to ten characters. */
export const hashName = (value: unknown): string => safeEncode(String(hashText(0x7e3a, JSON.stringify(value))));
