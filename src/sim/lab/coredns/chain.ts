/** What plugins do with a question: ServeDNS() of plugin/{log,errors,loadbalance,whoami,any} @ v1.8.6, v1.11.1; the rest beside. */
import { type Consolidated, type LogRule, within } from './config.ts';
import {
	A,
	AAAA,
	ANY,
	bare,
	CNAME,
	type DnsRecord,
	HINFO,
	NXDOMAIN,
	type Outcome,
	type Query,
	replyOf,
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
