import { type Ipv4, ipLength, readDsrGeneveOption, readDsrIpOption } from '../wire/index.ts';
import type { Headers } from './decision.ts';

/** What a learner sees of a packet now: a copy, so that later rewriting does not change it. */
export const headersOf = (packet: Ipv4, mark: number): Headers => {
	const { payload } = packet;
	const dsr = frontendOf(packet);
	const base = {
		...(dsr && { dsr }),
		src: packet.src,
		dst: packet.dst,
		protocol: packet.protocol,
		ttl: packet.ttl,
		mark,
		length: ipLength(packet),
	};
	if (payload.kind === 'tcp') return { ...base, sport: payload.sport, dport: payload.dport, flags: payload.flags };
	if (payload.kind === 'udp') {
		const udp = { ...base, sport: payload.sport, dport: payload.dport };
		const inner = payload.tunnel?.inner.payload;
		return inner?.kind === 'ipv4' ? { ...udp, inner: headersOf(inner, 0) } : udp;
	}
	if (payload.kind === 'icmp') return { ...base, icmp: [payload.type, payload.code] };
	return base;
};

/** What DSR tells the backend's node, wherever this version and mode put it. */
const frontendOf = ({ options, payload }: Ipv4): Headers['dsr'] => {
	if (options.length > 0) return readDsrIpOption(options);
	if (payload.kind !== 'udp' || payload.tunnel?.kind !== 'geneve') return undefined;
	return readDsrGeneveOption(payload.tunnel.options);
};
