/**
 * Flows as JSON: flow.proto with the fields the simulator knows, in the order the message declares them.
 * Source: api/v1/flow/flow.proto, pkg/hubble/parser/threefour/parser.go @ v1.12.1, v1.17.5; pkg/monitor/api/types.go.
 */
import { formatTime } from '../../../../sim/api/index.ts';
import { hex, sha256 } from '../../../../sim/trace/index.ts';
import { dropText, type Notification, type ObservationPoint, type XlatePoint } from '../monitor/index.ts';
import type { Flow, FlowEnd } from './flow.ts';

/** A verdict that denies is the negative of this (decodeDropReason()). */
const POLICY_DENIED = 133;

const TYPES = { drop: 1, trace: 4, 'policy-verdict': 5, 'trace-sock': 7 } as const;

/** enum trace_point. */
const POINTS: Readonly<Record<ObservationPoint, number>> = {
	'to-endpoint': 0,
	'to-host': 2,
	'to-stack': 3,
	'to-overlay': 4,
	'from-endpoint': 5,
	'from-host': 7,
	'from-overlay': 9,
	'from-network': 10,
	'to-network': 11,
};

/** enum xlate_point, from 1 on. */
const XLATE: readonly XlatePoint[] = ['pre-xlate-fwd', 'post-xlate-fwd', 'pre-xlate-rev', 'post-xlate-rev'];
const XLATE_NAMES = ['PRE_DIRECTION_FWD', 'POST_DIRECTION_FWD', 'PRE_DIRECTION_REV', 'POST_DIRECTION_REV'];

const MATCHES = ['none', 'L3-Only', 'L3-L4', 'L4-Only', 'all', 'L3-Proto', 'Proto-Only'];

const subType = (event: Notification): number =>
	event.type === 'drop'
		? event.code
		: event.type === 'trace'
			? POINTS[event.point]
			: event.type === 'trace-sock'
				? XLATE.indexOf(event.point) + 1
				: 0;

/** What is zero, empty or false is not written. */
const told = (fields: Readonly<Record<string, unknown>>): object =>
	Object.fromEntries(
		Object.entries(fields).filter(
			([, value]) =>
				value !== undefined && value !== 0 && value !== '' && !(Array.isArray(value) && value.length === 0),
		),
	);

const service = (name: string): object | undefined => {
	const [namespace, own] = name.split('/');
	return own === undefined ? undefined : { name: own, namespace };
};

function endOf({ endpoint, identity, labels, namespace, pod, workload }: FlowEnd, minor: number): object {
	const cluster = labels.find((label) => label.startsWith('k8s:io.cilium.k8s.policy.cluster='))?.split('=')[1];
	return told({
		ID: endpoint,
		identity,
		cluster_name: minor >= 16 ? cluster : undefined,
		namespace,
		labels,
		pod_name: pod,
		workloads: workload ? [workload] : [],
	});
}

function layer4({ event: { headers, type }, protocol, summary }: Flow): object | undefined {
	const ports = { source_port: headers.sport, destination_port: headers.dport };
	if (protocol === 'UDP') return { UDP: ports };
	if (protocol !== 'TCP')
		return headers.icmp ? { ICMPv4: told({ type: headers.icmp[0], code: headers.icmp[1] }) } : undefined;
	if (type === 'trace-sock') return { TCP: ports };
	const set = summary.replace('TCP Flags: ', '').split(', ');
	const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'NS'].filter((name) => set.includes(name));
	return { TCP: { ...ports, flags: Object.fromEntries(names.map((name) => [name, true])) } };
}

/** What the agent draws for an event, from 1.14 (pkg/hubble/parser/parser.go @ v1.14.0): here it belongs to what it tells. */
export function uuidOf({ time, node, source, destination, type, verdict, summary, event }: Flow): string {
	const { sport = 0, dport = 0, length } = event.headers;
	const told = [time, node, source.ip, sport, destination.ip, dport, type, verdict, summary, length, event.type];
	const digits = hex(sha256(new TextEncoder().encode(told.join('\0'))));
	return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** A GetFlowsResponse; `epoch` is in seconds. */
export function jsonOf(flow: Flow, epoch: number): object {
	const { event, minor, source, destination } = flow;
	const time = `${formatTime(epoch + Math.floor(flow.time / 1e6)).replace('Z', '')}.${String(Math.floor(flow.time % 1e6)).padStart(6, '0')}000Z`;
	const denied = event.type === 'policy-verdict' && event.action === 'deny';
	const reason = event.type === 'drop' ? event.code : denied ? POLICY_DENIED : 0;
	const trace = event.type === 'trace' ? event : undefined;
	const sock = event.type === 'trace-sock' ? event : undefined;
	return {
		flow: told({
			time,
			uuid: minor >= 14 ? uuidOf(flow) : undefined,
			verdict: flow.verdict,
			drop_reason: reason,
			IP: { source: source.ip, destination: destination.ip, ipVersion: 'IPv4' },
			l4: layer4(flow),
			source: endOf(source, minor),
			destination: endOf(destination, minor),
			Type: sock ? 'SOCK' : 'L3_L4',
			node_name: flow.node,
			node_labels: minor >= 17 ? flow.nodeLabels : [],
			reply: flow.reply || undefined,
			event_type: told({ type: TYPES[event.type], sub_type: subType(event) }),
			source_service: service(source.service),
			destination_service: service(destination.service),
			traffic_direction: flow.direction?.toUpperCase(),
			policy_match_type: event.type === 'policy-verdict' ? Math.max(0, MATCHES.indexOf(event.match)) : 0,
			trace_observation_point: trace?.point.toUpperCase().replace('-', '_'),
			trace_reason: minor >= 16 && trace && trace.reason !== 'unknown' ? trace.reason.toUpperCase() : undefined,
			drop_reason_desc: reason === 0 ? undefined : dropText(reason).toUpperCase().replaceAll(' ', '_'),
			is_reply: flow.reply,
			interface: trace && trace.ifindex !== 0 ? { index: trace.ifindex, name: trace.ifname } : undefined,
			sock_xlate_point: sock && `SOCK_XLATE_POINT_${XLATE_NAMES[XLATE.indexOf(sock.point)]}`,
			socket_cookie: sock && String(sock.cookie),
			cgroup_id: sock && String(sock.cgroup),
			Summary: flow.summary,
		}),
		node_name: flow.node,
		time,
	};
}
