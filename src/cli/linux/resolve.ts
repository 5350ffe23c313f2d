/** Names to addresses as getaddrinfo() has it: /etc/hosts, then the servers of /etc/resolv.conf, asked over the network. */
import { imageFacts } from '../../sim/lab/index.ts';
import { connect, isLinuxError } from '../../sim/linux/index.ts';
import { type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { announce } from './connections.ts';
import { type DnsMessage, decodeDns, encodeDns, framed, NXDOMAIN, TYPES } from './dns-message.ts';
import { imageAt, packagesAt } from './images.ts';
import type { Space } from './space.ts';
import { send } from './traffic.ts';

/**
 * inet_aton(3): one to four parts, decimal, octal or hexadecimal, the last filling what is left. `1.1` is 1.0.0.1.
 */
export function inetAton(text: string): Ip | undefined {
	const parts = text.split('.');
	if (parts.length > 4) return undefined;
	const numbers = parts.map((part) =>
		/^0x[0-9a-f]+$/i.test(part)
			? Number.parseInt(part, 16)
			: /^0[0-7]+$/.test(part)
				? Number.parseInt(part, 8)
				: /^\d+$/.test(part)
					? Number(part)
					: Number.NaN,
	);
	const last = numbers.pop()!;
	const room = 256 ** (4 - numbers.length);
	if (!(last < room) || numbers.some((n) => !(n < 256))) return undefined;
	return numbers.reduce((sum, n, i) => sum + n * 256 ** (3 - i), 0) + last;
}

export interface ResolvConf {
	readonly servers: readonly Ip[];
	readonly search: readonly string[];
	readonly ndots: number;
	/** Microseconds. */
	readonly timeout: number;
	readonly attempts: number;
}

/** resolv.conf(5). */
export async function resolvConf(call: Call): Promise<ResolvConf> {
	const text = (await call.files.read('/etc/resolv.conf')) ?? '';
	const servers: Ip[] = [];
	let search: readonly string[] = [];
	let options: readonly string[] = [];
	for (const line of text.split('\n')) {
		const [key, ...words] = line.trim().split(/\s+/);
		if (key === 'nameserver') {
			const ip = parseIp(words[0] ?? '');
			if (ip !== undefined && servers.length < 3) servers.push(ip);
		} else if (key === 'search' || key === 'domain') search = words;
		else if (key === 'options') options = words;
	}
	const option = (name: string, otherwise: number): number =>
		Number(options.find((o) => o.startsWith(`${name}:`))?.slice(name.length + 1) ?? otherwise);
	return {
		servers,
		search,
		ndots: option('ndots', 1),
		timeout: option('timeout', 5) * 1e6,
		attempts: option('attempts', 2),
	};
}

export interface Asked {
	readonly message?: DnsMessage;
	/** Octets of the answer. */
	readonly size: number;
	/** Microseconds it took. */
	readonly took: number;
	/** ECONNREFUSED and the like; absent on an answer and on a timeout. */
	readonly errno?: string;
}

export interface AskOptions {
	readonly tcp?: boolean;
	readonly port?: number;
	readonly timeout: number;
	readonly edns?: number;
	readonly cookie?: string;
	readonly recurse?: boolean;
	/** Another type asked for from the same socket at the same time, as getaddrinfo() does it; its answer is of no interest here. */
	readonly also?: number;
	/** IP_RECVERR: told of every ICMP error, as glibc's resolver is; others hear of those that mean nobody is there. */
	readonly hears?: boolean;
	readonly id?: number;
}

const FATAL = [2, 3, 4, 6, 7, 8, 9, 10, 13, 14, 15];

/** One question to one server; time passes as it does on the wire. */
export async function ask(
	call: Call,
	space: Space,
	server: Ip,
	question: { readonly name: string; readonly type: number },
	options: AskOptions,
): Promise<Asked> {
	const id = options.id ?? space.lab.random('dns', `${call.lab.now} ${question.name} ${question.type}`, 65_536);
	const queryOf = (number: number, type: number): Uint8Array =>
		encodeDns({
			id: number,
			flags: options.recurse === false ? 0 : 0x100,
			code: 0,
			question: { name: question.name, type },
			answers: [],
			authority: [],
			...(options.edns === undefined ? {} : { edns: options.edns }),
			...(options.cookie === undefined ? {} : { cookie: options.cookie }),
		});
	const query = queryOf(id, question.type);
	const { also } = options;
	const { value, began, frames, decisions } = send(space, (net, ns) =>
		connect(net, ns, {
			protocol: options.tcp ? 'tcp' : 'udp',
			dst: server,
			dport: options.port ?? 53,
			data: options.tcp ? framed(query) : query,
			...(also === undefined ? {} : { also: queryOf((id + 0x1d2b) & 0xffff, also) }),
			deadline: options.timeout,
		}),
	);
	if (isLinuxError(value)) return { size: 0, took: 0, errno: 'EINVAL' };
	announce(space.lab, { cluster: space.cluster, from: space.name, program: call.name, client: value, decisions });
	const { outcome } = value;
	const frame = frames.find((f) => f.direction === 'rx' && f.packet === value.firstReply)?.frame.payload;
	const icmp = frame?.kind === 'ipv4' && frame.payload.kind === 'icmp' ? frame.payload : undefined;
	// icmp_err_convert[] (net/ipv4/icmp.c): which codes are fatal.
	const deaf = !options.tcp && !options.hears && icmp && !(icmp.type === 3 && FATAL.includes(icmp.code));
	if (deaf) {
		await call.sleep(options.timeout);
		return { size: 0, took: options.timeout };
	}
	const took = (outcome?.at ?? began) - began;
	await call.sleep(took);
	const reply = options.tcp ? outcome?.reply.subarray(2) : outcome?.reply;
	const message = reply && reply.length > 0 ? decodeDns(reply) : undefined;
	return {
		...(message?.id === id ? { message } : {}),
		size: reply?.length ?? 0,
		took,
		...(outcome?.errno === undefined ? {} : { errno: outcome.errno }),
	};
}

/** Names to try, in order (res_search()). */
export function candidates(name: string, { search, ndots }: Pick<ResolvConf, 'search' | 'ndots'>): readonly string[] {
	if (name.endsWith('.')) return [name.slice(0, -1)];
	const listed = search.map((domain) => `${name}.${domain}`);
	return name.split('.').length - 1 >= ndots ? [name, ...listed] : [...listed, name];
}

/** Whether programs of a place are Alpine's: their C library is musl. */
const isMusl = ({ place, lab }: Pick<Call, 'place' | 'lab'>): boolean =>
	imageFacts(imageAt(place, lab) ?? '').system === 'alpine';

/** gai_strerror(3) of glibc, or of musl. */
export const notFound = (call: Call, error: 'none' | 'again' | 'late'): string =>
	error === 'again'
		? isMusl(call)
			? 'Try again'
			: 'Temporary failure in name resolution'
		: isMusl(call)
			? 'Name does not resolve'
			: 'Name or service not known';

/** `again` is EAI_AGAIN: no server answered, or one failed; `none` is EAI_NONAME; `late`: who asks did not wait. */
export type Resolved =
	/** `name` is what the address is called there: the whole one of a name that was searched for. */
	| { readonly ip: Ip; readonly name: string; readonly aliases?: readonly string[] }
	| { readonly error: 'none' | 'again' | 'late' };

/**
 * getaddrinfo(). glibc's goes on with the list behind a server's failure, and when nobody answers only to the name as
 * it is (resolv/res_query.c @ 2.35, __res_context_search()); musl's ends with either, and with a name without an
 * address (src/network/lookup_name.c @ 1.2.3, name_from_dns()).
 * @param until time at which whoever asks has waited enough
 */
export async function resolve(
	call: Call,
	space: Space,
	name: string,
	until = Number.POSITIVE_INFINITY,
): Promise<Resolved> {
	const numeric = inetAton(name);
	if (numeric !== undefined) return { ip: numeric, name };
	if (!/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?$/i.test(name)) return { error: 'none' };
	for (const line of ((await call.files.read('/etc/hosts')) ?? '').split('\n')) {
		const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
		const ip = parseIp(address ?? '');
		if (ip !== undefined && names.includes(name.toLowerCase())) return { ip, name: names[0]!, aliases: names.slice(1) };
	}
	const conf = await resolvConf(call);
	const musl = isMusl(call);
	// musl asks again within the same time, and searches for no name with dots enough.
	const patience = musl ? { ...conf, timeout: conf.timeout / conf.attempts } : conf;
	const listed = candidates(name, conf);
	const names = musl && listed[0] === name ? listed.slice(0, 1) : listed;
	let failed = false;
	let silent = false;
	for (const candidate of names) {
		if (silent && candidate !== name) continue;
		const answer = await askAll(call, space, patience, candidate, TYPES.A!, until);
		if (call.lab.now >= until) return { error: 'late' };
		if (answer === 'again') {
			failed = true;
			if (musl) break;
			if (candidate !== name) silent = true;
			continue;
		}
		const record = answer.answers.find((r) => r.type === TYPES.A);
		const ip = record && parseIp(record.data);
		if (ip !== undefined) return { ip, name: record!.name };
		if (answer.code !== 0 && answer.code !== NXDOMAIN) failed = true;
		if (musl && answer.code !== NXDOMAIN) break;
	}
	return { error: failed ? 'again' : 'none' };
}

/** getnameinfo(): the name of an address by /etc/hosts, then by its PTR record; undefined when it has none. */
export async function nameOf(call: Call, space: Space, ip: Ip): Promise<string | undefined> {
	for (const line of ((await call.files.read('/etc/hosts')) ?? '').split('\n')) {
		const [address, name] = line.replace(/#.*/, '').trim().split(/\s+/);
		if (name !== undefined && parseIp(address ?? '') === ip) return name;
	}
	const labels = [0, 8, 16, 24].map((bits) => (ip >>> bits) & 255).join('.');
	const answer = await askAll(call, space, await resolvConf(call), `${labels}.in-addr.arpa`, TYPES.PTR!);
	return answer === 'again' ? undefined : answer.answers.find((r) => r.type === TYPES.PTR)?.data.replace(/\.$/, '');
}

async function askAll(
	call: Call,
	space: Space,
	conf: ResolvConf,
	name: string,
	type = TYPES.A!,
	until = Number.POSITIVE_INFINITY,
): Promise<DnsMessage | 'again'> {
	const also = type === TYPES.A ? TYPES.AAAA : undefined;
	const hears = packagesAt(call.place, call.lab).includes('base');
	for (let attempt = 0; attempt < conf.attempts; attempt++)
		for (const server of conf.servers) {
			const timeout = Math.min(conf.timeout, until - call.lab.now);
			if (timeout <= 0) return 'again';
			const { message } = await ask(call, space, server, { name, type }, { timeout, hears, also });
			if (message) return message;
		}
	return 'again';
}

/** The address of a server given by name. */
export async function serverIp(call: Call, space: Space, name: string): Promise<Ip | undefined> {
	const found = await resolve(call, space, name);
	return 'ip' in found ? found.ip : undefined;
}
