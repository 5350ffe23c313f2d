/** nginx and httpd as programs of a container: they read their configuration, begin or give up, and answer. */
import { formatIp, parseIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type EndpointSlice, one, type Pod, type Service } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Disk } from '../disk/disk.ts';
import { unprivilegedFrom } from '../kubelet/pod-sysctls.ts';
import type { Listening } from '../software/program.ts';
import { apacheAnswer } from './apache.ts';
import type { WebAnswer, WebHost, WebRequest } from './http.ts';
import { imageFacts, isNginxSlim } from './image-facts.ts';
import { type Config, configOf } from './nginx/config.ts';
import { answeringWorker } from './nginx/processes.ts';
import { Refusal } from './nginx/refusal.ts';
import { newStats, nginxAnswer } from './nginx/serve.ts';
import { type StreamAnswer, type StreamRequest, streamAnswer } from './nginx/stream.ts';
import { capabilitiesOf } from './security.ts';
import type { ContainerState } from './states.ts';

export interface WebServer {
	readonly listens: readonly Listening[];
	/** Undefined when nothing listens on the port of the request. */
	answer(request: WebRequest): WebAnswer | undefined;
	/** nginx's `stream`: what is done with a connection that is not HTTP's; undefined where HTTP is spoken. */
	stream?(request: StreamRequest): StreamAnswer | undefined;
	/** What is said to a datagram; no octets where nothing is. */
	datagram?(asked: Datagram): { readonly octets?: Uint8Array; lines(at: number): readonly string[] };
	/** nginx: how often it answered, for stub_status. */
	readonly config?: Config;
}

export interface Datagram {
	readonly text: string;
	readonly client: string;
	readonly clientPort: number;
	readonly port: number;
}

/** Which server an image has, if any. */
export function serverOf(image: string): 'nginx' | 'httpd' | undefined {
	const { repository } = imageFacts(image);
	if (repository === 'nginx' || repository === 'nginxinc/nginx-unprivileged') return 'nginx';
	if (isNginxSlim(repository)) return 'nginx';
	return repository === 'httpd' ? 'httpd' : undefined;
}

/** Whether somebody answers names in the cluster now. */
const hasDns = (cluster: ClusterContext): boolean =>
	all<EndpointSlice>(cluster.api, 'endpointslices', { namespace: 'kube-system' }).some(
		({ metadata, endpoints }) =>
			metadata.labels?.['kubernetes.io/service-name'] === 'kube-dns' &&
			(endpoints ?? []).some(({ conditions }) => conditions?.ready !== false),
	);

interface PodNames {
	readonly hostname?: string;
	readonly subdomain?: string;
	readonly dnsPolicy?: string;
	readonly hostNetwork?: boolean;
	readonly hostAliases?: readonly { readonly ip: string; readonly hostnames?: readonly string[] }[];
}

/**
 * Addresses of a name as a container's resolver finds them: its hosts file's, a service's, those of a headless one's
 * pods, a node's; in a container of Docker's those it knows.
 */
function addressesOf(cluster: ClusterContext, state: ContainerState, host: string): readonly string[] | undefined {
	if (parseIp(host) !== undefined) return [host];
	const name = host.replace(/\.$/, '').toLowerCase();
	if (name === 'localhost') return ['127.0.0.1'];
	if (state.resolve) return state.resolve(name);
	const { pod } = state;
	const spec = pod.spec as unknown as PodNames;
	const alias = spec.hostAliases?.find(({ hostnames }) => hostnames?.includes(name));
	if (alias) return [alias.ip];
	if (name === (spec.hostname ?? pod.metadata.name) && pod.status?.podIP) return [pod.status.podIP];
	const node = cluster.docker?.find(name)?.ip;
	const ofNode = node === undefined ? undefined : [formatIp(node)];
	if (spec.dnsPolicy === 'Default' || (spec.hostNetwork && (spec.dnsPolicy ?? 'ClusterFirst') === 'ClusterFirst'))
		return ofNode;
	if (!hasDns(cluster)) return undefined;
	const own = pod.metadata.namespace ?? '';
	for (const suffix of [`.${own}.svc.cluster.local`, '.svc.cluster.local', '.cluster.local', '']) {
		const full = `${name}${suffix}`;
		const zone = /^(.*)\.cluster\.local$/.exec(full)?.[1];
		const found = zone === undefined ? undefined : inZone(cluster, zone);
		if (found) return found;
	}
	return ofNode;
}

/** Of `name.namespace.svc`, `pod.name.namespace.svc` and `10-0-0-1.namespace.pod`. */
function inZone(cluster: ClusterContext, zone: string): readonly string[] | undefined {
	const parts = zone.split('.');
	const kind = parts.pop();
	if (kind === 'pod' && parts.length === 2) return [parts[0]!.replaceAll('-', '.')];
	if (kind !== 'svc' || parts.length < 2 || parts.length > 3) return undefined;
	const namespace = parts.pop()!;
	const service = one<Service>(cluster.api, 'services', namespace, parts.pop()!);
	const [pod] = parts;
	if (!service) return undefined;
	const { clusterIP, externalName } = service.spec as { readonly clusterIP?: string; readonly externalName?: string };
	if (externalName !== undefined) {
		const other = /^(.*)\.cluster\.local$/.exec(externalName)?.[1];
		return parseIp(externalName) !== undefined
			? [externalName]
			: other === undefined
				? undefined
				: inZone(cluster, other);
	}
	if (pod === undefined && clusterIP !== undefined && clusterIP !== 'None') return [clusterIP];
	const ips = all<EndpointSlice>(cluster.api, 'endpointslices', { namespace })
		.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name)
		.flatMap(({ endpoints }) => endpoints ?? [])
		.filter((endpoint) => {
			if (pod !== undefined) return (endpoint as { readonly hostname?: string }).hostname === pod;
			return endpoint.conditions?.ready !== false;
		})
		.flatMap(({ addresses }) => addresses);
	return ips.length > 0 ? [...new Set(ips)] : undefined;
}

/** What a program in a pod sees of the network, for what a server passes on. */
export function hostOf(
	cluster: ClusterContext,
	state: ContainerState,
	ask: (ip: string, port: number, request: WebRequest) => WebAnswer | undefined,
): WebHost {
	const { timeline } = cluster;
	const { namespace = '', name } = state.pod.metadata;
	const now = (): Pod | undefined => one<Pod>(cluster.api, 'pods', namespace, name);
	return {
		get now() {
			return timeline.now;
		},
		epoch: timeline.epoch,
		hostname: state.pod.spec.hostname ?? name,
		get ip() {
			return now()?.status?.podIP ?? '127.0.0.1';
		},
		get worker() {
			return answeringWorker(state);
		},
		musl: imageFacts(state.spec.image).system === 'alpine',
		addresses: (host) => addressesOf(cluster, state, host) ?? [],
		forward(host, port, request) {
			const [found] = addressesOf(cluster, state, host) ?? [];
			if (found === undefined) return undefined;
			const self = now()?.status?.podIP ?? '';
			const service = all<Service>(cluster.api, 'services').find(({ spec }) => spec.clusterIP === found);
			if (!service) return ask(found === '127.0.0.1' ? self : found, port, { ...request, port });
			const own = service.spec.ports?.find((p) => p.port === port);
			if (!own) return undefined;
			const slices = all<EndpointSlice>(cluster.api, 'endpointslices', {
				namespace: service.metadata.namespace ?? '',
			}).filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);
			const ready = slices.flatMap(({ endpoints, ports }) => {
				const target = ports?.find((p) => (p.name ?? '') === (own.name ?? ''))?.port;
				return target === undefined
					? []
					: (endpoints ?? [])
							.filter(({ conditions }) => conditions?.ready !== false)
							.flatMap(({ addresses }) => addresses.map((ip) => [ip, target] as const));
			});
			if (ready.length === 0) return undefined;
			const draw = timeline.random('proxy_pass', `${state.id}\0${timeline.now}\0${request.path}`, ready.length);
			const [ip, target] = ready[draw]!;
			return ask(ip, target, { ...request, port: target });
		},
	};
}

/** Asks the web server of the pod that has an address; undefined when nobody listens there. */
export type Ask = (ip: string, port: number, request: WebRequest) => WebAnswer | undefined;

export interface Begun {
	/** Lines on standard error, without time: `[emerg] 1#1: …`. */
	readonly lines: readonly string[];
	/** Set when it gave up. */
	readonly code?: number;
}

/** What nginx has to be able to do before it listens (ngx_create_paths, ngx_configure_listening_sockets). */
function startFault(
	machine: Machine,
	state: ContainerState,
	config: Config,
	others: readonly ContainerState[],
): readonly string[] | undefined {
	const { disk, pod, spec, user } = state;
	const caps = capabilitiesOf(pod, spec);
	const main = config.main;
	const say = (text: string): string => `[emerg] 1#1: ${text}`;
	const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => {
		const set = config.http.find(({ name }) => name === `${kind}_temp_path`)?.args[0];
		return set ?? `/var/cache/nginx/${kind === 'client_body' ? 'client' : kind}_temp`;
	});
	for (const path of paths) {
		const known = disk.stat(path);
		const fault = known ? undefined : disk.mkdir(path, { mode: 0o700 });
		if (fault && fault !== 'EEXIST') {
			const number = {
				EROFS: '30: Read-only file system',
				EACCES: '13: Permission denied',
				ENOENT: '2: No such file or directory',
				ENOSPC: '28: No space left on device',
			}[fault as string];
			return [say(`mkdir() "${path}" failed (${number ?? fault})`)];
		}
		if (user.uid === 0 && !caps.includes('CHOWN') && disk.stat(path)?.uid !== 101)
			return [say(`chown("${path}", 101) failed (1: Operation not permitted)`)];
		if (user.uid === 0) disk.chown(path, 101, 101);
	}
	for (const { ip, port } of config.servers.flatMap(({ listens }) => listens)) {
		if (ip === '') continue;
		const taken = others.some(
			(other) =>
				other !== state &&
				other.pod.metadata.uid === pod.metadata.uid &&
				other.web?.listens.some((l) => l.port === port),
		);
		if (taken) {
			const line = say(`bind() to ${ip}:${port} failed (98: Address already in use)`);
			return [line, line, line, line, line, say('still could not bind()')];
		}
		const privileged = user.uid === 0 && caps.includes('NET_BIND_SERVICE');
		if (!privileged && port < unprivilegedFrom(pod, machine.image.containerd))
			return [say(`bind() to ${ip}:${port} failed (13: Permission denied)`)];
	}
	const pid = main.find(({ name }) => name === 'pid')?.args[0] ?? '/var/run/nginx.pid';
	const folder = pid.slice(0, pid.lastIndexOf('/'));
	const fault = disk.stat(folder) ? disk.write(pid, `${state.processes?.first(state.id) ?? 1}\n`) : 'ENOENT';
	if (fault) {
		const number = {
			EROFS: '30: Read-only file system',
			EACCES: '13: Permission denied',
			ENOENT: '2: No such file or directory',
		}[fault as string];
		return [say(`open() "${pid}" failed (${number ?? fault})`)];
	}
	return undefined;
}

/** Reads the configuration, as at the start and at `nginx -s reload`. */
export function readNginx(cluster: ClusterContext, state: ContainerState): Config | { readonly refused: string } {
	try {
		return configOf(
			state.disk.as({ uid: 0, gid: 0, groups: [0] }),
			(host) => addressesOf(cluster, state, host) !== undefined,
			Number(imageFacts(state.spec.image).version?.split('.')[1] ?? 23),
		);
	} catch (error) {
		if (error instanceof Refusal) return { refused: error.message };
		throw error;
	}
}

/** What nginx says of the configuration in a container's files, and what of it has no effect here. */
export function nginxSays(
	cluster: ClusterContext,
	state: ContainerState,
): { readonly refused?: string; readonly warnings: readonly string[]; readonly ignored: readonly string[] } {
	const read = readNginx(cluster, state);
	return 'refused' in read ? { ...read, warnings: [], ignored: [] } : read;
}

/** The lab's own sentence about directives that have no effect in it. */
export const passedOver = (names: readonly string[]): string =>
	`(this lab's nginx reads ${names.map((name) => `"${name}"`).join(', ')} and gives ${names.length > 1 ? 'them' : 'it'} no effect)`;

/** Files the configuration is made of, in their order, as `nginx -T` writes them. */
export function configFiles(disk: Disk): ReadonlyMap<string, string> {
	const out = new Map<string, string>();
	const add = (path: string): void => {
		const text = disk.read(path);
		if (text === undefined || out.has(path)) return;
		out.set(path, text);
		for (const [, named = ''] of text.matchAll(/^\s*include\s+([^;]+);/gm)) {
			const full = named.startsWith('/') ? named : `/etc/nginx/${named}`;
			if (!full.includes('*')) add(full);
			else {
				const folder = full.slice(0, full.lastIndexOf('/'));
				for (const name of disk.list(folder) ?? []) if (name.endsWith('.conf')) add(`${folder}/${name}`);
			}
		}
	};
	add('/etc/nginx/nginx.conf');
	return out;
}

const listensOf = (config: Config): readonly Listening[] =>
	[
		...new Map(
			[...config.servers, ...config.streams]
				.flatMap(({ listens }) => listens)
				.filter(({ udp }) => !udp)
				.map((l) => [l.port, l]),
		).values(),
	].map(({ port, ssl }) => ({
		port,
		protocol: 'TCP',
		...(ssl ? { speaks: 'tls' as const } : {}),
	}));

/** Starts nginx in a container: it listens from then on, or says why not. */
export function beginNginx(
	cluster: ClusterContext,
	machine: Machine,
	state: ContainerState,
	others: readonly ContainerState[],
	ask: Ask,
): Begun {
	const lines: string[] = [];
	const config = readNginx(cluster, state);
	if ('refused' in config) return { lines: [`[emerg] 1#1: ${config.refused}`], code: 1 };
	lines.push(...config.warnings);
	if (state.user.uid !== 0 && config.main.some(({ name }) => name === 'user'))
		lines.push(
			'[warn] 1#1: the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2',
		);
	const fault = startFault(machine, state, config, others);
	if (fault) return { lines: [...lines, ...fault], code: 1 };
	useNginx(cluster, state, config, ask);
	return { lines };
}

export function useNginx(cluster: ClusterContext, state: ContainerState, config: Config, ask: Ask): void {
	const stats = newStats();
	const version = imageFacts(state.spec.image).version ?? '';
	const host = hostOf(cluster, state, ask);
	// Workers are nginx's own user, who reads what everybody may.
	const worker = state.user.uid === 0 ? { uid: 101, gid: 101, groups: [101] } : state.user;
	const disk = state.disk.as(worker);
	// Logs were opened by the master.
	const logs = state.user.uid === 0 ? state.disk.as({ uid: 0, gid: 0, groups: [0] }) : disk;
	// Names of the configuration are what they were when it was read.
	const known = new Map<string, readonly string[]>();
	for (const name of config.hosts) known.set(name, addressesOf(cluster, state, name) ?? []);
	const frozen: WebHost = Object.create(host, {
		addresses: { value: (name: string) => known.get(name) ?? host.addresses!(name) },
	});
	state.web = {
		config,
		listens: listensOf(config),
		...(config.streams.length > 0
			? { stream: (request: StreamRequest) => streamAnswer(config, frozen, stats, request, logs) }
			: {}),
		answer: (request) => nginxAnswer(config, disk, frozen, version, stats, request, logs),
	};
}

export function beginApache(cluster: ClusterContext, state: ContainerState, ask: Ask): void {
	const host = hostOf(cluster, state, ask);
	const worker = state.user.uid === 0 ? { uid: 33, gid: 33, groups: [33] } : state.user;
	state.web = plainApache(state.disk.as(worker), host, state.spec.image);
}

export function plainApache(disk: Disk, host: WebHost, image: string): WebServer {
	const version = imageFacts(image).version ?? '';
	return {
		listens: [{ port: 80, protocol: 'TCP' }],
		answer: (request) => (request.port === 80 ? apacheAnswer(disk, host, version, request) : undefined),
	};
}
