/** Objects as a kubelet, a controller or an agent would have written them. */
import { type ApiInput, ciliumDefinitions } from '../../../../src/sim/api/index.ts';
import type { Desk } from './desk.ts';

export const node = (name: string, ready: boolean, ip = '172.18.0.3', role?: string): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Node',
	metadata: {
		name,
		labels: {
			'kubernetes.io/hostname': name,
			'kubernetes.io/os': 'linux',
			...(role ? { [`node-role.kubernetes.io/${role}`]: '' } : {}),
		},
	},
	spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
	status: {
		capacity: { cpu: '8', memory: '16384256Ki', pods: '110', 'ephemeral-storage': '479151816Ki' },
		allocatable: { cpu: '8', memory: '16384256Ki', pods: '110', 'ephemeral-storage': '479151816Ki' },
		conditions: [
			{
				type: 'Ready',
				status: ready ? 'True' : 'False',
				lastHeartbeatTime: '2022-08-22T09:15:00Z',
				lastTransitionTime: '2022-08-22T09:15:00Z',
				reason: ready ? 'KubeletReady' : 'KubeletNotReady',
				message: ready ? 'kubelet is posting ready status' : 'container runtime network not ready',
			},
		],
		addresses: [
			{ type: 'InternalIP', address: ip },
			{ type: 'Hostname', address: name },
		],
		nodeInfo: {
			machineID: '0f3e',
			systemUUID: '5a1c',
			bootID: '99d0',
			kernelVersion: '5.15.0-46-generic',
			osImage: 'Ubuntu 21.10',
			containerRuntimeVersion: 'containerd://1.6.4',
			kubeletVersion: 'v1.24.0',
			kubeProxyVersion: 'v1.24.0',
			operatingSystem: 'linux',
			architecture: 'amd64',
		},
	},
});

/** A pod that runs; more of its spec and of its metadata may be given. */
export const pod = (
	name: string,
	more: {
		readonly namespace?: string;
		readonly labels?: Record<string, string>;
		readonly annotations?: Record<string, string>;
		readonly spec?: Record<string, unknown>;
		readonly container?: Record<string, unknown>;
		readonly node?: string;
		readonly ip?: string;
		readonly state?: Record<string, unknown>;
	} = {},
): ApiInput => {
	const containers = (more.spec?.containers as { readonly name: string }[] | undefined) ?? [
		{ name: 'c', image: 'nginx:1.23', ...more.container },
	];
	const ip = more.ip ?? '10.244.1.5';
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: {
			name,
			namespace: more.namespace ?? 'default',
			labels: more.labels ?? { app: name },
			...(more.annotations ? { annotations: more.annotations } : {}),
		},
		spec: { nodeName: more.node ?? 'basic-worker', ...more.spec, containers },
		status: {
			phase: 'Running',
			hostIP: '172.18.0.3',
			podIP: ip,
			podIPs: [{ ip }],
			startTime: '2022-08-22T09:15:00Z',
			qosClass: 'BestEffort',
			conditions: [
				{ type: 'Initialized', status: 'True' },
				{ type: 'Ready', status: 'True', lastTransitionTime: '2022-08-22T09:15:00Z' },
			],
			containerStatuses: containers.map((container) => ({
				name: container.name,
				image: 'nginx:1.23',
				imageID: 'docker.io/library/nginx@sha256:ab',
				containerID: `containerd://${container.name}1`,
				ready: true,
				restartCount: 0,
				started: true,
				state: more.state ?? { running: { startedAt: '2022-08-22T09:15:00Z' } },
			})),
		},
	};
};

export const daemonSet = (name: string, nodes: number): ApiInput => ({
	apiVersion: 'apps/v1',
	kind: 'DaemonSet',
	metadata: { name, namespace: 'kube-system', labels: { 'k8s-app': name } },
	spec: {
		selector: { matchLabels: { 'k8s-app': name } },
		template: {
			metadata: { labels: { 'k8s-app': name } },
			spec: { nodeSelector: { 'kubernetes.io/os': 'linux' }, containers: [{ name, image: `quay.io/${name}` }] },
		},
	},
	status: {
		desiredNumberScheduled: nodes,
		currentNumberScheduled: nodes,
		numberReady: nodes,
		updatedNumberScheduled: nodes,
		numberAvailable: nodes,
		numberMisscheduled: 0,
	},
});

export const service = (name: string, spec: Record<string, unknown>, namespace = 'default'): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: { name, namespace },
	spec,
});

export const endpoints = (
	name: string,
	namespace: string,
	ips: readonly string[],
	ports: readonly { readonly name?: string; readonly port: number; readonly protocol?: string }[],
): ApiInput => ({
	apiVersion: 'v1',
	kind: 'Endpoints',
	metadata: { name, namespace },
	subsets: [{ addresses: ips.map((ip) => ({ ip })), ...(ports.length > 0 ? { ports } : {}) }],
});

export const withCilium = ({ make }: Desk, version: string): void => {
	for (const definition of ciliumDefinitions(version)) make(definition);
};

export const namespace = (name: string): ApiInput => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
