/**
 * A kind cluster of four nodes on one Docker network, as the course's first lessons use it: an echo server behind
 * a NodePort, and a client on the machine that runs Docker.
 *
 * Names, addresses and ports are those of the seed material; pod CIDRs are handed out in the order the nodes
 * joined (kube-controller-manager, cidrset @ v1.24.0), as `ipam.mode: kubernetes` uses them.
 */
import { type Ip, parseIp, prefixOf } from '../wire/index.ts';
import type { NodeSpec, Scenario } from '../world/index.ts';
import { BUNDLES } from './bundles.ts';
import { kindNetwork } from './kind-network.ts';
import { bothProtocols, boundPod, deployment, meta, service } from './objects.ts';

const ip = (text: string): Ip => parseIp(text)!;

interface Machine extends NodeSpec {
	/** Docker's name for the host's end of the cable. */
	readonly port: string;
}

const machine = (name: string, last: number, podNet: number, port: string): Machine => ({
	name: `basic-${name}`,
	internalIP: ip(`172.18.0.${last}`),
	device: 'eth0',
	podCIDR: prefixOf(ip(`10.244.${podNet}.0`), 24),
	labels: {
		'kubernetes.io/hostname': `basic-${name}`,
		...(name === 'control-plane' ? { 'ingress-ready': 'true', 'node-role.kubernetes.io/control-plane': '' } : {}),
	},
	controlPlane: name === 'control-plane',
	port,
});

/** In the order they joined. */
const MACHINES: readonly Machine[] = [
	machine('control-plane', 4, 0, 'veth3a91c07'),
	machine('worker', 3, 1, 'veth8e05d1f'),
	machine('worker2', 2, 2, 'vethb47f26a'),
	machine('worker3', 5, 3, 'vethd2c6e93'),
];

const ECHO = { app: 'echoserver' };
const DNS = { 'k8s-app': 'kube-dns' };
const CONTROL_PLANE = 'basic-control-plane';

export const kindBasic: Scenario = {
	id: 'kind-basic',
	version: 1,
	seed: 20220901,
	bundles: BUNDLES,
	start: {
		bundle: 'cilium-1.12',
		kubeProxy: 'iptables',
		externalTrafficPolicy: 'Cluster',
		internalTrafficPolicy: 'Cluster',
		sessionAffinity: 'None',
		replicas: 1,
		protocol: 'TCP',
		podOn: 'basic-worker',
		helm: {},
	},
	...kindNetwork({
		bridge: 'br-7d3c5e1b90a4',
		bridgeMac: 0x0242_5d3c_10a4,
		gateway: ip('172.18.0.1'),
		nodes: MACHINES,
	}),
	cluster: {
		name: 'basic',
		nodes: MACHINES.map(({ port: _, ...spec }) => spec),
		podCIDR: prefixOf(ip('10.244.0.0'), 16),
		serviceCIDR: prefixOf(ip('10.96.0.0'), 16),
		deployments: [deployment('default', 'deploy-echoserver', 1, ECHO, bothProtocols(8080))],
		pods: [
			boundPod(
				'kube-system',
				`kube-apiserver-${CONTROL_PLANE}`,
				CONTROL_PLANE,
				[{ containerPort: 6443, protocol: 'TCP' }],
				{ labels: { component: 'kube-apiserver' }, hostNetwork: true },
			),
			...['8qxzf', 'wtk2r'].map((end) =>
				boundPod(
					'kube-system',
					`coredns-6d4b75cb6d-${end}`,
					CONTROL_PLANE,
					[
						{ name: 'dns', containerPort: 53, protocol: 'UDP' },
						{ name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
						{ name: 'metrics', containerPort: 9153, protocol: 'TCP' },
					],
					{ labels: DNS, owner: 'coredns' },
				),
			),
		],
		podAddresses: {
			'kube-system/coredns-6d4b75cb6d-8qxzf': ip('10.244.0.36'),
			'kube-system/coredns-6d4b75cb6d-wtk2r': ip('10.244.0.171'),
		},
		services: [
			service(
				'default',
				'kubernetes',
				ip('10.96.0.1'),
				[{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443, nodePort: 0 }],
				{},
			),
			service(
				'kube-system',
				'kube-dns',
				ip('10.96.0.10'),
				[
					{ name: 'dns', protocol: 'UDP', port: 53, targetPort: 53, nodePort: 0 },
					{ name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53, nodePort: 0 },
					{ name: 'metrics', protocol: 'TCP', port: 9153, targetPort: 9153, nodePort: 0 },
				],
				DNS,
			),
			service(
				'default',
				'svc-echoserver',
				ip('10.96.101.186'),
				[{ name: '', protocol: 'TCP', port: 8080, targetPort: 8080, nodePort: 32017 }],
				ECHO,
				{ type: 'NodePort' },
			),
		],
		endpointSlices: [
			{
				kind: 'EndpointSlice',
				metadata: meta('default', 'kubernetes'),
				service: 'kubernetes',
				ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
				endpoints: [
					{
						ip: ip('172.18.0.4'),
						nodeName: '',
						ready: true,
						serving: true,
						terminating: false,
						podName: '',
					},
				],
			},
		],
		pins: [
			{
				deployment: 'deploy-echoserver',
				node: 'basic-worker',
				name: 'deploy-echoserver-7ccc684445-msflx',
				ip: ip('10.244.1.199'),
			},
		],
		replicaSetHash: { 'deploy-echoserver': '7ccc684445' },
		speaks: { coredns: 'dns', [`kube-apiserver-${CONTROL_PLANE}`]: 'tls' },
	},
	subject: {
		deployment: 'default/deploy-echoserver',
		services: ['default/svc-echoserver'],
		protocol: ['default/svc-echoserver'],
	},
	places: [
		{ ns: 'host', x: 0, y: 0 },
		{ ns: 'node/basic-worker2', x: 1, y: 0 },
		{ ns: 'node/basic-worker', x: 1, y: 1 },
		{ ns: 'node/basic-control-plane', x: 1, y: 2 },
		{ ns: 'node/basic-worker3', x: 1, y: 3 },
	],
};
