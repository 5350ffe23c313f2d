/** Machines of a scenario file and what is between them: hosts, routers, nodes, links, bridges. */
import { parseIptablesSave } from '../../src/sim/linux/index.ts';
import type { BridgeSpec, End, HostSpec, LinkSpec, NodeSpec } from '../../src/sim/world/index.ts';
import { readRoute } from './route-text.ts';
import { RULE_WORDS } from './words.ts';
import type { Field } from './yaml-reader.ts';

const HOST_KEYS = ['name', 'kernel', 'addresses', 'routes', 'forward', 'rp-filter', 'bridge-nf', 'listen'] as const;
const NODE_KEYS = [...HOST_KEYS, 'internalIP', 'podCIDR', 'labels', 'control-plane'] as const;

/** `iptables-save` text that the simulator can load. */
export function readRules(field: Field): string {
	const text = field.text();
	const parsed = parseIptablesSave(text);
	if (parsed.ok) return text;
	const { code, line, column, text: word } = parsed.errors[0]!;
	return field.failInText(`${RULE_WORDS[code]}: "${word}"`, line, column);
}

/** What is gathered while a file is read. */
export interface Reading {
	/** `iptables-save` text by namespace. */
	readonly rules: ReadonlyMap<string, string>;
	/** Where in the file stands what the World may complain about later, by the name it uses. */
	readonly where: Map<string, string>;
}

export function readHost(field: Field, prefix: string, reading: Reading): HostSpec {
	const keys = field.map(HOST_KEYS, ['name']);
	return hostOf(keys, `${prefix}${keys.name.name()}`, prefix === 'router/', reading);
}

function hostOf(
	keys: Readonly<Record<(typeof HOST_KEYS)[number], Field>>,
	ns: string,
	forward: boolean,
	{ rules, where }: Reading,
): HostSpec {
	if (where.has(ns)) keys.name.fail(`there is another "${ns}"`);
	where.set(ns, keys.name.where);
	for (const [dev, value] of keys.addresses.entries()) where.set(`${ns}:${value.device(dev)}`, value.where);
	for (const [i, route] of keys.routes.list().entries()) where.set(`${ns} routes[${i}]`, route.where);
	return {
		ns,
		...(keys.kernel.present ? { kernel: readVersion(keys.kernel) } : {}),
		addresses: keys.addresses.entries().flatMap(([dev, value]) => {
			const one = (item: Field) => {
				const { address, length } = item.interface();
				return { dev, ip: address, length };
			};
			return value.isList ? value.list().map(one) : [one(value)];
		}),
		routes: keys.routes.list().map(readRoute),
		forward: keys.forward.present ? keys.forward.flag() : forward,
		rpFilter: keys['rp-filter'].present ? (keys['rp-filter'].number(0, 2) as 0 | 1 | 2) : 0,
		bridgeNetfilter: keys['bridge-nf'].present ? keys['bridge-nf'].flag() : false,
		iptables: rules.get(ns),
		servers: keys.listen.list().map((item) => {
			const [port, protocol = 'tcp', more] = item.text().toLowerCase().split('/');
			if ((protocol !== 'tcp' && protocol !== 'udp') || more !== undefined)
				return item.fail(`a listener is written 8080, 8080/tcp or 53/udp, not "${item.text()}"`);
			if (!/^[1-9][0-9]{0,4}$/.test(port!) || Number(port) > 65535)
				return item.fail(`port must be a whole number from 1 to 65535, not "${port}"`);
			return { port: Number(port), protocol };
		}),
	};
}

export function readNode(field: Field, reading: Reading): { host: HostSpec; node: NodeSpec } {
	const keys = field.map(NODE_KEYS, ['name', 'podCIDR', 'addresses']);
	const name = keys.name.name();
	const host = hostOf(keys, `node/${name}`, true, reading);
	const first = host.addresses[0] ?? keys.addresses.fail('a node needs an address');
	const internalIP = keys.internalIP.present ? keys.internalIP.ip() : first.ip;
	const holder = host.addresses.find((a) => a.ip === internalIP);
	if (!holder) return keys.internalIP.fail('internalIP must be one of the addresses of the node');
	return {
		host,
		node: {
			name,
			internalIP,
			device: holder.dev,
			podCIDR: keys.podCIDR.prefix(),
			labels: {
				'kubernetes.io/hostname': name,
				...Object.fromEntries(keys.labels.entries().map(([k, v]) => [k, v.text()])),
			},
			controlPlane: keys['control-plane'].present ? keys['control-plane'].flag() : false,
		},
	};
}

export const readVersion = (field: Field): string => {
	const text = field.text();
	return /^\d+\.\d+(\.\d+)?$/.test(text) ? text : field.fail(`a version is written 5.15.0, not "${text}"`);
};

/** `node/left:eth0`. */
function readEnd(field: Field, namespaces: readonly string[]): End {
	const text = field.text();
	const colon = text.lastIndexOf(':');
	if (colon < 0) return field.fail(`an end of a link is written NAMESPACE:DEVICE, not "${text}"`);
	const ns = text.slice(0, colon);
	const dev = text.slice(colon + 1);
	if (!namespaces.includes(ns)) field.fail(`no namespace "${ns}"; there are ${namespaces.join(', ')}`);
	if (dev === 'lo') field.fail('the loopback device has no other end');
	return { ns, dev: field.device(dev) };
}

export function readLink(
	field: Field,
	namespaces: readonly string[],
	taken: Set<string>,
	{ where }: Reading,
): LinkSpec {
	const keys = field.isMap ? field.map(['ends', 'mtu', 'delay', 'kind'], ['ends']) : undefined;
	const ends = (keys?.ends ?? field).list();
	if (ends.length !== 2) field.fail('a link has two ends');
	for (const end of ends) {
		const text = end.text();
		if (taken.has(text)) end.fail(`"${text}" is an end of another link`);
		taken.add(text);
		if (!where.has(text)) where.set(text, end.where);
	}
	return {
		ends: [readEnd(ends[0]!, namespaces), readEnd(ends[1]!, namespaces)],
		...(keys?.mtu.present ? { mtu: keys.mtu.number(68, 65535) } : {}),
		...(keys?.delay.present ? { delay: keys.delay.number(0, 10_000_000) } : {}),
		...(keys?.kind.present ? { kind: keys.kind.word(['veth', 'physical'] as const) } : {}),
	};
}

export function readBridge(
	field: Field,
	namespaces: readonly string[],
	ends: ReadonlySet<string>,
	taken: Set<string>,
): BridgeSpec {
	const keys = field.map(['in', 'name', 'ports'], ['in', 'name']);
	const ns = keys.in.word(namespaces);
	const name = keys.name.device();
	if (name === 'lo' || ends.has(`${ns}:${name}`) || taken.has(`${ns}:${name}`))
		keys.name.fail(`there is another device "${name}" in ${ns}`);
	taken.add(`${ns}:${name}`);
	return {
		ns,
		dev: name,
		ports: keys.ports.list().map((port) => {
			const dev = port.device();
			const end = `${ns}:${dev}`;
			if (!ends.has(end)) port.fail(`no link ends at "${end}"`);
			if (taken.has(end)) port.fail(`"${end}" is a port of a bridge already`);
			taken.add(end);
			return dev;
		}),
	};
}
