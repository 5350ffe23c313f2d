/**
 * What a pod asks for after a container's start and before its end.
 *
 * Source: kubernetes pkg/kubelet/lifecycle/handlers.go, kuberuntime/kuberuntime_container.go @ v1.24.0.
 */
import type { Hook } from '../cluster/kinds.ts';
import { minorOf } from '../machine/node-images.ts';
import { programOf } from '../software/programs.ts';
import { MINUTE, SECOND } from '../time.ts';
import { createAsking } from './asking.ts';
import type { ContainerRecord } from './container.ts';
import type { PodEnv } from './pod-env.ts';

const HOUR = 60 * MINUTE;

export interface Hooks {
	/** `done` is told what the event of its failure says. */
	postStart(record: ContainerRecord, done: (fault?: string) => void): void;
	/** `done` when it is over, or when the grace period is. */
	preStop(record: ContainerRecord, grace: number, done: () => void): void;
}

export function createHooks(env: PodEnv): Hooks {
	const { cluster, event, afterwards } = env;
	const minor = minorOf(cluster.api.version);
	const shortOf = /^v?(\d+\.\d+)/.exec(cluster.api.version)?.[1] ?? '';
	const asking = createAsking(env);

	/** The event's message of a hook that failed: from 1.27 on without what the command wrote. */
	const faultOf = (record: ContainerRecord, kind: string, command: readonly string[], why: string, output: string) => {
		if (minor >= 27) return `${kind} failed`;
		const { name, namespace } = env.pod().metadata;
		return `Exec lifecycle hook ([${command.join(' ')}]) for Container "${record.spec.name}" in Pod "${name}_${namespace}(${env.uid})" failed - error: ${why}, message: ${JSON.stringify(output)}`;
	};

	const run = (
		record: ContainerRecord,
		kind: 'PostStartHook' | 'PreStopHook',
		hook: Hook | undefined,
		done: (fault?: string) => void,
	): void => {
		const command = hook?.exec?.command ?? [];
		const { httpGet, tcpSocket } = hook ?? {};
		const { name, namespace } = env.pod().metadata;
		if (httpGet && record.run) {
			// Newer kubelets build the request as probes do (feature ConsistentHTTPGetHandlers).
			const slash = minor < 26 ? '/' : '';
			const path = `${slash}${httpGet.path ?? ''}`;
			// Its client has no limit of its own (pkg/kubelet/kubelet.go, http.Client{}); a hook has its grace period.
			asking.http(record, record.run, { ...httpGet, path }, `kube-lifecycle/${shortOf}`, HOUR, (answer) => {
				// Whatever was answered, it was asked.
				if ('status' in answer) done();
				else
					done(
						minor >= 27
							? `${kind} failed`
							: `Http lifecycle hook (${httpGet.path ?? ''}) for Container "${record.spec.name}" in Pod "${name}_${namespace}(${env.uid})" failed - error: ${answer.said}, message: ""`,
					);
			});
			return;
		}
		// It was never made to work (handlers.go Run(), which knows exec, httpGet and sleep).
		if (tcpSocket) {
			done(
				minor >= 27
					? `${kind} failed`
					: `Cannot run handler: invalid handler: &LifecycleHandler{Exec:nil,HTTPGet:nil,TCPSocket:&TCPSocketAction{Port:{${typeof tcpSocket.port === 'number' ? `0 ${tcpSocket.port} ` : `1 0 ${tcpSocket.port}`},},Host:${tcpSocket.host ?? ''},},}`,
			);
			return;
		}
		if (programOf(record.spec).closed || (!hook?.sleep && command.length === 0)) {
			done();
			return;
		}
		if (hook?.sleep) {
			afterwards(hook.sleep.seconds * SECOND, () => done());
			return;
		}
		cluster.guests.exec({
			place: {
				kind: 'pod',
				cluster: cluster.name,
				namespace: env.pod().metadata.namespace ?? '',
				pod: env.pod().metadata.name,
				container: record.spec.name,
			},
			argv: command,
			done(ended) {
				if ('error' in ended) done(faultOf(record, kind, command, ended.error, ''));
				else if (ended.code === 0) done();
				else
					done(
						faultOf(
							record,
							kind,
							command,
							`command '${command.join(' ')}' exited with ${ended.code}: ${ended.output}`,
							ended.output,
						),
					);
			},
		});
	};

	return {
		postStart: (record, done) => run(record, 'PostStartHook', record.spec.lifecycle?.postStart, done),
		preStop(record, grace, done) {
			const hook = record.spec.lifecycle?.preStop;
			if (!hook) {
				done();
				return;
			}
			let over = false;
			const once = (): void => {
				if (over) return;
				over = true;
				done();
			};
			afterwards(grace, once);
			run(record, 'PreStopHook', hook, (fault) => {
				if (fault !== undefined && !over) event('Warning', 'FailedPreStopHook', fault, record);
				once();
			});
		},
	};
}
