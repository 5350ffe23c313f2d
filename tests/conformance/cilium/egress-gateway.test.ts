/**
 * Cilium's own tests of the egress gateway, as cases: bpf/tests/lib/egressgw.h and tc_egressgw_snat.c,
 * tc_egressgw_redirect_from_host.c (cil_to_netdev), tc_egressgw_redirect_from_overlay.c @ v1.18.0;
 * tc_egressgw_redirect.c (from_container) @ v1.16.0. A pod, 192.168.0.1:111 and more, asks 110.0.11.1:1234; egress IPs
 * are upstream's too. The bench's node, 10.0.10.1, is the gateway or the pod's node, whichever the case is about.
 */
import { describe, expect, test } from 'vitest';
import { EXCLUDED_CIDR, egressPolicyMap, NO_EGRESS_IP, NO_GATEWAY } from '../../../src/sim/cilium/maps/egress.ts';
import { egressList } from '../../../src/sim/cilium/print/egress.ts';
import { egressPrograms } from '../../../src/sim/cilium/programs/egress-gateway.ts';
import { fromContainer } from '../../../src/sim/cilium/programs/from-container.ts';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { fromOverlay } from '../../../src/sim/cilium/programs/from-overlay.ts';
import type { NodeConfig } from '../../../src/sim/cilium/programs/node.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import {
	addAddress,
	addNeighbour,
	addRoute,
	addRule,
	addVeth,
	deviceByName,
	type ProgramVerdict,
	type Skb,
} from '../../../src/sim/linux/index.ts';
import { createRecorder, type Decision } from '../../../src/sim/trace/index.ts';
import { type Ipv4, prefixOf, TCP_ACK } from '../../../src/sim/wire/index.ts';
import {
	type Bench,
	bench,
	CLIENT as EXTERNAL,
	fromClient,
	headerChecksum,
	ip,
	NODE,
	NODE2,
	POD_LOCAL as POD,
	packet,
	SVC_REMOTE,
	shown,
} from './bpf-env.ts';

const PORT = 1234;
const EGRESS_IP = ip('1.2.3.4');
const EGRESS_IP2 = ip('2.3.4.5');
const EGRESS_IP3 = ip('3.3.4.5');
const MAP = 'cilium_egress_gw_policy_v4';
const EGW_DONE = 0x0500;
const OUT = 0;
const IN = 1;

interface Lab extends Bench {
	/** Programs and tail calls that said something, and what they said, since the last look. */
	told(): string[];
	decisions(): readonly Decision[];
}

const lab = (version: string, more: Partial<NodeConfig> = {}): Lab => {
	const b = bench(version, { egressGateway: egressPrograms, ...more });
	const recorder = createRecorder();
	b.net.recorder = recorder;
	let from = 0;
	return {
		...b,
		decisions: () => recorder.decisions,
		told() {
			const since = recorder.decisions.slice(from);
			from = recorder.decisions.length;
			return since.map(({ chain, why }) => `${chain}: ${why.code}`);
		},
	};
};

/** add_egressgw_policy_entry(): `length` of the external service's prefix. */
const policy = (b: Bench, length: number, gatewayIP: number, egressIP: number): void => {
	egressPolicyMap.update(b.ns, { source: POD, destination: prefixOf(EXTERNAL, length) }, { egressIP, gatewayIP });
};

/** The pod is of another node; this one is its gateway. */
const asGateway = (version: string, more: Partial<NodeConfig> = {}): Lab => {
	const b = lab(version, more);
	b.node.maps.lxc.remove(b.ns, POD);
	const info = { identity: 112233, tunnelEndpoint: NODE2, encryptKey: 0, skipTunnel: false };
	b.node.maps.ipcache.update(b.ns, prefixOf(POD, 32), info);
	return b;
};

const request = (port = 111, more: Parameters<typeof packet>[4] = {}): Skb => packet(POD, port, EXTERNAL, PORT, more);

const egress = (b: Bench, skb: Skb): ProgramVerdict => b.run(toNetdev(b.node), 'eth0', 'tc-egress', skb);
const ingress = (b: Bench, skb: Skb): ProgramVerdict => b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', skb);
const overlay = (b: Bench, skb: Skb): ProgramVerdict => b.run(fromOverlay(b.node), 'tun0', 'tc-ingress', skb);
const container = (b: Bench, skb: Skb): ProgramVerdict =>
	b.run(fromContainer({ ip: POD, identity: 112233, routerMac: 1, routing: true }, b.node), 'lxc1', 'tc-ingress', skb);

/** What came by the tunnel carries this mark (ctx_egw_done_set()). */
const tunnelled = (port?: number): Skb => Object.assign(request(port), { mark: EGW_DONE });

const sport = (skb: Skb): number => {
	const { payload } = skb.net as Ipv4;
	return payload.kind === 'tcp' ? payload.sport : 0;
};

const toTunnel = (b: Bench) => ({ action: 'redirect', ifindex: b.node.encapIfindex, ingress: false });

/** The forward NAT entry of a port, as it stands. */
const mapping = (b: Bench, port: number) =>
	b.node.maps.snat.lookup(b.ns, { saddr: POD, sport: port, daddr: EXTERNAL, dport: PORT, proto: 6, flags: OUT });

/** The gateway's connection with the pod. */
const connection = (b: Bench, port: number) =>
	b.node.maps.ctTcp.lookup(b.ns, { saddr: POD, sport: port, daddr: EXTERNAL, dport: PORT, proto: 6, flags: OUT });

/** EGRESS_IP2 is on another interface, which a rule leads to. */
const withSecondInterface = (version: string): Lab => {
	const b = asGateway(version);
	addVeth(b.net, { ns: 'node', name: 'eth1' }, { ns: 'world', name: 'eth1' });
	addAddress(b.net, 'node', 'eth1', { ip: EGRESS_IP2, length: 24 });
	addRoute(b.net, 'node', { dst: prefixOf(0, 0), via: ip('2.3.4.1'), dev: 'eth1', table: 44 });
	addRule(b.net, 'node', { priority: 100, from: prefixOf(EGRESS_IP2, 32), table: 44 });
	addNeighbour(b.net, 'node', 'eth1', ip('2.3.4.1'), 0x020000000299);
	policy(b, 24, NODE, EGRESS_IP2);
	return b;
};

describe('at the gateway, cil_to_netdev', () => {
	test('G1 (snat1): the packet leaves with the policy’s egress IP, and the gateway tracks it', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, EGRESS_IP);
		const skb = tunnelled();
		expect(egress(b, skb)).toEqual({ action: 'ok' });
		expect(shown(skb)).toMatch(/^1\.2\.3\.4:\d+ > 110\.0\.11\.1:1234 ttl 64$/);
		expect(mapping(b, 111)).toMatchObject({ toAddr: EGRESS_IP, toPort: sport(skb), needsCt: true });
		expect(connection(b, 111)).toBeDefined();
		expect(b.told()).toEqual([
			'cil_to_netdev: cilium.tail-call',
			'tail_handle_snat_fwd_ipv4: cilium.egw-address',
			'tail_handle_snat_fwd_ipv4: cilium.snat',
		]);
		const said = b.decisions().find(({ why }) => why.code === 'cilium.egw-address');
		expect(said).toMatchObject({ table: MAP, key: '192.168.0.1 110.0.11.0/24', entry: '1.2.3.4 10.0.10.1' });
	});

	test('G2 (snat1_2_reply), cil_from_netdev: the answer is redirected back, through the tunnel to the client’s node', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, EGRESS_IP);
		const skb = tunnelled();
		egress(b, skb);
		b.told();
		const reply = packet(EXTERNAL, PORT, EGRESS_IP, sport(skb), { flags: TCP_ACK });
		expect(ingress(b, reply)).toEqual(toTunnel(b));
		expect(shown(reply)).toBe('110.0.11.1:1234 > 192.168.0.1:111 ttl 64');
		expect(reply.tunnel).toMatchObject({ id: 6, remote: NODE2 });
		expect(b.told().filter((line) => /unsnat|egw/.test(line))).toEqual([
			'tail_nodeport_nat_ingress_ipv4: cilium.unsnat',
			'tail_nodeport_nat_ingress_ipv4: cilium.egw-reply',
		]);
		expect(b.decisions().at(-1)).toMatchObject({
			why: { code: 'cilium.egw-reply', ip: '192.168.0.1', node: '10.0.10.2' },
			table: MAP,
			key: '192.168.0.1 110.0.11.0/24',
		});
	});

	test('G2: with DSR for all services too, and to 1.16 the connection counts both packets', () => {
		const dsr = asGateway('1.18.0', { mode: 'dsr' });
		policy(dsr, 24, NODE, EGRESS_IP);
		const first = tunnelled();
		egress(dsr, first);
		expect(ingress(dsr, packet(EXTERNAL, PORT, EGRESS_IP, sport(first)))).toEqual(toTunnel(dsr));
		const b = asGateway('1.16.0');
		policy(b, 24, NODE, EGRESS_IP);
		const skb = tunnelled();
		egress(b, skb);
		expect(connection(b, 111)).toMatchObject({ txPackets: 1 });
		ingress(b, packet(EXTERNAL, PORT, EGRESS_IP, sport(skb), { flags: TCP_ACK }));
		const { txPackets, rxPackets } = connection(b, 111)!;
		expect(txPackets + rxPackets).toBe(2);
	});

	test('snat2: another connection has a port of its own', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, EGRESS_IP);
		const [one, two] = [tunnelled(111), tunnelled(112)];
		egress(b, one);
		expect(egress(b, two)).toEqual({ action: 'ok' });
		expect(sport(two)).not.toBe(sport(one));
	});

	test('G3 (tuple_collision): after the policy changed, the flow gets an entry with the new egress IP', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, EGRESS_IP);
		const before = tunnelled(113);
		egress(b, before);
		expect(mapping(b, 113)).toMatchObject({ toAddr: EGRESS_IP });
		policy(b, 24, NODE, EGRESS_IP3);
		const after = tunnelled(113);
		expect(egress(b, after)).toEqual({ action: 'ok' });
		expect(shown(after)).toMatch(/^3\.3\.4\.5:\d+ > 110\.0\.11\.1:1234 ttl 64$/);
		expect(mapping(b, 113)).toMatchObject({ toAddr: EGRESS_IP3, toPort: sport(after) });
		// Both halves of the old mapping are gone: one of each is left.
		const flags = [...b.node.maps.snat.dump(b.ns)].map(([key]) => key.flags);
		expect(flags.sort()).toEqual([OUT, IN]);
		expect(ingress(b, packet(EXTERNAL, PORT, EGRESS_IP, sport(before)))).not.toEqual(toTunnel(b));
		expect(ingress(b, packet(EXTERNAL, PORT, EGRESS_IP3, sport(after)))).toEqual(toTunnel(b));
		// To 1.16 a mapping is not compared with what is wanted: the stale one goes on.
		const old = asGateway('1.16.0');
		policy(old, 24, NODE, EGRESS_IP);
		egress(old, tunnelled(113));
		policy(old, 24, NODE, EGRESS_IP3);
		const stale = tunnelled(113);
		egress(old, stale);
		expect((stale.net as Ipv4).src).toBe(EGRESS_IP);
	});

	test('G4 (skip_excluded_cidr_snat): an excluded CIDR is not translated', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, NO_EGRESS_IP);
		policy(b, 32, EXCLUDED_CIDR, NO_EGRESS_IP);
		const skb = tunnelled(114);
		expect(egress(b, skb)).toEqual({ action: 'ok' });
		expect(shown(skb)).toBe('192.168.0.1:114 > 110.0.11.1:1234 ttl 64');
		expect(headerChecksum(skb)).toBe(0x4112);
		expect(b.node.maps.snat.size(b.ns)).toBe(0);
		const said = b.decisions().find(({ why }) => why.code === 'cilium.egw-excluded');
		expect(said).toMatchObject({ key: '192.168.0.1 110.0.11.1/32', entry: '0.0.0.0 Excluded CIDR' });
	});

	test('a policy counts before the CIDR that is not masqueraded', () => {
		const b = asGateway('1.18.0', { snatExclusion: prefixOf(EXTERNAL, 24) });
		policy(b, 24, NODE, EGRESS_IP);
		const skb = tunnelled();
		egress(b, skb);
		expect((skb.net as Ipv4).src).toBe(EGRESS_IP);
	});

	test('G5 (fib_redirect): an egress IP of another interface sends the packet there, untranslated yet', () => {
		const b = withSecondInterface('1.18.0');
		const { ifindex, mac } = deviceByName(b.ns, 'eth1')!;
		const skb = tunnelled(119);
		expect(egress(b, skb)).toEqual({ action: 'redirect', ifindex, ingress: false });
		expect(shown(skb)).toBe('192.168.0.1:119 > 110.0.11.1:1234 ttl 64');
		expect(skb.frame).toEqual({ src: mac, dst: 0x020000000299 });
		expect(b.node.maps.snat.size(b.ns)).toBe(0);
		// There the same program translates it.
		expect(b.run(toNetdev(b.node), 'eth1', 'tc-egress', skb)).toEqual({ action: 'ok' });
		expect((skb.net as Ipv4).src).toBe(EGRESS_IP2);
		// To 1.14 the stack has chosen the device: it is translated where it is.
		const old = withSecondInterface('1.14.13');
		const stays = request(119);
		expect(egress(old, stays)).toEqual({ action: 'ok' });
		expect((stays.net as Ipv4).src).toBe(EGRESS_IP2);
	});

	test('G5: a destination that no route leads to is dropped, 169', () => {
		const b = asGateway('1.18.0');
		policy(b, 24, NODE, EGRESS_IP);
		b.ns.routes = b.ns.routes.filter((route) => route.dst.length !== 0);
		expect(egress(b, tunnelled())).toEqual({ action: 'drop', reason: 169 });
	});
});

/** On the pod's node: from 1.16 cil_to_netdev sends to the gateway, to 1.16 the pod's own program does. */
describe('on the pod’s node', () => {
	/** create_ct_entry(): the pod's program has seen the connection begin. */
	const begun = (b: Lab, port = 115): Skb => {
		egressPolicyMap.replace(b.ns, []);
		container(b, request(port));
		b.told();
		return request(port);
	};

	test('G6 (redirect): a gateway elsewhere gets the packet through the tunnel, in native routing', () => {
		for (const version of ['1.16.0', '1.17.0', '1.18.0', '1.19.4']) {
			const b = lab(version);
			const skb = begun(b);
			policy(b, 24, NODE2, EGRESS_IP);
			expect(egress(b, skb)).toEqual(toTunnel(b));
			expect(skb.tunnel).toEqual({ id: 112233, remote: NODE2 });
			expect(shown(skb)).toBe('192.168.0.1:115 > 110.0.11.1:1234 ttl 64');
			expect(b.told()).toEqual(['cil_to_netdev: cilium.egw-gateway']);
			expect(b.decisions().at(-1)).toMatchObject({ table: MAP, entry: '1.2.3.4 10.0.10.2', verdict: 'redirect' });
		}
	});

	test('G6: to 1.16 from_container does it; from 1.17 the packet goes to the device first', () => {
		for (const [version, chain] of [
			['1.12.1', 'tail_handle_ipv4_cont'],
			['1.13.18', 'tail_handle_ipv4_cont'],
			['1.14.13', 'tail_handle_ipv4_cont'],
			['1.16.0', 'tail_handle_ipv4_cont'],
		] as const) {
			const b = lab(version);
			policy(b, 24, NODE2, NO_EGRESS_IP);
			const skb = request();
			expect(container(b, skb)).toEqual(toTunnel(b));
			expect(skb.tunnel).toEqual({ id: 112233, remote: NODE2 });
			expect(b.told().at(-1)).toBe(`${chain}: cilium.egw-gateway`);
		}
		const b = lab('1.17.0');
		policy(b, 24, NODE2, NO_EGRESS_IP);
		expect(container(b, request())).toMatchObject({ action: 'redirect', ifindex: b.node.nativeIfindex });
	});

	test('G7 (skip_excluded_cidr_redirect): an excluded CIDR is not sent to the gateway', () => {
		const b = lab('1.18.0');
		const skb = begun(b);
		policy(b, 24, NODE2, EGRESS_IP);
		policy(b, 32, EXCLUDED_CIDR, EGRESS_IP);
		expect(egress(b, skb)).toEqual({ action: 'ok' });
		// An ordinary packet of a pod: masqueraded as the node.
		expect((skb.net as Ipv4).src).toBe(NODE);
		const old = lab('1.14.13');
		policy(old, 24, NODE2, EGRESS_IP);
		policy(old, 32, EXCLUDED_CIDR, EGRESS_IP);
		expect(container(old, request())).toMatchObject({ ifindex: old.node.nativeIfindex });
	});

	test('G8 (skip_no_gateway_redirect): without a gateway the packet is dropped, 194', () => {
		for (const version of ['1.16.0', '1.18.0']) {
			const b = lab(version);
			const skb = begun(b);
			policy(b, 32, NO_GATEWAY, EGRESS_IP);
			expect(egress(b, skb)).toEqual({ action: 'drop', reason: 194 });
			expect(b.told()).toEqual(['cil_to_netdev: cilium.egw-no-gateway']);
			expect(b.decisions().at(-1)).toMatchObject({ entry: '1.2.3.4 Not Found' });
		}
		for (const [version, reason] of [
			['1.12.1', 160],
			['1.13.18', 160],
			['1.14.13', 194],
			['1.16.0', 194],
		] as const) {
			const b = lab(version);
			policy(b, 32, NO_GATEWAY, NO_EGRESS_IP);
			expect(container(b, request())).toEqual({ action: 'drop', reason });
		}
	});

	test('G9 (drop_no_egress_ip): this node is the gateway and has no egress IP: dropped, 204, from 1.17', () => {
		for (const version of ['1.17.0', '1.18.0']) {
			const b = lab(version);
			const skb = begun(b);
			policy(b, 32, NODE, NO_EGRESS_IP);
			expect(egress(b, skb)).toEqual({ action: 'drop', reason: 204 });
			expect(b.told()).toEqual([
				'cil_to_netdev: cilium.egw-here',
				'cil_to_netdev: cilium.tail-call',
				'tail_handle_snat_fwd_ipv4: cilium.egw-no-address',
			]);
		}
		// Before, 0.0.0.0 is an address like any other.
		const b = lab('1.14.13');
		policy(b, 32, NODE, NO_EGRESS_IP);
		const skb = request();
		expect(container(b, skb).action).toBe('redirect');
		expect(egress(b, skb)).toEqual({ action: 'ok' });
		expect((skb.net as Ipv4).src).toBe(0);
	});

	test('a pod of the gateway itself needs no tunnel: it gets the egress IP where it is', () => {
		const b = lab('1.18.0');
		const skb = begun(b);
		policy(b, 24, NODE, EGRESS_IP);
		expect(egress(b, skb)).toEqual({ action: 'ok' });
		expect((skb.net as Ipv4).src).toBe(EGRESS_IP);
		// The pod's own entry tracks it.
		expect(mapping(b, 115)).toMatchObject({ needsCt: false });
	});

	const everything = (b: Lab): void => {
		egressPolicyMap.replace(b.ns, [
			[
				{ source: POD, destination: prefixOf(0, 0) },
				{ egressIP: NO_EGRESS_IP, gatewayIP: NODE2 },
			],
		]);
	};

	test('what stays in the cluster is nobody’s to send elsewhere', () => {
		const b = lab('1.18.0');
		everything(b);
		container(b, packet(POD, 111, NODE2, PORT));
		expect(egress(b, packet(POD, 111, NODE2, PORT))).toEqual({ action: 'ok' });
		const old = lab('1.12.1');
		everything(old);
		expect(container(old, packet(POD, 111, NODE2, PORT))).not.toEqual(toTunnel(old));
	});

	test('nor are answers to who asked the pod from outside', () => {
		for (const version of ['1.14.13', '1.16.0', '1.18.0']) {
			const b = lab(version);
			everything(b);
			expect(ingress(b, packet(EXTERNAL, 4000, POD, 8080)).action).toBe('redirect-peer');
			const answer = packet(POD, 8080, EXTERNAL, 4000, { flags: TCP_ACK });
			expect(container(b, answer)).toMatchObject({ action: 'redirect', ifindex: b.node.nativeIfindex });
			expect(egress(b, answer)).toEqual({ action: 'ok' });
			expect((answer.net as Ipv4).src).toBe(POD);
		}
	});

	test('nor what is marked as the host’s, the tunnel’s, or as come to its gateway already', () => {
		const b = lab('1.18.0');
		begun(b);
		everything(b);
		for (const mark of [0x0c00, 0x0400, EGW_DONE])
			expect(egress(b, Object.assign(request(115), { mark }))).not.toEqual(toTunnel(b));
		expect(egress(b, Object.assign(request(115), { mark: 0x0f00 }))).toEqual(toTunnel(b));
	});
});

describe('at the gateway, cil_from_overlay', () => {
	const arrived = (): Skb => request(115, { tunnel: { id: 112233 } });

	test('G10 (redirect_from_overlay): out by the device of the egress IP, one hop less, marked', () => {
		for (const [version, mark] of [
			['1.16.0', EGW_DONE],
			['1.18.0', (112233 % 65536) * 65536 + EGW_DONE + (112233 >>> 16)],
		] as const) {
			const b = asGateway(version);
			policy(b, 24, NODE, EGRESS_IP);
			const skb = arrived();
			expect(overlay(b, skb)).toEqual({ action: 'redirect', ifindex: b.node.nativeIfindex, ingress: false });
			expect(shown(skb)).toBe('192.168.0.1:115 > 110.0.11.1:1234 ttl 63');
			expect(skb.mark).toBe(mark);
			expect(b.told().filter((line) => line.includes('egw'))).toEqual(['tail_handle_ipv4: cilium.egw-way']);
			// At the device it is not sent to its gateway again.
			expect(egress(b, skb)).toEqual({ action: 'ok' });
			expect((skb.net as Ipv4).src).toBe(EGRESS_IP);
		}
	});

	test('G10: the egress IP’s own interface, where it is another than the node’s', () => {
		const b = withSecondInterface('1.18.0');
		expect(overlay(b, arrived())).toMatchObject({ action: 'redirect', ifindex: deviceByName(b.ns, 'eth1')!.ifindex });
	});

	test('G10 (skip_excluded_cidr, skip_no_gateway): on into the stack', () => {
		for (const gateway of [EXCLUDED_CIDR, NO_GATEWAY]) {
			const b = asGateway('1.18.0');
			policy(b, 24, NODE, EGRESS_IP);
			policy(b, 32, gateway, EGRESS_IP);
			const skb = arrived();
			expect(overlay(b, skb)).toEqual({ action: 'ok' });
			expect(shown(skb)).toBe('192.168.0.1:115 > 110.0.11.1:1234 ttl 64');
		}
	});

	test('G10 (drop_no_egress_ip): dropped, 204', () => {
		const b = asGateway('1.18.0');
		policy(b, 32, NODE, NO_EGRESS_IP);
		expect(overlay(b, arrived())).toEqual({ action: 'drop', reason: 204 });
	});

	test('to 1.14 the stack finds the way', () => {
		const b = asGateway('1.14.13');
		policy(b, 24, NODE, EGRESS_IP);
		expect(overlay(b, arrived())).toEqual({ action: 'ok' });
	});
});

test('B08: a policy for everything changes nothing about a service’s packets', () => {
	const b = lab('1.18.0');
	const all = { source: EXTERNAL, destination: prefixOf(0, 0) };
	egressPolicyMap.update(b.ns, all, { egressIP: EGRESS_IP, gatewayIP: NODE2 });
	const skb = fromClient(SVC_REMOTE);
	expect(ingress(b, skb).action).toBe('redirect');
	expect(shown(skb)).toMatch(/^10\.0\.10\.1:\d+ > 192\.168\.0\.2:8080 ttl 63$/);
	expect(headerChecksum(skb)).toBe(0xa711);
	expect(egress(b, skb)).toEqual({ action: 'ok' });
	expect(headerChecksum(skb)).toBe(0xa711);
});

describe('cilium bpf egress list', () => {
	test('four columns; the special gateways have names from 1.14', () => {
		const b = lab('1.18.0');
		policy(b, 24, NODE2, EGRESS_IP);
		policy(b, 32, EXCLUDED_CIDR, NO_EGRESS_IP);
		policy(b, 8, NO_GATEWAY, NO_EGRESS_IP);
		expect(egressList('1.18.0', b.ns).stdout).toEqual([
			'Source IP     Destination CIDR   Egress IP   Gateway IP',
			'192.168.0.1   110.0.11.0/24      1.2.3.4     10.0.10.2',
			'192.168.0.1   110.0.11.1/32      0.0.0.0     Excluded CIDR',
			'192.168.0.1   110.0.0.0/8        0.0.0.0     Not Found',
		]);
		expect(egressList('1.12.1', b.ns).stdout.at(-1)).toBe('192.168.0.1   110.0.0.0/8        0.0.0.0     0.0.0.0');
	});

	test('no map, and no entries, are said on standard error', () => {
		const b = lab('1.18.0');
		expect(egressList('1.18.0', b.ns).stderr).toEqual(['Cannot find egress gateway bpf maps']);
		egressPolicyMap.create(b.ns);
		expect(egressList('1.18.0', b.ns)).toEqual({ stdout: [], stderr: ['No entries found.'] });
	});
});
