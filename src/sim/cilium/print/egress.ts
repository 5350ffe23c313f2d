/** `cilium bpf egress list`: cilium/cmd/bpf_egress_list.go @ v1.12.1, cilium-dbg/cmd @ v1.18.0. */
import type { Namespace } from '../../linux/index.ts';
import { formatIp, formatPrefix } from '../../wire/index.ts';
import { egressFeatures } from '../egress-features.ts';
import { type EgressEntry, type EgressKey, EXCLUDED_CIDR, egressPolicyMap, NO_GATEWAY } from '../maps/egress.ts';
import { type Printed, printed } from './table.ts';

const TITLE = ['Source IP', 'Destination CIDR', 'Egress IP', 'Gateway IP'] as const;

/** The four cells of an entry. The special gateways have names from 1.14, as they have meanings. */
export const egressColumns = (version: string, { source, destination }: EgressKey, entry: EgressEntry) => {
	const { egressIP, gatewayIP } = entry;
	const named = egressFeatures(version).specialValues;
	const gateway =
		named && gatewayIP === NO_GATEWAY
			? 'Not Found'
			: named && gatewayIP === EXCLUDED_CIDR
				? 'Excluded CIDR'
				: formatIp(gatewayIP);
	return [formatIp(source), formatPrefix(destination), formatIp(egressIP), gateway] as const;
};

/** text/tabwriter: cells at least five wide, three blanks between; the last is as long as it is. */
export const egressList = (version: string, ns: Namespace): Printed => {
	if (!egressPolicyMap.exists(ns)) return printed([], ['Cannot find egress gateway bpf maps']);
	const entries = [...egressPolicyMap.dump(ns)].map(([key, entry]) => egressColumns(version, key, entry));
	if (entries.length === 0) return printed([], ['No entries found.']);
	const rows: readonly (readonly string[])[] = [TITLE, ...entries];
	const widths = TITLE.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)) + 3);
	return printed(rows.map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('')));
};
