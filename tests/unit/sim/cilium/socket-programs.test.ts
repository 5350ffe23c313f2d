/** Programs at sockets: what a process may bind, what it is told, what is forgotten. */
import { describe, expect, test } from 'vitest';
import {
	type Client,
	forkNet,
	isLinuxError,
	listen,
	run,
	sendTo,
	setConnectPrograms,
} from '../../../../src/sim/linux/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { createRecorder, type Decision } from '../../../../src/sim/trace/index.ts';
import { formatIp, parseIp } from '../../../../src/sim/wire/index.ts';
import { dnsAnswer, dnsQuery } from '../../../../src/sim/world/dns.ts';
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

const KUBE_DNS = parseIp('10.96.0.10')!;
const codesOf = (trace: readonly Decision[]) =>
	trace.filter((d) => d.hook === 'cgroup').map((d) => [d.chain, d.why.code]);

/** A pod's resolver that sends its question without connect(), as musl's does. `answer` runs until it has one. */
const resolver = (version: '1.12' | '1.18', helm: Record<string, string> = {}) => {
	const net = forkNet(world(version, helm).net);
	const recorder = createRecorder();
	net.recorder = recorder;
	const client = sendTo(net, CLIENT, { dst: KUBE_DNS, dport: 53, data: dnsQuery('udp') });
	if (isLinuxError(client)) throw new Error(client.code);
	return {
		net,
		client,
		space: (name: string) => net.namespaces.get(name)!,
		answer: (): { readonly client: Client; readonly trace: readonly Decision[] } => {
			run(net, {});
			return { client, trace: recorder.decisions };
		},
	};
};

describe('sendto() to the address of kube-dns, without connect()', () => {
	test.each([
		['1.12', ''],
		['1.18', 'cil_'],
	] as const)(
		'%s: the program is told that the Service answered, and no packet ever had its address',
		(version, prefix) => {
			const { client, trace } = resolver(version).answer();
			expect(client.outcome?.result).toBe('connected');
			expect(client.outcome?.reply).toEqual(dnsAnswer(dnsQuery('udp'), 'udp'));
			expect(client.answeredBy).toEqual({ ip: KUBE_DNS, port: 53 });
			expect(formatIp(client.remote.ip)).toMatch(/^10\.244\./);
			expect(codesOf(trace)).toEqual([
				[`${prefix}sock4_sendmsg`, 'cilium.sock-connect'],
				[`${prefix}sock4_recvmsg`, 'cilium.sock-reverse'],
			]);
			const ends = trace.flatMap((d) => (d.before ? [d.before.src, d.before.dst] : []));
			expect(ends).not.toContain('10.96.0.10');
			expect(ends.length).toBeGreaterThan(0);
		},
	);

	test('without recvmsg4 the answer comes from a stranger, and the resolver waits in vain', () => {
		const { net, answer, space } = resolver('1.18');
		const kept = space(CLIENT).connectPrograms.filter((program) => program.hook !== 'recvmsg4');
		setConnectPrograms(net, CLIENT, kept);
		const { client } = answer();
		expect(client.outcome).toMatchObject({ result: 'timeout' });
		expect(client.answeredBy).toBeUndefined();
	});

	test('with the socket LB for the nodes alone, packets are translated on their way, to the same effect', () => {
		const { client, trace } = resolver('1.18', { 'socketLB.hostNamespaceOnly': 'true' }).answer();
		expect(client.answeredBy).toEqual({ ip: KUBE_DNS, port: 53 });
		expect(formatIp(client.remote.ip)).toBe('10.96.0.10');
		expect(codesOf(trace)).toEqual([]);
	});
});

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
			['sock4_connect', 'cilium.sock-connect'],
			['sock4_recvmsg', 'cilium.sock-reverse'],
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
