/**
 * nodeport_lb4(): what comes in from outside and is for a service, or answers one. bpf/lib/nodeport.h @ v1.12.1,
 * v1.14, v1.18.0. Its tail calls are in nodeport-nat.ts and nodeport-dsr.ts.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import type { Why } from '../../trace/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_INVALID, DROP_IS_CLUSTER_IP, DROP_NO_SERVICE, DROP_NOT_IN_SRC_RANGE } from '../drop.ts';
import { ID_WORLD } from '../identity.ts';
import { lb4Local } from '../lb-local.ts';
import { type FoundService, isWildcard, lb4LookupService } from '../lb-select.ts';
import { type CtTuple, ctCreate4, ctLookup4, ctTupleOf, hasPorts } from '../maps/conntrack.ts';
import {
	endpointText,
	SVC_EXT_LOCAL_SCOPE,
	SVC_HOSTPORT,
	SVC_ROUTABLE,
	SVC_SOURCE_RANGE,
	SVC2_SOURCE_RANGE_DENY,
} from '../maps/services.ts';
import { inSourceRange } from '../maps/source-range.ts';
import { TUPLE_F_OUT } from '../maps/tuple.ts';
import { type Ctx, drop, type IpSkb, say, tailCall } from './context.ts';
import { lb4Xlate, noBackend, sayChosen } from './lb.ts';
import { setXfer, XFER_PKT_NO_SVC } from './marks.ts';
import { usesDsr } from './node.ts';
import { dsrInfo, nodeportDsrIngress, tailNodeportDsr } from './nodeport-dsr.ts';
import { tailNodeportNatEgress, tailNodeportNatIngress } from './nodeport-nat.ts';
import { ctRow, serviceRow } from './text.ts';

/** What nodeport_lb4() answers: the packet goes on here (`skip` says it need not be asked again), or a verdict. */
export type NodeportResult = 'continue' | ProgramVerdict;

/** `again` is the part of the calling program that follows (CILIUM_CALL_IPV4_FROM_NETDEV with "skip nodeport" set). */
export type Recircle = (skb: IpSkb, ctx: Ctx) => ProgramVerdict;

/** lb4_src_range_ok(). */
const sourceAllowed = (ctx: Ctx, { service }: FoundService, client: number): boolean => {
	if (!(service.flags & SVC_SOURCE_RANGE)) return true;
	const listed = inSourceRange(ctx.maps.sourceRange, ctx.ns, service.revNatIndex, client);
	return service.flags2 & SVC2_SOURCE_RANGE_DENY ? !listed : listed;
};

const notForOutside = (skb: IpSkb, ctx: Ctx, found: FoundService): ProgramVerdict => {
	const frontend = endpointText(found.key.address, found.key.port);
	say(ctx, skb, 'miss', { code: 'cilium.cluster-ip', frontend }, serviceRow(ctx, found));
	return drop(DROP_IS_CLUSTER_IP);
};

/** What is for no service: an answer to a request this node sent on, a request with DSR's notice, or none of the two. */
const noService = (skb: IpSkb, ctx: Ctx, tuple: CtTuple | undefined, again: Recircle): NodeportResult => {
	const { node, features } = ctx;
	setXfer(skb, ctx, XFER_PKT_NO_SVC);
	if (tuple && hasPorts(tuple)) {
		say(
			ctx,
			skb,
			'miss',
			{ code: 'cilium.no-service', frontend: endpointText(tuple.daddr, tuple.dport) },
			{ table: ctx.maps.services.spec.name, key: endpointText(tuple.daddr, tuple.dport) },
		);
		if (usesDsr(node, tuple.proto)) {
			// To 1.12 the pod's own program reads the notice.
			const here = features.dsrAtNetdev && (node.dispatch === 'geneve') === (ctx.where === 'overlay');
			if (here) {
				const dsr = dsrInfo(skb, ctx, tuple);
				if (dsr && !features.dsrIngressTail) return nodeportDsrIngress(skb, ctx, tuple, dsr) ?? 'continue';
				if (dsr)
					return tailCall(
						skb,
						ctx,
						'tail_nodeport_dsr_ingress_ipv4',
						(s, c) => nodeportDsrIngress(s, c, tuple, dsr) ?? again(s, c),
					);
			}
		}
	}
	// Without BPF masquerade, only answers of backends are looked for: whatever cannot be one goes on.
	if (!node.bpfMasquerade) {
		if (features.snatIcmpIsMasquerade && !(tuple && hasPorts(tuple))) return 'continue';
		if (features.dsrSkipsSnat && usesDsr(node, skb.net.protocol)) return 'continue';
	}
	return tailCall(skb, ctx, features.natTailNames[0], (s, c) => tailNodeportNatIngress(s, c, again));
};

/** nodeport_lb4(). */
export const nodeportLb4 = (skb: IpSkb, ctx: Ctx, again: Recircle): NodeportResult => {
	const tuple = ctTupleOf(skb.net);
	// DROP_UNKNOWN_L4: nothing here is about it.
	if (!tuple) {
		setXfer(skb, ctx, XFER_PKT_NO_SVC);
		return 'continue';
	}
	if (!hasPorts(tuple)) return noService(skb, ctx, tuple, again);
	const found = lb4LookupService(ctx, tuple, false);
	if (!found) return noService(skb, ctx, tuple, again);
	const { service } = found;
	const frontend = endpointText(tuple.daddr, tuple.dport);
	if (isWildcard(found)) {
		say(ctx, skb, 'miss', { code: 'cilium.no-such-port', frontend }, serviceRow(ctx, found));
		return drop(DROP_NO_SERVICE);
	}
	if (!sourceAllowed(ctx, found, tuple.saddr)) {
		say(
			ctx,
			skb,
			'miss',
			{ code: 'cilium.source-range', client: formatIp(tuple.saddr), frontend },
			{ table: ctx.maps.sourceRange.spec.name, key: `${service.revNatIndex} ${formatIp(tuple.saddr)}` },
		);
		return drop(DROP_NOT_IN_SRC_RANGE);
	}
	const clusterIp = (service.flags & SVC_ROUTABLE) === 0;
	if (clusterIp && ctx.features.routableFirst) return notForOutside(skb, ctx, found);
	// lb_punt_etp_local()
	if (ctx.hook === 'xdp' && ctx.features.xdpLeavesLocal && service.flags & SVC_EXT_LOCAL_SCOPE) {
		say(ctx, skb, 'pass', { code: 'cilium.xdp-local', frontend }, serviceRow(ctx, found));
		return 'continue';
	}
	const local = service.count === 0 ? undefined : lb4Local(ctx, tuple, found);
	if (!local) return noBackend(skb, ctx, found);
	const { backend } = local;
	sayChosen(skb, ctx, tuple, found, local, false);
	lb4Xlate(skb, ctx, found, local);
	if (clusterIp) return notForOutside(skb, ctx, found);
	const translated: CtTuple = { ...tuple, daddr: backend.address, dport: backend.port };
	const here = ctx.maps.lxc.lookup(ctx.ns, backend.address);
	if (!here && service.flags & SVC_HOSTPORT) return drop(DROP_INVALID);
	const dsr = usesDsr(ctx.node, tuple.proto);
	if (here || !dsr) {
		trackNodeport(skb, ctx, translated, service.revNatIndex);
		// neigh_record_ip4()
		if (!here || ctx.features.neighLocal) ctx.maps.neigh.update(ctx.ns, tuple.saddr, skb.frame.src);
	}
	const ip = formatIp(backend.address);
	if (here) {
		say(ctx, skb, 'pass', { code: 'cilium.backend-here', ip, client: formatIp(tuple.saddr) });
		setXfer(skb, ctx, XFER_PKT_NO_SVC);
		return 'continue';
	}
	if (dsr)
		return tailCall(skb, ctx, 'tail_nodeport_ipv4_dsr', (s, c) =>
			tailNodeportDsr(s, c, { ip: tuple.daddr, port: tuple.dport }),
		);
	return tailCall(skb, ctx, ctx.features.natTailNames[1], tailNodeportNatEgress);
};

/** The connection as the load balancer sees it: its answers are known by this entry. */
const trackNodeport = (skb: IpSkb, ctx: Ctx, tuple: CtTuple, revNatIndex: number): void => {
	// From 1.14 (ct_lazy_lookup4()) in one direction only, and for entries of NodePorts.
	const lazily = ctx.features.ctReopened ? {} : ({ scope: 'forward', types: 'node-port' } as const);
	const ct = ctLookup4(ctx, tuple, 'OUT', lazily);
	const known = ct.status !== 'NEW' && ct.status !== 'REPLY' && ct.entry.revNatIndex === revNatIndex;
	const entry = known
		? ct.entry
		: ctCreate4(
				ctx,
				tuple,
				'OUT',
				{ revNatIndex, nodePort: true, srcSecId: ID_WORLD, ifindex: ctx.node.nativeIfindex },
				false,
			);
	const why: Why = known ? { code: 'cilium.ct-known' } : { code: 'cilium.ct-nodeport' };
	say(ctx, skb, known ? 'hit' : 'create', why, ctRow(ctx, { ...tuple, flags: TUPLE_F_OUT }, entry));
};
