import type { Features } from '../features.ts';

/**
 * What `tc` calls a program: its section to 1.12 (`from-netdev`), its function later (`cil_from_netdev`). XDP's section
 * is from-netdev too, so it goes by its function always.
 */
export const programName = (features: Features, name: string): string => {
	if (features.programNames === 'function') return `cil_${name}`;
	return name === 'xdp_entry' ? `bpf_${name}` : name.replaceAll('_', '-');
};
