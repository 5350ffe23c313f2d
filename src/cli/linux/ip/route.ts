/** `ip route`: iproute2 ip/iproute.c @ v6.1.0. */
import {
	addRoute,
	DEFAULT_RULES,
	type Dst,
	delRoute,
	deviceByName,
	isLinuxError,
	lookupInput,
	type Namespace,
	type Route,
	type RouteOptions,
	type RouteType,
	RT_TABLE_LOCAL,
	RT_TABLE_MAIN,
	replaceRoute,
	routeOutput,
	type Scope,
} from '../../../sim/linux/index.ts';
import {
	formatIp,
	formatPrefix,
	maskOf,
	type Prefix,
	parseInterface,
	parseIp,
	prefixContains,
} from '../../../sim/wire/index.ts';
import { linkLocal } from '../devices.ts';
import { netlinkError } from '../space.ts';
import { ERRNO, whole } from '../words.ts';
import { fault, type IpRun, invalid, matches, noDevice, printJson, type Words } from './context.ts';

const TABLES: Readonly<Record<string, number>> = { local: 255, main: 254, default: 253 };
const TYPES: readonly RouteType[] = ['unicast', 'local', 'broadcast', 'unreachable', 'blackhole', 'prohibit'];

export const tableName = (table: number): string =>
	Object.entries(TABLES).find(([, number]) => number === table)?.[0] ?? String(table);

export function readTable(text: string): number {
	return TABLES[text] ?? whole(text, 0, 0xffffffff) ?? invalid(`"table" value "${text}" is invalid\n`, text);
}

const destination = ({ address, length }: Prefix): string =>
	length === 0 ? 'default' : length === 32 ? formatIp(address) : formatPrefix({ address, length });

function readPrefix(text: string): Prefix {
	if (text === 'default' || text === 'any' || text === 'all') return { address: 0, length: 0 };
	return parseInterface(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`);
}

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

function routeLine(run: IpRun, route: Route, filter: Filter): string {
	const ns = run.space.ns();
	const { details } = run.options;
	let out = route.type === 'unicast' && !details ? '' : `${route.type} `;
	out += `${destination(route.dst)} `;
	if (route.via !== undefined) out += `via ${formatIp(route.via)} `;
	if (route.dev !== undefined && filter.dev === undefined)
		out += `dev ${ns.devices.get(route.dev)?.name ?? `if${route.dev}`} `;
	if (filter.table === 'all' && (route.table !== RT_TABLE_MAIN || details)) out += `table ${tableName(route.table)} `;
	if ((route.protocol !== 'boot' || details) && filter.proto === undefined) out += `proto ${route.protocol} `;
	if ((route.scope !== 'global' || details) && filter.scope === undefined) out += `scope ${route.scope} `;
	if (route.src !== undefined && filter.src === undefined) out += `src ${formatIp(route.src)} `;
	if (route.metric !== 0) out += `metric ${route.metric} `;
	if (route.onlink) out += 'onlink ';
	if (route.mtu !== undefined) out += `mtu ${route.mtu} `;
	return out;
}

function jsonRoute(run: IpRun, route: Route, filter: Filter): unknown {
	const ns = run.space.ns();
	return {
		...(route.type === 'unicast' && !run.options.details ? {} : { type: route.type }),
		dst: destination(route.dst),
		...(route.via === undefined ? {} : { gateway: formatIp(route.via) }),
		...(route.dev === undefined || filter.dev !== undefined ? {} : { dev: ns.devices.get(route.dev)?.name }),
		...(filter.table === 'all' && route.table !== RT_TABLE_MAIN ? { table: tableName(route.table) } : {}),
		...(route.protocol === 'boot' || filter.proto !== undefined ? {} : { protocol: route.protocol }),
		...(route.scope === 'global' || filter.scope !== undefined ? {} : { scope: route.scope }),
		...(route.src === undefined ? {} : { prefsrc: formatIp(route.src) }),
		...(route.metric === 0 ? {} : { metric: route.metric }),
		flags: route.onlink ? ['onlink'] : [],
		...(route.mtu === undefined ? {} : { metrics: [{ mtu: route.mtu }] }),
	};
}

function show(run: IpRun, words: Words): number {
	const { call, space, options } = run;
	const ns = space.ns();
	const filter = readFilter(words);
	const dev =
		filter.dev === undefined ? undefined : (deviceByName(ns, filter.dev)?.ifindex ?? (noDevice(filter.dev) as never));
	if (filter.table === 'cache') return 0;
	if (options.family === 6) {
		if (filter.table === RT_TABLE_MAIN)
			for (const device of [...ns.devices.values()].reverse())
				if (
					device.up &&
					device.kind !== 'loopback' &&
					(dev === undefined || device.ifindex === dev) &&
					linkLocal(device.mac)
				)
					call.out(`fe80::/64 ${dev === undefined ? `dev ${device.name} ` : ''}proto kernel metric 256 pref medium\n`);
		return 0;
	}
	const rows = ns.routes.filter((route) => selected(ns, route, filter, dev)).sort(dumpOrder);
	if (
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

/** `ip route get`. */
function get(run: IpRun, words: Words): number {
	const { call, space } = run;
	let dst: number | undefined;
	let src = 0;
	let iif: string | undefined;
	let oif: string | undefined;
	let mark = 0;
	const addressIn = (text: string): number => {
		const prefix = parseInterface(text);
		return prefix ? prefix.address : fault(`Error: any valid prefix is expected rather than "${text}".`);
	};
	while (!words.done) {
		const word = words.take();
		if (word === 'from') src = addressIn(words.take());
		else if (word === 'iif') iif = words.take();
		else if (word === 'oif' || word === 'dev') oif = words.take();
		else if (word === 'mark') {
			const text = words.take();
			mark = whole(text, 0, 0xffffffff) ?? invalid('invalid mark value', text);
		} else if (
			word === 'ipproto' ||
			word === 'sport' ||
			word === 'dport' ||
			word === 'uid' ||
			word === 'tos' ||
			word === 'vrf'
		)
			words.take();
		else if (word === 'notify' || word === 'connected' || word === 'fibmatch') continue;
		else dst = addressIn(word === 'to' ? words.take() : word);
	}
	if (dst === undefined) return fault('need at least a destination address');
	const net = space.net();
	const ns = space.ns();
	const device = (name: string | undefined) =>
		name === undefined ? undefined : (deviceByName(ns, name) ?? (noDevice(name) as never));
	const inDev = device(iif);
	const outDev = device(oif);
	const route: Dst = inDev
		? lookupInput(ns, dst, src, mark, inDev)
		: routeOutput(net, ns, { dst, src, mark, oif: outDev?.ifindex ?? 0 });
	if (route.type === 'error') return fault(`RTNETLINK answers: ${ERRNO[route.error ?? 'EINVAL']}`, 2);
	const name = ns.devices.get(route.oif)?.name ?? '';
	const table = route.route?.table ?? RT_TABLE_MAIN;
	// Without rules of one's own the local table is one with the main one (fib_trie_unmerge()).
	const named = table !== RT_TABLE_MAIN && !(table === RT_TABLE_LOCAL && ns.rules.length <= DEFAULT_RULES.length);
	const flags = [...(route.type !== 'unicast' ? ['local'] : []), ...(route.type === 'broadcast' ? ['brd'] : [])];
	if (run.options.json) {
		printJson(run, [
			{
				...(route.type === 'unicast' ? {} : { type: route.type }),
				dst: formatIp(dst),
				...(src ? { from: formatIp(src) } : {}),
				...(route.gateway ? { gateway: formatIp(route.gateway) } : {}),
				dev: name,
				...(named ? { table: tableName(table) } : {}),
				...(src || inDev ? {} : { prefsrc: formatIp(route.src) }),
				...(mark ? { mark } : {}),
				flags: [],
				...(inDev ? {} : { uid: 0 }),
				cache: flags,
				...(inDev ? { iif: inDev.name } : {}),
			},
		]);
		return 0;
	}
	const line = [
		...(route.type === 'unicast' ? [] : [route.type]),
		formatIp(dst),
		...(src ? [`from ${formatIp(src)}`] : []),
		...(route.gateway ? [`via ${formatIp(route.gateway)}`] : []),
		`dev ${name}`,
		...(named ? [`table ${tableName(table)}`] : []),
		...(src || inDev ? [] : [`src ${formatIp(route.src)}`]),
		...(mark ? [`mark 0x${mark.toString(16)}`] : []),
		...(inDev ? [] : ['uid 0']),
	];
	const expires = ns.pathMtus.get(dst);
	const learned = expires && expires.expires > net.now && !inDev && route.type === 'unicast';
	call.out(
		`${line.join(' ')} \n    cache ${flags.length ? `<${flags.join(',')}> ` : ''}${learned ? `expires ${Math.floor((expires.expires - net.now) / 1e6)}sec mtu ${expires.mtu} ` : ''}${inDev ? `iif ${inDev.name} ` : ''}\n`,
	);
	return 0;
}

/** The words of add, change, replace, append and del. */
function readRoute(run: IpRun, words: Words): RouteOptions & { given: Set<string> } {
	const ns = run.space.ns();
	const given = new Set<string>();
	let dst: Prefix | undefined;
	const out: { -readonly [K in keyof RouteOptions]?: RouteOptions[K] } = {};
	const ip = (text: string): number => parseIp(text) ?? fault(`Error: inet address is expected rather than "${text}".`);
	while (!words.done) {
		const word = words.take();
		given.add(word);
		switch (word) {
			case 'via': {
				const next = words.take();
				out.via = ip(next === 'inet' ? words.take() : next);
				break;
			}
			case 'dev':
			case 'oif':
				out.dev = words.take();
				if (!deviceByName(ns, out.dev)) noDevice(out.dev);
				break;
			case 'src':
				out.src = ip(words.take());
				break;
			case 'table':
				out.table = readTable(words.take());
				break;
			case 'metric':
			case 'priority':
			case 'preference': {
				const text = words.take();
				out.metric = whole(text, 0, 0xffffffff) ?? invalid('"metric" value is invalid\n', text);
				break;
			}
			case 'mtu': {
				const next = words.take();
				const text = next === 'lock' ? words.take() : next;
				out.mtu = whole(text, 0, 0xffffffff) ?? invalid('"mtu" value is invalid\n', text);
				break;
			}
			case 'scope': {
				const text = words.take();
				out.scope =
					(['global', 'site', 'link', 'host'] as Scope[]).find((s) => s === text) ??
					invalid('invalid "scope" value\n', text);
				break;
			}
			case 'proto':
			case 'protocol':
				out.protocol = words.take();
				break;
			case 'onlink':
				out.onlink = true;
				break;
			case 'nexthop':
				return fault('ip: the simulator has no routes with several next hops', 2);
			case 'encap':
				return fault('ip: the simulator has no routes with an encapsulation', 2);
			default: {
				const text = word === 'to' ? words.take() : word;
				const type = TYPES.find((t) => t === text);
				if (type && !dst) out.type = type;
				else dst = readPrefix(text);
			}
		}
	}
	return {
		...out,
		dst: dst ?? { address: 0, length: 0 },
		given,
		...(dst ? {} : { given: new Set([...given, 'no-destination']) }),
	};
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
			const filter = readFilter(words);
			const ns = space.ns();
			const dev = filter.dev === undefined ? undefined : deviceByName(ns, filter.dev)?.ifindex;
			if (filter.table === 'cache') {
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
