/**
 * Processes of a place: systemd and the daemons of a node, shims, pause and what runs in containers; in a container its own;
 * on the laptop everything, as containers are processes of their host.
 *
 * A number is given by when a process began, so it stays what it is while others come and go. The lab knows no CPU time
 * and no memory.
 */
import type { Cluster, Container, Lab, NodeMachine } from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import type { Call, Place } from '../tool.ts';
import { bootOf, type CriContainer, isReady, type Sandbox, sandboxesOn } from './cri.ts';
import { plainContainer } from './laptop-containers.ts';
import type { Space } from './space.ts';

export interface Process {
	readonly pid: number;
	readonly ppid: number;
	readonly user: string;
	/** What `/proc/PID/comm` has: 15 characters. */
	readonly comm: string;
	readonly argv: readonly string[];
	/** Virtual microseconds. */
	readonly startedAt: number;
	/** S sleeps, R runs; with what `ps` adds. */
	readonly state: string;
	/** Threads more than one. */
	readonly threads?: boolean;
	/** Network namespace, where it is not the place's own. */
	readonly ns?: string;
	readonly tty?: string;
	/** Container of the runtime it belongs to. */
	readonly container?: string;
}

interface Draft extends Omit<Process, 'pid' | 'ppid' | 'comm'> {
	readonly key: string;
	readonly parent?: string;
	readonly comm?: string;
}

/** Forks a second there are numbers for, so that two starts rarely meet. */
const TICK = 10_000;
const FIRST = 60;
const PID_MAX = 4_194_304;

/** Gives numbers by the time of start since `boot`; who starts in the same tick comes next. */
function numbered(drafts: readonly Draft[], boot: number): readonly Process[] {
	const used = new Set<number>();
	const pids = new Map<string, number>();
	const sorted = drafts
		.map((draft, i) => ({ draft, i }))
		.sort((a, b) => a.draft.startedAt - b.draft.startedAt || a.i - b.i)
		.map(({ draft }) => draft);
	for (const [i, draft] of sorted.entries()) {
		let pid = i === 0 ? 1 : FIRST + (Math.max(0, Math.floor((draft.startedAt - boot) / TICK)) % (PID_MAX - FIRST));
		while (used.has(pid)) pid++;
		used.add(pid);
		pids.set(draft.key, pid);
	}
	return sorted.map(({ key, parent, comm, ...draft }) => ({
		...draft,
		pid: pids.get(key)!,
		ppid: parent === undefined ? 0 : (pids.get(parent) ?? 1),
		comm: comm ?? commOf(draft.argv[0] ?? ''),
	}));
}

const commOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).slice(0, 15);

/** kubeadm's and kind's command line (kind pkg/cluster/internal/kubeadm/config.go @ v0.14.0, kubeadm app/phases/kubelet/flags.go). */
export function kubeletArgv(cluster: Cluster, machine: NodeMachine): readonly string[] {
	const pause = machine.images.find(({ name }) => /\/pause:/.test(name))?.name ?? 'k8s.gcr.io/pause:3.7';
	const minor = Number(/^v?1\.(\d+)/.exec(cluster.api.version)?.[1] ?? 24);
	return [
		'/usr/bin/kubelet',
		'--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
		'--kubeconfig=/etc/kubernetes/kubelet.conf',
		'--config=/var/lib/kubelet/config.yaml',
		'--runtime-cgroups=/system.slice/containerd.service',
		...(minor < 27 ? ['--container-runtime=remote'] : []),
		'--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
		`--node-ip=${formatIp(machine.ip ?? 0)}`,
		'--node-labels=',
		`--pod-infra-container-image=${pause}`,
		`--provider-id=kind://docker/${cluster.name}/${machine.name}`,
	];
}

/** When a kubelet began: when it told so, or some seconds after its machine came back. */
export function kubeletStart(lab: Lab, machine: NodeMachine): number | undefined {
	const boot = bootOf(lab, machine);
	const told = machine.journal.findLast((e) => e.kind === 'Node' && e.reason === 'Starting')?.at;
	if (told === undefined) return undefined;
	return told >= boot ? told : Math.min(lab.now, boot + 5e6);
}

const SHIM = '/usr/local/bin/containerd-shim-runc-v2';

/** Processes of a container: its program, and what that forks. */
function inContainer(container: CriContainer, key: string, parent: string | undefined, cpus: number): readonly Draft[] {
	const { argv, startedAt, sandbox } = container;
	const ns = sandbox.pod.spec.hostNetwork ? undefined : `pod/${sandbox.namespace}/${sandbox.name}`;
	const common = { user: 'root', startedAt, state: 'Ss', container: container.id, ...(ns === undefined ? {} : { ns }) };
	const up = parent === undefined ? {} : { parent };
	const nginx = argv.includes('nginx') || /nginx/.test(argv[0] ?? '');
	if (nginx) {
		const line = argv.slice(argv.findIndex((word) => /(?:^|\/)nginx$/.test(word)));
		return [
			{ ...common, ...up, key, comm: 'nginx', argv: ['nginx:', 'master', 'process', ...line] },
			...Array.from({ length: cpus }, (_, i) => ({
				...common,
				key: `${key} worker ${i}`,
				parent: key,
				user: '101',
				state: 'S',
				comm: 'nginx',
				startedAt: startedAt + 60_000,
				argv: ['nginx:', 'worker', 'process'],
			})),
		];
	}
	const out: Draft[] = [
		{ ...common, ...up, key, argv, threads: isGo(argv[0] ?? ''), state: isGo(argv[0] ?? '') ? 'Ssl' : 'Ss' },
	];
	return out;
}

/** Go's programs have threads. */
const isGo = (program: string): boolean =>
	/(?:kube-|cilium|coredns|etcd|kindnetd|hubble|local-path|agnhost)/.test(program);

function podProcesses(sandbox: Sandbox, lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Draft[] {
	if (!isReady(sandbox)) return [];
	const shim = `shim ${sandbox.id}`;
	const ns = sandbox.pod.spec.hostNetwork ? {} : { ns: `pod/${sandbox.namespace}/${sandbox.name}` };
	const out: Draft[] = [
		{
			key: shim,
			parent: 'init',
			user: 'root',
			startedAt: sandbox.createdAt - 80_000,
			state: 'Sl',
			threads: true,
			comm: 'containerd-shim',
			argv: [SHIM, '-namespace', 'k8s.io', '-id', sandbox.id, '-address', '/run/containerd/containerd.sock'],
		},
		{
			key: sandbox.id,
			parent: shim,
			user: '65535',
			startedAt: sandbox.createdAt - 20_000,
			state: 'Ss',
			argv: ['/pause'],
			container: sandbox.id,
			...ns,
		},
	];
	const cpus = cpusOf(cluster, machine);
	for (const container of sandbox.containers) {
		if (container.ended || container.argv.length === 0) continue;
		out.push(...inContainer(container, container.id, shim, cpus));
		const agent = cluster
			.agents()
			.find((a) => a.pod === sandbox.name && a.node === machine.name && container.name === 'cilium-agent');
		if (agent?.state === 'ready')
			out.push({
				key: `${container.id} health`,
				parent: container.id,
				user: 'root',
				startedAt: Math.min(lab.now, agent.startedAt + 5e6),
				state: 'Sl',
				threads: true,
				argv: ['cilium-health-responder', '--listen', '4240', '--pidfile', '/var/run/cilium/state/health-endpoint.pid'],
				container: container.id,
			});
	}
	return out;
}

const cpusOf = (cluster: Cluster, machine: NodeMachine): number => {
	const nodes = cluster.api.find?.('nodes');
	const node = nodes && cluster.api.get(nodes, undefined, machine.name);
	const { capacity } = (node as { status?: { capacity?: { cpu?: string } } } | undefined)?.status ?? {};
	return Number(capacity?.cpu ?? 1) || 1;
};

/** What runs on a node, without numbers. */
function onNode(lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Draft[] {
	const boot = bootOf(lab, machine);
	const kubelet = kubeletStart(lab, machine);
	const daemon = (key: string, after: number, state: string, argv: readonly string[], user = 'root'): Draft => ({
		key,
		parent: 'init',
		user,
		startedAt: boot + after,
		state,
		threads: state.includes('l'),
		argv,
	});
	const init: Draft = {
		key: 'init',
		user: 'root',
		startedAt: boot,
		state: 'Ss',
		argv: ['/sbin/init'],
		comm: 'systemd',
	};
	if (machine.role === 'external-load-balancer')
		return [{ ...init, argv: ['haproxy', '-W', '-db', '-f', '/usr/local/etc/haproxy/haproxy.cfg'], comm: 'haproxy' }];
	return [
		init,
		daemon('journald', 400_000, 'Ss', ['/lib/systemd/systemd-journald']),
		daemon('containerd', 900_000, 'Ssl', ['/usr/local/bin/containerd']),
		...(kubelet === undefined
			? []
			: [{ ...daemon('kubelet', 0, 'Ssl', kubeletArgv(cluster, machine)), startedAt: kubelet }]),
		...sandboxesOn(lab, cluster, machine).flatMap((sandbox) => podProcesses(sandbox, lab, cluster, machine)),
	];
}

/** The first process of a container that is no node. */
const firstOf = (container: Container): Draft => ({
	key: 'init',
	user: 'root',
	startedAt: container.started ?? container.created,
	state: 'Ss',
	argv: container.command.split(' '),
	container: container.id,
	ns: `container/${container.name}`,
});

const prefixed = (drafts: readonly Draft[], name: string, above: string): readonly Draft[] =>
	drafts.map((draft) => ({
		...draft,
		key: `${name}/${draft.key}`,
		parent: draft.parent === undefined ? above : `${name}/${draft.parent}`,
	}));

/** All that runs on the machine: Docker, a shim for each of its containers, and what is in them. */
function onLaptop(lab: Lab): readonly Draft[] {
	const daemon = (key: string, at: number, argv: readonly string[], parent = 'init'): Draft => ({
		key,
		parent,
		user: 'root',
		startedAt: at,
		state: 'Ssl',
		threads: true,
		argv,
	});
	const out: Draft[] = [
		{ key: 'init', user: 'root', startedAt: BOOT, state: 'Ss', argv: ['/sbin/init'], comm: 'systemd' },
		daemon('containerd', BOOT + 8e6, ['/usr/bin/containerd']),
		daemon('dockerd', BOOT + 9e6, ['/usr/bin/dockerd', '-H', 'fd://', '--containerd=/run/containerd/containerd.sock']),
	];
	for (const container of [...lab.docker.containers()].reverse()) {
		if (container.state !== 'running') continue;
		const at = container.started ?? container.created;
		for (const port of container.ports)
			out.push({
				...daemon(
					`proxy ${container.id} ${port.hostPort}/${port.protocol}`,
					at - 60_000,
					[
						'/usr/bin/docker-proxy',
						'-proto',
						port.protocol,
						'-host-ip',
						port.hostIp,
						'-host-port',
						String(port.hostPort),
						'-container-ip',
						formatIp(container.ip ?? 0),
						'-container-port',
						String(port.containerPort),
					],
					'dockerd',
				),
				state: 'Sl',
			});
		const shim = `shim ${container.id}`;
		out.push({
			...daemon(shim, at - 30_000, [
				'/usr/bin/containerd-shim-runc-v2',
				'-namespace',
				'moby',
				'-id',
				container.id,
				'-address',
				'/run/containerd/containerd.sock',
			]),
			comm: 'containerd-shim',
			state: 'Sl',
		});
		const cluster = lab.clusters().find((c) => c.nodes().some((n) => n.name === container.name));
		const machine = cluster?.nodes().find((n) => n.name === container.name);
		const ns = `node/${container.name}`;
		const inside: readonly Draft[] =
			cluster && machine
				? onNode(lab, cluster, machine).map((draft) => ({ ...draft, ns: draft.ns ?? ns }))
				: [firstOf(container)];
		out.push(...prefixed(inside, container.id, shim));
	}
	return out;
}

/** The laptop was switched on before anything happened here: nine minutes. */
const BOOT = -540e6;

const nodeOf = (lab: Lab, place: Place): { readonly cluster: Cluster; readonly machine: NodeMachine } | undefined => {
	if (place.kind !== 'node') return undefined;
	const cluster = lab.cluster(place.cluster);
	const machine = cluster?.nodes().find((m) => m.name === place.node);
	return cluster && machine ? { cluster, machine } : undefined;
};

/** Processes of a node's own process namespace. */
export function nodeProcessTable(lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Process[] {
	return numbered(onNode(lab, cluster, machine), bootOf(lab, machine));
}

/** Processes that somebody in a place sees, by number. */
export function processesAt(lab: Lab, place: Place): readonly Process[] {
	if (place.kind === 'laptop') return sorted(numbered(onLaptop(lab), BOOT));
	if (place.kind === 'container') {
		const container = plainContainer(lab, place.id);
		return container ? numbered([firstOf(container)], container.started ?? 0) : [];
	}
	const node = nodeOf(lab, place);
	if (node) return sorted(nodeProcessTable(lab, node.cluster, node.machine));
	if (place.kind !== 'pod') return [];
	const cluster = lab.cluster(place.cluster);
	const running = cluster
		?.running()
		.find((c) => c.pod.namespace === place.namespace && c.pod.name === place.pod && c.name === place.container);
	const machine = cluster?.nodes().find((m) => m.name === running?.node);
	if (!cluster || !running || !machine) return [];
	const sandbox = sandboxesOn(lab, cluster, machine).find(
		(s) => s.name === place.pod && s.namespace === place.namespace,
	);
	const drafts = sandbox ? podProcesses(sandbox, lab, cluster, machine) : [];
	if (sandbox?.pod.spec.hostPID) return sorted(nodeProcessTable(lab, cluster, machine));
	const own = drafts.filter((draft) => draft.container === running.id);
	return sorted(
		numbered(
			own.map(({ parent, ...draft }) => (own.some((o) => o.key === parent) ? { ...draft, parent: parent! } : draft)),
			running.startedAt,
		),
	);
}

const sorted = (list: readonly Process[]): readonly Process[] => [...list].sort((a, b) => a.pid - b.pid);

/** Processes as a tool's own run sees them: with itself. */
export function processesOf(call: Call): readonly Process[] {
	const list = processesAt(call.lab, call.place);
	const last = list.at(-1)?.pid ?? 0;
	const boot = list[0]?.startedAt ?? 0;
	const pid = Math.max(last + 1, call.place.kind === 'pod' ? 7 : FIRST + Math.floor((call.lab.now - boot) / TICK));
	return [
		...list,
		{
			pid,
			ppid: 0,
			user: call.place.kind === 'laptop' ? 'learner' : 'root',
			comm: call.name,
			argv: [call.name, ...call.args],
			startedAt: call.lab.now,
			state: 'R+',
			...(call.tty ? { tty: 'pts/1' } : {}),
		},
	];
}

/** Number of a container's first process on its node. */
export const pidOfContainer = (lab: Lab, cluster: Cluster, machine: NodeMachine, id: string): number | undefined =>
	nodeProcessTable(lab, cluster, machine).find((p) => p.container === id)?.pid;

/**
 * Numbers of the programs of a namespace: on a node those `ps` shows there, in a pod those of its containers' own. A program
 * that no table has (in a World without a lab around it) has one by its name.
 */
export function pidsIn(
	space: Space,
): (owner: string, container: string | undefined, which?: (process: Process) => boolean) => number {
	const { cluster, lab, name } = space;
	const node = name.startsWith('node/') ? name.slice(5) : undefined;
	const machine = cluster?.nodes().find((m) => m.name === node);
	const table =
		name === 'host'
			? processesAt(lab, { kind: 'laptop' })
			: cluster && machine
				? nodeProcessTable(lab, cluster, machine)
				: [];
	return (owner, container, which = () => true) => {
		// In its own process namespace a container's program is the first.
		if (node === undefined && name !== 'host' && container !== undefined) return 1;
		const found =
			table.find((p) => p.container !== undefined && p.container === container && p.comm === owner.slice(0, 15)) ??
			table.find((p) => p.container !== undefined && p.container === container) ??
			table.find((p) => p.comm === owner.slice(0, 15) && which(p));
		return found?.pid ?? pidOf(container ?? `${name}/${owner}`);
	};
}

const pidOf = (text: string): number => 1000 + (hashText(7, text) % 60_000);
