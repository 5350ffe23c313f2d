/**
 * Errors that routers send about packets the programs translated, in real flows: they must find who sent the packet.
 * bpf/lib/nat.h snat_v4_rev_nat(), snat_v4_nat() @ v1.12.1, v1.13.14, v1.14.4, v1.16.15, v1.17.8, v1.18.3; who looks at
 * ICMP at all: bpf/lib/nodeport.h nodeport_lb4() @ v1.14.4, v1.15.4, v1.18.3.
 */
import { describe, expect, test } from 'vitest';
import { kprValues } from '../../../../src/sim/cilium/index.ts';
import {
	addAddress,
	addNamespace,
	addRoute,
	addVeth,
	connect,
	ping,
	run,
	setDevice,
} from '../../../../src/sim/linux/index.ts';
import type { Decision } from '../../../../src/sim/trace/index.ts';
import { ip, port, service, slice } from '../kube/fixtures.ts';
import { type Lab, lab, must } from './fixture.ts';

const VERSIONS = ['1.12.1', '1.13.18', '1.14.13', '1.15.7', '1.16.6', '1.17.0', '1.18.3', '1.19.4'] as const;
type Version = (typeof VERSIONS)[number];
const since = (version: Version, first: string): boolean =>
	Number(version.split('.')[1]) >= Number(first.split('.')[1]);

const FAR = ip('203.0.113.9');
const ROUTER = ip('172.18.0.1');

/** The lab with a machine behind the client's, over a link that takes 1400 octets. */
const start = (version: Version, values: Readonly<Record<string, string>> = {}): Lab => {
	const echo = service('default/echo', '10.96.101.186', [port({ port: 8080, nodePort: 32017, protocol: 'UDP' })], {
		type: 'NodePort',
	});
	const behind = slice('default/echo', [{ port: 8080, protocol: 'UDP' }], [{ ip: '10.244.1.199', node: 'worker' }]);
	const l = lab(version, [echo], [behind], { ...kprValues(version), 'bpf.masquerade': 'true', ...values });
	const { net } = l;
	must(addNamespace(net, 'far', {}));
	must(addVeth(net, { ns: 'host', name: 'up' }, { ns: 'far', name: 'eth0' }));
	must(setDevice(net, 'host', 'up', { mtu: 1400 }) ?? {});
	must(addAddress(net, 'host', 'up', { ip: ip('203.0.113.1'), length: 24 }));
	must(addAddress(net, 'far', 'eth0', { ip: FAR, length: 24 }));
	must(addRoute(net, 'far', { dst: { address: 0, length: 0 }, via: ip('203.0.113.1') }));
	return l;
};

/** `cilium.unsnat` and its kin, with where they were said. */
const told = (l: Lab, pattern: RegExp): string[] =>
	l.recorder.decisions.filter((d: Decision) => pattern.test(d.why.code)).map((d) => `${d.ns} ${d.why.code}`);

describe.each(VERSIONS)('Cilium %s, a masqueraded pod', (version) => {
	test('a router finds its packet too big: the pod learns it from 1.14', () => {
		const l = start(version);
		const long = { protocol: 'udp', dst: FAR, dport: 9, data: new Uint8Array(1440), deadline: 500_000 } as const;
		const client = must(connect(l.net, 'pod/default/c', long));
		run(l.net, {});
		if (since(version, '1.14')) {
			expect(client.outcome).toMatchObject({ errno: 'EMSGSIZE' });
			expect(told(l, /unsnat$/)).toEqual(['node/worker2 cilium.unsnat']);
		} else expect(client.outcome).toMatchObject({ result: 'timeout' });
	});

	test('a router lets its echo die (traceroute): the pod learns it from 1.17', () => {
		const l = start(version);
		// The pod's program and, with legacy routing, the node's stack take one each; the router finds 1.
		const probe = must(ping(l.net, 'pod/default/c', { dst: FAR, ttl: 2, deadline: 500_000 }));
		run(l.net, {});
		if (since(version, '1.17')) expect(probe).toMatchObject({ result: 'error', from: ROUTER });
		else expect(probe).toMatchObject({ result: 'timeout' });
	});

	test('the far machine refuses: the pod learns it from 1.17', () => {
		const l = start(version);
		const client = must(
			connect(l.net, 'pod/default/c', {
				protocol: 'udp',
				dst: FAR,
				dport: 9,
				data: new Uint8Array(8),
				deadline: 500_000,
			}),
		);
		run(l.net, {});
		if (since(version, '1.17')) expect(client.outcome).toMatchObject({ errno: 'ECONNREFUSED' });
		else expect(client.outcome).toMatchObject({ result: 'timeout' });
	});
});

describe.each(VERSIONS)('Cilium %s, a NodePort whose pod is on another node', (version) => {
	/** cilium_host of the pod's node takes 1400 octets: that node says so to the one that forwarded. */
	const knock = (values: Readonly<Record<string, string>>) => {
		const l = start(version, values);
		must(setDevice(l.net, 'node/worker', 'cilium_host', { mtu: 1400 }) ?? {});
		const client = must(
			connect(l.net, 'host', {
				protocol: 'udp',
				dst: ip('172.18.0.2'),
				dport: 32017,
				data: new Uint8Array(1440),
				deadline: 500_000,
			}),
		);
		run(l.net, {});
		return { l, client };
	};

	test('with BPF masquerade the error reaches the client from 1.14, and quotes the pod: it is no news of its socket', () => {
		const { l, client } = knock({ 'bpf.hostLegacyRouting': 'true' });
		const back = l.recorder.decisions.find((d) => d.ns === 'node/worker2' && d.why.code === 'cilium.unsnat');
		expect(back !== undefined).toBe(since(version, '1.14'));
		expect(client.outcome).toMatchObject({ result: 'timeout' });
	});

	test('without BPF masquerade nobody looks at ICMP from 1.15: the error stays with the node that forwarded', () => {
		const { l, client } = knock({ 'bpf.masquerade': 'false' });
		const back = l.recorder.decisions.find((d) => d.ns === 'node/worker2' && d.why.code === 'cilium.unsnat');
		expect(back !== undefined).toBe(version === '1.14.13');
		expect(client.outcome).toMatchObject({ result: 'timeout' });
	});
});
