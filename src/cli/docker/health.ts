/**
 * `--health-cmd`: a command that is run in the container again and again.
 *
 * Source: moby daemon/health.go; docker/cli cli/command/container/opts.go @ v20.10.
 */
import { type DockerSettings, knownDocker, type Lab } from '../../sim/lab/index.ts';
import type { FlagValues } from '../cobra/index.ts';
import { told } from './event-book.ts';

type HealthCheck = NonNullable<DockerSettings['health']>;

/** Microseconds: defaultProbeInterval, defaultProbeTimeout. */
const INTERVAL = 30e6;
const TIMEOUT = 30e6;
const RETRIES = 3;
/** How many results and octets of each are kept. */
const RESULTS = 5;
const OUTPUT = 4096;

/** What `docker run` was told of health; undefined of nothing, a text of what is wrong. */
export function health(flags: FlagValues): HealthCheck | string | undefined {
	const command = flags.text('health-cmd');
	const names = ['health-interval', 'health-timeout', 'health-start-period'];
	for (const name of names) if (flags.duration(name) < 0) return `--${name} cannot be negative`;
	if (flags.number('health-retries') < 0) return '--health-retries cannot be negative';
	if (command === '') return undefined;
	return {
		command,
		interval: flags.duration('health-interval') || INTERVAL,
		timeout: flags.duration('health-timeout') || TIMEOUT,
		startPeriod: flags.duration('health-start-period'),
		retries: flags.number('health-retries') || RETRIES,
	};
}

/** Begins to check a container that was started; ends by itself when that run is over. */
export function healthOf(lab: Lab, id: string): void {
	const entry = knownDocker(lab, id);
	const check = entry?.settings.health;
	if (!entry || !check) return;
	const begun = lab.docker.find(id)?.started;
	const state: NonNullable<typeof entry.health> = { status: 'starting', failing: 0, log: [] };
	entry.health = state;
	const still = (): boolean => {
		const now = lab.docker.find(id);
		return now?.state === 'running' && now.started === begun;
	};
	const say = (status: typeof state.status): void => {
		if (state.status === status) return;
		state.status = status;
		told(lab, `health_status: ${status}`, lab.docker.find(id)!);
	};
	const over = (start: number, code: number, output: string): void => {
		if (!still()) return;
		state.log.push({ start, end: lab.now, code, output: output.slice(0, OUTPUT) });
		state.log.splice(0, state.log.length - RESULTS);
		if (code === 0) {
			state.failing = 0;
			say('healthy');
		} else if (state.status !== 'starting' || start - begun! >= check.startPeriod) {
			state.failing++;
			if (state.failing >= check.retries) say('unhealthy');
		}
		lab.after(check.interval, probe);
	};
	const probe = (): void => {
		if (!still()) return;
		if (lab.docker.find(id)?.paused) {
			lab.after(check.interval, probe);
			return;
		}
		const start = lab.now;
		let done = false;
		const process = lab.guests.exec({
			place: { kind: 'container', id },
			argv: ['/bin/sh', '-c', check.command],
			done(ended) {
				if (done) return;
				done = true;
				if ('error' in ended) over(start, -1, ended.error);
				else over(start, ended.code, ended.output);
			},
		});
		lab.after(check.timeout, () => {
			if (done) return;
			done = true;
			process.signal('KILL');
			const seconds = check.timeout / 1e6;
			over(start, -1, `Health check exceeded timeout (${seconds}s)`);
		});
	};
	lab.after(check.interval, probe);
}
