/**
 * The one machine that everything runs on: the laptop, its nodes and their containers see its processors, memory and
 * disk, as containers without limits do. The kubelet reports the same numbers (`sim/lab/kubelet/node-status.ts`).
 *
 * What is in use is a rule of the lab's, as processes have no memory of their own in it: a system's, and a part for each
 * node and each container that runs. The machine was started ten minutes before the lab began.
 */
import type { Lab } from '../../sim/lab/index.ts';

export const CPUS = 8;
/** Ki. */
export const MEMORY = 16_286_964;
/** Ki. */
export const DISK = 490_617_784;
const SWAP = 2_097_148;

/** Seconds that the machine had run when the lab began. */
const BEFORE = 600;

/** Ki of a system with nothing in it, of a node's own programs, of one container. */
const SYSTEM = 1_482_116;
const NODE = 412_672;
const CONTAINER = 24_576;

export interface Memory {
	readonly total: number;
	readonly used: number;
	readonly cache: number;
	readonly shared: number;
	readonly free: number;
	readonly available: number;
}

const running = (lab: Lab): { readonly nodes: number; readonly containers: number } => ({
	nodes: lab.clusters().reduce((n, c) => n + c.nodes().length, 0),
	containers: lab.clusters().reduce((n, c) => n + c.running().length, 0) + lab.docker.containers().length,
});

/** All in Ki. */
export function memoryOf(lab: Lab): Memory {
	const { nodes, containers } = running(lab);
	const used = Math.min(MEMORY - 400_000, SYSTEM + nodes * NODE + containers * CONTAINER);
	const cache = Math.min(MEMORY - used - 100_000, 2_911_480 + nodes * 655_360);
	const shared = 183_544 + nodes * 2048;
	const free = MEMORY - used - cache;
	return { total: MEMORY, used, cache, shared, free, available: free + cache - shared };
}

export const swap = { total: SWAP, used: 0, free: SWAP };

/** Ki of the disk in use: a system and what images hold. */
export function diskOf(lab: Lab): { readonly total: number; readonly used: number; readonly available: number } {
	const { nodes, containers } = running(lab);
	const used = 61_204_116 + nodes * 1_417_216 + containers * 51_200;
	// ext4 keeps a twentieth for root.
	return { total: DISK, used, available: DISK - used - Math.floor(DISK / 20) };
}

/** Seconds since the machine was started. */
export const uptimeOf = (lab: Lab): number => BEFORE + lab.now / 1e6;

/** Processes that wait for a processor, by the minute: more with more that runs. */
export function loadOf(lab: Lab): readonly [number, number, number] {
	const { nodes, containers } = running(lab);
	const at = (minutes: number): number => {
		const draw = lab.random('load', `${Math.floor(lab.now / (minutes * 60e6))} ${minutes}`, 40) / 100;
		return 0.12 + nodes * 0.21 + containers * 0.01 + draw;
	};
	return [at(1), at(5), at(15)];
}

const row = (name: string, value: number): string => `${`${name}:`.padEnd(16)}${String(value).padStart(8)} kB\n`;

/** fs/proc/meminfo.c, its first lines. */
export function meminfo(lab: Lab): string {
	const m = memoryOf(lab);
	return [
		row('MemTotal', m.total),
		row('MemFree', m.free),
		row('MemAvailable', m.available),
		row('Buffers', Math.floor(m.cache / 20)),
		row('Cached', m.cache - Math.floor(m.cache / 20) - Math.floor(m.cache / 16)),
		row('SwapCached', 0),
		row('SwapTotal', swap.total),
		row('SwapFree', swap.free),
		row('Shmem', m.shared),
		row('SReclaimable', Math.floor(m.cache / 16)),
	].join('');
}

export const MODEL = 'Intel(R) Core(TM) i7-10510U CPU @ 1.80GHz';

/** arch/x86/kernel/cpu/proc.c. */
export const cpuinfo = (): string =>
	Array.from({ length: CPUS }, (_, i) =>
		[
			`processor\t: ${i}`,
			'vendor_id\t: GenuineIntel',
			'cpu family\t: 6',
			'model\t\t: 142',
			`model name\t: ${MODEL}`,
			'stepping\t: 12',
			'cpu MHz\t\t: 2304.000',
			'cache size\t: 8192 KB',
			'physical id\t: 0',
			`siblings\t: ${CPUS}`,
			`core id\t\t: ${i % (CPUS / 2)}`,
			`cpu cores\t: ${CPUS / 2}`,
			'fpu\t\t: yes',
			'wp\t\t: yes',
			'flags\t\t: fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm aes avx avx2',
			'bogomips\t: 4608.00',
			'',
			'',
		].join('\n'),
	).join('');

/** A number with so many digits behind its point. */
export const fixed = (n: number, digits: number): string => {
	const scaled = String(Math.round(n * 10 ** digits)).padStart(digits + 1, '0');
	return digits === 0 ? scaled : `${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`;
};

/** How Ubuntu's kernel package built it, `uname -v`: linux 5.15.0-46.49 of jammy; of others nobody knows when. */
export const kernelBuild = (release: string): string =>
	release === '5.15.0-46-generic' ? '#49-Ubuntu SMP Thu Aug 4 18:03:25 UTC 2022' : '#1 SMP';

export function procFiles(lab: Lab, release: () => string): Record<string, () => string> {
	return {
		'/proc/cpuinfo': cpuinfo,
		'/proc/loadavg': () =>
			`${loadOf(lab)
				.map((n) => fixed(n, 2))
				.join(' ')} 1/${400 + running(lab).containers * 8} ${4000 + Math.floor(lab.now / 1e6)}\n`,
		'/proc/meminfo': () => meminfo(lab),
		'/proc/uptime': () => `${fixed(uptimeOf(lab), 2)} ${fixed(uptimeOf(lab) * CPUS * 0.93, 2)}\n`,
		'/proc/version': () =>
			`Linux version ${release()} (buildd@lcy02-amd64-115) (gcc (Ubuntu 11.2.0-19ubuntu1) 11.2.0, GNU ld (GNU Binutils for Ubuntu) 2.38) ${kernelBuild(release())}\n`,
	};
}
