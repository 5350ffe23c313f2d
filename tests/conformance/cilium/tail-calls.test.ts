/**
 * Which programs a NodePort's packets meet, by their names in each version: what `bpftool prog` lists and what follows a
 * tail call. bpf/bpf_{host,lxc,overlay}.c, bpf/lib/nodeport{,_egress}.h @ v1.12.1, v1.13.9, v1.14.16, v1.15.4, v1.16.15,
 * v1.17.8, v1.18.3 and main where v1.19 branched off (__section_tail(), __declare_tail(), invoke_tailcall_if()).
 */
import { describe, expect, test } from 'vitest';
import { kindBasic } from '../../../src/sim/scenarios/index.ts';
import { parseIp } from '../../../src/sim/wire/index.ts';
import { apply, createWorld, type Outcome } from '../../../src/sim/world/index.ts';

const knock = (bundle: string, to: string, helm: Record<string, string> = {}): Outcome => {
	const kubeProxyReplacement = /1\.1[23]$/.test(bundle) ? 'strict' : 'true';
	const made = createWorld(kindBasic, {
		bundle,
		kubeProxy: 'none',
		podOn: 'basic-worker',
		helm: { kubeProxyReplacement, ...helm },
	});
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	const done = apply(made.world, {
		kind: 'connect',
		probe: { from: 'host', to: { ip: parseIp(to)!, port: 32017 }, protocol: 'tcp' },
	});
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	expect(done.outcome!.result).toBe('connected');
	return done.outcome!;
};

/** Tail calls of the first packet of either direction at a node's devices, in order. */
const calls = (outcome: Outcome, node: string, dev: RegExp, reply: boolean): string[] => {
	const packet = reply ? outcome.firstReply : outcome.firstPacket;
	return outcome.trace.flatMap((d) =>
		d.packet === packet && d.ns === `node/${node}` && dev.test(d.dev ?? '') && d.why.code === 'cilium.tail-call'
			? [d.why.program]
			: [],
	);
};

const FROM_NETDEV = 'tail_handle_ipv4_from_netdev';

describe.each([
	['1.12', 'tail_nodeport_nat_ipv4', 'tail_nodeport_nat_ipv4', 'tail_rev_nodeport_lb4', true, []],
	[
		'1.13',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		'tail_rev_nodeport_lb4',
		true,
		['tail_handle_snat_fwd_ipv4'],
	],
	[
		'1.14',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		'tail_rev_nodeport_lb4',
		true,
		['tail_handle_snat_fwd_ipv4'],
	],
	[
		'1.16',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		undefined,
		false,
		['tail_handle_snat_fwd_ipv4'],
	],
	[
		'1.17',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		undefined,
		false,
		['tail_handle_snat_fwd_ipv4'],
	],
	[
		'1.18',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		undefined,
		false,
		['tail_handle_snat_fwd_ipv4'],
	],
	[
		'1.19',
		'tail_nodeport_nat_egress_ipv4',
		'tail_nodeport_nat_ingress_ipv4',
		undefined,
		false,
		['tail_handle_snat_fwd_ipv4'],
	],
] as const)('Cilium %s', (version, egress, ingress, revDnat, atPod, fwd) => {
	const bundle = `cilium-${version}`;

	test('a backend elsewhere: out by one tail call, the answer in by another', () => {
		const s = knock(bundle, '172.18.0.2');
		expect(calls(s, 'basic-worker2', /^eth0$/, false)).toEqual([FROM_NETDEV, egress]);
		expect(calls(s, 'basic-worker2', /^eth0$/, true)).toEqual([FROM_NETDEV, ingress, ...(revDnat ? [revDnat] : [])]);
		// Nothing on the pod's node knows that a service is concerned.
		expect(calls(s, 'basic-worker', /^lxc/, true)).toEqual(['tail_handle_ipv4']);
		expect(calls(s, 'basic-worker', /^eth0$/, true)).toEqual(fwd);
	});

	test('a backend here: the pod’s program puts the frontend back to 1.15, to_netdev does later', () => {
		const s = knock(bundle, '172.18.0.3');
		expect(calls(s, 'basic-worker', /^eth0$/, false)).toEqual([FROM_NETDEV]);
		expect(calls(s, 'basic-worker', /^lxc/, true)).toEqual(['tail_handle_ipv4', ...(atPod ? [revDnat] : [])]);
		expect(calls(s, 'basic-worker', /^eth0$/, true)).toEqual([]);
		const back = s.trace.find((d) => d.packet === s.firstReply && d.why.code === 'cilium.reverse')!;
		expect(back.dev === 'eth0' ? back.hook : back.dev).toMatch(atPod ? /^lxc/ : /^tc-egress$/);
	});

	test('DSR: the notice is read by the pod’s program in 1.12, by a tail call in 1.13, on the way in later', () => {
		const s = knock(bundle, '172.18.0.2', { 'loadBalancer.mode': 'dsr' });
		expect(calls(s, 'basic-worker2', /^eth0$/, false)).toEqual([FROM_NETDEV, 'tail_nodeport_ipv4_dsr']);
		expect(calls(s, 'basic-worker', /^eth0$/, false)).toEqual(
			version === '1.13' ? [FROM_NETDEV, 'tail_nodeport_dsr_ingress_ipv4', FROM_NETDEV] : [FROM_NETDEV],
		);
		const learned = s.trace.find((d) => d.why.code === 'cilium.dsr-learned')!;
		expect(learned.hook).toBe(version === '1.12' ? 'tc-egress' : 'tc-ingress');
		expect(calls(s, 'basic-worker', /^lxc/, true)).toEqual(['tail_handle_ipv4']);
		const back = s.trace.find((d) => d.packet === s.firstReply && d.why.code === 'cilium.dsr-reply')!;
		expect(back.dev).toMatch(version === '1.12' ? /^lxc/ : /^eth0$/);
	});

	test('a route for each pod: what goes to it passes two tail calls of its own', () => {
		const s = knock(bundle, '172.18.0.3', { 'endpointRoutes.enabled': 'true' });
		expect(calls(s, 'basic-worker', /^lxc/, false)).toEqual(['tail_ipv4_ct_ingress', 'tail_ipv4_to_endpoint']);
	});
});
