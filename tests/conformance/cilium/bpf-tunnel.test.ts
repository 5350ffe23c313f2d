/**
 * Cilium's own tests of what its programs do with tunnels, as cases: packet in, verdict and packet out.
 * bpf/tests/tc_skip_tunnel_*.c, tc_nodeport_lb4_*.c @ v1.18.0, with upstream's checksums.
 */
import { describe, expect, test } from 'vitest';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { fromOverlay, toOverlay } from '../../../src/sim/cilium/programs/from-overlay.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import type { Skb } from '../../../src/sim/linux/index.ts';
import { type Ipv4, prefixOf } from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT,
	fromClient,
	GATEWAY,
	NODE,
	NODE2,
	POD_LOCAL,
	POD_PORT,
	POD_REMOTE,
	packet,
	SVC_REMOTE,
	shown,
} from './bpf-env.ts';

const ingress = (b: Bench, skb: Skb) => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const egress = (b: Bench, skb: Skb) => b.run(toNetdev(b.node), 'eth0', 'tc-egress', skb);
const overlay = (b: Bench, skb: Skb) => b.run(fromOverlay(b.node), 'tun0', 'tc-ingress', skb);
const natPort = (skb: Skb): number => {
	const { payload } = skb.net as Ipv4;
	return payload.kind === 'tcp' ? payload.sport : 0;
};

describe('tunnels', () => {
	test('B40: the request for a backend elsewhere is sent from cilium_host, with the identity of the world', () => {
		const b = bench('1.18.0', { tunnel: true });
		const skb = fromClient(SVC_REMOTE);
		expect(ingress(b, skb)).toEqual({ action: 'redirect', ifindex: b.node.encapIfindex, ingress: false });
		expect((skb.net as Ipv4).src).toBe(GATEWAY);
		expect(skb.tunnel).toMatchObject({ id: 2, remote: NODE2 });
	});

	test('B41: where the ipcache says so, past the tunnel, from the node’s address', () => {
		const b = bench('1.18.0', { tunnel: true });
		b.node.maps.ipcache.update(
			b.ns,
			{ address: POD_REMOTE, length: 32 },
			{ identity: 112244, tunnelEndpoint: NODE2, encryptKey: 0, skipTunnel: true },
		);
		const skb = fromClient(SVC_REMOTE);
		expect(ingress(b, skb)).toMatchObject({ action: 'redirect', ifindex: b.node.nativeIfindex });
		expect((skb.net as Ipv4).src).toBe(NODE);
	});

	test('B42, B43: a pod that talks to another node is masqueraded, unless the ipcache says past the tunnel', () => {
		const b = bench('1.18.0', { tunnel: true });
		const skb = packet(POD_LOCAL, 40000, NODE2, 443);
		expect(egress(b, skb).action).toBe('ok');
		expect((skb.net as Ipv4).src).toBe(NODE);
		b.node.maps.ipcache.update(
			b.ns,
			{ address: NODE2, length: 32 },
			{ identity: 6, tunnelEndpoint: 0, encryptKey: 0, skipTunnel: true },
		);
		const past = packet(POD_LOCAL, 40001, NODE2, 443);
		egress(b, past);
		expect((past.net as Ipv4).src).toBe(POD_LOCAL);
		// In native routing never.
		const native = packet(POD_LOCAL, 40002, NODE2, 443);
		egress(bench('1.18.0'), native);
		expect((native.net as Ipv4).src).toBe(POD_LOCAL);
	});

	test('a sender that says it is a node is looked up, for it may have an API server; others are who they say', () => {
		for (const [vni, identity] of [
			[6, 7],
			[300, 300],
		] as const) {
			const b = bench('1.18.0', { tunnel: true });
			const entry = { tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false };
			b.node.maps.ipcache.update(b.ns, prefixOf(NODE2, 32), { ...entry, identity: 7 });
			overlay(b, packet(NODE2, 40000, POD_LOCAL, POD_PORT, { tunnel: { id: vni } }));
			const key = { saddr: NODE2, sport: 40000, daddr: POD_LOCAL, dport: POD_PORT, proto: 6, flags: 1 };
			expect(b.node.maps.ctTcp.lookup(b.ns, key)?.srcSecId).toBe(identity);
		}
	});

	test('a sender that says it is the host of this node is dropped', () => {
		const b = bench('1.18.0', { tunnel: true });
		expect(overlay(b, packet(POD_REMOTE, 1000, POD_LOCAL, POD_PORT, { tunnel: { id: 1 } }))).toEqual({
			action: 'drop',
			reason: 171,
		});
	});

	test.each([
		['1.17.0', 2],
		['1.18.0', 6],
	])('B39: a backend behind the tunnel, a client behind it too: in %s the answer has identity %i', (version, id) => {
		const b = bench(version, { tunnel: true });
		for (const address of [CLIENT, POD_REMOTE])
			b.node.maps.ipcache.update(
				b.ns,
				{ address, length: 32 },
				{ identity: 112233, tunnelEndpoint: NODE2, encryptKey: 0, skipTunnel: false },
			);
		const request = fromClient(SVC_REMOTE, { tunnel: { id: 112233 } });
		expect(overlay(b, request)).toMatchObject({ action: 'redirect', ifindex: b.node.encapIfindex });
		expect(request.tunnel).toMatchObject({ id: 2, remote: NODE2 });
		const reply = packet(POD_REMOTE, POD_PORT, GATEWAY, natPort(request), { tunnel: { id: 223344 } });
		expect(overlay(b, reply)).toMatchObject({ action: 'redirect', ifindex: b.node.encapIfindex });
		expect(reply.tunnel).toMatchObject({ id, remote: NODE2 });
		expect(shown(reply)).toMatch(/^172\.16\.10\.2:80 > 110\.0\.11\.1:111 /);
	});

	test('what the tunnel sends is marked, so that nobody translates the datagram', () => {
		const b = bench('1.18.0', { tunnel: true });
		const skb = packet(POD_LOCAL, 1000, POD_REMOTE, POD_PORT, { tunnel: { id: 112233 } });
		expect(b.run(toOverlay(b.node), 'tun0', 'tc-egress', skb).action).toBe('ok');
		expect(skb.mark & 0x0f00).toBe(0x0400);
		const outer = packet(NODE, 40000, NODE2, 8472, { udp: true });
		outer.mark = skb.mark;
		egress(b, outer);
		expect(shown(outer)).toBe('10.0.10.1:40000 > 10.0.10.2:8472 ttl 64');
	});
});
