/**
 * From `kind create cluster` to nodes that are Ready, as a lab goes through it: looked at twice a second, what changed
 * becomes an event, and what stayed a stretch on a lane.
 */
import type { ApiObject } from '../../sim/api/index.ts';
import { renderCilium } from '../../sim/charts/index.ts';
import { type Cluster, createLab, type Lab } from '../../sim/lab/index.ts';

/** Who brings the network. */
export const NETWORKS = ['cilium', 'kindnet', 'none'] as const;
export type Network = (typeof NETWORKS)[number];

export type NodeState = 'absent' | 'container' | 'notReady' | 'ready';
export type PodsState = 'absent' | 'pending' | 'starting' | 'some' | 'ready';
export type CommandState = 'idle' | 'kind' | 'helm';

export interface Stretch {
	/** Virtual seconds. */
	readonly from: number;
	readonly to: number;
	readonly state: NodeState | PodsState | CommandState;
	/** `3/4`, or nothing. */
	readonly label?: string;
	/** The condition's own words at the beginning of it. */
	readonly message?: string;
}

export interface Lane {
	readonly kind: 'command' | 'node' | 'agents' | 'dns';
	readonly name: string;
	readonly stretches: readonly Stretch[];
}

export type EventCode =
	| 'create'
	| 'step'
	| 'registered'
	| 'created'
	| 'dnsPending'
	| 'helm'
	| 'agentsStart'
	| 'cni'
	| 'nodeReady'
	| 'agentReady'
	| 'dnsStart'
	| 'dnsReady'
	| 'still';

export interface Happened {
	/** Virtual seconds. */
	readonly at: number;
	readonly code: EventCode;
	readonly lane: number;
	/** Nodes or pods it happened to. */
	readonly names: readonly string[];
	readonly params: Readonly<Record<string, string>>;
	/** What a tool prints of it: a condition's message, a line of kind's. */
	readonly verbatim?: string;
}

export interface Story {
	readonly lanes: readonly Lane[];
	readonly events: readonly Happened[];
	/** Virtual seconds. */
	readonly end: number;
}

const SECOND = 1e6;
const STEP = SECOND / 2;
/** Between the cluster's end of creation and the install: time to look around. */
const LOOK = 45 * SECOND;
/** After the last change. */
const REST = 10 * SECOND;
/** For all to be Ready after the install. */
const PATIENCE = 240 * SECOND;
const LONGEST = 600 * SECOND;

const NODES = ['control-plane', 'worker', 'worker', 'worker'];

const VALUES = {
	tunnel: 'disabled',
	autoDirectNodeRoutes: true,
	ipv4NativeRoutingCIDR: '10.244.0.0/16',
	ipam: { mode: 'kubernetes' },
	hubble: { relay: { enabled: true } },
} as const;
const VERSION = '1.12.1';

interface NodeLook {
	readonly name: string;
	readonly state: NodeState;
	readonly message: string;
	readonly cni: string | undefined;
}

interface PodsLook {
	readonly total: number;
	readonly ready: number;
	readonly state: PodsState;
	/** Names of the pods that are ready, or of their nodes. */
	readonly done: readonly string[];
	readonly message: string;
}

interface Look {
	readonly command: CommandState;
	readonly nodes: readonly NodeLook[];
	readonly agents: PodsLook;
	readonly dns: PodsLook;
}

interface Condition {
	readonly type: string;
	readonly status: string;
	readonly reason?: string;
	readonly message?: string;
}

const conditionOf = (object: ApiObject | undefined, type: string): Condition | undefined =>
	((object?.status?.conditions ?? []) as unknown as readonly Condition[]).find((one) => one.type === type);

const listOf = (cluster: Cluster | undefined, resource: string): readonly ApiObject[] => {
	const found = cluster?.api.find(resource);
	return found && cluster ? cluster.api.list(found) : [];
};

/** Runs it; the same choice is always the same story. */
export function storyOf(network: Network): Story {
	const lab = createLab({ seed: 20220906, epoch: 1_661_940_000, kind: 'v0.14.0', images: ['kindest/node:v1.24.0'] });
	const run = lab.kind.create({
		config: {
			kind: 'Cluster',
			apiVersion: 'kind.x-k8s.io/v1alpha4',
			name: 'basic',
			nodes: NODES.map((role) => ({ role })),
			networking: { disableDefaultCNI: network !== 'kindnet' },
		},
	});
	const names = NODES.map((role, i) => `basic-${role}${i > 1 ? i : ''}`);
	const teller = new Teller(names, network === 'kindnet' ? 'kindnet' : 'cilium');
	teller.tell({ at: 0, code: 'create', lane: 0, names: [], params: {} });
	let created: number | undefined;
	let installed: number | undefined;
	let changed = 0;
	let steps = 0;
	while (lab.now < LONGEST) {
		const command: CommandState =
			run.state === 'running' ? 'kind' : installed !== undefined && lab.now < installed + 2 * SECOND ? 'helm' : 'idle';
		const at = seconds(lab);
		for (; run.steps[steps]?.ended !== undefined; steps++)
			teller.tell({ at, code: 'step', lane: 0, names: [], params: {}, verbatim: ` ✓ ${run.steps[steps]!.text}` });
		if (teller.look(at, lookAt(lab, names, network, command))) changed = lab.now;
		if (run.state !== 'running' && created === undefined) {
			created = lab.now;
			changed = lab.now;
			teller.tell({ at, code: 'created', lane: 0, names: [], params: {} });
		}
		if (network === 'cilium' && created !== undefined && installed === undefined && lab.now >= created + LOOK) {
			installed = lab.now;
			changed = lab.now;
			install(lab.cluster('basic')!);
			teller.tell({ at, code: 'helm', lane: 0, names: [], params: { version: VERSION } });
		}
		const waits = network !== 'none' && !teller.isReady && lab.now < (installed ?? lab.now) + PATIENCE;
		if (created !== undefined && !waits && lab.now > changed + (network === 'none' ? LOOK : REST)) break;
		lab.run(lab.now + STEP);
	}
	const end = seconds(lab);
	if (network === 'none') teller.still(end);
	return teller.story(end);
}

const seconds = (lab: Lab): number => Math.round(lab.now / STEP) / 2;

function install(cluster: Cluster): void {
	const rendered = renderCilium({
		release: 'cilium',
		namespace: 'kube-system',
		version: VERSION,
		kubernetes: cluster.api.version,
		values: VALUES,
	});
	if ('error' in rendered) throw new Error(rendered.error);
	for (const manifest of rendered.manifests) cluster.api.create(manifest);
}

function lookAt(lab: Lab, names: readonly string[], network: Network, command: CommandState): Look {
	const cluster = lab.cluster('basic');
	const objects = listOf(cluster, 'nodes');
	const containers = lab.docker.containers();
	const nodes = names.map((name): NodeLook => {
		const machine = cluster?.nodes().find((one) => one.name === name);
		const object = objects.find((one) => one.metadata.name === name);
		const ready = conditionOf(object, 'Ready');
		const running = containers.some((one) => one.name === name && one.state === 'running');
		return {
			name,
			state: object ? (ready?.status === 'True' ? 'ready' : 'notReady') : running ? 'container' : 'absent',
			message: ready?.message ?? '',
			cni: machine && Object.keys(machine.cniConfig)[0],
		};
	});
	const pods = listOf(cluster, 'pods').filter((pod) => pod.metadata.namespace === 'kube-system');
	const begins = (name: string) => pods.filter((pod) => pod.metadata.name.startsWith(name));
	const agents =
		network === 'kindnet'
			? begins('kindnet-')
			: begins('cilium-').filter((pod) => !pod.metadata.name.startsWith('cilium-operator'));
	return {
		command,
		nodes,
		agents: podsLook(agents, names.length, (pod) => String(pod.spec?.nodeName ?? pod.metadata.name)),
		dns: podsLook(begins('coredns-'), 2, (pod) => pod.metadata.name),
	};
}

function podsLook(pods: readonly ApiObject[], total: number, nameOf: (pod: ApiObject) => string): PodsLook {
	const done = pods.filter((pod) => conditionOf(pod, 'Ready')?.status === 'True').map(nameOf);
	const unscheduled = pods.map((pod) => conditionOf(pod, 'PodScheduled')).find((one) => one?.status === 'False');
	const state: PodsState =
		pods.length === 0
			? 'absent'
			: done.length >= total
				? 'ready'
				: done.length > 0
					? 'some'
					: unscheduled
						? 'pending'
						: 'starting';
	return { total, ready: done.length, state, done, message: unscheduled?.message ?? '' };
}

type Draft<T> = { -readonly [K in keyof T]: T[K] };

/** Puts looks together: stretches that go on, events where something changed. */
class Teller {
	readonly #lanes: { kind: Lane['kind']; name: string; stretches: Draft<Stretch>[] }[];
	readonly #events: Draft<Happened>[] = [];
	#before: Look | undefined;

	constructor(nodes: readonly string[], agents: string) {
		this.#lanes = [
			{ kind: 'command', name: '', stretches: [] },
			...nodes.map((name) => ({ kind: 'node' as const, name, stretches: [] })),
			{ kind: 'agents', name: agents, stretches: [] },
			{ kind: 'dns', name: 'coredns', stretches: [] },
		];
	}

	/** The same that happened to another node at about the same time is one event. */
	tell(event: Happened): void {
		const same = this.#events.findLast((one) => one.code === event.code && one.verbatim === event.verbatim);
		if (same && event.names.length > 0 && event.at - same.at <= 2) {
			same.names = [...same.names, ...event.names];
			return;
		}
		this.#events.push({ ...event });
	}

	/** Whether anything was new. */
	look(at: number, now: Look): boolean {
		const before = this.#before;
		this.#before = now;
		this.#stretch(0, at, now.command);
		for (const [i, node] of now.nodes.entries()) {
			const was = before?.nodes[i];
			const lane = i + 1;
			this.#stretch(lane, at, node.state, undefined, node.message);
			const told = (code: EventCode, verbatim?: string, params: Happened['params'] = {}): void =>
				this.tell({ at, code, lane, names: [node.name], params, ...(verbatim ? { verbatim } : {}) });
			if (node.cni && !was?.cni) told('cni', `/etc/cni/net.d/${node.cni}`);
			if (node.state === was?.state) continue;
			if (node.state === 'notReady') told('registered', node.message);
			if (node.state === 'ready') told('nodeReady', node.message);
		}
		const agentLane = now.nodes.length + 1;
		this.#pods(agentLane, at, before?.agents, now.agents);
		this.#pods(agentLane + 1, at, before?.dns, now.dns);
		return JSON.stringify(before) !== JSON.stringify(now);
	}

	#pods(lane: number, at: number, was: PodsLook | undefined, now: PodsLook): void {
		const dns = this.#lanes[lane]!.kind === 'dns';
		this.#stretch(lane, at, now.state, now.state === 'absent' ? undefined : `${now.ready}/${now.total}`, now.message);
		const name = this.#lanes[lane]!.name;
		const told = (code: EventCode, names: readonly string[], verbatim?: string): void =>
			this.tell({ at, code, lane, names, params: { name }, ...(verbatim ? { verbatim } : {}) });
		if (now.state !== was?.state) {
			if (dns && now.state === 'pending') told('dnsPending', [], now.message);
			if (dns && now.state === 'starting' && was?.state === 'pending') told('dnsStart', []);
			if (!dns && now.state !== 'absent' && (was?.state ?? 'absent') === 'absent') told('agentsStart', []);
		}
		for (const one of now.done) if (!was?.done.includes(one)) told(dns ? 'dnsReady' : 'agentReady', [one]);
	}

	#stretch(lane: number, at: number, state: Stretch['state'], label?: string, message?: string): void {
		const { stretches } = this.#lanes[lane]!;
		const last = stretches.at(-1);
		if (last) last.to = at;
		if (last && last.state === state && last.label === label) return;
		stretches.push({ from: at, to: at, state, ...(label ? { label } : {}), ...(message ? { message } : {}) });
	}

	/** Whether all nodes and pods that are waited for are. */
	get isReady(): boolean {
		const now = this.#before;
		if (!now) return false;
		const { nodes, agents, dns } = now;
		return nodes.every((node) => node.state === 'ready') && agents.state === 'ready' && dns.state === 'ready';
	}

	/** Nobody brought a network: what is there at the end is how it stays. */
	still(at: number): void {
		this.tell({ at, code: 'still', lane: 1, names: [], params: {}, verbatim: this.#before?.nodes[0]?.message });
	}

	story(end: number): Story {
		for (const { stretches } of this.#lanes) {
			const last = stretches.at(-1);
			if (last) last.to = end;
		}
		return { lanes: this.#lanes, events: [...this.#events].sort((a, b) => a.at - b.at), end };
	}
}

/** The stretch of a lane at a time. */
export const stretchAt = (lane: Lane, at: number): Stretch | undefined =>
	lane.stretches.findLast((one) => one.from <= at) ?? lane.stretches[0];
