import { describe, expect, it } from 'vitest';
import {
	addNamespace,
	addRoute,
	addVeth,
	connect,
	createNet,
	formatNeighbours,
	isLinuxError,
	listen,
	type Network,
	ping,
	run,
	setDevice,
	setSysctl,
} from '../../../../src/sim/linux/index.ts';
import { parsePrefix, utf8 } from '../../../../src/sim/wire/index.ts';
import { address, echo, hops, ip, must, route, twoNodes } from './topology.ts';

/** Lets the pod learn its gateway: an ARP question with an impossible source would get no answer either. */
const warm = (net: Network): void => {
	must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
	run(net);
};

describe('a connection that fails', () => {
	it('is refused by RST when no socket listens, by ICMP 3/3 for UDP', () => {
		const { net, recorder } = twoNodes();
		const tcp = must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 81 }));
		const udp = must(connect(net, 'pod/a', { protocol: 'udp', dst: ip('10.244.2.10'), dport: 81 }));
		run(net);
		expect(tcp.outcome).toMatchObject({ result: 'refused', errno: 'ECONNREFUSED' });
		expect(udp.outcome).toMatchObject({ result: 'refused', errno: 'ECONNREFUSED' });
		expect(hops(recorder, tcp.firstReply!).at(-1)).toBe('pod/a eth0 rx ttl 62');
		expect(recorder.decisions.find((d) => d.packet === udp.firstReply)?.before?.icmp ?? [3, 3]).toEqual([3, 3]);
	});

	it('has no route: connect() fails at once', () => {
		const net = createNet();
		must(addNamespace(net, 'n'));
		const tcp = must(connect(net, 'n', { protocol: 'tcp', dst: ip('10.0.0.1'), dport: 80 }));
		expect(tcp.outcome).toMatchObject({ result: 'unreachable', errno: 'ENETUNREACH', at: 0 });
	});

	it.each([
		['tcp', '172.18.255.255', 'ENETUNREACH'],
		['udp', '172.18.255.255', 'EACCES'],
		['tcp', '127.255.255.255', 'ENETUNREACH'],
		['tcp', '224.0.0.1', 'ENETUNREACH'],
	] as const)('is for all and not for one: %s to %s fails at once with %s', (protocol, dst, errno) => {
		const { net } = twoNodes();
		const client = must(connect(net, 'node/a', { protocol, dst: ip(dst), dport: 80 }));
		expect(client.outcome).toMatchObject({ result: 'unreachable', errno, at: 0 });
	});

	it('is not one to 0.0.0.0: that is the machine itself', () => {
		const { net } = twoNodes();
		must(listen(net, 'node/a', { protocol: 'tcp', port: 80, owner: 'a', respond: echo('a') }));
		const client = must(connect(net, 'node/a', { protocol: 'tcp', dst: 0, dport: 80, data: utf8('x') }));
		run(net);
		expect(client.outcome).toMatchObject({ result: 'connected' });
		expect([client.local?.ip, client.remote?.ip]).toEqual([ip('127.0.0.1'), ip('127.0.0.1')]);
	});

	it('has a neighbour that does not answer: three questions, then EHOSTUNREACH', () => {
		const { net, recorder } = twoNodes();
		const tcp = must(connect(net, 'node/a', { protocol: 'tcp', dst: ip('172.18.0.9'), dport: 80 }));
		run(net);
		expect(tcp.outcome).toMatchObject({ result: 'unreachable', errno: 'EHOSTUNREACH', at: 3_072_000 });
		expect(recorder.decisions.filter((d) => d.why.code === 'arp.asked').map((d) => d.time)).toEqual([
			0, 1_024_000, 2_048_000,
		]);
		expect(formatNeighbours(net, net.namespaces.get('node/a')!)).toContain('172.18.0.9 dev eth0 FAILED');
	});

	it('through a router whose neighbour does not answer hears ICMP 3/1 from that router', () => {
		const { net } = twoNodes();
		route(net, 'pod/a', '10.9.0.0/16', { via: '10.244.1.1' });
		const tcp = must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('172.18.0.9'), dport: 80 }));
		run(net);
		expect(tcp.outcome).toMatchObject({ result: 'unreachable', errno: 'EHOSTUNREACH' });
	});

	const synTimes = (kernel: string) => {
		const { net, recorder } = twoNodes({ kernel });
		must(addRoute(net, 'node/b', { dst: parsePrefix('10.1.0.0/16')!, type: 'blackhole' }));
		route(net, 'node/a', '10.1.0.0/16', { via: '172.18.0.3' });
		const tcp = must(connect(net, 'node/a', { protocol: 'tcp', dst: ip('10.1.0.1'), dport: 80 }));
		run(net);
		const times = recorder.decisions
			.filter((d) => d.ns === 'node/a' && d.hook === 'route' && d.key?.startsWith('10.1.0.1'))
			.map((d) => d.time / 1_000_000);
		return { times, outcome: tcp.outcome };
	};

	it('repeats SYN after 1, 3, 7, … s on kernels before 6.5, and gives up after 127 s', () => {
		const { times, outcome } = synTimes('5.15.0');
		expect(times).toEqual([0, 1, 3, 7, 15, 31, 63]);
		expect(outcome).toMatchObject({ result: 'timeout', errno: 'ETIMEDOUT', at: 127_000_000 });
	});

	it('repeats SYN after 1, 2, 3, 4, 5, 7, … s from 6.5 on, and gives up after 131 s', () => {
		const { times, outcome } = synTimes('6.8.0');
		expect(times).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67]);
		expect(outcome).toMatchObject({ result: 'timeout', errno: 'ETIMEDOUT', at: 131_000_000 });
	});

	it('ends when the program has waited long enough', () => {
		const { net } = twoNodes();
		must(addRoute(net, 'node/b', { dst: parsePrefix('10.1.0.0/16')!, type: 'blackhole' }));
		route(net, 'node/a', '10.1.0.0/16', { via: '172.18.0.3' });
		const ask = (protocol: 'tcp' | 'udp') =>
			must(connect(net, 'node/a', { protocol, dst: ip('10.1.0.1'), dport: 80, deadline: 2_500_000 }));
		const clients = [ask('tcp'), ask('udp')];
		run(net);
		for (const { outcome } of clients) expect(outcome).toMatchObject({ result: 'timeout', at: 2_500_000 });
	});
});

describe('a router', () => {
	it('answers for unreachable routes with the ICMP code of their kind', () => {
		const { net } = twoNodes();
		must(addRoute(net, 'node/a', { dst: parsePrefix('10.1.0.0/16')!, type: 'unreachable' }));
		must(addRoute(net, 'node/a', { dst: parsePrefix('10.2.0.0/16')!, type: 'prohibit' }));
		const one = must(ping(net, 'pod/a', { dst: ip('10.1.0.1') }));
		const two = must(ping(net, 'pod/a', { dst: ip('10.2.0.1') }));
		run(net);
		expect(one).toMatchObject({ result: 'error', errno: 'EHOSTUNREACH', from: ip('172.18.0.2') });
		expect(two).toMatchObject({ result: 'error', errno: 'EHOSTUNREACH' });
	});

	it('says that the TTL is used up, from its own global address', () => {
		const { net } = twoNodes();
		const near = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), ttl: 1 }));
		const far = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), ttl: 2 }));
		run(net);
		expect(near).toMatchObject({ result: 'error', from: ip('172.18.0.2') });
		expect(far).toMatchObject({ result: 'error', from: ip('172.18.0.3') });
	});

	it('is silent when forwarding is off', () => {
		const { net, recorder } = twoNodes();
		setSysctl(net, 'node/a', { ip_forward: false });
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		expect(result.result).toBe('timeout');
		expect(recorder.decisions.some((d) => d.why.code === 'route.not-forwarding')).toBe(true);
	});

	it('drops what comes in by the wrong device when rp_filter is 1, and only the impossible when it is 2', () => {
		const drops = (rp: 0 | 1 | 2, numbered: boolean) => {
			const { net, recorder } = twoNodes();
			warm(net);
			if (numbered) address(net, 'node/a', 'lxc10', '169.254.1.1/32');
			setSysctl(net, 'node/a', { rp_filter: rp });
			// The pod speaks with an address that lives elsewhere.
			address(net, 'pod/a', 'eth0', '172.18.0.77/32');
			must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), src: ip('172.18.0.77') }));
			run(net);
			return recorder.decisions.some((d) => d.why.code === 'route.rp-filter');
		};
		expect([drops(0, true), drops(1, true), drops(2, true)]).toEqual([false, true, false]);
		// __fib_validate_source(): a device without an address is always held to the strict rule.
		expect(drops(2, false)).toBe(true);
	});

	it('drops packets from its own addresses that come from outside', () => {
		const { net, recorder } = twoNodes();
		warm(net);
		address(net, 'pod/a', 'eth0', '172.18.0.2/32');
		must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), src: ip('172.18.0.2') }));
		run(net);
		expect(recorder.decisions.some((d) => d.why.code === 'route.martian-source')).toBe(true);
	});

	it('cuts what is too large, or says so when DF forbids it', () => {
		const { net, recorder } = twoNodes();
		for (const node of ['node/a', 'node/b']) must(setDevice(net, node, 'eth0', { mtu: 1400 }));
		const whole = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1450 }));
		run(net);
		expect(whole).toMatchObject({ result: 'error', errno: 'EMSGSIZE', from: ip('172.18.0.2') });
		const cut = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1450, pmtu: 'dont' }));
		run(net);
		expect(cut.result).toBe('answered');
		const codes = new Set(recorder.decisions.map((d) => d.why.code));
		expect(codes.has('ip.fragmented') && codes.has('ip.reassembled')).toBe(true);
	});

	it('does not send what its own route is too narrow for when it may not be cut', () => {
		const { net, recorder } = twoNodes();
		must(setDevice(net, 'pod/a', 'eth0', { mtu: 1400 }));
		const never = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1450, pmtu: 'do' }));
		run(net);
		expect(never).toMatchObject({ result: 'error', errno: 'EMSGSIZE', mtu: 1400, from: undefined });
		expect(recorder.decisions).toEqual([]);
	});

	it('loses without a word what the other end of a cable is too narrow for', () => {
		const { net, recorder } = twoNodes();
		warm(net);
		must(setDevice(net, 'node/b', 'eth0', { mtu: 1400 }));
		const tight = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1376 }));
		const lost = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1377 }));
		run(net);
		expect([tight.result, lost.result]).toEqual(['answered', 'timeout']);
		expect(recorder.decisions.map((d) => d.why)).toContainEqual({
			code: 'dev.too-long',
			dev: 'eth0',
			length: 1405,
			mtu: 1400,
		});
	});

	it('teaches TCP the path MTU, and the data arrives in smaller pieces', () => {
		const { net, recorder } = twoNodes();
		must(setDevice(net, 'node/a', 'eth0', { mtu: 1400 }));
		must(listen(net, 'pod/b', { protocol: 'tcp', port: 8080, owner: 'b', respond: (q) => utf8(`${q.length}`) }));
		const client = must(
			connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 8080, data: new Uint8Array(4000) }),
		);
		run(net);
		expect(client.outcome?.result).toBe('connected');
		expect(String.fromCharCode(...client.outcome!.reply)).toBe('4000');
		expect(recorder.decisions.some((d) => d.why.code === 'icmp.pmtu')).toBe(true);
	});
});

describe('a network that goes wrong', () => {
	it('ends a routing loop by TTL', () => {
		const { net } = twoNodes();
		route(net, 'node/a', '10.9.0.0/16', { via: '172.18.0.3' });
		route(net, 'node/b', '10.9.0.0/16', { via: '172.18.0.2' });
		const result = must(ping(net, 'pod/a', { dst: ip('10.9.0.1') }));
		expect(run(net).error).toBeUndefined();
		expect(result).toMatchObject({ result: 'error', errno: 'EHOSTUNREACH' });
	});

	it('ends in an error value when there is no end', () => {
		const net = createNet();
		const again = (): void => {
			net.schedule(net.now + 1, again);
		};
		again();
		expect(run(net, { budget: 100 }).error).toMatchObject({ code: 'budget' });
	});

	it('stops at a time when asked to, with the clock there', () => {
		const { net } = twoNodes();
		const client = must(connect(net, 'node/a', { protocol: 'tcp', dst: ip('172.18.0.9'), dport: 80 }));
		run(net, { until: 1_500_000 });
		expect([net.now, client.outcome]).toEqual([1_500_000, undefined]);
		run(net);
		expect(client.outcome?.errno).toBe('EHOSTUNREACH');
	});

	it('refuses what the kernel refuses', () => {
		const { net } = twoNodes();
		expect(isLinuxError(addNamespace(net, 'host'))).toBe(true);
		expect(addVeth(net, { ns: 'host', name: 'br0' }, { ns: 'node/a', name: 'x' })).toMatchObject({
			code: 'dev.exists',
		});
		expect(addVeth(net, { ns: 'host', name: 'x' }, { ns: 'nowhere', name: 'x' })).toMatchObject({ code: 'ns.unknown' });
		expect(listen(net, 'pod/a', { protocol: 'tcp', port: 80, owner: 'x', respond: echo('x') })).toMatchObject({
			code: 'socket.in-use',
		});
	});
});
