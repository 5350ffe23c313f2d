import { describe, expect, it } from 'vitest';
import {
	type Capture,
	connect,
	listen,
	type Network,
	type Program,
	run,
	setDevice,
	unlisten,
} from '../../../../src/sim/linux/index.ts';
import { type Ipv4, type Tcp, utf8 } from '../../../../src/sim/wire/index.ts';
import { echo, ip, must, text, twoNodes } from './topology.ts';

interface Segment extends Tcp {
	readonly ip: Ipv4;
	readonly direction: 'rx' | 'tx';
	readonly time: number;
}

/** A network whose TCP segments at the server's device are kept. */
const watched = (kernel = '5.15.0') => {
	const segments: Segment[] = [];
	const capture = ({ ns, dev, frame, direction, time }: Capture): void => {
		const { payload } = frame;
		if (ns === 'pod/b' && dev === 'eth0' && payload.kind === 'ipv4' && payload.payload.kind === 'tcp')
			segments.push({ ...payload.payload, ip: payload, direction, time });
	};
	const { net, recorder } = twoNodes({ kernel, capture });
	return { net, recorder, segments };
};

const ask = (net: Network, more: object = {}) =>
	must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.2.10'), dport: 80, data: utf8('GET /'), ...more }));

/** Drops the segments for which `which` says so, counted from 0, on their way into pod/b's node. */
const lossy = (net: Network, dev: string, which: (n: number) => boolean): void => {
	let n = 0;
	const program: Program = {
		name: 'loss',
		run: (skb) =>
			skb.net.kind === 'ipv4' && skb.net.protocol === 6 && which(n++)
				? { action: 'drop', reason: 1 }
				: { action: 'ok' },
	};
	must(setDevice(net, 'node/b', dev, { tcIngress: program }));
};

describe('TCP', () => {
	it.each([
		['5.15.0', 7, [64240, 65160, 502, 502, 510, 510, 502, 502, 510, 502]],
		// As captured on a real kernel of that age.
		['6.18.0', 10, [64240, 65160, 63, 63, 64, 64, 63, 63, 64, 63]],
	])('on Linux %s announces the windows that kernel announces', (kernel, scale, windows) => {
		const { net, segments } = watched(kernel);
		ask(net);
		run(net);
		expect(segments.map((s) => s.window)).toEqual(windows);
		expect(segments.slice(0, 2).map(({ mss, wscale, sackOk }) => ({ mss, wscale, sackOk }))).toEqual([
			{ mss: 1460, wscale: scale, sackOk: true },
			{ mss: 1460, wscale: scale, sackOk: true },
		]);
	});

	it('marks every packet "don’t fragment", numbers those of a socket one by one, and the SYN-ACK with 0', () => {
		const { net, segments } = watched();
		ask(net);
		run(net);
		expect(segments.every((s) => s.ip.df)).toBe(true);
		const client = segments.filter((s) => s.direction === 'rx').map((s) => s.ip.id);
		for (const [i, id] of client.entries()) expect(id).toBe((client[0]! + i) & 0xffff);
		expect(segments[1]!.ip.id).toBe(0);
	});

	it('takes its local port from the even half of the range, and never one that is in use', () => {
		const { net } = watched();
		const clients = Array.from({ length: 50 }, () => ask(net));
		const ports = clients.map((c) => c.local!.port);
		expect(new Set(ports).size).toBe(50);
		for (const port of ports) expect(port % 2 === 0 && port >= 32768 && port <= 60999).toBe(true);
		run(net);
		for (const c of clients) expect(c.outcome?.result).toBe('connected');
	});

	it('carries more than a window, in order', () => {
		const { net, segments } = watched();
		const big = new Uint8Array(120_000).map((_, i) => i % 251);
		must(listen(net, 'pod/b', { protocol: 'tcp', port: 81, owner: 'b', respond: () => big }));
		const client = ask(net, { dport: 81 });
		run(net);
		expect(client.outcome!.reply.every((octet, i) => octet === i % 251)).toBe(true);
		expect(client.outcome!.reply.length).toBe(big.length);
		expect(Math.max(...segments.map((s) => s.data.length))).toBe(1448);
	});

	it('is closed by the server first when the server does so', () => {
		const { net, segments } = watched();
		must(listen(net, 'pod/b', { protocol: 'tcp', port: 81, owner: 'b', respond: echo('b'), closes: 'server' }));
		const client = ask(net, { dport: 81 });
		run(net);
		expect(text(client.outcome!.reply)).toBe('b:GET /');
		expect(segments.filter((s) => s.flags & 1).map((s) => s.direction)).toEqual(['tx', 'rx']);
	});

	it('sends again what was lost, at either end', () => {
		for (let lost = 0; lost < 6; lost++)
			for (const dev of ['eth0', 'lxc10']) {
				const { net } = watched();
				lossy(net, dev, (n) => n === lost);
				const client = ask(net);
				expect(run(net).error).toBeUndefined();
				expect([dev, lost, client.outcome && text(client.outcome.reply)]).toEqual([dev, lost, 'pod/b:GET /']);
			}
	});

	it('repeats a SYN-ACK that nobody acknowledges five times, then forgets the connection', () => {
		const { net, segments } = watched();
		lossy(net, 'lxc10', () => true);
		ask(net, { deadline: 500_000 });
		run(net);
		const times = segments.filter((s) => s.direction === 'tx').map((s) => Math.round(s.time / 1_000_000));
		expect(times).toEqual([0, 1, 3, 7, 15, 31]);
		expect(net.namespaces.get('pod/b')!.sockets.tcp.size).toBe(0);
	});

	it('leaves TIME_WAIT at the end that closed first, without holding the clock', () => {
		const { net } = watched();
		const client = ask(net);
		run(net);
		expect(net.now).toBeLessThan(10_000);
		const { timeWait } = net.namespaces.get('pod/a')!.sockets;
		expect(timeWait.map((ep) => [ep.state, ep.localPort])).toEqual([['TIME_WAIT', client.local!.port]]);
		// The same four numbers may be used again at once: the new SYN comes after all that was sent before.
		const again = ask(net, { sport: client.local!.port });
		run(net);
		expect(again.outcome?.result).toBe('connected');
	});

	it('answers with RST to what belongs to no connection', () => {
		const { net, segments } = watched();
		const listener = must(listen(net, 'pod/b', { protocol: 'tcp', port: 81, owner: 'b', respond: () => undefined }));
		const first = ask(net, { dport: 81, deadline: 1_000_000 });
		run(net, { until: 500_000 });
		unlisten(net, 'pod/b', listener);
		net.namespaces.get('pod/b')!.sockets.tcp.clear();
		run(net);
		expect(first.outcome?.result).toBe('connected');
		expect(segments.at(-1)!.flags & 4).toBe(4);
		expect(ask(net, { dport: 81 }).outcome ?? run(net)).toBeDefined();
	});
});
