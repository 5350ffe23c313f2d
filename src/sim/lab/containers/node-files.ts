/**
 * Files a node has from kind's image and from kubeadm (kind images/base/files, pkg/build/nodeimage @ v0.14.0 and v0.29.0;
 * kubernetes cmd/kubeadm/app/phases/kubelet @ v1.24.0). Comments of the files are left out.
 */
import { formatIp } from '../../wire/index.ts';
import { kubeletConfig } from '../bootstrap/kubelet-config.ts';
import type { ClusterContext } from '../cluster/context.ts';
import type { Machine } from '../cluster/machine.ts';
import { type DirectoryNode, file, link, makeDirectory, put } from '../disk/tree.ts';
import { minorOf } from '../machine/node-images.ts';
import { criBase } from './cri-base.ts';
import { kubeletClientFile, type NodeTexts, nodePki } from './node-pki.ts';
import { kubeletExtraArgs, SLICE_FILE, unitFiles } from './node-units.ts';

function containerdConfig({ image }: Machine): string {
	const cri = 'plugins."io.containerd.grpc.v1.cri"';
	const handler = (name: string): string => `[${cri}.containerd.runtimes.${name}]
  runtime_type = "io.containerd.runc.v2"
  base_runtime_spec = "/etc/containerd/cri-base.json"
  [${cri}.containerd.runtimes.${name}.options]
    SystemdCgroup = true
`;
	return `version = 2

[proxy_plugins]
[proxy_plugins."fuse-overlayfs"]
  type = "snapshot"
  address = "/run/containerd-fuse-overlayfs.sock"

[${cri}.containerd]
  discard_unpacked_layers = true
  snapshotter = "overlayfs"
  default_runtime_name = "runc"
${handler('runc')}
${handler('test-handler')}
[${cri}]
  sandbox_image = "${image.registry}/pause:${image.pause}"
  tolerate_missing_hugepages_controller = true
  restrict_oom_score_adj = false
${
	// While k8s.gcr.io went, of kind v0.14.0 to v0.17.0.
	[24, 25].includes(minorOf(image.kubernetes))
		? `
[${cri}.registry.mirrors."k8s.gcr.io"]
  endpoint = ["https://registry.k8s.io", "https://k8s.gcr.io",]
`
		: ''
}`;
}

/** Flags kubeadm finds out for a kubelet, and those of kind's configuration (app/phases/kubelet/flags.go). */
export function kubeadmFlags(cluster: ClusterContext, machine: Machine, ip = machine.ip): readonly string[] {
	const minor = minorOf(machine.image.kubernetes);
	const labels = Object.entries(machine.labels).filter(
		([key]) => !/^(?:node-role|node)\.kubernetes\.io\/(?:control-plane|master|exclude-from)/.test(key),
	);
	return [
		...(minor < 27 ? ['--container-runtime=remote'] : []),
		'--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
		`--node-ip=${formatIp(ip ?? 0)}`,
		`--node-labels=${labels
			.map(([key, value]) => `${key}=${value}`)
			.sort()
			.join(',')}`,
		`--pod-infra-container-image=${machine.image.registry}/pause:${machine.image.pause}`,
		`--provider-id=kind://docker/${cluster.name}/${machine.name}`,
	];
}

function textsOf(cluster: ClusterContext, machine: Machine): NodeTexts {
	const { name, image } = machine;
	const minor = minorOf(image.kubernetes);
	const uuid = (hex: string): string =>
		[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
	const out: NodeTexts = {
		'etc/hostname': { text: () => `${name}\n` },
		'etc/machine-id': { text: () => `${cluster.timeline.hex(32, 'machine id', machine.container)}\n` },
		'etc/crictl.yaml': { text: () => 'runtime-endpoint: unix:///run/containerd/containerd.sock' },
		'etc/containerd/config.toml': { text: () => containerdConfig(machine) },
		'etc/containerd/cri-base.json': { text: () => criBase(image.containerd, minor) },
		'etc/default/kubelet': { text: () => `KUBELET_EXTRA_ARGS=${kubeletExtraArgs(minor)}` },
		'etc/sysctl.d/10-network-magic.conf': {
			// The second since kind v0.28.0.
			text: () => `net.ipv4.conf.all.route_localnet=1\n${minor < 33 ? '' : '\nnet.ipv4.conf.all.arp_ignore=0\n'}`,
		},
		'etc/sysctl.d/10-network-security.conf': {
			text: () => 'net.ipv4.conf.default.rp_filter=1\nnet.ipv4.conf.all.rp_filter=1\n',
		},
		'kind/version': { text: () => `v${image.kubernetes}` },
		// What its entrypoint compares with when it is started again.
		'kind/old-ipv4': { text: () => formatIp(machine.addresses.at(-1) ?? 0) },
		'kind/product_name': { text: () => 'kind\n' },
		'kind/product_uuid': { text: () => `${uuid(cluster.timeline.hex(32, 'system uuid', machine.container))}\n` },
	};
	const { containerd, kubelet } = unitFiles(minor);
	for (const { path, text } of [...containerd, ...kubelet, ...(minor < 23 ? [] : [SLICE_FILE])])
		out[path.slice(1)] = { text: () => text };
	return out;
}

/** What kubeadm leaves: of nodes of a cluster that has begun. */
function kubeadmTexts(cluster: ClusterContext, machine: Machine): NodeTexts {
	return {
		...nodePki(cluster, machine),
		'var/lib/kubelet/config.yaml': { text: () => kubeletConfig(cluster) },
		'var/lib/kubelet/kubeadm-flags.env': {
			text: () => `KUBELET_KUBEADM_ARGS="${kubeadmFlags(cluster, machine, machine.addresses[0]).join(' ')}"\n`,
		},
	};
}

/** Puts them on a node's disk: from then on they are its own, to be changed or taken away. */
export function putNodeFiles(cluster: ClusterContext, machine: Machine, root: DirectoryNode): void {
	const at = cluster.begun;
	const texts = { ...textsOf(cluster, machine), ...kubeadmTexts(cluster, machine) };
	for (const [path, { text, mode }] of Object.entries(texts)) put(root, path, file(text, at, mode));
	makeDirectory(root, 'etc/containerd/certs.d', at);
	makeDirectory(root, 'usr/lib/modules', at);
	put(root, 'var/lib/kubelet/pki/kubelet-client-current.pem', link(`/${kubeletClientFile(cluster)}`, at));
	put(
		root,
		'var/lib/kubelet/cpu_manager_state',
		file('{"policyName":"none","defaultCpuSet":"","checksum":1353318690}', at, 0o600),
	);
	// Since MemoryManager is on by default (pkg/kubelet/cm/memorymanager/state/state_checkpoint.go @ v1.22.0).
	if (minorOf(machine.image.kubernetes) >= 22)
		put(
			root,
			'var/lib/kubelet/memory_manager_state',
			file('{"policyName":"None","machineState":{},"checksum":4236770233}', at, 0o600),
		);
	for (const path of ['plugins', 'plugins_registry', 'pod-resources', 'device-plugins'])
		makeDirectory(root, `var/lib/kubelet/${path}`, at, 0o750);
	if (machine.role === 'control-plane')
		for (const path of ['member', 'member/snap', 'member/wal']) makeDirectory(root, `var/lib/etcd/${path}`, at, 0o700);
}
