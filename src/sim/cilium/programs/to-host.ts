/**
 * cil_to_host (section to-host to 1.12): what the node itself is about to receive by cilium_net or cilium_host. Its
 * work, the host firewall, is not modelled: everything passes. bpf/bpf_host.c @ v1.12.1 and v1.18.
 */
import type { Program } from '../../linux/index.ts';
import { OK, program } from './context.ts';
import type { NodeConfig } from './node.ts';

export const toHost = (node: NodeConfig): Program => program('to_host', 'host', node, () => OK);
