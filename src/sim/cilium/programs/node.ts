/** What the agent compiles into all programs of one node (node_config.h, and constants patched in when loading). */
import { type Ip, type Mac, type Prefix, parseIp } from '../../wire/index.ts';
import type { CiliumMaps } from '../maps/index.ts';
import type { PolicyPrograms } from '../policy/check.ts';
import type { EgressPrograms } from './egress-gateway.ts';

export interface NodeConfig {
	readonly maps: CiliumMaps;
	/** IPV4_DIRECT_ROUTING: what requests for backends on other nodes are sent from. */
	readonly directRouting: Ip;
	/** The native device; DIRECT_ROUTING_DEV_IFINDEX. */
	readonly nativeIfindex: number;
	/** THIS_MTU of the native device, octets. */
	readonly mtu: number;
	/** IPV4_GATEWAY: address of cilium_host. */
	readonly gateway: Ip;
	/** CILIUM_NET_MAC: packets cilium_host is to hand to the stack carry it. */
	readonly ciliumNetMac: Mac;
	/** ENABLE_NODEPORT. */
	readonly nodePort: boolean;
	/** ENABLE_DSR, ENABLE_DSR_HYBRID. */
	readonly mode: 'snat' | 'dsr' | 'hybrid';
	/** DSR_ENCAP_MODE: in an IP option, or in a Geneve option. */
	readonly dispatch: 'opt' | 'geneve';
	/** ENABLE_DSR_ICMP_ERRORS: path MTU discovery is on, so a packet too long for the option is answered. */
	readonly dsrIcmpErrors: boolean;
	/** ENABLE_MASQUERADE (ENABLE_MASQUERADE_IPV4): pods are masqueraded by to_netdev, not by iptables. */
	readonly bpfMasquerade: boolean;
	/** IPV4_SNAT_EXCLUSION_DST_CIDR. */
	readonly snatExclusion: Prefix | undefined;
	/** ENABLE_HOST_ROUTING: packets for pods skip the host's stack both ways. */
	readonly hostRouting: boolean;
	/** USE_BPF_PROG_FOR_INGRESS_POLICY: pods' devices have a program on their egress, which looks at what comes. */
	readonly endpointRoutes: boolean;
	/** TUNNEL_MODE. */
	readonly tunnel: boolean;
	/** ENCAP_IFINDEX of cilium_vxlan or cilium_geneve; 0 without. */
	readonly encapIfindex: number;
	/** ENABLE_PER_PACKET_LB: pods' packets to services are translated in from_container, not at connect(). */
	readonly perPacketLb: boolean;
	/** IPV4_LOOPBACK: who a pod seems to be when it reaches itself through a service. */
	readonly loopback: Ip;
	/** ENABLE_SKIP_FIB: the node has one native device, so answers can leave by no other. */
	readonly oneDevice: boolean;
	/** SERVICE_NO_BACKEND_RESPONSE, from 1.15. */
	readonly noBackendResponse: 'reject' | 'drop';
	/** ENABLE_EGRESS_GATEWAY: what it compiles in. */
	readonly egressGateway: EgressPrograms | undefined;
	/** How policy maps are asked. Undefined where no cluster has a policy. */
	readonly policy: PolicyPrograms | undefined;
}

/** IPV4_LOOPBACK, unless configured (ipv4-service-loopback-address). */
export const SERVICE_LOOPBACK: Ip = parseIp('169.254.42.1')!;

/** nodeport_uses_dsr4(). */
export const usesDsr = (node: NodeConfig, proto: number): boolean =>
	node.mode === 'dsr' || (node.mode === 'hybrid' && proto === 6);
