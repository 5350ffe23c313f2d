/**
 * `cilium bpf … list` on a node, by name: the one door for pages, the terminal and lab. From 1.15 the program in the
 * agent's container is cilium-dbg, and `cilium` a link to it (cilium-dbg/Makefile @ v1.15.4, v1.18.3).
 */
import type { Namespace } from '../../linux/index.ts';
import { egressGateway } from '../egress-gateway.ts';
import { features } from '../features.ts';
import { ciliumMaps } from '../maps/index.ts';
import type { CiliumSettings } from '../settings.ts';
import { ctListGlobal } from './ct.ts';
import { ipcacheList, tunnelList } from './ipcache.ts';
import { lbList, lbListBackends, lbListRevNat } from './lb.ts';
import { natList } from './nat.ts';
import { type Printed, printed } from './table.ts';

/** `cilium bpf lb list`, the same with `--backends` or `--revnat`, `cilium bpf ct list global`, … */
export type CiliumList = 'lb' | 'backends' | 'revnat' | 'ct' | 'nat' | 'ipcache' | 'tunnel' | 'egress';

/** What it prints in a node's namespace. `now`: virtual microseconds. */
export const ciliumList = (settings: CiliumSettings, ns: Namespace, now: number, list: CiliumList): Printed => {
	const maps = ciliumMaps(features(settings.version), settings.mapSizes, settings.clock, settings.lb);
	switch (list) {
		case 'lb':
			return lbList(maps, ns);
		case 'backends':
			return lbListBackends(maps, ns);
		case 'revnat':
			return lbListRevNat(maps, ns);
		case 'ct':
			return ctListGlobal(maps, ns, now);
		case 'nat':
			return natList(maps, ns, now);
		case 'ipcache':
			return ipcacheList(maps, ns);
		case 'tunnel':
			return tunnelList(maps, ns);
		case 'egress':
			return egressGateway?.list(settings.version, ns) ?? printed([]);
	}
};
