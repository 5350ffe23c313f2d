/** plugin/cache: what is kept of answers, and for how long (plugin/cache/{handler,cache,item}.go @ v1.8.6, v1.11.1). */
import type { Handler, Surroundings } from './chain.ts';
import { type Cache, zoneOf } from './config.ts';
import { AA, type DnsRecord, type DnsReply, NXDOMAIN, type Outcome, type Query, SERVFAIL, SOA } from './question.ts';

interface Kept {
	/** Microseconds. */
	readonly at: number;
	readonly ttl: number;
	readonly reply: DnsReply;
	/** How often it was asked for of late, and when that began. */
	hits: number;
	since: number;
}

/** Octets are kept by name and type; what has none of its own lives five seconds. */
const LEAST = 5;

const lifeOf = ({ answers, authority, additional, code }: DnsReply): number => {
	const soa = authority.find(({ type }) => type === SOA);
	if (answers.length === 0 && soa && (code === 0 || code === NXDOMAIN))
		return Math.min(soa.ttl, Number(soa.data.split(' ').at(-1)));
	const all = [...answers, ...authority, ...additional];
	return all.length > 0 ? Math.min(...all.map(({ ttl }) => ttl)) : LEAST;
};

const withTtl = (reply: DnsReply, ttl: number): DnsReply => {
	const set = (records: readonly DnsRecord[]): DnsRecord[] => records.map((record) => ({ ...record, ttl }));
	return { ...reply, answers: set(reply.answers), authority: set(reply.authority), additional: set(reply.additional) };
};

export function cache(config: Cache, around: Surroundings): Handler {
	const kept = new Map<string, Kept>();
	const isDenial = ({ code, answers }: DnsReply): boolean => code !== 0 || answers.length === 0;
	const fetch = (query: Query, next: (query: Query) => Outcome): Outcome => {
		const { name, type, network } = query;
		const outcome = next(query);
		const { reply } = outcome;
		if (!reply || reply.flags & 0x200 || (reply.code !== 0 && reply.code !== NXDOMAIN && reply.code !== SERVFAIL))
			return outcome;
		const denial = reply.code === NXDOMAIN || (reply.code === 0 && reply.answers.length === 0);
		const ttl =
			reply.code === SERVFAIL
				? config.fail
				: denial
					? Math.min(Math.max(lifeOf(reply), config.least[1]), config.denial)
					: Math.min(Math.max(lifeOf(reply), config.least[0]), config.success);
		const none = denial || reply.code === SERVFAIL ? config.notDenial : config.notSuccess;
		const at = network.now + query.spent();
		if (ttl > 0 && zoneOf(name, none) === undefined)
			kept.set(`${type} ${name}`, { at, ttl, reply, hits: 0, since: at });
		return { ...outcome, reply: withTtl(reply, ttl) };
	};
	/** Asks again while the answer that is kept goes out: nobody waits for it. */
	const refresh = (query: Query, next: (query: Query) => Outcome): void => {
		let spent = 0;
		fetch(
			{
				...query,
				spend(took) {
					spent += took;
				},
				spent: () => spent,
			},
			next,
		);
	};
	return (query, next) => {
		const { name, type, network } = query;
		if (zoneOf(name, config.zones) === undefined) return next(query);
		const now = network.now;
		const known = kept.get(`${type} ${name}`);
		const left = known ? known.ttl - Math.floor((now - known.at) / 1e6) : 0;
		// What was taken from it is always said to be authoritative.
		const given = (ttl: number): Outcome => {
			around.count('cache_hits', known!.reply.code === SERVFAIL || isDenial(known!.reply) ? 'denial' : 'success');
			return { code: 0, reply: withTtl({ ...known!.reply, flags: known!.reply.flags | AA }, ttl) };
		};
		if (known && left > 0 && now >= known.at) {
			const { prefetch } = config;
			if (prefetch) {
				if (now - known.since > prefetch.duration) Object.assign(known, { hits: 0, since: now });
				known.hits++;
				if (known.hits >= prefetch.amount && left <= Math.floor(prefetch.part * known.ttl)) refresh(query, next);
			}
			return given(config.keepTtl ? known.ttl : left);
		}
		if (known && now >= known.at && -left * 1e6 < config.stale) {
			if (!config.verify) {
				const outcome = given(0);
				refresh(query, next);
				return outcome;
			}
			const outcome = fetch(query, next);
			return outcome.reply && outcome.reply.code !== SERVFAIL ? outcome : given(0);
		}
		around.count('cache_misses', '');
		return fetch(query, next);
	};
}
