/** `free`: memory and swap. */
import type { Call } from '../tool.ts';
import { fixed, type Memory, memoryOf, swap } from './hardware.ts';
import { isBusybox } from './images.ts';
import { getopt, getoptText } from './words.ts';

const UNITS = ['B', 'Ki', 'Mi', 'Gi', 'Ti'];

/** procps 3.3.17 free.c, `scale_size`: as few digits as fit four columns. */
function human(ki: number): string {
	let n = ki * 1024;
	let unit = 0;
	while (n >= 1000 && unit < UNITS.length - 1) {
		n /= 1024;
		unit++;
	}
	return `${n < 10 && unit > 0 ? fixed(n, 1) : fixed(Math.floor(n), 0)}${UNITS[unit]}`;
}

/** busybox 1.35 (libbb/human_readable.c): one digit after the point, none below a kibibyte. */
function humanOfBusybox(ki: number): string {
	let n = ki * 1024;
	let unit = 0;
	while (n >= 1024 && unit < 4) {
		n /= 1024;
		unit++;
	}
	return unit === 0 ? String(n) : `${fixed(n, 1)}${' KMGT'[unit]}`;
}

export const free = async (call: Call): Promise<number> => {
	const busybox = isBusybox('uname', call.place, call.lab);
	const parsed = getopt(call.args, {
		short: busybox ? 'bkmgh' : 'bkmghtlws:c:',
		long: ['bytes=>b', 'kibi=>k', 'mebi=>m', 'gibi=>g', 'human=>h', 'total=>t', 'wide=>w', 'lohi=>l'],
	});
	if ('fault' in parsed) {
		call.err(`${getoptText('free', parsed.fault)}\nUsage:\n free [options]\n`);
		return 1;
	}
	const has = (o: string): boolean => parsed.values.has(o);
	const shown = (ki: number): string =>
		has('h')
			? (busybox ? humanOfBusybox : human)(ki)
			: String(has('b') ? ki * 1024 : has('m') ? Math.floor(ki / 1024) : has('g') ? Math.floor(ki / 1024 ** 2) : ki);
	const m: Memory = memoryOf(call.lab);
	const edge = busybox ? 7 : 8;
	const row = (name: string, values: readonly number[]): string =>
		`${name.padEnd(edge)}${values.map((v) => shown(v).padStart(12)).join('')}\n`;
	const wide = has('w');
	const head = ['total', 'used', 'free', 'shared', ...(wide ? ['buffers', 'cache'] : ['buff/cache']), 'available'];
	const buffers = Math.floor(m.cache / 20);
	call.out(
		`${' '.repeat(edge)}${head.map((word) => word.padStart(12)).join('')}\n` +
			row('Mem:', [
				m.total,
				m.used,
				m.free,
				m.shared,
				...(wide ? [buffers, m.cache - buffers] : [m.cache]),
				m.available,
			]) +
			row('Swap:', [swap.total, swap.used, swap.free]) +
			(has('t') ? row('Total:', [m.total + swap.total, m.used + swap.used, m.free + swap.free]) : ''),
	);
	return 0;
};
