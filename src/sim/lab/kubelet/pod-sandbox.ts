/**
 * A pod's sandbox and its place in the network: made before its containers, given back after them.
 *
 * Source: kubernetes pkg/kubelet/{pod_workers.go,kuberuntime/kuberuntime_sandbox.go} @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import { keyOf } from '../cluster/kinds.ts';
import { networkReady } from '../cluster/machine.ts';
import { peoplesContainers } from '../containers/later.ts';
import { MILLISECOND, SECOND } from '../time.ts';
import { NETWORK_NOT_READY } from './network-not-ready.ts';
import type { WorkerEnv } from './pod-env.ts';
import { runtimeFault } from './pod-needs.ts';

export interface PodSandbox {
	readonly state: 'none' | 'busy' | 'ready';
	readonly ip: string | undefined;
	/** Makes it, once there is a network, and then goes on with the pod. */
	make(): void;
	/** What the plugin gave is given back. */
	release(): void;
	/** The same some time after the last container of a pod that is over; its status keeps the address. */
	leaveWhenOver(): void;
	/** The pod is on its way out: takes the sandbox down, as often as it needs, and then calls `done`. */
	takeDown(done: () => void): void;
	/** It ended with its machine. */
	crash(): void;
}

/** @param firstUid - As which the pod came to this kubelet. */
export function createPodSandbox(env: WorkerEnv, firstUid: string): PodSandbox {
	const { cluster, machine, between, later, event } = env;
	let ip: string | undefined;
	let state: PodSandbox['state'] = 'none';
	/** It ended with the machine (kuberuntime_manager.go SyncPod()). */
	let lost = false;
	/** What the plugin gave is given back, and is about to be. */
	let left = false;
	let leaves = false;
	/** 1 after its machine was started anew. */
	let attempt = 0;

	const create = (): void => {
		const pod = env.pod();
		state = 'none';
		if (env.ending()) return;
		const retry = (): void => env.again(between(10 * SECOND, 16 * SECOND, 'sandbox retry'));
		const noRuntime = runtimeFault(cluster, pod);
		if (noRuntime !== undefined) {
			event('Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: ${noRuntime}`);
			retry();
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
				state = 'busy';
				later(added ? added.after : 0, () => {
					event(
						'Warning',
						'FailedCreatePodSandBox',
						`Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${env.newSandboxId()}": ${added?.error ?? 'cni plugin not initialized'}`,
					);
					state = 'none';
					retry();
				});
				return;
			}
			ip = formatIp(added.ip);
			if (machine.cni) machine.connected.set(keyOf(pod), machine.cni.kind);
		}
		state = 'ready';
		env.sync();
	};

	const disconnect = (): void => {
		const { spec, metadata } = env.pod();
		if (spec.hostNetwork || ip === undefined || left) return;
		left = true;
		machine.cni?.del({ namespace: metadata.namespace ?? '', name: metadata.name });
		machine.connected.delete(keyOf(env.pod()));
	};
	const release = (): void => {
		disconnect();
		ip = undefined;
		left = false;
	};

	const tearingDown = (act: () => void): void => later(between(300 * MILLISECOND, 1200 * MILLISECOND, 'teardown'), act);
	/** A pod that is over has no sandbox (pod_workers.go SyncTerminatingPod). */
	const rests = (): boolean =>
		!env.ending() && state === 'ready' && env.finished() && !env.everything().some(({ run }) => run);

	const takeDown = (done: () => void): void =>
		tearingDown(() => {
			const { spec, metadata } = env.pod();
			const people = peoplesContainers();
			const fault = spec.hostNetwork || ip === undefined ? undefined : people?.pluginFault(cluster, machine, 'delete');
			if (people && fault !== undefined) {
				const id = people.sandboxId(firstUid, attempt);
				const said = `rpc error: code = Unknown desc = failed to destroy network for sandbox ${JSON.stringify(id)}: ${fault}`;
				event(
					'Warning',
					'FailedKillPod',
					`error killing pod: failed to "KillPodSandbox" for ${JSON.stringify(metadata.uid)} with KillPodSandboxError: ${JSON.stringify(said)}`,
				);
				// pod_workers.go completeWork(): backOffPeriod, and up to half of it more.
				later(between(10 * SECOND, 15 * SECOND, 'kill retry'), () => takeDown(done));
				return;
			}
			release();
			done();
		});

	return {
		get state() {
			return state;
		},
		get ip() {
			return ip;
		},
		make() {
			if (!env.pod().spec.hostNetwork && !networkReady(machine)) {
				event('Warning', 'NetworkNotReady', `network is not ready: ${NETWORK_NOT_READY}`);
				env.again(between(12 * SECOND, 14 * SECOND, 'network wait'));
				env.report();
				return;
			}
			state = 'busy';
			if (lost) event('Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
			lost = false;
			env.report();
			later(between(250 * MILLISECOND, 900 * MILLISECOND, 'sandbox'), create);
		},
		release,
		leaveWhenOver() {
			if (leaves || left || !rests()) return;
			leaves = true;
			tearingDown(() => {
				leaves = false;
				// A container whose image changed may have started again.
				if (!rests()) return;
				disconnect();
				cluster.packetsChanged();
			});
		},
		takeDown,
		crash() {
			if (!env.pod().spec.hostNetwork) release();
			if (state === 'ready' && !env.finished()) lost = true;
			attempt = 1;
			state = 'none';
		},
	};
}
