/** `ping`: the options of iputils 20221126 (ping/ping.c) and of busybox 1.35 (networking/ping.c). */
import { deviceByName, isLocalAddress, routeOutput } from '../../sim/linux/index.ts';
import { type Ip, parseIp } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { apart } from './apart.ts';
import { hasTool, isBusybox } from './images.ts';
import { pingLoop } from './ping-run.ts';
import { PING_USAGE } from './ping-words.ts';
import { inetAton, notFound, resolve } from './resolve.ts';
import { mayByFile } from './rights.ts';
import { type Space, withSpace } from './space.ts';
import { mayPing } from './sysctl.ts';
import { ERRNO, getopt, getoptText, type Options, whole } from './words.ts';

/** `-p ff00`: octets that repeat behind the time stamp. */
function patterned(pattern: string, size: number): Uint8Array {
	const octets = (pattern.match(/../g) ?? [`0${pattern}`]).map((pair) => Number.parseInt(pair, 16));
	return new Uint8Array(size).map((_, i) => octets[i % octets.length]!);
}

const SECONDS = /^\d*\.?\d+$|^\d+\.$/;

interface Source {
	readonly src?: Ip;
	readonly oif?: number;
	readonly from: string;
}

/** `-I`: a device, or an address of one's own; otherwise what is said of it. */
function sourceOf(call: Call, space: Space, dst: Ip, via: string | undefined, busybox: boolean): Source | number {
	if (via === undefined) return { from: '' };
	const ns = space.ns();
	const address = parseIp(via);
	if (address !== undefined) {
		if (!isLocalAddress(ns, address)) {
			call.err(`ping: bind: Cannot assign requested address\n`);
			return busybox ? 1 : 2;
		}
		return { src: address, from: `from ${via} : ` };
	}
	const device = deviceByName(ns, via);
	if (!device) {
		call.err(busybox ? `ping: bad address '${via}'\n` : `ping: SO_BINDTODEVICE ${via}: No such device\n`);
		return busybox ? 1 : 2;
	}
	const route = routeOutput(space.net(), ns, { dst, oif: device.ifindex });
	const src = route.type === 'error' ? device.addresses[0]?.ip : route.src;
	const shown = src === undefined ? '' : `${[24, 16, 8, 0].map((bits) => (src >>> bits) & 255).join('.')} `;
	return { ...(src === undefined ? {} : { src }), oif: device.ifindex, from: `from ${shown}${device.name}: ` };
}

async function run(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('ping', call.place, call.lab);
	const parsed = getopt(call.args, {
		short: busybox ? '46c:s:t:w:W:I:i:qAp:n' : 'aAbBCc:dDe:fhI:i:Ll:m:M:nOp:qQ:RrS:s:T:t:UvVw:W:46F:N:',
	});
	if ('fault' in parsed) {
		call.err(`${getoptText('ping', parsed.fault)}${busybox ? BUSYBOX_USAGE : PING_USAGE}`);
		return busybox ? 1 : 2;
	}
	const { values, args } = parsed;
	if (values.has('V')) {
		call.out(
			'ping from iputils 20221126\nlibcap: yes, IDN: yes, NLS: no, error.h: yes, getrandom(): yes, __fpending(): yes\n',
		);
		return 0;
	}
	if (values.has('h')) {
		call.err(PING_USAGE);
		return 2;
	}
	const name = args.at(-1);
	if (name === undefined) {
		call.err(busybox ? BUSYBOX_USAGE : 'ping: usage error: Destination address required\n');
		return 1;
	}
	const wrong = faultOf(values, busybox);
	if (wrong !== undefined) {
		call.err(wrong);
		return wrong.includes('patterns') ? 2 : 1;
	}
	const refused = values.has('R')
		? '-R: packets of the simulator have no option for their route'
		: values.has('T')
			? '-T: packets of the simulator have no option for times'
			: values.has('6') || name.includes(':')
				? 'the simulator has no IPv6'
				: undefined;
	if (refused !== undefined) {
		call.err(`ping: ${refused}\n`);
		return 2;
	}
	const discovery = values.get('M');
	if (discovery !== undefined && discovery !== 'do' && discovery !== 'dont' && discovery !== 'want') {
		call.err(`ping: invalid -M argument: ${discovery}\n`);
		return 2;
	}
	if (values.get('t') === '0') {
		call.err('ping: cannot set unicast time-to-live: Invalid argument\n');
		return 2;
	}
	const seconds = (option: string, otherwise: number): number => {
		const text = values.get(option);
		if (text === undefined) return otherwise;
		if (!SECONDS.test(text))
			call.err(
				busybox
					? `ping: invalid number '${text}'\n`
					: `ping: option argument contains garbage: ${text}\nping: this will become fatal error in the future\n`,
			);
		return Math.round((Number.parseFloat(text) || 0) * 1e6);
	};
	if (!mayByFile(call, 'NET_RAW') && !mayPing(call, space)) {
		call.err(
			busybox
				? 'ping: permission denied (are you root?)\n'
				: 'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted\nping: => missing cap_net_raw+p capability or setuid?\n',
		);
		return busybox ? 1 : 2;
	}
	const found = await resolve(call, space, name);
	if (!('ip' in found)) {
		call.err(busybox ? `ping: bad address '${name}'\n` : `ping: ${name}: ${notFound(call, found.error)}\n`);
		return busybox ? 1 : 2;
	}
	const elsewhere = apart(space, found.ip);
	if (elsewhere !== undefined) {
		call.err(`ping: ${elsewhere}\n`);
		return 2;
	}
	const source = sourceOf(call, space, found.ip, values.get('I'), busybox);
	if (typeof source === 'number') return source;
	const size = Number(values.get('s') ?? 56);
	const interval = seconds('i', 1e6);
	const flood = values.has('f');
	const pattern = values.get('p');
	if (pattern !== undefined && !busybox) call.out(`PATTERN: 0x${pattern.toLowerCase()}\n`);
	if (values.has('v')) verboseHead(call, name);
	const way = routeOutput(space.net(), space.ns(), {
		dst: found.ip,
		src: source.src ?? 0,
		oif: source.oif ?? 0,
		mark: Number(values.get('m') ?? 0) >>> 0,
	});
	// The socket that asks for the source finds no way.
	if (!busybox && way.type === 'error') {
		call.err(`ping: connect: ${ERRNO[way.error ?? 'EINVAL']}\n`);
		return 2;
	}
	if (!busybox && way.type === 'broadcast') {
		if (!values.has('b')) {
			call.err('ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n');
			return 2;
		}
		call.err('WARNING: pinging broadcast address\n');
	}
	const { src, oif, from } = source;
	return pingLoop(call, space, {
		dst: found.ip,
		shown: name,
		count: Number(values.get('c') ?? 0),
		interval,
		linger: seconds('W', 10e6),
		deadline: seconds('w', 0),
		size,
		from,
		options: {
			pmtu: discovery ?? 'want',
			...(src === undefined ? {} : { src }),
			...(oif === undefined ? {} : { oif }),
			...(values.has('m') ? { mark: Number(values.get('m')) >>> 0 } : {}),
			...(values.has('t') ? { ttl: Number(values.get('t')) } : {}),
			...(values.has('Q') ? { tos: Number(values.get('Q')) & 255 } : {}),
			...(pattern === undefined ? {} : { data: patterned(pattern, size) }),
		},
		eager: flood || values.has('A') || interval === 0,
		flood,
		preload: Number(values.get('l') ?? 1),
		quiet: values.has('q'),
		numeric: values.has('n') || inetAton(name) !== undefined,
		stamps: values.has('D'),
		outstanding: values.has('O'),
		verbose: values.has('v'),
		busybox,
	});
}

/** What is wrong with numbers, in the words of strtol_or_err() and of busybox's xatou_range(). */
function faultOf(values: Options['values'], busybox: boolean): string | undefined {
	const ranges: Readonly<Record<string, readonly [number, number, string]>> = {
		c: [1, Number.MAX_SAFE_INTEGER, '1 <= value <= 9223372036854775807'],
		s: [0, busybox ? 65_535 : 127_992, '0 <= value <= 127992'],
		t: [busybox ? 1 : 0, 255, '0 <= value <= 255'],
		l: [1, 65_536, '1 <= value <= 65536'],
		Q: [0, 255, '0 <= value <= 255'],
		m: [0, 0xffffffff, '0 <= value <= 4294967295'],
	};
	for (const [option, [min, max, range]] of Object.entries(ranges)) {
		const text = values.get(option);
		if (text === undefined || whole(text, min, max) !== undefined) continue;
		const number = /^-?\d+$/.test(text);
		return busybox
			? number
				? `ping: number ${text} is not in ${min}..${max} range\n`
				: `ping: invalid number '${text}'\n`
			: `ping: invalid argument: '${text}'${number ? `: out of range: ${range}` : ''}\n`;
	}
	const pattern = values.get('p');
	return pattern === undefined || /^[0-9a-f]+$/i.test(pattern)
		? undefined
		: `ping: patterns must be specified as hex digits: ${pattern}\n`;
}

function verboseHead(call: Call, name: string): void {
	call.err('ping: sock4.fd: 3 (socktype: SOCK_RAW), sock6.fd: 4 (socktype: SOCK_RAW), hints.ai_family: AF_UNSPEC\n\n');
	call.out(`ai->ai_family: AF_INET, ai->ai_canonname: '${name}'\n`);
}

const BUSYBOX_USAGE = `BusyBox v1.35.0 multi-call binary.

Usage: ping [OPTIONS] HOST

Send ICMP ECHO_REQUESTs to HOST

	-4,-6		Force IP or IPv6 name resolution
	-c CNT		Send only CNT pings
	-s SIZE		Send SIZE data bytes in packets (default 56)
	-i SECS		Interval
	-A		Ping as soon as reply is received
	-t TTL		Set TTL
	-I IFACE/IP	Source interface or IP address
	-W SEC		Seconds to wait for the first response (default 10)
			(after all -c CNT packets are sent)
	-w SEC		Seconds until ping exits (default:infinite)
			(can exit earlier with -c CNT)
	-q		Quiet, only display output at start/finish
	-p HEXBYTE	Payload pattern
`;

export const ping: Tool = {
	name: 'ping',
	at: hasTool('ping'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
