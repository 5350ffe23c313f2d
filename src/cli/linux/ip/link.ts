/** `ip link`: iproute2 ip/iplink.c @ v6.1.0, and what the kernel does with a device that goes down or up. */
import {
	addAddress,
	addBridge,
	addDummy,
	addVeth,
	delAddress,
	delDevice,
	deviceByName,
	enslave,
	isLinuxError,
	type Network,
	setDevice,
} from '../../../sim/linux/index.ts';
import { parseMac } from '../../../sim/wire/index.ts';
import { netlinkError } from '../space.ts';
import { whole } from '../words.ts';
import { showDevices } from './address.ts';
import { fault, type IpRun, invalid, matches, noDevice, type Words } from './context.ts';

const HELP = `Usage: ip link add  [link DEV | parentdev NAME] [ name ] NAME
		    [ txqueuelen PACKETS ]
		    [ address LLADDR ]
		    [ broadcast LLADDR ]
		    [ mtu MTU ] [index IDX ]
		    [ numtxqueues QUEUE_COUNT ]
		    [ numrxqueues QUEUE_COUNT ]
		    type TYPE [ ARGS ]

	ip link delete { DEVICE | dev DEVICE | group DEVGROUP } type TYPE [ ARGS ]

	ip link set { DEVICE | dev DEVICE | group DEVGROUP }
			[ { up | down } ]
			[ mtu MTU ]
			[ address LLADDR ]
			[ master DEVICE ]
			[ nomaster ]

	ip link show [ DEVICE | group GROUP ] [up] [master DEV] [type TYPE]`;

/**
 * fib_disable_ip() and fib_inetdev_event(): a device that goes down loses its neighbours and its routes but the local ones; one that goes
 * up gets back those of its addresses.
 */
function setUp(net: Network, nsName: string, dev: string, up: boolean): void {
	const ns = net.namespaces.get(nsName)!;
	const device = deviceByName(ns, dev)!;
	if (device.up === up) return;
	setDevice(net, nsName, dev, { up });
	if (!up) {
		ns.routes = ns.routes.filter((r) => r.dev !== device.ifindex || r.type === 'local');
		for (const [key, neighbour] of ns.neighbours) if (neighbour.dev === device.ifindex) ns.neighbours.delete(key);
		return;
	}
	for (const { ip, length } of device.addresses) delAddress(net, nsName, dev, { ip, length });
	for (const { ip, length, scope } of device.addresses) addAddress(net, nsName, dev, { ip, length, scope });
}

/** A new device is down until somebody sets it up. */
const down = (net: Network, ns: string, ...names: readonly string[]): void => {
	for (const name of names) setDevice(net, ns, name, { up: false });
};

function add(run: IpRun, words: Words): number {
	const { space } = run;
	let name: string | undefined;
	let type: string | undefined;
	let mtu: number | undefined;
	let mac: number | undefined;
	let peer: string | undefined;
	while (!words.done) {
		const word = words.take();
		if (word === 'name' || word === 'dev') name = words.take();
		else if (word === 'mtu') {
			const text = words.take();
			mtu = whole(text, 0, 65535) ?? invalid('Invalid "mtu" value\n', text);
		} else if (word === 'address') {
			const text = words.take();
			mac = parseMac(text) ?? fault(`"${text}" is invalid lladdr.`);
		} else if (word === 'txqueuelen' || word === 'index' || word === 'link') words.take();
		else if (word === 'type') {
			type = words.take();
			while (!words.done) {
				const option = words.take();
				if (option === 'peer') {
					const next = words.take();
					peer = next === 'name' ? words.take() : next;
				}
			}
		} else if (name === undefined) name = word;
		else fault(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
	}
	if (type === undefined) return fault('Not enough information: "type" argument is required');
	if (!['veth', 'bridge', 'dummy'].includes(type))
		return [
			'vxlan',
			'geneve',
			'vlan',
			'macvlan',
			'ipvlan',
			'bond',
			'tun',
			'wireguard',
			'ipip',
			'gre',
			'vrf',
			'ifb',
		].includes(type)
			? fault(`ip: the simulator makes no devices of type ${type}`, 2)
			: fault('Error: Unknown device type.', 2);
	const free = (stem: string): string => {
		for (let i = 0; ; i++) if (!deviceByName(space.ns(), `${stem}${i}`)) return `${stem}${i}`;
	};
	const own = name ?? free(type);
	const other = peer ?? free('veth');
	if (own.length > 15 || /[/\s]/.test(own))
		return fault(`Error: argument "${own}" is wrong: "name" not a valid ifname\n`, 255);
	const made = space.change((net, ns) => {
		const spec = { ns, name: own, ...(mac === undefined ? {} : { mac }) };
		const options = mtu === undefined ? {} : { mtu };
		if (type === 'veth') {
			// veth_newlink() registers the peer first: it gets the lower index.
			const pair = addVeth(net, { ns, name: other }, spec, options);
			if (!isLinuxError(pair)) down(net, ns, own, other);
			return pair;
		}
		const device = (type === 'bridge' ? addBridge : addDummy)(net, spec, options);
		if (!isLinuxError(device)) down(net, ns, own);
		return device;
	});
	return isLinuxError(made) ? fault(netlinkError(made), 2) : 0;
}

function set(run: IpRun, words: Words): number {
	const { space } = run;
	let dev: string | undefined;
	const acts: ((net: Network, ns: string) => unknown)[] = [];
	while (!words.done) {
		const word = words.take();
		if (word === 'dev') dev = words.take();
		else if (dev === undefined && !['up', 'down'].includes(word)) dev = word;
		else if (word === 'up' || word === 'down') {
			const up = word === 'up';
			acts.push((net, ns) => setUp(net, ns, dev!, up));
		} else if (word === 'mtu') {
			const text = words.take();
			const mtu = whole(text, 0, 0xffffffff) ?? invalid('Invalid "mtu" value\n', text);
			if (mtu < 68) fault('Error: mtu less than device minimum.', 2);
			if (mtu > 65536) fault('Error: mtu greater than device maximum.', 2);
			acts.push((net, ns) => setDevice(net, ns, dev!, { mtu }));
		} else if (word === 'address') {
			const text = words.take();
			const mac = parseMac(text) ?? fault(`"${text}" is invalid lladdr.`);
			acts.push((net, ns) => setDevice(net, ns, dev!, { mac }));
		} else if (word === 'master') {
			const text = words.take();
			if (!deviceByName(space.ns(), text)) invalid('Device does not exist\n', text);
			acts.push((net, ns) => enslave(net, ns, text, dev!));
		} else if (word === 'nomaster') {
			acts.push((net, ns) => {
				const space = net.namespaces.get(ns)!;
				const device = deviceByName(space, dev!)!;
				const { master: _, ...rest } = device;
				space.devices = new Map([...space.devices, [device.ifindex, rest]]);
			});
		} else if (
			['promisc', 'arp', 'multicast', 'allmulticast', 'txqueuelen', 'name', 'netns', 'alias', 'group'].includes(word)
		)
			return fault(`ip: the simulator does not change "${word}" of a device`, 2);
		else return fault(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
	}
	if (dev === undefined) return fault('Not enough information: "dev" argument is required.', 255);
	if (!deviceByName(space.ns(), dev)) noDevice(dev);
	for (const act of acts) {
		const done = space.change(act);
		if (isLinuxError(done)) fault(netlinkError(done), 2);
	}
	return 0;
}

export function link(run: IpRun, words: Words): number {
	const { space } = run;
	const word = words.peek();
	if (word === undefined) return showDevices(run, words, true);
	const command = matches(word, 'add', 'set', 'change', 'delete', 'show', 'list', 'lst', 'help');
	if (command === undefined) fault(`Command "${word}" is unknown, try "ip link help".`, 255);
	words.take();
	switch (command) {
		case 'add':
			return add(run, words);
		case 'set':
		case 'change':
			return set(run, words);
		case 'delete': {
			let dev = words.take();
			if (dev === 'dev') dev = words.take();
			const device = deviceByName(space.ns(), dev);
			if (!device) noDevice(dev);
			if (device!.kind === 'loopback') fault('RTNETLINK answers: Operation not supported', 2);
			space.change((net, ns) => delDevice(net, ns, dev));
			return 0;
		}
		case 'help':
			return fault(HELP, 255);
		default:
			return showDevices(run, words, true);
	}
}
