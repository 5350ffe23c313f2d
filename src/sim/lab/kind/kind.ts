/**
 * kind: clusters as containers of Docker, step by step.
 *
 * Source: kind pkg/cluster/internal/create, pkg/cluster/internal/providers/docker, pkg/cluster/internal/kubeconfig @
 * v0.14.0.
 */
import type { Json } from '../../api/index.ts';
import { base64 } from '../../api/index.ts';
import { preloaded } from '../bootstrap/addons.ts';
import { endpointHost } from '../bootstrap/control-plane.ts';
import { type ClusterState, createCluster } from '../cluster/cluster.ts';
import type { Pins } from '../cluster/context.ts';
import { createMachine, type Machine } from '../cluster/machine.ts';
import { caCertificate } from '../controllers/housekeeping.ts';
import type { DockerHost } from '../machine/docker.ts';
import { parseImage } from '../machine/image-names.ts';
import { KIND_RELEASES, type NodeImage, nodeImageOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { Container, Kind, KindCreate, KindRun } from '../types.ts';
import { type KindConfig, type KindNode, readKindConfig } from './config.ts';
import { nodeLabels } from './kubeadm-patches.ts';
import { bootSteps } from './steps.ts';

export const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
export const ROLE_LABEL = 'io.x-k8s.kind.role';
const HAPROXY = 'kindest/haproxy:v20220207-ca68f7d4';

/** Sentences kind says goodbye with. */
const SALUTATIONS = [
	'Have a nice day! 👋',
	'Thanks for using kind! 😊',
	'Not sure what to do next? 😅  Check out https://kind.sigs.k8s.io/docs/user/quick-start/',
	'Have a question, bug, or feature request? Let us know! https://kind.sigs.k8s.io/#community 🙂',
];

type Draft<T> = { -readonly [K in keyof T]: T[K] };
export type DraftRun = Draft<KindRun> & { steps: Draft<KindRun['steps'][number]>[]; warnings: string[] };

export interface KindHost extends Kind {
	/** Clusters whose API server was started, by name. */
	readonly states: ReadonlyMap<string, ClusterState>;
}

/** What a run needs of its surroundings. */
export interface Making {
	readonly timeline: Timeline;
	readonly docker: DockerHost;
	readonly config: KindConfig;
	readonly image: NodeImage;
	readonly run: DraftRun;
	readonly machines: Map<string, Machine>;
	readonly pins: Pins;
	/** The cluster's API server comes up. */
	up(): ClusterState;
	/** `--wait`. */
	readonly wait: number;
	fail(error: string): void;
	done(): void;
}

/** `control-plane`, `worker`, `worker2`: names by role and order. */
function namesOf(config: KindConfig): readonly { readonly name: string; readonly node: KindNode }[] {
	const counts = new Map<string, number>();
	return config.nodes.map((node) => {
		const n = (counts.get(node.role) ?? 0) + 1;
		counts.set(node.role, n);
		return { name: `${config.name}-${node.role}${n === 1 ? '' : n}`, node };
	});
}

export function createKind(options: {
	readonly timeline: Timeline;
	readonly docker: DockerHost;
	readonly release: string;
	readonly kernel: string;
	readonly pins: Pins;
}): KindHost {
	const { timeline, docker, release, kernel, pins } = options;
	const states = new Map<string, ClusterState>();
	const machinesOf = new Map<string, Map<string, Machine>>();
	const runs = new Map<string, { cancelled: boolean }>();
	const instances = new Map<string, number>();
	let count = 0;
	const defaultImage = `kindest/node:${KIND_RELEASES[release] ?? 'v1.24.0'}`;

	const containersOf = (cluster: string): readonly Container[] =>
		docker.containers().filter((c) => c.labels[CLUSTER_LABEL] === cluster);
	const machineOf = (container: Container): Machine | undefined =>
		machinesOf.get(container.labels[CLUSTER_LABEL] ?? '')?.get(container.name);

	docker.watch({
		started(container) {
			const machine = machineOf(container);
			if (!machine) return;
			machine.container = container.id;
			machine.ip = container.ip;
			machine.running = true;
			states.get(container.labels[CLUSTER_LABEL]!)?.machineChanged(machine);
		},
		stopped(container) {
			const machine = machineOf(container);
			if (!machine) return;
			machine.running = false;
			machine.ip = undefined;
			// The kernel's state was in the container's network namespace.
			machine.proxyRules = 'none';
			states.get(container.labels[CLUSTER_LABEL]!)?.machineChanged(machine);
		},
		removed() {},
	});

	const remove = (name: string): readonly string[] => {
		const gone = containersOf(name)
			.map((c) => c.name)
			.sort();
		states.get(name)?.destroy();
		states.delete(name);
		machinesOf.delete(name);
		const run = runs.get(name);
		if (run) run.cancelled = true;
		runs.delete(name);
		for (const container of gone) docker.remove(container, true);
		return gone;
	};

	const create = (asked: KindCreate): KindRun => {
		const read = readKindConfig(asked.config, {
			image: defaultImage,
			...(asked.name === undefined ? {} : { name: asked.name }),
			...(asked.image === undefined ? {} : { override: asked.image }),
			...(asked.lineOf === undefined ? {} : { lineOf: asked.lineOf }),
		});
		const given = asked.config as { readonly name?: unknown } | undefined;
		const name = 'config' in read ? read.config.name : (asked.name ?? String(given?.name ?? 'kind'));
		const run: DraftRun = {
			name,
			steps: [],
			warnings: [],
			state: 'running',
			salutation: SALUTATIONS[timeline.random('salutation', `${name}\0${count++}`, SALUTATIONS.length)]!,
		};
		const refuse = (error: string): KindRun => {
			run.state = 'failed';
			run.error = `failed to create cluster: ${error}`;
			return run;
		};
		if (containersOf(name).length > 0) return refuse(`node(s) already exist for a cluster with the name "${name}"`);
		if ('error' in read) return refuse(read.error);
		const { config } = read;
		if (name.length > 50)
			run.warnings.push(`cluster name "${name}" is probably too long, this might not work properly on some systems`);
		const token = { cancelled: false };
		runs.set(name, token);
		const fail = (error: string): void => {
			if (token.cancelled) return;
			const step = run.steps.at(-1);
			if (step && step.ended === undefined) Object.assign(step, { ended: timeline.now, ok: false });
			run.error = `failed to create cluster: ${error}`;
			run.state = 'failed';
			if (!asked.retain) remove(name);
		};
		ensureImages(config, run, token, fail, () => prepare(config, run, token, fail, asked));
		return run;
	};

	/** Step after step; a cluster deleted meanwhile ends the run. */
	const step = (run: DraftRun, text: string): (() => void) => {
		const mine: Draft<KindRun['steps'][number]> = { text, started: timeline.now };
		run.steps.push(mine);
		return () => Object.assign(mine, { ended: timeline.now, ok: true });
	};

	const ensureImages = (
		config: KindConfig,
		run: DraftRun,
		token: { cancelled: boolean },
		fail: (error: string) => void,
		next: () => void,
	): void => {
		const images = [...new Set(config.nodes.map((n) => n.image))].sort();
		const one = (i: number): void => {
			const image = images[i];
			if (token.cancelled) return;
			if (image === undefined) return next();
			const end = step(run, `Ensuring node image (${image.split('@sha256:')[0]}) 🖼`);
			if (docker.hasImage(image)) {
				timeline.after(120 * MILLISECOND, () => {
					end();
					one(i + 1);
				});
				return;
			}
			let tries = 0;
			const attempt = (): void => {
				const pull = docker.pull(image);
				const look = (): void => {
					if (token.cancelled) return;
					if (pull.state === 'running') {
						timeline.after(100 * MILLISECOND, look);
						return;
					}
					if (pull.state === 'done') {
						end();
						return one(i + 1);
					}
					// Four more times, a second longer each.
					if (tries < 4) {
						timeline.after(++tries * SECOND, attempt);
						return;
					}
					run.commandOutput = `Error response from daemon: ${pull.error}`;
					fail(`failed to pull image "${image}": command "docker pull ${image}" failed with error: exit status 1`);
				};
				look();
			};
			attempt();
		};
		one(0);
	};

	const prepare = (
		config: KindConfig,
		run: DraftRun,
		token: { cancelled: boolean },
		fail: (error: string) => void,
		asked: KindCreate,
	): void => {
		const nodes = namesOf(config);
		const controlPlanes = nodes.filter(({ node }) => node.role === 'control-plane');
		const balancer = controlPlanes.length > 1 ? `${config.name}-external-load-balancer` : undefined;
		const icons = '📦 '.repeat(nodes.length + (balancer ? 1 : 0));
		const end = step(run, `Preparing nodes ${icons} `);
		docker.ensureNetwork('kind');
		const machines = new Map<string, Machine>();
		machinesOf.set(config.name, machines);
		const image = nodeImageOf(parseImage(controlPlanes[0]!.node.image)?.tag ?? '')!;
		const started: { readonly name: string; readonly spec: Parameters<DockerHost['run']>[0] }[] = [];
		const apiPort = config.apiServerPort > 0 ? config.apiServerPort : docker.freePort(config.name);
		const api = { hostIp: config.apiServerAddress, hostPort: apiPort, containerPort: 6443, protocol: 'tcp' } as const;
		for (const { name, node } of nodes) {
			const ports: Container['ports'][number][] = node.extraPortMappings.map((p) => ({
				hostIp: p.listenAddress,
				hostPort: p.hostPort > 0 ? p.hostPort : docker.freePort(`${name}\0${p.containerPort}`),
				containerPort: p.containerPort,
				protocol: p.protocol.toLowerCase() as 'tcp' | 'udp' | 'sctp',
			}));
			if (node.role === 'control-plane')
				ports.push(balancer ? { ...api, hostIp: '127.0.0.1', hostPort: docker.freePort(name) } : api);
			const own = nodeImageOf(parseImage(node.image)?.tag ?? '')!;
			machines.set(name, createMachine({ name, role: node.role, image: own, labels: nodeLabels(node, own) }));
			started.push({ name, spec: specOf(config, name, node.role, node.image, ports) });
		}
		if (balancer) {
			machines.set(balancer, createMachine({ name: balancer, role: 'external-load-balancer', image, labels: {} }));
			started.push({
				name: balancer,
				spec: {
					...specOf(config, balancer, 'external-load-balancer', HAPROXY, [api]),
					command: '"haproxy -W -db -f …"',
				},
			});
		}
		const order = startOrder(started.map((s) => s.name));
		let failed = false;
		for (const [i, name] of order.entries())
			timeline.after(
				timeline.between(200 * MILLISECOND, 500 * MILLISECOND, 'container', name) + i * 150 * MILLISECOND + i,
				() => {
					if (token.cancelled || failed) return;
					const { spec } = started.find((s) => s.name === name)!;
					const made = docker.run(spec);
					if (!('error' in made)) return;
					failed = true;
					run.commandOutput = `${timeline.hex(64, 'container', name)}\ndocker: Error response from daemon: ${made.error}.`;
					fail(`command "${dockerRun(config, spec)}" failed with error: exit status 125`);
				},
			);
		for (const machine of machines.values())
			for (const image of preloaded(machine.image))
				if (machine.role !== 'external-load-balancer') machine.images.add(parseImage(image)!, timeline.now);
		const takes =
			timeline.between(5 * SECOND, 9 * SECOND, 'prepare', `${config.name}\0${count}`) + nodes.length * SECOND;
		timeline.after(takes, () => {
			if (token.cancelled || failed) return;
			end();
			const making: Making = {
				timeline,
				docker,
				config,
				image,
				run,
				machines,
				pins,
				wait: asked.wait ?? 0,
				up() {
					const nth = (instances.get(config.name) ?? 0) + 1;
					instances.set(config.name, nth);
					const state = createCluster({
						timeline,
						docker,
						config,
						image,
						machines,
						pins,
						kernel,
						instance: nth === 1 ? config.name : `${config.name}#${nth}`,
						server: `https://${config.apiServerAddress}:${apiPort}`,
					});
					states.set(config.name, state);
					return state;
				},
				fail,
				done() {
					run.state = 'done';
				},
			};
			bootSteps(
				making,
				(text) => step(run, text),
				() => token.cancelled,
			);
		});
	};

	/** Containers are started at the same time; which comes first is chance. */
	const startOrder = (names: readonly string[]): readonly string[] => {
		const pinned = (pins.startOrder ?? []).filter((name) => names.includes(name));
		const rest = names
			.filter((name) => !pinned.includes(name))
			.map((name) => ({ name, at: timeline.random('start order', `${name}\0${count}`, 2 ** 31) }))
			.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
		return [...pinned, ...rest.map(({ name }) => name)];
	};

	return {
		release,
		states,
		clusters: () => [...new Set(docker.containers().flatMap((c) => c.labels[CLUSTER_LABEL] ?? []))].sort(),
		nodes: (cluster) =>
			containersOf(cluster)
				.map((c) => c.name)
				.sort(),
		create,
		delete: remove,
		kubeconfig(cluster, internal = false) {
			const state = states.get(cluster);
			if (!state) return undefined;
			return kubeconfigOf(cluster, internal ? `https://${endpointHost(state.context)}:6443` : state.server, timeline);
		},
		load(image, cluster, nodes) {
			const name = parseImage(image);
			const stored = docker.findImage(image);
			if (!name || !stored) return { error: `image: "${image}" not present locally` };
			const machines = machinesOf.get(cluster);
			if (!machines) return { error: `no nodes found for cluster "${cluster}"` };
			const loaded: string[] = [];
			for (const machine of machines.values()) {
				if (machine.role === 'external-load-balancer' || (nodes && !nodes.includes(machine.name))) continue;
				if (machine.images.has(image)) continue;
				machine.images.add(name, timeline.now);
				loaded.push(machine.name);
			}
			return { loaded: loaded.sort(), id: stored.id };
		},
	};
}

const specOf = (config: KindConfig, name: string, role: string, image: string, ports: Container['ports']) => ({
	name,
	image,
	command: '/usr/local/bin/entrypoint /sbin/init',
	labels: { [CLUSTER_LABEL]: config.name, [ROLE_LABEL]: role },
	network: 'kind',
	ports,
});

/** The command line kind ran, as it stands in its error (provision.go runArgsForNode, commonArgs). */
const dockerRun = (config: KindConfig, spec: Parameters<DockerHost['run']>[0]): string =>
	[
		'docker run --name',
		spec.name,
		'--hostname',
		spec.name,
		'--label',
		`${ROLE_LABEL}=${spec.labels[ROLE_LABEL]}`,
		'--privileged --security-opt seccomp=unconfined --security-opt apparmor=unconfined --tmpfs /tmp --tmpfs /run --volume /var --volume /lib/modules:/lib/modules:ro --detach --tty --label',
		`${CLUSTER_LABEL}=${config.name}`,
		'--net kind --restart=on-failure:1 --init=false',
		...spec.ports.map((p) => `--publish=${p.hostIp}:${p.hostPort}:${p.containerPort}/${p.protocol.toUpperCase()}`),
		...(spec.labels[ROLE_LABEL] === 'control-plane' ? ['-e KUBECONFIG=/etc/kubernetes/admin.conf'] : []),
		spec.image,
	].join(' ');

function kubeconfigOf(cluster: string, server: string, timeline: Timeline): { readonly [key: string]: Json } {
	const name = `kind-${cluster}`;
	const pem = (what: string): string => base64(caCertificate(timeline.hex(400, what, cluster)));
	return {
		apiVersion: 'v1',
		clusters: [{ cluster: { 'certificate-authority-data': pem('ca'), server }, name }],
		contexts: [{ context: { cluster: name, user: name }, name }],
		'current-context': name,
		kind: 'Config',
		preferences: {},
		users: [{ name, user: { 'client-certificate-data': pem('client'), 'client-key-data': pem('key') } }],
	};
}
