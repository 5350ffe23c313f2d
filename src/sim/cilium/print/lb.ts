/** `cilium bpf lb list`: cilium-dbg/cmd/bpf_lb_list.go, pkg/loadbalancer ServiceFlags.String() @ v1.12.1, v1.18.0. */
import type { Namespace } from '../../linux/index.ts';
import { formatPrefix } from '../../wire/index.ts';
import { minorOf } from '../features.ts';
import type { CiliumMaps } from '../maps/index.ts';
import {
	endpointText,
	type Lb4Key,
	type Lb4Service,
	SCOPE_INT,
	SVC_AFFINITY,
	SVC_EXT_LOCAL_SCOPE,
	SVC_EXTERNAL_IP,
	SVC_HOSTPORT,
	SVC_LOADBALANCER,
	SVC_NODEPORT,
	SVC_ROUTABLE,
	SVC_SOURCE_RANGE,
	SVC2_FWD_MODE_DSR,
	SVC2_INT_LOCAL_SCOPE,
	SVC2_L7_LOADBALANCER,
	SVC2_LOCAL_REDIRECT,
	SVC2_LOOPBACK,
	SVC2_NAT_46X64,
	SVC2_QUARANTINED,
	SVC2_TWO_SCOPES,
} from '../maps/services.ts';
import { protocolText } from '../maps/tuple.ts';
import { type Printed, printed, twoColumns } from './table.ts';

const typeOf = ({ flags, flags2 }: Lb4Service): string => {
	if (flags & SVC_EXTERNAL_IP) return 'ExternalIPs';
	if (flags & SVC_NODEPORT) return 'NodePort';
	if (flags & SVC_HOSTPORT) return 'HostPort';
	if (flags & SVC_LOADBALANCER) return 'LoadBalancer';
	return flags2 & SVC2_LOCAL_REDIRECT ? 'LocalRedirect' : 'ClusterIP';
};

/** A service's flags in words: `ClusterIP, non-routable`. */
export const serviceFlagsText = (service: Lb4Service): string => {
	const { flags, flags2 } = service;
	const words = [typeOf(service)];
	const say = (set: number, word: string): void => {
		if (set) words.push(word);
	};
	say(flags & SVC_EXT_LOCAL_SCOPE, 'Local');
	say(flags2 & SVC2_INT_LOCAL_SCOPE, 'InternalLocal');
	say(flags2 & SVC2_TWO_SCOPES, 'two-scopes');
	say(flags & SVC_AFFINITY, 'sessionAffinity');
	if (!(flags & SVC_ROUTABLE)) words.push('non-routable');
	say(flags & SVC_SOURCE_RANGE, 'check source-range');
	if (flags & SVC_SOURCE_RANGE) say(flags2 & SVC2_QUARANTINED, 'deny');
	say(flags2 & SVC2_NAT_46X64, '46x64');
	say(flags2 & SVC2_L7_LOADBALANCER, 'l7-load-balancer');
	say(flags2 & SVC2_LOOPBACK, 'loopback');
	say(flags2 & SVC2_FWD_MODE_DSR, 'dsr');
	return words.join(', ');
};

/** How a version writes a key: with the protocol where the key has one, with the slot from 1.15. */
export const serviceKeyText = (maps: CiliumMaps, { address, port, proto, scope, slot }: Lb4Key): string => {
	const protocol = maps.features.protocolInKey ? `/${protocolText(proto)}` : '';
	const text = `${endpointText(address, port)}${protocol}${scope === SCOPE_INT ? '/i' : ''}`;
	return minorOf(maps.features.version) >= 15 ? `${text} (${slot})` : text;
};

/** A service or one of its slots: `10.244.1.199:8080 (7) (1)`. */
export const serviceValueText = (maps: CiliumMaps, ns: Namespace, key: Lb4Key, value: Lb4Service): string => {
	const numbers = `(${value.revNatIndex}) (${key.slot})`;
	if (key.slot === 0) return `0.0.0.0:0 ${numbers} [${serviceFlagsText(value)}]`;
	const backend = maps.backends.peek(ns, value.backendId);
	if (!backend) return `backend ${value.backendId} not found`;
	const protocol = maps.features.protocolInKey ? `/${protocolText(backend.proto)}` : '';
	return `${endpointText(backend.address, backend.port)}${protocol} ${numbers}`;
};

/** Rows of one key stand together; the real table is in no order, ours in the order of the frontends' numbers. */
export const lbList = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = new Map<string, string[]>();
	// From 1.15 a blank, for the port of a proxy of layer 7, of which there is none.
	const blank = minorOf(maps.features.version) >= 15 ? ' ' : '';
	for (const [key, value] of maps.services.dump(ns)) {
		const text = serviceKeyText(maps, key);
		const line = serviceValueText(maps, ns, key, value) + (key.slot === 0 ? blank : '');
		const row = rows.get(text);
		if (row) row.push(line);
		else rows.set(text, [line]);
	}
	return printed(twoColumns('SERVICE ADDRESS', 'BACKEND ADDRESS (REVNAT_ID) (SLOT)', [...rows]));
};

/** `cilium bpf lb list --revnat`. */
export const lbListRevNat = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = [...maps.reverseNat.dump(ns)].map(
		([id, to]) => [String(id), [endpointText(to.address, to.port)]] as const,
	);
	return printed(twoColumns('ID', 'BACKEND ADDRESS (REVNAT_ID) (SLOT)', rows));
};

const STATES = ['active', 'terminating', 'quarantined', 'maintenance'];

/** `cilium bpf lb list --backends`. */
export const lbListBackends = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = [...maps.backends.dump(ns)].map(([id, { address, port, proto, state }]) => {
		const text = `${protocolText(proto).toLowerCase()}://${endpointText(address, port)} (${STATES[state]})`;
		return [String(id), [text]] as const;
	});
	return printed(twoColumns('ID', 'BACKEND ADDRESS (REVNAT_ID) (SLOT)', rows));
};

/** `cilium bpf lb list --source-ranges`. */
export const lbListSourceRanges = (maps: CiliumMaps, ns: Namespace): Printed => {
	const rows = [...maps.sourceRange.dump(ns)].map(
		([{ prefix, revNatIndex }]) => [`${formatPrefix(prefix)} (${revNatIndex})`, ['']] as const,
	);
	return printed(twoColumns('SOURCE RANGE (REVNAT_ID)', '', rows));
};
