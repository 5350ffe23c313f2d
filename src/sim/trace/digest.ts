/** One trace, one digest, in every JavaScript engine. */
import { utf8 } from '../wire/index.ts';
import type { Decision } from './decision.ts';
import { hex, sha256 } from './sha256.ts';

/**
 * JSON with sorted keys, no blanks, undefined fields left out. Numbers must be integers, which every engine
 * prints alike; octets are arrays of numbers.
 */
export const canonical = (value: unknown): string => {
	if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
	if (Array.isArray(value) || value instanceof Uint8Array) return `[${Array.from(value, canonical).join()}]`;
	const record = value as Record<string, unknown>;
	const parts: string[] = [];
	for (const key of Object.keys(record).sort())
		if (record[key] !== undefined) parts.push(`${JSON.stringify(key)}:${canonical(record[key])}`);
	return `{${parts.join()}}`;
};

/** SHA-256, hexadecimal, of anything plain (see `canonical`). */
export const digestOf = (value: unknown): string => hex(sha256(utf8(canonical(value))));

/** Digest of a trace: equal exactly when every field of every decision is. */
export const traceDigest = (decisions: readonly Decision[]): string => digestOf(decisions);
