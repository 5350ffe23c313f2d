/**
 * The walk through one chain of one table (ipt_do_table, net/ipv4/netfilter/ip_tables.c @ v6.12): rules in order,
 * jumps with a return stack, gotos without, and the policy at the end.
 */
import { type Headers, headersOf, type Verdict, type Why } from '../../trace/index.ts';
import type { IpSkb, NetfilterContext } from './context.ts';
import { type MatchState, matchesAll } from './match.ts';
import { record } from './record.ts';
import { printRule } from './save-print.ts';
import { type Action, perform } from './target.ts';
import type { BuiltinChain, Chain, Rule, Table, Target } from './types.ts';

/** A chain in progress: the next rule, and how many were tried since the last one that matched. */
interface Frame {
	readonly chain: Chain;
	next: number;
	missed: number;
}

/** iptables-restore refuses loops; rules made by hand as objects might have one. Jumps before we give up. */
const MAX_JUMPS = 1024;

const TERMINAL_VERDICT: Readonly<Partial<Record<Target['kind'], Verdict>>> = {
	MARK: 'mark',
	REJECT: 'reject',
	DNAT: 'dnat',
	REDIRECT: 'dnat',
	SNAT: 'snat',
	MASQUERADE: 'snat',
};

export interface WalkResult {
	readonly verdict: 'accept' | 'drop';
	/** The record of a NAT target, not written yet: the packet is rewritten first. Call it then. */
	readonly pending?: () => void;
}

const ACCEPT: WalkResult = { verdict: 'accept' };
const DROP: WalkResult = { verdict: 'drop' };

/**
 * Walks the built-in chain `hook` of `table`.
 *
 * Records: one per rule that matched, whose `tried` counts the rules of its chain that did not since the one before;
 * one at the end of each chain for those that were left. `tried` and hits together are the rules the packet met.
 */
export function walkTable(table: Table, hook: BuiltinChain, ctx: NetfilterContext, skb: IpSkb): WalkResult {
	const start = table.chains.get(hook);
	if (!start) return ACCEPT;
	const { recorder } = ctx.net;
	const stack: Frame[] = [];
	let frame: Frame = { chain: start, next: 0, missed: 0 };
	let jumps = 0;
	const state: MatchState = { ctx, skb, table: table.name, chain: start.name, rule: 0 };

	/** Writes down a rule that matched. */
	const hit = (rule: Rule, verdict: Verdict, why: Why, before?: Headers) => {
		const { chain, next, missed } = frame;
		frame.missed = 0;
		if (!recorder) return;
		const entry = printRule(chain.name, rule);
		record(
			ctx,
			skb,
			hook,
			{ table: table.name, chain: chain.name, rule: next, tried: missed, entry, verdict, why },
			before,
		);
	};
	/** Writes down that a chain had no more rules. Chains that hold nothing are not worth a record. */
	const ended = (verdict: Verdict, why: Why) => {
		const { chain, missed } = frame;
		if (!recorder || (missed === 0 && verdict !== 'drop')) return;
		record(ctx, skb, hook, { table: table.name, chain: chain.name, tried: missed, verdict, why });
	};

	for (;;) {
		const { rules } = frame.chain;
		if (frame.next >= rules.length) {
			const back = stack.pop();
			if (!back) {
				// The base chain, or a chain it went to by goto: its policy decides.
				const policy = start.policy ?? 'ACCEPT';
				ended(policy === 'DROP' ? 'drop' : 'accept', { code: 'nf.policy', chain: start.name, policy });
				return policy === 'DROP' ? DROP : ACCEPT;
			}
			ended('return', { code: 'nf.end', chain: frame.chain.name });
			frame = back;
			continue;
		}
		const rule = rules[frame.next++]!;
		state.chain = frame.chain.name;
		state.rule = frame.next;
		if (!matchesAll(rule.matches, state)) {
			frame.missed++;
			continue;
		}
		const { target } = rule;
		switch (target.kind) {
			case 'ACCEPT':
				hit(rule, 'accept', { code: 'nf.accept' });
				return ACCEPT;
			case 'DROP':
				hit(rule, 'drop', { code: 'nf.drop' });
				return DROP;
			case 'RETURN': {
				hit(rule, 'return', { code: 'nf.return', chain: frame.chain.name });
				const back = stack.pop();
				if (!back) {
					const policy = start.policy ?? 'ACCEPT';
					ended(policy === 'DROP' ? 'drop' : 'accept', { code: 'nf.policy', chain: start.name, policy });
					return policy === 'DROP' ? DROP : ACCEPT;
				}
				frame = back;
				break;
			}
			case 'jump':
			case 'goto': {
				const chain = table.chains.get(target.chain);
				if (!chain || ++jumps > MAX_JUMPS) {
					hit(rule, 'error', { code: 'nf.loop', chain: target.chain });
					return DROP;
				}
				hit(rule, 'jump', { code: 'nf.jump', chain: target.chain });
				if (target.kind === 'jump') stack.push(frame);
				frame = { chain, next: 0, missed: 0 };
				break;
			}
			default: {
				const result = act(target, rule);
				if (result) return result;
			}
		}
	}

	function act(target: Action, rule: Rule): WalkResult | undefined {
		const before = recorder && headersOf(skb.net, skb.mark);
		const { verdict, why, then } = perform(target, ctx, skb, hook);
		if (verdict === 'accept' && table.name === 'nat') {
			return { verdict, pending: () => hit(rule, TERMINAL_VERDICT[target.kind] ?? 'accept', why, before) };
		}
		const shown = TERMINAL_VERDICT[target.kind];
		if (verdict === 'drop') hit(rule, shown === 'reject' ? 'reject' : 'drop', why);
		else hit(rule, shown ?? (verdict === 'accept' ? 'accept' : 'pass'), why, before);
		then?.();
		if (verdict === 'continue') return undefined;
		return verdict === 'accept' ? ACCEPT : DROP;
	}
}
