/** The control plane's static pods (cmd/kubeadm/app/phases/{controlplane,etcd} @ v1.24.0). */
import { formatIp, formatPrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type Node, one } from '../cluster/kinds.ts';
import type { Machine, StaticPod } from '../cluster/machine.ts';
import {
	apiServerCommand,
	type ControlPlane,
	controllerManagerCommand,
	etcdCommand,
	schedulerCommand,
} from './control-plane-flags.ts';

const probe = (port: number, path: string, host: string, failureThreshold: number) => ({
	// etcd tells of its health beside its clients' port, without TLS.
	httpGet: { host, path, port, scheme: port === 2381 ? 'HTTP' : 'HTTPS' },
	initialDelaySeconds: 10,
	timeoutSeconds: 15,
	failureThreshold,
	periodSeconds: 10,
});

/** Manifests in /etc/kubernetes/manifests: image, command line, port, requests. */
function staticPods(cluster: ClusterContext, machine: Machine) {
	const { image } = machine;
	const ip = formatIp(machine.ip ?? 0);
	const { config } = cluster;
	const plane: ControlPlane = {
		node: machine.name,
		ip,
		cluster: cluster.name,
		podSubnet: formatPrefix(config.podSubnet),
		serviceSubnet: formatPrefix(config.serviceSubnet),
	};
	const kube = (name: string): string => `${image.registry}/${name}:v${image.kubernetes}`;
	return [
		{
			name: 'etcd',
			image: `${image.registry}/etcd:${image.etcd}`,
			command: etcdCommand(plane),
			port: 2381,
			host: '127.0.0.1',
			path: '/health',
			requests: { cpu: '100m', memory: '100Mi' },
		},
		{
			name: 'kube-apiserver',
			image: kube('kube-apiserver'),
			command: apiServerCommand(plane),
			port: 6443,
			host: ip,
			path: '/livez',
			requests: { cpu: '250m' },
		},
		{
			name: 'kube-controller-manager',
			image: kube('kube-controller-manager'),
			command: controllerManagerCommand(plane),
			port: 10257,
			host: '127.0.0.1',
			path: '/healthz',
			requests: { cpu: '200m' },
		},
		{
			name: 'kube-scheduler',
			image: kube('kube-scheduler'),
			command: schedulerCommand(),
			port: 10259,
			host: '127.0.0.1',
			path: '/healthz',
			requests: { cpu: '100m' },
		},
	];
}

const PKI = '/etc/kubernetes/pki';

const AUTHORITIES = [
	'/etc/ca-certificates',
	'/etc/ssl/certs',
	'/usr/local/share/ca-certificates',
	'/usr/share/ca-certificates',
];
/** What each mounts of its node (phases/controlplane/volumes.go, app/util/etcd, phases/etcd/local.go @ v1.24.0). */
const MOUNTS: Readonly<Record<string, readonly string[]>> = {
	etcd: ['/var/lib/etcd', `${PKI}/etcd`],
	'kube-apiserver': [...AUTHORITIES, PKI],
	'kube-controller-manager': [
		...AUTHORITIES,
		PKI,
		'/etc/kubernetes/controller-manager.conf',
		'/usr/libexec/kubernetes/kubelet-plugins/volume/exec',
	],
	'kube-scheduler': ['/etc/kubernetes/scheduler.conf'],
};

const volumeName = (path: string): string =>
	path.endsWith('.conf')
		? 'kubeconfig'
		: ({
				'/var/lib/etcd': 'etcd-data',
				[`${PKI}/etcd`]: 'etcd-certs',
				[PKI]: 'k8s-certs',
				'/etc/ssl/certs': 'ca-certs',
				'/etc/ca-certificates': 'etc-ca-certificates',
			}[path] ?? (path.endsWith('exec') ? 'flexvolume-dir' : path.slice(1).replaceAll('/', '-')));

/** Volumes of a pod and where its container has them. Sorted by their names, as kubeadm has them. */
function volumesOf(pod: string) {
	const found = MOUNTS[pod]!.map((path) => ({ name: volumeName(path), path })).sort((a, b) =>
		a.name < b.name ? -1 : 1,
	);
	return {
		mounts: found.map(({ name, path }) => ({
			mountPath: path,
			name,
			...(pod === 'etcd' || name === 'flexvolume-dir' ? {} : { readOnly: true }),
		})),
		volumes: found.map(({ name, path }) => ({
			hostPath: { path, type: name === 'kubeconfig' ? 'FileOrCreate' : 'DirectoryOrCreate' },
			name,
		})),
	};
}

/** Mirror pods: what the API shows of pods a kubelet has from files. The node is registered. */
export function createStaticPods(cluster: ClusterContext, machine: Machine): void {
	const { api, timeline } = cluster;
	const node = one<Node>(api, 'nodes', undefined, machine.name);
	if (!node) return;
	for (const pod of staticPods(cluster, machine)) {
		const { mounts, volumes } = volumesOf(pod.name);
		const hash = timeline.hex(32, 'manifest', `${machine.name}\0${pod.name}`);
		const manifest: StaticPod = {
			apiVersion: 'v1',
			kind: 'Pod',
			metadata: {
				name: `${pod.name}-${machine.name}`,
				namespace: 'kube-system',
				annotations: {
					...(pod.name === 'etcd'
						? { 'kubeadm.kubernetes.io/etcd.advertise-client-urls': `https://${formatIp(machine.ip ?? 0)}:2379` }
						: {}),
					...(pod.name === 'kube-apiserver'
						? { 'kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint': `${formatIp(machine.ip ?? 0)}:6443` }
						: {}),
					'kubernetes.io/config.hash': hash,
					'kubernetes.io/config.mirror': hash,
					'kubernetes.io/config.seen': timeline.stamp(),
					'kubernetes.io/config.source': 'file',
				},
				labels: { component: pod.name, tier: 'control-plane' },
				ownerReferences: [
					{ apiVersion: 'v1', kind: 'Node', name: machine.name, uid: node.metadata.uid, controller: true },
				],
			},
			spec: {
				containers: [
					{
						name: pod.name,
						image: pod.image,
						imagePullPolicy: 'IfNotPresent',
						command: pod.command,
						resources: { requests: pod.requests },
						livenessProbe: probe(pod.port, pod.path, pod.host, 8),
						...(pod.name === 'kube-apiserver'
							? {
									readinessProbe: {
										...probe(pod.port, '/readyz', pod.host, 3),
										initialDelaySeconds: 0,
										periodSeconds: 1,
									},
								}
							: {}),
						startupProbe: probe(pod.port, pod.path, pod.host, 24),
						volumeMounts: mounts,
					},
				],
				hostNetwork: true,
				nodeName: machine.name,
				priorityClassName: 'system-node-critical',
				tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
				volumes,
			},
		};
		machine.manifests.set(`${pod.name}.yaml`, manifest);
		api.create(manifest as never);
	}
}
