/** Programs at sockets: what a process may bind, what it is told, what is forgotten. */
import { describe, expect, test } from 'vitest';
import { forkNet, isLinuxError, listen } from '../../../../src/sim/linux/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { parseIp } from '../../../../src/sim/wire/index.ts';
import { apply, createWorld, type Outcome, type World } from '../../../../src/sim/world/index.ts';

const world = (version: '1.12' | '1.18', helm: Record<string, string> = {}): World => {
	const made = createWorld(kindBasic, {
		bundle: `cilium-${version}`,
		kubeProxy: 'none',
		protocol: 'UDP',
		helm: { kubeProxyReplacement: version === '1.12' ? 'strict' : 'true', ...helm },
	});
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

const CLIENT = 'pod/kube-system/coredns-6d4b75cb6d-8qxzf';
const ask = (w: World, from = CLIENT): { readonly world: World; readonly outcome: Outcome } => {
	const done = apply(w, {
		kind: 'connect',
		probe: { from, to: { ip: parseIp('10.96.101.186')!, port: 8080 }, protocol: 'udp' },
	});
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return { world: done.world, outcome: done.outcome! };
};

const reverse = (w: World): number =>
	w.net.namespaces.get('node/basic-control-plane')!.bpfMaps.get('cilium_lb4_reverse_sk')?.entries.size ?? 0;

describe('programs at sockets', () => {
	test('a process of the node may not listen on a NodePort, a pod may', () => {
		const net = forkNet(world('1.18').net);
		const server = { protocol: 'udp', port: 32017, owner: 'thief', respond: () => undefined } as const;
		expect(listen(net, 'node/basic-worker', server)).toMatchObject({ code: 'socket.denied' });
		expect(isLinuxError(listen(net, CLIENT, server))).toBe(false);
		expect(isLinuxError(listen(net, 'node/basic-worker', { ...server, port: 32018 }))).toBe(false);
	});

	test('a datagram goes to a backend, and its answer is told as the service’s', () => {
		const { outcome } = ask(world('1.12'));
		expect(outcome.result).toBe('connected');
		const codes = outcome.trace.filter((d) => d.hook === 'cgroup').map((d) => [d.chain, d.why.code]);
		expect(codes).toEqual([
			['cil_sock4_connect', 'cilium.sock-connect'],
			['cil_sock4_recvmsg', 'cilium.sock-reverse'],
		]);
	});

	test('what a socket was translated to stays in the map to 1.17, and goes with the socket later', () => {
		expect(reverse(ask(world('1.12')).world)).toBe(1);
		expect(reverse(ask(world('1.18')).world)).toBe(0);
	});

	test('two pods of one node have cookies of their own', () => {
		const first = ask(world('1.12')).world;
		expect(reverse(ask(first, 'pod/kube-system/coredns-6d4b75cb6d-wtk2r').world)).toBe(2);
	});

	test('limited to the node’s own sockets, pods’ packets carry the service’s address', () => {
		const { outcome } = ask(world('1.18', { 'socketLB.hostNamespaceOnly': 'true' }));
		expect(outcome.trace.some((d) => d.hook === 'cgroup')).toBe(false);
		expect(outcome.hops[0]).toMatchObject({ dst: '10.96.101.186' });
	});
});
