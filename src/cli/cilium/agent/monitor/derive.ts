/**
 * Notifications of Cilium's programs, out of the simulator's records of what they did: the points where upstream calls
 * send_trace_notify() and send_drop_notify().
 *
 * Source: bpf/{bpf_lxc,bpf_host,bpf_overlay}.c, bpf/lib/{trace,encap,nodeport,nodeport_egress,local_delivery}.h @ v1.12.1,
 * v1.15.4, v1.18.3.
 */
import { DROP_POLICY, DROP_POLICY_DENY, identityOfMark, ipcacheLookup4 } from '../../../../sim/cilium/index.ts';
import { deviceByName, type Namespace } from '../../../../sim/linux/index.ts';
import type { Decision, Headers } from '../../../../sim/trace/index.ts';
import { formatIp, type Ip, parseIp, TCP_FIN, TCP_RST } from '../../../../sim/wire/index.ts';
import { type Agent, cpusOf, type EndpointView, endpointsOf } from '../context.ts';
import { dropSite } from './drop-lines.ts';
import type { Notification, ObservationPoint, TraceReason } from './types.ts';

type PolicyWhy = Extract<Decision['why'], { readonly code: `cilium.policy-${string}` }>;

/** What a program found in connection tracking. */
interface Tracked {
	readonly reason: TraceReason;
	readonly monitor: boolean;
}

/** One pass of a packet through the programs of one hook. */
interface Pass {
	readonly where: 'lxc' | 'netdev' | 'overlay' | 'host';
	readonly dev: string;
	/** Whose program a pod's device has. */
	readonly endpoint: EndpointView | undefined;
	/** Identity of the sender. */
	source: number;
	/** The tail call that runs. */
	program: string;
	tracked: Tracked | undefined;
	/** Address before the frontend was put back. */
	orig: Ip | undefined;
	/** Where the packet is to be delivered, until the destination's program has run. */
	delivery: { readonly endpoint: EndpointView | undefined; readonly dev: string } | undefined;
	/** Translated as a service's: nodeport.h. */
	nodePort: boolean;
	/** A backend's answer: tail_rev_nodeport_lb4() and its kin. */
	reversed: boolean;
}

const UNTRACKED: Tracked = { reason: 'unknown', monitor: false };

/** Connections as they were last seen, by their key: what changed tells whether the trace was told. */
export type Seen = Map<string, string>;

/** `RxFlagsSeen=0x12 LastRxReport=3 TxFlagsSeen=0x02 LastTxReport=3` of a printed entry. */
const reportOf = (entry: string): string => (entry.match(/(?:[RT]xFlagsSeen|Last[RT]xReport)=\S+/g) ?? []).join(' ');

/** What the programs tell of these decisions, in their order. `ns` is the node's namespace, to be read only. */
export function notificationsOf(
	agent: Agent,
	ns: Namespace,
	decisions: readonly Decision[],
	seen: Seen,
): readonly Notification[] {
	const out: Notification[] = [];
	const cpus = cpusOf(agent);
	const endpoints = endpointsOf(agent);
	const byIp = new Map(endpoints.map((e) => [e.ip ?? 0, e] as const));
	const host = endpoints.find(({ kind }) => kind === 'host')!;
	const headers = new Map<number, Headers>();
	const first = new Map<number, Headers>();
	const passes = new Map<number, Pass>();
	/** Endpoints by the name of the node's end of their veth pairs. */
	const byDev = new Map<string, EndpointView>();
	for (const [ip, info] of agent.maps.lxc.dump(ns)) {
		const dev = ns.devices.get(info.ifindex);
		const endpoint = byIp.get(ip);
		if (dev && endpoint) byDev.set(dev.name, endpoint);
	}
	const identityFor = (ip: Ip): number => ipcacheLookup4(agent.maps.ipcache, ns, ip)?.identity ?? 2;
	const indexOf = (dev: string): number => deviceByName(ns, dev)?.ifindex ?? 0;
	/** resolve_srcid_ipv4(): what the packet says of its sender, or whoever the ipcache knows. */
	const resolve = (head: Headers, said: number): number => {
		if (said > 2 && said !== 6) return said;
		const known = ipcacheLookup4(agent.maps.ipcache, ns, head.src)?.identity ?? 0;
		return known > 1 ? known : said || 2;
	};

	/** Who sends what is about to leave the node: by its mark, or by its address, before it is translated. */
	const senderOf = (head: Headers): number => identityOfMark(head.mark) ?? identityFor(head.src);

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
	/** Endpoint id of whose program runs. */
	const sourceOf = (pass: Pass): number =>
		pass.where === 'lxc' ? (pass.endpoint?.id ?? 0) : pass.where === 'overlay' ? 0 : host.id;

	const begin = (d: Decision): Pass | undefined => {
		const dev = d.dev ?? '';
		const device = deviceByName(ns, dev);
		const head = headers.get(d.packet);
		if (!device || !head) return undefined;
		const program = (d.hook === 'tc-egress' ? device.tcEgress : d.hook === 'xdp' ? device.xdp : device.tcIngress)?.name;
		if (program === undefined) return undefined;
		const endpoint = byDev.get(dev);
		const where = endpoint
			? 'lxc'
			: device.tunnel
				? 'overlay'
				: dev === 'cilium_host' || dev === 'cilium_net'
					? 'host'
					: 'netdev';
		const source =
			where === 'lxc' && d.hook !== 'tc-egress'
				? endpoint!.identity
				: where === 'overlay'
					? resolve(head, 2)
					: where === 'netdev'
						? d.hook === 'tc-egress'
							? senderOf(head)
							: resolve(head, 0)
						: resolve(head, identityOfMark(head.mark) ?? 2);
		const pass: Pass = {
			where,
			dev,
			endpoint,
			source,
			program,
			tracked: undefined,
			orig: undefined,
			delivery: undefined,
			nodePort: false,
			reversed: false,
		};
		passes.set(d.packet, pass);
		return pass;
	};

	const track = (d: Decision, pass: Pass): void => {
		const { key, entry } = d;
		const head = headers.get(d.packet);
		if (key === undefined || entry === undefined || !head) return;
		const before = seen.get(key);
		const now = reportOf(entry);
		seen.set(key, now);
		// Entries of services are looked at before; the rest of the program goes by the connection's own.
		if (/^\S+ SVC /.test(key) || / service(?: |$)/.test(key)) return;
		if (d.why.code === 'cilium.ct-new') {
			pass.tracked = { reason: before !== undefined && agent.minor <= 13 ? 'reopened' : 'new', monitor: true };
			return;
		}
		const from = / (\d+\.\d+\.\d+\.\d+):(\d+) -> /.exec(key);
		const reply =
			from !== null && parseIp(from[1]!) === head.dst && (head.dport === undefined || Number(from[2]) === head.dport);
		const closing = head.flags !== undefined && (head.flags & (TCP_FIN | TCP_RST)) !== 0;
		pass.tracked = {
			reason: / related(?: |$)/.test(key) ? 'related' : reply ? 'reply' : 'established',
			monitor: closing || before !== now,
		};
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
			action: why.code.startsWith('cilium.policy-allow') ? 'allow' : 'deny',
			match: 'match' in why ? why.match : 'none',
		};
	};

	for (const d of decisions) {
		if (!first.has(d.packet) && (d.before || d.after)) first.set(d.packet, (d.before ?? d.after)!);
		if (d.ns !== ns.name) continue;
		const now = d.after ?? d.before;
		if (d.hook === 'rx') {
			passes.delete(d.packet);
			if (!d.before) continue;
			headers.set(d.packet, d.before);
			const device = deviceByName(ns, d.dev ?? '');
			const program = device?.tcIngress?.name;
			if (program === undefined) continue;
			const endpoint = byDev.get(d.dev ?? '');
			if (endpoint) trace(d, 'from-endpoint', { source: endpoint.id, src: endpoint.identity, dst: 0 });
			else if (device!.tunnel) trace(d, 'from-overlay', { source: 0, src: 0, dst: 0, dev: d.dev! });
			else if (d.dev !== 'cilium_net' && d.dev !== 'cilium_host')
				trace(d, 'from-network', {
					source: host.id,
					src: agent.minor >= 15 ? resolve(d.before, 0) : 0,
					dst: 0,
					dev: d.dev!,
				});
			else
				trace(d, 'to-stack', {
					source: host.id,
					src: resolve(d.before, identityOfMark(d.before.mark) ?? 2),
					dst: 0,
					dev: 'cilium_host',
				});
			continue;
		}
		if (d.hook === 'tx') {
			const pass = passes.get(d.packet);
			const egress = pass?.dev === d.dev ? pass : undefined;
			if (pass) delivered(d, pass);
			passes.delete(d.packet);
			if (!d.before) continue;
			headers.set(d.packet, d.before);
			const device = deviceByName(ns, d.dev ?? '');
			if (/^(?:cil_)?to[-_]netdev$/.test(device?.tcEgress?.name ?? '')) {
				const named = agent.minor >= 16;
				trace(
					d,
					'to-network',
					{
						source: host.id,
						src: named ? (egress?.source ?? senderOf(d.before)) : 0,
						dst: named ? identityFor(d.before.dst) : 0,
						dev: named ? d.dev! : '',
						...(egress?.orig === undefined ? {} : { orig: egress.orig }),
					},
					egress?.tracked,
				);
			}
			continue;
		}
		if (d.hook !== 'tc-ingress' && d.hook !== 'tc-egress' && d.hook !== 'xdp') {
			if (now) headers.set(d.packet, now);
			continue;
		}
		let pass = passes.get(d.packet);
		if (!pass || pass.dev !== d.dev) {
			if (now && !headers.has(d.packet)) headers.set(d.packet, d.before ?? now);
			pass = begin(d);
			if (pass?.where === 'host' && d.hook === 'tc-egress')
				trace(d, 'from-host', { source: host.id, src: pass.source, dst: 0 });
		}
		if (!pass) {
			if (now) headers.set(d.packet, now);
			continue;
		}
		const { why } = d;
		switch (why.code) {
			case 'cilium.tail-call':
				pass.program = why.program;
				// TRACE_TO_NETWORK stands in front of the tail call, with the addresses as they are.
				if (pass.where === 'lxc' && !pass.delivery && /rev_nodeport|rev_dnat/.test(why.program)) {
					const id = pass.endpoint?.id ?? 0;
					const dst = identityFor(headers.get(d.packet)!.dst);
					trace(d, 'to-network', { source: id, src: pass.source, dst, sender: id }, pass.tracked);
					pass.reversed = true;
				}
				if (why.program === 'tail_ipv4_to_endpoint') pass.delivery = { endpoint: pass.endpoint, dev: '' };
				break;
			case 'cilium.overlay-identity':
				pass.source = why.vni === 6 ? resolve(headers.get(d.packet)!, 6) : why.vni;
				break;
			case 'cilium.ct-known':
			case 'cilium.ct-new':
				track(d, pass);
				break;
			case 'cilium.service':
				if (pass.where !== 'lxc') pass.nodePort = true;
				break;
			case 'cilium.snat':
			case 'cilium.snat-known':
				// send_trace_notify4() of tail_handle_snat_fwd_ipv4().
				if (d.hook === 'tc-egress' && agent.minor >= 15) pass.orig ??= d.before?.src;
				break;
			case 'cilium.reverse':
				if (pass.delivery) pass.orig ??= d.before?.src;
				else if (pass.where !== 'lxc') pass.reversed = true;
				break;
			case 'cilium.deliver': {
				const ip = parseIp(why.ip) ?? 0;
				// The destination's side looks at the connection anew.
				pass.tracked = undefined;
				pass.orig = undefined;
				pass.delivery = { endpoint: byIp.get(ip), dev: why.dev };
				break;
			}
			case 'cilium.stack':
			case 'cilium.host':
				if (pass.where === 'lxc') {
					const head = (now ?? headers.get(d.packet))!;
					headers.set(d.packet, head);
					const dst = why.code === 'cilium.host' ? 1 : identityFor(head.dst);
					trace(
						d,
						'to-stack',
						{ source: pass.endpoint?.id ?? 0, src: pass.source, dst, sender: pass.endpoint?.id ?? 0 },
						pass.tracked,
					);
				}
				break;
			case 'cilium.fib':
			case 'cilium.fib-neigh':
				if (pass.where === 'lxc' && !pass.reversed)
					trace(
						d,
						'to-network',
						{
							source: pass.endpoint?.id ?? 0,
							src: pass.source,
							dst: identityFor(headers.get(d.packet)!.dst),
							dev: why.dev,
							sender: pass.endpoint?.id ?? 0,
						},
						pass.tracked,
					);
				break;
			case 'cilium.encap': {
				const tracked: Tracked | undefined = pass.reversed
					? { reason: 'reply', monitor: true }
					: pass.nodePort
						? { reason: 'new', monitor: true }
						: pass.tracked;
				trace(
					d,
					'to-overlay',
					{
						source: sourceOf(pass),
						src: why.vni,
						dst: agent.minor >= 13 ? identityFor(headers.get(d.packet)!.dst) : 0,
						dev: agent.settings.tunnelProtocol === 'geneve' ? 'cilium_geneve' : 'cilium_vxlan',
						sender: pass.where === 'lxc' ? (pass.endpoint?.id ?? 0) : 0,
					},
					tracked,
				);
				break;
			}
			case 'cilium.policy-allow-ingress':
			case 'cilium.policy-deny-ingress':
			case 'cilium.policy-none-ingress':
			case 'cilium.policy-allow-egress':
			case 'cilium.policy-deny-egress':
			case 'cilium.policy-none-egress':
				out.push(verdictOf(d, why, pass));
				break;
			case 'program.dropped': {
				const site = dropSite(agent.minor, pass.program, pass.where);
				const lxc = site.file === 'bpf_lxc.c';
				const head = headers.get(d.packet)!;
				const denied = why.reason === DROP_POLICY || why.reason === DROP_POLICY_DENY;
				// ipv4_policy() speaks for the endpoint that is not reached.
				const there = denied && site.direction === 'ingress' ? (pass.delivery?.endpoint ?? pass.endpoint) : undefined;
				const dst = lxc && (pass.tracked || denied) ? identityFor(head.dst) : 0;
				out.push({
					type: 'drop',
					// ctx_get_ifindex(): the device the program began at; to 1.12 nothing is said of it.
					...common(
						d,
						there?.id ?? sourceOf(pass),
						pass.source,
						dst,
						there?.id ?? 0,
						agent.minor >= 13 ? pass.dev : '',
					),
					code: why.reason,
					...site,
				});
				passes.delete(d.packet);
				break;
			}
			case 'program.redirected':
			case 'program.redirected-peer':
				delivered(d, pass);
				passes.delete(d.packet);
				break;
		}
		if (now) headers.set(d.packet, now);
	}
	return out;
}

/** The hash of the socket that sent the packet (sk_txhash) stays with it through all rewriting on one machine. */
function hashOf({ lab }: Agent, { src, dst, protocol, sport = 0, dport = 0 }: Headers): number {
	return 1 + lab.random('skb hash', `${formatIp(src)}:${sport} ${formatIp(dst)}:${dport} ${protocol}`, 0xffffffff);
}
