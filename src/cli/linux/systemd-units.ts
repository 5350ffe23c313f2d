/** Units of a node that the lab follows, their processes, and times as systemd writes them. */
import { minorOf } from '../../sim/kube/index.ts';
import { type Cluster, contextOf, type NodeMachine, type UnitFile, unitFiles } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';
import type { Process } from './process-numbers.ts';
import { nodeProcessTable } from './processes.ts';
import { clock, dayName, isoDate } from './words.ts';

export interface Unit {
	readonly description: string;
	readonly docs: string;
	readonly slice: string;
}

export const UNITS: Readonly<Record<string, Unit>> = {
	containerd: {
		description: 'containerd container runtime',
		docs: 'https://containerd.io',
		slice: 'system.slice',
	},
	kubelet: {
		description: 'kubelet: The Kubernetes Node Agent',
		docs: 'http://kubernetes.io/docs/',
		slice: 'kubelet.slice',
	},
};

export const agoText = (seconds: number): string =>
	seconds < 60
		? `${Math.floor(seconds)}s`
		: seconds < 3600
			? `${Math.floor(seconds / 60)}min ${Math.floor(seconds % 60)}s`
			: seconds < 86_400
				? `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}min`
				: `${Math.floor(seconds / 86_400)} day ${Math.floor((seconds % 86_400) / 3600)}h`;

/** The files of a unit on the node of a call, its drop-ins last. */
export function filesOfUnit({ lab, place }: Pick<Call, 'lab' | 'place'>, unit: string): readonly UnitFile[] {
	const cluster = place.kind === 'node' ? lab.cluster(place.cluster) : undefined;
	return cluster ? unitFiles(minorIn(cluster))[unit as 'kubelet'] : [];
}

/** The minor of a cluster's node image. */
export const minorIn = (cluster: Cluster): number => minorOf(contextOf(cluster)?.image.kubernetes ?? '');

/** Seconds since 1970 as systemd writes them. */
export const moment = (seconds: number): string => `${dayName(seconds)} ${isoDate(seconds)} ${clock(seconds)} UTC`;

export const mainProcess = (call: Call, cluster: Cluster, machine: NodeMachine, name: string): Process | undefined =>
	nodeProcessTable(call.lab, cluster, machine).find((p) => p.comm === name && p.container === undefined);
