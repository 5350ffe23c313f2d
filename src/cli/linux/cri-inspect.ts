/** The JSON of `crictl inspect`, `inspectp` and `inspecti` (CRI v1 ContainerStatus, PodSandboxStatus, ImageStatus; containerd 1.6). */
import type { Cluster, Lab, NodeMachine } from '../../sim/lab/index.ts';
import { type CriContainer, isReady, type Sandbox } from './cri.ts';
import { nodeProcessTable } from './processes.ts';
import { nanoTime } from './words.ts';

const NEVER = '0001-01-01T00:00:00Z';

const podLabels = (sandbox: Sandbox): Readonly<Record<string, string>> => ({
	'io.kubernetes.pod.name': sandbox.name,
	'io.kubernetes.pod.namespace': sandbox.namespace,
	'io.kubernetes.pod.uid': sandbox.uid,
});

const pidIn = (lab: Lab, cluster: Cluster, machine: NodeMachine, container: string): number =>
	nodeProcessTable(lab, cluster, machine).find((p) => p.container === container)?.pid ?? 0;

export function containerJson(lab: Lab, cluster: Cluster, machine: NodeMachine, container: CriContainer): unknown {
	const { sandbox, ended } = container;
	const image = imageOf(machine, container.image);
	return {
		status: {
			id: container.id,
			metadata: { attempt: container.attempt, name: container.name },
			state: ended ? 'CONTAINER_EXITED' : 'CONTAINER_RUNNING',
			createdAt: nanoTime(lab, container.startedAt),
			startedAt: nanoTime(lab, container.startedAt),
			finishedAt: ended ? nanoTime(lab, ended.at) : NEVER,
			exitCode: ended?.exitCode ?? 0,
			image: { annotations: {}, image: image?.name ?? container.image },
			imageRef: image?.id ?? '',
			reason: ended?.reason ?? '',
			message: '',
			labels: { 'io.kubernetes.container.name': container.name, ...podLabels(sandbox) },
			logPath: `/var/log/pods/${sandbox.namespace}_${sandbox.name}_${sandbox.uid}/${container.name}/${container.attempt}.log`,
		},
		info: {
			sandboxID: sandbox.id,
			pid: ended ? 0 : pidIn(lab, cluster, machine, container.id),
			removing: false,
			snapshotter: 'overlayfs',
			config: { metadata: { name: container.name, attempt: container.attempt }, args: container.argv },
		},
	};
}

export function sandboxJson(lab: Lab, cluster: Cluster, machine: NodeMachine, sandbox: Sandbox): unknown {
	const { hostNetwork = false } = sandbox.pod.spec;
	const ip = sandbox.pod.status?.podIP;
	const ready = isReady(sandbox);
	return {
		status: {
			id: sandbox.id,
			metadata: { attempt: sandbox.attempt, name: sandbox.name, namespace: sandbox.namespace, uid: sandbox.uid },
			state: ready ? 'SANDBOX_READY' : 'SANDBOX_NOTREADY',
			createdAt: nanoTime(lab, sandbox.createdAt),
			network: { additionalIps: [], ip: hostNetwork ? '' : (ip ?? '') },
			linux: {
				namespaces: { options: { ipc: 'POD', network: hostNetwork ? 'NODE' : 'POD', pid: 'CONTAINER', targetId: '' } },
			},
			labels: { ...sandbox.pod.metadata.labels, ...podLabels(sandbox) },
			runtimeHandler: '',
		},
		info: {
			pid: ready ? pidIn(lab, cluster, machine, sandbox.id) : 0,
			processStatus: ready ? 'running' : 'deleted',
			netNamespaceClosed: !ready,
			image: pauseOf(machine)?.name ?? '',
			snapshotter: 'overlayfs',
			...(hostNetwork || ip === undefined ? {} : { cniResult: { Interfaces: { eth0: { IPConfigs: [{ IP: ip }] } } } }),
		},
	};
}

export const imageJson = (image: NodeMachine['images'][number]): unknown => ({
	status: {
		id: image.id,
		repoDigests: [`${image.name.replace(/:[^/:]*$/, '')}@${image.digest}`],
		repoTags: [image.name],
		size: String(image.size),
		uid: null,
		username: '',
	},
});

/** An image of a node by the name a pod has for it. */
export const imageOf = (
	machine: Pick<NodeMachine, 'images'>,
	name: string,
): NodeMachine['images'][number] | undefined => {
	const bare = name.replace(/@sha256:.*$/, '');
	const tagged = /:[^/]+$/.test(bare) ? bare : `${bare}:latest`;
	return machine.images.find((i) => i.name === bare || i.name === tagged || i.name.endsWith(`/${tagged}`));
};

export const pauseOf = (machine: Pick<NodeMachine, 'images'>) =>
	machine.images.find(({ name }) => /\/pause:/.test(name));
