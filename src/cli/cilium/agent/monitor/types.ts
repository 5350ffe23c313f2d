/** What Cilium's programs tell the agent about packets: notifications in the perf ring. bpf/lib/{trace,drop}.h. */
import type { Headers } from '../../../../sim/trace/index.ts';
import type { Ip } from '../../../../sim/wire/index.ts';

/** enum trace_point, by the names of pkg/monitor/api/types.go. */
export type ObservationPoint =
	| 'to-endpoint'
	| 'to-host'
	| 'to-stack'
	| 'to-overlay'
	| 'to-network'
	| 'from-endpoint'
	| 'from-host'
	| 'from-overlay'
	| 'from-network';

export type TraceReason = 'new' | 'established' | 'reply' | 'related' | 'reopened' | 'unknown';

interface Common {
	/** Virtual microseconds. */
	readonly time: number;
	/** Endpoint whose program it was; the host endpoint's for the node's devices, 0 for the tunnel's. */
	readonly source: number;
	/** skb->hash. */
	readonly hash: number;
	readonly srcLabel: number;
	readonly dstLabel: number;
	/** Endpoint the packet is for; 0 when unknown. */
	readonly dstId: number;
	readonly ifindex: number;
	/** Name of that device. */
	readonly ifname: string;
	readonly headers: Headers;
	readonly cpu: number;
}

export interface TraceNotification extends Common {
	readonly type: 'trace';
	readonly point: ObservationPoint;
	readonly reason: TraceReason;
	/** Connection tracking wants it told although packets are aggregated. */
	readonly monitor: boolean;
	/** Source before the frontend was put back; 0 when nobody looked. */
	readonly origIP: Ip;
	/** Endpoint whose program began, where it was a pod's; 0 where it was the node's. */
	readonly sender: number;
}

export interface DropNotification extends Common {
	readonly type: 'drop';
	/** Of pkg/monitor/api/drop.go. */
	readonly code: number;
	/** Of bpf/, with the line of its send_drop_notify. */
	readonly file: string;
	readonly line: number;
	readonly direction: 'ingress' | 'egress';
}

/** bpf/lib/policy_log.h: of the first packet of a connection, and of each that is denied. */
export interface PolicyVerdictNotification extends Common {
	readonly type: 'policy-verdict';
	/** Identity at the other end. */
	readonly remote: number;
	readonly direction: 'ingress' | 'egress';
	readonly action: 'allow' | 'audit' | 'deny';
	/** How the entry matched; `none` without one. */
	readonly match: string;
}

/** XlatePointStr() of pkg/monitor/datapath_sock_trace.go. */
export type XlatePoint = 'pre-xlate-fwd' | 'post-xlate-fwd' | 'pre-xlate-rev' | 'post-xlate-rev';

/** bpf/lib/trace_sock.h: a socket of a pod, and whom it talks to. */
export interface TraceSockNotification
	extends Pick<Common, 'time' | 'source' | 'srcLabel' | 'dstLabel' | 'dstId' | 'headers' | 'cpu'> {
	readonly type: 'trace-sock';
	readonly point: XlatePoint;
	readonly ip: Ip;
	readonly port: number;
	readonly protocol: number;
	/** Of the socket. */
	readonly cookie: number;
	/** Of the container. */
	readonly cgroup: number;
}

export type Notification = TraceNotification | DropNotification | PolicyVerdictNotification | TraceSockNotification;
