/** Memory that programs of containers use, and what the kernel says when it is too much. */
import { allocate, allocateInDocker, type Lab } from '../../sim/lab/index.ts';
import type { Call, Place } from '../tool.ts';
import { MEMORY } from './hardware.ts';
import { nodeProcessTable } from './processes.ts';

/** A program of a place has so many octets now; what the kernel does about it. Only containers have a limit. */
export function allocateAt(place: Place, lab: Lab, name: string, bytes: number): 'fits' | 'killed' | 'gone' {
	if (place.kind === 'container') return allocateInDocker(lab, place.id, name, bytes, MEMORY * 1024);
	const cluster = place.kind === 'pod' ? lab.cluster(place.cluster) : undefined;
	if (place.kind !== 'pod' || !cluster) return 'fits';
	const running = cluster
		.running({ namespace: place.namespace, name: place.pod })
		.find((c) => c.name === place.container);
	const machine = cluster.nodes().find((node) => node.name === running?.node);
	if (!running || !machine) return 'fits';
	const own = nodeProcessTable(lab, cluster, machine).filter(({ container }) => container === running.id);
	const pid = (own.findLast(({ argv }) => argv[0] === name || argv[0]?.endsWith(`/${name}`)) ?? own[0])?.pid ?? 1;
	return allocate(cluster, place, { name, bytes, pid });
}

export const useMemory = async (
	{ place, lab }: Call,
	name: string,
	bytes: number,
): Promise<'fits' | 'killed' | 'gone'> => allocateAt(place, lab, name, bytes);
