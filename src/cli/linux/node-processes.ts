/** Processes of a node: systemd and its daemons, shims, pause and what runs in containers. */
import { minorOf } from '../../sim/kube/index.ts';
import {
	type Cluster,
	contextOf,
	type GuestProcessView,
	type GuestSignal,
	kubeadmFlags,
	kubeletCgroupFlags,
	kubeletExtraArgs,
	type Lab,
	type NodeMachine,
	peoplesContainers,
	type TypedAt,
} from '../../sim/lab/index.ts';
import { bootOf, type CriContainer, isReady, type Sandbox, sandboxesOn } from './cri.ts';
import { firstArgv } from './first-process.ts';
import { cpusOf, masterHears, workerHears, workersOf } from './nginx-processes.ts';
import { type Draft, ofView } from './process-numbers.ts';

/** kubeadm's and kind's command line (kind pkg/cluster/internal/kubeadm/config.go @ v0.14.0, kubeadm app/phases/kubelet/flags.go). */
export function kubeletArgv(cluster: Cluster, machine: NodeMachine): readonly string[] {
	const context = contextOf(cluster);
	const own = context?.machines.get(machine.name);
	return [
		'/usr/bin/kubelet',
		'--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf',
		'--kubeconfig=/etc/kubernetes/kubelet.conf',
		'--config=/var/lib/kubelet/config.yaml',
		...(context && own ? kubeadmFlags(context, own) : []),
		...(own ? kubeletVariables(minorOf(own.image.kubernetes)) : []),
	];
}

const kubeletVariables = (minor: number): readonly string[] => [kubeletExtraArgs(minor), ...kubeletCgroupFlags(minor)];

/** When the kubelet that runs began; undefined while none does. */
export function kubeletStart(lab: Lab, machine: NodeMachine): number | undefined {
	const run = machine.kubeletRuns.at(-1);
	return run && run.to === undefined && run.from <= lab.now ? run.from : undefined;
}

const SHIM = '/usr/local/bin/containerd-shim-runc-v2';

/** Processes of a container: its program, and what that forks. */
function inContainer(
	container: CriContainer,
	key: string,
	parent: string | undefined,
	cpus: number,
	lab: Lab,
	cluster: Cluster,
): readonly Draft[] {
	const { startedAt, sandbox } = container;
	const argv = firstArgv(container.argv);
	const ns = sandbox.pod.spec.hostNetwork ? undefined : `pod/${sandbox.namespace}/${sandbox.name}`;
	const common = {
		user: userOfContainer(container),
		startedAt,
		state: 'Ss',
		container: container.id,
		...(ns === undefined ? {} : { ns }),
	};
	const up = parent === undefined ? {} : { parent };
	const place = {
		kind: 'pod',
		cluster: cluster.name,
		namespace: sandbox.namespace,
		pod: sandbox.name,
		container: container.name,
	} as const;
	const signal = (name: GuestSignal): void => {
		cluster.signal(sandbox.namespace, sandbox.name, container.name, name);
	};
	const nginx = argv.includes('nginx') || /nginx/.test(argv[0] ?? '');
	if (nginx) {
		return nginxDrafts({ ...common, ...up, key, argv, startedAt, container: container.id }, place, cpus, lab);
	}
	const out: Draft[] = [
		{ ...common, ...up, key, argv, signal, threads: isGo(argv[0] ?? ''), state: isGo(argv[0] ?? '') ? 'Ssl' : 'Ss' },
	];
	return out;
}

/** nginx's master, and its workers below it. */
export function nginxDrafts(
	first: Draft & { readonly container: string },
	place: Parameters<typeof masterHears>[1],
	cpus: number,
	lab: Lab,
): readonly Draft[] {
	const { key, argv, startedAt, container, parent: _, ...common } = first;
	const line = argv.slice(argv.findIndex((word) => /(?:^|\/)nginx$/.test(word)));
	return [
		{
			...first,
			comm: 'nginx',
			argv: ['nginx:', 'master', 'process', ...line],
			signal: (name, from) => masterHears(lab, place, container, name, from),
		},
		...workersOf(lab, container, startedAt + 60_000, cpus).map(({ pid, since }, i) => ({
			...common,
			container,
			key: `${key} worker ${i}`,
			parent: key,
			user: common.user === 'root' ? '101' : common.user,
			state: 'S',
			comm: 'nginx',
			startedAt: since,
			own: pid,
			argv: ['nginx:', 'worker', 'process'],
			signal: (name: GuestSignal, from: number) => workerHears(lab, place, container, pid, name, from),
		})),
	];
}

/** `/bin/sh` of a command line is the `sh` that runs. */
const sameCommand = (a: readonly string[], b: readonly string[]): boolean =>
	a.join(' ').replace(/^\S*\//, '') === b.join(' ').replace(/^\S*\//, '');

/** Whom a container runs as: a name of its image, or a number. */
function userOfContainer({ name, image, sandbox }: CriContainer): string {
	const { spec } = sandbox.pod as unknown as { readonly spec: Readonly<Record<string, unknown>> };
	const all = ['containers', 'initContainers', 'ephemeralContainers'].flatMap(
		(key) => (spec[key] ?? []) as readonly { readonly name: string }[],
	);
	const own = all.find((c) => c.name === name) ?? { name, image };
	const user = peoplesContainers()?.userOf(sandbox.pod as never, own as never);
	return user ? (user.name ?? String(user.uid)) : 'root';
}

/** Go's programs have threads. */
const isGo = (program: string): boolean =>
	/(?:kube-|cilium|coredns|etcd|kindnetd|hubble|local-path|agnhost)/.test(program);

export function podProcesses(sandbox: Sandbox, lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Draft[] {
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
		const place = {
			kind: 'pod',
			cluster: cluster.name,
			namespace: sandbox.namespace,
			pod: sandbox.name,
			container: container.name,
		} as const;
		// What its commands started, and is under way; a first process that is such a command itself is there already.
		const guests = lab.guests?.processes(place) ?? [];
		// What its shell became is what its first process is.
		const became = guests.find(({ pid, entered }) => pid === 1 && !entered)?.argv;
		out.push(
			...inContainer(became ? { ...container, argv: became } : container, container.id, shim, cpus, lab, cluster),
		);
		const attached = cluster.attached(sandbox.namespace, sandbox.name, container.name);
		const first = guests.findIndex(
			({ argv, entered, pid }, i) =>
				(!entered && pid === 1) || ((attached ? entered : i === 0 && !entered) && sameCommand(argv, container.argv)),
		);
		for (const [i, view] of guests.entries()) {
			const { argv, startedAt, entered, pid, ppid, signal } = view;
			if (i !== first)
				out.push({
					key: `${container.id} ${i}`,
					parent: entered ? shim : begunBy(guests, ppid, (by) => `${container.id} ${by}`, container.id),
					user: userOfContainer(container),
					startedAt,
					state: entered ? 'Ss' : 'S',
					argv,
					signal,
					...ofView(view),
					...(pid === undefined ? {} : sandbox.pod.spec.hostPID ? { known: pid } : { own: pid }),
					container: container.id,
					...ns,
				});
		}
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

/** Key of what began a process, by the number it has there. */
export function begunBy(
	all: readonly GuestProcessView[],
	pid: number | undefined,
	key: (index: number) => string,
	first: string,
): string {
	const by = pid === undefined ? -1 : all.findIndex((one) => one.pid === pid);
	return by < 0 ? first : key(by);
}

/** Shells that somebody types into in a place that is no container, and their jobs. */
export function typedDrafts(lab: Lab, place: TypedAt, user: string): readonly Draft[] {
	const all = lab.guests?.processes(place) ?? [];
	return all.map((view, i): Draft => {
		const { argv, startedAt, entered, pid, ppid, signal } = view;
		return {
			key: `typed ${i}`,
			...(entered && place.kind === 'node' ? {} : { parent: begunBy(all, ppid, (by) => `typed ${by}`, 'init') }),
			user,
			startedAt,
			state: entered ? 'Ss' : 'S',
			argv,
			signal,
			...ofView(view),
			...(pid === undefined ? {} : { known: pid }),
			...(/^(?:ba|da|a)?sh$/.test(argv[0] ?? '') ? { typed: true } : {}),
		};
	});
}

/** What runs on a node, without numbers. */
export function onNode(lab: Lab, cluster: Cluster, machine: NodeMachine): readonly Draft[] {
	const boot = bootOf(lab, machine);
	const kubelet = machine.kubelet ? kubeletStart(lab, machine) : undefined;
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
		...typedDrafts(lab, { kind: 'node', cluster: cluster.name, node: machine.name }, 'root'),
	];
}
