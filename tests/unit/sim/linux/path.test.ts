import { describe, expect, it } from 'vitest';
import { connect, ping, run } from '../../../../src/sim/linux/index.ts';
import { utf8 } from '../../../../src/sim/wire/index.ts';
import { hops, ip, must, text, twoNodes } from './topology.ts';

describe('two nodes on a bridge with a pod each', () => {
	it('lets a pod ping the other: the TTL falls by one at each node', () => {
		const { net, recorder } = twoNodes();
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		expect(run(net).error).toBeUndefined();
		expect(result.result).toBe('answered');
		expect(result.ttl).toBe(62);
		expect(hops(recorder, result.firstPacket)).toEqual([
			'pod/a eth0 tx ttl 64',
			'node/a lxc10 rx ttl 64',
			'node/a eth0 tx ttl 63',
			'host veth0 rx ttl 63',
			'host veth1 tx ttl 63',
			'node/b eth0 rx ttl 63',
			'node/b lxc10 tx ttl 62',
			'pod/b eth0 rx ttl 62',
		]);
	});

	it('carries a TCP connection, its data and its end', () => {
		const { net, recorder } = twoNodes();
		const client = must(
			connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 80, data: utf8('GET /') }),
		);
		run(net);
		expect(client.outcome?.result).toBe('connected');
		expect(text(client.outcome!.reply)).toBe('pod/b:GET /');
		expect(client.accepted).toMatchObject({
			ns: 'pod/b',
			owner: 'pod/b',
			peer: { ip: ip('10.244.1.10'), port: client.local!.port },
		});
		// What tcpdump prints of such an exchange at the server, RFC 9293 flags as its letters.
		const letters = (flags: number) =>
			[
				[2, 'S'],
				[1, 'F'],
				[8, 'P'],
				[16, '.'],
			]
				.filter(([bit]) => flags & (bit as number))
				.map(([, l]) => l)
				.join('');
		const seen = recorder.decisions
			.filter((d) => d.ns === 'pod/b' && d.dev === 'eth0' && d.before?.protocol === 6 && /x$/.test(d.hook))
			.map((d) => `${d.hook} ${letters(d.before!.flags!)} ${d.before!.length}`);
		expect(seen).toEqual([
			'rx S 60',
			'tx S. 60',
			'rx . 52',
			'rx P. 57',
			'tx . 52',
			'tx P. 63',
			'rx . 52',
			'rx F. 52',
			'tx F. 52',
			'rx . 52',
		]);
	});

	it('carries a datagram and its answer', () => {
		const { net } = twoNodes();
		const client = must(connect(net, 'host', { protocol: 'udp', dst: ip('10.244.1.10'), dport: 80, data: utf8('hi') }));
		run(net);
		expect(client.outcome).toMatchObject({ result: 'connected' });
		expect(text(client.outcome!.reply)).toBe('pod/a:hi');
		expect(client.accepted?.peer.ip).toBe(ip('172.18.0.1'));
	});
});
