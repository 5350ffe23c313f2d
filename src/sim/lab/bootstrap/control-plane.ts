/** What `kubeadm init` leaves in a cluster beside its addons (cmd/kubeadm/app/phases @ v1.24.0). */
import { asManager, base64, formatTime } from '../../api/index.ts';
import { base32, sha256 } from '../../trace/index.ts';
import { formatIp, formatPrefix, utf8 } from '../../wire/index.ts';
import { authorityOf } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { one } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { minorOf } from '../machine/node-images.ts';
import { kubeletConfig } from './kubelet-config.ts';
import { detachedSignature, JWS_PREFIX, KIND_TOKEN, tokenSecret } from './tokens.ts';

/** Service `kubernetes` and what the API server writes behind it. */
export function createKubernetesService(cluster: ClusterContext, addresses: readonly string[]): void {
	const { config } = cluster;
	const api = asManager(cluster.api, 'kube-apiserver');
	const metadata = {
		name: 'kubernetes',
		namespace: 'default',
		labels: { component: 'apiserver', provider: 'kubernetes' },
	};
	api.create({
		apiVersion: 'v1',
		kind: 'Service',
		metadata,
		spec: {
			type: 'ClusterIP',
			clusterIP: formatIp(config.serviceSubnet.address + 1),
			ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
			sessionAffinity: 'None',
		},
	});
	publishApiServers(cluster, addresses);
}

export function publishApiServers(cluster: ClusterContext, addresses: readonly string[]): void {
	const api = asManager(cluster.api, 'kube-apiserver');
	const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
	const write = (
		object: {
			readonly kind: string;
			readonly metadata: { readonly name: string; readonly namespace: string };
			readonly [key: string]: unknown;
		},
		plural: string,
	): void => {
		if (one(api, plural, object.metadata.namespace, object.metadata.name)) api.update(object);
		else api.create(object);
	};
	write(
		{
			apiVersion: 'v1',
			kind: 'Endpoints',
			metadata: { name: 'kubernetes', namespace: 'default', labels } as never,
			subsets: [
				{ addresses: addresses.map((ip) => ({ ip })), ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] },
			],
		},
		'endpoints',
	);
	write(
		{
			apiVersion: 'discovery.k8s.io/v1',
			kind: 'EndpointSlice',
			metadata: {
				name: 'kubernetes',
				namespace: 'default',
				labels: { 'kubernetes.io/service-name': 'kubernetes' },
			} as never,
			addressType: 'IPv4',
			endpoints: addresses.map((ip) => ({ addresses: [ip], conditions: { ready: true } })),
			ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
		},
		'endpointslices',
	);
}

/** ConfigMaps kubeadm keeps, priority classes, and the lease of each controller. */
export function createKubeadmObjects(cluster: ClusterContext, first: Machine): void {
	const { timeline } = cluster;
	const api = asManager(cluster.api, 'kubeadm');
	const minor = minorOf(first.image.kubernetes);
	const map = (mapName: string, namespace: string, data: Readonly<Record<string, string>>): void => {
		api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: mapName, namespace }, data });
	};
	for (const [className, value, description] of [
		[
			'system-cluster-critical',
			2_000_000_000,
			'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
		],
		[
			'system-node-critical',
			2_000_001_000,
			'Used for system critical pods that must not be moved from their current node.',
		],
	] as const)
		if (!one(api, 'priorityclasses', undefined, className))
			api.create({
				apiVersion: 'scheduling.k8s.io/v1',
				kind: 'PriorityClass',
				metadata: { name: className },
				value,
				description,
			});
	map('kubeadm-config', 'kube-system', {
		ClusterConfiguration: clusterConfiguration(cluster, first),
	});
	map(minor >= 24 ? 'kubelet-config' : `kubelet-config-1.${minor}`, 'kube-system', {
		kubelet: kubeletConfig(cluster),
	});
	const quoted = (word: string): string => JSON.stringify([word]);
	map('extension-apiserver-authentication', 'kube-system', {
		'client-ca-file': authorityOf(cluster).pem,
		'requestheader-allowed-names': quoted('front-proxy-client'),
		'requestheader-client-ca-file': authorityOf(cluster, 'front-proxy-ca').pem,
		'requestheader-extra-headers-prefix': quoted('X-Remote-Extra-'),
		'requestheader-group-headers': quoted('X-Remote-Group'),
		'requestheader-username-headers': quoted('X-Remote-User'),
	});
	const kubeconfig = `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${base64(authorityOf(cluster).pem)}\n    server: https://${endpointHost(cluster)}:6443\n  name: ""\ncontexts: null\ncurrent-context: ""\nkind: Config\npreferences: {}\nusers: null\n`;
	api.create(tokenSecret(KIND_TOKEN, { end: formatTime(api.now() + 24 * 3600) }), { unnumbered: true });
	const [id = '', secret = ''] = KIND_TOKEN.split('.');
	// The bootstrap signer's part is written with it, as nobody looks in between.
	map('cluster-info', 'kube-public', {
		[`${JWS_PREFIX}${id}`]: detachedSignature(kubeconfig, id, secret),
		kubeconfig,
	});
	for (const leader of ['kube-controller-manager', 'kube-scheduler'])
		api.create({
			apiVersion: 'coordination.k8s.io/v1',
			kind: 'Lease',
			metadata: { name: leader, namespace: 'kube-system' },
			spec: {
				holderIdentity: `${first.name}_${timeline.hex(8, 'leader', leader)}-${timeline.hex(4, 'leader 2', leader)}-4a1c-8c5e-${timeline.hex(12, 'leader 3', leader)}`,
				leaseDurationSeconds: 15,
				leaseTransitions: 0,
			},
		});
	for (const account of ACCOUNTS)
		api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: 'kube-system' } });
}

/**
 * Each API server from 1.26 says by a lease that it is there: named by its host's name, held by this start of it
 * (staging/src/k8s.io/apiserver pkg/server/config.go NewConfig(), APIServerIdentity; another prefix and label in 1.26).
 */
export function createApiServerLease({ api, timeline }: ClusterContext, machine: Machine): void {
	const minor = minorOf(machine.image.kubernetes);
	if (minor < 26) return;
	const host = utf8(machine.name);
	const program = utf8('kube-apiserver');
	const hash = sha256(Uint8Array.of(0, host.length, ...host, 0, program.length, ...program)).subarray(0, 16);
	const name = `${minor >= 27 ? '' : 'kube-'}apiserver-${base32(hash).toLowerCase().replace(/=+$/, '')}`;
	const hex = timeline.hex(32, 'api server', machine.name);
	const start = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)];
	asManager(api, 'kube-apiserver').create({
		apiVersion: 'coordination.k8s.io/v1',
		kind: 'Lease',
		metadata: {
			name,
			namespace: 'kube-system',
			labels: {
				[minor >= 27 ? 'apiserver.kubernetes.io/identity' : 'k8s.io/component']: 'kube-apiserver',
				'kubernetes.io/hostname': machine.name,
			},
		},
		spec: { holderIdentity: `${name}_${start.join('-')}`, leaseDurationSeconds: 3600 },
	});
}

/**
 * The configuration as kubeadm keeps it: from 1.31 as v1beta4, whose arguments are a list, to which the API server's
 * default mode of authorization is no longer added (cmd/kubeadm/app/apis/kubeadm/{v1beta3,v1beta4},
 * phases/controlplane/manifests.go getAPIServerCommand(), CHANGELOG/CHANGELOG-1.31.md).
 */
function clusterConfiguration(cluster: ClusterContext, first: Machine): string {
	const { config, name } = cluster;
	const four = minorOf(first.image.kubernetes) >= 31;
	const args = (key: string, value: string): readonly string[] =>
		four ? [`  - name: ${key}`, `    value: ${value}`] : [`    ${key}: ${value}`];
	const only = (is: boolean, ...lines: readonly string[]): readonly string[] => (is ? lines : []);
	return [
		'apiServer:',
		'  certSANs:',
		'  - localhost',
		`  - ${config.apiServerAddress}`,
		'  extraArgs:',
		...only(!four, '    authorization-mode: Node,RBAC'),
		...args('runtime-config', '""'),
		...only(!four, '  timeoutForControlPlane: 4m0s'),
		`apiVersion: kubeadm.k8s.io/${four ? 'v1beta4' : 'v1beta3'}`,
		...only(four, 'caCertificateValidityPeriod: 87600h0m0s', 'certificateValidityPeriod: 8760h0m0s'),
		'certificatesDir: /etc/kubernetes/pki',
		`clusterName: ${name}`,
		`controlPlaneEndpoint: ${endpointHost(cluster)}:6443`,
		'controllerManager:',
		'  extraArgs:',
		...args('enable-hostpath-provisioner', '"true"'),
		'dns: {}',
		...only(four, 'encryptionAlgorithm: RSA-2048'),
		'etcd:',
		'  local:',
		'    dataDir: /var/lib/etcd',
		`imageRepository: ${first.image.registry}`,
		'kind: ClusterConfiguration',
		`kubernetesVersion: v${first.image.kubernetes}`,
		'networking:',
		'  dnsDomain: cluster.local',
		`  podSubnet: ${formatPrefix(config.podSubnet)}`,
		`  serviceSubnet: ${formatPrefix(config.serviceSubnet)}`,
		...only(four, 'proxy: {}'),
		'scheduler: {}',
		'',
	].join('\n');
}

/** The name nodes reach the API by: the first control plane, or the load balancer in front of several. */
export const endpointHost = ({ name, config }: Pick<ClusterContext, 'name' | 'config'>): string =>
	config.nodes.filter((n) => n.role === 'control-plane').length > 1
		? `${name}-external-load-balancer`
		: `${name}-control-plane`;

/** kube-controller-manager gives each controller an account (`--use-service-account-credentials`). */
const ACCOUNTS = [
	'attachdetach-controller',
	'bootstrap-signer',
	'certificate-controller',
	'clusterrole-aggregation-controller',
	'cronjob-controller',
	'daemon-set-controller',
	'deployment-controller',
	'disruption-controller',
	'endpoint-controller',
	'endpointslice-controller',
	'endpointslicemirroring-controller',
	'ephemeral-volume-controller',
	'expand-controller',
	'generic-garbage-collector',
	'horizontal-pod-autoscaler',
	'job-controller',
	'namespace-controller',
	'node-controller',
	'persistent-volume-binder',
	'pod-garbage-collector',
	'pv-protection-controller',
	'pvc-protection-controller',
	'replicaset-controller',
	'replication-controller',
	'resourcequota-controller',
	'root-ca-cert-publisher',
	'service-account-controller',
	'service-controller',
	'statefulset-controller',
	'token-cleaner',
	'ttl-after-finished-controller',
	'ttl-controller',
];
