/**
 * policy_can_access(): whether an endpoint may send or be sent this. bpf/lib/policy.h @ v1.12.1, v1.14.4, v1.17.8;
 * asked in bpf_lxc.c handle_ipv4_from_lxc() and ipv4_policy() for packets that answer nothing.
 */
import type { ProgramVerdict } from '../../linux/index.ts';
import { formatIp } from '../../wire/index.ts';
import { DROP_POLICY, DROP_POLICY_DENY } from '../drop.ts';
import { minorOf } from '../features.ts';
import { ID_WORLD } from '../identity.ts';
import type { CtTuple } from '../maps/conntrack.ts';
import { ipcacheLookup4 } from '../maps/ipcache.ts';
import type { CiliumPolicy, PolicyEntry, PolicyKey } from '../maps/policy.ts';
import { type Ctx, drop, type IpSkb, say } from '../programs/context.ts';
import { type PolicyMatch, policyColumns } from './columns.ts';

interface Found {
	readonly key: PolicyKey;
	readonly entry: PolicyEntry;
}

/** The longest prefix of protocol and port, for one identity. */
const longest = (
	map: CiliumPolicy,
	ctx: Ctx,
	identity: number,
	egress: boolean,
	proto: number,
	port: number,
): Found | undefined => {
	const keys: PolicyKey[] = [];
	for (let prefix = 16; prefix > 0; prefix--)
		keys.push({ identity, egress, proto, dport: (port >>> (16 - prefix)) << (16 - prefix), prefix });
	keys.push({ identity, egress, proto, dport: 0, prefix: 0 }, { identity, egress, proto: 0, dport: 0, prefix: 0 });
	for (const key of keys) {
		const entry = map.peek(ctx.ns, key);
		if (entry) return { key, entry };
	}
	return undefined;
};

const lengthOf = ({ key }: Found): number => (key.proto === 0 ? 0 : 8 + key.prefix);

/** Which of two entries counts: the one for this identity, or the one for everybody. */
const choose = (own: Found | undefined, any: Found | undefined, minor: number): Found | undefined => {
	if (!own || !any) return own ?? any;
	if (minor >= 17) {
		if (own.entry.deny) return own;
		return any.entry.deny || lengthOf(any) > lengthOf(own) ? any : own;
	}
	// Both with a port, or neither: the one for this identity.
	return lengthOf(any) > lengthOf(own) && (any.key.prefix > 0 || own.key.proto === 0) ? any : own;
};

const matchOf = ({ key }: Found): PolicyMatch => {
	if (key.identity !== 0) return key.prefix > 0 ? 'L3-L4' : key.proto > 0 ? 'L3-Proto' : 'L3-Only';
	return key.prefix > 0 ? 'L4-Only' : key.proto > 0 ? 'Proto-Only' : 'all';
};

/** Undefined: it may. `tuple` is the packet's; `remote` the identity at the other end. */
const check = (
	skb: IpSkb,
	ctx: Ctx,
	egress: boolean,
	tuple: CtTuple,
	who: () => number,
	fresh: boolean,
): ProgramVerdict | undefined => {
	const ep = ctx.maps.lxc.peek(ctx.ns, egress ? skb.net.src : skb.net.dst);
	const map = ep && !ep.host ? ctx.maps.policy(ep.lxcId) : undefined;
	if (!ep || !map?.exists(ctx.ns)) return undefined;
	const all = map.peek(ctx.ns, { identity: 0, egress, proto: 0, dport: 0, prefix: 0 });
	// An endpoint that no policy selects: the entry for everybody is found, and nobody is told.
	if (all && !all.derived) return undefined;
	const remote = who();
	const port = skb.net.payload.kind === 'icmp' ? skb.net.payload.type : tuple.dport;
	const minor = minorOf(ctx.features.version);
	const ask = (identity: number) => longest(map, ctx, identity, egress, tuple.proto, port);
	const found = choose(ask(remote), ask(0), minor);
	const peer = formatIp(egress ? skb.net.dst : skb.net.src);
	const direction = egress ? 'egress' : 'ingress';
	const table = map.spec.name;
	/** POLICY_AUDIT_MODE: what would be dropped goes on, and is told with the first packet of its connection. */
	const audited = (match: PolicyMatch | 'none', row: { readonly key: string; readonly entry?: string }): undefined => {
		if (fresh) say(ctx, skb, 'pass', { code: `cilium.policy-audit-${direction}`, ...facts, match }, { table, ...row });
	};
	const facts = { ip: peer, identity: remote, endpoint: ep.lxcId, port: tuple.dport };
	if (!found) {
		const key = policyColumns({ identity: remote, egress, proto: tuple.proto, dport: port, prefix: 16 });
		if (ep.audits) return audited('none', { key });
		say(ctx, skb, 'miss', { code: `cilium.policy-none-${direction}`, ...facts }, { table, key });
		return drop(DROP_POLICY);
	}
	const row = { table, key: policyColumns(found.key), entry: found.entry.deny ? 'Deny' : 'Allow' };
	const match = matchOf(found);
	const { packets = 0, bytes = 0 } = found.entry;
	map.update(ctx.ns, found.key, { ...found.entry, packets: packets + 1, bytes: bytes + tuple.bytes });
	if (found.entry.deny) {
		if (ep.audits) return audited(match, row);
		say(ctx, skb, 'hit', { code: `cilium.policy-deny-${direction}`, ...facts, match }, row);
		return drop(DROP_POLICY_DENY);
	}
	// Of a connection that is known nobody is told again.
	if (fresh) say(ctx, skb, 'hit', { code: `cilium.policy-allow-${direction}`, ...facts, match }, row);
	return undefined;
};

export const policyPrograms = {
	/** Of what an endpoint sends: the other end is whoever the ipcache knows. */
	egress(skb: IpSkb, ctx: Ctx, tuple: CtTuple, fresh: boolean): ProgramVerdict | undefined {
		const who = (): number => ipcacheLookup4(ctx.maps.ipcache, ctx.ns, skb.net.dst)?.identity ?? ID_WORLD;
		return check(skb, ctx, true, tuple, who, fresh);
	},
	/** Of what an endpoint is sent. */
	ingress: (skb: IpSkb, ctx: Ctx, tuple: CtTuple, fresh: boolean): ProgramVerdict | undefined =>
		check(skb, ctx, false, tuple, () => ctx.source ?? ID_WORLD, fresh),
};

export type PolicyPrograms = typeof policyPrograms;
