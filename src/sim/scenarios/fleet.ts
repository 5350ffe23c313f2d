/**
 * A node of a large cluster: as many services as one asks for, each with an endpoint somewhere else, and one echo
 * server behind a NodePort here. For measuring what kube-proxy's rules cost, and what Cilium's maps do, in memory and
 * per packet.
 */
import type { EndpointSlice, ServiceRequest } from '../kube/index.ts';
import { prefixOf } from '../wire/index.ts';
import type { Scenario } from '../world/index.ts';
import { BUNDLES } from './bundles.ts';
import { bothProtocols, boundPod, meta, service } from './objects.ts';

const SERVICES_AT = 0x0a600000; // 10.96.0.0/12
const PODS_AT = 0x0a800000; // 10.128.0.0/9
const NODE = 0xac120002; // 172.18.0.2
const CLIENT = 0xac120001;
const ECHO_POD = PODS_AT + 10;

/** NodePort of the echo server. */
export const FLEET_NODE_PORT = 32017;
/** Address of the one node. */
export const FLEET_NODE = NODE;

const name = (i: number): string => `svc-${`${i}`.padStart(5, '0')}`;

function other(i: number): { readonly service: ServiceRequest; readonly slice: EndpointSlice } {
	const ports = [{ name: '', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 0 }] as const;
	return {
		service: service('fleet', name(i), SERVICES_AT + 256 + i, ports, {}),
		slice: {
			kind: 'EndpointSlice',
			metadata: meta('fleet', `${name(i)}-slice`),
			service: name(i),
			ports: [{ name: '', port: 8080, protocol: 'TCP' }],
			endpoints: [
				{
					ip: PODS_AT + 1024 + i,
					nodeName: `node-${i % 400}`,
					ready: true,
					serving: true,
					terminating: false,
					podName: `pod-${i}`,
				},
			],
		},
	};
}

/** `services` services beside the echo server's, 0 to 100,000. */
export function fleet(services: number): Scenario {
	const others = Array.from({ length: services }, (_, i) => other(i));
	return {
		id: `fleet-${services}`,
		version: 1,
		seed: 27000,
		bundles: BUNDLES,
		start: {
			bundle: 'bare-1.24',
			kubeProxy: 'iptables',
			externalTrafficPolicy: 'Cluster',
			internalTrafficPolicy: 'Cluster',
			sessionAffinity: 'None',
			replicas: 1,
			protocol: 'TCP',
			helm: {},
		},
		hosts: [
			{ ns: 'host', addresses: [{ dev: 'eth0', ip: CLIENT, length: 16 }], routes: [], forward: false },
			{ ns: 'node/here', addresses: [{ dev: 'eth0', ip: NODE, length: 16 }], routes: [], forward: true },
		],
		bridges: [],
		links: [
			{
				ends: [
					{ ns: 'host', dev: 'eth0' },
					{ ns: 'node/here', dev: 'eth0' },
				],
			},
		],
		cluster: {
			name: 'fleet',
			nodes: [
				{
					name: 'here',
					internalIP: NODE,
					device: 'eth0',
					podCIDR: prefixOf(PODS_AT, 24),
					labels: { 'kubernetes.io/hostname': 'here' },
					controlPlane: false,
				},
			],
			podCIDR: prefixOf(PODS_AT, 9),
			serviceCIDR: prefixOf(SERVICES_AT, 12),
			deployments: [],
			pods: [boundPod('default', 'echo', 'here', bothProtocols(8080), { labels: { app: 'echo' } })],
			podAddresses: { 'default/echo': ECHO_POD },
			services: [
				service(
					'default',
					'echo',
					SERVICES_AT + 10,
					[{ name: '', protocol: 'TCP', port: 8080, targetPort: 8080, nodePort: FLEET_NODE_PORT }],
					{ app: 'echo' },
					{ type: 'NodePort' },
				),
				...others.map((o) => o.service),
			],
			endpointSlices: others.map((o) => o.slice),
			pins: [],
			replicaSetHash: {},
			speaks: {},
		},
		subject: { services: ['default/echo'], protocol: ['default/echo'] },
		places: [
			{ ns: 'host', x: 0, y: 0 },
			{ ns: 'node/here', x: 1, y: 0 },
		],
	};
}
