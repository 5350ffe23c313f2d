/**
 * cil_to_container (section to-container to 1.12): what goes to a pod, at the node's end of its veth pair, egress.
 * Attached with endpoint routes only, where the stack delivers. bpf/bpf_lxc.c @ v1.12.1 and v1.18.
 */
import type { Program } from '../../linux/index.ts';
import { identityOfMark } from '../identity.ts';
import { OK, program, tailCall } from './context.ts';
import { ingressPolicy } from './local-delivery.ts';
import type { NodeConfig } from './node.ts';
import { resolveSrcid4 } from './source-identity.ts';

export const toContainer = (node: NodeConfig): Program =>
	program('to_container', 'lxc', node, (skb, ctx) =>
		tailCall(
			skb,
			{ ...ctx, source: resolveSrcid4(skb, ctx, identityOfMark(skb.mark) ?? 0) },
			'tail_ipv4_ct_ingress',
			(s, c) => tailCall(s, c, 'tail_ipv4_to_endpoint', (s2, c2) => ingressPolicy(s2, c2) ?? OK),
		),
	);
