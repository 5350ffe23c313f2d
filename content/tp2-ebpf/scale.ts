/** A node of a large cluster, with kube-proxy and with Cilium's programs: rules the first packet tries. */
import { rulesTriedIn } from '../../src/content/index.ts';
import { BUNDLES, FLEET_NODE, FLEET_NODE_PORT, fleet } from '../../src/sim/scenarios/index.ts';
import { apply, createWorld } from '../../src/sim/world/index.ts';
import { ebpf } from './places.ts';

const counted = new Map<string, number>();

/**
 * Rules tried by the first packet to a NodePort on a node that knows `services` other services. Pages in four
 * languages ask for the same, and a large cluster takes seconds to make.
 */
export function rulesAtScale(who: 'proxy' | 'ebpf', services: number): number {
	const key = `${who} ${services}`;
	const known = counted.get(key);
	if (known !== undefined) return known;
	const scenario = { ...fleet(services), bundles: BUNDLES };
	const { podOn: _, ...programs } = ebpf('snat');
	const made = createWorld(scenario, who === 'ebpf' ? programs : { bundle: 'cilium-1.12' });
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	const probe = { from: 'host', to: { ip: FLEET_NODE, port: FLEET_NODE_PORT }, protocol: 'tcp' } as const;
	const applied = apply(made.world, { kind: 'connect', probe });
	if ('error' in applied || applied.outcome?.result !== 'connected') throw new Error(`nobody answered: ${key}`);
	const tried = rulesTriedIn(applied.outcome);
	counted.set(key, tried);
	return tried;
}
