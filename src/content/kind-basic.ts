/** The doors of the preset `kind-basic`, as several lessons knock at them. */
import type { Situation } from '../exercises/index.ts';
import { kindBasic } from '../sim/scenarios/index.ts';
import { formatIp, parseIp } from '../sim/wire/index.ts';
import type { Probe, Settings } from '../sim/world/index.ts';

/** Nodes in the order of their addresses, as the learner's loop meets them. */
export const NODES = ['basic-worker2', 'basic-worker', 'basic-control-plane', 'basic-worker3'] as const;
export const WORKERS = ['basic-worker2', 'basic-worker', 'basic-worker3'] as const;
export type NodeName = (typeof NODES)[number];

export const CLIENT = '172.18.0.1';

/** The port every node opens for the page, as the scenario's Service asks for it. */
const NODE_PORT = kindBasic.cluster!.services.find((s) => s.metadata.name === 'svc-echoserver')!.ports[0]!.nodePort!;

/** Address of a node of the scenario. */
export function addressOf(node: string): string {
	const found = kindBasic.cluster?.nodes.find((n) => n.name === node);
	if (!found) throw new Error(`no node ${node}`);
	return formatIp(found.internalIP);
}

/** From the learner's machine to the NodePort, at this node. */
export function knockAt(node: string, more: Partial<Probe> = {}): Probe {
	return {
		from: 'host',
		to: { ip: parseIp(addressOf(node))!, port: NODE_PORT },
		protocol: 'tcp',
		...more,
	};
}

/** A situation of `kind-basic` under these settings, and one knock at a door. */
export function situationAt(node: string, settings: Partial<Settings>, more: Partial<Probe> = {}): Situation {
	return { scenario: 'kind-basic', settings, probe: knockAt(node, more) };
}

/** `basic-worker2` is `worker2` in prose. */
export function short(node: string): string {
	return node.replace(/^basic-/, '');
}
