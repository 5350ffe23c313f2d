/**
 * What kind writes onto a node before kubeadm runs: its configuration for it, with the patches of the cluster's own, and
 * the manifests of its image (kind pkg/cluster/internal/kubeadm/config.go, pkg/internal/patch @ v0.14.0).
 */
import { parseAllDocuments } from 'yaml';
import { minorOf } from '../../sim/kube/index.ts';
import { configuredAddress, contextOf, type Lab } from '../../sim/lab/index.ts';
import { formatIp, formatPrefix } from '../../sim/wire/index.ts';
import { printYaml } from '../kube/index.ts';
import type { Place } from '../tool.ts';

type Tree = { readonly [key: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** RFC 7386. */
function merged(target: unknown, patch: unknown): unknown {
	if (!isTree(patch)) return patch;
	const out: Record<string, unknown> = isTree(target) ? { ...target } : {};
	for (const [key, value] of Object.entries(patch))
		if (value === null) delete out[key];
		else out[key] = merged(out[key], value);
	return out;
}

const TOKEN = 'abcdef.0123456789abcdef';

/** The documents kind makes for a node, before patches. */
function documents(lab: Lab, clusterName: string, node: string): readonly Tree[] {
	const context = contextOf(lab.cluster(clusterName)!)!;
	const machine = context.machines.get(node)!;
	const { config } = context;
	const minor = minorOf(machine.image.kubernetes);
	const four = minor >= 31;
	const apiVersion = `kubeadm.k8s.io/${four ? 'v1beta4' : minor >= 23 ? 'v1beta3' : 'v1beta2'}`;
	const args = (flags: Readonly<Record<string, string>>): unknown =>
		four ? Object.entries(flags).map(([name, value]) => ({ name, value })) : flags;
	const controlPlanes = config.nodes.filter(({ role }) => role === 'control-plane').length;
	const endpoint = `${clusterName}-${controlPlanes > 1 ? 'external-load-balancer' : 'control-plane'}:6443`;
	const ip = formatIp(configuredAddress(machine) ?? 0);
	const labels = Object.entries(config.nodes[[...context.machines.keys()].indexOf(node)]?.labels ?? {});
	const localAPIEndpoint = { advertiseAddress: ip, bindPort: 6443 };
	const nodeRegistration = {
		criSocket: 'unix:///run/containerd/containerd.sock',
		kubeletExtraArgs: args({
			'node-ip': ip,
			'provider-id': `kind://docker/${clusterName}/${node}`,
			'node-labels': labels.map(([key, value]) => `${key}=${value}`).join(','),
		}),
	};
	return [
		{
			apiServer: { certSANs: ['localhost', config.apiServerAddress], extraArgs: args({ 'runtime-config': '' }) },
			apiVersion,
			clusterName,
			controlPlaneEndpoint: endpoint,
			controllerManager: { extraArgs: args({ 'enable-hostpath-provisioner': 'true' }) },
			kind: 'ClusterConfiguration',
			kubernetesVersion: `v${machine.image.kubernetes}`,
			networking: { podSubnet: formatPrefix(config.podSubnet), serviceSubnet: formatPrefix(config.serviceSubnet) },
			scheduler: { extraArgs: null },
		},
		{ apiVersion, bootstrapTokens: [{ token: TOKEN }], kind: 'InitConfiguration', localAPIEndpoint, nodeRegistration },
		{
			apiVersion,
			...(machine.role === 'control-plane' ? { controlPlane: { localAPIEndpoint } } : {}),
			discovery: { bootstrapToken: { apiServerEndpoint: endpoint, token: TOKEN, unsafeSkipCAVerification: true } },
			kind: 'JoinConfiguration',
			nodeRegistration,
		},
		{
			apiVersion: 'kubelet.config.k8s.io/v1beta1',
			cgroupDriver: 'systemd',
			cgroupRoot: '/kubelet',
			evictionHard: { 'imagefs.available': '0%', 'nodefs.available': '0%', 'nodefs.inodesFree': '0%' },
			failSwapOn: false,
			imageGCHighThresholdPercent: 100,
			kind: 'KubeletConfiguration',
		},
		...(config.kubeProxyMode === 'none'
			? []
			: [
					{
						apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
						conntrack: { maxPerCore: 0 },
						iptables: { minSyncPeriod: '1s' },
						kind: 'KubeProxyConfiguration',
						mode: config.kubeProxyMode,
					},
				]),
	];
}

/** Keys in order, as Go prints a map. */
const sorted = (value: unknown): unknown =>
	Array.isArray(value)
		? value.map(sorted)
		: isTree(value)
			? Object.fromEntries(
					Object.keys(value)
						.sort()
						.map((key) => [key, sorted(value[key])]),
				)
			: value;

const group = (apiVersion: unknown): string => String(apiVersion ?? '').split('/')[0] ?? '';

/** /kind/kubeadm.conf: keys are sorted, as the patches' tool writes them. */
function kubeadmConf(lab: Lab, cluster: string, node: string): string {
	const context = contextOf(lab.cluster(cluster)!)!;
	const own = context.config.nodes[[...context.machines.keys()].indexOf(node)]?.kubeadmConfigPatches ?? [];
	const patches = [...context.config.kubeadmConfigPatches, ...own].flatMap((text) =>
		parseAllDocuments(text).map((document) => document.toJS() as unknown),
	);
	return documents(lab, cluster, node)
		.map((document) => {
			const mine = patches.filter(
				(patch): patch is Tree =>
					isTree(patch) &&
					patch.kind === document.kind &&
					// A patch that names no version is for all of them.
					(patch.apiVersion === undefined || group(patch.apiVersion) === group(document.apiVersion)),
			);
			return printYaml(
				sorted(
					mine.reduce<unknown>(
						(all, { apiVersion: _version, kind: _kind, metadata: _metadata, ...patch }) => merged(all, patch),
						document,
					),
				),
			);
		})
		.join('---\n');
}

export function kindFiles(place: Extract<Place, { kind: 'node' }>, lab: Lab): Readonly<Record<string, () => string>> {
	const cluster = lab.cluster(place.cluster);
	const machine = cluster && contextOf(cluster)?.machines.get(place.node);
	if (!machine || machine.role === 'external-load-balancer') return {};
	return { '/kind/kubeadm.conf': () => kubeadmConf(lab, place.cluster, place.node) };
}
