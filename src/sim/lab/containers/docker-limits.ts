/** Memory and processors of the machine's own Docker: what its containers may have, and what their cgroups tell. */
import type { Lab } from '../types.ts';
import { type DockerEntry, knownDocker } from './docker-states.ts';

/** A program there has so many octets now; whether the kernel ends it for that (mm/memcontrol.c @ v5.15). */
export function allocateInDocker(lab: Lab, id: string, name: string, bytes: number, all: number): 'fits' | 'killed' {
	const entry = knownDocker(lab, id);
	if (!entry) return 'fits';
	const { used, settings } = entry;
	used.set(name, bytes);
	if ([...used.values()].reduce((sum, n) => sum + n, 0) <= Math.min(settings.memory ?? all, all)) return 'fits';
	used.delete(name);
	entry.kills++;
	entry.oom?.();
	return 'killed';
}

/** Files of its cgroup that tell of memory (Documentation/admin-guide/cgroup-v2.rst). */
export function dockerCgroup(
	lab: Lab,
	id: string,
	pids: () => readonly number[],
): Readonly<Record<string, () => string>> {
	const entry = (): DockerEntry | undefined => knownDocker(lab, id);
	const limit = (): number | undefined => entry()?.settings.memory;
	const events = (): string => {
		const kills = entry()?.kills ?? 0;
		return `low 0\nhigh 0\nmax ${kills}\noom ${kills}\noom_kill ${kills}\n`;
	};
	return {
		'cgroup.procs': () =>
			pids()
				.map((pid) => `${pid}\n`)
				.join(''),
		'cpu.max': () => {
			const { cpus } = entry()?.settings ?? {};
			return `${cpus ? Math.floor(cpus / 10_000) : 'max'} 100000\n`;
		},
		'memory.current': () =>
			`${[...(entry()?.used.values() ?? [])].reduce((sum, n) => sum + n, pids().length * 16_384)}\n`,
		'memory.events': events,
		'memory.max': () => `${limit() ?? 'max'}\n`,
		'memory.swap.max': () => `${limit() ?? 'max'}\n`,
		'pids.current': () => `${pids().length}\n`,
		'pids.max': () => 'max\n',
	};
}
