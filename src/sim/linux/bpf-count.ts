/**
 * Who looks into maps at this moment: the program that runs, while somebody counts (the kernel too keeps this beside
 * the program, bpf_set_run_ctx()). A helper is given a map and a key, and not the packet it works for.
 */
import type { Net } from './types.ts';

let told: ((table: string, hit: boolean) => void) | undefined;

/** Runs a program for a packet; `net.lookup` is told of each of its lookups. */
export const counted = <T>(net: Net, ns: string, packet: number, program: string, run: () => T): T => {
	const { lookup } = net;
	if (!lookup) return run();
	told = (table, hit) => lookup({ ns, packet, program, table, hit });
	try {
		return run();
	} finally {
		told = undefined;
	}
};

/** A map was asked for a key. Heard only while a program runs: what an agent reads is no lookup of a packet's. */
export const lookedUp = (table: string, hit: boolean): void => told?.(table, hit);
