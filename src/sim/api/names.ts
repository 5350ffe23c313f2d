/** Generated names. Source: k8s.io/apiserver pkg/storage/names/generate.go @ v0.24.0. */

const ALPHANUMS = 'bcdfghjklmnpqrstvwxz2456789';

/** `base` cut to 58 characters and five more. */
export const safeRandomName = (
	base: string,
	random: (purpose: string, key: string, bound: number) => number,
	key: string,
): string => {
	let out = base.slice(0, 58);
	for (let i = 0; i < 5; i++) out += ALPHANUMS[random('name', `${base}/${key}#${i}`, ALPHANUMS.length)];
	return out;
};
