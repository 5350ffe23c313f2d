/** Programs at sockets, called as the kernel calls them. bpf/bpf_sock.c @ v1.12.1, v1.13.9, v1.18.3. */
import { describe, expect, test } from 'vitest';
import { sockPrograms } from '../../../src/sim/cilium/attach-sock.ts';
import type { SockAddr } from '../../../src/sim/linux/index.ts';
import { type Bench, bench, ip, NODE, NODE2, POD_PORT, POD_REMOTE, SVC_PORT, SVC_REMOTE } from './bpf-env.ts';

const VERSIONS = ['1.12.1', '1.13.18', '1.18.3'] as const;

/** What a program answers, and the address as it leaves it. */
const call = (b: Bench, hook: SockAddr['hook'], to: number, port: number, protocol = 6, cookie = 5, ns = 'node') => {
	const config = { node: b.node, nodeNs: 'node', hostOnly: false, bindProtection: true };
	const program = sockPrograms(config).find((p) => p.hook === hook)!;
	const space = b.net.namespaces.get(ns)!;
	const address: SockAddr = { net: b.net, ns: space, hook, protocol, cookie, packet: 1, ip: to, port };
	return { verdict: program.run(address), ip: address.ip, port: address.port, name: program.name };
};

const service = (b: Bench, address: number, port: number, more: object) => {
	const { services, features } = b.node.maps;
	const key = { address, port, proto: features.protocolInKey ? 6 : 0, scope: 0, slot: 0 } as const;
	const empty = {
		backendId: 0,
		count: 0,
		revNatIndex: 9,
		flags: 0,
		flags2: 0,
		affinityTimeout: 0,
		algorithm: 0,
		qcount: 0,
	};
	services.update(b.ns, key, { ...(services.lookup(b.ns, key) ?? empty), ...more } as never);
	return key;
};

describe.each(VERSIONS)('Cilium %s', (version) => {
	test('names: cil_ came with 1.13', () => {
		const names = sockPrograms({ node: bench(version).node, nodeNs: 'node', hostOnly: false, bindProtection: true });
		const prefix = version === '1.12.1' ? '' : 'cil_';
		expect(names.map((p) => p.name)).toEqual([
			...['connect', 'sendmsg', 'recvmsg', 'getpeername', 'post_bind'].map((f) => `${prefix}sock4_${f}`),
			...(version === '1.18.3' ? ['cil_sock_release'] : []),
		]);
	});

	test('the program is told the service while it is the same, else the backend, and the translation is forgotten', () => {
		// In 1.12 a service without backends is not found at all; from 1.13 it is found, and not enough.
		for (const [more, same] of [
			[{}, true],
			[{ revNatIndex: 7 }, false],
			[{ count: 0 }, false],
		] as const) {
			const b = bench(version);
			expect(call(b, 'connect4', SVC_REMOTE, SVC_PORT)).toMatchObject({ ip: POD_REMOTE, port: POD_PORT });
			service(b, SVC_REMOTE, SVC_PORT, more);
			const told = call(b, 'recvmsg4', POD_REMOTE, POD_PORT);
			expect(told).toMatchObject({ verdict: 'allow', ip: same ? SVC_REMOTE : POD_REMOTE });
			expect(b.node.maps.reverseSk.size(b.ns)).toBe(same ? 1 : 0);
		}
	});

	test('bind() is refused for NodePorts, external addresses and load balancers, not for host ports', () => {
		const answers = [
			['NodePort', 0x2, 'deny'],
			['external address', 0x1, 'deny'],
			['LoadBalancer', 0x20, 'deny'],
			['HostPort', 0x8, 'allow'],
			['ClusterIP', 0, 'allow'],
		] as const;
		for (const [name, flags, verdict] of answers) {
			const b = bench(version);
			service(b, NODE, 31000, { flags, count: 1 });
			expect([name, call(b, 'post_bind4', NODE, 31000).verdict]).toEqual([name, verdict]);
		}
	});

	test('bind() to an address of the node, or to loopback, meets the entry for all addresses', () => {
		const b = bench(version);
		service(b, 0, 31000, { flags: 0x2, count: 1 });
		const entry = { tunnelEndpoint: 0, encryptKey: 0, skipTunnel: false };
		b.node.maps.ipcache.update(b.ns, { address: NODE, length: 32 }, { identity: 1, ...entry });
		b.node.maps.ipcache.update(b.ns, { address: NODE2, length: 32 }, { identity: 6, ...entry });
		for (const [to, verdict] of [
			[NODE, 'deny'],
			[ip('127.0.0.1'), 'deny'],
			[0, 'deny'],
			[NODE2, 'allow'],
		] as const)
			expect(call(b, 'post_bind4', to, 31000).verdict).toBe(verdict);
	});

	/** Two backends, at .11 and .12, behind the first service. */
	const twoBackends = (b: Bench, more: object, protocol = 6): void => {
		const { services, backends, features } = b.node.maps;
		const proto = features.protocolInKey ? protocol : 0;
		const key = { address: SVC_REMOTE, port: SVC_PORT, proto, scope: 0 } as const;
		const plain = { affinityTimeout: 0, algorithm: 0, qcount: 0, flags: 0, flags2: 0, revNatIndex: 2 } as const;
		services.update(b.ns, { ...key, slot: 0 }, { ...plain, backendId: 0, count: 2, ...more });
		for (const [slot, backendId] of [
			[1, 11],
			[2, 12],
		] as const) {
			services.update(b.ns, { ...key, slot }, { ...plain, backendId, count: 0 });
			backends.update(b.ns, backendId, { address: POD_REMOTE + backendId, port: POD_PORT, proto, state: 0 });
		}
	};
	const COOKIES = Array.from({ length: 12 }, (_, i) => i + 1);
	const chosen = (b: Bench, protocol: number, cookie: number, ns?: string): number =>
		call(b, 'connect4', SVC_REMOTE, SVC_PORT, protocol, cookie, ns).ip - POD_REMOTE;

	test('UDP: the socket’s cookie tells the slot; TCP goes by lot', () => {
		const b = bench(version);
		twoBackends(b, {}, 17);
		expect(COOKIES.map((cookie) => chosen(b, 17, cookie))).toEqual(COOKIES.map((cookie) => (cookie % 2 ? 12 : 11)));
		const tcp = bench(version);
		twoBackends(tcp, {});
		expect(COOKIES.map((cookie) => chosen(tcp, 6, cookie))).not.toEqual(
			COOKIES.map((cookie) => (cookie % 2 ? 12 : 11)),
		);
	});

	test('affinity: by network namespace, whatever the socket; another namespace draws its own', () => {
		const b = bench(version);
		twoBackends(b, { flags: 0x10, affinityTimeout: 100 });
		for (const backendId of [11, 12]) b.node.maps.affinityMatch.update(b.ns, { backendId, revNatIndex: 2 }, true);
		const first = chosen(b, 6, 1, 'pod');
		expect(new Set(COOKIES.map((cookie) => chosen(b, 6, cookie, 'pod')))).toEqual(new Set([first]));
		chosen(b, 6, 1, 'world');
		const keys = [...b.node.maps.affinity.dump(b.ns)].map(([key]) => key);
		expect(keys).toHaveLength(2);
		expect(keys.every((key) => key.netnsCookie)).toBe(true);
	});
});
