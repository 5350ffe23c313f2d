/**
 * Cilium's own tests of its program at XDP, as cases: frame in, verdict and frame out. bpf/tests/xdp_nodeport_lb4_*.c,
 * nodeport_geneve_dsr_lb_xdp.c, session_affinity_test.c @ v1.18.0. Checksums are upstream's numbers; B21
 * has none of TCP, for the port is drawn.
 *
 * XDP_TX is a redirect to the device the frame came by. Upstream's Geneve test has its route lead to another device, so
 * ours does.
 */
import { describe, expect, test } from 'vitest';
import { SVC_AFFINITY, SVC_EXT_LOCAL_SCOPE, SVC_ROUTABLE } from '../../../src/sim/cilium/index.ts';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { XFER_PKT_ENCAP, XFER_PKT_NO_SVC, XFER_PKT_SNAT_DONE } from '../../../src/sim/cilium/programs/marks.ts';
import { xdpEntry } from '../../../src/sim/cilium/programs/xdp.ts';
import { addNeighbour, addRoute, deviceByName, type Skb } from '../../../src/sim/linux/index.ts';
import {
	cloneIpv4,
	dsrGeneveOption,
	dsrIpOption,
	EMPTY,
	encodeFrame,
	type Ipv4,
	prefixOf,
	TCP_ACK,
	type Udp,
} from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT,
	CLIENT2,
	carriedChecksum,
	fromClient,
	GATEWAY,
	headerChecksum,
	ip,
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

const xdp = (b: Bench, skb: Skb) => b.run(xdpEntry(b.node), 'eth0', 'xdp', skb);
const tc = (b: Bench, skb: Skb) => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const tx = (b: Bench) => ({ action: 'redirect', ifindex: deviceByName(b.ns, 'eth0')!.ifindex, ingress: false });
const sourcePort = (skb: Skb): number => {
	const { payload } = skb.net as Ipv4;
	return payload.kind === 'tcp' ? payload.sport : 0;
};
const outerUdp = (skb: Skb): Udp => (skb.net as Ipv4).payload as Udp;
const VERSIONS = ['1.12.1', '1.13.0', '1.14.0', '1.16.0', '1.18.0', '1.19.0'] as const;

describe('names', () => {
	test('the program is known by its function in every version', () => {
		expect(VERSIONS.map((version) => xdpEntry(bench(version).node).name)).toEqual([
			'bpf_xdp_entry',
			...VERSIONS.slice(1).map(() => 'cil_xdp_entry'),
		]);
	});
});

describe('SNAT', () => {
	test('xdp_nodeport_local_backend: only the destination changes, and tc is told', () => {
		for (const version of VERSIONS) {
			const b = bench(version);
			const skb = fromClient(SVC_LOCAL);
			expect(xdp(b, skb)).toEqual({ action: 'ok' });
			expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.1:8080 ttl 64');
			expect(sums(skb)).toEqual([0x4112, 0xd7d0]);
			expect(skb.cb).toEqual([XFER_PKT_NO_SVC]);
			const before = shown(skb).replace('ttl 64', 'ttl 63');
			expect(tc(b, skb).action).toBe('redirect-peer');
			expect(shown(skb)).toBe(before);
			expect(skb.cb).toEqual([]);
		}
	});

	test('B21, B22: TX to a backend elsewhere, and TX of its answer to the client', () => {
		const b = bench('1.18.0');
		const skb = fromClient(SVC_REMOTE);
		expect(xdp(b, skb)).toEqual(tx(b));
		expect(shown(skb)).toMatch(/^10\.0\.10\.1:\d+ > 192\.168\.0\.2:8080 ttl 63$/);
		expect(headerChecksum(skb)).toBe(0xa711);
		// There is no skb yet, so no mark; and the note is for this machine's kernel only.
		expect([skb.mark, skb.cb]).toEqual([0, []]);
		const reply = packet(POD_REMOTE, POD_PORT, NODE, sourcePort(skb));
		expect(xdp(b, reply)).toEqual(tx(b));
		expect(shown(reply)).toBe('172.16.10.2:80 > 110.0.11.1:111 ttl 63');
		expect(sums(reply)).toEqual([0x4ca9, 0x01a8]);
	});

	test('xdp_nodeport_nat_fwd_reply_no_fib: a client whose MAC address the kernel does not know is found by its request', () => {
		for (const [version, found] of [
			['1.12.1', true],
			['1.13.0', false],
			['1.18.0', false],
		] as const) {
			const b = bench(version);
			const skb = fromClient(SVC_REMOTE);
			xdp(b, skb);
			b.ns.neighbours.clear();
			const reply = packet(POD_REMOTE, POD_PORT, NODE, sourcePort(skb));
			// Behind a gateway, as all is here: in 1.12 the client is looked for, later the gateway.
			expect(xdp(b, reply)).toEqual(found ? tx(b) : { action: 'drop', reason: 169 });
			// A client on the link.
			const near = bench(version);
			addRoute(near.net, 'node', { dst: prefixOf(CLIENT, 32), dev: 'eth0' });
			const asked = fromClient(SVC_REMOTE);
			xdp(near, asked);
			near.ns.neighbours.clear();
			const answer = packet(POD_REMOTE, POD_PORT, NODE, sourcePort(asked));
			expect(xdp(near, answer)).toEqual(tx(near));
			expect(answer.frame.dst).toBe(0x02_00_00_00_01_01);
		}
	});

	test('a backend whose node has no known MAC address cannot be reached: 169', () => {
		const b = bench('1.18.0');
		b.ns.neighbours.clear();
		expect(xdp(b, fromClient(SVC_REMOTE))).toEqual({ action: 'drop', reason: 169 });
	});

	test('what is for no service goes into the kernel, and tc does not look again', () => {
		const b = bench('1.18.0');
		const skb = packet(NODE2, 40000, POD_LOCAL, POD_PORT);
		expect(xdp(b, skb)).toEqual({ action: 'ok' });
		expect(skb.cb).toEqual([XFER_PKT_NO_SVC]);
		expect(tc(b, skb).action).toBe('redirect-peer');
	});

	test('an answer to a masqueraded pod is translated at XDP; its mark comes with the skb', () => {
		for (const [version, note, mark] of [
			// A frame has no mark, and 1.12 has no word for it.
			['1.12.1', XFER_PKT_NO_SVC, 0],
			['1.18.0', XFER_PKT_NO_SVC | XFER_PKT_SNAT_DONE, 0x0300],
		] as const) {
			const b = bench(version, { hostRouting: false });
			b.node.maps.snat.update(
				b.ns,
				{ saddr: CLIENT, sport: 443, daddr: NODE, dport: 40000, proto: 6, flags: 1 },
				{ created: 0, needsCt: false, toAddr: POD_LOCAL, toPort: 40000 },
			);
			const skb = packet(CLIENT, 443, NODE, 40000, { flags: TCP_ACK });
			expect(xdp(b, skb)).toEqual({ action: 'ok' });
			expect((skb.net as Ipv4).dst).toBe(POD_LOCAL);
			expect(skb.cb).toEqual([note]);
			expect(tc(b, skb)).toEqual({ action: 'ok' });
			expect(skb.mark).toBe(mark);
		}
	});

	test('xdp_nodeport_etp_local: policy Local is left to tc from 1.19, without a note', () => {
		for (const [version, left] of [
			['1.18.0', false],
			['1.19.0', true],
		] as const) {
			const b = bench(version);
			const { services } = b.node.maps;
			const key = { address: SVC_LOCAL, port: SVC_PORT, proto: 6, scope: 0, slot: 0 } as const;
			services.update(b.ns, key, { ...services.lookup(b.ns, key)!, flags: SVC_ROUTABLE | SVC_EXT_LOCAL_SCOPE });
			const skb = fromClient(SVC_LOCAL);
			expect(xdp(b, skb)).toEqual({ action: 'ok' });
			expect((skb.net as Ipv4).dst).toBe(left ? SVC_LOCAL : POD_LOCAL);
			expect(skb.cb).toEqual(left ? [] : [XFER_PKT_NO_SVC]);
			expect(tc(b, skb).action).toBe('redirect-peer');
			expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.1:8080 ttl 63');
		}
	});
});

describe('xdp_nodeport_lb4_test.c', () => {
	// Built field by field there: the sequence number and the window are 2922048129 and 64240 in little-endian order, ports too.
	const swap16 = (x: number): number => ((x & 0xff) << 8) | (x >>> 8);
	const [SOURCE, FRONTEND, BACKEND] = [ip('10.0.0.15'), ip('10.1.0.15'), ip('10.2.0.15')];
	const [PORT, SERVICE, TARGET] = [swap16(23445), swap16(80), swap16(8080)];
	const start = (count: number, noBackendResponse: 'reject' | 'drop'): Bench => {
		// IPV4_DIRECT_ROUTING is not set there.
		const b = bench('1.18.0', { directRouting: 0, noBackendResponse });
		const { maps } = b.node;
		const key = { address: FRONTEND, port: SERVICE, proto: 6, scope: 0 } as const;
		const value = {
			revNatIndex: 1,
			flags: SVC_ROUTABLE,
			affinityTimeout: 0,
			algorithm: 0,
			qcount: 0,
			flags2: 0,
		} as const;
		maps.services.update(b.ns, { ...key, slot: 0 }, { ...value, backendId: 0, count });
		maps.services.update(b.ns, { ...key, slot: 1 }, { ...value, backendId: 124, count: 0 });
		maps.backends.update(b.ns, 124, { address: BACKEND, port: TARGET, proto: 6, state: 0 });
		return b;
	};

	test('B33: TX to the backend; the packet had no checksum of TCP, so what it has then is the difference', () => {
		const b = start(1, 'drop');
		const skb = packet(SOURCE, PORT, FRONTEND, SERVICE);
		const before = cloneIpv4(skb.net as Ipv4);
		expect(xdp(b, skb)).toEqual(tx(b));
		const after = skb.net as Ipv4;
		// The port lies in the range of translations, so it is kept.
		expect(after).toMatchObject({ src: 0, dst: BACKEND, payload: { sport: PORT, dport: TARGET } });
		expect(carriedChecksum(0, before, after)).toBe(0xc9ee);
		expect(after.payload.kind === 'tcp' && after.payload.data).toEqual(
			before.payload.kind === 'tcp' && before.payload.data,
		);
	});

	test('B34: no backend: dropped', () => {
		// SERVICE_NO_BACKEND_RESPONSE is not compiled in there.
		expect(xdp(start(0, 'drop'), packet(SOURCE, PORT, FRONTEND, SERVICE))).toEqual({ action: 'drop', reason: 158 });
	});

	test('where an answer is wanted, XDP sends it itself; 1.13 and 1.14 drop, 1.12 leaves it to the stack', () => {
		const b = start(0, 'reject');
		const skb = packet(SOURCE, PORT, FRONTEND, SERVICE);
		expect(xdp(b, skb)).toEqual(tx(b));
		expect(skb.net).toMatchObject({ src: FRONTEND, dst: SOURCE, payload: { type: 3, code: 3 } });
		for (const [version, verdict] of [
			['1.12.1', { action: 'ok' }],
			['1.13.0', { action: 'drop', reason: 158 }],
		] as const) {
			const old = bench(version);
			const key = { address: SVC_LOCAL, port: SVC_PORT, proto: 0, scope: 0, slot: 0 } as const;
			const { services } = old.node.maps;
			services.update(old.ns, key, { ...services.lookup(old.ns, key)!, count: 0 });
			expect(xdp(old, fromClient(SVC_LOCAL))).toEqual(verdict);
		}
	});

	test('B35: session affinity: the client’s last backend, although the first slot holds another', () => {
		const b = start(2, 'drop');
		const { maps } = b.node;
		const key = { address: FRONTEND, port: SERVICE, proto: 6, scope: 0 } as const;
		const flags = SVC_ROUTABLE | SVC_AFFINITY;
		for (const slot of [0, 1, 2]) {
			const value = maps.services.lookup(b.ns, { ...key, slot: Math.min(slot, 1) })!;
			const backendId = [0, 7, 42][slot]!;
			const affinityTimeout = slot === 0 ? 100 : 0;
			maps.services.update(b.ns, { ...key, slot }, { ...value, revNatIndex: 123, flags, backendId, affinityTimeout });
		}
		const backend = { port: POD_PORT, proto: 6, state: 0 } as const;
		maps.backends.update(b.ns, 7, { ...backend, address: ip('10.0.2.1') });
		maps.backends.update(b.ns, 42, { ...backend, address: ip('10.0.3.1') });
		const client = { client: SOURCE, netnsCookie: false, revNatIndex: 123 };
		maps.affinity.update(b.ns, client, { lastUsed: 0, backendId: 42 });
		maps.affinityMatch.update(b.ns, { backendId: 42, revNatIndex: 123 }, true);
		const skb = packet(SOURCE, PORT, FRONTEND, SERVICE);
		expect(xdp(b, skb)).toEqual(tx(b));
		expect(skb.net).toMatchObject({ dst: ip('10.0.3.1'), payload: { dport: POD_PORT } });
	});
});

describe('DSR in an IP option', () => {
	test('B19: TX, the source kept, the service in an option', () => {
		for (const version of ['1.14.0', '1.16.0', '1.18.0'] as const) {
			const b = bench(version, { mode: 'dsr' });
			const skb = fromClient(SVC_REMOTE);
			expect(xdp(b, skb)).toEqual(tx(b));
			expect(shown(skb)).toBe('110.0.11.1:111 > 192.168.0.2:8080 ttl 63');
			expect((skb.net as Ipv4).options).toEqual(dsrIpOption({ ip: SVC_REMOTE, port: SVC_PORT }));
			expect(sums(skb)).toEqual([0x434a, 0xd7cf]);
		}
	});

	test('the backend’s node reads the option at XDP; tc is told that no more is to be done', () => {
		const b = bench('1.18.0', { mode: 'dsr' });
		const options = dsrIpOption({ ip: SVC_LOCAL, port: SVC_PORT });
		const skb = packet(CLIENT, 111, POD_LOCAL, POD_PORT, { options });
		expect(xdp(b, skb)).toEqual({ action: 'ok' });
		expect(skb.cb).toEqual([XFER_PKT_NO_SVC]);
		expect(b.node.maps.snat.size(b.ns)).toBe(1);
		expect(tc(b, skb).action).toBe('redirect-peer');
		expect(b.node.maps.snat.size(b.ns)).toBe(1);
	});
});

describe('DSR over Geneve', () => {
	/** Upstream's route to the other node is by another device. */
	const start = (): { readonly b: Bench; readonly ifindex: number; readonly mac: number } => {
		const b = bench('1.18.0', { mode: 'dsr', dispatch: 'geneve', tunnel: true });
		addRoute(b.net, 'node', { dst: prefixOf(NODE2, 32), via: OTHER_GATEWAY, dev: 'eth1' });
		const { ifindex, mac } = deviceByName(b.ns, 'eth1')!;
		return { b, ifindex, mac };
	};

	test('B23: a backend here: only the destination changes, up to tc', () => {
		const { b } = start();
		const skb = fromClient(SVC_LOCAL);
		expect(xdp(b, skb)).toEqual({ action: 'ok' });
		expect(sums(skb)).toEqual([0x4112, 0xd7d0]);
		expect(skb.cb).toEqual([XFER_PKT_NO_SVC]);
		expect(skb.tunnel).toBeUndefined();
	});

	test('B24: a backend elsewhere: XDP writes all headers itself', () => {
		const { b, ifindex, mac } = start();
		const skb = fromClient(SVC_REMOTE);
		expect(xdp(b, skb)).toEqual({ action: 'redirect', ifindex, ingress: false });
		expect(skb.frame).toEqual({ src: mac, dst: 0x02_00_00_00_22_54 });
		expect(skb.net).toMatchObject({ src: NODE, dst: NODE2, ttl: 63, id: 0, df: false, tos: 0, protocol: 17 });
		expect(headerChecksum(skb)).toBe(0x5371);
		const udp = outerUdp(skb);
		expect(udp).toMatchObject({ dport: 6081, noChecksum: true });
		const inner = udp.tunnel!.inner.payload as Ipv4;
		expect(udp.tunnel).toMatchObject({
			kind: 'geneve',
			vni: 2,
			options: [dsrGeneveOption({ ip: SVC_REMOTE, port: SVC_PORT })],
		});
		expect(udp.tunnel!.kind === 'geneve' && udp.tunnel!.options[0]).toMatchObject({ class: 0x014b, type: 0x81 });
		expect(inner).toMatchObject({ src: CLIENT, dst: POD_REMOTE });
		const innerSkb = { ...skb, net: inner };
		expect(sums(innerSkb)).toEqual([0x4111, 0xd7cf]);
		// The option's octets as they stand behind Geneve's header: outer Ethernet, IP, UDP and Geneve are 50.
		const octets = encodeFrame({ dst: 0, src: 0, type: 0x0800, payload: skb.net });
		expect([...octets.slice(50, 62)]).toEqual([0x01, 0x4b, 0x81, 0x02, 0xac, 0x10, 0x0a, 0x02, 0, 80, 0, 0]);
	});

	test('only a SYN carries the option; the source port is the flow’s', () => {
		const { b } = start();
		const ports = [CLIENT, CLIENT, CLIENT2].map((client) => {
			const skb = packet(client, 111, SVC_REMOTE, SVC_PORT, { flags: TCP_ACK });
			xdp(b, skb);
			expect(outerUdp(skb).tunnel).toMatchObject({ options: [] });
			return outerUdp(skb).sport;
		});
		expect(ports[0]).toBe(ports[1]);
		expect(ports[0]).not.toBe(ports[2]);
	});
});

describe('SNAT in a tunnel', () => {
	test('1.13 leaves the tunnel to tc, later versions write its headers at XDP', () => {
		const old = bench('1.13.0', { tunnel: true });
		const skb = fromClient(SVC_REMOTE);
		expect(xdp(old, skb)).toEqual({ action: 'ok' });
		expect((skb.net as Ipv4).src).toBe(GATEWAY);
		expect(skb.cb).toEqual([XFER_PKT_ENCAP | XFER_PKT_SNAT_DONE, NODE2, 2]);
		expect(tc(old, skb)).toEqual({ action: 'redirect', ifindex: old.node.encapIfindex, ingress: false });
		expect(skb.tunnel).toMatchObject({ id: 2, remote: NODE2 });
		for (const version of ['1.14.0', '1.18.0']) {
			const b = bench(version, { tunnel: true });
			const fresh = fromClient(SVC_REMOTE);
			expect(xdp(b, fresh)).toEqual(tx(b));
			expect(fresh.net).toMatchObject({ src: NODE, dst: NODE2 });
			expect(outerUdp(fresh).tunnel!.inner.payload).toMatchObject({ src: GATEWAY, dst: POD_REMOTE, ttl: 64 });
		}
	});

	test('a node that is nowhere is no destination: 169', () => {
		const b = bench('1.18.0', { tunnel: true });
		b.ns.neighbours.clear();
		expect(xdp(b, fromClient(SVC_REMOTE))).toEqual({ action: 'drop', reason: 169 });
		addNeighbour(b.net, 'node', 'eth0', NODE2, 0x08_14_1c_32_52_7e);
		expect(xdp(b, fromClient(SVC_REMOTE))).toEqual(tx(b));
	});

	test('ARP and what is no service’s protocol go on into the kernel', () => {
		const b = bench('1.18.0');
		const skb = fromClient(SVC_REMOTE);
		skb.net = { ...(skb.net as Ipv4), protocol: 47, payload: { kind: 'raw', data: EMPTY } };
		expect(xdp(b, skb)).toEqual({ action: 'ok' });
		expect(skb.cb).toEqual([XFER_PKT_NO_SVC]);
	});
});
