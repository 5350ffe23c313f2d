/** ethtool 5.9: driver, link and the peer of a device. Offloads are not modelled. */
import { type Device, deviceByName } from '../../sim/linux/index.ts';
import type { Call, Tool } from '../tool.ts';
import { carrier } from './devices.ts';
import { hasTool } from './images.ts';
import { type Space, withSpace } from './space.ts';

const DRIVERS: Readonly<Partial<Record<Device['kind'], readonly [driver: string, version: string]>>> = {
	veth: ['veth', '1.0'],
	bridge: ['bridge', '2.3'],
	vxlan: ['vxlan', '0.1'],
	geneve: ['geneve', '0.6'],
	dummy: ['dummy', '1.0'],
};

/** drivers/net/veth.c, net/bridge/br_device.c, drivers/net/vxlan.c: get_drvinfo(). */
function driver(call: Call, device: Device): number {
	const known = DRIVERS[device.kind];
	if (!known) {
		call.err('Cannot get driver information: Operation not supported\n');
		return 71;
	}
	const [name, version] = known;
	call.out(
		`driver: ${name}\nversion: ${version}\nfirmware-version: ${device.kind === 'bridge' ? 'N/A' : ''}\nexpansion-rom-version: \nbus-info: ${device.kind === 'bridge' ? 'N/A' : ''}\nsupports-statistics: ${device.kind === 'veth' ? 'yes' : 'no'}\nsupports-test: no\nsupports-eeprom-access: no\nsupports-register-dump: no\nsupports-priv-flags: no\n`,
	);
	return 0;
}

function settings(call: Call, space: Space, device: Device): number {
	const up = device.up && carrier(space, device);
	const veth = device.kind === 'veth';
	call.out(
		`Settings for ${device.name}:\n${
			veth
				? '\tSupported ports: [  ]\n\tSupported link modes:   Not reported\n\tSupported pause frame use: No\n\tSupports auto-negotiation: No\n\tSupported FEC modes: Not reported\n\tAdvertised link modes:  Not reported\n\tAdvertised pause frame use: No\n\tAdvertised auto-negotiation: No\n\tAdvertised FEC modes: Not reported\n\tSpeed: 10000Mb/s\n\tDuplex: Full\n\tAuto-negotiation: off\n\tPort: Twisted Pair\n\tPHYAD: 0\n\tTransceiver: internal\n\tMDI-X: Unknown\n'
				: ''
		}\tLink detected: ${up ? 'yes' : 'no'}\n`,
	);
	return 0;
}

export const ethtool: Tool = {
	name: 'ethtool',
	at: hasTool('ethtool'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = [...call.args];
			const option = words[0]?.startsWith('-') ? words.shift() : undefined;
			const [name] = words;
			if (name === undefined) {
				call.err('ethtool: bad command line argument(s)\nFor more information run ethtool -h\n');
				return 1;
			}
			const device = deviceByName(space.ns(), name);
			if (!device) {
				call.err(
					option === undefined
						? 'netlink error: no device matches name (offset 24)\nnetlink error: No such device\nNo data available\n'
						: `Cannot get driver information: No such device\n`,
				);
				return option === undefined ? 75 : 71;
			}
			if (option === undefined) return settings(call, space, device);
			if (option === '-i' || option === '--driver') return driver(call, device);
			if (option === '-S' || option === '--statistics') {
				if (device.kind !== 'veth' || !device.peer) {
					call.err('no stats available\n');
					return 94;
				}
				call.out(`NIC statistics:\n     peer_ifindex: ${device.peer.ifindex}\n`);
				return 0;
			}
			call.err(`ethtool: the simulator has no "ethtool ${option}": it knows -i, -S and a device alone\n`);
			return 1;
		}),
};
