/**
 * Processes of a place: systemd and the daemons of a node, shims, pause and what runs in containers; in a container its own;
 * on the laptop everything, as containers are processes of their host.
 *
 * A number is given by when a process began, so it stays what it is while others come and go. The lab knows no CPU time
 * and no memory.
 */
import {
	type Cluster,
	type Container,
	contextOf,
	knownDocker,
	type Lab,
	type NodeMachine,
	processSpace,
	programOf,
} from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import { formatIp } from '../../sim/wire/index.ts';
import type { Call, Place } from '../tool.ts';
import { bootOf, type Sandbox, sandboxesOn } from './cri.ts';
import { firstArgv } from './first-process.ts';
import { CPUS } from './hardware.ts';
import { plainContainer } from './laptop-containers.ts';
import { begunBy, nginxDrafts, onNode, podProcesses, typedDrafts } from './node-processes.ts';
import { type Draft, FIRST, insideAt, numbered, ofView, type Process, TICK } from './process-numbers.ts';
import type { Space } from './space.ts';

/** The first process of a container that is no node, and what its server forks. */
function firstOf(lab: Lab, container: Container): readonly Draft[] {
	const { id } = container;
	const entry = knownDocker(lab, id);
	const user = entry?.state.user;
	const first = {
		key: 'init',
		user: user ? (user.name ?? String(user.uid)) : 'root',
		startedAt: container.started ?? container.created,
		state: 'Ss',
		argv: container.command.split(' '),
		container: id,
		ns: `container/${container.name}`,
	};
	const program = entry && programOf(entry.state.spec);
	if (!entry || !program || program.guest) return [first];
	const { spec, web } = entry.state;
	if (web?.config) return nginxDrafts({ ...first, argv: first.argv.slice(0) }, { kind: 'container', id }, CPUS, lab);
	const ends = program.stops ?? [100_000, 900_000];
	return [
		{
			...first,
			// Its entrypoint gave way to the server.
			argv: firstArgv(first.argv),
			signal(name) {
				if (name === 'KILL') entry.over?.(137);
				else if (/^(?:INT|QUIT|TERM)$/.test(name))
					lab.after(ends[0] + lab.random('program stop', `${spec.name} ${id} ${lab.now}`, ends[1] - ends[0]), () =>
						entry.over?.(0),
					);
			},
		},
	];
}

/** All of such a container: what its first process started, or a `docker exec -d`. */
const containerDrafts = (lab: Lab, container: Container): readonly Draft[] => {
	const all = lab.guests?.processes({ kind: 'container', id: container.id }) ?? [];
	// What its shell became is what its first process is.
	const became = all.find(({ pid, entered }) => pid === 1 && !entered);
	const served = firstOf(lab, container).map((one, i) => (i === 0 && became ? { ...one, argv: became.argv } : one));
	const [first] = served as [Draft];
	// A first process that is such a command itself is there already.
	const started = all.filter(
		(one, i) => one !== became && (i > 0 || one.entered || one.argv.join(' ') !== container.command),
	);
	return [
		...served,
		...started.map((view, i): Draft => {
			const { argv, startedAt, entered, pid, ppid, signal } = view;
			return {
				...first,
				key: `guest ${i}`,
				...(entered ? {} : { parent: begunBy(started, ppid, (by) => `guest ${by}`, 'init') }),
				state: entered ? 'Ss' : 'S',
				argv,
				startedAt,
				signal,
				...ofView(view),
				...(pid === undefined ? {} : { own: pid }),
			};
		}),
	];
};

const prefixed = (drafts: readonly Draft[], name: string, above: string): readonly Draft[] =>
	drafts.map(({ known: _, ...draft }) => ({
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
		...typedDrafts(lab, { kind: 'laptop' }, 'learner'),
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
				: containerDrafts(lab, container);
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
		return container ? numbered(containerDrafts(lab, container), container.started ?? 0, true) : [];
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
	const spec = sandbox?.pod.spec as
		| {
				readonly shareProcessNamespace?: boolean;
				readonly ephemeralContainers?: readonly { readonly name: string; readonly targetContainerName?: string }[];
		  }
		| undefined;
	// `kubectl debug --target` goes into the process namespace of a container.
	const target = spec?.ephemeralContainers?.find(({ name }) => name === place.container)?.targetContainerName;
	const beside = sandbox?.containers.find(({ name, ended }) => name === target && !ended)?.id;
	const own = drafts.filter(({ container }) =>
		spec?.shareProcessNamespace
			? container !== undefined
			: container === running.id || (beside !== undefined && container === beside),
	);
	const shared = sandbox && sharedNumbers(cluster, sandbox, machine.name);
	return sorted(
		numbered(
			own.map(({ parent, own: number, ...draft }) => ({
				...draft,
				...(shared ? { known: shared(draft, number) } : number === undefined ? {} : { own: number }),
				...(own.some((o) => o.key === parent) ? { parent: parent! } : {}),
			})),
			Math.min(running.startedAt, ...own.map(({ startedAt }) => startedAt)),
			true,
		),
	);
}

/** Numbers in the one process namespace of a pod's containers; undefined where each has its own. */
function sharedNumbers(
	cluster: Cluster,
	{ id, pod }: Sandbox,
	node: string,
): ((draft: Omit<Draft, 'own'>, own: number | undefined) => number) | undefined {
	const machine = contextOf(cluster)?.machines.get(node);
	const space = machine && processSpace(machine, pod as unknown as Parameters<typeof processSpace>[1]);
	return (
		space &&
		(({ key, container = '', argv, startedAt }, own) => {
			if (container === id) return 1;
			if (key === container) return space.first(container);
			// nginx's log has those of its workers; what the others say of themselves may be the same number.
			return argv[0] === 'nginx:' ? own! : space.of(`${container} ${startedAt} ${argv.join(' ')}`, own);
		})
	);
}

export const sorted = (list: readonly Process[]): readonly Process[] => [...list].sort((a, b) => a.pid - b.pid);

/** Processes as a tool's own run sees them: with itself. */
export function processesOf(call: Call): readonly Process[] {
	const list = processesAt(call.lab, call.place);
	const argv = [call.name, ...call.args];
	const inside = call.place.kind === 'pod' || call.place.kind === 'container';
	const { terminal } = call;
	// It runs while the others sleep, in front of its terminal.
	const running = terminal === undefined ? { state: 'R' } : { state: 'R+', tty: terminal };
	// A place knows of the commands that somebody runs in it from outside; a container's first process may be the one that looks.
	const own = list.findLast((p) => p.argv.join(' ') === argv.join(' '));
	if (own) return list.map((p) => (p === own ? { ...p, ...running } : p));
	const last = list.at(-1)?.pid ?? 0;
	const boot = list[0]?.startedAt ?? 0;
	const since = call.lab.now - boot;
	const pid = Math.max(last + 1, inside ? insideAt(since) : FIRST + Math.floor(since / TICK));
	const shell = inside ? undefined : list.findLast((p) => p.typed && (terminal === undefined || p.tty === terminal));
	return [
		...list,
		{
			pid,
			ppid: shell?.pid ?? 0,
			user: call.place.kind === 'laptop' ? 'learner' : call.place.kind === 'pod' ? (list[0]?.user ?? 'root') : 'root',
			comm: call.name,
			argv,
			startedAt: call.lab.now,
			...running,
		},
	];
}

/** Number of a container's first process on its node. */
export const pidOfContainer = (lab: Lab, cluster: Cluster, machine: NodeMachine, id: string): number | undefined =>
	nodeProcessTable(lab, cluster, machine).find((p) => p.container === id)?.pid;

/** A process as somebody who looks for its sockets sees it. */
export interface ProcessRef {
	readonly name: string;
	readonly pid: number;
	readonly argv: readonly string[];
}

/**
 * Programs of a namespace: on a node those `ps` shows there, in a pod those of its containers' own. A program
 * that no table has (in a World without a lab around it) has a number by its name. What a program forks has its sockets too.
 */
export function programsIn(
	space: Space,
): (
	owner: string,
	container: string | undefined,
	name: string,
	which?: (process: Process) => boolean,
) => readonly ProcessRef[] {
	const { cluster, lab, name: ns } = space;
	const node = ns.startsWith('node/') ? ns.slice(5) : undefined;
	const machine = cluster?.nodes().find((m) => m.name === node);
	const inPod = ns.startsWith('pod/');
	const { place } = space;
	// A container on the node's network sees its sockets, and of its processes its own, unless it has those too.
	const guest = place?.kind === 'pod' && !inPod;
	const table = guest
		? processesAt(lab, place)
		: ns === 'host'
			? processesAt(lab, { kind: 'laptop' })
			: cluster && machine
				? nodeProcessTable(lab, cluster, machine)
				: [];
	return (owner, container, name, which = () => true) => {
		let rows = table;
		if (inPod && cluster && container !== undefined) {
			const running = cluster.running().find((c) => c.id === container);
			const seenFrom = cluster.nodes().find((m) => m.name === running?.node);
			// Who came in from the node sees the node's numbers; a container sees its own processes and nobody else's.
			if (place?.kind === 'node' && seenFrom) rows = nodeProcessTable(lab, cluster, seenFrom);
			else if (place?.kind === 'pod' && running && running.name !== place.container) {
				rows = processesAt(lab, place).filter((p) => p.container === container);
				if (rows.length === 0) return [];
			} else if (running)
				rows = processesAt(lab, {
					kind: 'pod',
					cluster: cluster.name,
					namespace: running.pod.namespace,
					pod: running.pod.name,
					container: running.name,
				});
		}
		const shown = owner.slice(0, 15);
		const first =
			rows.find((p) => container !== undefined && p.container === container && p.comm === shown) ??
			rows.find((p) => container !== undefined && p.container === container) ??
			rows.find((p) => p.comm === shown && which(p)) ??
			rows.find((p) => p.comm.startsWith(shown));
		if (!first && guest) return [];
		if (!first)
			return [{ name, pid: inPod && container !== undefined ? 1 : pidOf(container ?? `${ns}/${owner}`), argv: [] }];
		const forked = rows.filter((p) => p.ppid === first.pid && p.comm === first.comm);
		return [first, ...forked].map(({ comm, pid, argv }) => ({ name: comm, pid, argv }));
	};
}

const pidOf = (text: string): number => 1000 + (hashText(7, text) % 60_000);
