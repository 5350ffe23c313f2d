/** The Node object, as a kubelet in a kind container registers and reports it (pkg/kubelet/nodestatus @ v1.24.0). */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type Condition, conditionOf, type Node } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { NETWORK_NOT_READY } from './network-not-ready.ts';
import { kubeletState } from './own-config.ts';

export const nodeObject = (machine: Machine, cluster: string) => ({
	apiVersion: 'v1',
	kind: 'Node',
	metadata: {
		name: machine.name,
		annotations: {
			'kubeadm.alpha.kubernetes.io/cri-socket': 'unix:///run/containerd/containerd.sock',
			'volumes.kubernetes.io/controller-managed-attach-detach': 'true',
		},
		labels: {
			'beta.kubernetes.io/arch': 'amd64',
			'beta.kubernetes.io/os': 'linux',
			'kubernetes.io/arch': 'amd64',
			'kubernetes.io/hostname': machine.name,
			'kubernetes.io/os': 'linux',
			...machine.labels,
		},
	},
	spec: {
		// kind gives it on the command line (pkg/cluster/internal/kubeadm/config.go @ v0.14.0).
		providerID: `kind://docker/${cluster}/${machine.name}`,
		taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
	},
});

const RESOURCES = {
	cpu: '8',
	'ephemeral-storage': '490617784Ki',
	'hugepages-1Gi': '0',
	'hugepages-2Mi': '0',
	memory: '16286964Ki',
	pods: '110',
};

/** What somebody else says the node has is left alone (pkg/kubelet/nodestatus/setters.go MachineInfo() @ v1.24.0). */
const extended = ({ status }: Node): { readonly [name: string]: string } =>
	Object.fromEntries(
		Object.entries((status?.capacity ?? {}) as { readonly [name: string]: string }).filter(
			([name]) => name.includes('/') && !/^(?:[^/]*\.)?kubernetes\.io\//.test(name),
		),
	);

/** The status; transition times are kept where a condition stays as it was. */
export function nodeStatus(
	cluster: ClusterContext,
	machine: Machine,
	node: Node,
	ready: boolean,
): { [key: string]: unknown } {
	const { timeline, kernel } = cluster;
	const now = timeline.stamp();
	const { maxPods } = kubeletState(machine).config;
	const resources = { ...RESOURCES, ...(maxPods === undefined ? {} : { pods: String(maxPods) }), ...extended(node) };
	const condition = (type: string, status: Condition['status'], reason: string, message: string): Condition => {
		const old = conditionOf(node, type);
		return {
			lastHeartbeatTime: now,
			lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? now) : now,
			message,
			reason,
			status,
			type,
		};
	};
	return {
		addresses: [
			{ address: formatIp(machine.ip ?? 0), type: 'InternalIP' },
			{ address: machine.name, type: 'Hostname' },
		],
		allocatable: resources,
		capacity: resources,
		conditions: [
			// Somebody else's; who wrote it first put it in front.
			...(node.status?.conditions ?? []).filter((c) => c.type === 'NetworkUnavailable'),
			condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
			condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
			condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
			ready
				? condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status')
				: condition('Ready', 'False', 'KubeletNotReady', NETWORK_NOT_READY),
		],
		daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
		images: machine.images
			.list()
			.map((image) => ({ names: [image.name], sizeBytes: image.size }))
			.sort((a, b) => b.sizeBytes - a.sizeBytes)
			.slice(0, 50),
		nodeInfo: {
			architecture: 'amd64',
			bootID: uuid(timeline.hex(32, 'boot', 'host')),
			containerRuntimeVersion: `containerd://${machine.image.containerd}`,
			kernelVersion: kernel,
			// DisableNodeKubeProxyVersion, on by default from 1.33.
			kubeProxyVersion: minorOf(machine.image.kubernetes) >= 33 ? '' : `v${machine.image.kubernetes}`,
			kubeletVersion: `v${machine.image.kubernetes}`,
			machineID: timeline.hex(32, 'machine id', machine.container),
			operatingSystem: 'linux',
			osImage: machine.image.osImage,
			systemUUID: uuid(timeline.hex(32, 'system uuid', machine.container)),
		},
	};
}

const uuid = (hex: string): string =>
	`${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
