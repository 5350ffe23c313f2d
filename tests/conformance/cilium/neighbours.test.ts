/**
 * Link-layer addresses of next hops that the kernel does not know (BPF_FIB_LKUP_RET_NO_NEIGH). bpf/lib/nodeport.h
 * tail_nodeport_nat_ipv4(), rev_nodeport_lb4() @ v1.12.1, v1.13.9; bpf/lib/fib.h fib_do_redirect() @ v1.14.4, v1.18.3;
 * neigh_record_ip4() in nodeport_lb4() @ v1.12.1, v1.13.9, v1.14.16, v1.15.4, v1.16.15, v1.17.8, v1.18.3.
 */
import { expect, test } from 'vitest';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { neighbourKey, type ProgramVerdict, type Skb } from '../../../src/sim/linux/index.ts';
import type { Ipv4 } from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	fromClient,
	ip,
	NODE,
	POD_PORT,
	POD_REMOTE,
	packet,
	SVC_LOCAL,
	SVC_REMOTE,
} from './bpf-env.ts';

const VERSIONS = ['1.12.1', '1.13.18', '1.14.13', '1.15.7', '1.16.6', '1.17.0', '1.18.3', '1.19.4'] as const;
const NO_FIB: ProgramVerdict = { action: 'drop', reason: 169 };
const ROUTER = ip('10.0.10.254');
/** On the node's own link. */
const NEIGHBOUR = ip('10.0.10.77');
const CLIENT_MAC = 0x024200000077;

const ingress = (b: Bench, skb: Skb) => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const forget = (b: Bench): void => {
	b.ns.neighbours.delete(neighbourKey(b.node.nativeIfindex, ROUTER));
};
const sport = (skb: Skb): number => {
	const { payload } = skb.net as Ipv4;
	return payload.kind === 'tcp' ? payload.sport : 0;
};

test.each(VERSIONS)(
	'%s: the neighbour map notes clients of remote backends, in some versions of local ones too',
	(version) => {
		const local = bench(version);
		ingress(local, fromClient(SVC_LOCAL));
		const noted = ['1.12', '1.13', '1.16', '1.17'].some((v) => version.startsWith(v));
		expect([...local.node.maps.neigh.dump(local.ns)]).toHaveLength(noted ? 1 : 0);
		const remote = bench(version);
		const skb = fromClient(SVC_REMOTE);
		skb.frame.src = CLIENT_MAC;
		ingress(remote, skb);
		expect([...remote.node.maps.neigh.dump(remote.ns)]).toEqual([[ip('110.0.11.1'), CLIENT_MAC]]);
	},
);

test.each(VERSIONS)('%s: with DSR the client is noted by nobody who does not see its answers', (version) => {
	const b = bench(version, { mode: 'dsr' });
	ingress(b, fromClient(SVC_REMOTE));
	expect([...b.node.maps.neigh.dump(b.ns)]).toEqual([]);
});

test.each(VERSIONS)('%s: a request whose next hop is unknown is dropped to 1.13, later the kernel asks', (version) => {
	for (const mode of ['snat', 'dsr'] as const) {
		const b = bench(version, { mode });
		forget(b);
		const verdict = ingress(b, fromClient(SVC_REMOTE));
		if (version < '1.14') expect(verdict).toEqual(NO_FIB);
		else expect(verdict).toEqual({ action: 'redirect-neigh', ifindex: b.node.nativeIfindex, nextHop: ROUTER });
	}
});

test.each(VERSIONS)('%s: an answer to a client of the same link takes the address its request came from', (version) => {
	const b = bench(version);
	const request = packet(NEIGHBOUR, 111, SVC_REMOTE, 80);
	request.frame.src = CLIENT_MAC;
	ingress(b, request);
	const reply = packet(POD_REMOTE, POD_PORT, NODE, sport(request));
	const verdict = ingress(b, reply);
	if (version < '1.14') {
		expect(verdict).toMatchObject({ action: 'redirect', ifindex: b.node.nativeIfindex });
		expect(reply.frame.dst).toBe(CLIENT_MAC);
	} else expect(verdict).toMatchObject({ action: 'redirect-neigh', nextHop: NEIGHBOUR });
});

test('behind a router, 1.12 looks for the client in the map, 1.13 for the router, which is not there', () => {
	for (const version of ['1.12.1', '1.13.18']) {
		const b = bench(version);
		const request = fromClient(SVC_REMOTE);
		request.frame.src = CLIENT_MAC;
		ingress(b, request);
		forget(b);
		const reply = packet(POD_REMOTE, POD_PORT, NODE, sport(request));
		const verdict = ingress(b, reply);
		if (version === '1.12.1') {
			expect(verdict.action).toBe('redirect');
			expect(reply.frame.dst).toBe(CLIENT_MAC);
		} else expect(verdict).toEqual(NO_FIB);
	}
});
