/**
 * `kubeadm config`: images and defaults of this kubeadm.
 *
 * Source: kubernetes cmd/kubeadm/app/cmd/config.go, images/images.go, constants/constants.go, util/version.go @ v1.24.0.
 */
import { minorOf } from '../../sim/kube/index.ts';
import { contextOf } from '../../sim/lab/index.ts';
import { printYaml } from '../kube/index.ts';
import type { Call } from '../tool.ts';

/** What it would take for a sandbox, which need not be what kind's containerd is told to. */
const PAUSE: Readonly<Record<number, string>> = {
	21: '3.4.1',
	22: '3.5',
	23: '3.6',
	24: '3.7',
	25: '3.8',
	31: '3.10',
	32: '3.10',
	33: '3.10',
	34: '3.10.1',
};

const two = (n: number): string => String(n).padStart(2, '0');

/** It asks the web for the newest release, and falls back to its own. */
function noWeb(call: Call, version: string): void {
	const micros = call.lab.epoch * 1e6 + call.lab.now;
	const d = new Date(Math.floor(micros / 1000));
	const head = `W${two(d.getUTCMonth() + 1)}${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}.${String(micros % 1e6).padStart(6, '0')} ${String(1000 + call.lab.random('kubeadm', `pid ${call.lab.now}`, 30_000)).padStart(7)}`;
	const url = 'https://dl.k8s.io/release/stable-1.txt';
	const gateway =
		call.lab.docker
			.networks()
			.find(({ name }) => name === 'kind')
			?.subnet?.replace(/0\/\d+$/, '1') ?? '127.0.0.1';
	call.err(
		`${head} version.go:103] could not fetch a Kubernetes version from the internet: unable to get URL "${url}": Get "${url}": dial tcp: lookup dl.k8s.io on ${gateway}:53: no such host\n${head} version.go:104] falling back to the local client version: ${version}\n`,
	);
}

const NODE = { criSocket: 'unix:///var/run/containerd/containerd.sock', imagePullPolicy: 'IfNotPresent' };
const TOKEN = 'abcdef.0123456789abcdef';

export async function config(
	call: Call,
	words: readonly string[],
	options: ReadonlyMap<string, string>,
): Promise<number | undefined> {
	const { place } = call;
	const cluster = call.cluster();
	const machine = place.kind === 'node' && cluster ? contextOf(cluster)?.machines.get(place.node) : undefined;
	if (!machine) return undefined;
	const { image } = machine;
	const version = `v${image.kubernetes}`;
	const minor = minorOf(image.kubernetes);
	if (words.join(' ') === 'images list') {
		const asked = options.get('kubernetes-version');
		const repository = options.get('image-repository');
		if (asked !== undefined && asked !== version && asked !== image.kubernetes) return undefined;
		if (asked === undefined) noWeb(call, version);
		const registry = repository ?? image.registry;
		for (const name of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'])
			call.out(`${registry}/${name}:${version}\n`);
		const rest = [`pause:${PAUSE[minor] ?? '3.9'}`, `etcd:${image.etcd}`];
		const dns = `${repository === undefined ? 'coredns/' : ''}coredns:${image.coredns.startsWith('v') ? '' : 'v'}${image.coredns}`;
		// The name server's came last up to 1.27.
		for (const name of minor < 28 ? [...rest, dns] : [dns, ...rest]) call.out(`${registry}/${name}\n`);
		return 0;
	}
	// Kinds of configuration of other versions have other fields.
	if (words[0] !== 'print' || minor < 22 || minor > 30) return undefined;
	const apiVersion = 'kubeadm.k8s.io/v1beta3';
	if (words[1] === 'join-defaults') {
		call.out(
			printYaml({
				apiVersion,
				caCertPath: '/etc/kubernetes/pki/ca.crt',
				discovery: {
					bootstrapToken: { apiServerEndpoint: 'kube-apiserver:6443', token: TOKEN, unsafeSkipCAVerification: true },
					timeout: '5m0s',
					tlsBootstrapToken: TOKEN,
				},
				kind: 'JoinConfiguration',
				nodeRegistration: { ...NODE, name: machine.name, taints: null },
			}),
		);
		return 0;
	}
	if (words[1] !== 'init-defaults') return undefined;
	if (options.has('component-configs')) return undefined;
	const init = {
		apiVersion,
		bootstrapTokens: [
			{
				groups: ['system:bootstrappers:kubeadm:default-node-token'],
				token: TOKEN,
				ttl: '24h0m0s',
				usages: ['signing', 'authentication'],
			},
		],
		kind: 'InitConfiguration',
		localAPIEndpoint: { advertiseAddress: '1.2.3.4', bindPort: 6443 },
		nodeRegistration: { ...NODE, name: 'node', taints: null },
	};
	const whole = {
		apiServer: { timeoutForControlPlane: '4m0s' },
		apiVersion,
		certificatesDir: '/etc/kubernetes/pki',
		clusterName: 'kubernetes',
		controllerManager: {},
		dns: {},
		etcd: { local: { dataDir: '/var/lib/etcd' } },
		imageRepository: image.registry,
		kind: 'ClusterConfiguration',
		// The patch of the minor's first release, whatever the patch of this kubeadm (constants.CurrentKubernetesVersion).
		kubernetesVersion: `1.${minor}.0`,
		networking: { dnsDomain: 'cluster.local', serviceSubnet: '10.96.0.0/12' },
		scheduler: {},
	};
	call.out(`${printYaml(init)}---\n${printYaml(whole)}`);
	return 0;
}
