/**
 * The machine's Docker: containers, images and networks.
 *
 * Addresses are the lowest that are free, in the order containers start; a MAC is 02:42 and the four octets of the
 * address (moby libnetwork/netutils GenerateMACFromIP @ v20.10). A container gives its address back when it stops.
 */
import { formatIp, formatPrefix, type Ip, type Mac, parseIp, prefixOf } from '../../wire/index.ts';
import { SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { Container, Docker, DockerError, ImagePull } from '../types.ts';
import { fullName, parseImage } from './image-names.ts';
import { type ImageStore, pullFault, type StoredImage } from './image-store.ts';
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

const dockerMac = (ip: Ip): Mac => 0x0242 * 2 ** 32 + ip;

/** `bridges`: networks that were there before. */
export function createDocker(timeline: Timeline, images: ImageStore, bridges: readonly string[] = []): DockerHost {
	const networks: Network[] = [];
	const containers: Container[] = [];
	const watchers: ContainerWatch[] = [];
	let made = 0;

	const addNetwork = (name: string, driver: string): void => {
		const id = timeline.hex(64, 'network', name);
		if (driver !== 'bridge') {
			networks.push({ id, name, driver, scope: 'local', created: timeline.now });
			return;
		}
		const gateway = GATEWAYS.map((text) => parseIp(text)!).find((g) => !networks.some((n) => n.gateway === g))!;
		networks.push({
			id,
			name,
			driver,
			scope: 'local',
			created: timeline.now,
			subnet: formatPrefix(prefixOf(gateway & 0xffff0000, 16)),
			gateway,
			bridge: name === 'bridge' ? 'docker0' : `br-${id.slice(0, 12)}`,
		});
	};
	addNetwork('bridge', 'bridge');
	addNetwork('host', 'host');
	addNetwork('none', 'null');
	for (const name of bridges) addNetwork(name, 'bridge');

	const freeAddress = (network: Network): Ip => {
		const taken = new Set(containers.filter((c) => c.network === network.name).map((c) => c.ip));
		let ip = network.gateway! + 1;
		while (taken.has(ip)) ip++;
		return ip;
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
		const ip = network?.gateway === undefined ? undefined : freeAddress(network);
		const running = replace(container, {
			...container,
			state: 'running',
			restarting: false,
			started: timeline.now,
			...(ip === undefined ? {} : { ip, mac: dockerMac(ip) }),
		});
		for (const watcher of watchers) watcher.started(running);
		return running;
	};
	const stop = (container: Container, exitCode = 130): Container => {
		if (container.state !== 'running') return container;
		const { ip: _ip, mac: _mac, paused: _p, ...rest } = container;
		const stopped = replace(container, { ...rest, state: 'exited', finished: timeline.now, exitCode });
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
		createNetwork(name) {
			if (networks.some((n) => n.name === name)) return { error: `network with name ${name} already exists` };
			if (networks.filter((n) => n.driver === 'bridge').length >= GATEWAYS.length)
				return {
					error:
						'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
				};
			addNetwork(name, 'bridge');
			return networks.at(-1)!.id;
		},
		removeNetwork(name) {
			const network = networks.find((n) => n.name === name || (name.length >= 12 && n.id.startsWith(name)));
			if (!network) return { error: `No such network: ${name}` };
			if (['bridge', 'host', 'none'].includes(network.name))
				return { error: `${network.name} is a pre-defined network and cannot be removed` };
			if (containers.some((c) => c.network === network.name && c.state === 'running'))
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
					return;
				}
				images.add(name!);
				pulling.state = 'done';
			});
			return pulling;
		},
	};
}
