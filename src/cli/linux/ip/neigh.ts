/** `ip neighbour`: iproute2 ip/ipneigh.c @ v6.1.0. */
import { addNeighbour, deviceByName, type Neighbour, neighbourKey, neighbourState } from '../../../sim/linux/index.ts';
import { formatIp, formatMac, parseInterface, parseIp, parseMac, prefixContains } from '../../../sim/wire/index.ts';
import { may, NotPermitted } from '../rights.ts';
import { neighText } from './busybox.ts';
import { fault, type IpRun, invalid, matches, noDevice, printJson, type Words } from './context.ts';

interface Filter {
	dev?: string;
	to?: { address: number; length: number };
	states?: readonly string[];
	all?: boolean;
}

const STATES = ['permanent', 'noarp', 'reachable', 'stale', 'none', 'incomplete', 'delay', 'probe', 'failed'];

function readFilter(run: IpRun, words: Words): Filter {
	const filter: Filter = {};
	while (!words.done) {
		const word = words.take();
		if (word === 'dev') {
			filter.dev = words.take();
			if (!deviceByName(run.space.ns(), filter.dev)) noDevice(filter.dev);
		} else if (word === 'nud') {
			const state = words.take();
			if (state === 'all') filter.all = true;
			else if (!STATES.includes(state)) invalid('nud state is bad\n', state);
			else filter.states = [...(filter.states ?? []), state.toUpperCase()];
		} else if (word === 'unused' || word === 'proxy' || word === 'router') continue;
		else {
			const text = word === 'to' ? words.take() : word;
			if (text === 'all' || text === 'any' || text === 'default') filter.all = true;
			else filter.to = parseInterface(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`);
		}
	}
	return filter;
}

const chosen = (run: IpRun, neighbour: Neighbour, filter: Filter): boolean => {
	const state = neighbourState(run.space.net(), neighbour);
	return (
		(filter.dev === undefined || run.space.ns().devices.get(neighbour.dev)?.name === filter.dev) &&
		(!filter.to || prefixContains(filter.to, neighbour.ip)) &&
		(filter.states === undefined || filter.states.includes(state))
	);
};

function show(run: IpRun, words: Words): number {
	const { call, space, options } = run;
	const filter = readFilter(run, words);
	const ns = space.ns();
	const net = space.net();
	const rows = options.family === 6 ? [] : [...ns.neighbours.values()].filter((n) => chosen(run, n, filter));
	if (options.json) {
		printJson(
			run,
			rows.map((n) => ({
				dst: formatIp(n.ip),
				...(filter.dev === undefined ? { dev: ns.devices.get(n.dev)?.name } : {}),
				...(n.mac === undefined ? {} : { lladdr: formatMac(n.mac) }),
				state: [neighbourState(net, n)],
			})),
		);
		return 0;
	}
	for (const n of rows) {
		if (options.busybox) {
			call.out(
				`${neighText(net, n, filter.dev === undefined ? (ns.devices.get(n.dev)?.name ?? `if${n.dev}`) : undefined)}\n`,
			);
			continue;
		}
		if (options.brief) {
			const on = filter.dev === undefined ? `${(ns.devices.get(n.dev)?.name ?? `if${n.dev}`).padEnd(16)} ` : '';
			call.out(`${formatIp(n.ip).padEnd(39)} ${on}${n.mac === undefined ? '' : formatMac(n.mac)}\n`);
			continue;
		}
		const used = Math.max(0, Math.floor((net.now - n.updated) / 1e6));
		const dev = filter.dev === undefined ? `dev ${ns.devices.get(n.dev)?.name ?? `if${n.dev}`} ` : '';
		const mac = n.mac === undefined ? '' : `lladdr ${formatMac(n.mac)} `;
		const stats = options.stats ? ` used ${used}/${used}/${used}probes ${n.mac === undefined ? 3 : 1} ` : '';
		call.out(`${formatIp(n.ip)} ${dev}${mac}${stats}${neighbourState(net, n)} \n`);
	}
	return 0;
}

export function neigh(run: IpRun, words: Words): number {
	const { space } = run;
	const word = words.peek();
	if (word === undefined) return show(run, words);
	const command = matches(
		word,
		'add',
		'replace',
		'change',
		'chg',
		'delete',
		'get',
		'show',
		'list',
		'lst',
		'flush',
		'help',
	);
	if (command === undefined) return fault(`Command "${word}" is unknown, try "ip neigh help".`, 255);
	words.take();
	switch (command) {
		case 'show':
		case 'list':
		case 'lst':
			return show(run, words);
		case 'help':
			return fault(
				'Usage: ip neigh { add | del | change | replace }\n\t\t{ ADDR [ lladdr LLADDR ] [ nud STATE ] proxy ADDR }\n\t\t[ dev DEV ] [ router ] [ use ] [ managed ] [ extern_learn ]\n\t\t[ protocol PROTO ]\n\n\tip neigh { show | flush } [ proxy ] [ to PREFIX ] [ dev DEV ] [ nud STATE ]\n\t\t\t\t  [ vrf NAME ]\n\tip neigh get { ADDR | proxy ADDR } dev DEV',
				255,
			);
		case 'flush': {
			if (words.done) return fault('Flush requires arguments.');
			const filter = readFilter(run, words);
			if (![...space.ns().neighbours.values()].some((n) => chosen(run, n, filter))) return 0;
			if (!may(run.call, 'NET_ADMIN')) return fault('Failed to send flush request: Operation not permitted');
			space.change((net, name) => {
				const { neighbours } = net.namespaces.get(name)!;
				for (const [key, n] of neighbours)
					if (
						chosen(run, n, filter) &&
						(n.state !== 'PERMANENT' || filter.states?.includes('PERMANENT') || filter.all)
					) {
						if (n.state !== 'PERMANENT' || filter.states?.includes('PERMANENT')) neighbours.delete(key);
					}
			});
			return 0;
		}
	}
	let dev: string | undefined;
	let ip: number | undefined;
	let mac: number | undefined;
	let nud = 'permanent';
	while (!words.done) {
		const next = words.take();
		if (next === 'dev') dev = words.take();
		else if (next === 'lladdr') {
			const text = words.take();
			mac = parseMac(text) ?? fault(`"${text}" is invalid lladdr.`);
		} else if (next === 'nud') {
			nud = words.take();
			if (!STATES.includes(nud)) invalid('nud state is bad\n', nud);
		} else {
			const text = next === 'to' ? words.take() : next;
			ip = parseIp(text) ?? fault(`Error: any valid address is expected rather than "${text}".`);
		}
	}
	if (dev === undefined || ip === undefined) return fault('Device and destination are required arguments.', 255);
	const device = deviceByName(space.ns(), dev);
	if (!device) return noDevice(dev) as never;
	const key = neighbourKey(device.ifindex, ip);
	const old = space.ns().neighbours.get(key);
	if (command === 'get') {
		if (!old) return fault('Error: Neighbour entry not found.', 2);
		const lladdr = old.mac === undefined ? '' : `lladdr ${formatMac(old.mac)} `;
		run.call.out(`${formatIp(ip)} dev ${dev} ${lladdr}${neighbourState(space.net(), old)} \n`);
		return 0;
	}
	// The kernel asks for the right before it looks.
	if (!may(run.call, 'NET_ADMIN')) throw new NotPermitted();
	if (command === 'delete') {
		if (!old) return fault('RTNETLINK answers: No such file or directory', 2);
		space.change((net, name) => net.namespaces.get(name)!.neighbours.delete(key));
		return 0;
	}
	if (command === 'add' && old) return fault('RTNETLINK answers: File exists', 2);
	if (command === 'change' && !old) return fault('RTNETLINK answers: No such file or directory', 2);
	const address = mac ?? old?.mac;
	if (address === undefined) return fault('Error: No link layer address given.', 2);
	space.change((net, name) => {
		addNeighbour(net, name, dev, ip, address, nud === 'reachable' ? 'REACHABLE' : 'PERMANENT');
		const entry = net.namespaces.get(name)!.neighbours.get(key);
		if (entry && nud === 'stale') entry.state = 'STALE';
		if (entry && nud === 'failed') entry.state = 'FAILED';
	});
	return 0;
}
