/** What the reader's browser keeps: small values by key, each with the time it was written, so that two copies can be merged. */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Key to [milliseconds since 1970, value]. A value of `null` says the key was removed. */
export type Entries = Readonly<Record<string, readonly [time: number, value: Json]>>;

/** Everything written up to this entry's time is forgotten. */
export const FORGOTTEN = 'forgotten';

const KEY = /^[a-z][a-zA-Z0-9._-]{0,95}$/;
const MAX_ENTRIES = 2000;

/** Reads entries from text written by {@link formatEntries}. Undefined when the text is anything else. */
export function parseEntries(text: string): Entries | undefined {
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch {
		return undefined;
	}
	if (!isRecord(data) || data.packetwalk !== 1 || !isRecord(data.entries)) return undefined;
	const pairs = Object.entries(data.entries);
	if (pairs.length > MAX_ENTRIES) return undefined;
	const entries: Record<string, [number, Json]> = {};
	for (const [key, entry] of pairs) {
		if (!KEY.test(key) || !Array.isArray(entry) || entry.length !== 2 || !isTime(entry[0])) return undefined;
		entries[key] = [entry[0], entry[1] as Json];
	}
	return entries;
}

export function formatEntries(entries: Entries): string {
	return JSON.stringify({ packetwalk: 1, entries });
}

/** Both together: the later of two values of one key wins, and what either has forgotten stays forgotten. */
export function mergeEntries(a: Entries, b: Entries): Entries {
	const forgotten = Math.max(a[FORGOTTEN]?.[0] ?? 0, b[FORGOTTEN]?.[0] ?? 0);
	const merged: Record<string, readonly [number, Json]> = {};
	for (const [key, entry] of [...Object.entries(a), ...Object.entries(b)]) {
		const known = merged[key];
		const alive = key === FORGOTTEN || entry[0] > forgotten;
		if (alive && (!known || entry[0] > known[0])) merged[key] = entry;
	}
	return merged;
}

/** Entries of a file the reader opens on purpose: what has been forgotten since it was saved comes back. */
export function revive(saved: Entries, into: Entries): Entries {
	const after = (into[FORGOTTEN]?.[0] ?? 0) + 1;
	const pairs = Object.entries(saved).filter(([key]) => key !== FORGOTTEN);
	return Object.fromEntries(pairs.map(([key, [time, value]]) => [key, [Math.max(time, after), value] as const]));
}

/** Entries as text that may stand in a fragment. */
export function packEntries(entries: Entries): string {
	const bytes = new TextEncoder().encode(formatEntries(entries));
	let binary = '';
	for (const byte of bytes) binary += String.fromCharCode(byte);
	return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** The other way; undefined for anything that was not packed by us. */
export function unpackEntries(text: string): Entries | undefined {
	try {
		const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
		const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
		return parseEntries(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		return undefined;
	}
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Within what a date can be, so that a time can always be followed by a later one. */
function isTime(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 8.64e15;
}
