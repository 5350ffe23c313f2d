/** Ports of the laptop where a program listens that hands on what comes: `kubectl port-forward`, `kubectl proxy`. */
import type { Cluster, Lab } from '../sim/lab/index.ts';
import type { Endpoint } from '../sim/linux/index.ts';
import type { Ip } from '../sim/wire/index.ts';

export interface LocalPort {
	/** Name of the program, as `ss -p` has it. */
	readonly owner: string;
	/** 0 for every address; undefined of an address of IPv6, from which nothing comes in this lab. */
	readonly ip: Ip | undefined;
	/** The address as text: `127.0.0.1`, `::1`. */
	readonly host: string;
	readonly port: number;
	/** What whoever connects gets, while his packets are under way; nothing closes the connection. */
	answer(octets: Uint8Array, peer: Endpoint): Uint8Array | undefined;
	/** A port of a pod it leads to, where it leads to one. */
	readonly to?: {
		readonly cluster: Cluster;
		readonly namespace: string;
		readonly pod: string;
		readonly port: number;
	};
}

const open = new WeakMap<Lab, readonly LocalPort[]>();

/** In the order they were opened. */
export const localPorts = (lab: Lab): readonly LocalPort[] => open.get(lab) ?? [];

/** The one that takes what is sent to an address of the laptop. */
export const localPortAt = (lab: Lab, ip: Ip, port: number): LocalPort | undefined =>
	localPorts(lab).find((item) => item.port === port && (item.ip === 0 || item.ip === ip));

/** Listens until what it answers is called. Whether the port is free is for the program to ask. */
export function openLocalPort(lab: Lab, port: LocalPort): () => void {
	open.set(lab, [...localPorts(lab), port]);
	return () => {
		open.set(
			lab,
			localPorts(lab).filter((item) => item !== port),
		);
	};
}
