/**
 * The control plane's static pods (cmd/kubeadm/app/phases/{controlplane,etcd}, app/util/staticpod/utils.go @ v1.24.0). By
 * versions, from CHANGELOG/: a seccomp profile from 1.22, a priority from 1.27, etcd's own probes from 1.31, the
 * scheduler's from 1.33.
 */
import { formatIp, formatPrefix } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type Node, one } from '../cluster/kinds.ts';
import type { Machine, StaticPod } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
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

const readiness = (port: number, host: string) => {
	const { initialDelaySeconds: _none, ...own } = probe(port, '/readyz', host, 3);
	return { ...own, periodSeconds: 1 };
};

interface Made {
	readonly name: string;
	readonly image: string;
	readonly command: readonly string[];
	readonly port: number;
	readonly host: string;
	/** What its probes ask for: whether it lives, and whether it has started where that is another path. */
	readonly live: string;
	readonly started?: string;
	/** Whether it is asked whether it is ready. */
	readonly ready?: boolean;
	readonly requests: Readonly<Record<string, string>>;
}

/** Manifests in /etc/kubernetes/manifests: image, command line, port, requests. */
function staticPods(cluster: ClusterContext, machine: Machine): readonly Made[] {
	const { image } = machine;
	const ip = formatIp(machine.ip ?? 0);
	const { config } = cluster;
	const plane: ControlPlane = {
		node: machine.name,
		ip,
		cluster: cluster.name,
		podSubnet: formatPrefix(config.podSubnet),
		serviceSubnet: formatPrefix(config.serviceSubnet),
		// Control planes that were there before: a member is added to them (phases/etcd/local.go CreateStackedEtcdStaticPodManifestFile()).
		members: [...cluster.machines.values()]
			.filter((other) => other !== machine && other.manifests.has('etcd.yaml'))
			.map(({ name, addresses }) => `${name}=https://${formatIp(addresses[0] ?? 0)}:2380`),
	};
	const minor = minorOf(image.kubernetes);
	const kube = (name: string): string => `${image.registry}/${name}:v${image.kubernetes}`;
	return [
		{
			name: 'etcd',
			image: `${image.registry}/etcd:${image.etcd}`,
			command: etcdCommand(plane, minor),
			port: 2381,
			host: '127.0.0.1',
			...(minor >= 31 ? { live: '/livez', started: '/readyz', ready: true } : { live: '/health' }),
			requests: { cpu: '100m', memory: '100Mi' },
		},
		{
			name: 'kube-apiserver',
			image: kube('kube-apiserver'),
			command: apiServerCommand(plane),
			port: 6443,
			host: ip,
			live: '/livez',
			ready: true,
			requests: { cpu: '250m' },
		},
		{
			name: 'kube-controller-manager',
			image: kube('kube-controller-manager'),
			command: controllerManagerCommand(plane),
			port: 10257,
			host: '127.0.0.1',
			live: '/healthz',
			requests: { cpu: '200m' },
		},
		{
			name: 'kube-scheduler',
			image: kube('kube-scheduler'),
			command: schedulerCommand(),
			port: 10259,
			host: '127.0.0.1',
			...(minor >= 33 ? { live: '/livez', ready: true } : { live: '/healthz' }),
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
	const minor = minorOf(machine.image.kubernetes);
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
						livenessProbe: probe(pod.port, pod.live, pod.host, 8),
						...(pod.ready ? { readinessProbe: readiness(pod.port, pod.host) } : {}),
						startupProbe: probe(pod.port, pod.started ?? pod.live, pod.host, 24),
						volumeMounts: mounts,
					},
				],
				hostNetwork: true,
				nodeName: machine.name,
				...(minor >= 27 ? { priority: 2_000_001_000 } : {}),
				priorityClassName: 'system-node-critical',
				...(minor >= 22 ? { securityContext: { seccompProfile: { type: 'RuntimeDefault' } } } : {}),
				tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
				volumes,
			},
		};
		machine.manifests.set(`${pod.name}.yaml`, manifest);
		api.create(manifest as never);
	}
}
