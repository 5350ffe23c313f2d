/**
 * Containers of the machine's own Docker as programs and people find them: user, variables, files with what is mounted
 * over them, a log, and a server that runs. They are the same kind of thing as containers of pods (`states.ts`), made
 * of `docker run`'s words instead of a pod's.
 *
 * Source: moby daemon/oci_linux.go, daemon/container_operations_unix.go, volume/local @ v20.10.
 */
import type { ApiServer } from '../../api/index.ts';
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { createDisk, type DiskMount } from '../disk/disk.ts';
import { type DiskNode, directory, octetsOf } from '../disk/tree.ts';
import { programOf } from '../software/programs.ts';
import { SECOND } from '../time.ts';
import type { Container, HttpAccess, Lab, LogLine } from '../types.ts';
import type { DockerMount } from './docker-volumes.ts';
import { imageFacts } from './image-facts.ts';
import { imageRoot } from './image-root.ts';
import type { SecurityContext } from './security.ts';
import { userOf } from './security.ts';
import { type ContainerState, contextOf, keepState, prepare } from './states.ts';
import { DISK } from './volumes.ts';

/** What `docker run` was told of a container, beside what Docker lists. */
export interface DockerSettings {
	/** Before HOSTNAME and HOME. */
	readonly env?: Readonly<Record<string, string>>;
	readonly security?: SecurityContext;
	readonly directory?: string;
	/** `--add-host`: lines of /etc/hosts. */
	readonly hosts?: readonly string[];
	readonly mounts?: readonly DockerMount[];
	/** `--dns`, `--dns-search`, `--dns-option`. */
	readonly resolver?: {
		readonly servers?: readonly string[];
		readonly searches?: readonly string[];
		readonly options?: readonly string[];
	};
	/** Octets. */
	memory?: number;
	/** Billionths of a processor, as `--cpus` has them: written in its cgroup; nothing here is slower for it. */
	cpus?: number;
	/** Octets /dev/shm holds, how it is told to end, within how many seconds, and ports of `--expose`. */
	readonly shm?: number;
	readonly stopSignal?: string;
	readonly stopTimeout?: number;
	readonly ports?: readonly string[];
	readonly health?: HealthCheck;
	/** As `docker inspect` tells it: the network it was started on, and how it was run. */
	readonly network?: string;
	readonly attached?: boolean;
	readonly stdin?: boolean;
	readonly tty?: boolean;
	/** `--entrypoint`, and the words behind the image. */
	readonly command?: readonly string[];
	readonly args?: readonly string[];
}

/** `--health-cmd` and what belongs to it; microseconds. */
export interface HealthCheck {
	readonly command: string;
	readonly interval: number;
	readonly timeout: number;
	readonly startPeriod: number;
	readonly retries: number;
}

/** What the checks of a container found. */
export interface Health {
	status: 'starting' | 'healthy' | 'unhealthy';
	failing: number;
	readonly log: {
		readonly start: number;
		readonly end: number;
		readonly code: number;
		readonly output: string;
	}[];
}

export interface DockerEntry {
	health?: Health | undefined;
	readonly settings: DockerSettings;
	readonly state: ContainerState;
	readonly log: LogLine[];
	/** Told of each line that is written. */
	told?: ((text: string) => void) | undefined;
	/** Told when its first process ended by itself. */
	over?: ((code: number) => void) | undefined;
	/** Told when the kernel ended something of it for its memory. */
	oom?: (() => void) | undefined;
	/** Whether its server listens by now. */
	healthy: boolean;
	connections: number;
	/** Octets by the program that has them, and how often they were too many. */
	readonly used: Map<string, number>;
	kills: number;
}

const books = new WeakMap<Lab, Map<string, DockerEntry>>();

interface Host {
	readonly cluster: ClusterContext;
	readonly machine: Machine;
}

const hosts = new WeakMap<Lab, Host>();

/** The laptop where programs ask for their node: its clock, its kernel and its processors, and no cluster. */
export function dockerHost(lab: Lab): Host {
	const known = hosts.get(lab);
	if (known) return known;
	const random = (purpose: string, key: string, bound: number): number => lab.random(purpose, key, bound);
	const timeline = {
		get now() {
			return lab.now;
		},
		epoch: lab.epoch,
		after: lab.after,
		random,
		between: (from: number, to: number, purpose: string, key: string) => from + random(purpose, key, to - from + 1),
	};
	const node = { status: { capacity: { cpu: '8' } } };
	const api = { find: (plural: string) => (plural === 'nodes' ? {} : undefined), get: () => node };
	const host = {
		cluster: {
			name: '',
			timeline,
			get kernel() {
				const [first] = lab.clusters();
				return (first && contextOf(first)?.kernel) ?? '5.15.0-46-generic';
			},
			api: api as unknown as ApiServer,
			machines: new Map<string, Machine>(),
			packetsChanged: () => undefined,
		} as unknown as ClusterContext,
		// Docker 20.10 opens low ports to everybody (net.ipv4.ip_unprivileged_port_start), as containerd 2 does.
		machine: { name: 'laptop', image: { containerd: '2.0' } } as unknown as Machine,
	};
	hosts.set(lab, host);
	return host;
}

/** Says what a container was told, before anybody looks into it. */
export function setDocker(lab: Lab, container: Container, settings: DockerSettings): void {
	bookOf(lab).set(container.id, entryOf(lab, container, settings));
}

function bookOf(lab: Lab): Map<string, DockerEntry> {
	const book = books.get(lab) ?? new Map<string, DockerEntry>();
	books.set(lab, book);
	return book;
}

/** A container of Docker's that is no node. */
export function dockerEntry(lab: Lab, container: Container): DockerEntry {
	const book = bookOf(lab);
	let entry = book.get(container.id);
	if (!entry) {
		entry = entryOf(lab, container, {});
		book.set(container.id, entry);
	}
	return entry;
}

/** Its files as its user has them. */
export function dockerDisk(lab: Lab, container: Container): Pick<ContainerState, 'disk' | 'gone'> {
	return dockerEntry(lab, container).state;
}

/** Only where somebody looked already, or `docker run` said something of it. */
export const knownDocker = (lab: Lab, id: string): DockerEntry | undefined => books.get(lab)?.get(id);

/** The container is no more. */
export const forgetDocker = (lab: Lab, id: string): void => {
	books.get(lab)?.delete(id);
};

function entryOf(lab: Lab, container: Container, settings: DockerSettings): DockerEntry {
	const { id } = container;
	const image = container.base ?? container.image;
	const { env = {}, security = {}, mounts = [], command, args } = settings;
	const now = (): number => lab.now;
	const facts = imageFacts(image);
	const spec = {
		name: container.name,
		image,
		...(command ? { command: [...command] } : {}),
		...(args ? { args: [...args] } : {}),
		securityContext: security,
	} as unknown as ContainerSpec;
	const other = /^container:(.*)$/.exec(container.network)?.[1];
	const pod = {
		metadata: {
			name: container.hostname ?? id.slice(0, 12),
			uid: other ?? (container.network === 'host' ? 'host' : id),
		},
		spec: { containers: [spec] },
		status: {
			get podIP() {
				const ip = lab.docker.find(id)?.ip;
				return ip === undefined ? '127.0.0.1' : formatIp(ip);
			},
		},
	} as unknown as Pod;
	const user = userOf(pod, spec);
	const root = imageRoot(image, lab.now);
	const over: readonly DiskMount[] = [
		{
			path: '/dev/shm',
			node: directory(lab.now, 0o1777),
			readOnly: false,
			device: 'shm',
			type: 'tmpfs',
			limit: settings.shm ?? 64 * 1024 * 1024,
		},
		...mounts.map(({ type, name, source, target, readOnly, node, limit }) => ({
			path: target.replace(/(.)\/+$/, '$1'),
			node,
			readOnly,
			...(type === 'tmpfs' ? { device: 'tmpfs', type: 'tmpfs' } : DISK),
			...(limit === undefined ? {} : { limit }),
			...(name === undefined ? {} : { volume: name }),
			...(type === 'bind' ? { source } : {}),
		})),
	];
	prepare(root, over, lab.now);
	const cwd = settings.directory ?? facts.directory ?? '/';
	// What `-w` names is made, as root's (daemon/oci_linux.go SetupWorkingDirectory()).
	const maker = createDisk({ root, mounts: over, now });
	if (cwd !== '/' && !maker.stat(cwd)) maker.mkdir(cwd, { parents: true });
	const state: ContainerState = {
		id,
		pod,
		spec,
		user,
		env: { ...facts.env, ...env },
		cwd,
		gone: new Set(),
		misfit: undefined,
		web: undefined,
		resolve: (name) => resolved(lab, id, name),
		disk: createDisk({ root, mounts: over, user, now, readOnlyRoot: security.readOnlyRootFilesystem === true }),
	};
	keepState(dockerHost(lab).machine, state);
	return { settings, state, log: [], healthy: false, connections: 0, used: new Map(), kills: 0 };
}

/** Its hosts file, and Docker's name server on networks that somebody made. The default network's is not in this lab. */
function resolved(lab: Lab, id: string, name: string): readonly string[] | undefined {
	const own = lab.docker.find(id);
	const line = knownDocker(lab, id)?.settings.hosts?.find((text) => text.trim().split(/\s+/)[1] === name);
	if (line !== undefined) return [line.split(/\s+/)[0]!];
	const shared = /^container:(.*)$/.exec(own?.network ?? '')?.[1];
	const seen = shared === undefined ? own : lab.docker.find(shared);
	if (own?.ip !== undefined && name === (own.hostname ?? id.slice(0, 12))) return [formatIp(own.ip)];
	const networks = [seen?.network, ...(seen?.more ?? []).map((at) => at.network)];
	const ips: string[] = [];
	for (const network of networks) {
		if (network === undefined || /^(?:|bridge|host|none)$/.test(network)) continue;
		for (const c of lab.docker.containers()) {
			const at = [c, ...(c.more ?? [])].find((one) => one.network === network);
			if (c.state !== 'running' || at?.ip === undefined) continue;
			if (c.name.toLowerCase() === name || c.id.slice(0, 12) === name || at.aliases?.includes(name))
				ips.push(formatIp(at.ip));
		}
	}
	return ips.length > 0 ? ips : undefined;
}

/** `-u`: a name or a number, and a group's, as the image's own files know them (opencontainers/runc libcontainer/user). */
export function dockerUser(
	image: string,
	text: string,
): { readonly runAsUser: number; readonly runAsGroup: number } | { readonly error: string } {
	const disk = createDisk({ root: imageRoot(image, 0), now: () => 0 });
	const [user = '', group] = text.split(':') as [string, string | undefined];
	const rows = (path: string): readonly (readonly string[])[] =>
		(disk.read(path) ?? '').split('\n').map((line) => line.split(':'));
	const number = /^\d+$/;
	const known = rows('/etc/passwd').find(([name, , uid]) => name === user || uid === user);
	if (!known && !number.test(user)) return { error: `unable to find user ${user}: no matching entries in passwd file` };
	const own =
		group === undefined ? undefined : rows('/etc/group').find(([name, , gid]) => name === group || gid === group);
	if (group !== undefined && !own && !number.test(group))
		return { error: `unable to find group ${group}: no matching entries in group file` };
	return {
		runAsUser: Number(known?.[2] ?? user),
		runAsGroup: Number(own?.[2] ?? group ?? known?.[3] ?? 0),
	};
}

/** What is otherwise than in its image: added, changed, deleted (moby pkg/archive/changes.go @ v20.10). */
export function dockerDiff(
	lab: Lab,
	container: Container,
): readonly { readonly kind: 'A' | 'C' | 'D'; readonly path: string; readonly size: number }[] {
	const { state } = dockerEntry(lab, container);
	const out: { kind: 'A' | 'C' | 'D'; path: string; size: number }[] = [];
	const octets = (node: DiskNode): string => (node.kind === 'file' ? String(octetsOf(node)) : '');
	const walk = (was: DiskNode | undefined, is: DiskNode | undefined, path: string): boolean => {
		// The runtime's own mounts.
		if (/^\/(?:dev|proc|sys)$/.test(path)) return false;
		if (!is) {
			out.push({ kind: 'D', path, size: 0 });
			return true;
		}
		const same = was?.kind === is.kind && was.mode === is.mode && octets(was) === octets(is);
		const at = out.length;
		let inside = false;
		if (is.kind === 'directory') {
			const before = was?.kind === 'directory' ? was.names : new Map<string, DiskNode>();
			for (const name of [...new Set([...before.keys(), ...is.names.keys()])].sort())
				if (walk(before.get(name), is.names.get(name), `${path}/${name}`)) inside = true;
		}
		if (same && !inside) return false;
		if (path !== '')
			out.splice(at, 0, { kind: was ? 'C' : 'A', path, size: is.kind === 'file' ? octetsOf(is).length : 0 });
		return true;
	};
	walk(imageRoot(state.spec.image, 0), state.disk.root, '');
	return out;
}

/** A line its program writes, at a time that is not past. */
export function dockerWrote(lab: Lab, id: string, text: string, at = lab.now): void {
	const entry = knownDocker(lab, id);
	if (!entry) return;
	const write = (): void => {
		entry.log.push({ at: lab.now, text });
		entry.told?.(`${text}\n`);
	};
	if (at <= lab.now) write();
	else lab.after(at - lab.now, write);
}

/** A request that its server answered: it logs what its image logs. */
export function dockerServed(lab: Lab, container: Container, access: HttpAccess, at: number): void {
	const entry = knownDocker(lab, container.id);
	const program = entry && programOf(entry.state.spec);
	if (!entry || !program?.access) return;
	const lines = program.access(access, lab.epoch * SECOND + at, ++entry.connections);
	for (const line of lines) dockerWrote(lab, container.id, line, at);
}

/** What a container listens on: its program's ports once it is up. Nothing of commands, which open ports by themselves. */
export function dockerListens(
	lab: Lab,
	container: Container,
): ReturnType<NonNullable<ReturnType<typeof programOf>['listens']>> {
	const entry = knownDocker(lab, container.id);
	if (!entry) return [];
	const { spec, web } = entry.state;
	const program = programOf(spec);
	if (program.guest || (!entry.healthy && !web)) return [];
	return (
		web?.listens ?? program.listens?.(spec, [...(program.entrypoint ?? []), ...(spec.args ?? program.cmd ?? [])]) ?? []
	);
}
