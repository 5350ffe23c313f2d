/** `nslookup` of BIND 9.18 (bin/dig/*.c), and busybox's nslookup. */
import { formatIp, type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call } from '../tool.ts';
import { askServers, unreachable } from './ask-servers.ts';
import { type DnsMessage, RCODES, TYPES, typeName } from './dns-message.ts';
import { imageAt, isBusybox } from './images.ts';
import { type Asked, ask, candidates, nameOf, type ResolvConf, resolvConf, serverIp } from './resolve.ts';
import type { Space } from './space.ts';
import { ERRNO } from './words.ts';

interface LookedUp {
	readonly name: string;
	readonly asked: Asked;
	/** Who answered, or was asked last. */
	readonly server: Ip;
}

/** Looks a name up along the search list, as nslookup and host do; the last answer when none has it. */
export async function lookup(
	call: Call,
	space: Space,
	conf: ResolvConf,
	servers: readonly Ip[],
	name: string,
	type: number,
	timeout: number,
	tries: number,
	/** Told of each answer. */
	heard: (message: DnsMessage, server: Ip) => void = () => {},
): Promise<LookedUp> {
	let last: LookedUp = { name, asked: { size: 0, took: 0 }, server: servers[0]! };
	for (const candidate of candidates(name, conf)) {
		const { asked, server } = await askServers(
			call,
			space,
			{ name: candidate, type },
			{ servers, tries, options: { timeout } },
		);
		last = { name: candidate, asked, server };
		if (asked.message) heard(asked.message, server);
		if (asked.message?.code !== 3) break;
	}
	return last.asked.message?.code === 3 ? { ...last, name } : last;
}

/** What BIND's `set` knows, and the lab does not (bin/dig/nslookup.c @ v9.18.1, setoption()). */
const BIND_SETS: ReadonlySet<string> = new Set(
	'all class cl port po retry domain do search nosearch defname nodefname vc novc fail nofail d2 nod2 deb srchlist ndots'.split(
		' ',
	),
);

export const reverseName = (text: string): string | undefined => {
	const ip = parseIp(text);
	return ip === undefined ? undefined : `${text.split('.').reverse().join('.')}.in-addr.arpa`;
};

interface NslookupPlan {
	readonly name: string;
	readonly at: string | undefined;
	readonly type: number | undefined;
	readonly timeout: number;
	readonly debug: boolean;
}

export async function nslookup(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('nslookup', call.place, call.lab);
	let type: number | undefined;
	const words: string[] = [];
	let timeout = 5e6;
	let debug = false;
	for (const word of call.args) {
		const option = /^-([a-z]+)(?:=(.*))?$/i.exec(word);
		if (!option) {
			words.push(word);
			continue;
		}
		if (/^(?:type|query|querytype|q)$/.test(option[1]!)) {
			type = TYPES[option[2]?.toUpperCase() ?? ''];
			if (type === undefined && busybox) {
				call.err(`nslookup: invalid query type "${option[2] ?? ''}"\n`);
				return 1;
			}
			if (type === undefined) call.out(`unknown query type: ${option[2] ?? ''}\n`);
		} else if (option[1] === 'timeout') timeout = (Number(option[2]) || 5) * 1e6;
		else if (option[1] === 'debug') debug = true;
		else if (!busybox && BIND_SETS.has(option[1]!)) {
			call.err(`nslookup: the simulator has no -${option[1]}\n`);
			return 1;
		} else if (option[1] !== 'nodebug' && option[1] !== 'recurse' && option[1] !== 'norecurse') {
			call.out(`*** Invalid option: ${option[1]}\n`);
			return 1;
		}
	}
	if (debug && !busybox) {
		call.err('nslookup: the simulator has no -debug\n');
		return 1;
	}
	const [name, at] = words;
	if (name === undefined) {
		call.err(
			busybox
				? 'BusyBox v1.35.0 multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n\nQuery DNS about HOST\n\nQUERY_TYPE: soa,ns,a,aaaa,cname,mx,txt,ptr,srv,any\n'
				: 'nslookup: the simulator asks one question at a time: nslookup NAME [SERVER]\n',
		);
		return 1;
	}
	const conf = await resolvConf(call);
	const given = at === undefined ? undefined : await serverIp(call, space, at);
	const servers = at === undefined ? conf.servers : given === undefined ? [] : [given];
	if (servers.length === 0) {
		call.out(
			at === undefined
				? ';; no servers could be reached\n\n'
				: busybox
					? `nslookup: bad address '${at}'\n`
					: `nslookup: couldn't get address for '${at}': not found\n`,
		);
		return 1;
	}
	const plan = { name, at, type, timeout, debug };
	if (busybox && Number(/\/?busybox:1\.(\d+)/.exec(imageAt(call.place, call.lab) ?? '')?.[1]) < 29)
		return oldNslookup(call, space, conf, servers, plan);
	return busybox ? busyNslookup(call, space, conf, servers, plan) : bindNslookup(call, space, conf, servers, plan);
}

/** BIND's (bin/dig/nslookup.c @ 9.18): an address, then one of IPv6's; whoever does not recurse is complained of each time. */
async function bindNslookup(
	call: Call,
	space: Space,
	conf: ResolvConf,
	servers: readonly Ip[],
	{ name, at, type, timeout }: NslookupPlan,
): Promise<number> {
	const reverse = reverseName(name);
	// 9.9, which Debian jessie has, does not complain, nor ask for IPv6.
	const old = /jessie/.test(imageAt(call.place, call.lab) ?? '');
	const heard = ({ flags, code }: DnsMessage, server: Ip): void => {
		if ((flags & 0x80) === 0 && old) return;
		if ((flags & 0x80) === 0) call.out(`;; Got recursion not available from ${formatIp(server)}\n`);
		else if (code === 2) call.out(`;; Got SERVFAIL reply from ${formatIp(server)}\n`);
	};
	const first = type ?? (reverse ? TYPES.PTR! : TYPES.A!);
	const asks = (what: string, kind: number) => lookup(call, space, conf, servers, what, kind, timeout, 3, heard);
	const { name: found, asked, server } = await asks(reverse ? `${reverse}.` : name, first);
	const { message } = asked;
	if (!message) {
		call.out(`${unreachable(call)}\n`);
		return 1;
	}
	if (!reverse || message.code !== 0)
		call.out(reverse ? '' : `Server:\t\t${at ?? formatIp(server)}\nAddress:\t${formatIp(server)}#53\n\n`);
	if (message.code !== 0) {
		call.out(`** server can't find ${found.replace(/\.$/, '')}: ${RCODES[message.code] ?? message.code}\n\n`);
		return 1;
	}
	if ((message.flags & 0x400) === 0 && message.answers.length > 0) call.out('Non-authoritative answer:\n');
	records(call, message, '.');
	const both = type === undefined && !reverse && !old;
	const six = both ? (await asks(`${found}.`, TYPES.AAAA!)).asked.message : undefined;
	if (six) records(call, six, '.');
	if (message.answers.length === 0 && !six?.answers.length) call.out(`*** Can't find ${found}: No answer\n`);
	call.out('\n');
	return 0;
}

/** busybox's up to 1.28 (networking/nslookup.c @ 1.28.4): a name as getaddrinfo() finds it, and what each address is called. */
async function oldNslookup(
	call: Call,
	space: Space,
	conf: ResolvConf,
	servers: readonly Ip[],
	{ name, timeout }: NslookupPlan,
): Promise<number> {
	const host = async (header: string, title: string, ips: readonly Ip[]): Promise<void> => {
		call.out(`${header.padEnd(10)} ${title}\n`);
		for (const [i, ip] of ips.entries()) {
			const known = await nameOf(call, space, ip);
			call.out(`Address ${i + 1}: ${formatIp(ip)}${known === undefined ? '' : ` ${known}`}\n`);
		}
	};
	const server = servers[0]!;
	await host('Server:', formatIp(server), [server]);
	call.out('\n');
	const literal = parseIp(name);
	const { asked } =
		literal === undefined ? await lookup(call, space, conf, servers, name, TYPES.A!, timeout, 2) : { asked: undefined };
	const found = (asked?.message?.answers ?? []).flatMap((r) => (r.type === TYPES.A ? [parseIp(r.data)!] : []));
	const ips = literal === undefined ? found : [literal];
	if (ips.length === 0) {
		call.err(`nslookup: can't resolve '${name}'\n`);
		return 1;
	}
	await host('Name:', name, ips);
	return 0;
}

/** busybox's (networking/nslookup.c @ 1.35): names without a dot are searched for, and for nothing else; A and AAAA at once. */
async function busyNslookup(
	call: Call,
	space: Space,
	conf: ResolvConf,
	servers: readonly Ip[],
	{ name, at, type, timeout, debug }: NslookupPlan,
): Promise<number> {
	const reverse = reverseName(name);
	const kinds = type !== undefined ? [type] : reverse ? [TYPES.PTR!] : [TYPES.A!, TYPES.AAAA!];
	const bare = reverse ?? name.replace(/\.$/, '');
	const names =
		reverse === undefined && !name.includes('.') && conf.search.length > 0
			? conf.search.map((domain) => `${name}.${domain}`)
			: [bare];
	const questions = kinds.flatMap((kind) => names.map((candidate) => ({ name: candidate, type: kind })));
	let answers: readonly LookedUp[] = [];
	for (const server of servers) {
		answers = await sendQueries(call, space, server, at ?? formatIp(server), questions, timeout);
		if (answers.some(({ asked }) => asked.message)) break;
	}
	if (!answers.some(({ asked }) => asked.message)) {
		call.out(';; connection timed out; no servers could be reached\n\n');
		return 1;
	}
	const server = answers.find(({ asked }) => asked.message)!.server;
	call.out(`Server:\t\t${at ?? formatIp(server)}\nAddress:\t${formatIp(server)}:53\n\n`);
	let code = 0;
	for (const [i, { name: asked, asked: answer }] of answers.entries()) {
		const { message, took } = answer;
		if (debug) call.out(`Query #${i} completed in ${Math.round(took / 1000)}ms:\n`);
		if (!message) continue;
		if (message.code !== 0) {
			call.out(`** server can't find ${asked}: ${RCODES[message.code] ?? message.code}\n\n`);
			code = 1;
			continue;
		}
		const own = (message.flags & 0x400) !== 0;
		if (!own || debug) call.out(own ? 'authoritative answer:\n' : 'Non-authoritative answer:\n');
		records(call, message, '');
		call.out('\n');
	}
	return code;
}

/**
 * All questions to one server, and again when half of the time is over (send_queries()). What the ICMP error of one says
 * meets the next that is written, as it is back before that, or whoever reads when all are (tried with two sends over a
 * veth pair to what iptables refuses).
 */
async function sendQueries(
	call: Call,
	space: Space,
	server: Ip,
	called: string,
	questions: readonly { readonly name: string; readonly type: number }[],
	timeout: number,
): Promise<readonly LookedUp[]> {
	const answers: LookedUp[] = questions.map(({ name }) => ({ name, asked: { size: 0, took: 0 }, server }));
	for (let half = 0; half < 2; half++) {
		const open = questions.map((_, i) => i).filter((i) => !answers[i]!.asked.message);
		const until = call.lab.now + timeout / 2;
		for (const i of open) {
			const last = i === open.at(-1);
			// They wait for their answers together; whoever answers does so soon.
			const asked = await ask(call, space, server, questions[i]!, {
				timeout: last ? Math.max(20_000, until - call.lab.now) : 20_000,
			});
			answers[i] = { ...answers[i]!, asked };
			if (asked.errno === undefined) continue;
			const why = ERRNO[asked.errno] ?? asked.errno;
			if (!last) {
				call.err(`nslookup: write to '${called}': ${why}\n`);
				return answers;
			}
			call.err(`nslookup: read: ${why}\n`);
			await call.sleep(Math.max(0, until - call.lab.now));
		}
		if (answers.every(({ asked }) => asked.message)) break;
	}
	return answers;
}

/** Records as nslookup writes them; `dot` is what names in data end with. */
function records(call: Call, { answers }: DnsMessage, dot: string): void {
	for (const { name: owner, type: kind, data } of answers) {
		const text = dot === '' ? data.replace(/\.$/, '') : data;
		if (kind === TYPES.A) call.out(`Name:\t${owner}\nAddress: ${data}\n`);
		else if (kind === TYPES.PTR) call.out(`${owner}\tname = ${text}\n`);
		else if (kind === TYPES.SRV) call.out(`${owner}\tservice = ${text}\n`);
		else if (kind === TYPES.TXT) call.out(`${owner}\ttext = ${data}\n`);
		else if (kind === TYPES.NS) call.out(`${owner}\tnameserver = ${text}\n`);
		else if (kind === TYPES.CNAME) call.out(`${owner}\tcanonical name = ${text}\n`);
		else if (kind === TYPES.SOA) soa(call, owner, data.split(' '));
		else call.out(`${owner}\t${typeName(kind)} = ${data}\n`);
	}
}

function soa(call: Call, owner: string, [origin = '', mail = '', ...numbers]: readonly string[]): void {
	const names = ['serial', 'refresh', 'retry', 'expire', 'minimum'];
	call.out(
		`${owner}\n\torigin = ${origin.replace(/\.$/, '')}\n\tmail addr = ${mail.replace(/\.$/, '')}\n${names.map((n, i) => `\t${n} = ${numbers[i] ?? 0}\n`).join('')}`,
	);
}
