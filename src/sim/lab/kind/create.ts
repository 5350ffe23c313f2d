/**
 * `kind create cluster`: configuration, images, containers, and then the steps of `steps.ts`.
 *
 * Source: kind pkg/cluster/internal/create/create.go, providers/docker/{images,provision}.go @ v0.14.0.
 */
import { preloaded } from '../bootstrap/images.ts';
import { type ClusterState, createCluster as createState } from '../cluster/cluster.ts';
import type { Pins } from '../cluster/context.ts';
import { createMachine, type Machine } from '../cluster/machine.ts';
import { parseImage } from '../machine/image-names.ts';
import { KIND_RELEASES, type NodeImage, nodeImageOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { KindCreate, KindRun } from '../types.ts';
import { type KindConfig, readKindConfig } from './config.ts';
import type { KindMachine, RunToken } from './kind.ts';
import { nodeLabels } from './kubeadm-patches.ts';
import { dockerRun, planNodes, refusedAddress } from './node-containers.ts';
import { bootSteps } from './steps.ts';

/** Sentences kind says goodbye with. */
const SALUTATIONS = [
	'Have a nice day! 👋',
	'Thanks for using kind! 😊',
	'Not sure what to do next? 😅  Check out https://kind.sigs.k8s.io/docs/user/quick-start/',
	'Have a question, bug, or feature request? Let us know! https://kind.sigs.k8s.io/#community 🙂',
];

type Draft<T> = { -readonly [K in keyof T]: T[K] };
type DraftStep = Draft<KindRun['steps'][number]>;
type DraftRun = Draft<KindRun> & { steps: DraftStep[]; warnings: string[] };

/** What the steps after the containers need. */
export interface Making {
	readonly timeline: Timeline;
	readonly config: KindConfig;
	readonly machines: ReadonlyMap<string, Machine>;
	readonly pins: Pins;
	/** `--wait`, microseconds. */
	readonly wait: number;
	/** The cluster's API server comes up. */
	up(): ClusterState;
	/** Begins a step; answers how to end it, well unless it is told otherwise. */
	begin(text: string): (ok?: boolean, note?: string) => void;
	cancelled(): boolean;
	done(): void;
}

export function createCluster(kind: KindMachine, asked: KindCreate): KindRun {
	const { timeline, docker, runs } = kind;
	const read = readKindConfig(asked.config, {
		image: `kindest/node:${KIND_RELEASES[kind.release] ?? 'v1.24.0'}`,
		...(asked.name === undefined ? {} : { name: asked.name }),
		...(asked.image === undefined ? {} : { override: asked.image }),
		...(asked.lineOf === undefined ? {} : { lineOf: asked.lineOf }),
	});
	const given = asked.config as { readonly name?: unknown } | undefined;
	const name = 'config' in read ? read.config.name : (asked.name ?? String(given?.name ?? 'kind'));
	const nth = (kind.instances.get(name) ?? 0) + 1;
	kind.instances.set(name, nth);
	const key = `${name}\0${nth}`;
	const run: DraftRun = {
		name,
		steps: [],
		warnings: [],
		state: 'running',
		salutation: SALUTATIONS[timeline.random('salutation', key, SALUTATIONS.length)]!,
	};
	const refuse = (error: string): KindRun => {
		run.state = 'failed';
		run.error = `failed to create cluster: ${error}`;
		return run;
	};
	if (kind.containersOf(name).length > 0) return refuse(`node(s) already exist for a cluster with the name "${name}"`);
	if ('error' in read) return refuse(read.error);
	const { config } = read;
	if (name.length > 50)
		run.warnings.push(`cluster name "${name}" is probably too long, this might not work properly on some systems`);
	const token: RunToken = {
		cancelled: false,
		run,
		fail() {
			if (run.state === 'running' && !token.cancelled)
				refuse(
					`command "docker exec --privileged ${name}-control-plane cat /kind/version" failed with error: exit status 1`,
				);
			token.cancelled = true;
		},
	};
	runs.set(name, token);

	const begin = (text: string): ((ok?: boolean, note?: string) => void) => {
		const step: DraftStep = { text, started: timeline.now };
		run.steps.push(step);
		return (ok = true, note) =>
			Object.assign(step, { ended: timeline.now, ok, ...(note === undefined ? {} : { note }) });
	};
	const fail = (error: string, output?: string): void => {
		if (token.cancelled) return;
		const step = run.steps.at(-1);
		if (step && step.ended === undefined) Object.assign(step, { ended: timeline.now, ok: false });
		if (output !== undefined) run.commandOutput = output;
		refuse(error);
		if (!asked.retain) kind.remove(name);
	};
	/** Later, unless the cluster was deleted meanwhile. */
	const later = (delay: number, act: () => void): void => {
		timeline.after(delay, () => {
			if (!token.cancelled && run.state === 'running') act();
		});
	};

	const ensureImages = (images: readonly string[]): void => {
		const [image, ...rest] = images;
		if (image === undefined) {
			prepareNodes();
			return;
		}
		const end = begin(`Ensuring node image (${image.split('@sha256:')[0]}) 🖼`);
		const there = (): void => {
			end();
			ensureImages(rest);
		};
		if (docker.hasImage(image)) later(120 * MILLISECOND, there);
		else pull(image, 0, there);
	};
	/** Four more times, a second longer each. */
	const pull = (image: string, tries: number, there: () => void): void => {
		const pulling = docker.pull(image);
		const look = (): void => {
			if (pulling.state === 'running') later(100 * MILLISECOND, look);
			else if (pulling.state === 'done') there();
			else if (tries < 4) later((tries + 1) * SECOND, () => pull(image, tries + 1, there));
			else
				fail(
					`failed to pull image "${image}": command "docker pull ${image}" failed with error: exit status 1`,
					`Error response from daemon: ${pulling.error}`,
				);
		};
		look();
	};

	const prepareNodes = (): void => {
		const apiPort = config.apiServerPort > 0 ? config.apiServerPort : docker.freePort(key);
		const planned = planNodes(config, docker, apiPort);
		const end = begin(`Preparing nodes ${'📦 '.repeat(planned.length)} `);
		docker.ensureNetwork('kind');
		const machines = new Map<string, Machine>();
		kind.machines.set(name, machines);
		let foreign = false;
		for (const { name: machine, node } of planned) {
			const image: NodeImage | undefined = nodeImageOf(parseImage(node?.image ?? config.nodes[0]!.image)?.tag ?? '');
			if (!image || (node && !/(?:^|\/)kindest\/node[:@]/.test(node.image))) {
				foreign = true;
				continue;
			}
			const role = node?.role ?? 'external-load-balancer';
			const made = createMachine({ name: machine, role, image, labels: node ? nodeLabels(node, image) : {} });
			if (node) for (const text of preloaded(image)) made.images.add(parseImage(text)!);
			machines.set(machine, made);
		}
		// Containers are started at the same time; which comes first is chance.
		let at = 0;
		for (const container of startOrder(planned.map((p) => p.name))) {
			at += timeline.between(60 * MILLISECOND, 350 * MILLISECOND, 'container', `${key}\0${container}`);
			later(at, () => {
				const { spec, unknownHost } = planned.find((p) => p.name === container)!;
				if (unknownHost !== undefined)
					return fail(
						`failed to get random host port for port mapping: listen tcp: lookup ${unknownHost} on 127.0.0.53:53: no such host`,
					);
				const failed = (said: string) =>
					fail(`command "${dockerRun(config, spec)}" failed with error: exit status 125`, said);
				const refused = refusedAddress(spec);
				if (refused !== undefined) return failed(refused);
				const made = docker.run(spec);
				if ('error' in made)
					failed(`${timeline.hex(64, 'container', container)}\ndocker: Error response from daemon: ${made.error}.`);
			});
		}
		if (foreign) {
			// kind reads the container's log for half a minute.
			later(at + 30 * SECOND, () =>
				fail('could not find a log line that matches "Reached target .*Multi-User System.*|detected cgroup v1"'),
			);
			return;
		}
		later(at + timeline.between(5 * SECOND, 9 * SECOND, 'prepare', key) + planned.length * SECOND, () => {
			end();
			bootSteps({
				timeline,
				config,
				machines,
				pins: kind.pins,
				wait: asked.wait ?? 0,
				up() {
					const first = [...machines.values()].find((m) => m.role === 'control-plane')!;
					const state = createState({
						timeline,
						docker,
						config,
						machines,
						image: first.image,
						pins: kind.pins,
						kernel: kind.kernel,
						guests: kind.guests,
						instance: nth === 1 ? name : `${name}#${nth}`,
						server: `https://${config.apiServerAddress}:${apiPort}`,
					});
					kind.states.set(name, state);
					return state;
				},
				begin,
				cancelled: () => token.cancelled,
				done() {
					run.state = 'done';
				},
			});
		});
	};

	const startOrder = (names: readonly string[]): readonly string[] => {
		const pinned = (kind.pins.startOrder ?? []).filter((container) => names.includes(container));
		const rest = names
			.filter((container) => !pinned.includes(container))
			.map((container) => ({ container, place: timeline.random('start order', `${key}\0${container}`, 2 ** 31) }))
			.sort((a, b) => a.place - b.place || (a.container < b.container ? -1 : 1));
		return [...pinned, ...rest.map(({ container }) => container)];
	};

	ensureImages([...new Set(config.nodes.map((n) => n.image))].sort());
	return run;
}
