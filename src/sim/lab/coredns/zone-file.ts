/**
 * Zone files (RFC 1035, 5) and what a zone answers: plugin/file @ v1.8.6, v1.11.1 (parse by miekg/dns scan.go; lookup.go).
 */
import {
	A,
	AA,
	AAAA,
	ANY,
	bare,
	CNAME,
	type DnsRecord,
	MX,
	NS,
	NXDOMAIN,
	type Outcome,
	replyOf,
	SERVFAIL,
	SOA,
	SRV,
	typeOfText,
} from './question.ts';

export interface Zone {
	/** With the dot at its end, in small letters. */
	readonly origin: string;
	/** By name, with the dot. */
	readonly records: ReadonlyMap<string, readonly DnsRecord[]>;
	readonly soa: DnsRecord | undefined;
	readonly serial: number;
}

/** Where a name stands among the words of a record. */
const NAMES_AT: Readonly<Record<string, readonly number[]>> = {
	CNAME: [0],
	NS: [0],
	PTR: [0],
	MX: [1],
	SRV: [3],
	SOA: [0, 1],
};

/** How many words a record has. */
const WORDS: Readonly<Record<string, number>> = { A: 1, AAAA: 1, CNAME: 1, NS: 1, PTR: 1, MX: 2, SRV: 4, SOA: 7 };

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of `3600`, `1h`, `1h30m`; undefined of what is none. */
export function zoneTime(text: string): number | undefined {
	if (/^\d+$/.test(text)) return Number(text);
	if (!/^(?:\d+[smhdw])+$/i.test(text)) return undefined;
	return [...text.matchAll(/(\d+)([smhdw])/gi)].reduce(
		(sum, [, n, u]) => sum + Number(n) * UNITS[u!.toLowerCase()]!,
		0,
	);
}

/** Lines with their parentheses taken out, as words; quoted texts stay as they are. A word that begins a line is its owner. */
function* linesOf(
	text: string,
): Generator<{ readonly words: readonly string[]; readonly owner: boolean; readonly line: number }> {
	let words: string[] = [];
	let owner = false;
	let begun = 1;
	let depth = 0;
	for (const [i, whole] of text.split('\n').entries()) {
		if (depth === 0) {
			words = [];
			owner = /^[^\s;]/.test(whole);
			begun = i + 1;
		}
		for (const [word] of whole.matchAll(/"(?:[^"\\]|\\.)*"|;.*|[()]|[^\s();"]+/g)) {
			if (word.startsWith(';')) break;
			if (word === '(') depth++;
			else if (word === ')') depth--;
			else words.push(word);
		}
		if (depth <= 0 && words.length > 0) yield { words, owner, line: begun };
		if (depth < 0) depth = 0;
	}
}

export type ZoneFault = { readonly error: string };

/** A zone of a file's text, or what is wrong with it. */
export function parseZone(text: string, origin: string, path: string): Zone | ZoneFault {
	const records = new Map<string, DnsRecord[]>();
	let [at, ttl, last] = [origin, 3600, origin];
	let soa: DnsRecord | undefined;
	const absolute = (name: string): string =>
		(name === '@' ? at : name.endsWith('.') ? name : at === '.' ? `${name}.` : `${name}.${at}`).toLowerCase();
	for (const { words, owner, line } of linesOf(text)) {
		const bad = (what: string, near: string): ZoneFault => ({
			error: `file ${JSON.stringify(path)}: dns: ${what}: ${JSON.stringify(near)} at line: ${line}:${words.join(' ').length + 1}`,
		});
		const [first = ''] = words;
		if (first === '$ORIGIN') {
			at = absolute(words[1] ?? '@');
			continue;
		}
		if (first === '$TTL') {
			const seconds = zoneTime(words[1] ?? '');
			if (seconds === undefined) return bad('expecting $TTL value, not this...', words[1] ?? '');
			ttl = seconds;
			continue;
		}
		if (first.startsWith('$')) return bad(`${first} is not in this lab`, first);
		const rest = [...words];
		if (owner) last = absolute(rest.shift()!);
		let own = ttl;
		for (;;) {
			const seconds = zoneTime(rest[0] ?? '');
			if (seconds !== undefined) own = seconds;
			else if (!/^(?:IN|CH|HS)$/i.test(rest[0] ?? '')) break;
			rest.shift();
		}
		const kind = (rest.shift() ?? '').toUpperCase();
		const type = typeOfText(kind);
		if (type === 0) return bad('unknown RR type', kind);
		const need = WORDS[kind];
		if (need !== undefined && rest.length < need) return bad(`bad ${kind} ${kind}`, rest.at(-1) ?? '');
		const places = NAMES_AT[kind] ?? [];
		const data = rest.map((word, i) =>
			places.includes(i) ? absolute(word) : kind === 'SOA' ? String(zoneTime(word) ?? word) : word,
		);
		const record: DnsRecord = { name: bare(last), type, ttl: own, data: data.join(' ') };
		if (type === SOA) soa = record;
		records.set(last, [...(records.get(last) ?? []), record]);
	}
	return { origin, records, soa, serial: Number(soa?.data.split(' ')[2] ?? 0) };
}

const parentOf = (name: string): string => name.slice(name.indexOf('.') + 1) || '.';

/** Addresses of the names that some records name, as far as the zone has them. */
const glue = (zone: Zone, records: readonly DnsRecord[]): DnsRecord[] =>
	records.flatMap(({ type, data }) => {
		if (type !== NS && type !== MX && type !== SRV) return [];
		const name = data.split(' ').at(-1)!;
		return (zone.records.get(name) ?? []).filter((r) => r.type === A || r.type === AAAA);
	});

/** Whether a name is there, if only because others are below it. */
const exists = (zone: Zone, name: string): boolean =>
	zone.records.has(name) || [...zone.records.keys()].some((other) => other.endsWith(`.${name}`));

/** Zone.Lookup() */
export function lookup(zone: Zone, name: string, type: number): Outcome {
	if (!zone.soa) return { code: SERVFAIL };
	const least = Number(zone.soa.data.split(' ').at(-1));
	const denial = { authority: [{ ...zone.soa, ttl: Math.min(zone.soa.ttl, least) }] };
	// A part that was given away: the name servers of its first cut.
	const above: string[] = [];
	for (let at = name; at !== zone.origin && at !== '.'; at = parentOf(at)) above.unshift(at);
	for (const at of above) {
		const cut = (zone.records.get(at) ?? []).filter((r) => r.type === NS);
		if (cut.length > 0) return replyOf([], { flags: 0, authority: cut, additional: glue(zone, cut) });
	}
	let own = zone.records.get(name);
	if (!own && !exists(zone, name)) {
		// The closest name that is there may have a wildcard.
		let at = parentOf(name);
		while (at !== zone.origin && !exists(zone, at)) at = parentOf(at);
		own = zone.records.get(`*.${at}`)?.map((record) => ({ ...record, name: bare(name) }));
		if (!own) return replyOf([], { code: NXDOMAIN, ...denial });
	}
	const found = (own ?? []).filter((r) => r.type === type || type === ANY);
	if (found.length > 0) {
		const apex = zone.records.get(zone.origin)?.filter((r) => r.type === NS) ?? [];
		const authority = type === NS && name === zone.origin ? [] : apex;
		return replyOf(found, { flags: AA, authority, additional: glue(zone, found) });
	}
	const alias = own?.find((r) => r.type === CNAME);
	if (!alias) return replyOf([], denial);
	const more = alias.data === name ? undefined : inside(zone, alias.data) ? lookup(zone, alias.data, type) : undefined;
	return replyOf([alias, ...(more?.reply?.answers ?? [])], { flags: AA, authority: more?.reply?.authority ?? [] });
}

const inside = (zone: Zone, name: string): boolean =>
	name === zone.origin || name.endsWith(zone.origin === '.' ? '.' : `.${zone.origin}`);
