/** `ip address` and the reading half of `ip link`: iproute2 ip/ipaddress.c, iplink.c @ v6.1.0. */
import {
	addAddress,
	type Device,
	delAddress,
	deviceByName,
	isLinuxError,
	type Scope,
} from '../../../sim/linux/index.ts';
import { formatIp, parseInterface, prefixContains } from '../../../sim/wire/index.ts';
import { devicesIn, fullName, ipv6Of, linkFlags, linkState, macText } from '../devices.ts';
import { netlinkError } from '../space.ts';
import { linkText } from './busybox.ts';
import { fault, type IpRun, invalid, matches, noDevice, onLine, printJson, type Words } from './context.ts';
import { brd, jsonLink, linkLines, otherEnd, statLines, TYPES } from './link-lines.ts';

interface Filter {
	dev?: string;
	up?: boolean;
	master?: number;
	type?: string;
	to?: { address: number; length: number };
	scope?: string;
}

function readFilter(run: IpRun, words: Words): Filter {
	const filter: Filter = {};
	while (!words.done) {
		const word = words.take();
		switch (word) {
			case 'dev':
				filter.dev = words.take();
				break;
			case 'up':
				filter.up = true;
				break;
			case 'master': {
				const name = words.take();
				const device = deviceByName(run.space.ns(), name);
				filter.master = device ? device.ifindex : invalid('Device does not exist\n', name);
				break;
			}
			case 'type':
				filter.type = words.take();
				break;
			case 'scope':
				filter.scope = words.take();
				break;
			case 'to': {
				const text = words.take();
				filter.to = parseInterface(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`);
				break;
			}
			default:
				if (filter.dev !== undefined) fault(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
				filter.dev = word;
		}
	}
	return filter;
}

const lifetimes = '       valid_lft forever preferred_lft forever\n';

interface Shown {
	readonly text: string;
	readonly brief: string;
	readonly json: Readonly<Record<string, unknown>>;
}

/** Addresses of a device that are asked for. */
function addressesOf(run: IpRun, device: Device, filter: Filter): readonly Shown[] {
	const { family } = run.options;
	const out: Shown[] = [];
	const forever = { valid_life_time: 4294967295, preferred_life_time: 4294967295 };
	if (family === undefined || family === 4)
		for (const address of device.addresses) {
			if (filter.to && !prefixContains(filter.to, address.ip)) continue;
			if (filter.scope && filter.scope !== address.scope) continue;
			const ip = `${formatIp(address.ip)}/${address.length}`;
			const broadcast = brd(device, address);
			out.push({
				text: `inet ${ip}${broadcast ? ` brd ${broadcast}` : ''} scope ${address.scope}${address.secondary ? ' secondary' : ''} ${device.name}\n${lifetimes}`,
				brief: ip,
				json: {
					family: 'inet',
					local: formatIp(address.ip),
					prefixlen: address.length,
					...(broadcast ? { broadcast } : {}),
					scope: address.scope,
					...(address.secondary ? { secondary: true } : {}),
					label: device.name,
					...forever,
				},
			});
		}
	const six = family === 4 || family === 0 || filter.to ? undefined : ipv6Of(run.space, device);
	if (six && (!filter.scope || filter.scope === six.scope))
		out.push({
			text: `inet6 ${six.address}/${six.length} scope ${six.scope} \n${lifetimes}`,
			brief: `${six.address}/${six.length}`,
			json: { family: 'inet6', local: six.address, prefixlen: six.length, scope: six.scope, ...forever },
		});
	return out;
}

/** `ip address show`, `ip link show`. */
export function showDevices(run: IpRun, words: Words, link: boolean): number {
	const { call, space, options } = run;
	const filter = readFilter(run, words);
	const ns = space.ns();
	const wanted = filter.dev?.replace(/@.*$/, '');
	if (wanted !== undefined && !deviceByName(ns, wanted)) fault(`Device "${filter.dev}" does not exist.`);
	const rows: unknown[] = [];
	for (const device of devicesIn(ns)) {
		if (wanted !== undefined && device.name !== wanted) continue;
		if (filter.up && !device.up) continue;
		if (filter.master !== undefined && device.master !== filter.master) continue;
		if (filter.type !== undefined && TYPES[device.kind] !== filter.type) continue;
		const addresses = link ? [] : addressesOf(run, device, filter);
		if (!link && addresses.length === 0 && (options.family || filter.to || filter.scope)) continue;
		if (options.json) {
			rows.push(
				options.brief
					? {
							...otherEnd(space, device),
							ifname: device.name,
							operstate: linkState(space, device),
							...(link
								? { address: macText(device), flags: linkFlags(space, device) }
								: { addr_info: addresses.map((a) => ({ local: a.json.local, prefixlen: a.json.prefixlen })) }),
						}
					: { ...jsonLink(run, device, link), ...(link ? {} : { addr_info: addresses.map((a) => a.json) }) },
			);
			continue;
		}
		if (options.brief) {
			const name = fullName(space, device).padEnd(16);
			const tail = link
				? `${macText(device)} <${linkFlags(space, device).join(',')}> `
				: addresses.map((a) => `${a.brief} `).join('');
			call.out(`${name} ${linkState(space, device).padEnd(14)} ${tail}\n`);
			continue;
		}
		if (options.oneline && !link) {
			for (const { text } of addresses) call.out(onLine(run, `${device.ifindex}: ${device.name}    ${text}`));
			continue;
		}
		const stats = options.stats ? statLines(run, device) : '';
		// Addresses of one family: the line with the MAC is the link's and stays away.
		const lines = options.busybox ? linkText(space, device, options, link) : linkLines(run, device, link);
		const head = !link && (options.family || filter.to) ? `${lines.split('\n')[0]}\n` : lines;
		call.out(onLine(run, head + (link ? stats : addresses.map((a) => `    ${a.text}`).join('') + stats)));
	}
	if (options.json) printJson(run, rows);
	return 0;
}

const SCOPES: readonly Scope[] = ['global', 'site', 'link', 'host'];

/** `ip address`. */
export function address(run: IpRun, words: Words): number {
	const { space } = run;
	const word = words.peek();
	const command =
		word === undefined
			? 'show'
			: matches(word, 'add', 'change', 'chg', 'replace', 'delete', 'show', 'list', 'lst', 'flush', 'help');
	if (word === undefined) return showDevices(run, words, false);
	if (command === undefined) fault(`Command "${word}" is unknown, try "ip address help".`, 255);
	words.take();
	switch (command) {
		case 'show':
		case 'list':
		case 'lst':
			return showDevices(run, words, false);
		case 'help':
			return fault(
				'Usage: ip address {add|change|replace} IFADDR dev IFNAME [ LIFETIME ]\n                                                      [ CONFFLAG-LIST ]\n       ip address del IFADDR dev IFNAME [mngtmpaddr]\n       ip address {save|flush} [ dev IFNAME ] [ scope SCOPE-ID ]\n                            [ to PREFIX ] [ FLAG-LIST ] [ label LABEL ] [up]\n       ip address [ show [ dev IFNAME ] [ scope SCOPE-ID ] [ master DEVICE ]',
				255,
			);
		case 'flush': {
			if (words.done) fault('Flush requires arguments.');
			const filter = readFilter(run, words);
			const device = deviceByName(space.ns(), filter.dev ?? '');
			if (filter.dev !== undefined && !device) fault(`Device "${filter.dev}" does not exist.`);
			for (const each of device ? [device] : devicesIn(space.ns()))
				for (const { ip, length, scope } of each.addresses) {
					if ((filter.to && !prefixContains(filter.to, ip)) || (filter.scope && filter.scope !== scope)) continue;
					space.change((net, ns) => delAddress(net, ns, each.name, { ip, length }));
				}
			return 0;
		}
	}
	let dev: string | undefined;
	let given: { address: number; length: number } | undefined;
	let scope: Scope | undefined;
	let six: string | undefined;
	while (!words.done) {
		const next = words.take();
		if (next === 'dev') dev = words.take();
		else if (next === 'scope') {
			const text = words.take();
			scope = SCOPES.find((s) => s === text) ?? invalid('invalid scope value.', text);
		} else if (
			next === 'brd' ||
			next === 'broadcast' ||
			next === 'label' ||
			next === 'peer' ||
			next === 'metric' ||
			next === 'valid_lft' ||
			next === 'preferred_lft'
		)
			words.take();
		else if (next === 'noprefixroute' || next === 'nodad') continue;
		else {
			const text = next === 'local' ? words.take() : next;
			if (text.includes(':')) six = text;
			else given = parseInterface(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`);
		}
	}
	if (dev === undefined) return fault('Not enough information: "dev" argument is required.');
	if (!deviceByName(space.ns(), dev)) noDevice(dev);
	if (six !== undefined) fault('ip: the simulator has no IPv6 addresses beside those of the link');
	if (!given) return fault('Error: ipv4: Invalid prefix length.', 2);
	const { address: ip, length } = given;
	if (command === 'delete') {
		const error = space.change((net, ns) => delAddress(net, ns, dev, { ip, length }));
		return error ? fault(netlinkError(error), 2) : 0;
	}
	const made = space.change((net, ns) =>
		addDown(
			addAddress(net, ns, dev, { ip, length, scope: scope ?? (ip >>> 24 === 127 ? 'host' : 'global') }),
			() => net.namespaces.get(ns)!,
			dev,
		),
	);
	if (isLinuxError(made) && !(made.code === 'address.exists' && command !== 'add'))
		fault(made.code === 'address.invalid' ? 'RTNETLINK answers: Invalid argument' : netlinkError(made), 2);
	return 0;
}

/** On a device that is down an address has its local route only (fib_add_ifaddr()). */
function addDown<T>(made: T, ns: () => import('../../../sim/linux/index.ts').Namespace, dev: string): T {
	const space = ns();
	const device = deviceByName(space, dev);
	if (device && !device.up && !isLinuxError(made))
		space.routes = space.routes.filter((r) => r.dev !== device.ifindex || r.type === 'local');
	return made;
}
