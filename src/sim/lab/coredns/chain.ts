/** What plugins do with a question: ServeDNS() of plugin/{log,errors,cache,rewrite,template,autopath,hosts,forward,loadbalance} @ v1.8.6, v1.11.1. */
import { parseIp } from '../../wire/index.ts';
import {
	type Cache,
	type Consolidated,
	type Forward,
	fallsThrough,
	fqdn,
	type Hosts,
	type LogRule,
	type Rewrite,
	type Template,
	within,
	zoneOf,
} from './config.ts';
import {
	A,
	AA,
	AAAA,
	ANY,
	bare,
	CNAME,
	type DnsRecord,
	type DnsReply,
	HINFO,
	NXDOMAIN,
	type Outcome,
	PTR,
	type Query,
	replyOf,
	SERVFAIL,
	SOA,
	typeOfText,
	typeText,
} from './question.ts';

export type Handler = (query: Query, next: (query: Query) => Outcome) => Outcome;

export interface Surroundings {
	/** A line of the log, now in the network. */
	log(query: Query, line: string): void;
	random(purpose: string, key: string, bound: number): number;
	readFile(path: string): string | undefined;
	/** Later, while this process runs. */
	after(delay: number, act: () => void): void;
	/** A line of the log, now. */
	say(line: string): void;
	/** Counts something that /metrics tells. */
	count(name: string, labels: string): void;
	/** Namespace and search list of a pod with an address, where pods are known. */
	searchOf(ip: string, zones: readonly string[]): readonly string[] | undefined;
}

const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

const classOf = ({ code, reply }: Outcome): string =>
	!reply || (code !== 0 && code !== NXDOMAIN)
		? 'error'
		: code === NXDOMAIN || reply.answers.length === 0
			? 'denial'
			: 'success';

/** Seconds of nanoseconds as strconv writes them: `0.000132087`. */
const seconds = (nanos: number): string =>
	`${Math.floor(nanos / 1e9)}.${String(nanos % 1e9).padStart(9, '0')}`.replace(/\.?0+$/, '');

export const log =
	(rules: readonly LogRule[], around: Surroundings): Handler =>
	(query, next) => {
		const { name, question, asker, network } = query;
		const rule = rules.find(({ zone }) => within(name, zone));
		if (!rule) return next(query);
		const outcome = next(query);
		if (!rule.classes.includes('all') && !rule.classes.includes(classOf(outcome))) return outcome;
		const { reply } = outcome;
		const bits = (reply?.flags ?? 0) | (question.flags & 0x100);
		const flags = [
			['aa', 0x400],
			['tc', 0x200],
			['rd', 0x100],
			['ra', 0x80],
		] as const;
		const own = around.random('query', `${network.now} ${name} ${question.id}`, 260_000);
		const labels: Readonly<Record<string, string | number>> = {
			remote: asker.ip,
			port: asker.port,
			local: asker.local,
			type: typeText(query.type),
			class: 'IN',
			name,
			proto: asker.tcp ? 'tcp' : 'udp',
			size: asker.size,
			rcode: reply ? (RCODES[reply.code] ?? reply.code) : '-',
			rsize: reply ? network.sizeOf(question, reply) : 0,
			duration: `${seconds(query.spent() * 1000 + 60_000 + own)}s`,
			'>id': question.id,
			'>opcode': 0,
			'>do': 'false',
			'>bufsize': asker.tcp ? 65_535 : Math.max(512, question.edns ?? 0),
			'>rflags': reply ? ['qr', ...flags.filter(([, bit]) => bits & bit).map(([flag]) => flag)].join(',') : '-',
		};
		around.log(
			query,
			`[INFO] ${rule.format.replace(/\{(>?[a-z]+)\}/g, (whole, label: string) => String(labels[label] ?? whole))}`,
		);
		return outcome;
	};

export const errors = (patterns: readonly Consolidated[], around: Surroundings): Handler => {
	/** Errors of a pattern since its timer began. */
	const counts = new Map<Consolidated, number>();
	return (query, next) => {
		const outcome = next(query);
		if (outcome.error === undefined) return outcome;
		const text = `${outcome.code} ${query.name} ${typeText(query.type)}: ${outcome.error}`;
		const like = patterns.find(({ pattern }) => pattern.test(text));
		if (!like) around.log(query, `[ERROR] plugin/errors: ${text}`);
		else {
			const before = counts.get(like) ?? 0;
			counts.set(like, before + 1);
			if (before === 0)
				around.after(like.period, () => {
					const n = counts.get(like) ?? 0;
					counts.delete(like);
					around.say(`[${like.level}] plugin/errors: ${n} errors like '${like.text}' occurred in last ${like.said}`);
				});
		}
		return outcome;
	};
};

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

/** Random order of addresses; other names go first, the rest last. */
export const loadbalance =
	(around: Surroundings): Handler =>
	(query, next) => {
		const outcome = next(query);
		const { reply } = outcome;
		if (!reply) return outcome;
		const isAddress = ({ type }: DnsRecord): boolean => type === A || type === AAAA;
		const addresses = reply.answers.filter(isAddress);
		for (let i = addresses.length - 1; i > 0; i--) {
			const j = around.random('shuffle', `${query.network.now} ${query.name} ${query.question.id} ${i}`, i + 1);
			[addresses[i], addresses[j]] = [addresses[j]!, addresses[i]!];
		}
		const answers = [
			...reply.answers.filter(({ type }) => type === CNAME),
			...addresses,
			...reply.answers.filter((record) => !isAddress(record) && record.type !== CNAME),
		];
		return { ...outcome, reply: { ...reply, answers } };
	};

/** The name a rule makes of another; undefined when it does not match. */
function rewritten({ match, from, to }: Rewrite, name: string): string | undefined {
	switch (match) {
		case 'exact':
			return name === from ? to : undefined;
		case 'prefix':
			return name.startsWith(from) ? `${to}${name.slice(from.length)}` : undefined;
		case 'suffix':
			return name.endsWith(from) ? `${name.slice(0, name.length - from.length)}${to}` : undefined;
		case 'substring':
			return name.includes(from) ? name.replaceAll(from, to) : undefined;
		default: {
			const groups = new RegExp(from.replace(/^\(\?i\)/, '').replace(/\(\?P</g, '(?<')).exec(name);
			return groups ? to.replace(/\{(\d+)\}/g, (whole, i: string) => groups[Number(i)] ?? whole) : undefined;
		}
	}
}

export const rewrite =
	(rules: readonly Rewrite[]): Handler =>
	(query, next) => {
		let now = query;
		const back: ((record: DnsRecord) => DnsRecord)[] = [];
		for (const rule of rules) {
			if (rule.what === 'ttl' && rewritten({ ...rule, to: '' }, now.name) !== undefined) {
				const [least, most] = rule.ttl!;
				back.push((record) => ({ ...record, ttl: Math.min(Math.max(record.ttl, least), most) }));
			} else if (rule.what === 'type' && rule.from === typeText(now.type)) now = { ...now, type: typeOfText(rule.to) };
			else if (rule.what === 'name') {
				const to = rewritten(rule, now.name);
				if (to === undefined) continue;
				const from = now.name;
				now = { ...now, name: fqdn(to) };
				const turn = (text: string): string =>
					fqdn(text) === fqdn(to)
						? from
						: rule.match === 'suffix' && fqdn(text).endsWith(rule.to)
							? `${fqdn(text).slice(0, -rule.to.length)}${rule.from}`
							: text;
				if (rule.auto)
					back.push((record) => ({
						...record,
						name: bare(turn(`${record.name}.`)),
						data: record.type === CNAME || record.type === PTR ? turn(record.data) : record.data,
					}));
				for (const { of, from: pattern, to: given } of rule.answers)
					back.push((record) => {
						const text = of === 'name' ? `${record.name}.` : record.data;
						const groups = pattern.exec(text);
						if (!groups) return record;
						const made = given.replace(/\{(\d+)\}/g, (whole, i: string) => groups[Number(i)] ?? whole);
						return of === 'name' ? { ...record, name: bare(made) } : { ...record, data: made };
					});
			} else continue;
			if (rule.mode === 'stop') break;
		}
		const outcome = next(now);
		const { reply } = outcome;
		if (!reply || back.length === 0) return outcome;
		const turned = (records: readonly DnsRecord[]): DnsRecord[] =>
			records.map((record) => back.reduce((made, step) => step(made), record));
		return { ...outcome, reply: { ...reply, answers: turned(reply.answers), additional: turned(reply.additional) } };
	};

/** A line of a zone file, its places filled in: `{{ .Name }} 60 IN A 10.0.0.1`. */
function lineOf(text: string, query: Query, groups: RegExpExecArray, zone: string): DnsRecord | undefined {
	const filled = text.replace(/\{\{\s*(.*?)\s*\}\}/g, (_, what: string) => {
		const of: Readonly<Record<string, string>> = {
			'.Name': query.name,
			'.Zone': zone,
			'.Type': typeText(query.type),
			'.Class': 'IN',
			'.Remote': query.asker.ip,
		};
		const index = /^index \.Match (\d+)$/.exec(what) ?? /^\.Group\.(\w+)$/.exec(what);
		return of[what] ?? (index ? (groups[Number(index[1])] ?? groups.groups?.[index[1]!] ?? '') : '');
	});
	const m = /^(\S+)\s+(?:(\d+)\s+)?(?:IN\s+)?(?:(\d+)\s+)?([A-Z]+)\s+(.*)$/.exec(filled);
	const type = typeOfText(m?.[4] ?? '');
	if (!m || type === 0) return undefined;
	return { name: bare(m[1]!), type, ttl: Number(m[2] ?? m[3] ?? 3600), data: m[5]! };
}

export const template =
	(templates: readonly Template[]): Handler =>
	(query, next) => {
		const { name } = query;
		if (templates.every(({ zones }) => zoneOf(name, zones) === undefined)) return next(query);
		for (const { type, zones, match, answer, additional, authority, rcode, fall } of templates) {
			const zone = zoneOf(name, zones);
			const groups =
				zone === undefined || (type !== 'ANY' && type !== typeText(query.type))
					? null
					: match.map((r) => r.exec(name)).find(Boolean);
			if (!groups) {
				if (zone !== undefined && !fallsThrough(fall, name) && (type === 'ANY' || type === typeText(query.type)))
					return { code: NXDOMAIN, reply: { code: NXDOMAIN, flags: AA, answers: [], authority: [], additional: [] } };
				continue;
			}
			if (rcode === SERVFAIL) return { code: SERVFAIL };
			const made = (lines: readonly string[]): DnsRecord[] =>
				lines.flatMap((text) => lineOf(text, query, groups, zone!) ?? []);
			return replyOf(made(answer), { code: rcode, additional: made(additional), authority: made(authority) });
		}
		return next(query);
	};

export const autopath =
	(zones: readonly string[], search: readonly string[] | '@kubernetes', around: Surroundings): Handler =>
	(query, next) => {
		const { name } = query;
		const list = search === '@kubernetes' ? around.searchOf(query.asker.ip, zones) : search;
		if (!list || list.length === 0 || zoneOf(name, zones) === undefined || !within(name, list[0]!) || name === list[0])
			return next(query);
		const base = name.slice(0, -(list[0]!.length + 1));
		let first: Outcome | undefined;
		for (const zone of list) {
			const outcome = next({ ...query, name: fqdn(zone === '' ? base : `${base}.${zone}`) });
			first ??= outcome;
			const { reply } = outcome;
			if (!reply || reply.code === NXDOMAIN) continue;
			// The name that was asked for is another name of the one that was found.
			const [found] = reply.answers;
			const asked = bare(name);
			if (!found || found.name === asked) return outcome;
			const alias = {
				name: asked,
				type: CNAME,
				ttl: Math.min(...reply.answers.map(({ ttl }) => ttl)),
				data: `${found.name}.`,
			};
			return { ...outcome, reply: { ...reply, answers: [alias, ...reply.answers] } };
		}
		return first!;
	};

interface Entry {
	readonly ip: string;
	readonly names: readonly string[];
}

const entriesOf = (lines: readonly string[]): readonly Entry[] =>
	lines.flatMap((line) => {
		const [ip, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
		return ip && names.length > 0 ? [{ ip, names: names.map(fqdn) }] : [];
	});

export const hosts =
	(config: Hosts, around: Surroundings): Handler =>
	(query, next) => {
		const { name, type } = query;
		if (zoneOf(name, config.zones) === undefined && type !== PTR) return next(query);
		const entries = entriesOf([...config.lines, ...(around.readFile(config.file) ?? '').split('\n')]);
		const record = (kind: number, data: string): DnsRecord => ({ name: bare(name), type: kind, ttl: config.ttl, data });
		if (type === PTR) {
			const ip = name
				.replace(/\.in-addr\.arpa\.$/, '')
				.split('.')
				.reverse()
				.join('.');
			const names = config.reverse ? entries.filter((entry) => entry.ip === ip).flatMap((entry) => entry.names) : [];
			return names.length > 0 ? replyOf(names.map((target) => record(PTR, target))) : next(query);
		}
		const ips = entries.filter(({ names }) => names.includes(name)).map(({ ip }) => ip);
		if (ips.length === 0) return fallsThrough(config.fall, name) ? next(query) : { code: SERVFAIL };
		const kind = (ip: string): number => (parseIp(ip) === undefined ? AAAA : A);
		return replyOf([...new Set(ips)].filter((ip) => kind(ip) === type).map((ip) => record(type, ip)));
	};

/** Microseconds: of all attempts, of one (plugin/forward, pkg/proxy), and until an upstream that fails is known to be down. */
const ALL = 5e6;
const READ = 2e6;
const DOWN = 3e6;

export function forward(config: Forward, around: Surroundings): Handler {
	/** Since when an upstream does not answer. */
	const failing = new Map<string, number>();
	let turn = 0;
	return (query, next) => {
		const { name, question, network } = query;
		if (!within(name, config.from) || (name !== config.from && zoneOf(name, config.except) !== undefined))
			return next(query);
		const count = config.to.length;
		const begin =
			config.policy === 'sequential'
				? 0
				: config.policy === 'round_robin'
					? turn++ % count
					: around.random('upstream', `${network.now} ${name} ${question.id}`, count);
		let error = 'no healthy proxies';
		let [spent, fails] = [0, 0];
		for (let i = 0; spent < ALL; i++) {
			if (i >= count && i % count === 0) fails = 0;
			const to = config.to[(begin + i) % count]!;
			const key = `${to.host}:${to.port}`;
			const since = failing.get(key);
			if (since !== undefined && network.now + query.spent() - since >= DOWN && ++fails < count) continue;
			const ip = parseIp(to.host);
			// Neither IPv6 nor TLS is spoken here: as when nobody is there.
			const asked =
				ip === undefined || to.tls
					? { error: `dial tcp ${key}: i/o timeout`, took: READ }
					: network.ask(
							{ ...question, name: bare(name), type: query.type },
							{ ip, port: to.port, tcp: config.tcp || query.asker.tcp },
						);
			const took = Math.min(asked.took, READ);
			query.spend(took);
			spent += Math.max(took, 100);
			if ('reply' in asked && asked.reply) {
				failing.delete(key);
				return { code: asked.reply.code === SERVFAIL ? 0 : 0, reply: asked.reply };
			}
			if (config.checks && since === undefined) failing.set(key, network.now + query.spent() - took);
			error = asked.error ?? `read udp ${key}: i/o timeout`;
			// One whose port is shut is asked again at once, for as long as there is time; a few times say as much.
			if (asked.took < READ && i >= 2 * count) break;
			if (fails >= count) break;
		}
		return { code: SERVFAIL, error };
	};
}

export const whoami: Handler = (query) => {
	const { ip, port, tcp } = query.asker;
	const name = bare(query.name);
	const additional = [
		{ name, type: A, ttl: 0, data: ip },
		{ name: `_${tcp ? 'tcp' : 'udp'}.${name}`, type: 33, ttl: 0, data: `0 0 ${port} .` },
	];
	return replyOf([], { additional });
};

export const any: Handler = (query, next) =>
	query.type === ANY
		? replyOf([{ name: bare(query.name), type: HINFO, ttl: 8482, data: '"ANY obsoleted" "See RFC 8482"' }])
		: next(query);
