/**
 * Which line of bpf/ counted a forwarded packet: from 1.16 part of cilium_metrics' key. Read @ v1.16.15, v1.17.8, v1.18.3 and
 * main where v1.19 branched off; other patches of a minor have their neighbour's.
 */
import type { TraceNotification } from './types.ts';

type Site = readonly [file: string, line: readonly [v16: number, v17: number, v18: number, v19: number]];

const TO_ENDPOINT: Site = ['bpf_lxc.c', [1988, 2027, 2038, 2177]];
const DELIVERY: readonly (readonly [file: string, line: number])[] = [
	['l3.h', 86],
	['l3.h', 75],
	['local_delivery.h', 122],
	['local_delivery.h', 130],
];
const POD_TO_STACK: Site = ['bpf_lxc.c', [1313, 1345, 1351, 1269]];
const POD_TO_NETWORK: Site = ['bpf_lxc.c', [1262, 1294, 1312, 1500]];
const TO_NETWORK: Site = ['bpf_host.c', [1614, 1657, 1646, 1533]];
const HOST_TO_STACK: Site = ['bpf_host.c', [1736, 1817, 1806, 1791]];
const TO_OVERLAY: Site = ['encap.h', [52, 52, 34, 35]];
const FROM_NETWORK: Site = ['bpf_host.c', [1147, 1201, 1155, 1115]];
const FROM_HOST: Site = ['bpf_host.c', [1147, 1201, 1155, 1139]];
const FROM_OVERLAY: Site = ['bpf_overlay.c', [664, 743, 737, 585]];

/** `delivery`: the sender's side of a delivery on this node. */
export function metricSite(
	minor: number,
	{ point, sender }: Pick<TraceNotification, 'point' | 'sender'>,
	delivery = false,
): { readonly file: string; readonly line: number } {
	const at = Math.min(3, Math.max(0, minor - 16));
	if (delivery) return { file: DELIVERY[at]![0], line: DELIVERY[at]![1] };
	const [file, lines] = siteOf(point, sender !== 0);
	return { file, line: lines[at]! };
}

function siteOf(point: TraceNotification['point'], pod: boolean): Site {
	switch (point) {
		case 'to-endpoint':
			return TO_ENDPOINT;
		case 'to-stack':
			return pod ? POD_TO_STACK : HOST_TO_STACK;
		case 'to-network':
			return pod ? POD_TO_NETWORK : TO_NETWORK;
		case 'to-overlay':
			return TO_OVERLAY;
		case 'from-host':
			return FROM_HOST;
		case 'from-overlay':
			return FROM_OVERLAY;
		default:
			return FROM_NETWORK;
	}
}
