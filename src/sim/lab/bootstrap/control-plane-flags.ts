/**
 * Command lines of the control plane's programs, as kubeadm writes them: flags in order of their names
 * (cmd/kubeadm/app/phases/controlplane/manifests.go, cmd/kubeadm/app/phases/etcd/local.go @ v1.24.0), with what kind adds
 * (pkg/cluster/internal/kubeadm/config.go @ v0.14.0: runtime-config, enable-hostpath-provisioner).
 */

export interface ControlPlane {
	readonly node: string;
	readonly ip: string;
	/** Of etcd's members before it, where it joined some: `basic-control-plane=https://172.18.0.2:2380`. */
	readonly members?: readonly string[];
	readonly cluster: string;
	readonly podSubnet: string;
	readonly serviceSubnet: string;
}

const KUBERNETES = '/etc/kubernetes';
const PKI = `${KUBERNETES}/pki`;

function command(program: string, flags: Readonly<Record<string, string>>): readonly string[] {
	const names = Object.keys(flags).sort();
	return [program, ...names.map((name) => `--${name}=${flags[name]}`)];
}

/** CHANGELOG/CHANGELOG-1.24.md and -1.25.md: the corruption check, and the word of progress. */
export const etcdCommand = ({ node, ip, members = [] }: ControlPlane, minor: number): readonly string[] =>
	command('etcd', {
		'advertise-client-urls': `https://${ip}:2379`,
		'cert-file': `${PKI}/etcd/server.crt`,
		'client-cert-auth': 'true',
		'data-dir': '/var/lib/etcd',
		...(minor >= 24 ? { 'experimental-initial-corrupt-check': 'true' } : {}),
		...(minor >= 25 ? { 'experimental-watch-progress-notify-interval': '5s' } : {}),
		'initial-advertise-peer-urls': `https://${ip}:2380`,
		'initial-cluster': [...members, `${node}=https://${ip}:2380`].join(','),
		...(members.length > 0 ? { 'initial-cluster-state': 'existing' } : {}),
		'key-file': `${PKI}/etcd/server.key`,
		'listen-client-urls': `https://127.0.0.1:2379,https://${ip}:2379`,
		'listen-metrics-urls': 'http://127.0.0.1:2381',
		'listen-peer-urls': `https://${ip}:2380`,
		name: node,
		'peer-cert-file': `${PKI}/etcd/peer.crt`,
		'peer-client-cert-auth': 'true',
		'peer-key-file': `${PKI}/etcd/peer.key`,
		'peer-trusted-ca-file': `${PKI}/etcd/ca.crt`,
		'snapshot-count': '10000',
		'trusted-ca-file': `${PKI}/etcd/ca.crt`,
	});

export const apiServerCommand = ({ ip, serviceSubnet }: ControlPlane): readonly string[] =>
	command('kube-apiserver', {
		'advertise-address': ip,
		'allow-privileged': 'true',
		'authorization-mode': 'Node,RBAC',
		'client-ca-file': `${PKI}/ca.crt`,
		'enable-admission-plugins': 'NodeRestriction',
		'enable-bootstrap-token-auth': 'true',
		'etcd-cafile': `${PKI}/etcd/ca.crt`,
		'etcd-certfile': `${PKI}/apiserver-etcd-client.crt`,
		'etcd-keyfile': `${PKI}/apiserver-etcd-client.key`,
		'etcd-servers': 'https://127.0.0.1:2379',
		'kubelet-client-certificate': `${PKI}/apiserver-kubelet-client.crt`,
		'kubelet-client-key': `${PKI}/apiserver-kubelet-client.key`,
		'kubelet-preferred-address-types': 'InternalIP,ExternalIP,Hostname',
		'proxy-client-cert-file': `${PKI}/front-proxy-client.crt`,
		'proxy-client-key-file': `${PKI}/front-proxy-client.key`,
		'requestheader-allowed-names': 'front-proxy-client',
		'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
		'requestheader-extra-headers-prefix': 'X-Remote-Extra-',
		'requestheader-group-headers': 'X-Remote-Group',
		'requestheader-username-headers': 'X-Remote-User',
		'runtime-config': '',
		'secure-port': '6443',
		'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
		'service-account-key-file': `${PKI}/sa.pub`,
		'service-account-signing-key-file': `${PKI}/sa.key`,
		'service-cluster-ip-range': serviceSubnet,
		'tls-cert-file': `${PKI}/apiserver.crt`,
		'tls-private-key-file': `${PKI}/apiserver.key`,
	});

/** Kubeconfigs of a program that asks the API server who calls it. */
const delegated = (name: string) => ({
	'authentication-kubeconfig': `${KUBERNETES}/${name}.conf`,
	'authorization-kubeconfig': `${KUBERNETES}/${name}.conf`,
	'bind-address': '127.0.0.1',
	kubeconfig: `${KUBERNETES}/${name}.conf`,
	'leader-elect': 'true',
});

export const controllerManagerCommand = ({ cluster, podSubnet, serviceSubnet }: ControlPlane): readonly string[] =>
	command('kube-controller-manager', {
		...delegated('controller-manager'),
		'allocate-node-cidrs': 'true',
		'client-ca-file': `${PKI}/ca.crt`,
		'cluster-cidr': podSubnet,
		'cluster-name': cluster,
		'cluster-signing-cert-file': `${PKI}/ca.crt`,
		'cluster-signing-key-file': `${PKI}/ca.key`,
		controllers: '*,bootstrapsigner,tokencleaner',
		'enable-hostpath-provisioner': 'true',
		'requestheader-client-ca-file': `${PKI}/front-proxy-ca.crt`,
		'root-ca-file': `${PKI}/ca.crt`,
		'service-account-private-key-file': `${PKI}/sa.key`,
		'service-cluster-ip-range': serviceSubnet,
		'use-service-account-credentials': 'true',
	});

export const schedulerCommand = (): readonly string[] => command('kube-scheduler', delegated('scheduler'));
