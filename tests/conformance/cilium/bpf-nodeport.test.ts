/**
 * Cilium's own tests of its program at the node's device, for services, as cases: packet in, verdict and packet out.
 * bpf/tests/tc_nodeport_lb4_*.c, tc_nodeport_test.c @ v1.18.0. Checksums are upstream's numbers: they tell whether
 * addresses, ports, TTL and length are right to the octet.
 *
 * B06 has no checksum of TCP, for the port is drawn; B04, B10 and B18's answer leave the packet as it was, so its
 * checksum is that of the packet as it was built.
 */
import { describe, expect, test } from 'vitest';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { fromOverlay } from '../../../src/sim/cilium/programs/from-overlay.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import { addRoute, deviceByName, type Skb } from '../../../src/sim/linux/index.ts';
import { createRecorder } from '../../../src/sim/trace/index.ts';
import { dsrGeneveOption, dsrIpOption, type Icmp, type Ipv4, prefixOf, TCP_ACK } from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT,
	CLIENT2,
	fromClient,
	headerChecksum,
	l4Checksum,
	NODE,
	NODE2,
	OTHER_GATEWAY,
	POD_LOCAL,
	POD_PORT,
	POD_REMOTE,
	packet,
	SVC_LOCAL,
	SVC_PORT,
	SVC_REMOTE,
	shown,
	sums,
} from './bpf-env.ts';

const ingress = (b: Bench, skb: Skb) => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const egress = (b: Bench, skb: Skb) => b.run(toNetdev(b.node), 'eth0', 'tc-egress', skb);
const overlay = (b: Bench, skb: Skb) => b.run(fromOverlay(b.node), 'tun0', 'tc-ingress', skb);
/** Everything to the second client, whom the first device's default route would lead elsewhere, leaves by the second. */
const routeToClient2 = (b: Bench): number => {
	addRoute(b.net, 'node', { dst: prefixOf(CLIENT2, 32), via: OTHER_GATEWAY, dev: 'eth1' });
	return deviceByName(b.ns, 'eth1')!.ifindex;
};
const natPort = (skb: Skb): number => {
	const { payload } = skb.net as Ipv4;
	return payload.kind === 'tcp' ? payload.sport : 0;
};

describe('cil_from_netdev, SNAT', () => {
	test('B01, B02: a backend of this node gets the client; its answer leaves as the service', () => {
		const b = bench('1.18.0');
		const skb = fromClient(SVC_LOCAL);
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.1:8080 ttl 63');
		const reply = packet(POD_LOCAL, POD_PORT, CLIENT, 111);
		expect(egress(b, reply).action).toBe('ok');
		expect(shown(reply)).toBe('172.16.10.1:80 > 110.0.11.1:111 ttl 64');
		expect(sums(reply)).toEqual([0x4baa, 0x01a9]);
	});

	test('B03: another client', () => {
		const b = bench('1.18.0');
		const skb = packet(CLIENT2, 111, SVC_LOCAL, SVC_PORT);
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(sums(skb)).toEqual([0x3711, 0xcccf]);
		const reply = packet(POD_LOCAL, POD_PORT, CLIENT2, 111);
		expect(egress(b, reply).action).toBe('ok');
		expect(shown(reply)).toBe('172.16.10.1:80 > 120.0.12.2:111 ttl 64');
	});

	test('B04: an answer that the frontend’s route sends out by another device goes there first, as it is', () => {
		for (const [version, away] of [
			['1.18.0', true],
			['1.15.0', true],
			['1.14.0', false],
		] as const) {
			const b = bench(version, { oneDevice: false });
			ingress(b, packet(CLIENT2, 111, SVC_LOCAL, SVC_PORT));
			const ifindex = routeToClient2(b);
			const reply = packet(POD_LOCAL, POD_PORT, CLIENT2, 111);
			expect(egress(b, reply)).toEqual(away ? { action: 'redirect', ifindex, ingress: false } : { action: 'ok' });
			if (!away) continue;
			expect(sums(reply)).toEqual([0x3611, 0xcccf]);
			// There it is translated.
			expect(b.run(toNetdev(b.node), 'eth1', 'tc-egress', reply)).toEqual({ action: 'ok' });
			expect(shown(reply)).toBe('172.16.10.1:80 > 120.0.12.2:111 ttl 64');
		}
	});

	test('B05: UDP', () => {
		const b = bench('1.16.0');
		const skb = fromClient(SVC_LOCAL, { udp: true });
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.1:8080 ttl 63');
		expect(sums(skb)).toEqual([0x4213, 0x699a]);
	});

	test('B06, B07: a backend elsewhere is asked from this node, and its answer finds the client', () => {
		const b = bench('1.18.0');
		const skb = fromClient(SVC_REMOTE);
		expect(ingress(b, skb).action).toBe('redirect');
		expect(shown(skb)).toMatch(/^10\.0\.10\.1:\d+ > 192\.168\.0\.2:8080 ttl 63$/);
		expect(headerChecksum(skb)).toBe(0xa711);
		expect(natPort(skb)).toBeGreaterThanOrEqual(32768);
		const reply = packet(POD_REMOTE, POD_PORT, NODE, natPort(skb));
		expect(ingress(b, reply).action).toBe('redirect');
		expect(shown(reply)).toBe('172.16.10.2:80 > 110.0.11.1:111 ttl 63');
		expect(sums(reply)).toEqual([0x4ca9, 0x01a8]);
	});

	test('B09: a next hop without a known address is left to the kernel to resolve', () => {
		const b = bench('1.18.0');
		b.ns.neighbours.clear();
		expect(ingress(b, fromClient(SVC_REMOTE)).action).toBe('redirect-neigh');
	});

	test('B10, B11: without the reverse entry an answer is left to the stack; the next request restores it', () => {
		const b = bench('1.18.0');
		const first = fromClient(SVC_REMOTE);
		ingress(b, first);
		const port = natPort(first);
		const [reverse] = [...b.node.maps.snat.dump(b.ns)].filter(([key]) => key.flags === 1);
		b.node.maps.snat.remove(b.ns, reverse![0]);
		const lost = packet(POD_REMOTE, POD_PORT, NODE, port);
		expect(ingress(b, lost).action).toBe('ok');
		expect(shown(lost)).toBe(`192.168.0.2:8080 > 10.0.10.1:${port} ttl 64`);
		const again = fromClient(SVC_REMOTE, { flags: TCP_ACK });
		ingress(b, again);
		expect(natPort(again)).toBe(port);
		expect(ingress(b, packet(POD_REMOTE, POD_PORT, NODE, port)).action).toBe('redirect');
	});

	test('B12: without the forward entry the next request gets a port of its own, and is answered', () => {
		const b = bench('1.18.0');
		const first = fromClient(SVC_REMOTE);
		ingress(b, first);
		const forward = [...b.node.maps.snat.dump(b.ns)].find(([key]) => key.flags === 0)!;
		b.node.maps.snat.remove(b.ns, forward[0]);
		const again = fromClient(SVC_REMOTE, { flags: TCP_ACK });
		ingress(b, again);
		expect(natPort(again)).not.toBe(natPort(first));
		expect(ingress(b, packet(POD_REMOTE, POD_PORT, NODE, natPort(again))).action).toBe('redirect');
	});

	test('B13: on the backend’s node the request goes to the pod, no address changed', () => {
		const b = bench('1.18.0');
		// Upstream’s LB_PORT.
		const skb = packet(NODE, 222, POD_LOCAL, POD_PORT);
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(sums(skb)).toEqual([0xa712, 0x3c62]);
	});

	test('B37: a connection to a backend that terminates goes on', () => {
		const b = bench('1.16.0');
		ingress(b, fromClient(SVC_LOCAL, { udp: true }));
		const { maps } = b.node;
		const proto = maps.features.protocolInKey ? 17 : 0;
		maps.backends.update(b.ns, 1, { address: POD_LOCAL, port: POD_PORT, proto, state: 1 });
		const key = { address: SVC_LOCAL, port: SVC_PORT, proto, scope: 0, slot: 0 } as const;
		maps.services.update(b.ns, key, { ...maps.services.lookup(b.ns, key)!, qcount: 1 });
		const skb = fromClient(SVC_LOCAL, { udp: true });
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(sums(skb)).toEqual([0x4213, 0x699a]);
	});

	test('1.12 and 1.13 do not count the node as a hop towards a backend elsewhere', () => {
		for (const version of ['1.12.1', '1.13.0']) {
			const skb = fromClient(SVC_REMOTE);
			ingress(bench(version), skb);
			expect(shown(skb)).toMatch(/ttl 64$/);
		}
	});

	test('a packet that has been translated leaves as it is', () => {
		for (const [version, mark] of [
			['1.12.1', 0x1500],
			['1.18.0', 0x0300],
		] as const) {
			const b = bench(version);
			const skb = fromClient(SVC_REMOTE);
			ingress(b, skb);
			expect(skb.mark).toBe(mark);
			const before = shown(skb);
			expect(egress(b, skb).action).toBe('ok');
			expect(shown(skb)).toBe(before);
		}
	});
});

describe('cil_from_netdev, DSR', () => {
	test('B15: the request keeps its source and carries the service in an option of eight octets', () => {
		const b = bench('1.18.0', { mode: 'dsr' });
		const skb = fromClient(SVC_REMOTE);
		expect(ingress(b, skb).action).toBe('redirect');
		expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.2:8080 ttl 63');
		expect((skb.net as Ipv4).options).toEqual(dsrIpOption({ ip: SVC_REMOTE, port: SVC_PORT }));
		expect(sums(skb)).toEqual([0x434a, 0xd7cf]);
		// Nothing is remembered here: the answer never comes by.
		expect(b.node.maps.snat.size(b.ns)).toBe(0);
	});

	test('only a SYN carries the option; every datagram does', () => {
		const b = bench('1.16.0', { mode: 'dsr' });
		const later = fromClient(SVC_REMOTE, { flags: TCP_ACK });
		ingress(b, later);
		expect((later.net as Ipv4).options).toHaveLength(0);
		const datagram = fromClient(SVC_REMOTE, { udp: true });
		ingress(b, datagram);
		expect((datagram.net as Ipv4).options).toHaveLength(8);
	});

	test('B16, B17: the backend’s node reads the option and answers as the service', () => {
		for (const version of ['1.13.0', '1.16.0', '1.18.0']) {
			const b = bench(version, { mode: 'dsr' });
			const options = dsrIpOption({ ip: SVC_LOCAL, port: SVC_PORT });
			const skb = packet(CLIENT, 111, POD_LOCAL, POD_PORT, { options });
			expect(ingress(b, skb).action).toBe('redirect-peer');
			// The option stays where it is.
			expect((skb.net as Ipv4).options).toEqual(options);
			// pktgen sums the fixed header only.
			expect(headerChecksum(skb, 20)).toBe(0x400a);
			expect(l4Checksum(skb.net as Ipv4)).toBe(0xd7d0);
			const entry = b.node.maps.ctTcp.lookup(b.ns, {
				saddr: CLIENT,
				sport: 111,
				daddr: POD_LOCAL,
				dport: POD_PORT,
				proto: 6,
				flags: 0,
			});
			expect(entry!.flags & 0x80).toBe(0x80);
			const reply = packet(POD_LOCAL, POD_PORT, CLIENT, 111);
			expect(egress(b, reply).action).toBe('ok');
			expect(shown(reply)).toBe('172.16.10.1:80 > 110.0.11.1:111 ttl 64');
			expect(sums(reply)).toEqual([0x4baa, 0x01a9]);
		}
	});

	test('B18: another client’s request, and an answer that leaves by another device', () => {
		const b = bench('1.18.0', { mode: 'dsr', oneDevice: false });
		const options = dsrIpOption({ ip: SVC_LOCAL, port: SVC_PORT });
		const skb = packet(CLIENT2, 111, POD_LOCAL, POD_PORT, { options });
		expect(ingress(b, skb).action).toBe('redirect-peer');
		expect(headerChecksum(skb, 20)).toBe(0x3509);
		expect(l4Checksum(skb.net as Ipv4)).toBe(0xcccf);
		const ifindex = routeToClient2(b);
		const reply = packet(POD_LOCAL, POD_PORT, CLIENT2, 111);
		expect(egress(b, reply)).toEqual({ action: 'redirect', ifindex, ingress: false });
		expect(headerChecksum(reply)).toBe(0x3611);
	});

	test('without BPF masquerade, what is for no service is looked up as an answer too, from 1.17; before, only by SNAT', () => {
		for (const [version, mode, looks] of [
			['1.13.18', 'dsr', false],
			['1.16.15', 'dsr', false],
			['1.17.8', 'dsr', true],
			['1.18.3', 'dsr', true],
			['1.16.15', 'snat', true],
		] as const) {
			const b = bench(version, { mode, bpfMasquerade: false });
			const recorder = createRecorder();
			b.net.recorder = recorder;
			ingress(b, packet(CLIENT, 111, POD_LOCAL, 9999));
			const met = recorder.decisions.some((d) => d.why.code === 'cilium.unsnat-none');
			expect([version, mode, met]).toEqual([version, mode, looks]);
		}
	});

	test('a request too long for the option: fragmentation needed with path MTU discovery, dropped without', () => {
		const long = () => fromClient(SVC_REMOTE, { udp: true, length: 1472 });
		const quiet = bench('1.16.0', { mode: 'dsr' });
		expect(ingress(quiet, long())).toEqual({ action: 'drop', reason: 169 });
		const b = bench('1.16.0', { mode: 'dsr', dsrIcmpErrors: true });
		const skb = long();
		expect(ingress(b, skb).action).toBe('redirect');
		const icmp = (skb.net as Ipv4).payload as Icmp;
		expect(icmp).toMatchObject({ type: 3, code: 4, mtu: 1492 });
		expect([(skb.net as Ipv4).src, (skb.net as Ipv4).dst]).toEqual([POD_REMOTE, CLIENT]);
		// The quote is what the client sent.
		expect(icmp.quoted).toMatchObject({ src: CLIENT, dst: SVC_REMOTE, payload: { dport: SVC_PORT } });
	});

	test('in a Geneve header: nothing for a backend here, VNI 2 and the option for one elsewhere', () => {
		const b = bench('1.18.0', { mode: 'dsr', dispatch: 'geneve' });
		const here = fromClient(SVC_LOCAL);
		expect(ingress(b, here).action).toBe('redirect-peer');
		expect(here.tunnel).toBeUndefined();
		const skb = fromClient(SVC_REMOTE);
		expect(ingress(b, skb)).toEqual({ action: 'redirect', ifindex: b.node.encapIfindex, ingress: false });
		expect(skb.tunnel).toEqual({
			id: 2,
			remote: NODE2,
			options: [dsrGeneveOption({ ip: SVC_REMOTE, port: SVC_PORT })],
		});
		expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.2:8080 ttl 64');
	});

	test('the backend’s node reads the Geneve option at the tunnel', () => {
		const b = bench('1.18.0', { mode: 'dsr', dispatch: 'geneve' });
		const options = [dsrGeneveOption({ ip: SVC_LOCAL, port: SVC_PORT })];
		const skb = packet(CLIENT, 111, POD_LOCAL, POD_PORT, { tunnel: { id: 2, options } });
		expect(overlay(b, skb).action).toBe('redirect-peer');
		const reply = packet(POD_LOCAL, POD_PORT, CLIENT, 111);
		egress(b, reply);
		expect(shown(reply)).toBe('172.16.10.1:80 > 110.0.11.1:111 ttl 64');
	});
});
