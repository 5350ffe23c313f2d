/**
 * Who a container's processes are, and what they may do: of its security context, its pod's, and its image.
 *
 * Source: kubernetes pkg/securitycontext/util.go, pkg/kubelet/kuberuntime/security_context{,_others}.go @ v1.24.0;
 * containerd pkg/cri/opts/spec_linux_opts.go WithCapabilities, oci/spec.go defaultUnixCaps @ v1.6.4.
 */
import type { ContainerSpec, Pod } from '../cluster/kinds.ts';
import type { DiskUser } from '../disk/disk.ts';
import { imageFacts } from './image-facts.ts';
import { ROOT_GROUPS } from './image-users.ts';

export interface SecurityContext {
	readonly runAsUser?: number;
	readonly runAsGroup?: number;
	readonly runAsNonRoot?: boolean;
	readonly fsGroup?: number;
	readonly supplementalGroups?: readonly number[];
	readonly supplementalGroupsPolicy?: string;
	readonly readOnlyRootFilesystem?: boolean;
	readonly privileged?: boolean;
	readonly allowPrivilegeEscalation?: boolean;
	readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
	readonly seccompProfile?: { readonly type: string; readonly localhostProfile?: string };
}

const ofPod = (pod: Pod): SecurityContext => (pod.spec.securityContext as SecurityContext | undefined) ?? {};
const ofContainer = (spec: ContainerSpec): SecurityContext =>
	(spec as { readonly securityContext?: SecurityContext }).securityContext ?? {};

/** What holds for a container: its own words over its pod's. */
export const securityOf = (pod: Pod, spec: ContainerSpec): SecurityContext => ({ ...ofPod(pod), ...ofContainer(spec) });

/** Users of /etc/passwd that images have, as far as somebody may run as them. */
const PASSWD: Readonly<Record<number, readonly [name: string, gid: number]>> = {
	0: ['root', 0],
	1: ['daemon', 1],
	2: ['bin', 2],
	33: ['www-data', 33],
	65534: ['nobody', 65534],
};

export interface ContainerUser extends DiskUser {
	/** Absent of a number nobody is known by. */
	readonly name?: string;
	readonly home: string;
}

/** The name of a number in an image. */
export function userName(image: string, uid: number): string | undefined {
	const { repository, user } = imageFacts(image);
	if (user?.uid === uid && user.name !== undefined) return user.name;
	if (uid === 101 && /^nginx/.test(repository)) return 'nginx';
	if (uid === 999 && /^(?:redis|mysql|mariadb|postgres|mongo|rabbitmq)$/.test(repository))
		return repository === 'mongo' ? 'mongodb' : repository;
	if (uid === 1000 && repository === 'node') return 'node';
	return PASSWD[uid]?.[0];
}

/** User and groups of a container's first process: by its spec, its pod's, its image's. */
export function userOf(pod: Pod, spec: ContainerSpec): ContainerUser {
	const {
		runAsUser,
		runAsGroup,
		fsGroup,
		supplementalGroups = [],
		supplementalGroupsPolicy: policy,
	} = securityOf(pod, spec);
	const { user, system } = imageFacts(spec.image);
	const uid = runAsUser ?? user?.uid ?? 0;
	const gid = runAsGroup ?? (user?.uid === uid ? user.gid : (PASSWD[uid]?.[1] ?? 0));
	const name = userName(spec.image, uid);
	// With the policy Strict only what the pod says, not what stands in the image (SupplementalGroupsPolicy).
	const own = uid === 0 && policy !== 'Strict' ? (ROOT_GROUPS[system] ?? []) : [];
	const more = [...own, ...(fsGroup === undefined ? [] : [fsGroup]), ...supplementalGroups];
	return {
		uid,
		gid,
		groups: [...new Set([gid, ...more])],
		...(name === undefined ? {} : { name }),
		home: uid === 0 ? '/root' : name === 'curl_user' ? '/home/curl_user' : name === 'node' ? '/home/node' : '/',
	};
}

/** Why the kubelet does not make a container that is to run as nobody but root (verifyRunAsNonRoot). */
export function rootRefusal(pod: Pod, spec: ContainerSpec): string | undefined {
	const { runAsNonRoot, runAsUser } = securityOf(pod, spec);
	if (!runAsNonRoot) return undefined;
	const { name, namespace = '', uid } = pod.metadata;
	const who = `(pod: "${name}_${namespace}(${uid})", container: ${spec.name})`;
	if (runAsUser !== undefined)
		return runAsUser === 0 ? `container's runAsUser breaks non-root policy ${who}` : undefined;
	const { user } = imageFacts(spec.image);
	if (user?.name !== undefined)
		return `container has runAsNonRoot and image has non-numeric user (${user.name}), cannot verify user is non-root ${who}`;
	return user && user.uid !== 0 ? undefined : `container has runAsNonRoot and image will run as root ${who}`;
}

/** capability(7), by number. */
const CAPABILITIES =
	'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
		' ',
	);
const DEFAULT =
	'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(
		' ',
	);

/** Names without `CAP_`, in the kernel's order, that a container's root has. */
export function capabilitiesOf(pod: Pod, spec: ContainerSpec): readonly string[] {
	const { privileged, capabilities } = securityOf(pod, spec);
	if (privileged) return CAPABILITIES;
	const plain = (names: readonly string[] = []): readonly string[] =>
		names.map((name) => name.toUpperCase().replace(/^CAP_/, ''));
	const add = plain(capabilities?.add);
	const drop = plain(capabilities?.drop);
	const has = new Set(add.includes('ALL') ? CAPABILITIES : drop.includes('ALL') ? [] : DEFAULT);
	for (const name of add) has.add(name);
	for (const name of drop) if (!add.includes(name)) has.delete(name);
	return CAPABILITIES.filter((name) => has.has(name));
}

/** As /proc/PID/status has a set: sixteen digits. */
export function capabilityMask(names: readonly string[]): string {
	let mask = 0n;
	for (const name of names) {
		const bit = CAPABILITIES.indexOf(name);
		if (bit >= 0) mask |= 1n << BigInt(bit);
	}
	return mask.toString(16).padStart(16, '0');
}

/** /proc/PID/status from Uid to Seccomp, of the first process of a container (fs/proc/array.c @ 5.15). */
export function statusLines(pod: Pod, spec: ContainerSpec): readonly string[] {
	const { privileged, allowPrivilegeEscalation, seccompProfile } = securityOf(pod, spec);
	const { uid, gid, groups } = userOf(pod, spec);
	const bounding = capabilityMask(capabilitiesOf(pod, spec));
	const none = '0'.repeat(16);
	const held = uid === 0 ? bounding : none;
	const four = (number: number): string => `${number}\t${number}\t${number}\t${number}`;
	return [
		`Uid:\t${four(uid)}`,
		`Gid:\t${four(gid)}`,
		'FDSize:\t64',
		`Groups:\t${groups.length > 1 || gid !== 0 ? `${groups.join(' ')} ` : '0 '}`,
		`CapInh:\t${none}`,
		`CapPrm:\t${held}`,
		`CapEff:\t${held}`,
		`CapBnd:\t${bounding}`,
		`CapAmb:\t${none}`,
		`NoNewPrivs:\t${allowPrivilegeEscalation === false ? 1 : 0}`,
		`Seccomp:\t${privileged || (seccompProfile?.type ?? 'Unconfined') === 'Unconfined' ? 0 : 2}`,
	];
}
