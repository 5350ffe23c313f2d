/** Decision records of netfilter: who, where and the packet before and after, added to what the caller knows. */
import { type Draft, type Headers, headersOf } from '../../trace/index.ts';
import { formatIp, IPPROTO_ICMP, IPPROTO_TCP, IPPROTO_UDP } from '../../wire/index.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import type { Tuple } from './tuple.ts';
import type { BuiltinChain } from './types.ts';

/** The device that matters at a hook: where the packet came in, or where it will leave. */
const outSide = (hook: BuiltinChain) => hook === 'OUTPUT' || hook === 'POSTROUTING';

/** Writes a record. Call it only when `ctx.net.recorder` is there: drafts cost more than the walk. */
export function record(
	ctx: NetfilterContext,
	skb: IpSkb,
	hook: BuiltinChain,
	draft: Omit<Draft, 'time' | 'packet' | 'ns' | 'dev' | 'hook' | 'before' | 'after'>,
	before?: Headers,
): void {
	const dev = (outSide(hook) ? ctx.outDev : ctx.inDev)?.name;
	const after = before && headersOf(skb.net, skb.mark);
	const changed = before !== undefined && after !== undefined && !sameHeaders(before, after);
	ctx.net.recorder?.record({
		time: ctx.net.now,
		packet: skb.packet,
		ns: ctx.ns.name,
		...(dev === undefined ? {} : { dev }),
		hook,
		...draft,
		...(changed ? { before, after } : {}),
	});
}

function sameHeaders(a: Headers, b: Headers): boolean {
	return a.src === b.src && a.dst === b.dst && a.mark === b.mark && a.sport === b.sport && a.dport === b.dport;
}

/** A tuple as conntrack prints it: `tcp src=10.0.0.1 dst=10.0.0.2 sport=40000 dport=80`. */
export function formatTupleKey(tuple: Tuple): string {
	const name = PROTOCOL_NAMES.get(tuple.protocol) ?? `${tuple.protocol}`;
	return `${name} ${formatTuple(tuple)}`;
}

export const PROTOCOL_NAMES: ReadonlyMap<number, string> = new Map([
	[IPPROTO_ICMP, 'icmp'],
	[IPPROTO_TCP, 'tcp'],
	[IPPROTO_UDP, 'udp'],
]);

/** print_tuple of nf_conntrack_standalone.c, without the blank at the end. */
export function formatTuple({ protocol, src, dst, sport, dport }: Tuple): string {
	const addresses = `src=${formatIp(src)} dst=${formatIp(dst)}`;
	switch (protocol) {
		case IPPROTO_TCP:
		case IPPROTO_UDP:
			return `${addresses} sport=${sport} dport=${dport}`;
		case IPPROTO_ICMP:
			return `${addresses} type=${dport >> 8} code=${dport & 0xff} id=${sport}`;
		default:
			return addresses;
	}
}
