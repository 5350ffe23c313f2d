/** From settings and a node's plan to what its programs are compiled with. */
import { deviceByName, type Namespace } from '../linux/index.ts';
import { egressGateway } from './egress-gateway.ts';
import type { CiliumMaps } from './maps/index.ts';
import type { CiliumNode, NodePlan } from './plan.ts';
import { policy } from './policy/policy.ts';
import { type NodeConfig, SERVICE_LOOPBACK } from './programs/node.ts';
import type { CiliumSettings } from './settings.ts';

/** Name of the tunnel device, where there is one: in tunnel mode, for DSR's notice in a Geneve header, to egress gateways. */
export const tunnelDevice = (settings: CiliumSettings): { name: string; kind: 'vxlan' | 'geneve' } | undefined => {
	const needed = settings.routingMode === 'tunnel' || usesGeneve(settings) || settings.egressGateway;
	const kind = settings.tunnelProtocol;
	return needed ? { name: `cilium_${kind}`, kind } : undefined;
};

const usesGeneve = ({ nodePort, lbMode, dsrDispatch }: CiliumSettings): boolean =>
	nodePort && lbMode !== 'snat' && dsrDispatch === 'geneve';

/** The devices of the plan are there. */
export const nodeConfig = (
	settings: CiliumSettings,
	maps: CiliumMaps,
	node: CiliumNode,
	plan: NodePlan,
	ns: Namespace,
): NodeConfig => {
	const native = deviceByName(ns, node.device);
	const tunnel = tunnelDevice(settings);
	return {
		maps,
		directRouting: node.internalIP,
		nativeIfindex: native?.ifindex ?? 0,
		mtu: native?.mtu ?? 1500,
		gateway: plan.routerIP,
		ciliumNetMac: deviceByName(ns, 'cilium_net')?.mac ?? 0,
		nodePort: settings.nodePort,
		mode: settings.lbMode,
		dispatch: settings.dsrDispatch,
		dsrIcmpErrors: settings.configMap.get('enable-pmtu-discovery') === 'true',
		bpfMasquerade: settings.bpfMasquerade,
		snatExclusion: settings.ipv4NativeRoutingCIDR ?? node.podCIDR,
		hostRouting: settings.hostRouting === 'bpf',
		endpointRoutes: settings.endpointRoutes,
		tunnel: settings.routingMode === 'tunnel',
		encapIfindex: (tunnel && deviceByName(ns, tunnel.name)?.ifindex) ?? 0,
		perPacketLb: settings.socketLB !== 'full',
		loopback: SERVICE_LOOPBACK,
		oneDevice: true,
		noBackendResponse: settings.noBackendResponse,
		egressGateway: settings.egressGateway ? egressGateway?.programs : undefined,
		policy: policy?.programs,
	};
};
