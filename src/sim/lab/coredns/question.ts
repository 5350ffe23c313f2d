/** What passes between plugins: a question, and what became of it. Names have their dot at the end, in small letters. */
import type { Ip } from '../../wire/index.ts';

export interface DnsRecord {
	/** Without the dot at its end. */
	readonly name: string;
	readonly type: number;
	readonly ttl: number;
	/** As zone files write it. */
	readonly data: string;
}

export interface DnsReply {
	readonly code: number;
	/** Of the header: AA 0x400, TC 0x200, RA 0x80. */
	readonly flags: number;
	readonly answers: readonly DnsRecord[];
	readonly authority: readonly DnsRecord[];
	readonly additional: readonly DnsRecord[];
}

export interface DnsQuestion {
	readonly id: number;
	readonly name: string;
	readonly type: number;
	/** RD 0x100. */
	readonly flags: number;
	readonly edns?: number | undefined;
}

/** What a program has of the network while it answers. */
export interface DnsNetwork {
	/** The lab's time of the network, microseconds. */
	readonly now: number;
	/** Asks another server; `took` microseconds. `error` is what Go says of it. */
	ask(
		question: DnsQuestion,
		to: { readonly ip: Ip; readonly port: number; readonly tcp: boolean },
	): { readonly reply?: DnsReply; readonly error?: string; readonly took: number };
	/** Octets of an answer with its question, without EDNS. */
	sizeOf(question: DnsQuestion, reply: DnsReply): number;
}

export interface Asker {
	readonly ip: string;
	readonly port: number;
	readonly tcp: boolean;
	/** Octets of the question. */
	readonly size: number;
	readonly local: string;
}

export interface Outcome {
	readonly code: number;
	/** Absent when nobody wrote one: the server then answers with the code alone. */
	readonly reply?: DnsReply | undefined;
	readonly error?: string | undefined;
	/** Nobody answers at all. */
	readonly dropped?: boolean;
}

/** A question on its way through the plugins. */
export interface Query {
	readonly question: DnsQuestion;
	/** As it is asked for now: rewritten, or along a search list. */
	readonly name: string;
	readonly type: number;
	readonly asker: Asker;
	readonly network: DnsNetwork;
	/** Microseconds it has taken. */
	spend(took: number): void;
	spent(): number;
}

export const NOERROR = 0;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const REFUSED = 5;
export const AA = 0x400;
export const [A, NS, CNAME, SOA, PTR, HINFO, MX, TXT, AAAA, SRV, IXFR, AXFR, ANY] = [
	1, 2, 5, 6, 12, 13, 15, 16, 28, 33, 251, 252, 255,
] as const;

const NAMES: Readonly<Record<number, string>> = {
	1: 'A',
	2: 'NS',
	5: 'CNAME',
	6: 'SOA',
	12: 'PTR',
	13: 'HINFO',
	15: 'MX',
	16: 'TXT',
	28: 'AAAA',
	33: 'SRV',
	35: 'NAPTR',
	43: 'DS',
	48: 'DNSKEY',
	64: 'SVCB',
	65: 'HTTPS',
	251: 'IXFR',
	252: 'AXFR',
	255: 'ANY',
	257: 'CAA',
};
export const typeText = (type: number): string => NAMES[type] ?? `TYPE${type}`;
export const typeOfText = (text: string): number =>
	Number(Object.keys(NAMES).find((n) => NAMES[Number(n)] === text) ?? 0);

/** A name as records have it. */
export const bare = (name: string): string => name.replace(/\.$/, '');

export const replyOf = (answers: readonly DnsRecord[], more: Partial<DnsReply> = {}): Outcome => ({
	code: more.code ?? NOERROR,
	reply: { code: NOERROR, flags: AA, authority: [], additional: [], ...more, answers },
});
