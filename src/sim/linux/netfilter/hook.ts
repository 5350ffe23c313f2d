/**
 * The netfilter hooks of a namespace in the order of their priorities (include/uapi/linux/netfilter_ipv4.h @ v6.12):
 * raw -300, conntrack -200, mangle -150, destination NAT -100, filter 0, source NAT 100, confirmation last.
 * Defragmentation (-400) is not modelled.
 */
import { headersOf } from '../../trace/index.ts';
import type { Skb } from '../types.ts';
import { type Connection, remove } from './conntrack.ts';
import { formatConntrack } from './conntrack-format.ts';
import { confirm, conntrackIn } from './conntrack-in.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import { walkTable } from './engine.ts';
import { manipOf, natDone, nullBinding } from './nat.ts';
import { natIcmpError, natPacket } from './nat-packet.ts';
import { formatTupleKey, record } from './record.ts';
import { tupleOf } from './tuple.ts';
import type { BuiltinChain, Ruleset, TableName } from './types.ts';

type Step = TableName | 'conntrack' | 'confirm';

const STEPS: Readonly<Record<BuiltinChain, readonly Step[]>> = {
	PREROUTING: ['raw', 'conntrack', 'mangle', 'nat'],
	INPUT: ['mangle', 'filter', 'nat', 'confirm'],
	FORWARD: ['mangle', 'filter'],
	OUTPUT: ['raw', 'conntrack', 'mangle', 'nat', 'filter'],
	POSTROUTING: ['mangle', 'nat', 'confirm'],
};

export type HookVerdict = 'accept' | 'drop' | 'stolen';

/**
 * Runs one hook over a packet, which it may rewrite (addresses, ports, mark, `ct`, and in OUTPUT the route).
 * A route changed in OUTPUT shows in `skb.oif`; `ctx.outDev` stays what it was, as nf_hook_state does: a rule behind
 * the change still sees the first device. `stolen` is never answered by the targets there
 * are; a caller treats it as gone without being counted as dropped. ARP passes untouched.
 */
export function netfilterHook(hook: BuiltinChain, skb: Skb, ctx: NetfilterContext): HookVerdict {
	if (skb.net.kind !== 'ipv4') return 'accept';
	const packet = skb as IpSkb;
	const { steps } = planOf(ctx.ns.ruleset);
	for (const step of steps[hook]) {
		if (run(step, hook, packet, ctx) === 'drop') return 'drop';
	}
	return 'accept';
}

function run(step: Step, hook: BuiltinChain, skb: IpSkb, ctx: NetfilterContext): 'accept' | 'drop' {
	switch (step) {
		case 'conntrack':
			return trackHook(hook, skb, ctx);
		case 'confirm':
			return confirmHook(hook, skb, ctx);
		case 'nat':
			return natHook(hook, skb, ctx);
		case 'mangle':
			return mangleHook(hook, skb, ctx);
		default: {
			const table = ctx.ns.ruleset[step];
			return table ? walkTable(table, hook, ctx, skb).verdict : 'accept';
		}
	}
}

function trackHook(hook: BuiltinChain, skb: IpSkb, ctx: NetfilterContext): 'accept' | 'drop' {
	const known = skb.ct !== undefined && skb.ct !== 'invalid';
	const { verdict } = conntrackIn(ctx, skb);
	if (known || !ctx.net.recorder) return verdict;
	const tuple = tupleOf(skb.net);
	const key = tuple && formatTupleKey(tuple);
	const base = { table: 'conntrack', ...(key === undefined ? {} : { key }) };
	if (verdict === 'drop') {
		record(ctx, skb, hook, { ...base, verdict: 'drop', why: { code: 'ct.full', max: ctx.ns.conntrack.max } });
	} else if (typeof skb.ct !== 'object') {
		record(ctx, skb, hook, { ...base, verdict: 'miss', why: { code: 'ct.invalid' } });
	} else if (skb.ct.info === 'NEW') {
		record(ctx, skb, hook, { ...base, verdict: 'miss', why: { code: 'ct.new' } });
	} else {
		const { connection, direction, info } = skb.ct;
		const entry = formatConntrack(connection, ctx.net.now);
		const code = info === 'RELATED' ? 'ct.related' : 'ct.established';
		record(ctx, skb, hook, { ...base, entry, verdict: 'hit', why: { code, direction } });
	}
	return verdict;
}

function confirmHook(hook: BuiltinChain, skb: IpSkb, ctx: NetfilterContext): 'accept' | 'drop' {
	const result = confirm(ctx, skb);
	if (result === 'already') return 'accept';
	if (ctx.net.recorder && typeof skb.ct === 'object') {
		const { connection } = skb.ct;
		const base = { table: 'conntrack', key: formatTupleKey(connection.original) };
		if (result === 'created') {
			const entry = formatConntrack(connection, ctx.net.now);
			record(ctx, skb, hook, { ...base, entry, verdict: 'create', why: { code: 'ct.created' } });
		} else record(ctx, skb, hook, { ...base, verdict: 'drop', why: { code: 'ct.clash' } });
	}
	return result === 'created' ? 'accept' : 'drop';
}

/** ipt_mangle_out: in OUTPUT a changed mark, address or TOS sends the packet through routing again. */
function mangleHook(hook: BuiltinChain, skb: IpSkb, ctx: NetfilterContext): 'accept' | 'drop' {
	const table = ctx.ns.ruleset.mangle;
	if (!table) return 'accept';
	const { src, dst, tos } = skb.net;
	const { mark } = skb;
	const { verdict } = walkTable(table, hook, ctx, skb);
	if (verdict === 'drop' || hook !== 'OUTPUT') return verdict;
	const { net } = skb;
	const changed = net.src !== src || net.dst !== dst || net.tos !== tos || skb.mark !== mark;
	return !changed || reroute(skb, ctx) ? 'accept' : 'drop';
}

function reroute(skb: IpSkb, ctx: NetfilterContext): boolean {
	return ctx.services.rerouteOutput(ctx, skb) !== undefined;
}

/** nf_nat_ipv4_fn and its kin per hook (net/netfilter/nf_nat_{core,proto}.c @ v6.12). */
function natHook(hook: BuiltinChain, skb: IpSkb, ctx: NetfilterContext): 'accept' | 'drop' {
	const table = ctx.ns.ruleset.nat;
	if (!table || typeof skb.ct !== 'object') return 'accept';
	const { connection, direction, info } = skb.ct;
	const before = ctx.net.recorder && headersOf(skb.net, skb.mark);
	let pending: (() => void) | undefined;
	let changed = false;
	if (info === 'RELATED' && skb.net.payload.kind === 'icmp') {
		const result = natIcmpError(connection, direction, hook, skb.net);
		if (result === 'drop') return 'drop';
		changed = result === 'changed';
	} else {
		const manip = manipOf(hook);
		if (info !== 'ESTABLISHED' && !natDone(connection, manip)) {
			const walked = walkTable(table, hook, ctx, skb);
			if (walked.verdict === 'drop') return 'drop';
			pending = walked.pending;
			if (!natDone(connection, manip)) nullBinding(ctx, connection, manip);
		} else if (leavesElsewhere(connection, hook, ctx) && direction === 'original') {
			// MASQUERADE's address was of another device: the connection is over.
			remove(ctx.ns.conntrack, connection);
			return 'drop';
		}
		changed = natPacket(connection, direction, hook, skb.net);
	}
	if (pending) pending();
	else if (changed && ctx.net.recorder) {
		const entry = formatConntrack(connection, ctx.net.now);
		const verdict = manipOf(hook) === 'src' ? 'snat' : 'dnat';
		const key = formatTupleKey(connection[direction]);
		record(
			ctx,
			skb,
			hook,
			{ table: 'conntrack', key, entry, verdict, why: { code: 'ct.translated', direction } },
			before,
		);
	}
	const other = direction === 'original' ? connection.reply : connection.original;
	if (hook === 'OUTPUT' && connection[direction].dst !== other.src && !reroute(skb, ctx)) return 'drop';
	return 'accept';
}

/** nf_nat_oif_changed. */
function leavesElsewhere({ masqIndex }: Connection, hook: BuiltinChain, { outDev }: NetfilterContext): boolean {
	return hook === 'POSTROUTING' && masqIndex !== 0 && masqIndex !== outDev?.ifindex;
}

interface Plan {
	readonly steps: Readonly<Record<BuiltinChain, readonly Step[]>>;
}

const plans = new WeakMap<Ruleset, Plan>();

/**
 * Which steps a ruleset needs. Linux hooks a namespace into conntrack only when something asks for it: a nat table,
 * or a rule with conntrack, connmark, CT or CONNMARK (nf_ct_netns_get). Without, no connection is tracked.
 */
function planOf(ruleset: Ruleset): Plan {
	let plan = plans.get(ruleset);
	if (!plan) {
		const tracks = needsConntrack(ruleset);
		const needed = (step: Step) => (step === 'conntrack' || step === 'confirm' ? tracks : ruleset[step] !== undefined);
		const steps = {} as Record<BuiltinChain, readonly Step[]>;
		for (const hook of Object.keys(STEPS) as BuiltinChain[]) steps[hook] = STEPS[hook].filter(needed);
		plan = { steps };
		plans.set(ruleset, plan);
	}
	return plan;
}

function needsConntrack(ruleset: Ruleset): boolean {
	if (ruleset.nat) return true;
	for (const table of Object.values(ruleset)) {
		for (const { rules } of table?.chains.values() ?? []) {
			for (const { matches, target } of rules) {
				if (target.kind === 'CT' || target.kind === 'CONNMARK') return true;
				if (matches.some(({ kind }) => kind === 'conntrack' || kind === 'connmark')) return true;
			}
		}
	}
	return false;
}
