/** Chance comes from outside: `Net.random`, keyed by purpose and key, so that nothing else shifts a draw. */
export type Random = (purpose: string, key: string, bound: number) => number;

/** Letters and digits of generated names: no vowels, no look-alikes (k8s.io/apimachinery/pkg/util/rand). */
const ALPHANUMS = 'bcdfghjklmnpqrstvwxz2456789';

/** Five characters as `rand.String(5)` appends to generated names. */
export const nameSuffix = (random: Random, purpose: string, key: string): string => {
	let out = '';
	for (let i = 0; i < 5; i++) out += ALPHANUMS[random(purpose, `${key}#${i}`, ALPHANUMS.length)];
	return out;
};

/** Any string in the same alphabet, character by character (rand.SafeEncodeString). */
export const safeEncode = (text: string): string => {
	let out = '';
	for (let i = 0; i < text.length; i++) out += ALPHANUMS[text.charCodeAt(i) % ALPHANUMS.length];
	return out;
};

/** FNV-1a, 32 bits, over code units: the hash the deployment controller takes of a pod template. */
export const fnv32a = (text: string): number => {
	let hash = 0x811c9dc5;
	for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
	return hash;
};
