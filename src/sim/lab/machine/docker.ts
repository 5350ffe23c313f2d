/**
 * The machine's Docker: containers, images and networks.
 *
 * Addresses are the lowest that are free, in the order containers start; a MAC is 02:42 and the four octets of the
 * address (moby libnetwork/netutils GenerateMACFromIP @ v20.10). A container gives its address back when it stops.
 */
import { formatIp, formatPrefix, type Ip, type Mac, parseIp, parsePrefix, prefixOf } from '../../wire/index.ts';
import { SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { Attachment, Container, Docker, DockerError, ImagePull, NetworkOptions } from '../types.ts';
import { fullName, parseImage } from './image-names.ts';
import { type ImageStore, notInLab, pullFault, type StoredImage } from './image-store.ts';
import { joinPort } from './published.ts';

interface Network {
	readonly id: string;
	readonly name: string;
	readonly driver: string;
	readonly scope: string;
	/** Virtual microseconds. */
	readonly created: number;
	readonly subnet?: string;
	readonly gateway?: Ip;
	readonly bridge?: string;
	readonly asked?: NetworkOptions;
}

/** Told of containers that start and stop: a node's machine follows its container. */
export interface ContainerWatch {
	started(container: Container): void;
	stopped(container: Container): void;
	removed(container: Container): void;
}

export interface DockerHost extends Docker {
	/** Makes a network when there is none of this name. */
	ensureNetwork(name: string): void;
	/** A TCP port of the host nobody listens on. */
	freePort(key: string): number;
	watch(watcher: ContainerWatch): void;
	hasImage(image: string): boolean;
	findImage(image: string): StoredImage | undefined;
	removeImage(image: string): void;
}

const GATEWAYS: readonly string[] = Array.from({ length: 15 }, (_, i) => `172.${17 + i}.0.1`);
/** Octets a second. */
export const BANDWIDTH = 25_000_000;

const overlap = (one: string, other: string): boolean => {
	const [a, b] = [parsePrefix(one)!, parsePrefix(other)!];
	const size = 2 ** (32 - Math.min(a.length, b.length));
	return Math.floor(a.address / size) === Math.floor(b.address / size);
};

const dockerMac = (ip: Ip): Mac => 0x0242 * 2 ** 32 + ip;

/** `bridges`: networks that were there before. */
export function createDocker(timeline: Timeline, images: ImageStore, bridges: readonly string[] = []): DockerHost {
	const networks: Network[] = [];
	const containers: Container[] = [];
	const watchers: ContainerWatch[] = [];
	let made = 0;
	/** How often a network of each name was made. */
	const nets = new Map<string, number>();

	const addNetwork = (name: string, driver: string, asked?: NetworkOptions): void => {
		const times = nets.get(name) ?? 0;
		nets.set(name, times + 1);
		const id = timeline.hex(64, 'network', times === 0 ? name : `${name}\0${times}`);
		if (driver !== 'bridge') {
			networks.push({ id, name, driver, scope: 'local', created: timeline.now });
			return;
		}
		const pool = GATEWAYS.map((text) => parseIp(text)!).find(
			(g) => !networks.some((n) => n.subnet !== undefined && overlap(n.subnet, formatPrefix(prefixOf(g, 16)))),
		)!;
		const subnet = asked?.subnet ?? formatPrefix(prefixOf(pool, 16));
		const gateway =
			asked?.gateway ?? (asked?.range ? parsePrefix(asked.range)!.address : parsePrefix(subnet)!.address + 1);
		networks.push({
			id,
			name,
			driver,
			scope: 'local',
			created: timeline.now,
			subnet,
			gateway,
			bridge: asked?.bridge ?? (name === 'bridge' ? 'docker0' : `br-${id.slice(0, 12)}`),
			...(asked ? { asked } : {}),
		});
	};
	addNetwork('bridge', 'bridge');
	addNetwork('host', 'host');
	addNetwork('none', 'null');
	for (const name of bridges) addNetwork(name, 'bridge');

	const freeAddress = (
		network: Network,
		wants?: { readonly ip?: Ip; readonly mac?: Mac },
	): { readonly ip: Ip; readonly mac: Mac } | DockerError => {
		const taken = new Set<Ip | undefined>([network.gateway]);
		for (const c of containers)
			for (const at of [c, ...(c.more ?? [])]) if (at.network === network.name) taken.add(at.ip);
		const { address, length } = parsePrefix(network.asked?.range ?? network.subnet!)!;
		const last = address + 2 ** (32 - length) - 1;
		let ip = wants?.ip ?? (network.asked?.range === undefined ? address + 1 : address);
		if (wants?.ip === undefined) while (taken.has(ip) || ip === parsePrefix(network.subnet!)!.address) ip++;
		else if (taken.has(ip)) return { error: 'Address already in use' };
		if (wants?.ip === undefined && ip >= last)
			return { error: `no available IPv4 addresses on this network's address pools: ${network.name} (${network.id})` };
		return { ip, mac: wants?.mac ?? dockerMac(ip) };
	};
	const replace = (old: Container, changed: Container): Container => {
		containers[containers.indexOf(old)] = changed;
		return changed;
	};
	const find = (name: string): Container | undefined => {
		const named = containers.find((c) => c.name === name || c.id === name);
		if (named || !/^[0-9a-f]{3,64}$/.test(name)) return named;
		const begun = containers.filter((c) => c.id.startsWith(name));
		return begun.length === 1 ? begun[0] : undefined;
	};
	const none = (name: string): DockerError => ({ error: `No such container: ${name}` });
	const clash = (spec: Pick<Container, 'ports'>, own?: string) =>
		spec.ports.find((port) =>
			containers.some(
				(c) =>
					c.state === 'running' &&
					c.id !== own &&
					c.ports.some(
						(p) =>
							p.hostPort === port.hostPort &&
							p.protocol === port.protocol &&
							(p.hostIp === port.hostIp || p.hostIp === '0.0.0.0' || port.hostIp === '0.0.0.0'),
					),
			),
		);
	/** What the machine may listen on: every address, its loopback, and its ends of Docker's networks. */
	const own = (hostIp: string): boolean =>
		/^(0\.0\.0\.0|127\..*|::1?)$/.test(hostIp) ||
		networks.some(({ gateway }) => gateway !== undefined && formatIp(gateway) === hostIp);
	const start = (container: Container): Container | DockerError => {
		const failed = (why: string): DockerError => ({
			error: `driver failed programming external connectivity on endpoint ${container.name} (${timeline.hex(64, 'endpoint', container.id)}): ${why}`,
		});
		const taken = clash(container, container.id);
		if (taken) return failed(`Bind for ${taken.hostIp}:${taken.hostPort} failed: port is already allocated`);
		const foreign = container.ports.find((port) => !own(port.hostIp));
		if (foreign)
			return failed(
				`Error starting userland proxy: listen ${foreign.protocol}${foreign.hostIp.includes(':') ? 6 : 4} ${joinPort(foreign.hostIp, foreign.hostPort)}: bind: cannot assign requested address`,
			);
		const network = networks.find((n) => n.name === container.network);
		// `host`, `none` and another container's network give no address.
		const address = network?.gateway === undefined ? undefined : freeAddress(network, container.wants);
		if (address && 'error' in address) return address;
		const more: Attachment[] = [];
		for (const at of container.more ?? []) {
			const other = networks.find((n) => n.name === at.network);
			const there = other && freeAddress(other, at.wants);
			if (there && 'error' in there) return there;
			more.push({ ...at, ...there });
		}
		const running = replace(container, {
			...container,
			state: 'running',
			restarting: false,
			started: timeline.now,
			...address,
			...(more.length > 0 ? { more } : {}),
		});
		for (const watcher of watchers) watcher.started(running);
		return running;
	};
	const stop = (container: Container, exitCode = 130): Container => {
		if (container.state !== 'running') return container;
		const { ip: _ip, mac: _mac, paused: _p, ...rest } = container;
		const more = rest.more?.map(({ ip: _i, mac: _m, ...at }) => at);
		const stopped = replace(container, {
			...rest,
			...(more ? { more } : {}),
			state: 'exited',
			finished: timeline.now,
			exitCode,
		});
		for (const watcher of watchers) watcher.stopped(stopped);
		return stopped;
	};

	return {
		containers: () => [...containers].reverse(),
		images: () => images.list(),
		networks: () => [...networks].sort((a, b) => (a.name < b.name ? -1 : 1)),
		find,
		ensureNetwork(name) {
			if (!networks.some((n) => n.name === name)) addNetwork(name, 'bridge');
		},
		freePort(key) {
			const used = new Set(containers.flatMap((c) => c.ports.map((p) => p.hostPort)));
			for (let i = 0; ; i++) {
				const port = 32768 + timeline.random('host port', `${key}\0${i}`, 28232);
				if (!used.has(port)) return port;
			}
		},
		watch: (watcher) => watchers.push(watcher),
		hasImage: images.has,
		findImage: images.find,
		removeImage: images.remove,
		freeAddress(name, wanted) {
			const network = networks.find((n) => n.name === name);
			if (network?.subnet === undefined) return { error: `network ${name} not found` };
			return freeAddress(network, wanted === undefined ? undefined : { ip: wanted });
		},
		createNetwork(name, asked) {
			if (networks.some((n) => n.name === name)) return { error: `network with name ${name} already exists` };
			if (
				asked?.subnet !== undefined &&
				networks.some((n) => n.subnet !== undefined && overlap(n.subnet, asked.subnet!))
			)
				return { error: 'Pool overlaps with other one on this address space' };
			if (
				asked?.subnet === undefined &&
				GATEWAYS.every((text) => networks.some((n) => n.subnet !== undefined && overlap(n.subnet, `${text}/16`)))
			)
				return {
					error:
						'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
				};
			addNetwork(name, 'bridge', asked);
			return networks.at(-1)!.id;
		},
		removeNetwork(name) {
			const network = networks.find((n) => n.name === name || (name.length >= 12 && n.id.startsWith(name)));
			if (!network) return { error: `No such network: ${name}` };
			if (['bridge', 'host', 'none'].includes(network.name))
				return { error: `${network.name} is a pre-defined network and cannot be removed` };
			if (
				containers.some(
					(c) => c.state === 'running' && [c, ...(c.more ?? [])].some((at) => at.network === network.name),
				)
			)
				return { error: `error while removing network: network ${network.name} id ${network.id} has active endpoints` };
			networks.splice(networks.indexOf(network), 1);
			return undefined;
		},
		ended(name, exitCode) {
			const container = find(name);
			if (container) stop(container, exitCode);
		},
		change(name, to) {
			const container = find(name);
			if (container) replace(container, { ...container, ...to });
		},
		tag: images.tag,
		run(spec, waits) {
			const rival = containers.find((c) => c.name === spec.name);
			if (rival)
				return {
					error: `Conflict. The container name "/${spec.name}" is already in use by container "${rival.id}". You have to remove (or rename) that container to be able to reuse that name.`,
				};
			const container: Container = {
				id: timeline.hex(64, 'container', `${spec.name}\0${made++}`),
				created: timeline.now,
				state: 'created',
				...spec,
			};
			containers.push(container);
			return waits ? container : start(container);
		},
		stop(name) {
			const container = find(name);
			if (!container) return none(name);
			stop(container);
			return undefined;
		},
		start(name) {
			const container = find(name);
			if (!container) return none(name);
			if (container.state === 'running') return undefined;
			const started = start(container);
			return 'error' in started ? started : undefined;
		},
		remove(name, force) {
			const container = find(name);
			if (!container) return none(name);
			if (container.state === 'running' && !force)
				return {
					error: `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
				};
			const stopped = stop(container);
			containers.splice(containers.indexOf(stopped), 1);
			for (const watcher of watchers) watcher.removed(stopped);
			return undefined;
		},
		pull(image) {
			const name = parseImage(image);
			const known = name && images.inRegistry(name);
			const fault = known ? undefined : pullFault(name);
			const pulling = { image, state: 'running', size: known?.transfer ?? 0 } as {
				-readonly [K in keyof ImagePull]: ImagePull[K];
			};
			const here = name && images.has(fullName(name));
			const time = here ? SECOND : fault ? 2 * SECOND : 1.5 * SECOND + (pulling.size / BANDWIDTH) * SECOND;
			timeline.after(time, () => {
				if (fault) {
					pulling.state = 'failed';
					pulling.error = fault;
					const note = name && notInLab(name);
					if (note) pulling.note = note;
					return;
				}
				images.add(name!);
				pulling.state = 'done';
			});
			return pulling;
		},
	};
}
