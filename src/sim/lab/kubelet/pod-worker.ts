/**
 * A pod on its node, from the kubelet's first look to the last: sandbox, init containers, containers, probes,
 * restarts, the end.
 *
 * Source: kubernetes pkg/kubelet/{kubelet,pod_workers}.go, kuberuntime/kuberuntime_manager.go, prober @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { keyOf, one, type Pod, removeOne, same } from '../cluster/kinds.ts';
import { hasKubelet, type Machine, networkReady } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import type { HttpAccess, LogLine, RunningContainer } from '../types.ts';
import { type ContainerRecord, graceOf, isInitialized, isSidecar, newRecord, type Run } from './container.ts';
import { createContainerSteps } from './container-steps.ts';
import { NETWORK_NOT_READY } from './network-not-ready.ts';
import { isRenewed, missingVolumes, runtimeFault, unmountedWords } from './pod-needs.ts';
import type { Puller } from './pulls.ts';
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
	let ip: string | undefined;
	let sandbox: 'none' | 'busy' | 'ready' = 'none';
	/** Its sandbox ended with the machine (kuberuntime_manager.go SyncPod()). */
	let lost = false;
	/** What the plugin gave is given back, and is about to be. */
	let left = false;
	let leaves = false;
	let attempts = 0;
	/** Rounds of looking at volumes whose objects changed. */
	let renewals = 0;
	/** Of its sandbox: 1 after its machine was started anew. */
	let attempt = 0;
	let gone = false;
	let ending = false;
	let lastStatus = '';
	let draws = 0;
	/** When the worker began to wait for volumes. */
	let waitsSince: number | undefined;
	let cancelRetry: (() => void) | undefined;
	/** Why the kubelet ended the pod before its time. */
	let verdict: { readonly reason: string; readonly message: string } | undefined;
	let cancelDeadline: (() => void) | undefined;

	const between = (from: number, to: number, purpose: string): number =>
		timeline.between(from, to, purpose, `${keyOf(pod)}\0${uid}\0${draws++}`);
	const later = (delay: number, act: () => void): void => {
		timeline.after(delay, () => {
			if (!gone) act();
		});
	};
	const event = (type: 'Normal' | 'Warning', reason: string, message: string, of?: ContainerRecord): void =>
		cluster.record.record(
			host,
			pod,
			type,
			reason,
			message,
			of && `spec.${of.init ? 'initContainers' : of.ephemeral ? 'ephemeralContainers' : 'containers'}{${of.spec.name}}`,
		);

	const minor = minorOf(api.version);
	/** Its sandbox went with its last container. */
	const over = (): boolean =>
		verdict !== undefined || ['Succeeded', 'Failed'].includes(phaseOf({ pod, init, containers }));

	const statusOf = (current: Pod) =>
		podStatus({
			pod: current,
			init,
			containers,
			ephemeral,
			minor,
			sandboxReady: sandbox === 'ready' && !over(),
			hostIP: formatIp(machine.ip ?? 0),
			podIP: ip,
			startedAt,
			verdict,
			stamp: timeline.stamp,
		});

	const report = (): void => {
		leaveNetwork();
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
		if (sandbox === 'busy') return;
		if (sandbox === 'none') {
			prepare();
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

	/** Sidecars whose turn to end has not come. */
	let queue: readonly { readonly isNext: () => boolean; readonly go: () => void }[] = [];

	/**
	 * Sidecars are told to end when all containers have, the last of them first, or when their time is over; hooks run at
	 * once (pkg/kubelet/kuberuntime/kuberuntime_termination_order.go @ v1.29.0).
	 */
	const stopInTurn = (record: ContainerRecord, grace: number, done: () => void): void => {
		const before = isSidecar(record) ? [...containers, ...init.slice(init.indexOf(record) + 1).filter(isSidecar)] : [];
		const isNext = (): boolean => before.every(({ run }) => !run);
		const inTurn = (act: () => void, left: number): void => {
			let begun = false;
			const go = (): void => {
				if (begun) return;
				begun = true;
				act();
			};
			if (isNext()) go();
			else {
				queue = [...queue, { isNext, go }];
				later(left, go);
			}
		};
		const over = (): void => {
			done();
			const next = queue.filter((one) => one.isNext());
			queue = queue.filter((one) => !next.includes(one));
			for (const one of next) one.go();
		};
		steps.stop(record, grace, over, inTurn);
	};

	/** No container starts again: sidecars end then. */
	const containersOver = (): boolean => {
		const policy = pod.spec.restartPolicy ?? 'Always';
		return (
			policy !== 'Always' &&
			containers.every((r) => r.state === 'terminated' && (policy === 'Never' || r.ended?.exitCode === 0))
		);
	};

	/** Two minutes and some the worker waits for volumes, then it says so and begins again. */
	const waitForMounts = (): void => {
		waitsSince = timeline.now;
		const since = waitsSince;
		later(123 * SECOND, () => {
			if (waitsSince !== since || ending) return;
			const missing = [...missingVolumes(cluster, machine, pod).keys()];
			const words = missing.length > 0 ? unmountedWords(cluster, pod, missing) : undefined;
			if (words !== undefined) event('Warning', 'FailedMount', words);
			later(between(11 * SECOND, 15 * SECOND, 'mount wait'), () => {
				if (waitsSince === since && !ending) waitForMounts();
			});
		});
	};

	const prepare = (): void => {
		const missing = missingVolumes(cluster, machine, pod);
		if (missing.size > 0) {
			const delay = Math.min(500 * MILLISECOND * 2 ** attempts, 122 * SECOND);
			attempts++;
			for (const message of missing.values()) event('Warning', 'FailedMount', message);
			again(delay);
			report();
			if (waitsSince === undefined) waitForMounts();
			return;
		}
		waitsSince = undefined;
		peoplesContainers()?.setUpVolumes(cluster, machine, pod);
		if (!pod.spec.hostNetwork && !networkReady(machine)) {
			event('Warning', 'NetworkNotReady', `network is not ready: ${NETWORK_NOT_READY}`);
			again(between(12 * SECOND, 14 * SECOND, 'network wait'));
			report();
			return;
		}
		sandbox = 'busy';
		if (lost) event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
		lost = false;
		report();
		later(between(250 * MILLISECOND, 900 * MILLISECOND, 'sandbox'), makeSandbox);
	};

	const makeSandbox = (): void => {
		sandbox = 'none';
		if (ending) return;
		const noRuntime = runtimeFault(cluster, pod);
		if (noRuntime !== undefined) {
			event('Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${noRuntime}`);
			again(between(10 * SECOND, 16 * SECOND, 'sandbox retry'));
			return;
		}
		if (pod.spec.hostNetwork) ip = formatIp(machine.ip ?? 0);
		else if (ip === undefined) {
			const { namespace = '', name } = pod.metadata;
			const fault = peoplesContainers()?.pluginFault(cluster, machine, 'add');
			const added = fault
				? { error: fault, after: 50 * MILLISECOND }
				: machine.cni?.add({ namespace, name, labels: pod.metadata.labels ?? {} });
			if (!added || added.error !== undefined) {
				const delay = added ? added.after : 0;
				sandbox = 'busy';
				later(delay, () => {
					const id = timeline.hex(64, 'sandbox', `${uid}\0${draws++}`);
					event(
						'Warning',
						'FailedCreatePodSandBox',
						`Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ${added?.error ?? 'cni plugin not initialized'}`,
					);
					sandbox = 'none';
					again(between(10 * SECOND, 16 * SECOND, 'sandbox retry'));
				});
				return;
			}
			ip = formatIp(added.ip);
			if (machine.cni) machine.connected.set(keyOf(pod), machine.cni.kind);
		}
		sandbox = 'ready';
		sync();
	};

	/** The pod was active for as long as it may be (pkg/kubelet/active_deadline.go @ v1.24.0). */
	const watchDeadline = (): void => {
		cancelDeadline?.();
		const { activeDeadlineSeconds: seconds } = pod.spec;
		if (typeof seconds !== 'number') return;
		cancelDeadline = timeline.after(Math.max(0, startedAt + seconds * SECOND - timeline.now), () => {
			const over = phaseOf({ pod, init, containers });
			if (gone || ending || verdict || over === 'Succeeded' || over === 'Failed' || !hasKubelet(machine)) return;
			const message = 'Pod was active on the node longer than the specified deadline';
			event('Normal', 'DeadlineExceeded', message);
			end({ reason: 'DeadlineExceeded', message }, graceOf(pod));
		});
	};

	/** Its kubelet ends the pod before its time. */
	const end = (why: NonNullable<typeof verdict>, grace: number): void => {
		verdict = why;
		for (const record of everything()) {
			if (!record.run) continue;
			event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
			stopInTurn(record, grace, () => later(SECOND, report));
		}
		report();
	};

	/** Looks whether the pod fills more of the disk than it may (eviction_manager.go, monitoringInterval). */
	const watchStorage = (): void => {
		const people = peoplesContainers();
		if (!people?.limitsStorage(pod)) return;
		later(10 * SECOND, () => {
			if (ending || verdict || over()) return;
			const logs = new Map(
				containers.map(({ spec, run }) => [
					spec.name,
					(run?.log ?? []).reduce((n, { text }) => n + text.length + 40, 0),
				]),
			);
			const message = hasKubelet(machine) ? people.storageFault(cluster, machine, pod, logs) : undefined;
			if (message === undefined) {
				watchStorage();
				return;
			}
			event('Warning', 'Evicted', message);
			end({ reason: 'Evicted', message }, minor >= 26 ? SECOND : 0);
		});
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
			else if (!record.run && sandbox === 'ready') later(MILLISECOND, sync);
		}
	};

	const terminate = (): void => {
		if (ending || !hasKubelet(machine)) return;
		ending = true;
		const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * SECOND;
		const teardown = (): void =>
			later(between(300 * MILLISECOND, 1200 * MILLISECOND, 'teardown'), () => {
				const people = peoplesContainers();
				const fault =
					pod.spec.hostNetwork || ip === undefined ? undefined : people?.pluginFault(cluster, machine, 'delete');
				if (people && fault !== undefined) {
					const id = people.sandboxId(first.metadata.uid, attempt);
					const said = `rpc error: code = Unknown desc = failed to destroy network for sandbox ${JSON.stringify(id)}: ${fault}`;
					event(
						'Warning',
						'FailedKillPod',
						`error killing pod: failed to "KillPodSandbox" for ${JSON.stringify(uid)} with KillPodSandboxError: ${JSON.stringify(said)}`,
					);
					// pod_workers.go completeWork(): backOffPeriod, and up to half of it more.
					later(between(10 * SECOND, 15 * SECOND, 'kill retry'), teardown);
					return;
				}
				release();
				if (!cluster.reachable()) {
					cluster.onReachable(() => finish());
					return;
				}
				finish();
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
	const disconnect = (): void => {
		if (pod.spec.hostNetwork || ip === undefined || left) return;
		left = true;
		machine.cni?.del({ namespace: pod.metadata.namespace ?? '', name: pod.metadata.name });
		machine.connected.delete(keyOf(pod));
	};
	const release = (): void => {
		disconnect();
		ip = undefined;
		left = false;
	};
	/** A pod that is over has no sandbox; its status keeps the address (pod_workers.go SyncTerminatingPod). */
	const rests = (): boolean => !ending && sandbox === 'ready' && over() && !everything().some(({ run }) => run);
	const leaveNetwork = (): void => {
		if (leaves || left || !rests()) return;
		leaves = true;
		later(between(300 * MILLISECOND, 1200 * MILLISECOND, 'teardown'), () => {
			leaves = false;
			// A container whose image changed may have started again.
			if (!rests()) return;
			disconnect();
			cluster.packetsChanged();
		});
	};
	/** An object that its volumes are made of changed: files follow when the kubelet looks at the pod again. */
	const renewVolumes = (): void => {
		later(between(SECOND, 70 * SECOND, 'volumes'), () => tryVolumes(++renewals, 0));
	};
	/**
	 * Each volume for itself. Of one whose object is gone the files stay, and it is tried again after pauses that grow
	 * (pkg/kubelet/volumemanager/reconciler, pkg/util/goroutinemap/exponentialbackoff @ v1.24.0).
	 */
	const tryVolumes = (round: number, tries: number): void => {
		if (round !== renewals || ending || sandbox !== 'ready' || over()) return;
		const faults = [...missingVolumes(cluster, machine, pod)].filter(([name]) => isRenewed(pod, name));
		if (hasKubelet(machine)) {
			peoplesContainers()?.setUpVolumes(cluster, machine, pod);
			for (const record of everything()) record.run?.filesChanged();
			for (const [, message] of faults) event('Warning', 'FailedMount', message);
		}
		if (faults.length > 0)
			later(Math.min(500 * MILLISECOND * 2 ** tries, 122 * SECOND), () => tryVolumes(round, tries + 1));
	};

	const steps = createContainerSteps({
		cluster,
		machine,
		puller,
		uid,
		pod: () => pod,
		ip: () => ip ?? '',
		over: () => gone || ending || verdict !== undefined,
		between,
		later,
		afterwards: later,
		event,
		newId: (purpose) => timeline.hex(64, 'container', `${uid}\0${purpose}\0${draws++}`),
		report,
		sync,
	});

	again(between(5 * MILLISECOND, 60 * MILLISECOND, 'admit'));
	watchDeadline();
	watchStorage();
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
				renewVolumes();
			// The mirror of a static pod may be another object for the same containers.
			uid = next.metadata.uid;
			if (next.metadata.deletionTimestamp !== undefined) {
				terminate();
				return;
			}
			const fresh = (next.spec.ephemeralContainers ?? []).slice(ephemeral.length);
			for (const spec of fresh) ephemeral.push(newRecord(spec, 'ephemeral', 'ContainerCreating'));
			if (fresh.length > 0 && sandbox === 'ready') later(between(5 * MILLISECOND, 60 * MILLISECOND, 'ephemeral'), sync);
		},
		poke: sync,
		status: () => statusOf(pod) as never,
		objectChanged(kind, name) {
			if (peoplesContainers()?.usesObject(pod, kind, name)) renewVolumes();
		},
		abandon() {
			for (const record of everything()) record.run?.stop('term');
			release();
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
			if (!pod.spec.hostNetwork) release();
			if (sandbox === 'ready' && !over()) lost = true;
			attempt = 1;
			sandbox = 'none';
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
