/** Statistics per processor: /proc/net/softnet_stat (net/core/net-procfs.c) and stat/nf_conntrack (nf_conntrack_standalone.c @ v5.15). */
import { CPUS } from './hardware.ts';
import { trackedAt } from './held-connections.ts';
import type { Space } from './space.ts';
import { counted } from './traffic-log.ts';

const word = (n: number): string => (n >>> 0).toString(16).padStart(8, '0');

/** Processors are the machine's, whatever namespace is asked; the simulator's packets all come in on the first. */
function softnet(space: Space): string {
	let processed = 0;
	for (const { counters } of space.net().namespaces.values()) for (const { rx } of counters.values()) processed += rx;
	return Array.from(
		{ length: CPUS },
		(_, cpu) => `${[cpu === 0 ? processed : 0, ...Array<number>(11).fill(0), cpu].map(word).join(' ')}\n`,
	).join('');
}

function conntrackStat(space: Space): string {
	const entries = trackedAt(space).length;
	const rows = Array.from({ length: CPUS }, (_, cpu) => {
		const of = (name: string): string => word(cpu === 0 ? counted(space, `ct ${name}`) : 0);
		const none = word(0);
		return `${word(entries)}  ${none} ${none} ${none} ${of('invalid')} ${none} ${none} ${none} ${none} ${of('insert_failed')} ${of('drop')} ${none} ${none}  ${none} ${none} ${none} ${none}\n`;
	});
	return `entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n${rows.join('')}`;
}

export const statFiles = (space: Space): Readonly<Record<string, () => string>> => ({
	'/proc/net/softnet_stat': () => softnet(space),
	'/proc/net/stat/nf_conntrack': () => conntrackStat(space),
});
