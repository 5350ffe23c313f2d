import type { PolicyWords } from '../types.ts';

export const why: PolicyWords = {
	'cilium.policy-allow-egress':
		'Endpoint {endpoint}’s policy map has an entry for identity {identity} ({ip}) on the way out (match: {match}): the connection is allowed.',
	'cilium.policy-allow-ingress':
		'Endpoint {endpoint}’s policy map has an entry for identity {identity} ({ip}) on its way in (match: {match}): the connection is allowed.',
	'cilium.policy-audit-egress':
		'Endpoint {endpoint}’s policies do not allow identity {identity} ({ip}) on the way out (match: {match}). The endpoint is in policy audit mode: this is told, and the packet goes on.',
	'cilium.policy-audit-ingress':
		'Endpoint {endpoint}’s policies do not allow identity {identity} ({ip}) on its way in (match: {match}). The endpoint is in policy audit mode: this is told, and the packet goes on.',
	'cilium.policy-deny-egress':
		'Endpoint {endpoint}’s policy map denies identity {identity} ({ip}) on the way out (match: {match}). A denial wins over anything allowed: the packet is dropped, and nobody is told.',
	'cilium.policy-deny-ingress':
		'Endpoint {endpoint}’s policy map denies identity {identity} ({ip}) on its way in (match: {match}). A denial wins over anything allowed: the packet is dropped, and nobody is told.',
	'cilium.policy-none-egress':
		'A policy selects endpoint {endpoint} for egress, so what no entry allows is denied. There is none for identity {identity} ({ip}) and this port: the packet is dropped, and nobody is told.',
	'cilium.policy-none-ingress':
		'A policy selects endpoint {endpoint} for ingress, so what no entry allows is denied. There is none for identity {identity} ({ip}) and this port: the packet is dropped, and nobody is told.',
	'kindnet.policy-egress':
		'A NetworkPolicy selects pod {pod} for egress, so what no rule allows is denied, and none allows {ip} and this port. The kernel asks kindnetd about the first packet of each connection (queue 102): it is dropped, and nobody is told.',
	'kindnet.policy-ingress':
		'A NetworkPolicy selects pod {pod} for ingress, so what no rule allows is denied, and none allows {ip} and this port. The kernel asks kindnetd about the first packet of each connection (queue 102): it is dropped, and nobody is told.',
};
