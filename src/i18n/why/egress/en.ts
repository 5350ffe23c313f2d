import type { EgressWords } from '../types.ts';

export const why: EgressWords = {
	'cilium.egw-address': 'An egress policy covers {ip}: the packet is to leave with the policy’s egress IP, {address}.',
	'cilium.egw-excluded':
		'{ip} is in a CIDR that the egress policy leaves out: the packet goes on as if there were no policy.',
	'cilium.egw-gateway':
		'An egress policy selects this pod and {ip}: the packet goes into the tunnel to the gateway, node {node}, whatever the routing mode.',
	'cilium.egw-here':
		'An egress policy selects this pod and {ip}, and its gateway is this very node: the packet need not go elsewhere.',
	'cilium.egw-no-address':
		'An egress policy covers {ip}, but its gateway has no egress IP: the packet is dropped, and nobody is told.',
	'cilium.egw-no-gateway':
		'An egress policy covers {ip}, but no node is its gateway: the packet is dropped rather than let out with another address.',
	'cilium.egw-reply':
		'This answers what pod {ip} asked through this gateway: it goes back into the tunnel, to the pod’s node {node}.',
	'cilium.egw-way':
		'This node is the gateway for {ip}. The way out is looked up as from the egress IP, {address}; the source changes where the packet leaves.',
};
