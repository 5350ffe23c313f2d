/** `ip route`: iproute2 ip/iproute.c @ v6.1.0. */
import {
	addRoute,
	delRoute,
	deviceByName,
	isLinuxError,
	type Namespace,
	type Route,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
	replaceRoute,
} from '../../../sim/linux/index.ts';
import { formatIp, formatPrefix, maskOf, type Prefix, parseIp, prefixContains } from '../../../sim/wire/index.ts';
import { carrier, linkLocals } from '../devices.ts';
import { netlinkError } from '../space.ts';
import { routeText } from './busybox.ts';
import { fault, type IpRun, matches, noDevice, printJson, type Words } from './context.ts';
import { get } from './route-get.ts';
import { protocolName, readPrefix, readRoute, readTable, tableName } from './route-read.ts';

const destination = ({ address, length }: Prefix): string =>
	length === 0 ? 'default' : length === 32 ? formatIp(address) : formatPrefix({ address, length });

interface Filter {
	table: number | 'all' | 'cache';
	dev?: string;
	proto?: string;
	scope?: string;
	type?: string;
	src?: number;
	via?: number;
	exact?: Prefix;
	match?: Prefix;
	root?: Prefix;
}

function readFilter(words: Words): Filter {
	const filter: Filter = { table: RT_TABLE_MAIN };
	while (!words.done) {
		const word = words.take();
		switch (word) {
			case 'table':
			case 'vrf': {
				const text = words.take();
				filter.table = text === 'all' ? 'all' : text === 'cache' ? 'cache' : readTable(text);
				break;
			}
			case 'cache':
			case 'cached':
			case 'cloned':
				filter.table = 'cache';
				break;
			case 'dev':
			case 'oif':
				filter.dev = words.take();
				break;
			case 'proto':
			case 'protocol':
				filter.proto = words.take();
				break;
			case 'scope':
				filter.scope = words.take();
				break;
			case 'type':
				filter.type = words.take();
				break;
			case 'src': {
				const text = words.take();
				filter.src = parseIp(text) ?? fault(`Error: inet prefix is expected rather than "${text}".`);
				break;
			}
			case 'via': {
				const text = words.take();
				filter.via = parseIp(text) ?? fault(`Error: inet prefix is expected rather than "${text}".`);
				break;
			}
			case 'match':
				filter.match = readPrefix(words.take());
				break;
			case 'root':
				filter.root = readPrefix(words.take());
				break;
			case 'to':
			case 'exact': {
				const next = words.take();
				if (next === 'match') filter.match = readPrefix(words.take());
				else if (next === 'root') filter.root = readPrefix(words.take());
				else filter.exact = readPrefix(next === 'exact' ? words.take() : next);
				break;
			}
			default:
				filter.exact = readPrefix(word);
		}
	}
	return filter;
}

const selected = (ns: Namespace, route: Route, filter: Filter, dev: number | undefined): boolean =>
	(filter.table === 'all' || route.table === filter.table) &&
	(dev === undefined || route.dev === dev) &&
	(filter.proto === undefined || route.protocol === filter.proto) &&
	(filter.scope === undefined || route.scope === filter.scope) &&
	(filter.type === undefined || route.type === filter.type) &&
	(filter.src === undefined || route.src === filter.src) &&
	(filter.via === undefined || route.via === filter.via) &&
	(!filter.exact ||
		(route.dst.length === filter.exact.length &&
			route.dst.address === (filter.exact.address & maskOf(filter.exact.length)) >>> 0)) &&
	(!filter.match || (route.dst.length <= filter.match.length && prefixContains(route.dst, filter.match.address))) &&
	(!filter.root || (route.dst.length >= filter.root.length && prefixContains(filter.root, route.dst.address))) &&
	ns !== undefined;

/** The kernel dumps tables by hash of their number, then the trie (fib_table_dump()). */
const dumpOrder = (a: Route, b: Route): number =>
	(a.table & 255) - (b.table & 255) ||
	a.table - b.table ||
	a.dst.address - b.dst.address ||
	b.dst.length - a.dst.length ||
	a.metric - b.metric;

/** RTNH_F_LINKDOWN: addresses of the machine itself are reached without a link (net/ipv4/fib_semantics.c @ v5.15). */
function isLinkDown({ space }: IpRun, { type, dev }: Route): boolean {
	const device = dev === undefined || type === 'local' ? undefined : space.ns().devices.get(dev);
	return device?.up === true && !carrier(space, device);
}

const TYPES = [
	'unspec',
	'unicast',
	'local',
	'broadcast',
	'anycast',
	'multicast',
	'blackhole',
	'unreachable',
	'prohibit',
];
const typeName = (type: string, numeric = false): string => (numeric ? String(TYPES.indexOf(type)) : type);

const SCOPES: Readonly<Record<string, number>> = { global: 0, site: 200, link: 253, host: 254, nowhere: 255 };
const scopeName = (scope: string, numeric = false): string => (numeric ? String(SCOPES[scope] ?? scope) : scope);

function routeLine(run: IpRun, route: Route, filter: Filter): string {
	const ns = run.space.ns();
	const { details, busybox, numeric } = run.options;
	if (busybox) {
		const dev = route.dev === undefined ? undefined : (ns.devices.get(route.dev)?.name ?? `if${route.dev}`);
		const table = filter.table === 'all' ? tableName(route.table) : undefined;
		return routeText(route, dev, table, filter.scope !== undefined);
	}
	let out = route.type === 'unicast' && !details ? '' : `${typeName(route.type, numeric)} `;
	out += `${destination(route.dst)} `;
	if (route.via !== undefined) out += `via ${formatIp(route.via)} `;
	if (route.dev !== undefined && filter.dev === undefined)
		out += `dev ${ns.devices.get(route.dev)?.name ?? `if${route.dev}`} `;
	if (filter.table === 'all' && (route.table !== RT_TABLE_MAIN || details))
		out += `table ${tableName(route.table, numeric)} `;
	if ((route.protocol !== 'boot' || details) && filter.proto === undefined)
		out += `proto ${protocolName(route.protocol, numeric)} `;
	if ((route.scope !== 'global' || details) && filter.scope === undefined)
		out += `scope ${scopeName(route.scope, numeric)} `;
	if (route.src !== undefined && filter.src === undefined) out += `src ${formatIp(route.src)} `;
	if (route.metric !== 0) out += `metric ${route.metric} `;
	if (route.onlink) out += 'onlink ';
	if (isLinkDown(run, route)) out += 'linkdown ';
	if (route.mtu !== undefined) out += `mtu ${route.mtu} `;
	return out;
}

function jsonRoute(run: IpRun, route: Route, filter: Filter): unknown {
	const ns = run.space.ns();
	const { details, numeric } = run.options;
	const full = details === true;
	return {
		...(route.type === 'unicast' && !full ? {} : { type: typeName(route.type, numeric) }),
		dst: destination(route.dst),
		...(route.via === undefined ? {} : { gateway: formatIp(route.via) }),
		...(route.dev === undefined || filter.dev !== undefined ? {} : { dev: ns.devices.get(route.dev)?.name }),
		...(filter.table === 'all' && (route.table !== RT_TABLE_MAIN || full)
			? { table: tableName(route.table, numeric) }
			: {}),
		...((route.protocol === 'boot' && !full) || filter.proto !== undefined
			? {}
			: { protocol: protocolName(route.protocol, numeric) }),
		...((route.scope === 'global' && !full) || filter.scope !== undefined
			? {}
			: { scope: scopeName(route.scope, numeric) }),
		...(route.src === undefined ? {} : { prefsrc: formatIp(route.src) }),
		...(route.metric === 0 ? {} : { metric: route.metric }),
		flags: [...(route.onlink ? ['onlink'] : []), ...(isLinkDown(run, route) ? ['linkdown'] : [])],
		...(route.mtu === undefined ? {} : { metrics: [{ mtu: route.mtu }] }),
	};
}

/** IPv6 has the routes of its devices' own addresses. */
function showLinkLocal(run: IpRun, filter: Filter, dev: number | undefined): void {
	const { call, space, options } = run;
	const all = filter.table === RT_TABLE_MAIN ? linkLocals(space) : [];
	const devices = all.filter((device) => dev === undefined || device.ifindex === dev);
	const { numeric } = options;
	const protocol = protocolName('kernel', numeric);
	if (options.json)
		printJson(
			run,
			devices.map(({ name }) => ({
				dst: 'fe80::/64',
				...(dev === undefined ? { dev: name } : {}),
				protocol,
				metric: 256,
				flags: [],
				pref: 'medium',
			})),
		);
	else
		for (const { name } of devices)
			call.out(`fe80::/64 ${dev === undefined ? `dev ${name} ` : ''}proto ${protocol} metric 256 pref medium\n`);
}

function show(run: IpRun, words: Words): number {
	const { call, space, options } = run;
	const ns = space.ns();
	const filter = readFilter(words);
	const dev =
		filter.dev === undefined ? undefined : (deviceByName(ns, filter.dev)?.ifindex ?? (noDevice(filter.dev) as never));
	if (filter.table === 'cache') return 0;
	if (options.family === 6) {
		showLinkLocal(run, filter, dev);
		return 0;
	}
	const rows = ns.routes.filter((route) => selected(ns, route, filter, dev)).sort(dumpOrder);
	// busybox asks for no strict checks (NETLINK_GET_STRICT_CHK), and gets nothing instead of a refusal.
	if (
		!options.busybox &&
		typeof filter.table === 'number' &&
		filter.table !== RT_TABLE_MAIN &&
		filter.table !== RT_TABLE_LOCAL &&
		filter.table !== 253 &&
		!ns.routes.some((r) => r.table === filter.table)
	)
		return fault('Error: ipv4: FIB table does not exist.\nDump terminated', 2);
	if (options.json)
		printJson(
			run,
			rows.map((route) => jsonRoute(run, route, filter)),
		);
	else for (const route of rows) call.out(`${routeLine(run, route, filter)}\n`);
	return 0;
}

function change(run: IpRun, words: Words, command: string): number {
	const { space } = run;
	if (words.done) return fault(`Command line is not complete. Try option "help"`, 255);
	const { given, ...route } = readRoute(run, words);
	if (command === 'delete') {
		if (given.has('no-destination') && given.size === 1) return fault('RTNETLINK answers: No such process', 2);
		const error = space.change((net, ns) => delRoute(net, ns, route));
		return error ? fault(netlinkError(error), 2) : 0;
	}
	if ((route.type ?? 'unicast') === 'unicast' && route.dev === undefined && route.via === undefined)
		return fault('RTNETLINK answers: No such device', 2);
	const table = route.table ?? RT_TABLE_MAIN;
	const there = space
		.ns()
		.routes.some(
			(r) =>
				r.table === table &&
				r.dst.address === route.dst.address &&
				r.dst.length === route.dst.length &&
				r.metric === (route.metric ?? 0),
		);
	if (command === 'change' && !there) return fault('RTNETLINK answers: No such file or directory', 2);
	const made = space.change((net, ns) =>
		(command === 'add' || command === 'append' ? addRoute : replaceRoute)(net, ns, route),
	);
	return isLinuxError(made) ? fault(netlinkError(made), 2) : 0;
}

export function route(run: IpRun, words: Words): number {
	const { space } = run;
	const word = words.peek();
	if (word === undefined) return show(run, words);
	const command = matches(
		word,
		'add',
		'change',
		'replace',
		'append',
		'delete',
		'get',
		'list',
		'show',
		'lst',
		'flush',
		'help',
		'save',
	);
	if (command === undefined) return fault(`Command "${word}" is unknown, try "ip route help".`, 255);
	words.take();
	switch (command) {
		case 'get':
			return get(run, words);
		case 'list':
		case 'show':
		case 'lst':
			return show(run, words);
		case 'save':
			return fault('ip: the simulator does not save routes', 2);
		case 'help':
			return fault(
				'Usage: ip route { list | flush } SELECTOR\n       ip route save SELECTOR\n       ip route restore\n       ip route showdump\n       ip route get [ ROUTE_GET_FLAGS ] ADDRESS\n                            [ from ADDRESS iif STRING ]\n                            [ oif STRING ] [ tos TOS ]\n                            [ mark NUMBER ] [ vrf NAME ]\n                            [ uid NUMBER ] [ ipproto PROTOCOL ]\n                            [ sport NUMBER ] [ dport NUMBER ]\n       ip route { add | del | change | append | replace } ROUTE',
				255,
			);
		case 'flush': {
			if (words.done) return fault('"ip route flush" requires arguments.');
			const cache = words.peek() === 'cache';
			if (cache) words.take();
			const filter = readFilter(words);
			const ns = space.ns();
			const dev = filter.dev === undefined ? undefined : deviceByName(ns, filter.dev)?.ifindex;
			if (cache || filter.table === 'cache') {
				space.change((net, name) => net.namespaces.get(name)!.pathMtus.clear());
				return 0;
			}
			space.change((net, name) => {
				const own = net.namespaces.get(name)!;
				own.routes = own.routes.filter((r) => !selected(own, r, filter, dev));
			});
			return 0;
		}
		default:
			return change(run, words, command);
	}
}
