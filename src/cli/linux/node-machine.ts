/** The machine behind a place: a node's own container. */
import type { Cluster } from '../../sim/lab/index.ts';
import type { Call } from '../tool.ts';

export const machineOf = (call: Call): ReturnType<Cluster['nodes']>[number] | undefined => {
	const { place } = call;
	return place.kind === 'node'
		? call
				.cluster()
				?.nodes()
				.find((m) => m.name === place.node)
		: undefined;
};
