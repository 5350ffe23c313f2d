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
import { kubeletClientFile, type NodeTexts, nodePki } from './node-pki.ts';

/** A unit and what is dropped into it, in the order systemd reads them. */
export interface UnitFile {
	readonly path: string;
	readonly text: string;
}

const UNITS = '/etc/systemd/system';

const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target
StartLimitIntervalSec=0

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/containerd
Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=1
LimitNPROC=infinity
LimitCORE=infinity
LimitNOFILE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

const KUBELET_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=http://kubernetes.io/docs/
ConditionPathExists=/var/lib/kubelet/config.yaml

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=1s
CPUAccounting=true
MemoryAccounting=true
Slice=kubelet.slice
KillMode=process

[Install]
WantedBy=multi-user.target
`;

const KUBEADM_DROP_IN = `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_EXTRA_ARGS $KUBELET_KUBEADM_ARGS
`;

const KIND_DROP_IN = `[Service]
ExecStartPre=/bin/sh -euc "if [ -f /sys/fs/cgroup/cgroup.controllers ]; then /kind/bin/create-kubelet-cgroup-v2.sh; fi"
ExecStartPre=/bin/sh -euc "if [ ! -f /sys/fs/cgroup/cgroup.controllers ] && [ ! -d /sys/fs/cgroup/systemd/kubelet ]; then mkdir -p /sys/fs/cgroup/systemd/kubelet; fi"
`;

/** Units of a node, each with its drop-ins. */
export const UNIT_FILES: Readonly<Record<'containerd' | 'kubelet', readonly UnitFile[]>> = {
	containerd: [{ path: `${UNITS}/containerd.service`, text: CONTAINERD_UNIT }],
	kubelet: [
		{ path: `${UNITS}/kubelet.service`, text: KUBELET_UNIT },
		{ path: `${UNITS}/kubelet.service.d/10-kubeadm.conf`, text: KUBEADM_DROP_IN },
		{ path: `${UNITS}/kubelet.service.d/11-kind.conf`, text: KIND_DROP_IN },
	],
};

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
`;
}

/** Flags kubeadm finds out for a kubelet, and those of kind's configuration (app/phases/kubelet/flags.go). */
export function kubeadmFlags(cluster: ClusterContext, machine: Machine): readonly string[] {
	const minor = minorOf(machine.image.kubernetes);
	const labels = Object.entries(machine.labels).filter(
		([key]) => !/^(?:node-role|node)\.kubernetes\.io\/(?:control-plane|master|exclude-from)/.test(key),
	);
	return [
		...(minor < 27 ? ['--container-runtime=remote'] : []),
		'--container-runtime-endpoint=unix:///run/containerd/containerd.sock',
		`--node-ip=${formatIp(machine.ip ?? 0)}`,
		`--node-labels=${labels
			.map(([key, value]) => `${key}=${value}`)
			.sort()
			.join(',')}`,
		`--pod-infra-container-image=${machine.image.registry}/pause:${machine.image.pause}`,
		`--provider-id=kind://docker/${cluster.name}/${machine.name}`,
	];
}

/** KUBELET_EXTRA_ARGS of /etc/default/kubelet. */
export const KUBELET_EXTRA_ARGS = '--runtime-cgroups=/system.slice/containerd.service';

function textsOf(cluster: ClusterContext, machine: Machine): NodeTexts {
	const { name, image } = machine;
	const uuid = (hex: string): string =>
		[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
	const out: NodeTexts = {
		'etc/hostname': { text: () => `${name}\n` },
		'etc/machine-id': { text: () => `${cluster.timeline.hex(32, 'machine id', machine.container)}\n` },
		'etc/crictl.yaml': { text: () => 'runtime-endpoint: unix:///run/containerd/containerd.sock' },
		'etc/containerd/config.toml': { text: () => containerdConfig(machine) },
		'etc/default/kubelet': { text: () => `KUBELET_EXTRA_ARGS=${KUBELET_EXTRA_ARGS}` },
		'kind/version': { text: () => `v${image.kubernetes}` },
		'kind/product_name': { text: () => 'kind\n' },
		'kind/product_uuid': { text: () => `${uuid(cluster.timeline.hex(32, 'system uuid', machine.container))}\n` },
	};
	for (const { path, text } of [...UNIT_FILES.containerd, ...UNIT_FILES.kubelet])
		out[path.slice(1)] = { text: () => text };
	return out;
}

/** What kubeadm leaves: of nodes of a cluster that has begun. */
function kubeadmTexts(cluster: ClusterContext, machine: Machine): NodeTexts {
	return {
		...nodePki(cluster, machine),
		'var/lib/kubelet/config.yaml': { text: () => kubeletConfig(cluster) },
		'var/lib/kubelet/kubeadm-flags.env': {
			text: () => `KUBELET_KUBEADM_ARGS="${kubeadmFlags(cluster, machine).join(' ')}"\n`,
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
	for (const path of ['plugins', 'plugins_registry', 'pod-resources', 'device-plugins'])
		makeDirectory(root, `var/lib/kubelet/${path}`, at, 0o750);
	if (machine.role === 'control-plane')
		for (const path of ['member', 'member/snap', 'member/wal']) makeDirectory(root, `var/lib/etcd/${path}`, at, 0o700);
}
