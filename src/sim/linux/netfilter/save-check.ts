/**
 * What iptables-restore and the kernel refuse though every word of the rule is known: matches and targets in the
 * wrong table, under the wrong hook, or without the protocol they are about.
 *
 * Sources: iptables 1.8 (iptables/xshared.c, extensions/libxt_*.c, libipt_*.c: option conflicts and checks) and the
 * `.table`, `.hooks` and `.proto` fields that net/netfilter/x_tables.c, xt_check_match and xt_check_target enforce.
 */
import { BUILTIN_CHAINS } from './patch.ts';
import type { Named } from './save-build.ts';
import { SaveFault, type Token } from './save-error.ts';
import type { BuiltinChain, Match, TableName, Target } from './types.ts';

/** A rule reachable from another hook than these is refused; `token` is what minds. */
export interface HookWish {
	readonly token: Token;
	readonly hooks: readonly BuiltinChain[];
}

interface Place {
	readonly tables?: readonly TableName[];
	readonly hooks?: readonly BuiltinChain[];
}

const TARGET_PLACES: Readonly<Record<string, Place>> = {
	MASQUERADE: { tables: ['nat'], hooks: ['POSTROUTING'] },
	SNAT: { tables: ['nat'], hooks: ['POSTROUTING', 'INPUT'] },
	DNAT: { tables: ['nat'], hooks: ['PREROUTING', 'OUTPUT'] },
	REDIRECT: { tables: ['nat'], hooks: ['PREROUTING', 'OUTPUT'] },
	// nat sees the first packet of a connection only: iptables refuses to filter there.
	DROP: { tables: ['raw', 'mangle', 'filter'] },
	REJECT: { tables: ['filter'], hooks: ['INPUT', 'FORWARD', 'OUTPUT'] },
	CT: { tables: ['raw'] },
	NOTRACK: { tables: ['raw'] },
	TPROXY: { tables: ['mangle'], hooks: ['PREROUTING'] },
};

/** By module, or by an option of it. */
const MATCH_HOOKS: Readonly<Record<string, readonly BuiltinChain[]>> = {
	socket: ['PREROUTING', 'INPUT'],
	'--limit-iface-in': ['PREROUTING', 'INPUT', 'FORWARD'],
	'--limit-iface-out': ['FORWARD', 'OUTPUT', 'POSTROUTING'],
};

const [ICMP, TCP, UDP, DCCP, SCTP, UDPLITE] = [1, 6, 17, 33, 132, 136];
const MODULE_PROTOCOLS: Readonly<Record<string, readonly number[]>> = {
	tcp: [TCP],
	udp: [UDP],
	sctp: [SCTP],
	icmp: [ICMP],
	multiport: [TCP, UDP, UDPLITE, SCTP, DCCP],
};
/** ICMP too: its identifier is a port to NAT (libxt_NAT.c). */
const WITH_PORTS = [TCP, UDP, SCTP, DCCP, ICMP];

/** Ports one `-m multiport` takes; a range counts as two (XT_MULTI_PORTS). */
const MULTI_PORTS = 15;

/**
 * Throws SaveFault for what is wrong wherever the chain hangs; answers what depends on that.
 * `target` is as named in the rule, absent for a jump or none; `built` is what came of it.
 */
export function checkRule(
	table: TableName,
	chain: string,
	matches: readonly Match[],
	modules: readonly Named[],
	target: Named | undefined,
	built: Target,
	devices: Readonly<Record<'-i' | '-o', Token | undefined>>,
): HookWish[] {
	const wishes: HookWish[] = [];
	const mind = (token: Token, { tables, hooks }: Place): void => {
		if (tables && !tables.includes(table)) throw new SaveFault('save.wrong-place', token);
		if (hooks) wishes.push({ token, hooks });
	};
	const found = matches.find((m) => m.kind === 'protocol');
	const protocol = found?.kind === 'protocol' && !found.invert ? found.protocol : undefined;
	const needs = (token: Token, protocols: readonly number[]): void => {
		if (protocol === undefined || !protocols.includes(protocol)) throw new SaveFault('save.needs-protocol', token);
	};
	// iptables itself minds these in built-in chains only; elsewhere such a rule matches nothing.
	if (devices['-i'] && (chain === 'OUTPUT' || chain === 'POSTROUTING'))
		throw new SaveFault('save.wrong-place', devices['-i']);
	if (devices['-o'] && (chain === 'INPUT' || chain === 'PREROUTING'))
		throw new SaveFault('save.wrong-place', devices['-o']);

	for (const { name, given } of modules) {
		const protocols = MODULE_PROTOCOLS[name.text];
		if (protocols) needs(name, protocols);
		mind(name, { hooks: MATCH_HOOKS[name.text] });
		for (const [option, { option: token }] of given) mind(token, { hooks: MATCH_HOOKS[option] });
		if (name.text === 'recent') checkRecent(given);
		if (name.text === 'multiport') checkPorts(given);
	}
	if (target) {
		const { name, given } = target;
		mind(name, TARGET_PLACES[name.text] ?? {});
		if ('ports' in built && built.ports) needs([...given.values()][0]!.values[0]!, WITH_PORTS);
		if (built.kind === 'TPROXY') needs(name, [TCP, UDP]);
		if (built.kind === 'REJECT' && built.with === 'tcp-reset') needs(given.get('--reject-with')!.values[0]!, [TCP]);
	}
	return wishes;
}

/** libxt_recent: one of set, rcheck and update; an age only with the last two. */
function checkRecent(given: Named['given']): void {
	const [, second] = ['--set', '--rcheck', '--update'].flatMap((option) => given.get(option)?.option ?? []);
	if (second) throw new SaveFault('save.conflict', second);
	const seconds = given.get('--seconds');
	if (seconds && given.has('--set')) throw new SaveFault('save.conflict', seconds.option);
	const reap = given.get('--reap');
	if (reap && !seconds) throw new SaveFault('save.missing', reap.option);
}

function checkPorts(given: Named['given']): void {
	for (const { values } of given.values()) {
		const slots = values[0]!.text.split(',').reduce((sum, part) => sum + (part.includes(':') ? 2 : 1), 0);
		if (slots > MULTI_PORTS) throw new SaveFault('save.bad-value', values[0]!);
	}
}

/** What chains there are and where each leads to: enough to know from which hooks a rule is reached. */
export interface Jumps {
	readonly table: TableName;
	leadsTo(chain: string): Iterable<string>;
}

/** Hooks from which each chain is reached. */
export function hooksOf({ table, leadsTo }: Jumps): ReadonlyMap<string, ReadonlySet<BuiltinChain>> {
	const hooks = new Map<string, Set<BuiltinChain>>();
	for (const hook of BUILTIN_CHAINS[table]) {
		const open: string[] = [hook];
		for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
			const known = hooks.get(chain) ?? new Set();
			if (known.has(hook)) continue;
			hooks.set(chain, known.add(hook));
			open.push(...leadsTo(chain));
		}
	}
	return hooks;
}

/** XT_EXTENSION_MAXNAMELEN with its end; names of targets and what looks like an option are taken. */
export function checkChainName(name: string, token: Token, isTarget: (name: string) => boolean): void {
	if (name.length > 28 || /^[-!]/.test(name) || isTarget(name)) throw new SaveFault('save.bad-name', token);
}
