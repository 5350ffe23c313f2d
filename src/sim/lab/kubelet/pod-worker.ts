/**
 * A pod on its node, from the kubelet's first look to the last: sandbox, init containers, containers, probes,
 * restarts, the end.
 *
 * Source: kubernetes pkg/kubelet/{kubelet,pod_workers}.go, kuberuntime/kuberuntime_manager.go, prober @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import {
	type ConfigMap,
	type ContainerSpec,
	keyOf,
	one,
	type Pod,
	removeOne,
	same,
	type Volume,
} from '../cluster/kinds.ts';
import { type Machine, networkReady } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { MILLISECOND, MINUTE, SECOND } from '../time.ts';
import type { LogLine, RunningContainer } from '../types.ts';
import { type ContainerRecord, newRecord, probeFailure, probeTimes, resolvedId } from './container.ts';
import { NETWORK_NOT_READY } from './network-not-ready.ts';
import type { Puller } from './pulls.ts';
import { startRun } from './run.ts';
import { podStatus } from './status.ts';

export interface PodWorker {
	readonly uid: string;
	/** The API's newest view of the pod. */
	update(pod: Pod): void;
	/** The pod is gone from the API, or the node is down: everything ends at once. */
	abandon(): void;
	/** Looks again: the network came, a volume's ConfigMap is there. */
	poke(): void;
	/** Restarts what ended with the machine. */
	running(): readonly RunningContainer[];
	logs(container: string, previous: boolean): readonly LogLine[] | undefined;
	/** Processes end because the machine does; the pod stays. */
	crash(): void;
}

const CRASH_FIRST = 10 * SECOND;
const CRASH_MOST = 300 * SECOND;

export function createPodWorker(cluster: ClusterContext, machine: Machine, first: Pod, puller: Puller): PodWorker {
	const { timeline, api } = cluster;
	let pod = first;
	const uid = pod.metadata.uid;
	const host = { component: 'kubelet', host: machine.name };
	const minor = minorOf(api.version);
	const waiting = (pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating';
	const init = (pod.spec.initContainers ?? []).map((spec) => newRecord(spec, true, waiting));
	const containers = pod.spec.containers.map((spec) => newRecord(spec, false, waiting));
	const startedAt = timeline.now;
	let ip: string | undefined;
	let sandbox: 'none' | 'busy' | 'ready' = 'none';
	let attempts = 0;
	let gone = false;
	let ending = false;
	let lastStatus = '';
	let draws = 0;

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
			of && `spec.${of.init ? 'initContainers' : 'containers'}{${of.spec.name}}`,
		);

	const report = (): void => {
		if (gone || !machine.running || !cluster.reachable()) return;
		const current = one<Pod>(api, 'pods', pod.metadata.namespace, pod.metadata.name);
		if (!current || current.metadata.uid !== uid) return;
		const status = podStatus({
			pod: current,
			init,
			containers,
			hostIP: formatIp(machine.ip ?? 0),
			podIP: ip,
			startedAt,
			stamp: timeline.stamp,
		});
		const text = JSON.stringify(status);
		if (text === lastStatus && same(current.status?.conditions, status.conditions)) return;
		lastStatus = text;
		const written = api.updateStatus({ ...current, status });
		if (!written.error) pod = written.value as unknown as Pod;
		cluster.packetsChanged();
	};

	/** Everything that can go on now goes on; looks again by itself when time has to pass. */
	const sync = (): void => {
		if (gone || ending || !machine.running) return;
		if (pod.metadata.deletionTimestamp !== undefined) return terminate();
		if (sandbox === 'busy') return;
		if (sandbox === 'none') {
			prepare();
			return;
		}
		const next = init.find((r) => !(r.state === 'terminated' && r.ended?.exitCode === 0));
		if (next) {
			if (next.state === 'terminated' && (pod.spec.restartPolicy ?? 'Always') === 'Never') return report();
			advance(next);
		} else for (const record of containers) advance(record);
		report();
	};

	const prepare = (): void => {
		const missing = missingVolume(cluster, pod);
		if (missing) {
			const delay = Math.min(500 * MILLISECOND * 2 ** attempts, 122 * SECOND);
			attempts++;
			event('Warning', 'FailedMount', missing);
			later(delay, sync);
			return report();
		}
		if (!pod.spec.hostNetwork && !networkReady(machine)) {
			event('Warning', 'NetworkNotReady', `network is not ready: ${NETWORK_NOT_READY}`);
			later(between(1, 2 * SECOND, 'network wait') + 12 * SECOND, sync);
			return report();
		}
		sandbox = 'busy';
		report();
		later(between(250 * MILLISECOND, 900 * MILLISECOND, 'sandbox'), makeSandbox);
	};

	const makeSandbox = (): void => {
		sandbox = 'none';
		if (ending) return;
		if (pod.spec.hostNetwork) ip = formatIp(machine.ip ?? 0);
		else if (ip === undefined) {
			const { namespace = '', name } = pod.metadata;
			const added = machine.cni?.add({ namespace, name, labels: pod.metadata.labels ?? {} });
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
					later(between(10 * SECOND, 16 * SECOND, 'sandbox retry'), sync);
				});
				return;
			}
			ip = formatIp(added.ip);
		}
		sandbox = 'ready';
		sync();
	};

	const advance = (record: ContainerRecord): void => {
		if (record.busy || record.state === 'running') return;
		if (record.state === 'terminated') {
			const policy = pod.spec.restartPolicy ?? 'Always';
			if (!record.init && (policy === 'Never' || (policy === 'OnFailure' && record.ended?.exitCode === 0))) return;
		}
		const crash = record.crash;
		const since = record.ended?.finishedAt ?? 0;
		if (record.ended && crash && timeline.now - since < crash.delay) {
			if (record.reason !== 'CrashLoopBackOff' || record.state !== 'waiting') {
				record.state = 'waiting';
				record.reason = 'CrashLoopBackOff';
				record.message = `back-off ${goSeconds(crash.delay)} restarting failed container=${record.spec.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${uid})`;
			}
			event(
				'Warning',
				'BackOff',
				minor >= 27
					? `Back-off restarting failed container ${record.spec.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}(${uid})`
					: 'Back-off restarting failed container',
				record,
			);
			record.busy = true;
			later(crash.delay - (timeline.now - since), () => {
				record.busy = false;
				sync();
			});
			return;
		}
		ensureImage(record);
	};

	const ensureImage = (record: ContainerRecord): void => {
		const { image } = record.spec;
		const policy = record.spec.imagePullPolicy ?? (/:latest$|^[^:@]+$/.test(image) ? 'Always' : 'IfNotPresent');
		const here = machine.images.has(image);
		if (here && policy !== 'Always') {
			event('Normal', 'Pulled', `Container image "${image}" already present on machine`, record);
			return create(record);
		}
		if (policy === 'Never')
			return cannotPull(
				record,
				'ErrImageNeverPull',
				`Container image "${image}" is not present with pull policy of Never`,
			);
		if (record.pull && timeline.now < record.pull.until) {
			event('Normal', 'BackOff', `Back-off pulling image "${image}"`, record);
			event('Warning', 'Failed', 'Error: ImagePullBackOff', record);
			wait(record, 'ImagePullBackOff', `Back-off pulling image "${image}"`);
			record.busy = true;
			later(record.pull.until - timeline.now, () => {
				record.busy = false;
				sync();
			});
			return;
		}
		event('Normal', 'Pulling', `Pulling image "${image}"`, record);
		record.busy = true;
		puller.pull(image, ({ error, message }) => {
			if (gone || ending) return;
			record.busy = false;
			if (error === undefined) {
				record.pull = undefined;
				event('Normal', 'Pulled', message, record);
				create(record);
				return;
			}
			event('Warning', 'Failed', `Failed to pull image "${image}": ${error}`, record);
			event('Warning', 'Failed', 'Error: ErrImagePull', record);
			const delay = Math.min((record.pull?.delay ?? 5 * SECOND) * 2, CRASH_MOST);
			record.pull = { delay, until: timeline.now + delay };
			wait(record, 'ErrImagePull', error);
			report();
			record.busy = true;
			later(between(10 * SECOND, 13 * SECOND, 'pull retry') - 9 * SECOND, () => {
				record.busy = false;
				sync();
			});
		});
	};

	const wait = (record: ContainerRecord, reason: string, message: string): void => {
		record.state = 'waiting';
		record.reason = reason;
		record.message = message;
	};

	const cannotPull = (record: ContainerRecord, reason: string, message: string): void => {
		event('Warning', reason, message, record);
		event('Warning', 'Failed', `Error: ${reason}`, record);
		wait(record, reason, message);
		record.busy = true;
		later(between(10 * SECOND, 14 * SECOND, 'never pull'), () => {
			record.busy = false;
			sync();
		});
	};

	const create = (record: ContainerRecord): void => {
		const fault = missingEnv(cluster, pod, record.spec);
		if (fault) return cannotPull(record, 'CreateContainerConfigError', fault);
		record.busy = true;
		const restarting = record.ended !== undefined;
		later(between(80 * MILLISECOND, 260 * MILLISECOND, 'create'), () => {
			if (ending) return;
			event(
				'Normal',
				'Created',
				minor >= 32 ? `Created container: ${record.spec.name}` : `Created container ${record.spec.name}`,
				record,
			);
			later(between(60 * MILLISECOND, 200 * MILLISECOND, 'start'), () => {
				record.busy = false;
				if (ending) return;
				if (restarting) record.restarts++;
				record.state = 'running';
				record.message = '';
				record.imageID = resolvedId(record.spec.image);
				event('Normal', 'Started', `Started container ${record.spec.name}`, record);
				record.run = startRun({
					cluster,
					machine,
					pod,
					record,
					id: timeline.hex(64, 'run', `${uid}\0${record.spec.name}\0${draws++}`),
					ended: (code) => ended(record, code),
					probed: () => probed(record),
				});
				record.ready = record.run !== undefined && !record.spec.readinessProbe && !record.spec.startupProbe;
				watchProbes(record);
				report();
				sync();
			});
		});
	};

	const ended = (record: ContainerRecord, exitCode: number, reason?: string): void => {
		const run = record.run;
		if (!run) return;
		record.run = undefined;
		record.before = record.ended;
		record.ended = {
			id: run.id,
			startedAt: run.startedAt,
			finishedAt: timeline.now,
			exitCode,
			reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error'),
			log: run.log,
		};
		record.state = 'terminated';
		record.ready = false;
		if (ending || gone) return;
		// The first restart comes at once; what ran for ten minutes starts from the beginning again.
		const ranLong = timeline.now - run.startedAt >= 10 * MINUTE;
		const done = record.init && exitCode === 0;
		if (done) record.crash = undefined;
		else if (record.before === undefined || ranLong) record.crash = { delay: 0, at: timeline.now };
		else
			record.crash = {
				delay: record.crash && record.crash.delay > 0 ? Math.min(record.crash.delay * 2, CRASH_MOST) : CRASH_FIRST,
				at: timeline.now,
			};
		later(between(200 * MILLISECOND, 1100 * MILLISECOND, 'relist'), () => {
			report();
			sync();
		});
	};

	/** Probes are asked while they do not pass; a program that says it is well again is believed at the next one. */
	const watchProbes = (record: ContainerRecord): void => {
		const run = record.run;
		const { readinessProbe, livenessProbe, startupProbe } = record.spec;
		const probe = startupProbe ?? readinessProbe ?? livenessProbe;
		if (!run || !probe) return;
		let failed = 0;
		const ask = (): void => {
			if (record.run !== run || ending) return;
			if (run.healthy) {
				failed = 0;
				if (!record.ready) {
					record.ready = true;
					report();
				}
				return;
			}
			failed++;
			const which = startupProbe && !record.ready ? 'Startup' : readinessProbe ? 'Readiness' : 'Liveness';
			const said = probeFailure(probe, ip ?? '', run.complaint, (name) => portOf(record.spec, name));
			event('Warning', 'Unhealthy', `${which} probe failed: ${said}`, record);
			const fatal = startupProbe && which === 'Startup' ? startupProbe : livenessProbe;
			if (record.ready && readinessProbe && failed >= probeTimes(readinessProbe).failures) {
				record.ready = false;
				report();
			}
			if (fatal && failed >= probeTimes(fatal).failures) {
				const name = fatal === startupProbe ? 'startup' : 'liveness';
				event('Normal', 'Killing', `Container ${record.spec.name} failed ${name} probe, will be restarted`, record);
				const { stops } = run.program;
				later(stops ? between(stops[0], stops[1], 'stop') : graceOf(pod), () => {
					if (record.run !== run) return;
					run.stop('term');
					ended(record, stops ? 0 : 137);
				});
				return;
			}
			later(probeTimes(probe).period, ask);
		};
		const { first, period } = probeTimes(probe);
		later(first + between(0, Math.min(period, SECOND), 'probe'), ask);
	};

	const probed = (record: ContainerRecord): void => {
		if (record.run && !record.run.healthy) watchProbes(record);
	};

	const terminate = (): void => {
		if (ending || !machine.running) return;
		ending = true;
		const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * SECOND;
		let last = 0;
		for (const record of [...init, ...containers]) {
			const run = record.run;
			if (!run) continue;
			event('Normal', 'Killing', `Stopping container ${record.spec.name}`, record);
			const { stops } = run.program;
			const takes = Math.min(grace, stops ? between(stops[0], stops[1], 'stop') : grace);
			last = Math.max(last, takes);
			later(takes, () => {
				if (record.run !== run) return;
				run.stop('term');
				ended(record, stops ? 0 : 137);
			});
		}
		later(last + between(300 * MILLISECOND, 1200 * MILLISECOND, 'teardown'), () => {
			release();
			if (!cluster.reachable()) {
				cluster.onReachable(() => finish());
				return;
			}
			finish();
		});
	};
	const finish = (): void => {
		gone = true;
		removeOne(api, 'pods', pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0 });
		cluster.packetsChanged();
	};
	const release = (): void => {
		if (!pod.spec.hostNetwork && ip !== undefined)
			machine.cni?.del({ namespace: pod.metadata.namespace ?? '', name: pod.metadata.name });
		ip = undefined;
	};

	later(between(5 * MILLISECOND, 60 * MILLISECOND, 'admit'), sync);
	return {
		uid,
		update(next) {
			pod = next;
			if (next.metadata.deletionTimestamp !== undefined) terminate();
		},
		poke: sync,
		abandon() {
			for (const record of [...init, ...containers]) record.run?.stop('term');
			release();
			gone = true;
			cluster.packetsChanged();
		},
		crash() {
			for (const record of [...init, ...containers]) {
				if (!record.run) continue;
				record.run.stop('crash');
				ended(record, 255, 'Unknown');
				record.crash = undefined;
			}
			if (!pod.spec.hostNetwork) release();
			sandbox = 'none';
			for (const record of init)
				Object.assign(record, newRecord(record.spec, true, 'PodInitializing'), { restarts: record.restarts });
		},
		running: () =>
			[...init, ...containers].flatMap((record) =>
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
							},
						]
					: [],
			),
		logs(name, previous) {
			const record = [...init, ...containers].find((r) => r.spec.name === name);
			if (!record) return undefined;
			if (previous) return record.run ? record.ended?.log : record.before?.log;
			return record.run?.log ?? record.ended?.log ?? [];
		},
	};
}

const graceOf = (pod: Pod): number => (pod.spec.terminationGracePeriodSeconds ?? 30) * SECOND;

/** `10s`, `1m20s`, `5m0s`. */
const goSeconds = (micros: number): string => {
	const seconds = Math.floor(micros / SECOND);
	return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
};

const portOf = (spec: ContainerSpec, port: number | string): number =>
	typeof port === 'number' ? port : (spec.ports?.find((p) => p.name === port)?.containerPort ?? Number(port));

/** The first volume whose source is missing, in the kubelet's words. */
function missingVolume(cluster: ClusterContext, pod: Pod): string | undefined {
	const look = (volume: Volume, name: string): string | undefined => {
		const { namespace } = pod.metadata;
		const { configMap, secret } = volume;
		if (configMap && !configMap.optional && !one<ConfigMap>(cluster.api, 'configmaps', namespace, configMap.name))
			return `MountVolume.SetUp failed for volume "${name}" : configmap "${configMap.name}" not found`;
		if (secret && !secret.optional && !one(cluster.api, 'secrets', namespace, secret.secretName))
			return `MountVolume.SetUp failed for volume "${name}" : secret "${secret.secretName}" not found`;
		return undefined;
	};
	for (const volume of pod.spec.volumes ?? []) {
		const fault = look(volume, volume.name);
		if (fault) return fault;
	}
	return undefined;
}

/** A ConfigMap or Secret an environment variable is taken from and that is not there. */
function missingEnv(cluster: ClusterContext, pod: Pod, spec: ContainerSpec): string | undefined {
	for (const { valueFrom } of spec.env ?? []) {
		const ref = (valueFrom as { configMapKeyRef?: { name: string; key: string; optional?: boolean } } | undefined)
			?.configMapKeyRef;
		if (!ref || ref.optional) continue;
		const map = one<ConfigMap>(cluster.api, 'configmaps', pod.metadata.namespace, ref.name);
		if (!map) return `configmap "${ref.name}" not found`;
		if (map.data?.[ref.key] === undefined)
			return `couldn't find key ${ref.key} in ConfigMap ${pod.metadata.namespace}/${ref.name}`;
	}
	return undefined;
}
