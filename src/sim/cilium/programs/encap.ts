/** Into the tunnel: bpf/lib/encap.h __encap_with_nodeid(), __encap_with_nodeid_opt(). */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp, type GeneveOption, type Ip } from '../../wire/index.ts';
import { DROP_NO_TUNNEL_ENDPOINT } from '../drop.ts';
import { ID_HOST, ID_REMOTE_NODE } from '../identity.ts';
import { type Ctx, drop, type IpSkb, say } from './context.ts';

/**
 * Sends the packet to the node that has the destination: the tunnel's VNI is the sender's identity, a node's own
 * goes as "remote node". MAC addresses stay: only the other end looks at them, and writes its own.
 */
export const encapAndRedirect = (
	skb: IpSkb,
	ctx: Ctx,
	remote: Ip,
	identity: number,
	options?: readonly GeneveOption[],
): ProgramVerdict => {
	const ifindex = ctx.node.encapIfindex;
	if (remote === 0 || ifindex === 0) return drop(DROP_NO_TUNNEL_ENDPOINT);
	const id = identity === ID_HOST ? ID_REMOTE_NODE : identity;
	skb.tunnel = { id, remote, ...(options ? { options } : {}) };
	say(
		ctx,
		skb,
		'redirect',
		{ code: 'cilium.encap', ip: formatIp(skb.net.dst), node: formatIp(remote), vni: id },
		{
			table: ctx.maps.ipcache.spec.name,
			key: formatIp(skb.net.dst),
			entry: `tunnelendpoint=${formatIp(remote)}`,
		},
	);
	return { action: 'redirect', ifindex, ingress: false };
};
