/**
 * The agent's egress gateway manager: from CiliumEgressGatewayPolicy objects, pods and nodes to the entries of one
 * node's map. pkg/egressgateway/{manager,policy}.go @ v1.12.1, v1.18.0.
 *
 * Not modelled: IPv6, several gateways (`egressGateways`, 1.18), and the seconds until a new pod's entry is there.
 */
import { type CiliumEgressGatewayPolicy, compare, list, type Node, type Pod, type Snapshot } from '../kube/index.ts';
import { deviceByName, type Namespace } from '../linux/index.ts';
import { type Ip, prefixOf } from '../wire/index.ts';
import { type EgressFeatures, egressFeatures } from './egress-features.ts';
import {
	type EgressEntry,
	type EgressKey,
	EXCLUDED_CIDR,
	egressPolicyMap,
	NO_EGRESS_IP,
	NO_GATEWAY,
} from './maps/egress.ts';

type Labels = Readonly<Record<string, string>>;

/** A selector's matchLabels: none at all matches everything, as the API has it. */
const matches = (selector: Labels, labels: Labels): boolean =>
	Object.entries(selector).every(([key, value]) => labels[key] === value);

/** ParseCEGP(): policies it refuses select nothing. */
const valid = ({ selectors, destinationCIDRs, egressGateway }: CiliumEgressGatewayPolicy): boolean =>
	destinationCIDRs.length > 0 &&
	selectors.length > 0 &&
	selectors.every((s) => s.podSelector !== undefined || s.namespaceSelector !== undefined) &&
	(egressGateway.interface === undefined || egressGateway.egressIP === undefined);

/** matchesEndpointLabels(). Of a namespace only the label every one has, its name, is known here. */
const selectsPod = (
	{ selectors }: CiliumEgressGatewayPolicy,
	pod: Pod,
	nodes: readonly Node[],
	{ selectorNodes }: EgressFeatures,
): boolean => {
	const { namespace, labels } = pod.metadata;
	const node = nodes.find(({ metadata }) => metadata.name === pod.nodeName);
	return selectors.some(
		(s) =>
			matches(s.podSelector ?? {}, labels) &&
			matches(s.namespaceSelector ?? {}, { 'kubernetes.io/metadata.name': namespace }) &&
			(!selectorNodes || matches(s.nodeSelector ?? {}, node?.metadata.labels ?? {})),
	);
};

const firstIpv4 = (ns: Namespace, device: string | undefined): Ip =>
	(device === undefined ? undefined : deviceByName(ns, device)?.addresses[0]?.ip) ?? NO_EGRESS_IP;

/** deriveFromPolicyGatewayConfig(): what the gateway itself finds; the interface with the default route otherwise. */
const deriveEgressIP = (
	{ egressGateway }: CiliumEgressGatewayPolicy,
	ns: Namespace,
	{ needsAddress }: EgressFeatures,
): Ip => {
	const { interface: device, egressIP } = egressGateway;
	if (device !== undefined) return firstIpv4(ns, device);
	if (egressIP !== undefined && egressIP !== 0) {
		const here = [...ns.devices.values()].some(({ addresses }) => addresses.some(({ ip }) => ip === egressIP));
		// To 1.16 the address stayed in the entry although no interface has it.
		return here || !needsAddress ? egressIP : NO_EGRESS_IP;
	}
	const route = ns.routes.find(({ dst, table, dev }) => dst.length === 0 && table === 254 && dev !== undefined);
	return firstIpv4(ns, route && ns.devices.get(route.dev!)?.name);
};

/** Replaces a node's entries. The gateway is the first node by name that the policy selects. */
export const syncEgressPolicies = (version: string, ns: Namespace, name: string, snapshot: Snapshot): void => {
	const features = egressFeatures(version);
	const nodes = [...list(snapshot, 'Node')].sort((a, b) => compare(a.metadata.name, b.metadata.name));
	const pods = list(snapshot, 'Pod').filter((pod) => !pod.hostNetwork && pod.podIP !== undefined);
	const entries: (readonly [EgressKey, EgressEntry])[] = [];
	for (const policy of list(snapshot, 'CiliumEgressGatewayPolicy').filter(valid)) {
		const gateway = nodes.find((node) => matches(policy.egressGateway.nodeSelector, node.metadata.labels));
		const gatewayIP = gateway?.internalIP ?? NO_GATEWAY;
		const egressIP = gateway?.metadata.name === name ? deriveEgressIP(policy, ns, features) : NO_EGRESS_IP;
		const excluded = features.specialValues ? policy.excludedCIDRs : [];
		for (const pod of pods.filter((p) => selectsPod(policy, p, nodes, features)))
			for (const [cidrs, by] of [
				[policy.destinationCIDRs, gatewayIP],
				[excluded, EXCLUDED_CIDR],
			] as const)
				for (const { address, length } of cidrs)
					entries.push([
						{ source: pod.podIP!, destination: prefixOf(address, length) },
						{ egressIP, gatewayIP: by },
					]);
	}
	egressPolicyMap.replace(ns, entries);
};
