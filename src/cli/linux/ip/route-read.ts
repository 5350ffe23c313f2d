/** Words of `ip route`: tables, prefixes, and a route to be added (iproute2 6.1 ip/iproute.c). */
import { deviceByName, type RouteOptions, type RouteType, type Scope } from '../../../sim/linux/index.ts';
import { type Prefix, parseInterface, parseIp } from '../../../sim/wire/index.ts';
import { whole } from '../words.ts';
import { fault, type IpRun, invalid, noDevice, type Words } from './context.ts';

const TABLES: Readonly<Record<string, number>> = { local: 255, main: 254, default: 253 };

const TYPES: readonly RouteType[] = ['unicast', 'local', 'broadcast', 'unreachable', 'blackhole', 'prohibit'];

export const tableName = (table: number, numeric = false): string =>
	(numeric ? undefined : Object.entries(TABLES).find(([, number]) => number === table)?.[0]) ?? String(table);

/** Who makes routes and rules (iproute2 6.1 etc/iproute2/rt_protos). */
export const PROTOCOLS: Readonly<Record<string, number>> = {
	unspec: 0,
	redirect: 1,
	kernel: 2,
	boot: 3,
	static: 4,
	gated: 8,
	ra: 9,
	mrt: 10,
	zebra: 11,
	bird: 12,
	dnrouted: 13,
	xorp: 14,
	ntk: 15,
	dhcp: 16,
	keepalived: 18,
	babel: 42,
	openr: 99,
	bgp: 186,
	isis: 187,
	ospf: 188,
	rip: 189,
	eigrp: 192,
};

export const protocolName = (name: string, numeric = false): string =>
	numeric ? String(PROTOCOLS[name] ?? name) : name;

export function readTable(text: string): number {
	return TABLES[text] ?? whole(text, 0, 0xffffffff) ?? invalid(`"table" value "${text}" is invalid\n`, text);
}

export function readPrefix(text: string): Prefix {
	if (text === 'default' || text === 'any' || text === 'all') return { address: 0, length: 0 };
	return parseInterface(text) ?? fault(`Error: any valid prefix is expected rather than "${text}".`);
}

/** The words of add, change, replace, append and del. */
export function readRoute(run: IpRun, words: Words): RouteOptions & { given: Set<string> } {
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
