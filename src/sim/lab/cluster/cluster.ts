/** One kind cluster as the lab shows it: the API server, its nodes and what runs on them, its packets. */
import { createApiServer } from '../../api/index.ts';
import { minorOf } from '../../kube/index.ts';
import { formatPrefix, IPPROTO_TCP } from '../../wire/index.ts';
import { nodeNs } from '../../world/index.ts';
import { peoplesContainers } from '../containers/later.ts';
import { startControllers } from '../controllers/index.ts';
import type { Guests } from '../guests.ts';
import { decodeReleases, releaseSecret } from '../helm-releases.ts';
import type { KindConfig } from '../kind/config.ts';
import type { Run } from '../kubelet/container.ts';
import { createKubelet, type Kubelet } from '../kubelet/kubelet.ts';
import { kubeletBegins, kubeletEnds, kubeletFaultOver, kubeletState } from '../kubelet/own-config.ts';
import type { DockerHost } from '../machine/docker.ts';
import type { NodeImage } from '../machine/node-images.ts';
import { dialFault, silence } from '../projection/dial.ts';
import { createProjection } from '../projection/projection.ts';
import { SECOND } from '../time.ts';
import type { Timeline } from '../timeline.ts';
import type { Cluster, NodeMachine } from '../types.ts';
import { createComponents } from './components.ts';
import type { ClusterContext, EtcdState, Pins } from './context.ts';
import { createRecorder } from './events.ts';
import { withHeartbeats } from './heartbeats.ts';
import { one } from './kinds.ts';
import { createKubeletUnits } from './kubelet-unit.ts';
import { hasKubelet, type Machine } from './machine.ts';
import { manifestText } from './manifest-text.ts';

/** From the start of a control plane's container until its static pods run, microseconds. */
const RESTART = 9 * SECOND;

const LOOPBACK = 0x7f000001;
const API_PORT = 6443;
const KUBELET_PORT = 10250;

/** Kinds that a packet can tell. */
const SEEN_BY_PACKETS: ReadonlySet<string> = new Set([
	'Pod',
	'Service',
	'EndpointSlice',
	'Node',
	'NetworkPolicy',
	'CiliumNetworkPolicy',
	'CiliumClusterwideNetworkPolicy',
	'CiliumEgressGatewayPolicy',
	// Of a pod's labels, those that a policy means.
	'CiliumIdentity',
	'CiliumEndpoint',
	'CiliumNode',
]);

export interface ClusterState extends Cluster {
	readonly context: ClusterContext;
	/** Brings a machine's kubelet up, or back. */
	startKubelet(machine: Machine): void;
	/** A machine stopped or started. */
	machineChanged(machine: Machine): void;
	/** For good. */
	destroy(): void;
}

export interface ClusterOptions {
	readonly timeline: Timeline;
	readonly docker: DockerHost;
	readonly config: KindConfig;
	readonly image: NodeImage;
	readonly machines: ReadonlyMap<string, Machine>;
	readonly server: string;
	readonly pins: Pins;
	readonly kernel: string;
	readonly guests: Guests;
	/** Tells clusters of one name apart that were made one after the other. */
	readonly instance: string;
}

export function createCluster(options: ClusterOptions): ClusterState {
	const { timeline, docker, config, image, machines, pins, kernel } = options;
	const inner = createApiServer({
		version: `v${image.kubernetes}`,
		now: () => timeline.now,
		epoch: timeline.epoch,
		random: pinnedRandom(options),
		serviceCidr: formatPrefix(config.serviceSubnet),
		makesAccounts: () => components.leads('kube-controller-manager'),
		callOut: (call) => {
			const node = controlPlanes.find((m) => m.running)?.name ?? '';
			return options.guests.call?.({ ...call, cluster: config.name, node });
		},
		listens: (port) => {
			const machine = controlPlanes.find(runs('kube-apiserver'))?.name;
			const node = projection.world().net.namespaces.get(`node/${machine}`);
			return [...(node?.sockets.listeners.values() ?? [])].some((list) =>
				list.some((l) => l.port === port && l.protocol === IPPROTO_TCP),
			);
		},
	});
	const kubelets = new Map<string, Kubelet>();
	const back: (() => void)[] = [];
	const controlPlanes = [...machines.values()].filter((m) => m.role === 'control-plane');
	// The first control plane's etcd has all there is; several have a quorum.
	const quorum = (of: (machine: Machine) => boolean = (m) => m.running): boolean => {
		const up = controlPlanes.filter(of).length;
		return controlPlanes.length <= 2 ? up === controlPlanes.length : up * 2 > controlPlanes.length;
	};
	let hadQuorum = true;
	/** When the API server of a control plane that came back answers again. */
	let answersAt = 0;
	const runs =
		(name: string) =>
		(m: Machine): boolean =>
			m.running && !components.isDown(name, m.name);
	const isUp = (): boolean =>
		quorum(runs('etcd')) && timeline.now >= answersAt && controlPlanes.some(runs('kube-apiserver'));
	const etcdState = (name: string): EtcdState | undefined => {
		if (quorum(runs('etcd'))) return undefined;
		const machine = machines.get(name);
		return machine && runs('etcd')(machine) ? 'leaderless' : 'gone';
	};
	const etcdFault = (): Cluster['etcdFault'] => {
		const server = timeline.now < answersAt ? undefined : controlPlanes.find(runs('kube-apiserver'));
		const state = server && etcdState(server.name);
		return state && peoplesContainers()?.etcdFault(state, minorOf(inner.version));
	};
	const record = createRecorder(inner, timeline);
	const components = createComponents({
		api: inner,
		timeline,
		record,
		first: controlPlanes[0]!.name,
		reachable: () => isUp(),
		fault: () => etcdFault()?.message,
	});
	const context: ClusterContext = {
		name: config.name,
		instance: options.instance,
		begun: timeline.now,
		timeline,
		api: inner,
		config,
		image,
		docker,
		machines,
		record,
		components,
		pins,
		kernel,
		guests: options.guests,
		listens: (namespace, pod, port) =>
			[...(projection.world().net.namespaces.get(`pod/${namespace}/${pod}`)?.sockets.listeners.values() ?? [])].some(
				(list) => list.some((l) => l.port === port && l.protocol === IPPROTO_TCP && l.ip !== LOOPBACK),
			),
		kubeletStatus(namespace, pod) {
			for (const kubelet of kubelets.values()) {
				const status = kubelet.status(namespace, pod);
				if (status) return status;
			}
			return undefined;
		},
		reachable: isUp,
		etcdState,
		onReachable: (listener) => back.push(listener),
		packetsChanged: () => projection.changed(),
	};
	components.onBack(() => {
		if (isUp()) for (const listener of [...back]) listener();
	});
	const runOf = (namespace: string, pod: string, container: string): Run | undefined => {
		for (const kubelet of kubelets.values()) {
			const run = kubelet.run(namespace, pod, container);
			if (run) return run;
		}
		return undefined;
	};
	/** Who is cut off: what kubelets and the API server say to each other goes by the nodes' own network. */
	const seeNetwork = (): void => {
		const server = controlPlanes.find((m) => m.running);
		if (!server || server.ip === undefined || !isUp()) return;
		const { net } = projection.world();
		for (const machine of machines.values()) {
			if (!machine.running || machine.ip === undefined || machine === server) continue;
			// Nobody listens on the kubelet's port in the packets' view: a refusal is an answer.
			machine.unreachable = silence(net, nodeNs(server.name), machine.ip, KUBELET_PORT);
			const cutOff = dialFault(net, nodeNs(machine.name), server.ip, API_PORT) !== undefined;
			if (cutOff === machine.cutOff) continue;
			if (cutOff && hasKubelet(machine)) machine.stoppedAt = timeline.now;
			machine.cutOff = cutOff;
			if (!cutOff && machine.kubeletUp) kubelets.get(machine.name)?.resume(false);
			machine.changed();
		}
	};
	const units = createKubeletUnits(context, kubelets);
	const projection = createProjection(context);
	const stopControllers = startControllers(context);
	inner.watch(({ type, object }) => {
		if (SEEN_BY_PACKETS.has(object.kind)) projection.changed();
		const absences = object.kind === 'Node' ? machines.get(object.metadata.name)?.absences : undefined;
		const last = absences?.at(-1);
		if (type === 'DELETED') absences?.push({ from: timeline.now });
		else if (last) last.to ??= timeline.now;
	});

	return {
		context,
		name: config.name,
		api: withHeartbeats(inner, context),
		get reachable() {
			return isUp();
		},
		get etcdFault() {
			return etcdFault();
		},
		silences: components.silences,
		server: options.server,
		podSubnet: config.podSubnet,
		serviceSubnet: config.serviceSubnet,
		nodes: () => [...machines.values()].map((m) => shown(m, context)),
		running: (of) => [...kubelets.values()].flatMap((kubelet) => kubelet.running(of)),
		kubeletStatus: context.kubeletStatus,
		agents: () => [...machines.values()].flatMap((m) => (m.agent ? [m.agent] : [])),
		tellAgent(node, options) {
			const machine = machines.get(node)!;
			machine.agent = { ...machine.agent!, options };
			projection.changed();
		},
		world: projection.world,
		setWorld: projection.setWorld,
		networkChanged: seeNetwork,
		logs(namespace, pod, container, previous = false) {
			for (const kubelet of kubelets.values()) {
				const lines = kubelet.logs(namespace, pod, container, previous);
				if (lines) return lines;
			}
			return [];
		},
		served(namespace, pod, container, access, at) {
			for (const kubelet of kubelets.values()) kubelet.served(namespace, pod, container, access, at);
		},
		exit: (namespace, pod, container, code) =>
			[...kubelets.values()].some((kubelet) => kubelet.exit(namespace, pod, container, code)),
		claim: (namespace, pod, container) => runOf(namespace, pod, container)?.claim() ?? false,
		attached: (namespace, pod, container) => runOf(namespace, pod, container)?.attached ?? false,
		signal(namespace, pod, container, name) {
			const run = runOf(namespace, pod, container);
			run?.signal(name);
			return run !== undefined;
		},
		wrote: (namespace, pod, container, line) => runOf(namespace, pod, container)?.write(line),
		...units.ofNodes,
		setManifest(node, file, pod, unread) {
			const machine = machines.get(node);
			const look = (namespace: string, name: string) => kubelets.get(node)?.staticPod(namespace, name);
			if (machine) peoplesContainers()?.setManifest(context, machine, look, file, pod, unread);
		},
		setCniFile(node, file, text) {
			const machine = machines.get(node);
			if (!machine || machine.cniConfig[file] === text) return;
			const { [file]: _, ...others } = machine.cniConfig;
			machine.cniConfig = text === undefined ? others : { ...others, [file]: text };
			machine.changed();
		},
		releases: () => decodeReleases(inner),
		saveRelease(release) {
			const secret = releaseSecret(release, timeline);
			if (one(inner, 'secrets', release.namespace, secret.metadata.name)) inner.update(secret);
			else inner.create(secret);
		},
		startKubelet(machine) {
			const kubelet = createKubelet(context, machine);
			kubelets.set(machine.name, kubelet);
			kubeletBegins(machine, timeline.now);
			kubelet.start();
		},
		machineChanged(machine) {
			const kubelet = kubelets.get(machine.name);
			// Its network is made anew with its container.
			machine.cutOff = false;
			machine.unreachable = undefined;
			if (!machine.running) {
				if (machine.kubeletUp) machine.stoppedAt = timeline.now;
				kubeletEnds(machine, timeline.now, true);
				kubeletFaultOver(machine, timeline.now);
				// systemd starts it with the machine.
				machine.kubeletUp = true;
			} else {
				kubeletState(machine).unit = peoplesContainers()?.kubeletUnit(context, machine);
				if (!units.starts(machine)) machine.kubeletUp = false;
				// systemd starts it a second after the machine.
				else if (kubelet) kubeletBegins(machine, timeline.now + SECOND, timeline.now);
			}
			units.lookAgain(machine);
			// Just before its kubelet looks after pods again.
			if (machine.running)
				for (const { metadata } of peoplesContainers()?.addressMoved(context, machine) ?? [])
					timeline.after(4 * SECOND, () => kubelet?.staticPod(metadata.namespace ?? '', metadata.name));
			if (machine.running) kubelet?.resume(true);
			else kubelet?.halt();
			machine.changed();
			projection.restarted(machine.name);
			projection.changed();
			const has = quorum();
			if (has && !hadQuorum) {
				answersAt = timeline.now + RESTART;
				timeline.after(RESTART, () => {
					components.answers();
					if (isUp()) for (const listener of [...back]) listener();
				});
			}
			hadQuorum = has;
		},
		destroy() {
			stopControllers();
			for (const kubelet of kubelets.values()) kubelet.stop();
			kubelets.clear();
		},
	};
}

const shown = (machine: Machine, { record }: ClusterContext): NodeMachine => ({
	name: machine.name,
	container: machine.container,
	role: machine.role,
	ip: machine.ip,
	running: machine.running,
	kubelet: machine.running && machine.kubeletUp,
	unreachable: machine.unreachable,
	kubeletFault: kubeletState(machine).fault,
	kubeletFaults: kubeletState(machine).faults,
	kubeletLine: kubeletState(machine).unit?.line,
	kubeletRuns: kubeletState(machine).runs,
	kubeletConfig: kubeletState(machine).file
		? { ...kubeletState(machine).config, since: kubeletState(machine).since }
		: undefined,
	manifests: Object.fromEntries([...machine.manifests].map(([file, pod]) => [file, manifestText(pod)])),
	images: machine.images.list().map(({ name, id, digest, size }) => ({ name, id, digest, size })),
	cniConfig: machine.cniConfig,
	proxyRules: machine.proxyRules,
	journal: record.journal(machine.name),
	manifestFaults: machine.manifestFaults,
	absences: machine.absences,
});

/** Node ports and ClusterIPs that are pinned come out of the server's own draw. */
function pinnedRandom({ timeline, config, pins, instance }: ClusterOptions): Timeline['random'] {
	return (purpose, key, bound) => {
		const name = /^Service ([^:]+)/.exec(key)?.[1] ?? '';
		const ip = pins.clusterIPs?.[name];
		if (purpose === 'clusterIP' && ip !== undefined) return (ip - config.serviceSubnet.address - 1) % bound;
		const port = pins.nodePorts?.[name];
		if (purpose === 'nodePort' && port !== undefined) return (port - 30_000) % bound;
		return timeline.random(`api ${purpose}`, `${instance}\0${key}`, bound);
	};
}
