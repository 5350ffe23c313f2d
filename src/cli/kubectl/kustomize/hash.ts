/**
 * The suffix that generated ConfigMaps and Secrets have by what is in them.
 *
 * Source: kustomize api/hasher/hasher.go @ kustomize/v4.5.4. The name counts as empty: it looks it up by one key.
 */
import { hex, sha256 } from '../../../sim/trace/index.ts';
import { utf8 } from '../../../sim/wire/index.ts';
import type { Draft } from './resource.ts';

/** JSON as Go's encoder writes it: sorted keys, and characters of HTML escaped. */
const goJson = (value: unknown): string =>
	JSON.stringify(value, (_key, item) =>
		typeof item === 'object' && item !== null && !Array.isArray(item)
			? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
			: item,
	).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const LETTERS: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };

/** Ten characters. */
export function hashOf(object: Draft): string {
	const data = object.data ?? '';
	const secret = object.kind === 'Secret';
	const encoded = secret
		? {
				kind: 'Secret',
				type: object.type ?? '',
				name: '',
				data,
				...(object.stringData ? { stringData: object.stringData } : {}),
			}
		: { kind: 'ConfigMap', name: '', data, ...(object.binaryData ? { binaryData: object.binaryData } : {}) };
	const digest = hex(sha256(utf8(goJson(encoded))));
	return [...digest.slice(0, 10)].map((c) => LETTERS[c] ?? c).join('');
}
