/** BPF maps of a namespace that is copied. */
import type { Namespace } from './types.ts';

/** All maps of a namespace for its fork. */
export const forkBpfMaps = (maps: Namespace['bpfMaps']): Namespace['bpfMaps'] => {
	const out: Namespace['bpfMaps'] = new Map();
	for (const [name, map] of maps) {
		// Both sides write into a copy of their own from now on.
		map.shared = true;
		out.set(name, { ...map });
	}
	return out;
};
