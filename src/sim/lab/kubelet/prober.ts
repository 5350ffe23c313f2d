/**
 * Probes of containers: one worker for each, as long as the container runs.
 *
 * Programs whose doings are known here say when they are well; those are asked while they do not pass, and a program
 * that logs its requests each time. Everything else is asked each time: commands are run in the container, and ports
 * are tried where it listens.
 *
 * Source: kubernetes pkg/kubelet/prober/{worker,prober}.go @ v1.24.0.
 */
import type { Probe } from '../cluster/kinds.ts';
import { SECOND } from '../time.ts';
import { createAsking, portOf } from './asking.ts';
import { type ContainerRecord, graceOf, probeTimes, type Run } from './container.ts';
import type { PodEnv } from './pod-env.ts';

export interface Prober {
	/** The container was started. */
	watch(record: ContainerRecord): void;
	/** Its program is well, or no longer. */
	changed(record: ContainerRecord): void;
}

type Kind = 'Startup' | 'Readiness' | 'Liveness';

/** What one asking gave: well, or the words of what is wrong. */
type Answer = { readonly well: true } | { readonly well: false; readonly said: string; readonly errored?: true };

const WELL: Answer = { well: true };
/** Octets of a command's output that are read (pkg/probe/exec/exec.go). */
const OUTPUT = 10 * 1024;

export function createProber(
	env: PodEnv,
	stop: (record: ContainerRecord, grace: number, done: () => void) => void,
): Prober {
	const { between, later, event, report, cluster } = env;
	const asking = createAsking(env);
	const agent = `kube-probe/${/^v?(\d+\.\d+)/.exec(cluster.api.version)?.[1] ?? ''}`;
	/** Workers that rest because all is well, by their container's run. */
	const resting = new WeakMap<Run, Set<() => void>>();

	const watch = (record: ContainerRecord): void => {
		const { startupProbe, readinessProbe, livenessProbe } = record.spec;
		const { run } = record;
		if (!run) return;
		resting.set(run, new Set());
		if (startupProbe) work(record, run, 'Startup', startupProbe);
		if (readinessProbe) work(record, run, 'Readiness', readinessProbe);
		if (livenessProbe) work(record, run, 'Liveness', livenessProbe);
	};

	const work = (record: ContainerRecord, run: Run, kind: Kind, probe: Probe): void => {
		const { first, period, failures, successes } = probeTimes(probe);
		const lasting = probe.exec !== undefined || asking.lasting(run);
		let last: boolean | undefined;
		let row = 0;
		let held = false;

		const ask = (): void => {
			if (record.run !== run || env.over() || held) return;
			if (kind === 'Startup' ? record.startedUp : !record.startedUp) {
				// The others wait for the startup probe, which is over once it passed.
				if (kind !== 'Startup') later(period, ask);
				return;
			}
			if (!env.machine.kubeletUp) {
				later(period, ask);
				return;
			}
			answerOf(record, run, probe, (answer) => {
				if (record.run !== run || env.over() || held) return;
				judge(answer);
				if (held || (kind === 'Startup' && record.startedUp)) return;
				if (answer.well && !lasting) resting.get(run)?.add(ask);
				else later(period, ask);
			});
		};

		const judge = (answer: Answer): void => {
			if (!answer.well)
				event('Warning', 'Unhealthy', `${kind} probe ${answer.errored ? 'errored' : 'failed'}: ${answer.said}`, record);
			// An error of the runtime's says nothing of the container.
			if (!answer.well && answer.errored) return;
			row = answer.well === last ? row + 1 : 1;
			last = answer.well;
			if (row < (answer.well ? successes : failures)) return;
			if (answer.well) {
				if (kind === 'Startup') {
					record.startedUp = true;
					if (!record.spec.readinessProbe) record.ready = true;
				} else if (kind === 'Readiness' && !record.ready) record.ready = true;
				else return;
				report();
				env.sync();
				return;
			}
			if (kind === 'Readiness') {
				if (!record.ready) return;
				record.ready = false;
				report();
				return;
			}
			held = true;
			event(
				'Normal',
				'Killing',
				`Container ${record.spec.name} failed ${kind.toLowerCase()} probe, will be restarted`,
				record,
			);
			const grace = probe.terminationGracePeriodSeconds;
			stop(record, grace === undefined ? graceOf(env.pod()) : grace * SECOND, () => undefined);
		};

		later(first + between(0, Math.min(period, SECOND), 'probe'), ask);
	};

	const answerOf = (record: ContainerRecord, run: Run, probe: Probe, done: (answer: Answer) => void): void => {
		const command = probe.exec?.command;
		if (command && !run.program.closed) {
			askCommand(record, probe, command, done);
			return;
		}
		const { spec } = record;
		const { timeout } = probeTimes(probe);
		const asked = probe.httpGet ?? probe.tcpSocket ?? probe.grpc;
		if (!asked) {
			done(run.healthy ? WELL : { well: false, said: run.complaint || 'command failed' });
			return;
		}
		const port = portOf(spec, asked.port);
		if (port === undefined) {
			done({ well: false, errored: true, said: `strconv.Atoi: parsing ${JSON.stringify(asked.port)}: invalid syntax` });
			return;
		}
		const told = (said?: string): void => done(said === undefined ? WELL : { well: false, said });
		if (probe.httpGet)
			asking.http(record, run, probe.httpGet, agent, timeout, (answer) => {
				if ('said' in answer) told(answer.said);
				else told(answer.status < 400 ? undefined : `HTTP probe failed with statuscode: ${answer.status}`);
			});
		else if (probe.tcpSocket) asking.tcp(record, run, port, timeout, told);
		else asking.grpc(run, port, timeout, told);
	};

	/** pkg/probe/exec/exec.go: what it writes is what is said of it; nothing is when it took too long. */
	const askCommand = (
		record: ContainerRecord,
		probe: Probe,
		command: readonly string[],
		done: (answer: Answer) => void,
	): void => {
		let over = false;
		const once = (answer: Answer): void => {
			if (over) return;
			over = true;
			done(answer);
		};
		const { metadata } = env.pod();
		const process = cluster.guests.exec({
			place: {
				kind: 'pod',
				cluster: cluster.name,
				namespace: metadata.namespace ?? '',
				pod: metadata.name,
				container: record.spec.name,
			},
			argv: command,
			done(ended) {
				if ('error' in ended)
					once({
						well: false,
						errored: true,
						said: `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${env.newId('exec')}": OCI runtime exec failed: exec failed: unable to start container process: ${ended.error}: unknown`,
					});
				else once(ended.code === 0 ? WELL : { well: false, said: ended.output.slice(0, OUTPUT) });
			},
		});
		later(probeTimes(probe).timeout, () => {
			if (over) return;
			process.signal('KILL');
			once({ well: false, said: `command "${command.join(' ')}" timed out` });
		});
	};

	return {
		watch,
		changed(record) {
			const { run } = record;
			const workers = run && resting.get(run);
			if (!workers || run.healthy) return;
			const again = [...workers];
			workers.clear();
			for (const ask of again) later(between(0, SECOND, 'probe'), ask);
		},
	};
}
