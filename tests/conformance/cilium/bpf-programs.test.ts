/**
 * Cilium's own tests of its programs at tc, as cases: packet in, verdict and packet out. bpf/tests/tc_nodeport_lb4_*.c,
 * tc_nodeport_test.c, tc_lxc_lb4_no_backend.c @ v1.18.0. NodePort has bpf-nodeport.test.ts, tunnels bpf-tunnel.test.ts,
 * XDP bpf-xdp.test.ts. Checksums are upstream's numbers: they tell whether addresses, ports, TTL and length are right
 * to the octet.
 *
 * B08, an egress gateway's policy for all, stands with the egress gateway; B35 with XDP, B36 in maglev.test.ts.
 */
import { describe, expect, test } from 'vitest';
import { CT_F_LB_LOOPBACK, SVC_HOSTPORT, SVC_ROUTABLE, SVC2_SOURCE_RANGE_DENY } from '../../../src/sim/cilium/index.ts';
import { fromContainer } from '../../../src/sim/cilium/programs/from-container.ts';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { toContainer } from '../../../src/sim/cilium/programs/to-container.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import type { Skb } from '../../../src/sim/linux/index.ts';
import { type Icmp, type Ipv4, TCP_ACK, TCP_SYN } from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT,
	CLIENT2,
	fromClient,
	ip,
	l4Checksum,
	NODE,
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
