/** One pass of a packet through the programs of one hook: where it is, and what has become known on the way. */
import { identityOfMark } from '../../../../sim/cilium/index.ts';
import { deviceByName, type Namespace } from '../../../../sim/linux/index.ts';
import type { Decision, Headers } from '../../../../sim/trace/index.ts';
import { type Ip, parseIp, TCP_FIN, TCP_RST } from '../../../../sim/wire/index.ts';
import type { EndpointView } from '../context.ts';
import type { NodeView } from './node-view.ts';
import type { TraceReason } from './types.ts';

/** What a program found in connection tracking. */
export interface Tracked {
	readonly reason: TraceReason;
	readonly monitor: boolean;
}

/** One pass of a packet through the programs of one hook. */
export interface Pass {
	readonly where: 'lxc' | 'netdev' | 'overlay' | 'host';
	readonly dev: string;
	/** Whose program a pod's device has. */
	readonly endpoint: EndpointView | undefined;
	/** Identity of the sender. */
	source: number;
	/** The tail call that runs. */
	program: string;
	tracked: Tracked | undefined;
	/** Address before the frontend was put back. */
	orig: Ip | undefined;
	/** Where the packet is to be delivered, until the destination's program has run. */
	delivery: { readonly endpoint: EndpointView | undefined; readonly dev: string } | undefined;
	/** Translated as a service's: nodeport.h. */
	nodePort: boolean;
	/** A backend's answer: tail_rev_nodeport_lb4() and its kin. */
	reversed: boolean;
}

/** Nothing was looked up. */
export const UNTRACKED: Tracked = { reason: 'unknown', monitor: false };

/** Connections as they were last seen, by their key: what changed tells whether the trace was told. */
export type Seen = Map<string, string>;

/** `RxFlagsSeen=0x12 LastRxReport=3 TxFlagsSeen=0x02 LastTxReport=3` of a printed entry. */
const reportOf = (entry: string): string => (entry.match(/(?:[RT]xFlagsSeen|Last[RT]xReport)=\S+/g) ?? []).join(' ');

/** A packet has come to a hook: the pass of its program, if one is attached there. */
export function beginPass(ns: Namespace, node: NodeView, d: Decision, head: Headers | undefined): Pass | undefined {
	const { byDev, resolve, senderOf } = node;
	const dev = d.dev ?? '';
	const device = deviceByName(ns, dev);
	if (!device || !head) return undefined;
	const program = (d.hook === 'tc-egress' ? device.tcEgress : d.hook === 'xdp' ? device.xdp : device.tcIngress)?.name;
	if (program === undefined) return undefined;
	const endpoint = byDev.get(dev);
	const where = endpoint
		? 'lxc'
		: device.tunnel
			? 'overlay'
			: dev === 'cilium_host' || dev === 'cilium_net'
				? 'host'
				: 'netdev';
	const source =
		where === 'lxc' && d.hook !== 'tc-egress'
			? endpoint!.identity
			: where === 'overlay'
				? resolve(head, 2)
				: where === 'netdev'
					? d.hook === 'tc-egress'
						? senderOf(head)
						: resolve(head, 0)
					: resolve(head, identityOfMark(head.mark) ?? 2);
	return {
		where,
		dev,
		endpoint,
		source,
		program,
		tracked: undefined,
		orig: undefined,
		delivery: undefined,
		nodePort: false,
		reversed: false,
	};
}

/** A program looked at connection tracking: writes into the pass what it found, and into `seen` how it was left. */
export function track(minor: number, seen: Seen, d: Decision, pass: Pass, head: Headers | undefined): void {
	const { key, entry } = d;
	if (key === undefined || entry === undefined || !head) return;
	const before = seen.get(key);
	const now = reportOf(entry);
	seen.set(key, now);
	// Entries of services are looked at before; the rest of the program goes by the connection's own.
	if (/^\S+ SVC /.test(key) || / service(?: |$)/.test(key)) return;
	if (d.why.code === 'cilium.ct-new') {
		pass.tracked = { reason: before !== undefined && minor <= 13 ? 'reopened' : 'new', monitor: true };
		return;
	}
	const from = / (\d+\.\d+\.\d+\.\d+):(\d+) -> /.exec(key);
	const reply =
		from !== null && parseIp(from[1]!) === head.dst && (head.dport === undefined || Number(from[2]) === head.dport);
	const closing = head.flags !== undefined && (head.flags & (TCP_FIN | TCP_RST)) !== 0;
	pass.tracked = {
		reason: / related(?: |$)/.test(key) ? 'related' : reply ? 'reply' : 'established',
		monitor: closing || before !== now,
	};
}
