/** What kubeadm signs for a node and where it puts it (cmd/kubeadm/app/phases/{certs,kubeconfig} @ v1.24.0). */
import { accountKey, base64, pem, publicKeyDer, type Subject } from '../../api/index.ts';
import { formatIp } from '../../wire/index.ts';
import { endpointHost } from '../bootstrap/control-plane.ts';
import { administrator, authorityOf, certificateOf, keyOfFile, keyPem } from '../cluster/authority.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { below, type DirectoryNode, file, put } from '../disk/tree.ts';
import { minorOf } from '../machine/node-images.ts';

/** Text of files by path below the root; asked for when they are read. */
export type NodeTexts = Record<string, { readonly text: () => string; readonly mode?: number }>;

const PKI = 'etc/kubernetes/pki';

/** A certificate and its key, made once. */
function signed(
	out: NodeTexts,
	cluster: ClusterContext,
	machine: Machine,
	file: string,
	facts: Parameters<typeof certificateOf>[2],
	authority?: string,
): void {
	const id = `${machine.name}/${file}`;
	let text: string | undefined;
	out[`${PKI}/${file}.crt`] = { text: () => (text ??= certificateOf(cluster, id, facts, authority)) };
	out[`${PKI}/${file}.key`] = { text: () => keyPem(keyOfFile(cluster, id)), mode: 0o600 };
}

/** What the API server's certificate is for, by the address its node has. */
const apiServerFacts = (cluster: ClusterContext, machine: Machine, ip: number | undefined) => ({
	subject: { commonName: 'kube-apiserver' },
	usages: ['server auth'] as const,
	dnsNames: [
		endpointHost(cluster),
		...(endpointHost(cluster) === machine.name ? [] : [machine.name]),
		'kubernetes',
		'kubernetes.default',
		'kubernetes.default.svc',
		'kubernetes.default.svc.cluster.local',
		'localhost',
	],
	addresses: [
		cluster.config.serviceSubnet.address + 1,
		...(ip === undefined ? [] : [ip]),
		...address(cluster.config.apiServerAddress),
	],
});

/** `kubeadm init phase certs apiserver`, where there are a certificate and a key to be replaced. */
export function certifyApiServer(cluster: ClusterContext, machine: Machine, root: DirectoryNode): void {
	if (!['crt', 'key'].every((end) => below(root, `${PKI}/apiserver.${end}`)?.kind === 'file')) return;
	const { now } = cluster.timeline;
	const id = `${machine.name}/apiserver#${machine.addresses.length}`;
	const facts = apiServerFacts(cluster, machine, machine.addresses.at(-1));
	put(root, `${PKI}/apiserver.crt`, file(certificateOf(cluster, id, facts, 'ca', now), now));
	put(root, `${PKI}/apiserver.key`, file(keyPem(keyOfFile(cluster, id)), now, 0o600));
}

/** /etc/kubernetes/pki of a control plane. */
function controlPlanePki(out: NodeTexts, cluster: ClusterContext, machine: Machine): void {
	for (const name of ['ca', 'etcd/ca', 'front-proxy-ca']) {
		out[`${PKI}/${name}.crt`] = { text: () => authorityOf(cluster, name).pem };
		out[`${PKI}/${name}.key`] = { text: () => keyPem(authorityOf(cluster, name).key), mode: 0o600 };
	}
	const own = machine.addresses.slice(0, 1);
	const sign = (name: string, facts: Parameters<typeof certificateOf>[2], authority?: string): void =>
		signed(out, cluster, machine, name, facts, authority);
	const masters = minorOf(cluster.api.version) >= 29 ? 'kubeadm:cluster-admins' : 'system:masters';
	sign('apiserver', apiServerFacts(cluster, machine, machine.addresses[0]));
	sign('apiserver-kubelet-client', {
		subject: { organizations: [masters], commonName: 'kube-apiserver-kubelet-client' },
		usages: ['client auth'],
	});
	sign(
		'front-proxy-client',
		{ subject: { commonName: 'front-proxy-client' }, usages: ['client auth'] },
		'front-proxy-ca',
	);
	const etcd = { dnsNames: [machine.name, 'localhost'], addresses: [...own, 0x7f000001] };
	const both = ['server auth', 'client auth'] as const;
	sign('etcd/server', { subject: { commonName: machine.name }, usages: both, ...etcd }, 'etcd/ca');
	sign('etcd/peer', { subject: { commonName: machine.name }, usages: both, ...etcd }, 'etcd/ca');
	const client = (commonName: string): Subject =>
		minorOf(cluster.api.version) >= 31 ? { commonName } : { organizations: ['system:masters'], commonName };
	sign(
		'etcd/healthcheck-client',
		{ subject: client('kube-etcd-healthcheck-client'), usages: ['client auth'] },
		'etcd/ca',
	);
	sign('apiserver-etcd-client', { subject: client('kube-apiserver-etcd-client'), usages: ['client auth'] }, 'etcd/ca');
	const accounts = accountKey(cluster.api);
	out[`${PKI}/sa.key`] = { text: () => keyPem(accounts), mode: 0o600 };
	out[`${PKI}/sa.pub`] = { text: () => pem('PUBLIC KEY', publicKeyDer(accounts)) };
}

const address = (text: string): readonly number[] =>
	/^\d+(?:\.\d+){3}$/.test(text) ? [text.split('.').reduce((all, part) => all * 256 + Number(part), 0)] : [];

/** A kubeconfig of kubeadm's: its user is the certificate's owner. */
function kubeconfig(
	cluster: ClusterContext,
	server: string,
	user: string,
	credentials: readonly (readonly [string, string])[],
): string {
	const { name } = cluster;
	return [
		'apiVersion: v1',
		'clusters:',
		'- cluster:',
		`    certificate-authority-data: ${base64(authorityOf(cluster).pem)}`,
		`    server: ${server}`,
		`  name: ${name}`,
		'contexts:',
		'- context:',
		`    cluster: ${name}`,
		`    user: ${user}`,
		`  name: ${user}@${name}`,
		`current-context: ${user}@${name}`,
		'kind: Config',
		'preferences: {}',
		'users:',
		`- name: ${user}`,
		'  user:',
		...credentials.map(([key, value]) => `    ${key}: ${value}`),
		'',
	].join('\n');
}

/** Kubeconfigs of a control plane: the administrator's, and those of its programs. */
function controlPlaneConfigs(out: NodeTexts, cluster: ClusterContext, machine: Machine): void {
	const shared = `https://${endpointHost(cluster)}:6443`;
	const write = (file: string, server: string, subject: Subject, id = `${machine.name}/${file}`): void => {
		let text: string | undefined;
		const make = (): string =>
			kubeconfig(cluster, server, subject.commonName, [
				['client-certificate-data', base64(certificateOf(cluster, id, { subject, usages: ['client auth'] }))],
				['client-key-data', base64(keyPem(keyOfFile(cluster, id)))],
			]);
		out[`etc/kubernetes/${file}`] = { text: () => (text ??= make()), mode: 0o600 };
	};
	write('admin.conf', shared, administrator(cluster.api.version), 'admin.conf');
	if (minorOf(cluster.api.version) >= 29 && endpointHost(cluster) === machine.name)
		write('super-admin.conf', shared, { organizations: ['system:masters'], commonName: 'kubernetes-super-admin' });
	// They ask the API server beside them (app/phases/kubeconfig getKubeConfigSpecs(), LocalAPIEndpoint, @ v1.24.0).
	const [ip] = machine.addresses;
	const own = ip === undefined ? shared : `https://${formatIp(ip)}:6443`;
	for (const name of ['controller-manager', 'scheduler'])
		write(`${name}.conf`, own, { commonName: `system:kube-${name}` });
}

/** What the kubelet has for itself: its client's certificate, renewed by itself, and the one it answers with. */
function kubeletPki(out: NodeTexts, cluster: ClusterContext, machine: Machine): void {
	const id = `${machine.name}/kubelet-client`;
	let client: string | undefined;
	const subject = { organizations: ['system:nodes'], commonName: `system:node:${machine.name}` };
	out[kubeletClientFile(cluster)] = {
		text: () => {
			client ??= certificateOf(cluster, id, { subject, usages: ['client auth'] }) + keyPem(keyOfFile(cluster, id));
			return client;
		},
		mode: 0o600,
	};
	const serving = `${machine.name}/kubelet`;
	let server: string | undefined;
	out['var/lib/kubelet/pki/kubelet.crt'] = {
		text: () =>
			(server ??= certificateOf(
				cluster,
				serving,
				{
					subject: { commonName: `${machine.name}@${cluster.timeline.epoch + Math.floor(cluster.begun / 1e6)}` },
					usages: ['server auth'],
					dnsNames: [machine.name],
				},
				`kubelet-ca/${machine.name}`,
			)),
	};
	out['var/lib/kubelet/pki/kubelet.key'] = { text: () => keyPem(keyOfFile(cluster, serving)), mode: 0o600 };
	const files = ['client-certificate', 'client-key'].map(
		(key) => [key, '/var/lib/kubelet/pki/kubelet-client-current.pem'] as const,
	);
	const user = `system:node:${machine.name}`;
	const first = endpointHost(cluster) === machine.name || machine.role === 'control-plane';
	out['etc/kubernetes/kubelet.conf'] = {
		text: () =>
			kubeconfig(cluster, `https://${endpointHost(cluster)}:6443`, first ? user : 'default-auth', files).replaceAll(
				first ? '\0' : `default-auth@${cluster.name}`,
				'default-context',
			),
		mode: 0o600,
	};
}

/** `kubelet-client-2022-08-31-10-00-24.pem`: when it was written. */
export function kubeletClientFile({ timeline, begun }: ClusterContext): string {
	const stamp = timeline.stamp(begun).replace(/[T:]/g, '-').replace('Z', '');
	return `var/lib/kubelet/pki/kubelet-client-${stamp}.pem`;
}

export function nodePki(cluster: ClusterContext, machine: Machine): NodeTexts {
	const out: NodeTexts = {};
	if (machine.role === 'control-plane') {
		controlPlanePki(out, cluster, machine);
		controlPlaneConfigs(out, cluster, machine);
	} else out[`${PKI}/ca.crt`] = { text: () => authorityOf(cluster).pem };
	kubeletPki(out, cluster, machine);
	return out;
}
