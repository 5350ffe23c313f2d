/** nginx and httpd as programs of a container: they read their configuration, begin or give up, and answer. */
import { parseIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { all, type EndpointSlice, one, type Pod, type Service } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import type { Disk } from '../disk/disk.ts';
import type { Listening } from '../software/program.ts';
import { apacheAnswer } from './apache.ts';
import type { WebAnswer, WebHost, WebRequest } from './http.ts';
import { imageFacts } from './image-facts.ts';
import { type Config, configOf } from './nginx/config.ts';
import { Refusal } from './nginx/read.ts';
import { nginxAnswer } from './nginx/serve.ts';
import type { NginxStats } from './nginx/turn.ts';
import { capabilitiesOf } from './security.ts';
import type { ContainerState } from './states.ts';

export interface WebServer {
	readonly listens: readonly Listening[];
	/** Undefined when nothing listens on the port of the request. */
	answer(request: WebRequest): WebAnswer | undefined;
	/** nginx: how often it answered, for stub_status. */
	readonly config?: Config;
}

/** Which server an image has, if any. */
export function serverOf(image: string): 'nginx' | 'httpd' | undefined {
	const { repository } = imageFacts(image);
	if (repository === 'nginx' || repository === 'nginxinc/nginx-unprivileged') return 'nginx';
	return repository === 'httpd' ? 'httpd' : undefined;
}

/** The address of a name in the cluster, as the pod's resolver finds it: a service's, or that of a headless one's pods. */
function lookup(
	cluster: ClusterContext,
	namespace: string,
	host: string,
): { readonly service: Service } | { readonly ip: string } | undefined {
	if (parseIp(host) !== undefined) return { ip: host };
	if (host === 'localhost') return { ip: '127.0.0.1' };
	const [name = '', space = namespace, svc = 'svc', ...rest] = host.replace(/\.$/, '').split('.');
	if (svc !== 'svc' || !['', 'cluster.local'].includes(rest.join('.'))) return undefined;
	const service = one<Service>(cluster.api, 'services', space, name);
	return service && { service };
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
		forward(host, port, request) {
			const found = lookup(cluster, namespace, host);
			if (!found) return undefined;
			const self = now()?.status?.podIP ?? '';
			if ('ip' in found) return ask(found.ip === '127.0.0.1' ? self : found.ip, port, { ...request, port });
			const { service } = found;
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
		if (port < 1024 && user.uid !== 0 && !/^2\./.test(machine.image.containerd))
			return [say(`bind() to ${ip}:${port} failed (13: Permission denied)`)];
		if (port < 1024 && user.uid === 0 && !caps.includes('NET_BIND_SERVICE') && !/^2\./.test(machine.image.containerd))
			return [say(`bind() to ${ip}:${port} failed (13: Permission denied)`)];
	}
	const pid = main.find(({ name }) => name === 'pid')?.args[0] ?? '/var/run/nginx.pid';
	const folder = pid.slice(0, pid.lastIndexOf('/'));
	const fault = disk.stat(folder) ? disk.write(pid, '1\n') : 'ENOENT';
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
	const namespace = state.pod.metadata.namespace ?? '';
	try {
		return configOf(
			state.disk.as({ uid: 0, gid: 0, groups: [0] }),
			(host) => lookup(cluster, namespace, host) !== undefined,
		);
	} catch (error) {
		if (error instanceof Refusal) return { refused: error.message };
		throw error;
	}
}

/** What nginx would say of the configuration in a container's files; undefined when nothing is wrong with it. */
export function nginxRefusal(
	disk: Disk,
	at: ClusterContext | ((host: string) => boolean),
	state?: ContainerState,
): string | undefined {
	const resolves =
		typeof at === 'function'
			? at
			: (host: string): boolean => lookup(at, state?.pod.metadata.namespace ?? '', host) !== undefined;
	try {
		configOf(disk.as({ uid: 0, gid: 0, groups: [0] }), resolves);
		return undefined;
	} catch (error) {
		if (error instanceof Refusal) return error.message;
		throw error;
	}
}

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
	[...new Map(config.servers.flatMap(({ listens }) => listens).map((l) => [l.port, l])).values()].map(
		({ port, ssl }) => ({
			port,
			protocol: 'TCP',
			...(ssl ? { speaks: 'tls' as const } : {}),
		}),
	);

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
	const stats: NginxStats = { accepted: 0, requests: 0 };
	const version = imageFacts(state.spec.image).version ?? '';
	const host = hostOf(cluster, state, ask);
	// Workers are nginx's own user, who reads what everybody may.
	const worker = state.user.uid === 0 ? { uid: 101, gid: 101, groups: [101] } : state.user;
	const disk = state.disk.as(worker);
	state.web = {
		config,
		listens: listensOf(config),
		answer: (request) => nginxAnswer(config, disk, host, version, stats, request),
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
