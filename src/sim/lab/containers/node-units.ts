/**
 * systemd's files of a node's image (kind images/base/files/etc/systemd/system @ v0.14.0 and v0.20.0, which is of 1.27).
 * Comments of the files are left out.
 */

/** A unit, or what is dropped into one. */
export interface UnitFile {
	readonly path: string;
	readonly text: string;
}

const UNITS = '/etc/systemd/system';

/** Images of kind v0.20.0 and later. */
const isNew = (minor: number): boolean => minor >= 27;

const CGROUP_OF_KUBELET = (create: string): string =>
	`ExecStartPre=/bin/sh -euc "if [ -f /sys/fs/cgroup/cgroup.controllers ]; then ${create}; fi"
ExecStartPre=/bin/sh -euc "if [ ! -f /sys/fs/cgroup/cgroup.controllers ] && [ ! -d /sys/fs/cgroup/systemd/kubelet ]; then mkdir -p /sys/fs/cgroup/systemd/kubelet; fi"
`;

const containerdUnit = (minor: number): string => `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target${isNew(minor) ? ' local-fs.target' : ''}
StartLimitIntervalSec=0

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/local/bin/containerd
${isNew(minor) ? 'Type=notify\n' : 'Restart=always\nRestartSec=1\n\n'}Delegate=yes
KillMode=process
Restart=always
${isNew(minor) ? 'RestartSec=1\n' : ''}LimitNPROC=infinity
LimitCORE=infinity
LimitNOFILE=infinity
TasksMax=infinity
${isNew(minor) ? 'OOMScoreAdjust=-999\n' : ''}
[Install]
WantedBy=multi-user.target
`;

const kubeletUnit = (minor: number): string => `[Unit]
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
${isNew(minor) ? 'KillMode=process\n' : ''}
[Install]
WantedBy=multi-user.target
`;

/** A flag that the drop-in itself gives. */
export const kubeletCgroupFlags = (minor: number): readonly string[] =>
	isNew(minor) ? [] : ['--cgroup-root=/kubelet'];

/** How a kubelet is started, variables and all. */
export const kubeletStartLine = (minor: number): string =>
	[
		'/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS',
		...kubeletCgroupFlags(minor),
	].join(' ');

/** KUBELET_EXTRA_ARGS of /etc/default/kubelet. */
export const kubeletExtraArgs = (minor: number): string =>
	isNew(minor) ? '--runtime-cgroups=/system.slice/containerd.service' : '--fail-swap-on=false';

const kubeadmDropIn = (minor: number): string => `[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
EnvironmentFile=-/etc/default/kubelet
${isNew(minor) ? '' : CGROUP_OF_KUBELET('create-kubelet-cgroup-v2')}ExecStart=
ExecStart=${kubeletStartLine(minor)}
`;

const SLICE = `[Unit]
Description=slice used to run Kubernetes / Kubelet
Before=slices.target

[Slice]
MemoryAccounting=true
CPUAccounting=true
`;

/** Units of a node, each with its drop-ins in the order systemd reads them, by the minor of its image. */
export function unitFiles(minor: number): Readonly<Record<'containerd' | 'kubelet', readonly UnitFile[]>> {
	const dropIns = `${UNITS}/kubelet.service.d`;
	return {
		containerd: [{ path: `${UNITS}/containerd.service`, text: containerdUnit(minor) }],
		kubelet: [
			{ path: `${UNITS}/kubelet.service`, text: kubeletUnit(minor) },
			{ path: `${dropIns}/10-kubeadm.conf`, text: kubeadmDropIn(minor) },
			...(isNew(minor)
				? [
						{
							path: `${dropIns}/11-kind.conf`,
							text: `[Service]\n${CGROUP_OF_KUBELET('/kind/bin/create-kubelet-cgroup-v2.sh')}`,
						},
					]
				: []),
		],
	};
}

/** What is beside them, and nobody asks systemctl for here. */
export const SLICE_FILE: UnitFile = { path: `${UNITS}/kubelet.slice`, text: SLICE };
