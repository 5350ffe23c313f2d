/** ping's loop: echo requests on time, and what comes back when it comes (ping/ping_common.c @ 20221126, busybox 1.35 networking/ping.c). */
import { isLinuxError, type PingOptions, type PingResult, ping as sendPing } from '../../sim/linux/index.ts';
import { formatIp, type Icmp, IPPROTO_ICMP, type Ip, isIcmpError } from '../../sim/wire/index.ts';
import { type Call, Interrupted } from '../tool.ts';
import { announce, type Exchange } from './connections.ts';
import { general, icmpErrorText } from './ping-words.ts';
import { nameOf } from './resolve.ts';
import type { Space } from './space.ts';
import { send } from './traffic.ts';
import { decimals, ERRNO } from './words.ts';

export interface PingPlan {
	readonly dst: Ip;
	/** As it was written. */
	readonly shown: string;
	/** 0 for no end. */
	readonly count: number;
	/** Microseconds. */
	readonly interval: number;
	/** How long the first answer is waited for when all are sent. */
	readonly linger: number;
	/** 0 for none. */
	readonly deadline: number;
	readonly size: number;
	/** `from 10.0.0.1 eth0: `. */
	readonly from: string;
	readonly options: Pick<PingOptions, 'src' | 'oif' | 'mark' | 'pmtu' | 'ttl' | 'tos' | 'data'>;
	/** The next goes as soon as an answer came. */
	readonly eager: boolean;
	readonly flood: boolean;
	readonly preload: number;
	readonly quiet: boolean;
	/** Names are not looked up. */
	readonly numeric: boolean;
	/** -D, -O, -v. */
	readonly stamps: boolean;
	readonly outstanding: boolean;
	readonly verbose: boolean;
	readonly busybox: boolean;
}

/** ping prints three or four significant digits: 0.043, 1.23, 12.3, 123. */
const msText = (us: number): string => {
	const ms = us / 1000;
	return ms >= 100 ? decimals(ms, 0) : ms >= 10 ? decimals(ms, 1) : ms >= 1 ? decimals(ms, 2) : decimals(ms, 3);
};

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

/** What comes back, and when. */
interface Coming {
	readonly at: number;
	readonly sentAt: number;
	readonly seq: number;
	readonly from: Ip;
	readonly ttl: number;
	/** An error of ICMP's instead of the echo. */
	readonly error?: Icmp;
}

/** An answer is waited for this long in the network: longer than neighbours are asked for, and than anybody delays. */
const PATIENCE = 20e6;
/** What a flood waits for an answer. */
const FLOOD = 10_000;

export async function pingLoop(call: Call, space: Space, plan: PingPlan): Promise<number> {
	const { busybox, dst, count, quiet } = plan;
	const began = call.lab.now;
	const id = space.lab.random('ping', `${began} ${dst} ${space.name}`, 0xffff) + 1;
	const coming: Coming[] = [];
	const times: number[] = [];
	const answered = new Set<number>();
	const names = new Map<Ip, string>();
	let sent = 0;
	let lastSent = began;
	let errors = 0;
	let ewma = 0;
	let pipe = 0;
	let next = began;
	let end = plan.deadline === 0 ? Number.POSITIVE_INFINITY : began + plan.deadline;

	const stamp = (): string => (plan.stamps ? `[${decimals(call.lab.epoch + call.lab.now / 1e6, 6)}] ` : '');
	const shownAs = async (ip: Ip): Promise<string> => {
		if (plan.numeric || busybox) return formatIp(ip);
		const known = names.get(ip) ?? `${(await nameOf(call, space, ip)) ?? formatIp(ip)} (${formatIp(ip)})`;
		names.set(ip, known);
		return known;
	};
	const summary = (): void => {
		const received = times.length;
		const lost = sent === 0 ? 0 : ((sent - received) * 100) / sent;
		const took = Math.round((lastSent - began) / 1000);
		// A terminal shows a dot for each that is out.
		if (plan.flood && !quiet) call.out('.'.repeat(Math.max(0, sent - received - errors)));
		call.out(
			busybox
				? `\n--- ${plan.shown} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${sent === 0 ? '' : `${Math.floor(lost)}% packet loss`}\n`
				: `\n--- ${plan.shown} ping statistics ---\n${sent} packets transmitted, ${received} received${errors ? `, +${errors} errors` : ''}${sent === 0 ? '' : `, ${general(lost)}% packet loss, time ${took}ms`}\n`,
		);
		const parts: string[] = [];
		const three = (us: number): string => decimals(us / 1000, 3);
		if (received > 0 && plan.size >= (busybox ? 4 : 16)) {
			const min = Math.min(...times);
			const max = Math.max(...times);
			const avg = times.reduce((a, b) => a + b, 0) / received;
			if (busybox) {
				call.out(`round-trip min/avg/max = ${three(min)}/${three(avg)}/${three(max)} ms\n`);
				return;
			}
			// Mean of squares minus square of the mean, as ping does it.
			const deviation = Math.sqrt(Math.max(0, times.reduce((a, b) => a + b * b, 0) / received - avg * avg));
			parts.push(`rtt min/avg/max/mdev = ${three(min)}/${three(avg)}/${three(max)}/${three(deviation)} ms`);
		}
		if (busybox) return;
		if (pipe > 1) parts.push(`pipe ${pipe}`);
		if (received > 0 && plan.eager && sent > 1) {
			const gap = Math.floor((lastSent - began) / (sent - 1));
			parts.push(`ipg/ewma ${three(gap)}/${three(Math.floor(ewma / 8))} ms`);
		}
		call.out(`${parts.join(', ')}\n`);
	};

	/** Sends one; a number is how the program ends. */
	const sendOne = (): number | undefined => {
		if (!busybox && plan.outstanding && sent > 0 && !answered.has(sent))
			call.out(`${stamp()}no answer yet for icmp_seq=${sent}\n`);
		const seq = sent + 1;
		const start = call.lab.now;
		const { value, frames, decisions, error } = send(space, (net, ns) =>
			sendPing(net, ns, {
				dst,
				id,
				seq: busybox ? seq - 1 : seq,
				size: plan.size,
				deadline: PATIENCE,
				...plan.options,
			}),
		);
		if (error || isLinuxError(value)) {
			call.err(`${call.name}: the simulated network does not come to rest\n`);
			return 2;
		}
		if (seq === 1) announce(space.lab, { ...echoed(space, dst, value, start), program: call.name, decisions });
		if (value.errno && value.firstReply === undefined) {
			const why = ERRNO[value.errno] ?? value.errno;
			if (busybox) {
				call.err(`ping: sendto: ${why}\n`);
				return 1;
			}
			sent++;
			lastSent = start;
			if (value.errno === 'EMSGSIZE') {
				if (!quiet) {
					call.err(`ping: local error: message too long, mtu=${value.mtu}\n`);
					errors++;
				}
			} else call.err(`ping: sendmsg: ${why}\n`);
			return undefined;
		}
		sent++;
		lastSent = start;
		const frame = frames.find(
			({ packet, direction, frame: { payload } }) =>
				direction === 'rx' && packet === value.firstReply && payload.kind === 'ipv4',
		);
		const payload = frame?.frame.payload;
		const icmp = payload?.kind === 'ipv4' && payload.payload.kind === 'icmp' ? payload.payload : undefined;
		if (frame && (value.result === 'answered' || (value.result === 'error' && icmp && isIcmpError(icmp))))
			coming.push({
				at: Math.max(frame.time, start),
				sentAt: start,
				seq,
				from: value.from!,
				ttl: value.ttl ?? 0,
				...(value.result === 'error' ? { error: icmp! } : {}),
			});
		coming.sort((a, b) => a.at - b.at);
		return undefined;
	};

	const take = async ({ at, sentAt, seq, from, ttl, error }: Coming): Promise<void> => {
		if (!(error && busybox)) pipe = Math.max(pipe, sent - seq + 1);
		if (error) {
			// Errors carry no identifier of busybox's at the place where it looks.
			if (busybox) return;
			errors++;
			if (quiet) return;
			call.out(
				`${stamp()}From ${await shownAs(from)} icmp_seq=${seq} ${icmpErrorText(error.type, error.code, error.mtu)}\n`,
			);
			return;
		}
		const took = at - sentAt;
		times.push(took);
		answered.add(seq);
		ewma = ewma === 0 ? took * 8 : ewma + took - Math.floor(ewma / 8);
		if (quiet || plan.flood) return;
		call.out(
			busybox
				? `${plan.size + 8} bytes from ${formatIp(from)}: seq=${seq - 1} ttl=${ttl}${plan.size >= 4 ? ` time=${decimals(took / 1000, 3)} ms` : ''}\n`
				: `${stamp()}${plan.size + 8} bytes from ${await shownAs(from)}: icmp_seq=${seq} ${plan.verbose ? `ident=${id} ` : ''}ttl=${ttl}${plan.size >= 16 ? ` time=${msText(took)} ms` : ''}\n`,
		);
	};

	call.out(
		busybox
			? `PING ${plan.shown} (${formatIp(dst)}): ${plan.size} data bytes\n`
			: `PING ${plan.shown} (${formatIp(dst)}) ${plan.from}${plan.size}(${plan.size + 28}) bytes of data.\n`,
	);
	try {
		for (;;) {
			call.check();
			const done = times.length + (busybox ? 0 : errors);
			if (count !== 0 && done >= count) break;
			if (plan.deadline !== 0 && errors > 0 && !busybox) break;
			const more = count === 0 || sent < count;
			const { at = Number.POSITIVE_INFINITY } = coming[0] ?? {};
			const due = Math.min(more ? next : Number.POSITIVE_INFINITY, at, end);
			if (due > call.lab.now) await call.sleep(due - call.lab.now);
			if (at <= call.lab.now && at < end) {
				await take(coming.shift()!);
				// Without an end, or a far one, a hundred a second are enough: the least that ping floods with.
				if (plan.eager && count !== 0 && count <= 1000) next = call.lab.now;
				continue;
			}
			if (call.lab.now >= end) break;
			if (!more) break;
			const code = sendOne();
			if (code !== undefined) return code;
			next = sent < plan.preload ? call.lab.now : call.lab.now + (plan.eager ? FLOOD : plan.interval);
			// __schedule_exit(): when all are sent, twice the longest round trip is waited for, or as long as was asked.
			if (count !== 0 && sent >= count && plan.deadline === 0)
				end =
					call.lab.now +
					(times.length > 0 ? Math.max(2 * Math.max(...times), busybox ? 1e6 : plan.interval) : plan.linger);
		}
	} catch (interrupted) {
		if (!(interrupted instanceof Interrupted)) throw interrupted;
		// Another signal is not heard, and ends it.
		if (call.signal !== 'INT') throw interrupted;
		summary();
		throw new Interrupted({ code: times.length === 0 ? 1 : 0, upon: ['INT'] });
	}
	summary();
	return times.length === 0 || (plan.deadline !== 0 && times.length < count) ? 1 : 0;
}
