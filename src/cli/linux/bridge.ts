/** `bridge` (iproute2 6.1 bridge/link.c, fdb.c): ports, and which address was learned on which. */
import { deviceByName } from '../../sim/linux/index.ts';
import { formatMac } from '../../sim/wire/index.ts';
import type { Call, Tool } from '../tool.ts';
import { devicesIn, fullName, linkFlags } from './devices.ts';
import { hasTool } from './images.ts';
import { type Space, withSpace } from './space.ts';

const matches = (word: string, ...commands: readonly string[]): string | undefined =>
	commands.find((c) => c.startsWith(word));

function links(call: Call, space: Space, dev: string | undefined): void {
	const ns = space.ns();
	for (const device of devicesIn(ns)) {
		if (device.master === undefined || (dev !== undefined && device.name !== dev)) continue;
		const master = ns.devices.get(device.master)?.name;
		call.out(
			`${device.ifindex}: ${fullName(space, device)}: <${linkFlags(space, device).join(',')}> mtu ${device.mtu} master ${master} state ${device.up ? 'forwarding' : 'disabled'} priority 32 cost 2 \n`,
		);
	}
}

/** Groups every device of a kind listens to: 224.0.0.1 (igmp_mc_init()), ff02::1, and the solicited-node address of its own. */
function fdb(call: Call, space: Space, dev: string | undefined, br: string | undefined): void {
	const ns = space.ns();
	for (const device of devicesIn(ns)) {
		if (device.kind === 'loopback') continue;
		const master = device.master === undefined ? undefined : ns.devices.get(device.master)?.name;
		if ((dev !== undefined && device.name !== dev) || (br !== undefined && master !== br && device.name !== br))
			continue;
		if (master !== undefined) {
			for (const [mac, entry] of ns.fdb)
				if (entry.port === device.ifindex) call.out(`${formatMac(mac)} dev ${device.name} master ${master} \n`);
			call.out(`${formatMac(device.mac)} dev ${device.name} master ${master} permanent\n`);
		}
		for (const group of ['33:33:00:00:00:01', '01:00:5e:00:00:01', `33:33:ff:${formatMac(device.mac).slice(9)}`])
			call.out(`${group} dev ${device.name} self permanent\n`);
	}
}

/** Bridges filter no VLANs here; every port is in the first all the same (net/bridge/br_vlan.c nbp_vlan_init()). */
function vlans(call: Call, space: Space, dev: string | undefined): void {
	const rows = devicesIn(space.ns()).filter(
		(d) => (d.master !== undefined || d.kind === 'bridge') && (dev === undefined || d.name === dev),
	);
	call.out('port              vlan-id  \n');
	for (const { name } of rows) call.out(`${name.padEnd(17)} 1 PVID Egress Untagged\n`);
}

export const bridge: Tool = {
	name: 'bridge',
	at: hasTool('bridge'),
	run: (call) =>
		withSpace(call, (space) => {
			const words = call.args.filter((word) => !/^-(?:d|details|s|statistics|o|oneline|c|color)$/.test(word));
			const [first = ''] = words;
			// bridge/bridge.c main(): options that are no unknown ones.
			if (
				/^--?(?:j(?:son)?|p(?:retty)?|n(?:etns)?|b(?:atch)?|force|t(?:imestamp)?|tshort|ts|compressvlans|compressed|f(?:amily)?|4|6)$/.test(
					first,
				)
			) {
				call.err(`bridge: the simulator does not take ${first}\n`);
				return 1;
			}
			if (/^--?V(?:ersion)?$/.test(first)) {
				call.out('bridge utility, 6.1.0\n');
				return 0;
			}
			if (words[0]?.startsWith('-')) {
				call.err(`Option "${words[0]}" is unknown, try "bridge help".\n`);
				return 255;
			}
			const [object, command = 'show', ...rest] = words;
			if (object === undefined || object === 'help') {
				call.err(
					'Usage: bridge [ OPTIONS ] OBJECT { COMMAND | help }\n       bridge [ -force ] -batch filename\nwhere\tOBJECT := { link | fdb | mdb | vlan | vni | monitor }\n',
				);
				return 255;
			}
			const kind = matches(object, 'link', 'fdb', 'mdb', 'vlan', 'vni', 'monitor');
			if (kind === undefined) {
				call.err(`Object "${object}" is unknown, try "bridge help".\n`);
				return 255;
			}
			const verb = matches(
				command,
				'show',
				'list',
				'lst',
				'add',
				'del',
				'delete',
				'replace',
				'get',
				'flush',
				'set',
				'help',
			);
			if (verb === undefined) {
				call.err(`Command "${command}" is unknown, try "bridge ${kind} help".\n`);
				return 255;
			}
			if (!['show', 'list', 'lst'].includes(verb) || (kind !== 'link' && kind !== 'fdb' && kind !== 'vlan')) {
				call.err(`bridge: the simulator has no "bridge ${kind} ${verb}"\n`);
				return 1;
			}
			const after = (name: string): string | undefined =>
				rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined;
			const dev = after('dev') ?? (rest[0] !== 'br' && rest[0] !== 'brport' ? rest[0] : undefined);
			for (const name of [dev, after('br')])
				if (name !== undefined && !deviceByName(space.ns(), name)) {
					call.err(`Cannot find device "${name}"\n`);
					return 255;
				}
			if (kind === 'vlan') vlans(call, space, dev);
			else if (kind === 'link') links(call, space, dev);
			else fdb(call, space, dev, after('br'));
			return 0;
		}),
};
