/**
 * A pod on its node, from the kubelet's first look to the last: whose turn it is, what is told, the end.
 *
 * Source: kubernetes pkg/kubelet/{kubelet,pod_workers}.go, kuberuntime/kuberuntime_manager.go @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { keyOf, one, type Pod, removeOne, same } from '../cluster/kinds.ts';
import { hasKubelet, type Machine } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { HttpAccess, LogLine, RunningContainer } from '../types.ts';
import { appArmorFault } from './app-armor.ts';
import { type ContainerRecord, graceOf, isInitialized, isSidecar, newRecord, type Run } from './container.ts';
import { createContainerSteps } from './container-steps.ts';
import { createDeadline } from './pod-deadline.ts';
import type { Verdict, WorkerEnv } from './pod-env.ts';
import { createPodSandbox } from './pod-sandbox.ts';
import { createPodVolumes } from './pod-volumes.ts';
import type { Puller } from './pulls.ts';
import { createTurns } from './sidecar-turns.ts';
import { phaseOf, podStatus } from './status.ts';

export interface PodWorker {
	readonly uid: string;
	/** On its way out. */
	readonly ending: boolean;
	/** The pod's status as its kubelet knows it, whether the API server could be told or not. */
	status(): { readonly [key: string]: unknown };
	/** The API's newest view of the pod. */
	update(pod: Pod): void;
	/** The pod is gone from the API, or the node is down: everything ends at once. */
	abandon(): void;
	/** Looks again: the network came, a volume's ConfigMap is there. */
	poke(): void;
	/** An object of the pod's namespace changed. */
	objectChanged(kind: string, name: string): void;
	/** Restarts what ended with the machine. */
	running(): readonly RunningContainer[];
	/** What a container runs now. */
	run(container: string): Run | undefined;
	/** Its first process ends. */
	exit(container: string, code: number): boolean;
	/** See `Cluster.served`. */
	served(container: string, access: HttpAccess, at: number): void;
	logs(container: string, previous: boolean): readonly LogLine[] | undefined;
	/** Processes end because the machine does; the pod stays. */
	crash(): void;
}

export function createPodWorker(cluster: ClusterContext, machine: Machine, first: Pod, puller: Puller): PodWorker {
	const { timeline, api } = cluster;
	let pod = first;
	let uid = pod.metadata.uid;
	const host = { component: 'kubelet', host: machine.name };
	const waiting = (pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating';
	const init = (pod.spec.initContainers ?? []).map((spec) => newRecord(spec, 'init', waiting));
	const containers = pod.spec.containers.map((spec) => newRecord(spec, 'main', waiting));
	const ephemeral = (pod.spec.ephemeralContainers ?? []).map((spec) =>
		newRecord(spec, 'ephemeral', 'ContainerCreating'),
	);
	const everything = (): readonly ContainerRecord[] => [...init, ...containers, ...ephemeral];
	const startedAt = timeline.now;
	let gone = false;
	let ending = false;
	let lastStatus = '';
	let draws = 0;
	let cancelRetry: (() => void) | undefined;
	/** Why the kubelet ended the pod before its time. */
	let verdict: Verdict | undefined;
	/** Why the kubelet does not begin with a pod it took (kubelet.go syncPod(), canRunPod() @ v1.24.0). */
	const armor = appArmorFault(pod);
	const held: Verdict | undefined = armor === undefined ? undefined : { reason: 'AppArmor', message: armor };

	const between = (from: number, to: number, purpose: string): number =>
		timeline.between(from, to, purpose, `${keyOf(pod)}\0${uid}\0${draws++}`);
	const later = (delay: number, act: () => void): void => {
		timeline.after(delay, () => {
			if (!gone) act();
		});
	};
	const event = (
		type: 'Normal' | 'Warning',
		reason: string,
		message: string,
		of?: ContainerRecord,
		logged?: string,
	): void =>
		cluster.record.record(
			host,
			pod,
			type,
			reason,
			message,
			of && `spec.${of.init ? 'initContainers' : of.ephemeral ? 'ephemeralContainers' : 'containers'}{${of.spec.name}}`,
			logged === undefined ? {} : { logged },
		);

	const minor = minorOf(api.version);
	/** Its sandbox went with its last container. */
	const finished = (): boolean =>
		verdict !== undefined || ['Succeeded', 'Failed'].includes(phaseOf({ pod, init, containers }));

	const statusOf = (current: Pod) =>
		podStatus({
			pod: current,
			init,
			containers,
			ephemeral,
			minor,
			sandboxReady: sandbox.state === 'ready' && !finished(),
			hostIP: formatIp(machine.ip ?? 0),
			podIP: sandbox.ip,
			startedAt,
			verdict,
			held,
			stamp: timeline.stamp,
		});

	const report = (): void => {
		sandbox.leaveWhenOver();
		// What it tells is what it saw before it began to start something (kubelet.go syncPod, generateAPIPodStatus).
		if ((steps.starting || steps.unseen) && !ending && !verdict) {
			// Packets find what runs before the API server hears of it.
			cluster.packetsChanged();
			return;
		}
		if (gone || !hasKubelet(machine) || !cluster.reachable()) return;
		const current = one<Pod>(api, 'pods', pod.metadata.namespace, pod.metadata.name);
		if (!current || current.metadata.uid !== uid) return;
		const status = statusOf(current);
		const text = JSON.stringify(status);
		if (text === lastStatus && same(current.status?.conditions, status.conditions)) return;
		lastStatus = text;
		const written = api.updateStatus({ ...current, status }, { fieldManager: 'kubelet' });
		if (!written.error) pod = written.value as unknown as Pod;
		cluster.packetsChanged();
	};

	/** Looks again after a while; a look that is due sooner or later gives way. */
	const again = (delay: number): void => {
		cancelRetry?.();
		cancelRetry = timeline.after(delay, () => {
			cancelRetry = undefined;
			if (!gone) sync();
		});
	};

	/** Everything that can go on now goes on; looks again by itself when time has to pass. */
	const sync = (): void => {
		if (gone || ending || !hasKubelet(machine)) return;
		if (pod.metadata.deletionTimestamp !== undefined) {
			terminate();
			return;
		}
		if (verdict) {
			report();
			return;
		}
		if (held) {
			for (const record of everything()) record.reason = 'Blocked';
			report();
			return;
		}
		if (sandbox.state === 'busy') return;
		if (sandbox.state === 'none') {
			if (volumes.mount()) sandbox.make();
			return;
		}
		// Kubelets start them first, whatever the others are at (kuberuntime_manager.go SyncPod, step 5).
		for (const record of ephemeral) steps.advance(record);
		if (!containersOver()) for (const record of init) if (isSidecar(record) && record.ended) steps.advance(record);
		const next = init.find((r) => !isInitialized(r));
		if (next) {
			const failed = next.state === 'terminated' && pod.spec.restartPolicy === 'Never';
			if (!failed) steps.advance(next);
		} else if (containersOver()) {
			for (const record of init)
				if (isSidecar(record) && record.run && !record.onEnd) stopInTurn(record, graceOf(pod), () => report());
		} else for (const record of containers) steps.advance(record);
		report();
	};

	/** No container starts again: sidecars end then. */
	const containersOver = (): boolean => {
		const policy = pod.spec.restartPolicy ?? 'Always';
		return (
			policy !== 'Always' &&
			containers.every((r) => r.state === 'terminated' && (policy === 'Never' || r.ended?.exitCode === 0))
		);
	};

	/** Its kubelet ends the pod before its time. */
	const end = (why: Verdict, grace: number): void => {
		verdict = why;
		for (const record of everything()) {
			if (!record.run) continue;
			event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
			stopInTurn(record, grace, () => later(SECOND, report));
		}
		report();
	};

	/** Another image ends a container, and it starts again with that (kuberuntime_manager.go computePodActions). */
	const replaceImages = (next: Pod): void => {
		const specs = [...(next.spec.initContainers ?? []), ...next.spec.containers];
		for (const record of [...init, ...containers]) {
			const spec = specs.find(({ name }) => name === record.spec.name);
			if (!spec || spec.image === record.spec.image) continue;
			Object.assign(record, { spec, crash: undefined, pull: undefined });
			if (record.run && !record.onEnd)
				later(between(5 * MILLISECOND, 60 * MILLISECOND, 'image'), () => {
					if (!record.run || record.onEnd) return;
					event('Normal', 'Killing', `Container ${spec.name} definition changed, will be restarted`, record);
					steps.stop(record, graceOf(pod), () => steps.renew(record));
				});
			else if (!record.run && sandbox.state === 'ready') later(MILLISECOND, sync);
		}
	};

	const terminate = (): void => {
		if (ending || !hasKubelet(machine)) return;
		ending = true;
		const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * SECOND;
		const teardown = (): void =>
			sandbox.takeDown(() => {
				if (cluster.reachable()) finish();
				else cluster.onReachable(() => finish());
			});
		const alive = everything().filter(({ run }) => run);
		let left = alive.length;
		for (const record of alive) event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
		for (const record of alive)
			stopInTurn(record, grace, () => {
				if (--left > 0) return;
				// Its containers are over, and that is told before its object goes (status_manager.go canBeDeleted()).
				report();
				teardown();
			});
		if (alive.length === 0) teardown();
	};
	const finish = (): void => {
		if (gone) return;
		gone = true;
		peoplesContainers()?.tearDownVolumes(cluster, machine, uid);
		removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
		cluster.packetsChanged();
	};
	const env: WorkerEnv = {
		cluster,
		machine,
		puller,
		uid,
		pod: () => pod,
		ip: () => sandbox.ip ?? '',
		over: () => gone || ending || verdict !== undefined,
		between,
		later,
		afterwards: later,
		event,
		newId: (purpose) => timeline.hex(64, 'container', `${uid}\0${purpose}\0${draws++}`),
		report,
		sync,
		everything,
		ending: () => ending,
		ready: () => sandbox.state === 'ready',
		finished,
		again,
		newSandboxId: () => timeline.hex(64, 'sandbox', `${uid}\0${draws++}`),
	};
	const steps = createContainerSteps(env);
	const stopInTurn = createTurns(later, steps.stop, init, containers);
	const volumes = createPodVolumes(env);
	const sandbox = createPodSandbox(env, first.metadata.uid);
	const watchDeadline = createDeadline(env, end);

	again(between(5 * MILLISECOND, 60 * MILLISECOND, 'admit'));
	watchDeadline();
	peoplesContainers()?.watchStorage(env, containers, end);
	return {
		get uid() {
			return uid;
		},
		get ending() {
			return ending;
		},
		update(next) {
			const { labels, annotations } = pod.metadata;
			const { activeDeadlineSeconds } = pod.spec;
			pod = next;
			if (next.spec.activeDeadlineSeconds !== activeDeadlineSeconds) watchDeadline();
			if (next.spec.readinessGates) later(MILLISECOND, report);
			replaceImages(next);
			if (
				JSON.stringify(next.spec.volumes ?? []).includes('"downwardAPI"') &&
				!same([labels, annotations], [next.metadata.labels, next.metadata.annotations])
			)
				volumes.renew();
			// The mirror of a static pod may be another object for the same containers.
			uid = next.metadata.uid;
			if (next.metadata.deletionTimestamp !== undefined) {
				terminate();
				return;
			}
			const fresh = (next.spec.ephemeralContainers ?? []).slice(ephemeral.length);
			for (const spec of fresh) ephemeral.push(newRecord(spec, 'ephemeral', 'ContainerCreating'));
			if (fresh.length > 0 && sandbox.state === 'ready')
				later(between(5 * MILLISECOND, 60 * MILLISECOND, 'ephemeral'), sync);
		},
		poke: sync,
		status: () => statusOf(pod) as never,
		objectChanged(kind, name) {
			if (peoplesContainers()?.usesObject(pod, kind, name)) volumes.renew();
		},
		abandon() {
			for (const record of everything()) record.run?.stop('term');
			sandbox.release();
			gone = true;
			peoplesContainers()?.tearDownVolumes(cluster, machine, uid);
			cluster.packetsChanged();
		},
		crash() {
			for (const record of everything()) {
				if (!record.run) continue;
				record.run.stop('crash');
				steps.ended(record, 255, 'Unknown');
				record.crash = undefined;
			}
			sandbox.crash();
			for (const record of init)
				Object.assign(record, newRecord(record.spec, 'init', 'PodInitializing'), { restarts: record.restarts });
		},
		running: () =>
			everything().flatMap((record) =>
				record.run
					? [
							{
								id: record.run.id,
								name: record.spec.name,
								pod: { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name },
								node: machine.name,
								image: record.spec.image,
								startedAt: record.run.startedAt,
								restarts: record.restarts,
								seen: pod as never,
								madeAs: first.metadata.uid,
							},
						]
					: [],
			),
		run: (name) => everything().find((r) => r.spec.name === name)?.run,
		exit(name, code) {
			const run = [...containers, ...ephemeral].find((r) => r.spec.name === name)?.run;
			run?.exit(code);
			return run !== undefined;
		},
		served: (name, access, at) =>
			everything()
				.find((r) => r.spec.name === name)
				?.run?.served(access, at),
		logs(name, previous) {
			const record = everything().find((r) => r.spec.name === name);
			if (!record) return undefined;
			if (previous) return record.run ? record.ended?.log : record.before?.log;
			return record.run?.log ?? record.ended?.log ?? [];
		},
	};
}
