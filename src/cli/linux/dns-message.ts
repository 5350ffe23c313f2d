/** Messages of the DNS (RFC 1035), with EDNS(0)'s record (RFC 6891). */
import { formatIp, type Ip } from '../../sim/wire/index.ts';

export const TYPES: Readonly<Record<string, number>> = {
	A: 1,
	NS: 2,
	CNAME: 5,
	SOA: 6,
	PTR: 12,
	MX: 15,
	TXT: 16,
	AAAA: 28,
	SRV: 33,
	NAPTR: 35,
	OPT: 41,
	DS: 43,
	DNSKEY: 48,
	SVCB: 64,
	HTTPS: 65,
	IXFR: 251,
	AXFR: 252,
	ANY: 255,
	CAA: 257,
};
export const typeName = (type: number): string =>
	Object.entries(TYPES).find(([, number]) => number === type)?.[0] ?? `TYPE${type}`;

export const NOERROR = 0;
export const SERVFAIL = 2;
export const NXDOMAIN = 3;
export const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

export interface DnsRecord {
	/** Without the dot at its end. */
	readonly name: string;
	readonly type: number;
	readonly ttl: number;
	/** As zone files write it: `10.96.0.1`, `0 100 53 name.`, `"1.1.0"`. */
	readonly data: string;
}

export interface DnsMessage {
	readonly id: number;
	/** Bits of the header's third and fourth octet without the code: QR 0x8000, AA 0x400, TC 0x200, RD 0x100, RA 0x80. */
	readonly flags: number;
	readonly code: number;
	readonly question?: { readonly name: string; readonly type: number };
	readonly answers: readonly DnsRecord[];
	readonly authority: readonly DnsRecord[];
	readonly additional?: readonly DnsRecord[];
	/** Octets the sender takes in a datagram, when it says so. */
	readonly edns?: number;
	/** EDNS's cookie (RFC 7873), hexadecimal. */
	readonly cookie?: string;
}

const two = (n: number): number[] => [(n >>> 8) & 0xff, n & 0xff];
const four = (n: number): number[] => [...two(n >>> 16), ...two(n)];

class Writer {
	readonly out: number[] = [];
	readonly #names = new Map<string, number>();
	readonly #compress: boolean;

	constructor(compress: boolean) {
		this.#compress = compress;
	}

	name(name: string): void {
		let rest = name.replace(/\.$/, '').toLowerCase();
		while (rest !== '') {
			const known = this.#compress ? this.#names.get(rest) : undefined;
			if (known !== undefined) {
				this.out.push(...two(0xc000 | known));
				return;
			}
			if (this.out.length < 0x3fff) this.#names.set(rest, this.out.length);
			const dot = rest.indexOf('.');
			const label = (dot < 0 ? rest : rest.slice(0, dot)).slice(0, 63);
			this.out.push(label.length, ...[...label].map((c) => c.charCodeAt(0) & 0x7f));
			rest = dot < 0 ? '' : rest.slice(dot + 1);
		}
		this.out.push(0);
	}

	record({ name, type, ttl, data }: DnsRecord): void {
		this.name(name);
		this.out.push(...two(type), ...two(1), ...four(ttl));
		const at = this.out.length;
		this.out.push(0, 0);
		const words = data.split(' ');
		if (type === TYPES.A) this.out.push(...data.split('.').map(Number));
		else if (type === TYPES.PTR || type === TYPES.NS || type === TYPES.CNAME) this.name(data);
		else if (type === TYPES.TXT) {
			const text = data.slice(1, -1);
			this.out.push(text.length, ...[...text].map((c) => c.charCodeAt(0)));
		} else if (type === TYPES.SRV) {
			this.out.push(...words.slice(0, 3).flatMap((n) => two(Number(n))));
			this.name(words[3]!);
		} else if (type === TYPES.SOA) {
			this.name(words[0]!);
			this.name(words[1]!);
			this.out.push(...words.slice(2).flatMap((n) => four(Number(n))));
		}
		const length = this.out.length - at - 2;
		this.out[at] = length >>> 8;
		this.out[at + 1] = length & 0xff;
	}
}

/** The octets of a message; names in full unless they are to be compressed. */
export function encodeDns(message: DnsMessage, compress = false): Uint8Array {
	const w = new Writer(compress);
	const { question, answers, authority, additional = [], edns, cookie } = message;
	w.out.push(
		...two(message.id),
		...two(message.flags | message.code),
		...two(question ? 1 : 0),
		...two(answers.length),
		...two(authority.length),
		...two(additional.length + (edns === undefined ? 0 : 1)),
	);
	if (question) {
		w.name(question.name);
		w.out.push(...two(question.type), ...two(1));
	}
	for (const record of [...answers, ...authority, ...additional]) w.record(record);
	if (edns !== undefined) {
		const octets = (cookie?.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
		const options = octets.length > 0 ? [...two(COOKIE), ...two(octets.length), ...octets] : [];
		w.out.push(0, ...two(41), ...two(edns), 0, 0, 0, 0, ...two(options.length), ...options);
	}
	return Uint8Array.from(w.out);
}

/** Code of EDNS's option COOKIE. */
const COOKIE = 10;

/** Reads a message; undefined for what is none. */
export function decodeDns(octets: Uint8Array): DnsMessage | undefined {
	let at = 12;
	const byte = (i: number): number => octets[i] ?? 0;
	const word = (i: number): number => (byte(i) << 8) | byte(i + 1);
	const long = (i: number): number => word(i) * 65536 + word(i + 2);
	if (octets.length < 12) return undefined;
	const nameAt = (start: number): { name: string; next: number } => {
		const labels: string[] = [];
		let i = start;
		let next = -1;
		for (let jumps = 0; jumps < 20; ) {
			const length = byte(i);
			if (length === 0) break;
			if (length >= 0xc0) {
				if (next < 0) next = i + 2;
				i = word(i) & 0x3fff;
				jumps++;
				continue;
			}
			labels.push(String.fromCharCode(...octets.subarray(i + 1, i + 1 + length)));
			i += 1 + length;
			if (labels.length > 127) break;
		}
		return { name: labels.join('.'), next: next < 0 ? i + 1 : next };
	};
	const counts = [4, 6, 8, 10].map(word);
	let question: DnsMessage['question'];
	for (let i = 0; i < counts[0]!; i++) {
		const { name, next } = nameAt(at);
		question ??= { name, type: word(next) };
		at = next + 4;
	}
	let edns: number | undefined;
	let cookie: string | undefined;
	const records = (count: number): DnsRecord[] => {
		const out: DnsRecord[] = [];
		for (let i = 0; i < count && at < octets.length; i++) {
			const { name, next } = nameAt(at);
			const type = word(next);
			const ttl = long(next + 4);
			const length = word(next + 8);
			const data = next + 10;
			at = data + length;
			if (type === TYPES.OPT) {
				edns = word(next + 2);
				for (let o = data; o + 4 <= at; o += 4 + word(o + 2))
					if (word(o) === COOKIE)
						cookie = [...octets.subarray(o + 4, o + 4 + word(o + 2))]
							.map((n) => n.toString(16).padStart(2, '0'))
							.join('');
				continue;
			}
			let text = '';
			if (type === TYPES.A) text = formatIp(long(data) as Ip);
			else if (type === TYPES.PTR || type === TYPES.NS || type === TYPES.CNAME) text = `${nameAt(data).name}.`;
			else if (type === TYPES.TXT)
				text = `"${String.fromCharCode(...octets.subarray(data + 1, data + 1 + byte(data)))}"`;
			else if (type === TYPES.SRV) text = `${word(data)} ${word(data + 2)} ${word(data + 4)} ${nameAt(data + 6).name}.`;
			else if (type === TYPES.SOA) {
				const m = nameAt(data);
				const r = nameAt(m.next);
				text = `${m.name}. ${r.name}. ${[0, 4, 8, 12, 16].map((n) => long(r.next + n)).join(' ')}`;
			}
			out.push({ name, type, ttl, data: text });
		}
		return out;
	};
	const answers = records(counts[1]!);
	const authority = records(counts[2]!);
	const additional = records(counts[3]!);
	const head = word(2);
	return {
		id: word(0),
		flags: head & 0xfff0,
		code: head & 0xf,
		...(question ? { question } : {}),
		answers,
		authority,
		...(additional.length > 0 ? { additional } : {}),
		...(edns === undefined ? {} : { edns }),
		...(cookie === undefined ? {} : { cookie }),
	};
}

/** Over TCP a message has its length in front (RFC 1035, 4.2.2). */
export function framed(message: Uint8Array): Uint8Array {
	const out = new Uint8Array(message.length + 2);
	out.set(two(message.length));
	out.set(message, 2);
	return out;
}
