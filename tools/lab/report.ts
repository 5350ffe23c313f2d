/** The outcome of a run as `--json` prints it (schemas/lab-output.schema.json). */
import { formatConntrack } from '../../src/sim/linux/index.ts';
import type { Decision, Headers } from '../../src/sim/trace/index.ts';
import { formatIp } from '../../src/sim/wire/index.ts';
import {
	type CiliumList,
	ciliumListOf,
	conntrackOf,
	namespacesOf,
	nodesOf,
	nowOf,
	type Outcome,
	settingsOf,
	type World,
} from '../../src/sim/world/index.ts';

/** Addresses in text, as everything else that a person reads. */
function readable(headers: Headers | undefined): object | undefined {
	if (!headers) return undefined;
	const { src, dst, inner, ...rest } = headers;
	return { src: formatIp(src), dst: formatIp(dst), ...rest, ...(inner ? { inner: readable(inner) } : {}) };
}

/** Rules that decided something, once each and in the order they were met. */
export function rulesHit(trace: readonly Decision[]): readonly object[] {
	const rules = new Map<string, { packets: Set<number>; row: object }>();
	for (const { ns, table, chain, rule, entry, verdict, packet } of trace) {
		if (rule === undefined || chain === undefined) continue;
		const key = `${ns} ${table} ${chain} ${rule}`;
		const known = rules.get(key);
		if (known) known.packets.add(packet);
		else rules.set(key, { packets: new Set([packet]), row: { namespace: ns, table, chain, rule, entry, verdict } });
	}
	return [...rules.values()].map(({ packets, row }) => ({ ...row, packets: packets.size }));
}

/** `/proc/net/nf_conntrack` of every namespace that has an entry. */
export function conntrackTables(world: World): Record<string, readonly string[]> {
	const tables: Record<string, readonly string[]> = {};
	for (const ns of namespacesOf(world)) {
		const lines = conntrackOf(world, ns).map((entry) => formatConntrack(entry, nowOf(world)));
		if (lines.length > 0) tables[ns] = lines;
	}
	return tables;
}

const LISTS: readonly CiliumList[] = ['lb', 'ct', 'nat', 'ipcache', 'tunnel'];

/** What `cilium bpf lb|ct|nat|ipcache|tunnel list` prints on each node; empty without Cilium. */
export function ciliumLists(world: World): Record<string, Record<string, readonly string[]>> {
	const nodes: Record<string, Record<string, readonly string[]>> = {};
	for (const { metadata } of nodesOf(world)) {
		const lists: Record<string, readonly string[]> = {};
		for (const list of LISTS) {
			const printed = ciliumListOf(world, metadata.name, list);
			// A table that is not there is left out, as the tool has nothing to print.
			if (printed && printed.stderr.length === 0) lists[list] = printed.stdout;
		}
		if (Object.keys(lists).length > 0) nodes[metadata.name] = lists;
	}
	return nodes;
}

/** The report. `observedSource` and `server` are null when no server was reached. */
export function report(world: World, outcome: Outcome): object {
	const { probe, observedSource, clientSource } = outcome;
	return {
		scenario: world.scenario.id,
		settings: settingsOf(world),
		from: probe.from,
		to: `${formatIp(probe.to.ip)}:${probe.to.port}`,
		protocol: probe.protocol,
		result: outcome.result,
		errno: outcome.errno ?? null,
		observedSource: observedSource ? formatIp(observedSource.ip) : null,
		observedPort: observedSource?.port ?? null,
		clientSource: clientSource ? formatIp(clientSource.ip) : null,
		clientPort: clientSource?.port ?? null,
		server: outcome.server ?? null,
		reply: String.fromCharCode(...outcome.reply.subarray(0, 4096)),
		hops: outcome.hops,
		replyHops: outcome.replyHops,
		firstPacket: outcome.firstPacket,
		firstReply: outcome.firstReply ?? null,
		decisions: outcome.trace.map(({ before, after, ...rest }) => ({
			...rest,
			...(before ? { before: readable(before) } : {}),
			...(after ? { after: readable(after) } : {}),
		})),
		conntrack: conntrackTables(world),
		maps: ciliumLists(world),
		rules: rulesHit(outcome.trace),
	};
}
