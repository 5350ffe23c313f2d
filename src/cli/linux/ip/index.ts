/** `ip`: iproute2 6.1 (ip/ip.c). Objects, options and shortening as there; errors in its words and the kernel's. */
import { imageFacts } from '../../../sim/lab/index.ts';
import { deviceByName } from '../../../sim/linux/index.ts';
import type { Call, Tool } from '../../tool.ts';
import { namedNetns } from '../devices.ts';
import { hasTool, imageAt, isBusybox } from '../images.ts';
import { inNetns, runInNetns } from '../nsenter.ts';
import { asAllowed, may, NotPermitted } from '../rights.ts';
import { type Space, withSpace } from '../space.ts';
import { readText } from '../words.ts';
import { address } from './address.ts';
import { type Libc, notPermitted, readObject, readOptions, reword } from './busybox.ts';
import { fault, IpFault, type IpOptions, type IpRun, matches, printJson, Words } from './context.ts';
import { link } from './link.ts';
import { neigh } from './neigh.ts';
import { route } from './route.ts';
import { rule } from './rule.ts';

const USAGE = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
       ip [ -force ] -batch filename
where  OBJECT := { address | addrlabel | amt | fou | help | ila | ioam | l2tp |
                   link | macsec | maddress | monitor | mptcp | mroute | mrule |
                   neighbor | neighbour | netconf | netns | nexthop | ntable |
                   ntbl | route | rule | sr | tap | tcpmetrics |
                   token | tunnel | tuntap | vrf | xfrm }
       OPTIONS := { -V[ersion] | -s[tatistics] | -d[etails] | -r[esolve] |
                    -h[uman-readable] | -iec | -j[son] | -p[retty] |
                    -f[amily] { inet | inet6 | mpls | bridge | link } |
                    -4 | -6 | -M | -B | -0 |
                    -l[oops] { maximum-addr-flush-attempts } | -br[ief] |
                    -o[neline] | -t[imestamp] | -ts[hort] | -b[atch] [filename] |
                    -rc[vbuf] [size] | -n[etns] name | -N[umeric] | -a[ll] |
                    -c[olor]}`;

const OBJECTS: Readonly<Record<string, (run: IpRun, words: Words) => number>> = { address, link, route, rule, neigh };

/** Objects in the order `ip` looks for them: `ip n` is neighbours, `ip r` routes. */
const NAMES = [
	'address',
	'addrlabel',
	'maddress',
	'route',
	'rule',
	'neighbor',
	'neighbour',
	'ntable',
	'link',
	'l2tp',
	'tunnel',
	'tuntap',
	'tap',
	'token',
	'tcpmetrics',
	'tcp_metrics',
	'monitor',
	'xfrm',
	'mroute',
	'mrule',
	'netns',
	'netconf',
	'vrf',
	'sr',
	'nexthop',
	'mptcp',
	'ioam',
	'help',
	'stats',
	'fou',
	'ila',
	'macsec',
	'tunl',
	'ntbl',
];

async function run(call: Call, space: Space): Promise<number> {
	let options: IpOptions = {
		brief: false,
		details: false,
		stats: 0,
		oneline: false,
		json: false,
		pretty: false,
		family: undefined,
	};
	const libc = libcOf(call);
	if (libc) return busybox(call, space, libc);
	let batch: string | undefined;
	let force = false;
	let inside: Space = space;
	const words = [...call.args];
	while (words[0]?.startsWith('-') && words[0] !== '-') {
		const word = words.shift()!.replace(/^--/, '-').slice(1);
		if (word === '4') options = { ...options, family: 4 };
		else if (word === '6') options = { ...options, family: 6 };
		else if (word === '0') options = { ...options, family: 0 };
		else if (word !== '' && 'family'.startsWith(word)) {
			const family = words.shift() ?? fault('Command line is not complete. Try option "help"', 255);
			options = { ...options, family: family === 'inet6' ? 6 : family === 'link' ? 0 : 4 };
		} else if (word === 'br' || word === 'brief') options = { ...options, brief: true };
		else if (word !== '' && 'batch'.startsWith(word) && word.length > 0 && word[0] === 'b')
			batch = words.shift() ?? '-';
		else if (word !== '' && 'details'.startsWith(word)) options = { ...options, details: true };
		else if (/^s+$/.test(word) || (word.length > 1 && ('statistics'.startsWith(word) || 'stats'.startsWith(word))))
			options = { ...options, stats: options.stats + (/^s+$/.test(word) ? word.length : 1) };
		else if (word !== '' && 'oneline'.startsWith(word)) options = { ...options, oneline: true };
		else if (word !== '' && 'json'.startsWith(word)) options = { ...options, json: true };
		else if (word !== '' && 'pretty'.startsWith(word)) options = { ...options, pretty: true };
		else if (word !== '' && 'Numeric'.startsWith(word)) options = { ...options, numeric: true };
		else if (word === 'force') force = true;
		else if (
			word !== '' &&
			('color'.startsWith(word.replace(/=.*/, '')) ||
				['h', 'human', 'human-readable', 'iec', 'r', 'resolve', 't', 'ts', 'a', 'all'].includes(word))
		)
			continue;
		else if (word === 'n' || word === 'netns') {
			const name = words.shift() ?? fault('Command line is not complete. Try option "help"', 255);
			const found = namedNetns(space).find((n) => n.name === name);
			if (!found) return fault(`Cannot open network namespace "${name}": No such file or directory`, 255);
			inside = inNetns(call, found.ns) ?? space;
		} else if (word === 'V' || word === 'Version') {
			call.out('ip utility, iproute2-6.1.0, libbpf 1.1.2\n');
			return 0;
		} else return fault(`Option "-${word}" is unknown, try "ip -help".`, 255);
	}
	const more = options.details ? await import('./link-details.ts') : undefined;
	const ip: IpRun = {
		call,
		space: inside,
		options,
		...(more
			? {
					details: (device, link) => more.detailLines(inside, device, link),
					jsonDetails: (device, link) => more.detailMembers(inside, device, link),
				}
			: {}),
	};
	if (batch === undefined) return one(ip, words);
	const text = await readText(call.files, batch, call.stdin);
	if (text === undefined) return fault(`Cannot open file "${batch}" for reading: No such file or directory`, 1);
	let code = 0;
	for (const [i, line] of text.split('\n').entries()) {
		call.check();
		const parts = line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean);
		if (parts.length === 0) continue;
		try {
			await one(ip, parts);
		} catch (error) {
			if (!(error instanceof IpFault)) throw error;
			call.err(`${error.message}\nCommand failed ${batch}:${i + 1}\n`);
			code = 1;
			if (!force) return code;
		}
	}
	return code;
}

/** busybox's C library where `ip` is its applet. */
function libcOf({ place, lab }: Call): Libc | undefined {
	if (!isBusybox('ip', place, lab)) return undefined;
	const image = imageAt(place, lab) ?? '';
	return imageFacts(image).system === 'alpine' || image.includes('musl') ? 'musl' : 'glibc';
}

function busybox(call: Call, space: Space, libc: Libc): number {
	const words = [...call.args];
	const options = readOptions(words, libc);
	const [object, rest] = readObject(words);
	return OBJECTS[object]!({ call, space, options }, new Words(rest));
}

async function one(ip: IpRun, words: readonly string[]): Promise<number> {
	const [object, ...rest] = words;
	if (object === undefined) return fault(USAGE, 255);
	const name =
		object === 'a' ? 'address' : object === 'n' || object === 'neigh' ? 'neighbour' : matches(object, ...NAMES);
	if (name === undefined) return fault(`Object "${object}" is unknown, try "ip help".`);
	if (name === 'help') return fault(USAGE, 255);
	const short = name.startsWith('neighb') ? 'neigh' : name;
	const act = OBJECTS[short];
	if (act) return act(ip, new Words(rest));
	if (name === 'netns') return netns(ip, rest);
	if (name === 'maddress') return maddress(ip, rest);
	return fault(`ip: the simulator has no "ip ${name}"`, 1);
}

/** `ip maddress` (ip/ipmaddr.c): groups that devices are in by themselves. */
async function maddress(run: IpRun, [verb = 'show', ...words]: readonly string[]): Promise<number> {
	const { call, space, options } = run;
	if (!matches(verb, 'show', 'list', 'lst')) return fault('ip: the simulator has "ip maddress show" only', 1);
	const dev = words[0] === 'dev' ? words[1] : words[0];
	if (dev !== undefined && !deviceByName(space.ns(), dev)) return fault(`Device "${dev}" does not exist.`, 1);
	const { maddresses, maddressLines } = await import('../proc-multicast.ts');
	const groups = maddresses(space, options.family, dev);
	if (options.json) printJson(run, groups);
	else call.out(maddressLines(groups));
	return 0;
}

/** `ip netns`: containerd keeps the namespaces of sandboxes in /var/run/netns (ip/ipnetns.c). */
async function netns({ call, space }: IpRun, [word = 'list', ...rest]: readonly string[]): Promise<number> {
	const named = namedNetns(space);
	const command = matches(
		word,
		'list',
		'show',
		'lst',
		'add',
		'set',
		'delete',
		'exec',
		'identify',
		'pids',
		'monitor',
		'help',
	);
	switch (command) {
		case 'list':
		case 'show':
		case 'lst':
			for (const [i, { name }] of [...named].reverse().entries()) call.out(`${name} (id: ${named.length - 1 - i})\n`);
			return 0;
		case 'exec': {
			const [name, ...argv] = rest;
			if (name === undefined) return fault('No netns name specified', 255);
			if (argv.length === 0) return fault('No command specified', 255);
			const found = named.find((n) => n.name === name);
			if (!found) return fault(`Cannot open network namespace "${name}": No such file or directory`, 255);
			return runInNetns(call, found.ns, argv);
		}
		case undefined:
			return fault(`Command "${word}" is unknown, try "ip netns help".`, 255);
		default:
			return fault(`ip: the simulator has no "ip netns ${command}"`, 1);
	}
}

/** An object and a verb that changes it, behind the options. */
const CHANGES = /^(?:-\S+ )*[a-z]+ (?:a(?:dd)?|d(?:el(?:ete)?)?|set|c(?:hange|hg)?|r(?:eplace)?|append|prepend)\b/;

export const ip: Tool = {
	name: 'ip',
	at: hasTool('ip'),
	run: (call) =>
		withSpace(call, async (space) => {
			try {
				return await run(call, asAllowed(call, space));
			} catch (error) {
				if (error instanceof NotPermitted) {
					const [message, code] = libcOf(call)
						? notPermitted(call.args)
						: ['RTNETLINK answers: Operation not permitted', 2];
					call.err(`${message}\n`);
					return code;
				}
				if (!(error instanceof IpFault)) throw error;
				// The kernel asks for the right before it looks (rtnetlink_rcv_msg()).
				const refused = error.code === 2 && CHANGES.test(call.args.join(' ')) && !may(call, 'NET_ADMIN');
				if (refused) error.message = 'RTNETLINK answers: Operation not permitted';
				const [message, code] = libcOf(call) ? reword(error.message, error.code) : [error.message, error.code];
				call.err(`${message}\n`);
				return code;
			}
		}),
	complete(words) {
		const begun = words.at(-1) ?? '';
		const list =
			words.length === 1
				? ['address', 'link', 'route', 'rule', 'neigh', 'netns']
				: words.length === 2
					? ['show', 'add', 'del', 'get', 'flush', 'set']
					: [];
		return list.filter((word) => word.startsWith(begun));
	},
};
