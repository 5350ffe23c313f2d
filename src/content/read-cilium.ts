/** What lessons read out of a run with Cilium: its programs, and what its tool prints of its maps. */
import type { Run } from '../exercises/index.ts';
import type { Decision } from '../sim/trace/index.ts';
import { formatIp } from '../sim/wire/index.ts';
import { type CiliumList, ciliumListOf, podsOf, servicesOf, type World } from '../sim/world/index.ts';
import { entryNode, firstPacket } from './read.ts';

/** Programs, tail calls included, that ran on the first packet at its entry node, in order, each once. */
export function programsRun(run: Run): readonly string[] {
	const ns = `node/${entryNode(run)}`;
	const here = firstPacket(run).filter((d) => d.ns === ns && d.chain && d.hook.startsWith('tc-'));
	return [...new Set(here.map((d) => d.chain!))];
}

/** Octets by which the first packet was longer when its entry node sent it on than when it came in. */
export function grownBy(run: Run): number {
	const ns = `node/${entryNode(run)}`;
	const length = (hook: Decision['hook']) =>
		firstPacket(run).find((d) => d.ns === ns && d.hook === hook && d.before)?.before?.length ?? 0;
	return Math.max(0, length('tx') - length('rx'));
}

/** A row of `cilium bpf lb list`, its frontend repeated where the tool leaves it out. */
export interface ServiceRow {
	readonly text: string;
	/** What the tool prints under the row's frontend. */
	readonly slot: number;
	/** Whether the frontend is what the connection asked for. */
	readonly asked: boolean;
	/** Whether the frontend is the service's ClusterIP. */
	readonly clusterIp: boolean;
	/** Name of the pod at the backend's address. */
	readonly backend?: string;
}

/** `cilium bpf lb list` on a node after the connection; `port`: the frontends of this port alone, `grep -A1 :port`. */
export function serviceListLines(run: Run, node: string, port: string): readonly string[] {
	const lines = ciliumLines(run.world, node, 'lb');
	return lines.filter((line, i) => line.includes(port) || (lines[i - 1]?.includes(port) ?? false));
}

/** `cilium bpf nat list | grep text` on a node after the connection. */
export function natListLines(run: Run, node: string, text: string): readonly string[] {
	return ciliumLines(run.world, node, 'nat').filter((line) => line.includes(text));
}

function ciliumLines(world: World, node: string, list: CiliumList): readonly string[] {
	const printed = ciliumListOf(world, node, list);
	if (!printed) throw new Error(`no Cilium on ${node}`);
	return printed.stdout.map((line) => line.trimEnd());
}

/** Rows of one service of namespace default, in the order of the tool, on a node after the connection. */
export function serviceRows(run: Run, node: string, service: string): readonly ServiceRow[] {
	const found = servicesOf(run.world).find((s) => s.metadata.name === service);
	if (!found) throw new Error(`no service ${service}`);
	const { ip, port } = run.outcome.probe.to;
	const asked = `${formatIp(ip)}:${port}`;
	const own = `${found.clusterIP === undefined ? '' : formatIp(found.clusterIP)}:${found.ports[0]?.port}`;
	const door = `0.0.0.0:${port}`;
	let frontend = '';
	return ciliumLines(run.world, node, 'lb').flatMap((line) => {
		const cells = line.split(/ {3,}/);
		const value = cells.at(-1)!;
		const slot = /\((\d+)\)(?: \[.*\])?$/.exec(value)?.[1];
		if (slot === undefined) return [];
		frontend = cells[0] || frontend;
		const address = frontend.replace(/[/ ].*$/, '');
		if (![asked, own, door].includes(address)) return [];
		const pod = podsOf(run.world).find((p) => p.podIP !== undefined && value.startsWith(`${formatIp(p.podIP)}:`));
		const row = { slot: Number(slot), asked: address === asked, clusterIp: address === own };
		return [{ text: `${frontend}   ${value}`, ...row, ...(pod ? { backend: pod.metadata.name } : {}) }];
	});
}
