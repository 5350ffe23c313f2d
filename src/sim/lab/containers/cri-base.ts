/**
 * /etc/containerd/cri-base.json: what containers are made from on a node of kind, which is containerd's own specification
 * without limits, and with a hook of kind's.
 *
 * Sources: containerd oci/{spec,mounts}.go @ v1.6.4; kind images/base/Dockerfile @ v0.14.0 and v0.20.0.
 */

const CAPABILITIES =
	'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
		.split(' ')
		.map((name) => `CAP_${name}`);

/** Destination, type, source, options. */
const MOUNTS = [
	'/proc proc proc nosuid,noexec,nodev',
	'/dev tmpfs tmpfs nosuid,strictatime,mode=755,size=65536k',
	'/dev/pts devpts devpts nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5',
	'/dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=65536k',
	'/dev/mqueue mqueue mqueue nosuid,noexec,nodev',
	'/sys sysfs sysfs nosuid,noexec,nodev,ro',
	'/run tmpfs tmpfs nosuid,strictatime,mode=755,size=65536k',
].map((line) => {
	const [destination, type, source, options = ''] = line.split(' ');
	return { destination, type, source, options: options.split(',') };
});

/** Of the specification that a containerd was built with (go.mod of its release). */
const ociVersion = (containerd: string): string =>
	/^1\.[56]\./.test(containerd)
		? '1.0.2-dev'
		: containerd === '1.7.1'
			? '1.1.0-rc.1'
			: containerd < '2'
				? '1.1.0'
				: '1.2.1';

/** As jq prints it. */
export function criBase(containerd: string, minor: number): string {
	const spec = {
		ociVersion: ociVersion(containerd),
		process: {
			user: { uid: 0, gid: 0 },
			cwd: '/',
			capabilities: { bounding: CAPABILITIES, effective: CAPABILITIES, permitted: CAPABILITIES },
			noNewPrivileges: true,
		},
		root: { path: 'rootfs' },
		mounts: MOUNTS,
		linux: {
			resources: { devices: [{ allow: false, access: 'rwm' }] },
			cgroupsPath: '/default',
			namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })),
			maskedPaths:
				'/proc/acpi /proc/asound /proc/kcore /proc/keys /proc/latency_stats /proc/timer_list /proc/timer_stats /proc/sched_debug /sys/firmware /proc/scsi'.split(
					' ',
				),
			readonlyPaths: '/proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger'.split(' '),
		},
		hooks: {
			createContainer: [
				{ path: minor < 27 ? '/usr/local/bin/mount-product-files' : '/kind/bin/mount-product-files.sh' },
			],
		},
	};
	return `${JSON.stringify(spec, null, 2)}\n`;
}
