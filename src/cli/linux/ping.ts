/**
 * `ping`: iputils 20211215 (ping/ping_common.c, ping4_rcv()), and busybox 1.35's (networking/ping.c). Round-trip times are the
 * network's own.
 */
import { deviceByName, isLinuxError, type PingResult, ping as sendPing } from '../../sim/linux/index.ts';
import { formatIp, IPPROTO_ICMP, type Ip, isIcmpError, parseIp } from '../../sim/wire/index.ts';
import { type Call, Interrupted, type Tool } from '../tool.ts';
import { announce, type Exchange } from './connections.ts';
import { hasTool, isBusybox } from './images.ts';
import { resolve } from './resolve.ts';
import { type Space, withSpace } from './space.ts';
import { send } from './traffic.ts';
import { decimals, ERRNO, getopt, getoptText, whole } from './words.ts';

const USAGE = `
Usage
  ping [options] <destination>

Options:
  <destination>      dns name or ip address
  -c <count>         stop after <count> replies
  -i <interval>      seconds between sending each packet
  -I <interface>     either interface name or address
  -M <pmtud opt>     define mtu discovery, can be one of <do|dont|want>
  -n                 no dns name resolution
  -q                 quiet output
  -s <size>          use <size> as number of data bytes to be sent
  -t <ttl>           define time to live
  -w <deadline>      reply wait <deadline> in seconds
  -W <timeout>       time to wait for response
`;

/** ping prints four significant digits: 0.043, 1.23, 12.3, 123. */
const msText = (us: number): string => {
	const ms = us / 1000;
	return ms >= 100 ? decimals(ms, 0) : ms >= 10 ? decimals(ms, 1) : ms >= 1 ? decimals(ms, 2) : decimals(ms, 3);
};

/** pr_icmph(): what an ICMP error says. */
function errorText(type: number, code: number, mtu: number | undefined): string {
	if (type === 11) return code === 1 ? 'Frag reassembly time exceeded' : 'Time to live exceeded';
	switch (code) {
		case 0:
			return 'Destination Net Unreachable';
		case 1:
			return 'Destination Host Unreachable';
		case 2:
			return 'Destination Protocol Unreachable';
		case 3:
			return 'Destination Port Unreachable';
		case 4:
			return `Frag needed and DF set (mtu = ${mtu ?? 0})`;
		case 13:
			return 'Packet filtered';
		default:
			return `Dest Unreachable, Bad Code: ${code}`;
	}
}

interface Settings {
	readonly dst: Ip;
	readonly shown: string;
	readonly count: number;
	readonly interval: number;
	readonly wait: number;
	readonly deadline: number;
	readonly size: number;
	readonly ttl: number | undefined;
	readonly src: Ip | undefined;
	readonly from: string;
	readonly df: boolean;
	readonly quiet: boolean;
	readonly busybox: boolean;
}

/** An echo request as one of the exchanges that figures show. An error of ICMP's is an answer too. */
function echoed(space: Space, dst: Ip, { firstPacket, firstReply, result, errno, from }: PingResult, at: number) {
	const client: Exchange = {
		protocol: IPPROTO_ICMP,
		asked: { ip: dst, port: 0 },
		local: undefined,
		accepted: undefined,
		firstPacket,
		firstReply,
		outcome: {
			result:
				result === 'answered'
					? 'connected'
					: errno !== undefined && from === undefined
						? 'unreachable'
						: result === 'error'
							? 'refused'
							: 'timeout',
			...(errno === undefined ? {} : { errno: errno as NonNullable<Exchange['outcome']>['errno'] }),
			reply: new Uint8Array(0),
			at,
		},
	};
	return { cluster: space.cluster, from: space.name, client };
}

async function loop(call: Call, space: Space, s: Settings): Promise<number> {
	const began = call.lab.now;
	const id = space.lab.random('ping', `${began} ${s.dst} ${space.name}`, 0xffff) + 1;
	const times: number[] = [];
	let sent = 0;
	/** When the last one went. */
	let lastSent = began;
	let errors = 0;
	const head = s.busybox
		? `PING ${s.shown} (${formatIp(s.dst)}): ${s.size} data bytes\n`
		: `PING ${s.shown} (${formatIp(s.dst)}) ${s.from}${s.size}(${s.size + 28}) bytes of data.\n`;
	const summary = (): void => {
		const took = Math.round((lastSent - began) / 1000);
		const lost = sent === 0 ? 0 : Math.floor(((sent - times.length) * 100) / sent);
		call.out(
			`\n--- ${s.shown} ping statistics ---\n${sent} packets transmitted, ${times.length} ${s.busybox ? 'packets ' : ''}received${errors ? `, +${errors} errors` : ''}, ${lost}% packet loss${s.busybox ? '' : `, time ${took}ms`}\n`,
		);
		if (times.length === 0) {
			if (!s.busybox) call.out('\n');
			return;
		}
		const min = Math.min(...times);
		const max = Math.max(...times);
		const avg = times.reduce((a, b) => a + b, 0) / times.length;
		// Mean of squares minus square of the mean, as ping does it.
		const deviation = Math.sqrt(Math.max(0, times.reduce((a, b) => a + b * b, 0) / times.length - avg * avg));
		const three = (us: number): string => decimals(us / 1000, 3);
		call.out(
			s.busybox
				? `round-trip min/avg/max = ${three(min)}/${three(avg)}/${three(max)} ms\n`
				: `rtt min/avg/max/mdev = ${three(min)}/${three(avg)}/${three(max)}/${three(deviation)} ms\n`,
		);
	};
	const code = (): number =>
		times.length > 0 && (s.deadline === 0 || s.count === 0 || times.length >= s.count) ? 0 : 1;
	call.out(head);
	try {
		for (let seq = 1; s.count === 0 || seq <= s.count; seq++) {
			call.check();
			const left = s.deadline === 0 ? Number.POSITIVE_INFINITY : began + s.deadline - call.lab.now;
			if (left <= 0) break;
			const start = call.lab.now;
			const last = s.count !== 0 && seq === s.count;
			const { value, frames, decisions, error } = send(space, (net, ns) =>
				sendPing(net, ns, {
					dst: s.dst,
					id,
					seq: s.busybox ? seq - 1 : seq,
					size: s.size,
					df: s.df,
					deadline: Math.min(s.wait, left),
					...(s.ttl === undefined ? {} : { ttl: s.ttl }),
					...(s.src === undefined ? {} : { src: s.src }),
				}),
			);
			if (error || isLinuxError(value)) {
				call.err(`${call.name}: the simulated network does not come to rest\n`);
				return 2;
			}
			if (seq === 1)
				announce(space.lab, { ...echoed(space, s.dst, value, call.lab.now), program: call.name, decisions });
			const answer = frames.find(
				({ packet, direction, frame: { payload } }) =>
					direction === 'rx' && packet === value.firstReply && payload.kind === 'ipv4',
			);
			const at = answer ? answer.time - start : Math.min(s.wait, left);
			if (value.errno && value.firstReply === undefined) {
				const why = ERRNO[value.errno] ?? value.errno;
				if (
					seq === 1 &&
					!s.busybox &&
					(value.errno === 'ENETUNREACH' || value.errno === 'EINVAL' || value.errno === 'EACCES')
				) {
					call.err(`ping: connect: ${why}\n`);
					return 2;
				}
				sent++;
				lastSent = call.lab.now;
				if (s.busybox) {
					call.err(`ping: sendto: ${why === 'Network is unreachable' ? 'Network unreachable' : why}\n`);
					return 1;
				}
				if (value.errno === 'EMSGSIZE')
					call.err(
						`ping: local error: message too long, mtu=${space.ns().devices.values().next().value?.mtu ?? 1500}\n`,
					);
				else call.err(`ping: sendmsg: ${why}\n`);
				errors += value.errno === 'EMSGSIZE' ? 1 : 0;
				if (!last) await call.sleep(s.interval);
				continue;
			}
			sent++;
			lastSent = call.lab.now;
			await call.sleep(at);
			if (value.result === 'answered') {
				times.push(at);
				if (!s.quiet) {
					const from = formatIp(value.from!);
					const name =
						s.shown === from || s.busybox || parseIp(s.shown) !== undefined || /^[\d.]+$/.test(s.shown)
							? from
							: `${s.shown} (${from})`;
					call.out(
						s.busybox
							? `${s.size + 8} bytes from ${from}: seq=${seq - 1} ttl=${value.ttl} time=${decimals(at / 1000, 3)} ms\n`
							: `${s.size + 8} bytes from ${name}: icmp_seq=${seq} ttl=${value.ttl}${s.size >= 16 ? ` time=${msText(at)} ms` : ''}\n`,
					);
				}
			} else if (value.result === 'error') {
				errors++;
				const payload = answer?.frame.payload;
				const icmp = payload?.kind === 'ipv4' && payload.payload.kind === 'icmp' ? payload.payload : undefined;
				// An error of this machine's own comes over loopback.
				if (!s.quiet && !s.busybox && icmp && isIcmpError(icmp))
					call.out(`From ${formatIp(value.from!)} icmp_seq=${seq} ${errorText(icmp.type, icmp.code, icmp.mtu)}\n`);
			}
			if (last) break;
			const rest = s.interval - (call.lab.now - start);
			if (rest > 0) await call.sleep(Math.min(rest, Math.max(0, left)));
		}
	} catch (interrupted) {
		if (interrupted instanceof Interrupted) summary();
		throw interrupted;
	}
	summary();
	return code();
}

async function run(call: Call, space: Space): Promise<number> {
	const busybox = isBusybox('ping', call.place, call.lab);
	const parsed = getopt(call.args, { short: 'c:i:W:w:I:s:t:M:nqv46bfDOUARl:p:Q:S:m:F:B' });
	if ('fault' in parsed) {
		call.err(`${getoptText('ping', parsed.fault)}${USAGE}`);
		return 2;
	}
	const { values, args } = parsed;
	const name = args.at(-1);
	if (name === undefined) {
		call.err(`ping: usage error: Destination address required\n`);
		return 1;
	}
	const bad = (what: string, text: string): number => {
		call.err(`ping: invalid argument: '${text}'${what}\n`);
		return 1;
	};
	const number = (option: string, min: number, max: number): number | undefined | 'bad' => {
		const text = values.get(option);
		return text === undefined ? undefined : (whole(text, min, max) ?? 'bad');
	};
	const count = number('c', 1, 0x7fffffff);
	if (count === 'bad') return bad(': out of range: 1 <= value <= 9223372036854775807', values.get('c')!);
	const size = number('s', 0, 65_507);
	if (size === 'bad') return bad(': out of range: 0 <= value <= 2147483647', values.get('s')!);
	const ttl = number('t', 1, 255);
	if (ttl === 'bad') return bad(': out of range: 0 <= value <= 255', values.get('t')!);
	const seconds = (option: string, otherwise: number): number | undefined => {
		const text = values.get(option);
		return text === undefined ? otherwise : /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1e6 : undefined;
	};
	const interval = seconds('i', values.has('f') ? 10_000 : 1e6);
	const wait = seconds('W', 10e6);
	const deadline = seconds('w', 0);
	if (interval === undefined || wait === undefined || deadline === undefined)
		return bad('', values.get('i') ?? values.get('W') ?? '');
	let src: Ip | undefined;
	let from = '';
	const via = values.get('I');
	if (via !== undefined) {
		const device = deviceByName(space.ns(), via);
		src = parseIp(via) ?? device?.addresses[0]?.ip;
		if (src === undefined) {
			call.err(`ping: unknown iface: ${via}\n`);
			return 2;
		}
		from = `from ${formatIp(src)} ${device ? `${device.name}: ` : ': '}`;
	}
	const found = await resolve(call, space, name);
	if (!('ip' in found)) {
		call.err(
			busybox
				? `ping: bad address '${name}'\n`
				: `ping: ${name}: ${found.error === 'again' ? 'Temporary failure in name resolution' : 'Name or service not known'}\n`,
		);
		return busybox ? 1 : 2;
	}
	return loop(call, space, {
		dst: found.ip,
		shown: name,
		count: count ?? 0,
		interval,
		// The last answer is waited for as long as twice the longest round trip, 10 s without any; each is waited for until the next is due.
		wait: values.has('W') ? wait : Math.min(wait, Math.max(interval, 1e6)),
		deadline,
		size: size ?? 56,
		ttl,
		src,
		from,
		df: values.get('M') === 'do' || (values.get('M') === undefined && (size ?? 56) <= 1472),
		quiet: values.has('q'),
		busybox,
	});
}

export const ping: Tool = {
	name: 'ping',
	at: hasTool('ping'),
	run: (call) => withSpace(call, (space) => run(call, space)),
};
