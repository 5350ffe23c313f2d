/**
 * Flows: what Hubble makes of notifications. Source: pkg/hubble/parser/threefour/parser.go, pkg/hubble/parser/common
 * @ v1.12.1, v1.17.5.
 */

import type { ApiObject } from '../../../../sim/api/index.ts';
import { ipcacheLookup4 } from '../../../../sim/cilium/index.ts';
import { formatIp, type Ip } from '../../../../sim/wire/index.ts';
import { type Agent, endpointsOf } from '../context.ts';
import { identityLabels, identityText } from '../labels.ts';
import { dropText, flagNames, icmpText, type Notification } from '../monitor/index.ts';

export interface Workload {
	readonly name: string;
	readonly kind: string;
}

export interface FlowEnd {
	readonly ip: string;
	readonly port: number | undefined;
	readonly identity: number;
	/** Of that identity, with their sources. */
	readonly labels: readonly string[];
	readonly namespace: string;
	readonly pod: string;
	/** Number of the endpoint, where it is one of the agent's node; 0 elsewhere. */
	readonly endpoint: number;
	/** What made its pod, known of the node's own endpoints. */
	readonly workload: Workload | undefined;
	/** `ns/name` of a Service with that address. */
	readonly service: string;
}

export interface Flow {
	/** Virtual microseconds. */
	readonly time: number;
	/** `cluster/node`, without the cluster when it is called `default` (pkg/node/types GetAbsoluteNodeName()). */
	readonly node: string;
	/** `key=value` of that node. */
	readonly nodeLabels: readonly string[];
	/** Of the agent. */
	readonly minor: number;
	/** Of the connection, seen from the endpoint that tells; undefined where nobody knows it. */
	readonly direction: 'ingress' | 'egress' | undefined;
	readonly source: FlowEnd;
	readonly destination: FlowEnd;
	/** Undefined where nobody knows the direction. */
	readonly reply: boolean | undefined;
	/** `to-endpoint`, a drop's reason, or `policy-verdict:none INGRESS`. */
	readonly type: string;
	readonly drop: boolean;
	readonly verdict: 'FORWARDED' | 'DROPPED' | 'AUDIT' | 'TRACED' | 'TRANSLATED';
	readonly protocol: 'TCP' | 'UDP' | 'ICMPv4' | 'other';
	readonly summary: string;
	readonly event: Notification;
}

const PROTOCOLS = { 1: 'ICMPv4', 6: 'TCP', 17: 'UDP' } as const;

/** Who has an address: pods and services of the cluster. */
function nameOf({ cluster }: Agent, ip: string): { readonly pod: string; readonly service: string } {
	const { api } = cluster;
	const pods = api.find('pods');
	const services = api.find('services');
	const pod =
		pods &&
		api
			.list(pods)
			.find(
				({ spec, status }) => (status as { podIP?: string } | undefined)?.podIP === ip && spec?.hostNetwork !== true,
			);
	const service = services && api.list(services).find(({ spec }) => spec?.clusterIP === ip);
	return {
		pod: pod ? `${pod.metadata.namespace}/${pod.metadata.name}` : '',
		service: service ? `${service.metadata.namespace}/${service.metadata.name}` : '',
	};
}

const actionOf = (event: Notification) => (event.type === 'policy-verdict' ? event.action : undefined);

/** decodeVerdict(); of sockets that of pkg/hubble/parser/sock/parser.go. */
const verdictOf = (event: Notification): Flow['verdict'] => {
	if (event.type === 'trace-sock') return event.point.startsWith('pre') ? 'TRACED' : 'TRANSLATED';
	const action = actionOf(event);
	return event.type === 'drop' || action === 'deny' ? 'DROPPED' : action === 'audit' ? 'AUDIT' : 'FORWARDED';
};

/** GetFlowType(): hubble/pkg/printer/printer.go. */
const typeText = (event: Notification): string =>
	event.type === 'drop'
		? dropText(event.code)
		: event.type === 'trace' || event.type === 'trace-sock'
			? event.point
			: `policy-verdict:${event.match} ${event.direction.toUpperCase()}`;

/**
 * decodeTrafficDirection(): of a trace by what connection tracking said, of a drop by whether its source is the
 * endpoint that dropped it.
 */
function directionOf(event: Notification, sourceEndpoint: number): Flow['direction'] {
	if (event.type === 'policy-verdict') return event.direction;
	if (event.type === 'trace-sock' || event.source === 0) return undefined;
	const fromHere = event.source === sourceEndpoint;
	if (event.type === 'drop') return fromHere ? 'egress' : 'ingress';
	if (event.reason === 'unknown') return undefined;
	return fromHere !== (event.reason === 'reply') ? 'egress' : 'ingress';
}

/** GetWorkloadMetaFromPod() (pkg/k8s/utils/workload.go): a ReplicaSet of a Deployment is called by the Deployment. */
function workloadOf({ metadata }: ApiObject): Workload {
	const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
	if (!owner) return { name: metadata.name, kind: 'Pod' };
	const hash = metadata.labels?.['pod-template-hash'];
	if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
		return { name: owner.name.slice(0, -hash.length - 1), kind: 'Deployment' };
	const job = owner.kind === 'Job' ? /^(.+)-\d{8,10}$/.exec(owner.name) : null;
	return job ? { name: job[1]!, kind: 'CronJob' } : { name: owner.name, kind: owner.kind };
}

/**
 * GetServiceByAddr(): where services came to be told apart by protocol, an address was looked up without one and found
 * nothing, from 1.17 to 1.18.0.
 */
const namesServices = ({ minor, state }: Agent): boolean => minor !== 17 && !/^v?1\.18\.0$/.test(state.version);

/** Flows of an agent's ring. Who had an address is asked once for each. */
export function flowsOf(agent: Agent, events: readonly Notification[]): readonly Flow[] {
	const ns = agent.ns();
	const names = new Map<string, ReturnType<typeof nameOf>>();
	const labels = new Map<number, readonly string[]>();
	const local = new Map(endpointsOf(agent).flatMap((e) => (e.ip === undefined ? [] : [[e.ip, e] as const])));
	const workloads = new Map<string, Workload | undefined>();
	const { api } = agent.cluster;
	const workload = (namespace: string, name: string): Workload | undefined => {
		const key = `${namespace}/${name}`;
		const pods = api.find('pods');
		const pod = workloads.has(key) || !pods ? undefined : api.get(pods, namespace, name);
		if (!workloads.has(key)) workloads.set(key, pod && workloadOf(pod));
		return workloads.get(key);
	};
	const nodes = api.find('nodes');
	const node = nodes && api.get(nodes, undefined, agent.state.node);
	const cluster = agent.state.config['cluster-name'] ?? 'default';
	const nodeName = cluster === 'default' || cluster === '' ? agent.state.node : `${cluster}/${agent.state.node}`;
	const nodeLabels = Object.entries(node?.metadata.labels ?? {})
		.map(([key, value]) => `${key}=${value}`)
		.sort();
	const end = (address: Ip, port: number | undefined, label: number): FlowEnd => {
		const ip = formatIp(address);
		let name = names.get(ip);
		if (!name) {
			name = nameOf(agent, ip);
			names.set(ip, name);
		}
		const [namespace = '', pod = ''] = name.pod.split('/');
		const identity = label || (ipcacheLookup4(agent.maps.ipcache, ns, address)?.identity ?? 2);
		let own = labels.get(identity);
		if (!own) {
			own = identityLabels(agent, identity) ?? [];
			labels.set(identity, own);
		}
		const here = local.get(address);
		return {
			ip,
			port,
			identity,
			labels: own,
			namespace,
			pod,
			endpoint: here?.id ?? 0,
			workload: here?.kind === 'pod' ? workload(here.namespace, here.pod) : undefined,
			service: namesServices(agent) ? name.service : '',
		};
	};
	return events.map((event) => {
		const { headers } = event;
		const protocol = PROTOCOLS[headers.protocol as 1 | 6 | 17] ?? 'other';
		const known = event.type === 'trace' && event.reason !== 'unknown';
		const source = end(
			event.type === 'trace' && event.origIP !== 0 && event.point === 'to-endpoint' ? event.origIP : headers.src,
			headers.sport,
			event.srcLabel,
		);
		return {
			time: event.time,
			node: nodeName,
			nodeLabels,
			minor: agent.minor,
			direction: directionOf(event, source.endpoint),
			source,
			destination: end(headers.dst, headers.dport, event.dstLabel),
			// decodeIsReply(): of a drop nobody knows; verdicts are told of first packets.
			reply: known ? event.reason === 'reply' : ['allow', 'audit'].includes(actionOf(event) ?? '') ? false : undefined,
			type: typeText(event),
			drop: event.type === 'drop',
			verdict: verdictOf(event),
			protocol,
			summary:
				protocol === 'TCP' && event.type !== 'trace-sock'
					? `TCP Flags: ${flagNames(headers.flags ?? 0).join(', ')}`
					: protocol === 'ICMPv4' && headers.icmp
						? `ICMPv4 ${icmpText(headers.icmp)}`
						: protocol,
			event,
		};
	});
}

/** `default/web`, else `default/svc`, else the address; with its port where there is one. */
export function hostText({ ip, port, namespace, pod, service }: FlowEnd, translate = true): string {
	const host = !translate ? ip : pod !== '' ? `${namespace}/${pod}` : service !== '' ? service : ip;
	return port === undefined ? host : `${host}:${port}`;
}

/** `(ID:12345)`, `(world)`. */
export const identityMarkText = ({ identity }: FlowEnd): string => {
	const text = identityText(identity);
	return text === String(identity) ? `(ID:${identity})` : `(${text})`;
};
