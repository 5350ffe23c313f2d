/**
 * What the agents of a lab have been told: the last notifications of each node (Hubble's ring), and cilium_metrics.
 *
 * Every exchange of packets is looked at once, when it is sent; what it tells has times of its own, so that a monitor
 * shows it as time goes by.
 */
import type { Cluster, Lab } from '../../../../sim/lab/index.ts';
import type { Network } from '../../../../sim/linux/index.ts';
import type { Decision } from '../../../../sim/trace/index.ts';
import { catchUp } from '../../../linux/index.ts';
import { type Agent, agentOf } from '../context.ts';
import { notificationsOf } from './derive.ts';
import { metricSite } from './metric-lines.ts';
import type { Seen } from './pass.ts';
import { sockNotifications } from './sock-trace.ts';
import type { Notification } from './types.ts';

/** hubble-event-buffer-capacity @ v1.12.1: flows of a node that can be asked for later. */
export const FLOW_BUFFER = 4095;

export interface Metric {
	/** 0 forwarded, 3 plain text, or a drop reason. */
	readonly reason: number;
	readonly direction: 'INGRESS' | 'EGRESS';
	readonly file: string;
	readonly line: number;
	packets: number;
	/** Octets of frames. */
	bytes: number;
}

interface NodeEvents {
	/** By time. */
	readonly flows: Notification[];
	/** How many were told in all. */
	seen: number;
	readonly connections: Seen;
	readonly metrics: Map<string, Metric>;
	/** What the policy maps' entries for everybody counted, by `<endpoint> ingress` and `<endpoint> egress`. */
	readonly policy: Map<string, { packets: number; bytes: number }>;
	/** When the agent started whose ring it is. */
	startedAt: number;
}

const byLab = new WeakMap<Lab, Map<string, NodeEvents>>();

function nodeEvents({ lab, cluster, state }: Agent): NodeEvents {
	let nodes = byLab.get(lab);
	if (!nodes) {
		nodes = new Map();
		byLab.set(lab, nodes);
	}
	const key = `${cluster.name}/${state.node}`;
	let events = nodes.get(key);
	if (!events) {
		events = {
			flows: [],
			seen: 0,
			connections: new Map(),
			metrics: new Map(),
			policy: new Map(),
			startedAt: state.startedAt,
		};
		nodes.set(key, events);
	}
	// Hubble's ring is the agent's memory; maps outlive it.
	if (events.startedAt !== state.startedAt) {
		events.flows.length = 0;
		events.seen = 0;
		events.startedAt = state.startedAt;
	}
	return events;
}

/** monitor-aggregation (pkg/option/monitor.go): what is left out from which level on. */
const LEVELS: Readonly<Record<string, number>> = {
	none: 0,
	disabled: 0,
	'': 0,
	lowest: 1,
	low: 2,
	medium: 3,
	max: 4,
	maximum: 4,
};

/** `monitor-aggregation` as a number: 0 tells of every packet, from 3 on of what changed (pkg/option/monitor.go). */
export const aggregationOf = ({ state }: Agent): number => LEVELS[state.config['monitor-aggregation'] ?? 'none'] ?? 0;

/** emit_trace_notify() (bpf/lib/trace.h): what is received goes first, then what connection tracking does not ask for. */
function isTold(event: Notification, level: number): boolean {
	if (event.type !== 'trace') return true;
	if (level >= 1 && event.point.startsWith('from-')) return false;
	return level < 3 || event.monitor;
}

/** update_trace_metrics(), and update_metrics() of drops: counted before anything is left out. */
function count({ metrics }: NodeEvents, event: Notification, minor: number): void {
	const bump = (reason: number, direction: Metric['direction'], site: { file: string; line: number }): void => {
		const key = `${reason} ${direction} ${site.file} ${site.line}`;
		const metric = metrics.get(key) ?? { reason, direction, ...site, packets: 0, bytes: 0 };
		metrics.set(key, metric);
		metric.packets++;
		metric.bytes += event.headers.length + 14;
	};
	if (event.type === 'drop') {
		const { file, line } = event;
		bump(
			event.code,
			event.direction === 'ingress' ? 'INGRESS' : 'EGRESS',
			minor >= 16 ? { file, line } : { file: '', line: 0 },
		);
		return;
	}
	if (event.type === 'policy-verdict' || event.type === 'trace-sock') return;
	const site = minor >= 16 ? metricSite(minor, event) : { file: '', line: 0 };
	switch (event.point) {
		case 'to-endpoint':
			bump(0, 'INGRESS', site);
			// ipv4_local_delivery() of a pod's program.
			if (event.sender !== 0) bump(0, 'EGRESS', minor >= 16 ? metricSite(minor, event, true) : site);
			break;
		case 'from-endpoint':
			break;
		case 'from-host':
		case 'from-overlay':
		case 'from-network':
			bump(3, 'INGRESS', site);
			break;
		default:
			bump(0, 'EGRESS', site);
	}
}

/** A policy is looked up for all packets but answers; without policies the entry that allows all is found. */
function countPolicy({ policy }: NodeEvents, event: Notification): void {
	if (
		event.type !== 'trace' ||
		(event.reason !== 'new' && event.reason !== 'established' && event.reason !== 'reopened')
	)
		return;
	const bump = (key: string): void => {
		const entry = policy.get(key) ?? { packets: 0, bytes: 0 };
		policy.set(key, entry);
		entry.packets++;
		entry.bytes += event.headers.length + 14;
	};
	if (event.point === 'to-endpoint') bump(`${event.dstId} ingress`);
	if (event.sender !== 0) bump(`${event.sender} egress`);
}

/** Packets and octets that an endpoint's rules of one direction have seen, up to now. */
export const policyCount = (agent: Agent, endpoint: number, direction: 'ingress' | 'egress') =>
	caughtUp(agent).policy.get(`${endpoint} ${direction}`) ?? { packets: 0, bytes: 0 };

/** With what the cluster did by itself until now. */
function caughtUp(agent: Agent): NodeEvents {
	catchUp(agent.lab, agent.cluster);
	return nodeEvents(agent);
}

/** Takes in what an exchange of packets did; a watcher of the traffic of all labs. */
export function collect(lab: Lab, cluster: Cluster, decisions: readonly Decision[], net: Network): void {
	for (const state of cluster.agents()) {
		const agent = agentOf(lab, cluster, state);
		const ns = net.namespaces.get(`node/${state.node}`);
		if (!ns) continue;
		const events = nodeEvents(agent);
		const level = aggregationOf(agent);
		const { forward, reverse } = sockNotifications(agent, ns, decisions);
		for (const event of [...forward, ...notificationsOf(agent, ns, decisions, events.connections), ...reverse]) {
			count(events, event, agent.minor);
			countPolicy(events, event);
			// Without an agent the ring is nobody's.
			if (state.state !== 'ready' || !isTold(event, level)) continue;
			events.seen++;
			insert(events.flows, event);
		}
		if (events.flows.length > FLOW_BUFFER) events.flows.splice(0, events.flows.length - FLOW_BUFFER);
	}
}

/** Exchanges that are under way at once are told in the order of time. */
function insert(flows: Notification[], event: Notification): void {
	let at = flows.length;
	while (at > 0 && flows[at - 1]!.time > event.time) at--;
	flows.splice(at, 0, event);
}

/** What has happened by now on the agent's node. */
export function eventsOf(agent: Agent): {
	readonly flows: readonly Notification[];
	readonly seen: number;
	readonly metrics: readonly Metric[];
} {
	const { flows, seen, metrics } = caughtUp(agent);
	const now = agent.lab.now;
	const later = flows.filter(({ time }) => time > now).length;
	return {
		flows: later > 0 ? flows.slice(0, flows.length - later) : flows,
		seen: seen - later,
		metrics: [...metrics.values()],
	};
}

/** `bpf metrics flush`. */
export const forgetMetrics = (agent: Agent): void => nodeEvents(agent).metrics.clear();

/** The ring itself, for who follows it: entries of the future too. */
export const ringOf = (agent: Agent): readonly Notification[] => caughtUp(agent).flows;

/** How often the agent has been told anything, the future included. */
export const toldOf = (agent: Agent): number => caughtUp(agent).seen;
