import { describe, expect, it } from 'vitest';
import {
	addNamespace,
	addNeighbour,
	addVeth,
	type Capture,
	connect,
	createNet,
	delNamespace,
	enslave,
	formatNeighbours,
	ping,
	run,
	setDevice,
	setSysctl,
} from '../../../../src/sim/linux/index.ts';
import { formatIp, formatMac, utf8 } from '../../../../src/sim/wire/index.ts';
import { hops, ip, must, route, twoNodes } from './topology.ts';

describe('ARP', () => {
	it('asks with the source of the waiting packet when that is ours, else with an address of the node', () => {
		const { net, recorder } = twoNodes();
		must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		const asked = recorder.decisions.filter((d) => d.why.code === 'arp.asked').map((d) => `${d.ns}: ${d.key}`);
		expect(asked).toEqual([
			'pod/a: who-has 10.244.1.1 tell 10.244.1.10',
			'node/a: who-has 172.18.0.3 tell 172.18.0.2',
			// lxc devices have no address: the node's is taken.
			'node/b: who-has 10.244.2.10 tell 172.18.0.3',
			'pod/b: who-has 10.244.2.1 tell 10.244.2.10',
		]);
	});

	it('teaches who asks to who answers, as hearsay', () => {
		const { net } = twoNodes();
		must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net, { until: 500_000 });
		const [a, b] = ['node/a', 'node/b'].map((name) => net.namespaces.get(name)!);
		const mac = formatMac([...b!.devices.values()].find((d) => d.name === 'eth0')!.mac);
		expect(formatNeighbours(net, a!)).toContain(`172.18.0.3 dev eth0 lladdr ${mac} REACHABLE`);
		expect(formatNeighbours(net, b!).some((line) => /^172\.18\.0\.2 dev eth0 lladdr \S+ DELAY$/.test(line))).toBe(true);
		run(net, { until: 60_000_000 });
		expect(formatNeighbours(net, a!)).toContain(`172.18.0.3 dev eth0 lladdr ${mac} STALE`);
	});

	it('is answered by proxy when the device does so and the way is another device', () => {
		const { net, recorder } = twoNodes();
		must(setDevice(net, 'node/a', 'lxc10', { proxyArp: true }));
		route(net, 'pod/a', '172.18.0.0/16', { dev: 'eth0', scope: 'link' });
		const result = must(ping(net, 'pod/a', { dst: ip('172.18.0.1') }));
		run(net);
		expect(result.result).toBe('answered');
		expect(recorder.decisions.some((d) => d.why.code === 'arp.proxied')).toBe(true);
	});

	it('is not needed for a permanent neighbour', () => {
		const { net, recorder } = twoNodes();
		const gateway = [...net.namespaces.get('node/a')!.devices.values()].find((d) => d.name === 'lxc10')!;
		addNeighbour(net, 'pod/a', 'eth0', ip('10.244.1.1'), gateway.mac);
		must(ping(net, 'pod/a', { dst: ip('172.18.0.2') }));
		run(net);
		expect(recorder.decisions.some((d) => d.ns === 'pod/a' && d.why.code === 'arp.asked')).toBe(false);
	});
});

describe('a bridge', () => {
	it('floods what it does not know, then sends by one port only', () => {
		const { net, recorder } = twoNodes();
		must(addNamespace(net, 'third'));
		must(addVeth(net, { ns: 'third', name: 'eth0' }, { ns: 'host', name: 'veth2' }));
		expect(enslave(net, 'host', 'br0', 'veth2')).toBeUndefined();
		const first = must(ping(net, 'node/a', { dst: ip('172.18.0.3') }));
		run(net);
		expect(first.result).toBe('answered');
		// The question went to everybody, the echo only to whom it was for.
		const seen = recorder.decisions.filter((d) => d.ns === 'third' && d.hook === 'rx');
		expect(seen.map((d) => d.key)).toEqual(['who-has 172.18.0.3 tell 172.18.0.2']);
		expect(hops(recorder, first.firstPacket)).toEqual([
			'node/a eth0 tx ttl 64',
			'host veth0 rx ttl 64',
			'host veth1 tx ttl 64',
			'node/b eth0 rx ttl 64',
		]);
	});

	it('is a device of its own namespace, which sends and receives by it', () => {
		const { net, recorder } = twoNodes();
		const result = must(ping(net, 'host', { dst: ip('172.18.0.2') }));
		run(net);
		expect(hops(recorder, result.firstPacket)).toEqual([
			'host br0 tx ttl 64',
			'host veth0 tx ttl 64',
			'node/a eth0 rx ttl 64',
		]);
		expect(hops(recorder, result.firstReply!)).toEqual([
			'node/a eth0 tx ttl 64',
			'host veth0 rx ttl 64',
			'host br0 rx ttl 64',
		]);
	});
});

describe('devices', () => {
	it('give captures what they sent and received, as it was then', () => {
		const frames: Capture[] = [];
		const { net } = twoNodes({ capture: (c) => frames.push(c) });
		const result = must(ping(net, 'pod/a', { dst: ip('10.244.2.10') }));
		run(net);
		const ttls = frames
			.filter((c) => c.packet === result.firstPacket)
			.map((c) => `${c.ns} ${c.dev} ${c.direction} ${c.frame.payload.kind === 'ipv4' ? c.frame.payload.ttl : ''}`);
		expect(ttls[0]).toBe('pod/a eth0 tx 64');
		expect(ttls.at(-1)).toBe('pod/b eth0 rx 62');
		expect(frames.filter((c) => c.frame.type === 0x0806).length).toBeGreaterThan(0);
	});

	it('go with their namespace, and routes with them', () => {
		const { net } = twoNodes();
		delNamespace(net, 'pod/a');
		const node = net.namespaces.get('node/a')!;
		expect([...node.devices.values()].map((d) => d.name)).toEqual(['lo', 'eth0']);
		expect(node.routes.some((r) => r.dst.address === ip('10.244.1.10'))).toBe(false);
		const tcp = must(connect(net, 'host', { protocol: 'tcp', dst: ip('10.244.1.10'), dport: 80 }));
		run(net);
		// The node sends it where its default route leads: back to the host, whose own address is the source.
		expect(tcp.outcome).toMatchObject({ result: 'timeout', errno: 'ETIMEDOUT' });
	});

	it('carry packets of a namespace to itself over lo', () => {
		const { net, recorder } = twoNodes();
		const client = must(connect(net, 'pod/a', { protocol: 'tcp', dst: ip('10.244.1.10'), dport: 80, data: utf8('x') }));
		run(net);
		expect(client.outcome?.result).toBe('connected');
		expect(formatIp(client.accepted!.peer.ip)).toBe('10.244.1.10');
		expect(hops(recorder, client.firstPacket)).toEqual(['pod/a lo tx ttl 64', 'pod/a lo rx ttl 64']);
	});
});

describe('127.0.0.0/8', () => {
	it('is neither source nor destination of a packet from outside, unless route_localnet says so', () => {
		const reaches = (allowed: boolean) => {
			const { net, recorder } = twoNodes();
			setSysctl(net, 'node/a', { route_localnet: allowed });
			// The host sends to 127.0.0.9 by the wire instead of to itself.
			const host = net.namespaces.get('host')!;
			host.routes = host.routes.filter((r) => !(r.dst.length === 8 && r.table === 255));
			route(net, 'host', '127.0.0.9/32', { via: '172.18.0.2' });
			must(ping(net, 'host', { dst: ip('127.0.0.9'), src: ip('172.18.0.1') }));
			run(net);
			return {
				martian: recorder.decisions.some((d) => d.why.code === 'route.martian-destination'),
				echoed: recorder.decisions.some((d) => d.why.code === 'icmp.echoed'),
			};
		};
		expect(reaches(false)).toEqual({ martian: true, echoed: false });
		expect(reaches(true)).toEqual({ martian: false, echoed: true });
	});
});

it('an address of a device is deterministic and locally administered', () => {
	const macs = [1, 1, 2].map((seed) => {
		const net = createNet({ seed });
		must(addNamespace(net, 'a'));
		must(addNamespace(net, 'b'));
		return formatMac(must(addVeth(net, { ns: 'a', name: 'x' }, { ns: 'b', name: 'y' }))[0].mac);
	});
	expect(macs[0]).toBe(macs[1]);
	expect(macs[0]).not.toBe(macs[2]);
	for (const mac of macs) expect(Number.parseInt(mac.slice(0, 2), 16) & 3).toBe(2);
});
