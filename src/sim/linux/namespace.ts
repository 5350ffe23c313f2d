/** Namespaces as values: made with the kernel's defaults, copied for a fork. */
import { forkBpfMaps } from './bpf-fork.ts';
import { createConntrack, forkConntrack, forkRecent } from './netfilter/index.ts';
import { createSocketTable, forkSocketTable } from './socket.ts';
import type { Device, Namespace, PolicyRule, Sysctls } from './types.ts';

export const RT_TABLE_LOCAL = 255;
export const RT_TABLE_MAIN = 254;
export const RT_TABLE_DEFAULT = 253;

/** fib_default_rules_init (net/ipv4/fib_rules.c). */
export const DEFAULT_RULES: readonly PolicyRule[] = [
	{ priority: 0, table: RT_TABLE_LOCAL },
	{ priority: 32766, table: RT_TABLE_MAIN },
	{ priority: 32767, table: RT_TABLE_DEFAULT },
];

/** The kernel's own defaults; ip_forward is off, as in a fresh namespace. */
export const DEFAULT_SYSCTLS: Sysctls = {
	ip_forward: false,
	rp_filter: 0,
	route_localnet: false,
	ip_default_ttl: 64,
	ip_local_port_range: [32768, 60999],
	nf_conntrack_tcp_be_liberal: false,
	conntrackTimeouts: {},
	bridge_nf_call_iptables: false,
	tcp_syn_retries: 6,
	tcp_synack_retries: 5,
	tcp_retries2: 15,
};

export const emptyNamespace = (name: string, kernel: string, sysctls: Sysctls): Namespace => ({
	name,
	kernel,
	devices: new Map<number, Device>(),
	routes: [],
	rules: DEFAULT_RULES,
	ruleset: {},
	ipsets: new Map(),
	sysctls,
	neighbours: new Map(),
	fdb: new Map(),
	conntrack: createConntrack(),
	recent: new Map(),
	ruleState: new Map(),
	sockets: createSocketTable(),
	ipIds: new Map(),
	fragments: new Map(),
	pathMtus: new Map(),
	connectPrograms: [],
	bpfMaps: new Map(),
	counters: new Map(),
});

/** Configuration shared, tables copied. Packets that wait for a neighbour do not come along. */
export const forkNamespace = (ns: Namespace): Namespace => {
	const neighbours: Namespace['neighbours'] = new Map();
	for (const [key, n] of ns.neighbours)
		if (n.state !== 'INCOMPLETE') neighbours.set(key, n.queue.length ? { ...n, queue: [] } : { ...n });
	const counters: Namespace['counters'] = new Map();
	for (const [ifindex, c] of ns.counters) counters.set(ifindex, { ...c });
	return {
		...ns,
		neighbours,
		fdb: new Map(ns.fdb),
		conntrack: forkConntrack(ns.conntrack),
		recent: forkRecent(ns.recent),
		ruleState: new Map(ns.ruleState),
		sockets: forkSocketTable(ns.sockets),
		ipIds: new Map(ns.ipIds),
		fragments: new Map(ns.fragments),
		pathMtus: new Map(ns.pathMtus),
		bpfMaps: forkBpfMaps(ns.bpfMaps),
		counters,
	};
};

const versionOf = (kernel: string): readonly [number, number] => {
	const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10) || 0);
	return [major, minor];
};

/** Whether the namespace's kernel is `major.minor` or later. */
export const kernelAtLeast = (ns: Namespace, major: number, minor: number): boolean => {
	const [a, b] = versionOf(ns.kernel);
	return a > major || (a === major && b >= minor);
};
