/** Routes as `ip route add` takes them: `default via 172.18.0.1 dev eth0`, `blackhole 10.0.0.0/8`. */
import { parseInterface, parseIp, parsePrefix } from '../../src/sim/wire/index.ts';
import type { RouteSpec } from '../../src/sim/world/index.ts';
import { wholeNumber } from './args.ts';
import type { Field } from './yaml-reader.ts';

const TYPES = ['unicast', 'unreachable', 'blackhole', 'prohibit'] as const;
const SCOPES = ['global', 'link', 'host'] as const;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads one route; complaints point at the field it stands in. */
export function readRoute(field: Field): RouteSpec {
	const words = field.text().trim().split(/\s+/);
	const type = TYPES.find((t) => t === words[0]);
	if (type) words.shift();
	const dstText = words.shift() ?? '';
	const dst = dstText === 'default' ? { address: 0, length: 0 } : parsePrefix(dstText);
	if (!dst) return field.fail(`"${dstText}" is not a destination: write default or a prefix`);
	if (dstText !== 'default' && parseInterface(dstText)!.address !== dst.address)
		return field.fail(`"${dstText}" has bits set beyond its prefix length`);
	const route: Mutable<RouteSpec> = { dst };
	if (type && type !== 'unicast') route.type = type;
	const given = new Set<string>();
	for (let name = words[0]; name !== undefined; name = words[0]) {
		if (given.has(name)) field.fail(`"${name}" is given twice`);
		given.add(name);
		readOption(route, words, field);
	}
	if (route.type && (route.via !== undefined || route.dev !== undefined))
		field.fail(`a route of type ${route.type} leads nowhere: it has no "via" and no "dev"`);
	if (!route.type && route.via === undefined && route.dev === undefined)
		field.fail('a route needs "via ADDRESS" or "dev NAME"');
	return route;
}

function readOption(route: Mutable<RouteSpec>, words: string[], field: Field): void {
	const name = words.shift()!;
	if (name === 'onlink') {
		route.onlink = true;
		return;
	}
	const value = words.shift();
	if (value === undefined) field.fail(`"${name}" of a route needs a value`);
	const address = (): number => parseIp(value) ?? field.fail(`"${value}" is not an IPv4 address`);
	switch (name) {
		case 'via':
			route.via = address();
			break;
		case 'src':
			route.src = address();
			break;
		case 'dev':
			route.dev = value;
			break;
		case 'scope': {
			route.scope = SCOPES.find((s) => s === value) ?? field.fail(`scope must be global, link or host, not "${value}"`);
			break;
		}
		case 'metric':
			route.metric = wholeNumber(value, 'metric', 0, 4294967295, field.where);
			break;
		case 'mtu':
			route.mtu = wholeNumber(value, 'mtu', 68, 65535, field.where);
			break;
		case 'proto':
			break;
		default:
			field.fail(`a route has no "${name}"; it has via, dev, src, scope, metric, mtu, onlink`);
	}
}
