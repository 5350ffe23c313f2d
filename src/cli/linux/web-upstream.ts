/** What a web server reaches others by while a request waits for it: a connection of its own place, in an exchange of its own. */
import type { WebNetwork } from '../../sim/lab/index.ts';
import { connect, isLinuxError, type Network } from '../../sim/linux/index.ts';
import { formatIp, parseIp } from '../../sim/wire/index.ts';
import type { Exchange } from './coredns-listeners.ts';
import { ipv6Of } from './devices.ts';
import type { Space } from './space.ts';

/** How deep servers may ask each other: one that is its own upstream runs out of connections. */
const DEEPEST = 8;
let depth = 0;

export const webNetwork = (
	net: Network,
	spaceOf: () => Space | undefined,
	exchange: Exchange | undefined,
): WebNetwork | undefined =>
	exchange && {
		ask(ip, port, octets, connects, reads) {
			const dst = parseIp(ip);
			const space = spaceOf();
			if (!space) return { connected: false, errno: 'ENETUNREACH', took: 0 };
			if (dst === undefined || depth >= DEEPEST) return { connected: false, errno: 'EAGAIN', took: 0 };
			const begun = net.now;
			depth++;
			try {
				const { value } = exchange(space, (own, ns) =>
					connect(own, ns, { protocol: 'tcp', dst, dport: port, data: octets, deadline: Math.max(connects, reads) }),
				);
				if (isLinuxError(value)) return { connected: false, errno: 'ENETUNREACH', took: 0 };
				const { outcome, accepted } = value;
				const connected = accepted !== undefined || outcome?.result === 'connected';
				const patience = connected ? reads : connects;
				const took = Math.max(0, Math.min(patience, (outcome?.at ?? begun + patience) - begun));
				const silent = outcome === undefined || (outcome.at - begun >= patience && outcome.reply.length === 0);
				if (silent || outcome.result === 'timeout') return { connected, errno: 'ETIMEDOUT', took: patience };
				if (outcome.errno !== undefined) return { connected, errno: outcome.errno, took };
				return { connected, reply: outcome.reply, took };
			} finally {
				depth--;
			}
		},
		addresses() {
			const space = spaceOf();
			return [...(space?.ns().devices.values() ?? [])].flatMap((device) => {
				const six = space && ipv6Of(space, device)?.address;
				return [...device.addresses.map(({ ip }) => formatIp(ip)), ...(six === undefined ? [] : [six])];
			});
		},
	};
