import { describe, expect, it } from 'vitest';
import {
	type ConnectProgram,
	connect,
	forkNet,
	type Namespace,
	type Program,
	type ProgramVerdict,
	ping,
	run,
	setConnectPrograms,
	setDevice,
} from '../../../../src/sim/linux/index.ts';
import { traceDigest } from '../../../../src/sim/trace/index.ts';
import { utf8 } from '../../../../src/sim/wire/index.ts';
import { hops, ip, must, text, twoNodes } from './topology.ts';

const program = (answer: (ns: Namespace) => ProgramVerdict): Program => ({
	name: 'test',
	run: (skb, { ns }) => (skb.net.kind === 'ipv4' ? answer(ns) : { action: 'ok' }),
});
const index = (ns: Namespace, name: string): number => [...ns.devices.values()].find((d) => d.name === name)!.ifindex;

/** Neighbours known everywhere, so that only the packet itself is seen. */
const warm = () => {
	const cluster = twoNodes();
	must(ping(cluster.net, 'pod/a', { dst: ip('10.244.2.10') }));
	run(cluster.net);
	cluster.recorder.clear();
	return cluster;
};

describe('a BPF program', () => {
	it('on tc ingress drops with a reason', () => {
		const { net, recorder } = warm();
		must(setDevice(net, 'node/a', 'lxc10', { tcIngress: program(() => ({ action: 'drop', reason: 133 })) }));
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		expect(result.result).toBe('timeout');
		expect(recorder.decisions.find((d) => d.verdict === 'drop')).toMatchObject({
			ns: 'node/a',
			hook: 'tc-ingress',
			why: { code: 'program.dropped', reason: 133 },
		});
	});

	it('redirects out of another device: the stack is not asked, the TTL stays', () => {
		const { net, recorder } = warm();
		must(
			setDevice(net, 'node/b', 'eth0', {
				tcIngress: {
					name: 'from_netdev',
					run: (skb, { ns }) => {
						if (skb.net.kind !== 'ipv4' || skb.net.dst !== ip('10.244.2.10')) return { action: 'ok' };
						// As a program does that has no neighbour table to ask: it writes the addresses itself.
						skb.frame.dst = net.namespaces.get('pod/b')!.devices.get(2)!.mac;
						return { action: 'redirect', ifindex: index(ns, 'lxc10'), ingress: false };
					},
				},
			}),
		);
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		expect(result.result).toBe('answered');
		expect(hops(recorder, result.firstPacket).slice(-3)).toEqual([
			'node/b eth0 rx ttl 63',
			'node/b lxc10 tx ttl 63',
			'pod/b eth0 rx ttl 63',
		]);
	});

	it('redirects to the peer: the device on the node never sees the packet', () => {
		const { net, recorder } = warm();
		must(
			setDevice(net, 'node/b', 'eth0', {
				tcIngress: {
					name: 'from_netdev',
					run: (skb, { ns }) => {
						if (skb.net.kind !== 'ipv4' || skb.net.dst !== ip('10.244.2.10')) return { action: 'ok' };
						skb.frame.dst = net.namespaces.get('pod/b')!.devices.get(2)!.mac;
						return { action: 'redirect-peer', ifindex: index(ns, 'lxc10') };
					},
				},
			}),
		);
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		expect(result.result).toBe('answered');
		expect(hops(recorder, result.firstPacket).slice(-2)).toEqual(['node/b eth0 rx ttl 63', 'pod/b eth0 rx ttl 63']);
	});

	it('redirects with neighbour: the kernel fills in the link-layer address', () => {
		const { net, recorder } = warm();
		must(
			setDevice(net, 'node/a', 'lxc10', {
				tcIngress: program((ns) => ({ action: 'redirect-neigh', ifindex: index(ns, 'eth0') })),
			}),
		);
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		expect(result.result).toBe('answered');
		expect(hops(recorder, result.firstPacket).slice(1, 3)).toEqual(['node/a lxc10 rx ttl 64', 'node/a eth0 tx ttl 64']);
	});

	it('on cgroup/connect4 sends a socket elsewhere, or refuses it', () => {
		const { net } = warm();
		const translate: ConnectProgram = {
			name: 'sock4_connect',
			hook: 'connect4',
			run: (address) => {
				if (address.ip === ip('10.96.0.10')) {
					address.ip = ip('10.244.2.10');
					address.port = 80;
				}
				return address.port === 666 ? 'deny' : 'allow';
			},
		};
		setConnectPrograms(net, 'node/a', [translate]);
		const ask = (dst: string, dport: number) =>
			must(connect(net, 'node/a', { protocol: 'tcp', dst: ip(dst), dport, data: utf8('x') }));
		const service = ask('10.96.0.10', 5000);
		const denied = ask('10.244.2.10', 666);
		run(net);
		expect(text(service.outcome!.reply)).toBe('pod/b:x');
		expect(service.remote).toEqual({ ip: ip('10.244.2.10'), port: 80 });
		expect(denied.outcome).toMatchObject({ result: 'unreachable', errno: 'EPERM' });
	});
});

describe('a fork', () => {
	const talk = (net: ReturnType<typeof twoNodes>['net']) => {
		const client = must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 80, data: utf8('x') }));
		run(net);
		return client;
	};

	it('goes on as the original would have, and leaves the original alone', () => {
		const one = twoNodes();
		talk(one.net);
		const two = twoNodes();
		talk(two.net);
		const before = two.net.namespaces.get('node/b')!.counters.get(2)!.rx;
		const fork = forkNet(two.net, { recorder: two.recorder });
		one.recorder.clear();
		two.recorder.clear();
		const a = talk(one.net);
		const b = talk(fork);
		expect(b.local).toEqual(a.local);
		expect(traceDigest(two.recorder.decisions)).toBe(traceDigest(one.recorder.decisions));
		expect(two.net.namespaces.get('node/b')!.counters.get(2)!.rx).toBe(before);
		expect([...fork.namespaces.keys()]).toEqual([...two.net.namespaces.keys()]);
	});

	it('of a fork of a fork is no slower to find', () => {
		let { net } = twoNodes();
		for (let i = 0; i < 100; i++) net = forkNet(net);
		expect(talk(net).outcome?.result).toBe('connected');
	});
});

it('the same seed gives the same bytes, another seed others', () => {
	const digest = (seed: number) => {
		const { net, recorder } = twoNodes({ seed });
		must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 80, data: utf8('x') }));
		run(net);
		return traceDigest(recorder.decisions);
	};
	expect(digest(5)).toBe(digest(5));
	expect(digest(5)).not.toBe(digest(6));
});
