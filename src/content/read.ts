/** What lessons read out of a run: each value in prose, output and answer comes through here. */
import type { Run } from '../exercises/index.ts';
import { formatConntrack, printIptablesSave, type TableName } from '../sim/linux/index.ts';
import type { Decision, Verdict } from '../sim/trace/index.ts';
import { formatIp } from '../sim/wire/index.ts';
import { conntrackOf, nodesOf, nowOf, podsOf, rulesetOf, type World } from '../sim/world/index.ts';

/** Source address the server saw, dotted; `—` when nobody answered. */
export function observed(run: Run): string {
	const source = run.outcome.observedSource;
	return source ? formatIp(source.ip) : '—';
}

/** Address of the pod that answered. */
export function serverIp(run: Run): string {
	const pod = podsOf(run.world).find((p) => p.metadata.name === run.outcome.server);
	return pod?.podIP === undefined ? '—' : formatIp(pod.podIP);
}

/** Address of the node the pod that answered runs on. */
export function serverNodeIp(run: Run): string {
	const pod = podsOf(run.world).find((p) => p.metadata.name === run.outcome.server);
	const node = nodesOf(run.world).find((n) => n.metadata.name === pod?.nodeName);
	return node ? formatIp(node.internalIP) : '—';
}

/** `seq` of the first decision with this verdict about the first packet. */
export function decided(run: Run, verdict: Verdict): number | undefined {
	return firstPacket(run).find((d) => d.verdict === verdict)?.seq;
}

/** Decisions about the first packet of the connection, in order. */
export function firstPacket(run: Run): readonly Decision[] {
	return run.outcome.trace.filter((d) => d.packet === run.outcome.firstPacket);
}

/** Lines of the rules the first packet hit in a table at a hook, in order, in the first namespace that has any. */
export function rulesHit(run: Run, table: TableName, hook: Decision['hook']): readonly string[] {
	return hitsAt(run, table, hook).map((d) => d.entry!);
}

/** User chains the first packet entered in a table at a hook, in order. */
export function chainsEntered(run: Run, table: TableName, hook: Decision['hook']): readonly string[] {
	const chains: string[] = [];
	for (const { chain } of hitsAt(run, table, hook)) {
		if (chain && chain !== hook && !chains.includes(chain)) chains.push(chain);
	}
	return chains;
}

function hitsAt(run: Run, table: TableName, hook: Decision['hook']): Decision[] {
	const hits = firstPacket(run).filter((d) => d.table === table && d.hook === hook && d.rule !== undefined && d.entry);
	return hits.filter((d) => d.ns === hits[0]?.ns);
}

/** How often the lines of `iptables-save` on a node hold `KUBE`, or how many rules its nat table has. */
export function ruleCount(world: World, node: string, what: 'nat' | 'KUBE'): number {
	if (what === 'KUBE') return rulesLines(world, node, undefined, 'KUBE').length;
	return rulesLines(world, node, 'nat', '').filter((line) => line.startsWith('-A ')).length;
}

/** `iptables-save [-t table] | grep text` on a node. */
export function rulesLines(world: World, node: string, table: TableName | undefined, text: string): readonly string[] {
	const ruleset = rulesetOf(world, node);
	const some = table ? { [table]: ruleset[table] } : ruleset;
	return printIptablesSave(some)
		.split('\n')
		.filter((line) => line.includes(text) && line !== '');
}

/** `/proc/net/nf_conntrack` of a namespace, the lines that hold `text`. */
export function conntrackLines(run: Run, ns: string, text: string): readonly string[] {
	return conntrackOf(run.world, ns)
		.map((entry) => formatConntrack(entry, nowOf(run.world)))
		.filter((line) => line.includes(text));
}

/** Conntrack rows of this connection in a namespace, without the parts that only tell the time. */
export function conntrackRows(run: Run, ns: string): readonly string[] {
	return conntrackLines(run, ns, serverIp(run)).map((line) =>
		line.slice(line.indexOf('src=')).replace(/ mark=.*$/, ''),
	);
}

/** What `curl … | grep Requesting` prints for this run: a line, or nothing. */
export function requestingLines(run: Run): readonly string[] {
	const source = run.outcome.observedSource;
	return run.outcome.result === 'connected' && source
		? [`-> Requesting IP: ${formatIp(source.ip)}:${source.port}`]
		: [];
}

/** Node the first packet came to first; undefined when it came to none. */
export function entryNode(run: Run): string | undefined {
	return run.outcome.hops.map((h) => nodeOf(h.namespace)).find((n) => n !== undefined);
}

const nodeOf = (ns: string): string | undefined => (ns.startsWith('node/') ? ns.slice('node/'.length) : undefined);

/** Nodes the first packet of the reply passed, in order, each once. */
export function replyNodes(run: Run): readonly string[] {
	return [...new Set(run.outcome.replyHops.flatMap((h) => nodeOf(h.namespace) ?? []))];
}
