/**
 * Notifications as they are filled in: send_trace_notify(), send_drop_notify(), send_policy_verdict_notify().
 *
 * Source: bpf/lib/{trace,drop,policy_log}.h @ v1.12.1, v1.15.4, v1.18.3.
 */
import type { Decision, Headers } from '../../../../sim/trace/index.ts';
import { formatIp, type Ip } from '../../../../sim/wire/index.ts';
import { type Agent, cpusOf } from '../context.ts';
import type { NodeView } from './node-view.ts';
import { type Pass, type Tracked, UNTRACKED } from './pass.ts';
import type { Notification, ObservationPoint } from './types.ts';

/** Why a policy let something through, or not. */
export type PolicyWhy = Extract<Decision['why'], { readonly code: `cilium.policy-${string}` }>;

/** GetPolicyActionString(): pkg/monitor/datapath_policy.go. */
const actionOf = ({ code }: PolicyWhy): 'allow' | 'audit' | 'deny' =>
	code.startsWith('cilium.policy-allow') ? 'allow' : code.startsWith('cilium.policy-audit') ? 'audit' : 'deny';

/** Writes notifications of one node's programs into `out`. */
export function tellerOf(agent: Agent, node: NodeView, out: Notification[]) {
	/** Headers of packets as they are now, and as they were first seen, by the packet's number. */
	const headers = new Map<number, Headers>();
	const first = new Map<number, Headers>();
	const cpus = cpusOf(agent);
	const { indexOf } = node;
	/** What all three kinds begin with (struct notify_common), and which endpoint it is for. */
	const common = (d: Decision, source: number, srcLabel: number, dstLabel: number, dstId: number, dev: string) => {
		const head = headers.get(d.packet)!;
		const hash = hashOf(agent, first.get(d.packet) ?? head);
		return {
			time: d.time,
			source,
			hash,
			srcLabel,
			dstLabel,
			dstId,
			ifindex: dev === '' ? 0 : indexOf(dev),
			ifname: dev === '' ? '0' : dev,
			headers: head,
			cpu: hash % cpus,
		};
	};
	/** One TRACE_… point, once the packet has been seen on this node. `src` and `dst` are identities. */
	const trace = (
		d: Decision,
		point: ObservationPoint,
		fields: {
			readonly source: number;
			readonly src: number;
			readonly dst: number;
			readonly id?: number;
			readonly dev?: string;
			readonly orig?: Ip;
			readonly sender?: number;
		},
		tracked: Tracked = UNTRACKED,
	): void => {
		if (!headers.has(d.packet)) return;
		out.push({
			type: 'trace',
			point,
			...common(d, fields.source, fields.src, fields.dst, fields.id ?? 0, fields.dev ?? ''),
			...tracked,
			origIP: fields.orig ?? 0,
			sender: fields.sender ?? 0,
		});
	};

	/** ipv4_policy() has run to its end: TRACE_TO_LXC. */
	const delivered = (d: Decision, pass: Pass): void => {
		const to = pass.delivery;
		if (!to || !pass.tracked) return;
		pass.delivery = undefined;
		const id = to.endpoint?.id ?? 0;
		trace(
			d,
			'to-endpoint',
			{
				source: id,
				src: pass.source,
				dst: to.endpoint?.identity ?? 0,
				id,
				dev: agent.settings.endpointRoutes ? '' : to.dev,
				orig: pass.orig ?? headers.get(d.packet)?.src ?? 0,
				sender: pass.where === 'lxc' ? (pass.endpoint?.id ?? 0) : 0,
			},
			pass.tracked,
		);
	};

	/** send_policy_verdict_notify(): the endpoint whose policy was asked, and who is at the other end. */
	const verdictOf = (d: Decision, why: PolicyWhy, pass: Pass): Notification => {
		const ingress = why.code.endsWith('ingress');
		const local = ingress ? (pass.delivery?.endpoint ?? pass.endpoint) : pass.endpoint;
		const own = local?.identity ?? 0;
		return {
			type: 'policy-verdict',
			...common(d, local?.id ?? 0, ingress ? why.identity : own, ingress ? own : why.identity, 0, ''),
			remote: why.identity,
			direction: ingress ? 'ingress' : 'egress',
			action: actionOf(why),
			match: 'match' in why ? why.match : 'none',
		};
	};

	return { headers, first, common, trace, delivered, verdictOf };
}

/** The hash of the socket that sent the packet (sk_txhash) stays with it through all rewriting on one machine. */
function hashOf({ lab }: Agent, { src, dst, protocol, sport = 0, dport = 0 }: Headers): number {
	return 1 + lab.random('skb hash', `${formatIp(src)}:${sport} ${formatIp(dst)}:${dport} ${protocol}`, 0xffffffff);
}
