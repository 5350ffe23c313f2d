/**
 * The cluster of the course's first material: four nodes, Kubernetes 1.24.0, Cilium 1.12.1. It is built by running a
 * lab, with pins for the names and addresses that were printed; ages come out by the clock.
 */
import { parseIp } from '../../wire/index.ts';
import type { Pins } from '../cluster/context.ts';

const ip = (text: string) => parseIp(text)!;

/** What else the cluster may be called, and where its pods and services may be. */
export interface KindNames {
	readonly cluster: string;
	readonly podSubnet: string;
	readonly serviceSubnet: string;
}

/** The material's name, and kind's own subnets. */
export const BASIC: KindNames = { cluster: 'basic', podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/16' };

export const KIND_BASIC_PINS: Pins = {
	startOrder: ['basic-worker2', 'basic-worker', 'basic-control-plane', 'basic-worker3'],
	joinOrder: ['basic-worker', 'basic-worker2', 'basic-worker3'],
	podCIDRs: {
		'basic-control-plane': '10.244.0.0/24',
		'basic-worker': '10.244.1.0/24',
		'basic-worker2': '10.244.2.0/24',
		'basic-worker3': '10.244.3.0/24',
	},
	templateHash: {
		'default/deploy-echoserver': '7ccc684445',
		'kube-system/coredns': '6d4b75cb6d',
		'local-path-storage/local-path-provisioner': '9cd9bd544',
	},
	pods: [
		{
			owner: 'deploy-echoserver-7ccc684445',
			name: 'deploy-echoserver-7ccc684445-msflx',
			node: 'basic-worker',
			ip: ip('10.244.1.199'),
		},
		{
			owner: 'coredns-6d4b75cb6d',
			name: 'coredns-6d4b75cb6d-8qxzf',
			node: 'basic-control-plane',
			ip: ip('10.244.0.36'),
		},
		{
			owner: 'coredns-6d4b75cb6d',
			name: 'coredns-6d4b75cb6d-wtk2r',
			node: 'basic-control-plane',
			ip: ip('10.244.0.171'),
		},
	],
	clusterIPs: { 'default/svc-echoserver': ip('10.96.101.186') },
};

/** `kind-config.yaml`, as YAML is read. */
export const kindConfig = (names: KindNames, kubeProxyMode: 'iptables' | 'none' = 'iptables') => ({
	kind: 'Cluster',
	apiVersion: 'kind.x-k8s.io/v1alpha4',
	name: names.cluster,
	nodes: [
		{
			role: 'control-plane',
			kubeadmConfigPatches: [
				'kind: InitConfiguration\nnodeRegistration:\n  kubeletExtraArgs:\n    node-labels: "ingress-ready=true"\n',
			],
			extraPortMappings: [
				{ containerPort: 80, hostPort: 80, protocol: 'TCP' },
				{ containerPort: 443, hostPort: 443, protocol: 'TCP' },
			],
		},
		{ role: 'worker' },
		{ role: 'worker' },
		{ role: 'worker' },
	],
	networking: {
		apiServerAddress: '0.0.0.0',
		apiServerPort: 6443,
		disableDefaultCNI: true,
		podSubnet: names.podSubnet,
		serviceSubnet: names.serviceSubnet,
		...(kubeProxyMode === 'iptables' ? {} : { kubeProxyMode }),
	},
});

/** `noebpf-values.yaml`. */
export const noEbpfValues = (names: KindNames) => ({
	tunnel: 'disabled',
	autoDirectNodeRoutes: true,
	ipv4NativeRoutingCIDR: names.podSubnet,
	kubeProxyReplacement: 'disabled',
	ipam: { mode: 'kubernetes' },
	loadBalancer: { mode: 'snat' },
	hubble: { relay: { enabled: true } },
});

/** `ebpf-values.yaml`. */
export const ebpfValues = (names: KindNames) => ({
	tunnel: 'disabled',
	autoDirectNodeRoutes: true,
	ipv4NativeRoutingCIDR: names.podSubnet,
	kubeProxyReplacement: 'strict',
	k8sServiceHost: `${names.cluster}-control-plane`,
	k8sServicePort: 6443,
	ipam: { mode: 'kubernetes' },
	loadBalancer: { mode: 'snat' },
});
