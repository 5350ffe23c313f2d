/** Options of tcpdump that the lab has no answer to, or a short one (tcpdump.c @ 4.99.1). */
import { deviceByName } from '../../../sim/linux/index.ts';
import type { Call } from '../../tool.ts';
import { devicesIn } from '../devices.ts';
import type { Space } from '../space.ts';
import { whole } from '../words.ts';
import { SNAPLEN } from './pcap.ts';

interface Asked {
	value(name: string): string | undefined;
	has(name: string): boolean;
}

/** The longest frame of a device that is no loopback: nothing is cut off it. */
const LONGEST = 1514;

/** What tcpdump says of a value that is none, or the lab of what it does not do; undefined when all can be done. */
export function unanswered({ value, has }: Asked): string | undefined {
	const snaplen = value('s');
	if (snaplen !== undefined) {
		const octets = whole(snaplen, 0, SNAPLEN);
		if (octets === undefined) return `invalid snaplen ${snaplen} (must be >= 0 and <= ${SNAPLEN})`;
		if (octets > 0 && octets < LONGEST)
			return `the simulator captures whole frames: -s ${octets} would cut them, and is not simulated`;
	}
	const way = value('Q');
	if (way !== undefined && !['in', 'out', 'inout'].includes(way)) return `unknown capture direction \`${way}'`;
	const link = value('y');
	if (link !== undefined && link.toUpperCase() !== 'EN10MB') return `invalid data link type ${link}`;
	for (const [option, what] of [
		['C', 'files of a size'],
		['G', 'files of a time'],
		['W', 'a number of files'],
		['z', 'a command for each file'],
		['T', 'packets read as of another type'],
		['V', 'a list of files to read'],
		['E', 'keys of ESP'],
	] as const)
		if (has(option)) return `the simulator's tcpdump has no -${option} (${what})`;
	if (has('I')) return `${value('i') ?? 'eth0'}: That device doesn't support monitor mode`;
	return undefined;
}

/** `-L` and `-J`. */
export function lists(call: Call, space: Space, asked: string | undefined, stamps: boolean): number {
	const dev = asked ?? devicesIn(space.ns()).find((d) => d.up && d.kind !== 'loopback')?.name ?? 'lo';
	if (dev !== 'any' && !deviceByName(space.ns(), dev)) {
		call.err(`tcpdump: ${dev}: No such device exists\n(No such device exists)\n`);
		return 1;
	}
	const kinds = dev === 'any' ? ['LINUX_SLL (Linux cooked v1)', 'LINUX_SLL2 (Linux cooked v2)'] : ['EN10MB (Ethernet)'];
	call.err(
		stamps
			? `Time stamp types for ${dev} (use option -j to set):\n  host (Host)\n`
			: `Data link types for ${dev} (use option -y to set):\n${kinds.map((kind) => `  ${kind}\n`).join('')}`,
	);
	return 0;
}
