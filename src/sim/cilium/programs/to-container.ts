/**
 * cil_to_container (section to-container to 1.12): what goes to a pod, at the node's end of its veth pair, egress.
 * Attached with endpoint routes only, where the stack delivers. bpf/bpf_lxc.c @ v1.12.1 and v1.18.
 */
import type { Program } from '../../linux/index.ts';
import type { Features } from '../features.ts';
import { OK, program } from './context.ts';
import { ingressPolicy } from './local-delivery.ts';

export const toContainer = (features: Features): Program =>
	program(features.programNames === 'section' ? 'to-container' : 'cil_to_container', features, (skb, ctx) => {
		ingressPolicy(skb, ctx);
		return OK;
	});
