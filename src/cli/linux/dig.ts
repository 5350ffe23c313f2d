/** `dig`, `nslookup` and `host` of BIND 9.18 (bin/dig/*.c), and busybox's nslookup: questions put to name servers over the network. */
import { formatIp, type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { type Answered, askServers, bindVersion, unreachable } from './ask-servers.ts';
import { columns, headerText, recordLine, whenText } from './dig-records.ts';
import { type DnsRecord, TYPES, typeName } from './dns-message.ts';
import { host } from './host.ts';
import { hasTool } from './images.ts';
import { nslookup } from './nslookup.ts';
import { candidates, type ResolvConf, resolvConf, serverIp } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { whole } from './words.ts';

interface DigPlan {
	readonly servers: readonly Ip[];
	/** As it was given; of resolv.conf's each is called by its address. */
	readonly serverName: string | undefined;
	readonly port: number;
	readonly name: string;
	readonly type: number;
	readonly flags: ReadonlyMap<string, string>;
	/** The first lookup of a line is headed by what was asked. */
	readonly greets: boolean;
}

const KNOWN = [
	'short',
	'tcp',
	'noall',
	'answer',
	'all',
	'search',
	'nosearch',
	'norecurse',
	'recurse',
	'rec',
	'norec',
	'trace',
	'noedns',
	'edns',
	'time',
	'tries',
	'retry',
	'comments',
	'nocomments',
	'question',
	'noquestion',
	'stats',
	'nostats',
	'cmd',
	'nocmd',
	'ndots',
	'ignore',
	'vc',
	'notcp',
	'bufsize',
	'nocookie',
	'cookie',
	'authority',
	'noauthority',
	'additional',
	'noadditional',
	'multiline',
	'nomultiline',
	'nodnssec',
	'noshort',
	'notrace',
	'ttlid',
];

/** Options of dig that the lab has no answer to, with and without `no` (bin/dig/dig.c @ v9.18.1, plus_option()). */
const NOT_HERE = new Set(
	'aaflag aaonly adflag badcookie besteffort cdflag class cl crypto defname dns64prefix dnssec do domain dscp ednsflags ednsnegotiation ednsopt expire fail fastopen header-only https https-get http-plain identify idnin idnout idn keepalive keepopen mapped nsid nssearch onesoa opcode padding proxy qid qr raflag rdflag retry rrcomments showsearch sigchase split subnet tcflag timeout tls tls-ca topdown trusted-key ttlunits unexpected unknownformat yaml zflag'.split(
		' ',
	),
);

const USAGE =
	'Usage:  dig [@global-server] [domain] [q-type] [q-class] {q-opt}\n            {global-d-opt} host [@local-server] {local-d-opt}\n            [ host [@local-server] {local-d-opt} [...]]\n\nUse "dig -h" (or "dig -h | more") for complete list of options\n';

/** What one lookup of a command line asks for. */
interface Asking {
	name?: string;
	type?: number;
	readonly flags: Map<string, string>;
}

async function dig(call: Call, space: Space): Promise<number> {
	const common = new Map<string, string>();
	const lookups: Asking[] = [];
	let server: string | undefined;
	let type: number | undefined;
	let port = 53;
	const setType = (value: number): void => {
		const last = lookups.at(-1);
		if ((last ? last.type : type) !== undefined) call.err(';; Warning, extra type option\n');
		if (last) last.type = value;
		else type = value;
	};
	for (let i = 0; i < call.args.length; i++) {
		const word = call.args[i]!;
		if (word.startsWith('@')) server = word.slice(1);
		else if (word.startsWith('+')) {
			const [key = '', value = ''] = word.slice(1).split('=');
			if (!KNOWN.includes(key) && NOT_HERE.has(key.replace(/^no(?=[a-z])/, ''))) {
				call.err(`dig: the simulator has no ${word}\n`);
				return 1;
			}
			if (!KNOWN.includes(key)) {
				call.err(`Invalid option: ${word}\n${USAGE}`);
				return 1;
			}
			(lookups.at(-1)?.flags ?? common).set(key, value);
		} else if (word === '-x') {
			const ip = parseIp(call.args[++i] ?? '');
			if (ip === undefined) {
				call.err(`Invalid IP address ${call.args[i] ?? ''}\n`);
				return 1;
			}
			const name = `${formatIp(ip).split('.').reverse().join('.')}.in-addr.arpa`;
			lookups.push({ name, type: TYPES.PTR!, flags: new Map() });
		} else if (['-t', '-q', '-p', '-c', '-b'].includes(word)) {
			const value = call.args[++i];
			if (word === '-p') {
				const number = whole(value, 1, 65_535);
				if (number === undefined) {
					call.err(`invalid port number '${value ?? ''}': not a valid number\ndig: Couldn't parse port number\n`);
					return 1;
				}
				port = number;
			} else if (word === '-q') lookups.push({ ...(value === undefined ? {} : { name: value }), flags: new Map() });
			else if (word === '-t') {
				if (TYPES[value?.toUpperCase() ?? ''] === undefined) call.err(`;; Warning, ignoring invalid type ${value}\n`);
				else setType(TYPES[value!.toUpperCase()]!);
			} else if (word === '-b' || value?.toUpperCase() !== 'IN') {
				call.err(`dig: the simulator has no "${word} ${value ?? ''}"\n`);
				return 1;
			}
		} else if (word === '-4' || word === '-u' || word === '-r') continue;
		else if (word === '-h' || word === '-v') {
			call.out(word === '-v' ? `DiG ${bindVersion(call)}\n` : USAGE);
			return 0;
		} else if (/^-[6fikmy]/.test(word)) {
			call.err(`dig: the simulator has no ${word}\n`);
			return 1;
		} else if (word.startsWith('-')) {
			call.err(`Invalid option: ${word}\n${USAGE}`);
			return 1;
		} else if (TYPES[word.toUpperCase()] !== undefined && word.toUpperCase() !== 'OPT')
			setType(TYPES[word.toUpperCase()]!);
		else if (word.toUpperCase() === 'CH' || word.toUpperCase() === 'HS') {
			call.err(`dig: the simulator has the class IN only\n`);
			return 1;
		} else if (word.toUpperCase() !== 'IN') lookups.push({ name: word, flags: new Map() });
	}
	if (lookups.length === 0) lookups.push({ type: type ?? TYPES.NS!, flags: new Map() });
	const conf = await resolvConf(call);
	const given = server === undefined ? undefined : await serverIp(call, space, server);
	const servers = server === undefined ? conf.servers : given === undefined ? [] : [given];
	if (servers.length === 0) {
		call.err(
			server === undefined
				? ';; no servers could be reached\n'
				: `dig: couldn't get address for '${server}': not found\n`,
		);
		return server === undefined ? 9 : 10;
	}
	const wrong = lookups.find(({ name }) => faultOf(name) !== undefined)?.name;
	if (wrong !== undefined) {
		call.err(`dig: '${wrong}' is not a legal name: ${faultOf(wrong)}\n`);
		return 10;
	}
	let code = 0;
	for (const [i, lookup] of lookups.entries()) {
		const flags = new Map([...common, ...lookup.flags]);
		const asked = lookup.type ?? type ?? TYPES.A!;
		const traced = flags.has('trace');
		code = await digAsk(call, space, conf, {
			servers,
			serverName: server,
			port,
			name: traced ? '.' : (lookup.name ?? '.'),
			type: traced ? TYPES.NS! : asked,
			flags: asked === TYPES.AXFR || asked === TYPES.IXFR ? flags.set('tcp', '') : flags,
			greets: i === 0,
		});
	}
	return code;
}

/** dns_name_fromtext(): why a name is none. */
function faultOf(name: string | undefined): string | undefined {
	if (name === undefined || name === '.') return undefined;
	const labels = name.replace(/\.$/, '').split('.');
	if (labels.includes('')) return 'empty label';
	if (labels.some((label) => label.length > 63)) return 'label too long';
	return labels.join('.').length > 253 ? 'ran out of space' : undefined;
}

async function askTwice(call: Call, space: Space, plan: DigPlan, name: string): Promise<Answered> {
	const { flags } = plan;
	const timeout = Math.max(1, Number(flags.get('time') || 5)) * 1e6;
	const tries = Math.max(1, Number(flags.get('tries') || (flags.has('retry') ? Number(flags.get('retry')) + 1 : 3)));
	const half = (part: string): string =>
		space.lab.random('cookie', `${call.lab.now} ${name} ${part}`, 0x100000000).toString(16).padStart(8, '0');
	const cookie = half('a') + half('b');
	const over = (tcp: boolean): Promise<Answered> =>
		askServers(
			call,
			space,
			{ name, type: plan.type },
			{
				servers: plan.servers,
				tries,
				options: {
					port: plan.port,
					timeout,
					tcp,
					recurse: !flags.has('norecurse') && !flags.has('norec'),
					...(flags.has('noedns') ? {} : { edns: Number(flags.get('bufsize')) || 1232 }),
					...(flags.has('noedns') || flags.has('nocookie') ? {} : { cookie }),
				},
			},
		);
	const tcp = flags.has('tcp') || flags.has('vc');
	const answered = await over(tcp);
	if (tcp || flags.has('ignore') || !answered.asked.message || !(answered.asked.message.flags & 0x200)) return answered;
	if (!flags.has('short')) call.out(';; Truncated, retrying in TCP mode.\n');
	return over(true);
}

async function digAsk(call: Call, space: Space, conf: ResolvConf, plan: DigPlan): Promise<number> {
	const { flags } = plan;
	const short = flags.has('short');
	const only = flags.has('noall');
	const shows = (part: string): boolean => (only ? flags.has(part) : !flags.has(`no${part}`));
	const head = `\n; <<>> DiG ${bindVersion(call)} <<>> ${call.args.join(' ')}\n${call.args.some((w) => w.startsWith('@')) ? '; (1 server found)\n' : ''};; global options: +cmd\n`;
	let answered: Answered = { asked: { size: 0, took: 0 }, server: plan.servers[0]! };
	for (const name of flags.has('search') ? candidates(plan.name, conf) : [plan.name.replace(/\.$/, '')]) {
		answered = await askTwice(call, space, plan, name);
		if (answered.asked.message?.code !== 3) break;
	}
	const { asked, server } = answered;
	const { message } = asked;
	const from = `${formatIp(server)}#${plan.port}(${plan.serverName ?? formatIp(server)})`;
	if (message && flags.has('trace')) {
		// From the root on, which the name server answers for; no server on the way is in reach of the lab.
		call.out(head);
		for (const record of message.answers) call.out(`${recordLine(record)}\n`);
		call.out(`;; Received ${asked.size} bytes from ${from} in ${Math.floor(asked.took / 1000)} ms\n\n`);
		return 0;
	}
	if (!message) {
		call.out(`${plan.greets && !short ? head : ''}${unreachable(call)}`);
		return 9;
	}
	if (plan.type === TYPES.AXFR || plan.type === TYPES.IXFR) {
		// Neither of the lab's servers lets itself be copied: an answer without the zone's SOA is none.
		call.out(`${plan.greets ? head : ''}; Transfer failed.\n`);
		return 0;
	}
	if (short) {
		for (const { data } of message.answers) call.out(`${data}\n`);
		return 0;
	}
	if (plan.greets && !flags.has('nocmd') && !only) call.out(head);
	if (shows('comments')) call.out(headerText(message));
	const section = (title: string, records: readonly DnsRecord[]): void => {
		if (records.length === 0) return;
		if (shows('comments')) call.out(`;; ${title} SECTION:\n`);
		for (const record of records) call.out(`${recordLine(record, flags.has('multiline'))}\n`);
		if (shows('comments')) call.out('\n');
	};
	if (shows('question') && message.question) {
		if (shows('comments')) call.out(';; QUESTION SECTION:\n');
		call.out(`${columns([`;${message.question.name || ''}.`, 'IN', typeName(message.question.type)], [32, 40])}\n\n`);
	}
	if (shows('answer')) section('ANSWER', message.answers);
	if (shows('authority')) section('AUTHORITY', message.authority);
	if (shows('additional')) section('ADDITIONAL', message.additional ?? []);
	if (shows('stats'))
		call.out(
			`;; Query time: ${Math.floor(asked.took / 1000)} msec\n;; SERVER: ${from} (${flags.has('tcp') || flags.has('vc') ? 'TCP' : 'UDP'})\n;; WHEN: ${whenText(call)}\n;; MSG SIZE  rcvd: ${asked.size}\n\n`,
		);
	return 0;
}

export const dnsTools: readonly Tool[] = [
	{ name: 'dig', at: hasTool('dig'), run: (call) => withSpace(call, (space) => dig(call, space)) },
	{ name: 'nslookup', at: hasTool('nslookup'), run: (call) => withSpace(call, (space) => nslookup(call, space)) },
	{ name: 'host', at: hasTool('host'), run: (call) => withSpace(call, (space) => host(call, space)) },
];
