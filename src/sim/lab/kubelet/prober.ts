/**
 * Probes: asked while they do not pass. A program that says it is well is believed at the next one.
 *
 * Source: kubernetes pkg/kubelet/prober/worker.go @ v1.24.0.
 */
import { formatIp } from '../../wire/index.ts';
import { type ContainerSpec, keyOf, type Node, one, type Pod, type Probe } from '../cluster/kinds.ts';
import { prefixOfText } from '../cluster/machine.ts';
import type { Program } from '../software/program.ts';
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
		if (livenessProbe && probe !== livenessProbe && denied(record.spec, livenessProbe) && !denied(record.spec, probe))
			loop(record, run, livenessProbe);
		else if (livenessProbe && probe !== livenessProbe) visit(record, run, livenessProbe);
		if (readinessProbe && probe !== readinessProbe) visit(record, run, readinessProbe);
	};

	const loop = (record: ContainerRecord, run: Run, probe: Probe): void => {
		const { readinessProbe, livenessProbe, startupProbe } = record.spec;
		const fails = (of: Probe): boolean => !run.healthy || denied(record.spec, of);
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
			const said = probeFailure(
				probe,
				env.ip(),
				run.complaint || (refused(record.spec, probe) ? '' : wrongStatus(record.spec, probe)),
				(name) => portOf(record.spec, name),
			);
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
		const offset = first + between(0, Math.min(period, SECOND), 'probe');
		later(offset, ask);
		visit(record, run, probe, offset);
	};

	/** Requests go on after it passes: a program that logs them does so each time. */
	const visit = (record: ContainerRecord, run: Run, probe: Probe, offset?: number): void => {
		const { httpGet } = probe;
		if (!httpGet || (httpGet.host !== undefined && httpGet.host !== env.ip())) return;
		const { first, period } = probeTimes(probe);
		const { startupProbe } = record.spec;
		const path = httpGet.path ?? '/';
		const target = path.startsWith('/') ? path : `/${path}`;
		const page = pageFor(record.spec, target);
		if (!page) return;
		const ask = (): void => {
			if (record.run !== run || env.over()) return;
			if (probe === startupProbe && record.ready) return;
			later(period, ask);
			const due = probe === startupProbe || !startupProbe || record.ready;
			if (!due || !run.healthy || !env.machine.kubeletUp || refused(record.spec, probe)) return;
			run.served(
				{
					client: proberAddress(env),
					method: 'GET',
					target,
					version: 'HTTP/1.1',
					host: `${env.ip()}:${portOf(record.spec, httpGet.port)}`,
					agent: `kube-probe/${/^v?(\d+\.\d+)/.exec(env.cluster.api.version)?.[1] ?? ''}`,
					...page,
				},
				env.cluster.timeline.now,
			);
		};
		later(offset ?? first + between(0, Math.min(period, SECOND), 'probe visit'), ask);
	};

	return {
		watch,
		changed(record) {
			if (record.run && !record.run.healthy) watch(record);
		},
	};
}

/** Where the kubelet's packets to a pod come from: the node's own address towards its pods. */
function proberAddress({ cluster, machine, pod, ip }: PodEnv): string {
	if (pod().spec.hostNetwork) return ip();
	if (machine.agent && machine.connected.get(keyOf(pod())) === 'cilium') return formatIp(machine.agent.routerIP);
	const cidr = prefixOfText(one<Node>(cluster.api, 'nodes', '', machine.name)?.spec?.podCIDR);
	return cidr ? formatIp(cidr.address + 1) : ip();
}

/** What the image's own pages answer; unknown where a volume brings others or another configuration. */
const pageFor = (spec: ContainerSpec, path: string): ReturnType<NonNullable<Program['page']>> | undefined =>
	(spec.volumeMounts ?? []).some(({ mountPath }) => /nginx|apache2/.test(mountPath))
		? undefined
		: programOf(spec).page?.(path);

/** What a probe says of an answer that is none of success (pkg/probe/http/http.go); empty of any other. */
function wrongStatus(spec: ContainerSpec, { httpGet }: Probe): string {
	const status = httpGet ? (pageFor(spec, httpGet.path ?? '/')?.status ?? 200) : 200;
	return status >= 400 ? `HTTP probe failed with statuscode: ${status}` : '';
}

const denied = (spec: ContainerSpec, probe: Probe): boolean => refused(spec, probe) || wrongStatus(spec, probe) !== '';

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
