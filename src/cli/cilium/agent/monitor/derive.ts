/**
 * Notifications of Cilium's programs, out of the simulator's records of what they did: the points where upstream calls
 * send_trace_notify() and send_drop_notify().
 *
 * Source: bpf/{bpf_lxc,bpf_host,bpf_overlay}.c, bpf/lib/{trace,encap,nodeport,nodeport_egress,local_delivery}.h @ v1.12.1,
 * v1.15.4, v1.18.3.
 */
import { DROP_POLICY, DROP_POLICY_DENY, identityOfMark } from '../../../../sim/cilium/index.ts';
import { deviceByName, type Namespace } from '../../../../sim/linux/index.ts';
import type { Decision } from '../../../../sim/trace/index.ts';
import { parseIp } from '../../../../sim/wire/index.ts';
import type { Agent } from '../context.ts';
import { dropSite } from './drop-lines.ts';
import { nodeView } from './node-view.ts';
import { beginPass, type Pass, type Seen, type Tracked, track } from './pass.ts';
import { tellerOf } from './teller.ts';
import type { Notification } from './types.ts';

/** What the programs tell of these decisions, in their order. `ns` is the node's namespace, to be read only. */
export function notificationsOf(
	agent: Agent,
	ns: Namespace,
	decisions: readonly Decision[],
	seen: Seen,
): readonly Notification[] {
	const out: Notification[] = [];
	const node = nodeView(agent, ns);
	const { host, byIp, byDev, identityFor, resolve, senderOf } = node;
	const { headers, first, common, trace, delivered, verdictOf } = tellerOf(agent, node, out);
	const passes = new Map<number, Pass>();
	/** Endpoint id of whose program runs. */
	const sourceOf = (pass: Pass): number =>
		pass.where === 'lxc' ? (pass.endpoint?.id ?? 0) : pass.where === 'overlay' ? 0 : host.id;

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
			pass = beginPass(ns, node, d, headers.get(d.packet));
			if (pass) passes.set(d.packet, pass);
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
				track(agent.minor, seen, d, pass, headers.get(d.packet));
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
			case 'cilium.policy-audit-ingress':
			case 'cilium.policy-audit-egress':
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
