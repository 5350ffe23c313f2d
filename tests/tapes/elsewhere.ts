/**
 * The same lab elsewhere: other names, other subnets, another seed. What a tape shows there is what it shows here, with
 * each thing of this lab called as its counterpart is: names, addresses and numbers are read from both labs' objects.
 */
import { type Cluster, LAB_PRESETS, type Lab, labPreset, type Pins } from '../../src/sim/lab/index.ts';
import { formatIp, formatMac, type Ip, type Mac, parseIp } from '../../src/sim/wire/index.ts';
import { type Names, rename, type Tape } from './tape.ts';

/** Pins with other names: hashes and drawn endings too; addresses in the other subnet, and other ones of it. */
function movedPins(pins: Pins, names: Names): Pins {
	const drawn = [
		...Object.values(pins.templateHash ?? {}),
		...(pins.pods ?? []).map(({ name }) => name.slice(name.lastIndexOf('-') + 1)),
	].map((text) => [text, [...text].reverse().join('')] as const);
	const moved = (value: unknown): unknown => {
		if (typeof value === 'string') return rename(value, [...names, ...drawn]);
		if (typeof value === 'number') return movedIp(value, names);
		if (Array.isArray(value)) return value.map(moved);
		return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [rename(key, names), moved(item)]));
	};
	const { nodePorts, ...rest } = pins;
	return { ...(moved(rest) as Pins), ...(nodePorts ? { nodePorts } : {}) };
}

function movedIp(ip: Ip, names: Names): Ip {
	const moved = parseIp(rename(formatIp(ip), names))!;
	return (moved - (moved & 0xff) + (((moved & 0xff) * 7 + 13) % 250) + 2) >>> 0;
}

/** How many networks are on the machine before kind's, so that kind's is the renamed one: Docker counts from 172.17. */
function spareNetworks(names: Names): readonly string[] {
	const to = names.find(([from]) => from.startsWith('172.18.'))?.[1];
	return Array.from({ length: to === undefined ? 0 : Number(to.split('.')[1]) - 18 }, (_, i) => `spare${i}`);
}

/** The tape's lab with the tape's other names. Node ports and what orders nodes stay: which node a line means is by them. */
export function labElsewhere({ lab, rename: names }: Tape): Lab | undefined {
	const options = LAB_PRESETS.find(({ id }) => id === lab)?.options;
	if (!options) return undefined;
	const subnet = (text: string): string => rename(text, names);
	return labPreset(
		lab,
		{
			seed: options.seed + 1,
			networks: spareNetworks(names),
			pins: movedPins(options.pins ?? {}, names),
		},
		{
			cluster: rename('basic', names),
			podSubnet: subnet('10.244.0.0/16'),
			serviceSubnet: subnet('10.96.0.0/16'),
		},
	);
}

type Pairs = Map<string, string>;
interface Thing {
	readonly metadata: {
		readonly name: string;
		readonly namespace?: string;
		readonly uid?: string;
		readonly creationTimestamp?: string;
		readonly labels?: Readonly<Record<string, string>>;
		readonly annotations?: Readonly<Record<string, string>>;
		readonly ownerReferences?: readonly {
			readonly kind: string;
			readonly name: string;
			readonly controller?: boolean;
		}[];
	};
	readonly spec?: {
		readonly nodeName?: string;
		readonly hostNetwork?: boolean;
		readonly podCIDR?: string;
		readonly clusterIP?: string;
		readonly ports?: readonly { readonly nodePort?: number }[];
	};
	readonly status?: { readonly podIP?: string; readonly id?: number };
	readonly 'security-labels'?: Readonly<Record<string, string>>;
}

const KINDS = [
	'nodes',
	'replicasets',
	'pods',
	'services',
	'endpointslices',
	'controllerrevisions',
	'ciliumnodes',
	'ciliumidentities',
	'ciliumendpoints',
] as const;

/** What a thing is, whatever it is called: the same text in both labs. `names` are those of the first lab. */
function roles(cluster: Cluster, plural: (typeof KINDS)[number], names: Names): ReadonlyMap<string, Thing> {
	const { api } = cluster;
	const list = (kind: string): readonly Thing[] => {
		const resource = api.find(kind);
		return resource ? (api.list(resource) as unknown as readonly Thing[]) : [];
	};
	const common = (text: string): string => rename(text, names);
	const sets = new Map(list('replicasets').map((set) => [`${set.metadata.namespace}/${set.metadata.name}`, set]));
	const ownerOf = ({ metadata }: Thing): string => {
		const owner = metadata.ownerReferences?.find(({ controller }) => controller);
		if (!owner) return common(metadata.name);
		const set = owner.kind === 'ReplicaSet' && sets.get(`${metadata.namespace}/${owner.name}`);
		if (set) return `${ownerOf(set)}~${set.metadata.annotations?.['deployment.kubernetes.io/revision']}`;
		return owner.kind === 'Node' ? common(metadata.name) : common(owner.name);
	};
	const pods = new Map(list('pods').map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
	const roleOf = (thing: Thing): string => {
		const { name, namespace = '', labels } = thing.metadata;
		if (plural === 'replicasets')
			return `${ownerOf(thing)}~${thing.metadata.annotations?.['deployment.kubernetes.io/revision']}`;
		if (plural === 'pods') return `${ownerOf(thing)}@${common(thing.spec?.nodeName ?? '')}`;
		if (plural === 'ciliumendpoints') {
			const pod = pods.get(`${namespace}/${name}`);
			return pod ? `${ownerOf(pod)}@${common(pod.spec?.nodeName ?? '')}` : name;
		}
		if (plural === 'ciliumidentities')
			return common(JSON.stringify(Object.entries(thing['security-labels'] ?? {}).sort()));
		if (plural === 'endpointslices') return common(labels?.['kubernetes.io/service-name'] ?? name);
		if (plural === 'controllerrevisions') return ownerOf(thing);
		return common(name);
	};
	const found = new Map<string, Thing>();
	/** An endpoint is as old as its pod: how soon each of two alike got theirs is chance. */
	const born = (thing: Thing): string => {
		const { name, namespace } = thing.metadata;
		const { metadata } = (plural === 'ciliumendpoints' && pods.get(`${namespace}/${name}`)) || thing;
		return `${metadata.creationTimestamp ?? ''} ${name}`;
	};
	for (const thing of [...list(plural)].sort((a, b) => (born(a) < born(b) ? -1 : 1))) {
		const role = `${common(thing.metadata.namespace ?? '')}/${roleOf(thing)}`;
		let ordinal = 1;
		while (found.has(`${role}#${ordinal}`)) ordinal++;
		found.set(`${role}#${ordinal}`, thing);
	}
	return found;
}

/** Things of the same role; what chance put on another node is paired with what is left of its kind. */
function counterparts(
	here: ReadonlyMap<string, Thing>,
	there: ReadonlyMap<string, Thing>,
): readonly (readonly [Thing, Thing])[] {
	const anywhere = (role: string): string => role.replace(/@.*$/, '');
	const left = [...there].filter(([role]) => !here.has(role));
	return [...here].flatMap(([role, thing]) => {
		const same = there.get(role);
		if (same) return [[thing, same] as const];
		const at = left.findIndex(([other]) => anywhere(other) === anywhere(role) && role.includes('@'));
		return at < 0 ? [] : [[thing, left.splice(at, 1)[0]![1]] as const];
	});
}

const HASHES = ['pod-template-hash', 'controller-revision-hash'] as const;

function pairClusters(here: Cluster, there: Cluster, names: Names, pairs: Pairs): void {
	const add = (a: string | number | undefined, b: string | number | undefined): void => {
		if (a === undefined || b === undefined || a === '' || a === 'None') return;
		pairs.set(String(a), String(b));
	};
	add(here.server, there.server);
	for (const kind of KINDS) {
		for (const [thing, other] of counterparts(roles(here, kind, names), roles(there, kind, []))) {
			add(thing.metadata.name, other.metadata.name);
			add(thing.metadata.uid, other.metadata.uid);
			for (const hash of HASHES) add(thing.metadata.labels?.[hash], other.metadata.labels?.[hash]);
			add(thing.spec?.podCIDR, other.spec?.podCIDR);
			add(thing.spec?.clusterIP, other.spec?.clusterIP);
			if (!thing.spec?.hostNetwork) add(thing.status?.podIP, other.status?.podIP);
			for (const [i, port] of (thing.spec?.ports ?? []).entries()) add(port.nodePort, other.spec?.ports?.[i]?.nodePort);
			if (kind === 'ciliumendpoints') add(thing.status?.id, other.status?.id);
		}
	}
	const agents = new Map(there.agents().map((agent) => [agent.node, agent]));
	for (const agent of here.agents()) {
		const other = agents.get(rename(agent.node, names));
		add(formatIp(agent.routerIP), other && formatIp(other.routerIP));
		add(formatIp(agent.healthIP), other && formatIp(other.healthIP));
		// Health endpoints, which are no objects of the API.
		const health = (a: typeof agent) => a.endpoints.find(({ pod }) => pod === 'health')?.id;
		add(health(agent), other && health(other));
	}
	pairDevices(here, there, names, pairs);
}

/** MAC addresses, and names of the nodes' ends of pods' pairs. */
function pairDevices(here: Cluster, there: Cluster, names: Names, pairs: Pairs): void {
	const nets = [here.world().net.namespaces, there.world().net.namespaces] as const;
	const counterpart = (ns: string): string =>
		ns
			.split('/')
			.map((part) => pairs.get(part) ?? rename(part, names))
			.join('/');
	for (const [ns, a] of nets[0]) {
		const b = nets[1].get(counterpart(ns));
		if (!b) continue;
		for (const device of a.devices.values()) {
			const other = [...b.devices.values()].find(({ name, peer }) =>
				device.peer?.ns.startsWith('pod/')
					? peer?.ns === counterpart(device.peer.ns)
					: name === device.name || name === pairs.get(device.name),
			);
			if (!other) continue;
			if (device.name.length > 6) pairs.set(device.name, other.name);
			pairMacs(device.mac, other.mac, pairs);
		}
	}
}

/** The address a device gives itself from its MAC address (RFC 4291, appendix A). */
function linkLocal(mac: Mac): string {
	const octets = formatMac(mac)
		.split(':')
		.map((text) => Number.parseInt(text, 16));
	const [a, b, c, d, e, f] = octets as [number, number, number, number, number, number];
	const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
	return `fe80::${groups.map((group) => group.toString(16)).join(':')}`;
}

function pairMacs(here: Mac | undefined, there: Mac | undefined, pairs: Pairs): void {
	if (!here || !there) return;
	pairs.set(formatMac(here), formatMac(there));
	pairs.set(linkLocal(here), linkLocal(there));
}

/** What is called so here, and how it is called there. Later calls add to what earlier ones found. */
export function correspond(here: Lab, there: Lab, names: Names, pairs: Pairs = new Map()): Pairs {
	const others = there.docker.containers();
	for (const container of here.docker.containers()) {
		const other = others.find(({ name }) => name === rename(container.name, names));
		if (!other) continue;
		pairs.set(container.id, other.id);
		pairs.set(container.id.slice(0, 12), other.id.slice(0, 12));
		if (container.ip !== undefined && other.ip !== undefined) pairs.set(formatIp(container.ip), formatIp(other.ip));
		pairMacs(container.mac, other.mac, pairs);
	}
	for (const network of here.docker.networks()) {
		const other = there.docker.networks().find(({ name }) => name === network.name);
		if (!other) continue;
		pairs.set(network.id.slice(0, 12), other.id.slice(0, 12));
		if (network.subnet && other.subnet) pairs.set(network.subnet, other.subnet);
		if (network.gateway !== undefined && other.gateway !== undefined)
			pairs.set(formatIp(network.gateway), formatIp(other.gateway));
	}
	for (const cluster of here.clusters()) {
		const other = there.cluster(rename(cluster.name, names));
		if (other) pairClusters(cluster, other, names, pairs);
	}
	return pairs;
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Text of the first lab as it is in the second: in one pass, longer things first; the tape's own names are pieces of words. */
export function translator(pairs: ReadonlyMap<string, string>, names: Names): (text: string) => string {
	const all = new Map([...names, ...pairs]);
	const pieces = [...all.keys()].sort((a, b) => b.length - a.length);
	const patterns = pieces.map((piece) => {
		const whole = pairs.has(piece);
		if (!whole) return literal(piece);
		// A number may not go on; what stands behind an address may be its port, after a dot.
		return /^[\d.]+$/.test(piece) ? `(?<![\\d.])${literal(piece)}(?!\\d)` : `(?<![\\w])${literal(piece)}(?![\\w])`;
	});
	if (patterns.length === 0) return (text) => text;
	const pattern = new RegExp(patterns.join('|'), 'g');
	return (text) => text.replace(pattern, (found) => all.get(found) ?? found);
}
