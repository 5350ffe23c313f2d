import { describe, expect, it } from 'vitest';
import {
	addAddress,
	addDummy,
	addNamespace,
	addRoute,
	addRule,
	addressType,
	addVeth,
	createNet,
	delRoute,
	formatAddresses,
	formatRoutes,
	formatRules,
	type Network,
	RT_SCOPE,
	replaceRoute,
	routeOutput,
	selectAddress,
	setDevice,
} from '../../../../src/sim/linux/index.ts';
import { formatIp, parsePrefix } from '../../../../src/sim/wire/index.ts';
import { address, ip, must, route } from './topology.ts';

const host = (): Network => {
	const net = createNet({ seed: 3 });
	must(addNamespace(net, 'n', { kernel: '5.15.0' }));
	must(addNamespace(net, 'other'));
	must(addVeth(net, { ns: 'n', name: 'eth0', mac: 0x0242ac120003 }, { ns: 'other', name: 'eth0' }));
	address(net, 'n', 'eth0', '172.18.0.3/16');
	return net;
};

const out = (net: Network, dst: string, more: object = {}) => {
	const ns = net.namespaces.get('n')!;
	const found = routeOutput(net, ns, { dst: ip(dst), ...more });
	return found.type === 'error'
		? found.error
		: `${found.type} ${ns.devices.get(found.oif)!.name} ${formatIp(found.src)}${found.gateway ? ` via ${formatIp(found.gateway)}` : ''}`;
};

describe('addresses', () => {
	it('bring the routes the kernel makes for them', () => {
		const net = host();
		const ns = net.namespaces.get('n')!;
		expect(formatRoutes(ns, 255)).toEqual([
			'local 127.0.0.0/8 dev lo proto kernel scope host src 127.0.0.1',
			'local 127.0.0.1 dev lo proto kernel scope host src 127.0.0.1',
			'broadcast 127.255.255.255 dev lo proto kernel scope link src 127.0.0.1',
			'local 172.18.0.3 dev eth0 proto kernel scope host src 172.18.0.3',
			'broadcast 172.18.255.255 dev eth0 proto kernel scope link src 172.18.0.3',
		]);
		expect(formatRoutes(ns)).toEqual(['172.18.0.0/16 dev eth0 proto kernel scope link src 172.18.0.3']);
		expect(formatRules(ns)).toEqual([
			'0:\tfrom all lookup local',
			'32766:\tfrom all lookup main',
			'32767:\tfrom all lookup default',
		]);
	});

	it('of one subnet are secondary after the first, and cannot be added twice', () => {
		const net = host();
		expect(must(addAddress(net, 'n', 'eth0', { ip: ip('172.18.0.4'), length: 16 })).secondary).toBe(true);
		expect(addAddress(net, 'n', 'eth0', { ip: ip('172.18.0.4'), length: 16 })).toMatchObject({
			code: 'address.exists',
		});
		expect(formatAddresses(net.namespaces.get('n')!).slice(-4)).toEqual([
			'2: eth0@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP',
			'    link/ether 02:42:ac:12:00:03 brd ff:ff:ff:ff:ff:ff',
			'    inet 172.18.0.3/16 brd 172.18.255.255 scope global eth0',
			'    inet 172.18.0.4/16 brd 172.18.255.255 scope global secondary eth0',
		]);
	});

	it('are LOCAL, BROADCAST, MULTICAST or UNICAST as the local table says', () => {
		const net = host();
		const ns = net.namespaces.get('n')!;
		const types = ['172.18.0.3', '127.9.9.9', '172.18.255.255', '255.255.255.255', '224.0.0.1', '8.8.8.8'];
		expect(types.map((text) => addressType(ns, ip(text)))).toEqual([
			'LOCAL',
			'LOCAL',
			'BROADCAST',
			'BROADCAST',
			'MULTICAST',
			'UNICAST',
		]);
		expect(addressType(ns, ip('172.18.0.3'), ns.devices.get(1))).toBe('UNICAST');
	});
});

describe('the source address', () => {
	it('is one whose scope allows it, of the device first, then of any device but never of scope link', () => {
		const net = host();
		must(addDummy(net, { ns: 'n', name: 'cilium_host' }));
		address(net, 'n', 'cilium_host', '10.244.1.5/32', 'link');
		must(addDummy(net, { ns: 'n', name: 'bare' }));
		const ns = net.namespaces.get('n')!;
		const [, eth0, cilium, bare] = [...ns.devices.values()];
		expect(formatIp(selectAddress(ns, cilium, ip('10.244.1.9'), RT_SCOPE.global))).toBe('172.18.0.3');
		expect(formatIp(selectAddress(ns, cilium, ip('10.244.1.9'), RT_SCOPE.link))).toBe('10.244.1.5');
		expect(formatIp(selectAddress(ns, bare, ip('10.244.1.9'), RT_SCOPE.link))).toBe('172.18.0.3');
		expect(formatIp(selectAddress(ns, eth0, ip('172.18.0.1'), RT_SCOPE.global))).toBe('172.18.0.3');
	});

	it('prefers the address whose subnet holds the next hop', () => {
		const net = host();
		address(net, 'n', 'eth0', '10.1.0.3/24');
		const ns = net.namespaces.get('n')!;
		const eth0 = ns.devices.get(2);
		expect(formatIp(selectAddress(ns, eth0, ip('10.1.0.1'), RT_SCOPE.global))).toBe('10.1.0.3');
		expect(formatIp(selectAddress(ns, eth0, ip('9.9.9.9'), RT_SCOPE.global))).toBe('172.18.0.3');
	});

	it('is the src of the route when it has one', () => {
		const net = host();
		address(net, 'n', 'lo', '10.9.9.9/32');
		route(net, 'n', '10.244.2.0/24', { via: '172.18.0.2', src: '10.9.9.9' });
		expect(out(net, '10.244.2.1')).toBe('unicast eth0 10.9.9.9 via 172.18.0.2');
		expect(out(net, '172.18.0.3')).toBe('local lo 172.18.0.3');
	});
});

describe('routes', () => {
	it('match by the longest prefix, then by metric', () => {
		const net = host();
		route(net, 'n', 'default', { via: '172.18.0.1' });
		must(addRoute(net, 'n', { dst: parsePrefix('10.0.0.0/8')!, via: ip('172.18.0.2'), metric: 100 }));
		must(addRoute(net, 'n', { dst: parsePrefix('10.0.0.0/8')!, via: ip('172.18.0.4'), metric: 50 }));
		must(addRoute(net, 'n', { dst: parsePrefix('10.1.0.0/16')!, type: 'unreachable' }));
		must(addRoute(net, 'n', { dst: parsePrefix('10.2.0.0/16')!, type: 'blackhole' }));
		must(addRoute(net, 'n', { dst: parsePrefix('10.3.0.0/16')!, type: 'prohibit' }));
		expect(out(net, '10.9.0.1')).toBe('unicast eth0 172.18.0.3 via 172.18.0.4');
		expect(out(net, '8.8.8.8')).toBe('unicast eth0 172.18.0.3 via 172.18.0.1');
		expect([out(net, '10.1.0.1'), out(net, '10.2.0.1'), out(net, '10.3.0.1')]).toEqual([
			'EHOSTUNREACH',
			'EINVAL',
			'EACCES',
		]);
		expect(formatRoutes(net.namespaces.get('n')!)).toEqual([
			'default via 172.18.0.1 dev eth0',
			'10.0.0.0/8 via 172.18.0.4 dev eth0 metric 50',
			'10.0.0.0/8 via 172.18.0.2 dev eth0 metric 100',
			'unreachable 10.1.0.0/16',
			'blackhole 10.2.0.0/16',
			'prohibit 10.3.0.0/16',
			'172.18.0.0/16 dev eth0 proto kernel scope link src 172.18.0.3',
		]);
		expect(delRoute(net, 'n', { dst: parsePrefix('0.0.0.0/0')! })).toBeUndefined();
		expect(out(net, '8.8.8.8')).toBe('ENETUNREACH');
	});

	it('need a gateway that is on a link', () => {
		const net = host();
		const any = parsePrefix('0.0.0.0/0')!;
		expect(addRoute(net, 'n', { dst: any, via: ip('10.0.0.1'), dev: 'eth0' })).toMatchObject({
			code: 'route.invalid-gateway',
		});
		must(addRoute(net, 'n', { dst: any, via: ip('10.0.0.1'), dev: 'eth0', onlink: true }));
		must(addRoute(net, 'n', { dst: parsePrefix('10.0.0.1/32')!, dev: 'eth0' }));
		must(replaceRoute(net, 'n', { dst: any, via: ip('10.0.0.1') }));
		// A gateway behind a gateway is none.
		expect(addRoute(net, 'n', { dst: parsePrefix('10.5.0.0/16')!, via: ip('9.9.9.9') })).toMatchObject({
			code: 'route.invalid-gateway',
		});
		expect(addRoute(net, 'n', { dst: any, via: ip('10.0.0.1') })).toMatchObject({ code: 'route.exists' });
		expect(addRoute(net, 'n', { dst: { address: ip('10.0.0.1'), length: 8 }, dev: 'eth0' })).toMatchObject({
			code: 'route.invalid-prefix',
		});
		expect(addRoute(net, 'n', { dst: any, dev: 'eth0', src: ip('9.9.9.9'), metric: 5 })).toMatchObject({
			code: 'route.invalid-source',
		});
		expect(addRoute(net, 'n', { dst: any, dev: 'eth9' })).toMatchObject({ code: 'dev.unknown' });
	});

	it('over a device that is down do not answer', () => {
		const net = host();
		must(setDevice(net, 'n', 'eth0', { up: false }));
		expect(out(net, '172.18.0.9')).toBe('ENETUNREACH');
	});

	it('of other tables are found by rules on the mark', () => {
		const net = host();
		route(net, 'n', 'default', { via: '172.18.0.1' });
		must(addRoute(net, 'n', { dst: parsePrefix('0.0.0.0/0')!, via: ip('172.18.0.9'), table: 100 }));
		addRule(net, 'n', { priority: 10, fwmark: { value: 0x200, mask: 0xf00 }, table: 100 });
		expect(out(net, '8.8.8.8')).toBe('unicast eth0 172.18.0.3 via 172.18.0.1');
		expect(out(net, '8.8.8.8', { mark: 0x1200 })).toBe('unicast eth0 172.18.0.3 via 172.18.0.9');
		expect(formatRules(net.namespaces.get('n')!)[1]).toBe('10:\tfrom all fwmark 0x200/0xf00 lookup 100');
	});
});
