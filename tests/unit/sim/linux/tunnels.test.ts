import { describe, expect, it } from 'vitest';
import {
	addTunnel,
	type Capture,
	deviceByName,
	type Namespace,
	type Network,
	type Program,
	ping,
	run,
	setDevice,
	type TunnelKey,
} from '../../../../src/sim/linux/index.ts';
import { type Ip, type Ipv4, ipLength } from '../../../../src/sim/wire/index.ts';
import { ip, must, twoNodes } from './topology.ts';

const index = (ns: Namespace, name: string): number => deviceByName(ns, name)!.ifindex;

/** On the pod's device: what is for another node's pods goes into the tunnel. */
const intoTunnel = (pods: Ip, key: TunnelKey): Program => ({
	name: 'encap',
	run(skb, { ns }) {
		if (skb.net.kind !== 'ipv4' || skb.net.dst >>> 8 !== pods >>> 8) return { action: 'ok' };
		skb.tunnel = key;
		return { action: 'redirect', ifindex: index(ns, 'tun0'), ingress: false };
	},
});

/** On the tunnel device: what comes out goes to the pod. */
const toPod = (net: Network, pod: string, seen: TunnelKey[]): Program => ({
	name: 'decap',
	run(skb, { ns }) {
		if (skb.tunnel) seen.push(skb.tunnel);
		skb.frame.dst = net.namespaces.get(pod)!.devices.get(2)!.mac;
		return { action: 'redirect', ifindex: index(ns, 'lxc10'), ingress: false };
	},
});

/** Two nodes whose pods talk through tunnels of the kind. */
const tunnelled = (kind: 'vxlan' | 'geneve', key: Partial<TunnelKey> = {}) => {
	const cluster = twoNodes();
	const { net } = cluster;
	const seen: TunnelKey[] = [];
	const captures: Capture[] = [];
	net.capture = (capture) => captures.push(capture);
	const port = kind === 'vxlan' ? 8472 : 6081;
	const eth0 = (ns: string) => deviceByName(net.namespaces.get(ns)!, 'eth0')!.addresses[0]!.ip;
	for (const [here, there, pods] of [
		['node/a', 'node/b', '10.244.2.0'],
		['node/b', 'node/a', '10.244.1.0'],
	] as const) {
		must(addTunnel(net, { ns: here, name: 'tun0' }, kind, port));
		must(
			setDevice(net, here, 'lxc10', {
				tcIngress: intoTunnel(ip(pods), { id: 0xa755, remote: eth0(there), ...key }),
			}),
		);
		must(setDevice(net, here, 'tun0', { tcIngress: toPod(net, here === 'node/a' ? 'pod/a' : 'pod/b', seen) }));
	}
	return { ...cluster, seen, captures, eth0 };
};

const outer = (captures: readonly Capture[]): Ipv4 | undefined =>
	captures
		.map(({ frame }) => frame.payload)
		.find((packet): packet is Ipv4 => packet.kind === 'ipv4' && packet.payload.kind === 'udp');

describe('a tunnel device', () => {
	for (const kind of ['vxlan', 'geneve'] as const)
		it(`${kind}: carries a packet to the other node and its answer back, TTL untouched`, () => {
			const { net, seen, captures, eth0 } = tunnelled(kind);
			const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
			run(net);
			expect(result).toMatchObject({ result: 'answered', ttl: 64 });
			expect(seen).toMatchObject([
				{ id: 0xa755, remote: eth0('node/a'), local: eth0('node/b') },
				{ id: 0xa755, remote: eth0('node/b'), local: eth0('node/a') },
			]);
			const packet = outer(captures)!;
			expect(packet).toMatchObject({ ttl: 64, df: false, protocol: 17, src: eth0('node/a'), dst: eth0('node/b') });
			expect(packet.payload).toMatchObject({ kind: 'udp', dport: kind === 'vxlan' ? 8472 : 6081, noChecksum: true });
			expect(ipLength(packet)).toBe(84 + 50);
		});

	it('gives the options of a Geneve header to the program that receives it', () => {
		const options = [{ class: 0x014b, type: 0x81, data: new Uint8Array(8) }];
		const { net, seen } = tunnelled('geneve', { options });
		ping(net, 'pod/a', { dst: ip('10.244.2.10') });
		run(net);
		expect(seen[0]?.options).toEqual(options);
	});

	it('cuts what does not fit the wire: the outer packet may be fragmented', () => {
		const { net, captures } = tunnelled('vxlan');
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10'), size: 1472 }));
		run(net);
		expect(result.result).toBe('answered');
		expect(captures.some(({ frame }) => frame.payload.kind === 'ipv4' && frame.payload.mf)).toBe(true);
	});

	it('drops what no program gave a destination', () => {
		const { net, recorder } = tunnelled('vxlan', { remote: 0 });
		ping(net, 'pod/a', { dst: ip('10.244.2.10') });
		run(net);
		expect(recorder.decisions.some((d) => d.why.code === 'tunnel.no-key')).toBe(true);
	});

	it('chooses one source port for one flow', () => {
		const { net, captures } = tunnelled('vxlan');
		for (let i = 0; i < 3; i++) ping(net, 'pod/a', { dst: ip('10.244.2.10') });
		run(net);
		const ports = captures.flatMap(({ frame, ns, dev, direction }) =>
			ns === 'node/a' && dev === 'eth0' && direction === 'tx' && frame.payload.kind === 'ipv4'
				? frame.payload.payload.kind === 'udp'
					? [frame.payload.payload.sport]
					: []
				: [],
		);
		expect(ports).toHaveLength(3);
		expect(new Set(ports).size).toBe(1);
	});
});
