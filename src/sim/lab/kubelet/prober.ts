/**
 * Probes: asked while they do not pass. A program that says it is well is believed at the next one.
 *
 * Source: kubernetes pkg/kubelet/prober/worker.go @ v1.24.0.
 */
import type { ContainerSpec, Pod, Probe } from '../cluster/kinds.ts';
import { listensOf, programOf } from '../software/programs.ts';
import { SECOND } from '../time.ts';
import { type ContainerRecord, probeFailure, probeTimes, type Run } from './container.ts';
import type { PodEnv } from './pod-env.ts';

export interface Prober {
	/** The container was started. */
	watch(record: ContainerRecord): void;
	/** Its program is well, or no longer. */
	changed(record: ContainerRecord): void;
}

export function createProber(env: PodEnv, ended: (record: ContainerRecord, exitCode: number) => void): Prober {
	const { between, later, event, report } = env;

	/** Probes are asked while they do not pass; a program that says it is well again is believed at the next one. */
	const watch = (record: ContainerRecord): void => {
		const run = record.run;
		const { readinessProbe, livenessProbe, startupProbe } = record.spec;
		const probe = startupProbe ?? readinessProbe ?? livenessProbe;
		if (!run || !probe) return;
		loop(record, run, probe);
		// A liveness probe of its own port may be refused where the one above is answered.
		if (livenessProbe && probe !== livenessProbe && refused(record.spec, livenessProbe) && !refused(record.spec, probe))
			loop(record, run, livenessProbe);
	};

	const loop = (record: ContainerRecord, run: Run, probe: Probe): void => {
		const { readinessProbe, livenessProbe, startupProbe } = record.spec;
		const fails = (of: Probe): boolean => !run.healthy || refused(record.spec, of);
		const main = probe === (startupProbe ?? readinessProbe ?? livenessProbe);
		let failed = 0;
		const ask = (): void => {
			if (record.run !== run || env.over()) return;
			if (!fails(probe)) {
				failed = 0;
				if (!record.ready) {
					record.ready = true;
					report();
				}
				return;
			}
			failed++;
			const first = startupProbe && !record.ready ? 'Startup' : readinessProbe ? 'Readiness' : 'Liveness';
			const which = main ? first : 'Liveness';
			const said = probeFailure(probe, env.ip(), run.complaint, (name) => portOf(record.spec, name));
			event('Warning', 'Unhealthy', `${which} probe failed: ${said}`, record);
			const fatal = startupProbe && which === 'Startup' ? startupProbe : livenessProbe;
			if (main && record.ready && readinessProbe && failed >= probeTimes(readinessProbe).failures) {
				record.ready = false;
				report();
			}
			if (fatal && fails(fatal) && failed >= probeTimes(fatal).failures) {
				const name = fatal === startupProbe ? 'startup' : 'liveness';
				event('Normal', 'Killing', `Container ${record.spec.name} failed ${name} probe, will be restarted`, record);
				const { stops } = run.program;
				later(stops ? between(stops[0], stops[1], 'stop') : graceOf(env.pod()), () => {
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

	return {
		watch,
		changed(record) {
			if (record.run && !record.run.healthy) watch(record);
		},
	};
}

/** Whether nothing listens on the port it asks. */
function refused(spec: ContainerSpec, { httpGet, tcpSocket }: Probe): boolean {
	const asked = (httpGet ?? tcpSocket)?.port;
	if (asked === undefined || programOf(spec).listensOnly !== true) return false;
	const port = portOf(spec, asked);
	return !listensOf(spec).some((l) => l.protocol === 'TCP' && l.port === port);
}

const graceOf = (pod: Pod): number => (pod.spec.terminationGracePeriodSeconds ?? 30) * SECOND;

const portOf = (spec: ContainerSpec, port: number | string): number =>
	typeof port === 'number' ? port : (spec.ports?.find((p) => p.name === port)?.containerPort ?? Number(port));
