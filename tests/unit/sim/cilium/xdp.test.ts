/** Acceleration in a whole cluster: what XDP sends on, what reaches the kernel, and what a veth pair needs for it. */
import { describe, expect, test } from 'vitest';
import { kprValues } from '../../../../src/sim/cilium/index.ts';
import { deviceByName, type ProgramVerdict, setDevice, xdpProgram } from '../../../../src/sim/linux/index.ts';
import { port, service, slice } from '../kube/fixtures.ts';
import { type Lab, lab, tryConnect } from './fixture.ts';

const start = (
	version: string,
	values: Readonly<Record<string, string>>,
	peers = true,
	protocol: 'TCP' | 'UDP' = 'TCP',
): Lab => {
	const echo = service('default/echo', '10.96.101.186', [port({ port: 8080, nodePort: 32017, protocol })], {
		type: 'NodePort',
	});
	const slices = [slice('default/echo', [{ port: 8080, protocol }], [{ ip: '10.244.1.199', node: 'worker' }])];
	const l = lab(version, [echo], slices, { ...kprValues(version), ...values });
	// The other ends of the nodes' veth pairs.
	if (peers)
		for (const name of ['veth-worker', 'veth-worker2'])
			setDevice(l.net, 'host', name, { xdp: xdpProgram(PASS, 'native') });
	return l;
};
const PASS = { name: 'pass', run: (): ProgramVerdict => ({ action: 'ok' }) };
const NATIVE = { 'loadBalancer.acceleration': 'native' };
const TUNNEL = (version: string, protocol = 'vxlan'): Record<string, string> => ({
	autoDirectNodeRoutes: 'false',
	...(version < '1.14' ? { tunnel: protocol } : { routingMode: 'tunnel', tunnelProtocol: protocol }),
});

/** Hooks a packet met on a node, in order. */
const hooks = (l: Lab, packet: number, ns: string): string[] => [
	...new Set(l.recorder.decisions.filter((d) => d.packet === packet && d.ns === ns).map((d) => d.hook)),
];
const codes = (l: Lab, packet: number, ns: string): string[] =>
	l.recorder.decisions.filter((d) => d.packet === packet && d.ns === ns).map((d) => d.why.code);

describe.each(['1.12.1', '1.13.4', '1.14.14', '1.16.11', '1.18.3', '1.19.5'])('Cilium %s at XDP', (version) => {
	test('a NodePort at the other node: XDP sends the request on, and the kernel never sees it', () => {
		const l = start(version, NATIVE);
		const { text, packet } = tryConnect(l, 'host', '172.18.0.2', 32017);
		expect(text).toBe('connected a from 172.18.0.2');
		expect(hooks(l, packet, 'node/worker2')).toEqual(['xdp']);
		expect(codes(l, packet, 'node/worker2')).toContain('program.redirected');
		// No capture point on the node sees it, nor its answer.
		const { ifindex } = deviceByName(l.net.namespaces.get('node/worker2')!, 'eth0')!;
		const { tx } = l.net.namespaces.get('node/worker2')!.counters.get(ifindex)!;
		// Nothing but its own answers to ARP leaves by the kernel.
		expect(tx).toBeLessThanOrEqual(2);
		// At the backend's node it goes into the kernel, where nobody looks for services again.
		const there = codes(l, packet, 'node/worker');
		expect(there).toContain('cilium.xdp-pass');
		expect(there.filter((code) => code === 'cilium.no-service')).toHaveLength(1);
		expect(there).toContain('cilium.xdp-done');
	});

	test('a NodePort at the backend’s node: XDP chooses, the kernel delivers, the pod sees the client', () => {
		const l = start(version, NATIVE);
		const { text, packet } = tryConnect(l, 'host', '172.18.0.3', 32017);
		expect(text).toBe('connected a from 172.18.0.1');
		const there = codes(l, packet, 'node/worker');
		expect(there.indexOf('cilium.service')).toBeLessThan(there.indexOf('dev.received'));
		expect(there.filter((code) => code === 'cilium.service')).toHaveLength(1);
	});

	test('a second connection finds everything as the first left it', () => {
		const l = start(version, NATIVE);
		for (let i = 0; i < 3; i++) expect(tryConnect(l, 'host', '172.18.0.2', 32017).text).toContain('connected a');
	});

	test('DSR: the pod sees the client, and answers past the node that was asked', () => {
		const l = start(version, { ...NATIVE, 'loadBalancer.mode': 'dsr' });
		const { text, packet } = tryConnect(l, 'host', '172.18.0.2', 32017);
		expect(text).toBe('connected a from 172.18.0.1');
		expect(hooks(l, packet, 'node/worker2')).toEqual(['xdp']);
	});

	test('UDP', () => {
		const l = start(version, NATIVE, true, 'UDP');
		expect(tryConnect(l, 'host', '172.18.0.2', 32017, 'udp').text).toBe('connected a from 172.18.0.2');
	});

	test('with the masquerade in BPF, a pod’s own connections come back through XDP', () => {
		const l = start(version, { ...NATIVE, 'bpf.masquerade': 'true' });
		expect(tryConnect(l, 'pod/default/b', '172.18.0.1', 9).text).toBe('refused');
		const answer = l.recorder.decisions.find((d) => d.why.code === 'cilium.unsnat')!;
		expect([answer.ns, answer.hook]).toEqual(['node/worker', 'xdp']);
		expect(codes(l, answer.packet, 'node/worker')).toContain('cilium.xdp-done');
	});

	test('a pod of one node reaches a pod of the other as without XDP', () => {
		expect(tryConnect(start(version, NATIVE), 'pod/default/c', '10.244.1.199').text).toBe(
			'connected a from 10.244.2.9',
		);
	});
});

describe('tunnels', () => {
	test('1.13 has tc send into the tunnel, later versions write its headers at XDP', () => {
		for (const [version, hook] of [
			['1.13.4', 'tc-ingress'],
			['1.14.14', 'xdp'],
			['1.18.3', 'xdp'],
		] as const)
			for (const protocol of ['vxlan', 'geneve']) {
				const l = start(version, { ...NATIVE, ...TUNNEL(version, protocol) });
				const { text, packet } = tryConnect(l, 'host', '172.18.0.2', 32017);
				// The address of cilium_host there.
				expect(text).toMatch(/^connected a from 10\.244\.2\./);
				const left = l.recorder.decisions.filter(
					(d) => d.packet === packet && d.ns === 'node/worker2' && d.why.code === 'program.redirected',
				);
				expect(left.map((d) => d.hook)).toEqual([hook]);
				expect(codes(l, packet, 'node/worker')).toContain('tunnel.decapsulated');
			}
	});

	test('DSR over Geneve in native routing and in a tunnel', () => {
		const dsr = { 'loadBalancer.mode': 'dsr', 'loadBalancer.dsrDispatch': 'geneve' };
		for (const more of [{ tunnelProtocol: 'geneve' }, TUNNEL('1.18.3', 'geneve')]) {
			const l = start('1.18.3', { ...NATIVE, ...dsr, ...more, 'bpf.masquerade': 'true' });
			const { text, packet } = tryConnect(l, 'host', '172.18.0.2', 32017);
			expect(text).toBe('connected a from 172.18.0.1');
			expect(hooks(l, packet, 'node/worker2')).toEqual(['xdp']);
			expect(codes(l, packet, 'node/worker2')).toContain('cilium.xdp-encap');
		}
	});
});

describe('drivers', () => {
	test('a veth pair takes frames from XDP only when the other end has a program; generic mode needs none', () => {
		const bare = start('1.18.3', NATIVE, false);
		const { text, packet } = tryConnect(bare, 'host', '172.18.0.2', 32017);
		expect(text).toBe('timeout');
		expect(codes(bare, packet, 'node/worker2').at(-1)).toBe('xdp.refused');
		// What goes into the kernel is not concerned.
		expect(tryConnect(bare, 'host', '172.18.0.3', 32017).text).toBe('connected a from 172.18.0.1');
		const generic = start('1.18.3', { 'loadBalancer.acceleration': 'testing-only' }, false);
		expect(tryConnect(generic, 'host', '172.18.0.2', 32017).text).toBe('connected a from 172.18.0.2');
	});

	test('the agent keeps the other nodes’ MAC addresses, to 1.17 unless it is told not to', () => {
		const known = (version: string): number =>
			start(version, NATIVE).net.namespaces.get('node/worker')!.neighbours.size;
		const without = start('1.18.3', {}).net.namespaces.get('node/worker')!.neighbours.size;
		for (const version of ['1.12.1', '1.17.5', '1.18.3']) expect(known(version)).toBe(without + 1);
	});
});
