/** A node of a large cluster, with kube-proxy and with Cilium's programs: what the packets of a connection cost it. */
import { rulesTriedFor } from '../../src/content/index.ts';
import { FLEET_NODE, FLEET_NODE_PORT, fleet } from '../../src/sim/scenarios/index.ts';
import { apply, createWorld, type Outcome } from '../../src/sim/world/index.ts';
import { ebpf } from './places.ts';

export type Who = 'proxy' | 'ebpf';

/** Of one packet: rules that were tried, and lookups of programs in maps. */
export interface Cost {
	readonly rules: number;
	readonly maps: number;
}

export interface ScaleCosts {
	/** The SYN. */
	readonly first: Cost;
	/** The client's packets after it; all of them cost the same. */
	readonly later: Cost;
}

const counted = new Map<string, ScaleCosts>();

/**
 * What a client's packets to a NodePort cost a node that knows `services` other services, with the pod on the node.
 * Pages in four languages ask for the same, and a large cluster takes a second to make.
 */
export function costsAtScale(who: Who, services: number): ScaleCosts {
	const key = `${who} ${services}`;
	const known = counted.get(key);
	if (known) return known;
	const { podOn: _, ...programs } = ebpf('snat');
	const made = createWorld(fleet(services), who === 'ebpf' ? programs : { bundle: programs.bundle });
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	const probe = { from: 'host', to: { ip: FLEET_NODE, port: FLEET_NODE_PORT }, protocol: 'tcp' } as const;
	const maps = new Map<number, number>();
	const applied = apply(
		made.world,
		{ kind: 'connect', probe },
		{
			lookup: ({ packet, program }) => {
				if (program) maps.set(packet, (maps.get(packet) ?? 0) + 1);
			},
		},
	);
	if ('error' in applied || applied.outcome?.result !== 'connected') throw new Error(`nobody answered: ${key}`);
	const { outcome } = applied;
	const costOf = (packet: number): Cost => ({ rules: rulesTriedFor(outcome, packet), maps: maps.get(packet) ?? 0 });
	const costs = { first: costOf(outcome.firstPacket), later: costOf(nextOf(outcome)) };
	counted.set(key, costs);
	return costs;
}

/** The client's packet after its first: what it sent since has IP headers. */
function nextOf({ trace, firstPacket }: Outcome): number {
	const sent = trace.find((d) => d.ns === 'host' && d.hook === 'tx' && d.before && d.packet > firstPacket);
	if (!sent) throw new Error('no packet after the first');
	return sent.packet;
}
