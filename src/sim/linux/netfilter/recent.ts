/** The lists of `-m recent` (net/netfilter/xt_recent.c @ v6.12): addresses and when each was seen. */
import type { Ip } from '../../wire/index.ts';
import type { Match } from './types.ts';

/** Parameters of the xt_recent module, as they are by default. */
const IP_LIST_TOT = 100;
const IP_PKT_LIST_TOT = 20;

/** One list, by name in `Namespace.recent`. Least recently touched first. */
export interface Recent {
	/** Address to the times it was seen (microseconds), oldest first. */
	readonly entries: Map<Ip, readonly number[]>;
}

export type RecentMatch = Extract<Match, { kind: 'recent' }>;

/** recent_mt: whether the rule's condition holds for this address now, and what that writes. `invert` included. */
export function matchRecent(lists: Map<string, Recent>, match: RecentMatch, ip: Ip, now: number): boolean {
	let list = lists.get(match.name);
	if (!list) {
		list = { entries: new Map() };
		lists.set(match.name, list);
	}
	const { entries } = list;
	const invert = match.invert ?? false;
	const stamps = entries.get(ip);
	if (!stamps) {
		if (match.action !== 'set') return invert;
		// A full list forgets the address touched longest ago.
		if (entries.size >= IP_LIST_TOT) for (const oldest of entries.keys()) if (entries.delete(oldest)) break;
		entries.set(ip, [now]);
		return !invert;
	}
	if (match.action === 'set') {
		touch(entries, ip, stamps, now);
		return !invert;
	}
	const since = match.seconds ? now - match.seconds * 1_000_000 : undefined;
	const matched =
		stamps.filter((stamp) => since === undefined || stamp >= since).length >= (match.hits ?? 1) ? !invert : invert;
	if (match.reap && since !== undefined) reap(entries, since);
	if (match.action === 'update' && matched) touch(entries, ip, stamps, now);
	return matched;
}

function touch(entries: Map<Ip, readonly number[]>, ip: Ip, stamps: readonly number[], now: number): void {
	entries.delete(ip);
	entries.set(ip, [...stamps, now].slice(-IP_PKT_LIST_TOT));
}

/** recent_entry_reap: drops the one address touched longest ago, when even its last time is before `since`. */
function reap(entries: Map<Ip, readonly number[]>, since: number): void {
	for (const [ip, stamps] of entries) {
		if ((stamps[stamps.length - 1] ?? 0) < since) entries.delete(ip);
		return;
	}
}

/** An independent copy of all lists of a namespace. */
export function forkRecent(lists: ReadonlyMap<string, Recent>): Map<string, Recent> {
	return new Map([...lists].map(([name, list]) => [name, { entries: new Map(list.entries) }]));
}
