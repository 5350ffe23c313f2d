/**
 * Cilium's own tests of its programs at tc, as cases: packet in, verdict and packet out. bpf/tests/tc_nodeport_lb4_*.c,
 * tc_nodeport_test.c, tc_lxc_lb4_no_backend.c, tc_skip_tunnel_*.c @ v1.18.0; those at XDP are in bpf-xdp.test.ts.
 * Checksums are upstream's numbers: they tell whether addresses, ports, TTL and length are right to the octet.
 *
 * B08, an egress gateway's policy for all, stands with the egress gateway; B35 with XDP, B36 in maglev.test.ts. B06 and
 * B21 have no checksum of TCP, for the port is drawn; B04, B10 and B18's answer leave the packet as it was, so its
 * checksum is that of the packet as it was built.
 */
import { describe, expect, test } from 'vitest';
import { CT_F_LB_LOOPBACK, SVC_HOSTPORT, SVC_ROUTABLE, SVC2_SOURCE_RANGE_DENY } from '../../../src/sim/cilium/index.ts';
import { fromContainer } from '../../../src/sim/cilium/programs/from-container.ts';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { fromOverlay, toOverlay } from '../../../src/sim/cilium/programs/from-overlay.ts';
import { toContainer } from '../../../src/sim/cilium/programs/to-container.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import { addRoute, deviceByName, type Skb } from '../../../src/sim/linux/index.ts';
import { createRecorder } from '../../../src/sim/trace/index.ts';
import {
	dsrGeneveOption,
	dsrIpOption,
	type Icmp,
	type Ipv4,
	prefixOf,
	TCP_ACK,
	TCP_SYN,
} from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT,
	CLIENT2,
	fromClient,
	GATEWAY,
	headerChecksum,
	ip,
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
} from './bpf-env.ts';

const ingress = (b: Bench, skb: Skb) => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const egress = (b: Bench, skb: Skb) => b.run(toNetdev(b.node), 'eth0', 'tc-egress', skb);
const overlay = (b: Bench, skb: Skb) => b.run(fromOverlay(b.node), 'tun0', 'tc-ingress', skb);
/** Checksums of header and payload. */
const sums = (skb: Skb): readonly number[] => [headerChecksum(skb), l4Checksum(skb.net as Ipv4)];
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

describe('services without backends', () => {
	const empty = (b: Bench, address = SVC_LOCAL): void => {
		const { services, features } = b.node.maps;
		const key = {
			address,
			port: SVC_PORT,
			proto: features.protocolInKey ? 6 : 0,
			scope: 0,
			slot: 0,
		} as const;
		services.update(b.ns, key, { ...services.lookup(b.ns, key)!, count: 0 });
	};

	test('B25: ICMP port unreachable from the frontend, TTL 64', () => {
		const b = bench('1.18.0');
		empty(b, SVC_REMOTE);
		const skb = fromClient(SVC_REMOTE);
		const { src, dst } = skb.frame;
		expect(ingress(b, skb)).toMatchObject({ action: 'redirect', ingress: false });
		expect(skb.net).toMatchObject({ src: SVC_REMOTE, dst: CLIENT, ttl: 64, payload: { type: 3, code: 3 } });
		expect(skb.frame).toEqual({ src: dst, dst: src });
		// 64 octets are quoted of a packet of 60: zeros behind it, which no checksum tells but the length does.
		expect(sums(skb)).toEqual([0x4b8e, 0x2c3f]);
	});

	test('B27: no answer where none is wanted: drop 158', () => {
		const b = bench('1.18.0', { noBackendResponse: 'drop' });
		empty(b);
		const skb = packet(POD_LOCAL, 111, SVC_LOCAL, SVC_PORT);
		const config = { ip: POD_LOCAL, identity: 112233, routerMac: 1, routing: true };
		expect(b.run(fromContainer(config, b.node), 'lxc1', 'tc-ingress', skb)).toEqual({ action: 'drop', reason: 158 });
		expect(ingress(b, fromClient(SVC_LOCAL))).toEqual({ action: 'drop', reason: 158 });
	});

	test('1.12 leaves it to the stack, 1.13 and 1.14 drop', () => {
		for (const [version, verdict] of [
			['1.12.1', { action: 'ok' }],
			['1.13.0', { action: 'drop', reason: 158 }],
			['1.14.0', { action: 'drop', reason: 158 }],
		] as const) {
			const b = bench(version, { hostRouting: false });
			empty(b);
			expect(ingress(b, fromClient(SVC_LOCAL))).toEqual(verdict);
		}
	});
});

describe('a pod that reaches itself', () => {
	// Upstream’s address and ports.
	const loopback = ip('10.245.255.31');
	const [CLIENT_PORT, SERVER_PORT] = [22330, 22331];
	const start = (version: string, endpointRoutes: boolean): Bench => {
		const b = bench(version, { loopback, endpointRoutes });
		const { maps } = b.node;
		maps.backends.update(b.ns, 1, { ...maps.backends.lookup(b.ns, 1)!, port: SERVER_PORT });
		return b;
	};
	const request = () => packet(POD_LOCAL, CLIENT_PORT, SVC_LOCAL, SVC_PORT);
	const answer = () => packet(POD_LOCAL, SERVER_PORT, loopback, CLIENT_PORT, { flags: TCP_SYN | TCP_ACK });
	const send = (b: Bench, skb: Skb) =>
		b.run(
			fromContainer({ ip: POD_LOCAL, identity: 112233, routerMac: 1, routing: true }, b.node),
			'lxc1',
			'tc-ingress',
			skb,
		);
	const receive = (b: Bench, skb: Skb) => b.run(toContainer(b.node), 'lxc1', 'tc-egress', skb);

	test('B28 to B31: the request comes from the loopback address of services, the answer from the service', () => {
		// USE_BPF_PROG_FOR_INGRESS_POLICY: the destination’s side is the program at the pod’s egress.
		const b = start('1.18.0', true);
		const skb = request();
		expect(send(b, skb).action).toBe('redirect');
		expect(skb.net).toMatchObject({ src: loopback, dst: POD_LOCAL });
		expect(sums(skb)).toEqual([0xb0fe, 0xb846]);
		const inside = packet(loopback, CLIENT_PORT, POD_LOCAL, SERVER_PORT);
		expect(receive(b, inside).action).toBe('ok');
		expect(sums(inside)).toEqual([0xaffe, 0xb846]);
		const flow = { saddr: loopback, sport: CLIENT_PORT, daddr: POD_LOCAL, dport: SERVER_PORT, proto: 6 };
		for (const flags of [0, 1]) {
			const entry = b.node.maps.ctTcp.lookup(b.ns, { ...flow, flags });
			expect(entry!.flags & CT_F_LB_LOOPBACK).not.toBe(0);
		}
		const out = answer();
		expect(send(b, out).action).toBe('redirect');
		expect(out.net).toMatchObject({ src: POD_LOCAL, dst: loopback });
		expect(l4Checksum(out.net as Ipv4)).toBe(0xb836);
		const back = answer();
		expect(receive(b, back).action).toBe('ok');
		expect(shown(back)).toBe('172.16.10.1:80 > 192.168.0.1:22330 ttl 64');
		expect(sums(back)).toEqual([0x0402, 0x6325]);
	});

	test('the answer is translated where it goes in from 1.16, where it comes out before; without endpoint routes in one go', () => {
		for (const version of ['1.12.1', '1.15.0', '1.16.0', '1.18.0']) {
			const split = start(version, true);
			const skb = request();
			send(split, skb);
			receive(split, skb);
			const out = answer();
			expect(send(split, out).action).toBe('redirect');
			const late = version >= '1.16';
			expect((out.net as Ipv4).src).toBe(late ? POD_LOCAL : SVC_LOCAL);
			receive(split, out);
			const whole = start(version, false);
			send(whole, request());
			const once = answer();
			expect(send(whole, once).action).toBe('redirect-peer');
			for (const reply of [out, once]) expect(shown(reply)).toBe('172.16.10.1:80 > 192.168.0.1:22330 ttl 63');
		}
	});
});

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

describe('who may use a service', () => {
	test('a ClusterIP is not for the outside: drop 174', () => {
		const b = bench('1.18.0');
		const { services } = b.node.maps;
		const key = { address: SVC_LOCAL, port: SVC_PORT, proto: 6, scope: 0, slot: 0 } as const;
		services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags: 0 });
		expect(ingress(b, fromClient(SVC_LOCAL))).toEqual({ action: 'drop', reason: 174 });
	});

	test.each([
		['1.15.7', 'redirect'],
		['1.16.6', 'drop'],
	])(
		'a ClusterIP without pods, from outside: to 1.15 nobody looks whether it is for the outside, %s: %s',
		(version, action) => {
			const b = bench(version);
			const { services } = b.node.maps;
			const key = { address: SVC_LOCAL, port: SVC_PORT, proto: version < '1.17' ? 0 : 6, scope: 0, slot: 0 } as const;
			services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags: 0, count: 0 });
			expect(ingress(b, fromClient(SVC_LOCAL)).action).toBe(action);
		},
	);

	test('a port that no service of the address has: dropped from 1.19 (158); before, left to the stack', () => {
		for (const [version, verdict] of [
			['1.18.3', { action: 'ok' }],
			['1.19.4', { action: 'drop', reason: 158 }],
		] as const) {
			const b = bench(version);
			const { services } = b.node.maps;
			const master = services.lookup(b.ns, { address: SVC_LOCAL, port: SVC_PORT, proto: 6, scope: 0, slot: 0 })!;
			services.update(
				b.ns,
				{ address: SVC_LOCAL, port: 0, proto: 0, scope: 0, slot: 0 },
				{ ...master, count: 0, revNatIndex: 0, flags: 0 },
			);
			for (const udp of [false, true])
				expect(ingress(b, packet(CLIENT, 111, SVC_LOCAL, SVC_PORT + 1, { udp }))).toEqual(verdict);
			expect(ingress(b, fromClient(SVC_LOCAL)).action).toBe('redirect-peer');
			// From within, the entry is not looked for.
			const config = { ip: POD_LOCAL, identity: 112233, routerMac: 1, routing: true };
			const inside = packet(POD_LOCAL, 1000, SVC_LOCAL, SVC_PORT + 1);
			expect(b.run(fromContainer(config, b.node), 'lxc1', 'tc-ingress', inside).action).toBe('redirect');
		}
	});

	test('a host port whose pod is on another node: drop 134', () => {
		for (const [address, verdict] of [
			[SVC_LOCAL, 'redirect-peer'],
			[SVC_REMOTE, 'drop'],
		] as const) {
			const b = bench('1.18.0');
			const { services } = b.node.maps;
			const key = { address, port: SVC_PORT, proto: 6, scope: 0, slot: 0 } as const;
			services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags: SVC_HOSTPORT | SVC_ROUTABLE });
			const got = ingress(b, fromClient(address));
			expect(got).toMatchObject(verdict === 'drop' ? { action: 'drop', reason: 134 } : { action: verdict });
		}
	});

	test('a client outside the source ranges: drop 177', () => {
		const b = bench('1.18.0');
		const { services, sourceRange } = b.node.maps;
		const key = { address: SVC_LOCAL, port: SVC_PORT, proto: 6, scope: 0, slot: 0 } as const;
		services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags: 0x40 | 0x80 });
		sourceRange.update(b.ns, { revNatIndex: 1, prefix: { address: CLIENT2, length: 32 } }, true);
		expect(ingress(b, fromClient(SVC_LOCAL))).toEqual({ action: 'drop', reason: 177 });
		expect(ingress(b, packet(CLIENT2, 111, SVC_LOCAL, SVC_PORT)).action).toBe('redirect-peer');
		// The list of a service that denies says who may not.
		services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags2: SVC2_SOURCE_RANGE_DENY });
		expect(ingress(b, packet(CLIENT2, 112, SVC_LOCAL, SVC_PORT))).toEqual({ action: 'drop', reason: 177 });
		expect(ingress(b, fromClient(SVC_LOCAL)).action).toBe('redirect-peer');
	});
});

describe('ICMP errors about translated packets', () => {
	const error = (code: number, port: number): Skb => {
		const skb = packet(POD_REMOTE, 0, NODE, 0);
		const quoted = packet(NODE, port, POD_REMOTE, POD_PORT, { udp: true }).net as Ipv4;
		const icmp: Icmp = {
			kind: 'icmp',
			type: 3,
			code,
			data: new Uint8Array(0),
			quoted,
			...(code === 4 ? { mtu: 1400 } : {}),
		};
		skb.net = { ...(skb.net as Ipv4), protocol: 1, payload: icmp };
		return skb;
	};
	for (const [version, port, fragmentation] of [
		['1.12.1', false, false],
		['1.13.18', false, false],
		['1.14.13', false, true],
		['1.16.6', false, true],
		['1.17.0', true, true],
		['1.18.0', true, true],
	] as const)
		test(`${version}: ${fragmentation ? (port ? 'all' : 'only "fragmentation needed"') : 'none'} reach the client`, () => {
			for (const [code, translated] of [
				[3, port],
				[4, fragmentation],
			] as const) {
				const b = bench(version, { hostRouting: false });
				const skb = fromClient(SVC_REMOTE, { udp: true });
				const { services, features } = b.node.maps;
				if (features.protocolInKey)
					for (const slot of [0, 1]) {
						const key = { address: SVC_REMOTE, port: SVC_PORT, proto: 6, scope: 0, slot } as const;
						services.update(b.ns, { ...key, proto: 17 }, services.lookup(b.ns, key)!);
					}
				ingress(b, skb);
				const { payload } = skb.net as Ipv4;
				const answer = error(code, payload.kind === 'udp' ? payload.sport : 0);
				ingress(b, answer);
				expect((answer.net as Ipv4).dst === CLIENT).toBe(translated);
				// What is quoted comes from the client again, but still goes to the pod: only the source is put back.
				const { quoted } = (answer.net as Ipv4).payload as Icmp;
				expect(quoted).toMatchObject(
					translated ? { src: CLIENT, dst: POD_REMOTE, payload: { sport: 111, dport: POD_PORT } } : { src: NODE },
				);
			}
		});

	test('errors of the node itself: who drops them on the way out, and why', () => {
		const own = (type: number, code: number): Skb => {
			const skb = error(code, 40000);
			const net = skb.net as Ipv4;
			const quoted = packet(CLIENT, 111, NODE, 40000, { udp: true }).net as Ipv4;
			skb.net = { ...net, src: NODE, dst: CLIENT, payload: { ...(net.payload as Icmp), type, quoted } };
			return skb;
		};
		const rows = [
			// Version, BPF masquerade; port unreachable, fragmentation needed, time exceeded, parameter problem.
			['1.12.1', true, 168, 168, 168, 168],
			['1.13.18', true, 168, 168, 168, 168],
			['1.14.13', true, 143, 0, 168, 168],
			['1.14.13', false, 143, 0, 168, 168],
			['1.15.7', true, 143, 0, 168, 168],
			['1.15.7', false, 0, 0, 0, 0],
			['1.16.6', true, 143, 0, 168, 168],
			['1.17.0', true, 0, 0, 0, 168],
			['1.18.3', true, 0, 0, 0, 168],
			['1.18.3', false, 0, 0, 0, 0],
		] as const;
		for (const [version, bpfMasquerade, ...reasons] of rows) {
			const messages = [own(3, 3), own(3, 4), own(11, 0), own(12, 0)];
			const verdicts = messages.map((skb) => egress(bench(version, { bpfMasquerade }), skb));
			const expected = reasons.map((reason) => (reason === 0 ? { action: 'ok' } : { action: 'drop', reason }));
			expect([version, bpfMasquerade, verdicts]).toEqual([version, bpfMasquerade, expected]);
		}
	});
});
