/**
 * What BPF masquerade leaves alone, and what it translates: the questions of snat_v4_needed() (snat_v4_prepare_state())
 * in their order. bpf/lib/nodeport.h @ v1.12.1, bpf/lib/nat.h @ v1.18.3.
 */
import { describe, expect, test } from 'vitest';
import { fromNetdev } from '../../../src/sim/cilium/programs/from-netdev.ts';
import { toNetdev } from '../../../src/sim/cilium/programs/to-netdev.ts';
import type { Skb } from '../../../src/sim/linux/index.ts';
import { prefixOf } from '../../../src/sim/wire/index.ts';
import { type Bench, bench, CLIENT, ip, NODE, NODE2, POD_LOCAL, POD_REMOTE, packet, shown } from './bpf-env.ts';

const egress = (b: Bench, skb: Skb): string => {
	expect(b.run(toNetdev(b.node), 'eth0', 'tc-egress', skb).action).toBe('ok');
	return shown(skb);
};

const HOST_ADDRESS = ip('192.168.0.100');

describe.each(['1.12.1', '1.13.18', '1.14.13', '1.16.15', '1.18.3'])('Cilium %s', (version) => {
	test('a pod that asks the world gets the node’s address', () => {
		expect(egress(bench(version), packet(POD_LOCAL, 40000, CLIENT, 443))).toBe(
			'10.0.10.1:40000 > 110.0.11.1:443 ttl 64',
		);
	});

	test('without the setting it keeps its own', () => {
		expect(egress(bench(version, { bpfMasquerade: false }), packet(POD_LOCAL, 40000, CLIENT, 443))).toMatch(
			/^192\.168\.0\.1:40000 /,
		);
	});

	test('an answer to who asked the pod from outside is left alone', () => {
		const b = bench(version);
		expect(b.run(fromNetdev(b.node), 'eth0', 'tc-ingress', packet(CLIENT, 111, POD_LOCAL, 8080)).action).toBe(
			'redirect-peer',
		);
		expect(egress(b, packet(POD_LOCAL, 8080, CLIENT, 111))).toMatch(/^192\.168\.0\.1:8080 /);
	});

	test('what is for the CIDR of native routing is left alone', () => {
		expect(egress(bench(version), packet(POD_LOCAL, 40000, POD_REMOTE, 80))).toMatch(/^192\.168\.0\.1:40000 /);
		expect(egress(bench(version, { snatExclusion: undefined }), packet(POD_LOCAL, 40000, POD_REMOTE, 80))).toMatch(
			/^10\.0\.10\.1:40000 /,
		);
	});

	test('another address of the host is left alone', () => {
		const b = bench(version);
		const host = { ifindex: 0, lxcId: 0, host: true, mac: 0, nodeMac: 0, identity: 1 };
		b.node.maps.lxc.update(b.ns, HOST_ADDRESS, host);
		expect(egress(b, packet(HOST_ADDRESS, 40000, CLIENT, 443))).toMatch(/^192\.168\.0\.100:40000 /);
	});

	test('a destination of ip-masq-agent’s list is left alone', () => {
		const b = bench(version);
		b.node.maps.ipmasq.update(b.ns, prefixOf(ip('110.0.0.0'), 8), true);
		expect(egress(b, packet(POD_LOCAL, 40000, CLIENT, 443))).toMatch(/^192\.168\.0\.1:40000 /);
		expect(egress(b, packet(POD_LOCAL, 40000, ip('111.0.0.1'), 443))).toMatch(/^10\.0\.10\.1:40000 /);
	});

	test('another node sees the pod in native routing, this node in a tunnel', () => {
		expect(egress(bench(version), packet(POD_LOCAL, 40000, NODE2, 443))).toMatch(/^192\.168\.0\.1:40000 /);
		expect(egress(bench(version, { tunnel: true }), packet(POD_LOCAL, 40000, NODE2, 443))).toMatch(
			/^10\.0\.10\.1:40000 /,
		);
	});

	test('who is no endpoint of this node is left alone', () => {
		expect(egress(bench(version), packet(ip('10.9.9.9'), 40000, CLIENT, 443))).toMatch(/^10\.9\.9\.9:40000 /);
	});

	test('the node’s own connection keeps its port unless a pod’s has it; low ports are never touched', () => {
		const b = bench(version);
		const own = () => packet(NODE, 40000, CLIENT, 443);
		expect(egress(b, own())).toMatch(/^10\.0\.10\.1:40000 /);
		const taken = bench(version);
		egress(taken, packet(POD_LOCAL, 40000, CLIENT, 443));
		const moved = egress(taken, own());
		expect(moved).toMatch(/^10\.0\.10\.1:\d+ /);
		expect(moved).not.toMatch(/:40000 >/);
		expect(egress(taken, packet(NODE, 22, CLIENT, 443))).toMatch(/^10\.0\.10\.1:22 /);
		expect([...taken.node.maps.snat.dump(taken.ns)].some(([key]) => key.sport === 22 || key.dport === 22)).toBe(false);
	});
});
