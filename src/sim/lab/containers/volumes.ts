/**
 * Volumes of pods as directories of their node: made when all they are made of is there, renewed when that changes,
 * gone with the pod but for what a claim or the node keeps.
 *
 * Source: kubernetes pkg/volume/{configmap,secret,downwardapi,projected,emptydir,hostpath}, volume_linux.go
 * SetVolumeOwnership, util/atomic_writer.go, hostpath type checks @ v1.24.0.
 */
import { formatMicroTime, quantity } from '../../api/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { one, type Pod } from '../cluster/kinds.ts';
import type { Machine } from '../cluster/machine.ts';
import { type Claim, claimNameOf, type PersistentVolume } from '../controllers/volumes/objects.ts';
import type { DiskMount } from '../disk/disk.ts';
import {
	below,
	type DirectoryNode,
	type DiskNode,
	directory,
	file,
	link,
	makeDirectory,
	type Octets,
	put,
} from '../disk/tree.ts';
import { fromBase64 } from '../helm-releases.ts';
import { SECOND } from '../time.ts';
import { fieldOf, type ResourceRef, resourceOf } from './env.ts';
import { nodeRoot } from './nodes.ts';
import type { SecurityContext } from './security.ts';
import { accountToken } from './token.ts';
import { pluginFault, sourceOf } from './volume-plugins.ts';

interface Item {
	readonly key: string;
	readonly path: string;
	readonly mode?: number;
}

interface Source {
	readonly configMap?: {
		readonly name: string;
		readonly items?: readonly Item[];
		readonly defaultMode?: number;
		readonly optional?: boolean;
	};
	readonly secret?: {
		/** Of a projection. */
		readonly name?: string;
		readonly secretName?: string;
		readonly items?: readonly Item[];
		readonly defaultMode?: number;
		readonly optional?: boolean;
	};
	readonly downwardAPI?: {
		readonly items?: readonly {
			readonly path: string;
			readonly mode?: number;
			readonly fieldRef?: { readonly fieldPath: string };
			readonly resourceFieldRef?: ResourceRef;
		}[];
		readonly defaultMode?: number;
	};
	readonly serviceAccountToken?: {
		readonly path: string;
		readonly audience?: string;
		readonly expirationSeconds?: number;
	};
}

export interface PodVolume extends Source {
	readonly name: string;
	readonly projected?: { readonly sources?: readonly Source[]; readonly defaultMode?: number };
	readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
	readonly hostPath?: { readonly path: string; readonly type?: string };
	readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
	readonly ephemeral?: Readonly<Record<string, unknown>>;
	readonly [key: string]: unknown;
}

interface Made {
	readonly data: Octets | (() => Octets);
	readonly mode: number;
}

/** A volume as containers mount it. */
export type Mounted = Omit<DiskMount, 'path' | 'readOnly'> & { readonly readOnly: boolean };

/** `volumes` of a pod. */
export const volumesOf = (pod: Pod): readonly PodVolume[] =>
	(pod.spec.volumes ?? []) as unknown as readonly PodVolume[];

/** `/dev/sda1` of the laptop, where Docker's volumes and so a node's /var are. */
export const DISK = { device: '/dev/sda1', type: 'ext4' } as const;

const podDirectory = (pod: Pod, kind: string, volume: string): string =>
	`/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~${kind}/${volume}`;

interface Data {
	readonly data?: Readonly<Record<string, string>>;
	readonly binaryData?: Readonly<Record<string, string>>;
}

type Files = Map<string, Made>;
type Fault = { readonly error: string };

/** What one source brings; the error in the words of MakePayload. */
function payload(cluster: ClusterContext, pod: Pod, source: Source, mode: number): Files | Fault {
	const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
	const { namespace } = pod.metadata;
	const out: Files = new Map();
	if (configMap || secret) {
		const name = configMap?.name ?? secret?.secretName ?? secret?.name ?? '';
		const { items, optional, defaultMode = mode } = (configMap ?? secret)!;
		const found = one<Pod & Data>(cluster.api, configMap ? 'configmaps' : 'secrets', namespace, name);
		if (!found) return optional ? out : { error: `${configMap ? 'configmap' : 'secret'} "${name}" not found` };
		const octets = (text: string): Octets => Uint8Array.from(fromBase64(text) ?? []);
		const all = new Map<string, Octets>();
		for (const [key, text] of Object.entries(found.data ?? {})) all.set(key, configMap ? text : octets(text));
		for (const [key, text] of Object.entries(found.binaryData ?? {})) all.set(key, octets(text));
		if (!items) for (const [key, data] of all) out.set(key, { data, mode: defaultMode });
		for (const item of items ?? []) {
			const data = all.get(item.key);
			if (data !== undefined) out.set(item.path, { data, mode: item.mode ?? defaultMode });
			else if (!optional)
				return {
					error: configMap
						? `configmap references non-existent config key: ${item.key}`
						: `references non-existent secret key: ${item.key}`,
				};
		}
	}
	for (const { path, mode: own, fieldRef, resourceFieldRef } of downwardAPI?.items ?? []) {
		const data = fieldRef
			? fieldOf(pod, fieldRef.fieldPath)
			: resourceFieldRef
				? resourceOf(cluster, pod, pod.spec.containers[0]!, resourceFieldRef)
				: '';
		out.set(path, { data, mode: own ?? downwardAPI?.defaultMode ?? mode });
	}
	if (token) out.set(token.path, { data: () => accountToken(cluster, pod, token), mode });
	return out;
}

const isFault = (found: Files | Fault): found is Fault => 'error' in found;

/** Files of a volume that is made of objects; undefined of one that is not. */
function contentOf(cluster: ClusterContext, pod: Pod, volume: PodVolume): Files | Fault | undefined {
	const { projected, configMap, secret, downwardAPI } = volume;
	if (!projected && !configMap && !secret && !downwardAPI) return undefined;
	const files: Files = new Map();
	const mode = projected?.defaultMode ?? 0o644;
	for (const source of projected ? (projected.sources ?? []) : [volume]) {
		const part = payload(cluster, pod, source, mode);
		if (isFault(part)) return part;
		for (const [path, made] of part) files.set(path, made);
	}
	return files;
}

export const kindOf = (volume: PodVolume): string =>
	volume.configMap
		? 'configmap'
		: volume.secret
			? 'secret'
			: volume.projected
				? 'projected'
				: volume.downwardAPI
					? 'downward-api'
					: 'empty-dir';

/** The claim's volume, once both are bound to each other. */
function boundVolume(cluster: ClusterContext, pod: Pod, claimName: string): PersistentVolume | undefined {
	const claim = one<Claim>(cluster.api, 'persistentvolumeclaims', pod.metadata.namespace, claimName);
	return one<PersistentVolume>(cluster.api, 'persistentvolumes', undefined, claim?.spec.volumeName ?? '');
}

/** Where on the node a volume lies that outlives its pod, and what has to be there. */
function hostPathOf(
	cluster: ClusterContext,
	pod: Pod,
	volume: PodVolume,
): { readonly path: string; readonly type?: string } | undefined {
	if (volume.hostPath) return volume.hostPath;
	const claimName = claimNameOf(pod, volume);
	if (claimName === undefined) return undefined;
	const spec = boundVolume(cluster, pod, claimName)?.spec as
		| { readonly hostPath?: { path: string; type?: string }; readonly local?: { readonly path: string } }
		| undefined;
	return spec?.hostPath ?? (spec?.local && { path: spec.local.path, type: 'local' });
}

/** hostpath's checkType(), and what local volumes say of a path that is not there. */
function typeFault(node: DiskNode | undefined, path: string, type: string): string | undefined {
	if (type === 'local') return node ? undefined : `path "${path}" does not exist`;
	// What the kernel shows is there.
	if (/^\/(?:proc|sys|dev)(?:\/|$)/.test(path)) return undefined;
	const fault = (text: string): string => `hostPath type check failed: ${path} is not a ${text}`;
	switch (type) {
		case 'Directory':
		case 'DirectoryOrCreate':
			return node?.kind === 'directory' || (!node && type.endsWith('Create')) ? undefined : fault('directory');
		case 'File':
		case 'FileOrCreate':
			return node?.kind === 'file' || (!node && type.endsWith('Create')) ? undefined : fault('file');
		case 'Socket':
			return /\.sock$/.test(path) && node ? undefined : fault('socket file');
		case 'CharDevice':
			return fault('character device');
		case 'BlockDevice':
			return fault('block device');
		default:
			return undefined;
	}
}

/** Names of the pod's volumes that cannot be mounted now, with why. */
export function volumeFaults(cluster: ClusterContext, machine: Machine, pod: Pod): ReadonlyMap<string, string> {
	const faults = new Map<string, string>();
	const say = (name: string, what: string): void => {
		faults.set(name, `MountVolume.SetUp failed for volume "${name}" : ${what}`);
	};
	for (const volume of volumesOf(pod)) {
		const content = contentOf(cluster, pod, volume);
		if (content && isFault(content)) say(volume.name, content.error);
		const claimName = claimNameOf(pod, volume);
		const bound = claimName === undefined ? undefined : boundVolume(cluster, pod, claimName);
		const unknown = bound
			? pluginFault(cluster, pod, bound.metadata.name, sourceOf(bound.spec), true)
			: pluginFault(cluster, pod, volume.name, volume, false);
		if (unknown) faults.set(volume.name, unknown);
		const place = hostPathOf(cluster, pod, volume);
		if (!place) continue;
		const fault = typeFault(below(nodeRoot(cluster, machine), place.path), place.path, place.type ?? '');
		if (!fault) continue;
		const volumeName = bound?.metadata.name ?? volume.name;
		faults.set(
			volume.name,
			place.type === 'local'
				? `MountVolume.NewMounter initialization failed for volume "${volumeName}" : ${fault}`
				: `MountVolume.SetUp failed for volume "${volumeName}" : ${fault}`,
		);
	}
	return faults;
}

const fsGroupOf = (pod: Pod): number | undefined => (pod.spec.securityContext as SecurityContext | undefined)?.fsGroup;

/** SetVolumeOwnership(): the group's, read and write, and what is made in directories too. */
function own(node: DiskNode, group: number, readOnly: boolean): void {
	node.gid = group;
	if (node.kind === 'link') return;
	node.mode |= readOnly ? 0o440 : 0o660;
	if (node.kind !== 'directory') return;
	node.mode |= 0o2110;
	for (const child of node.names.values()) own(child, group, readOnly);
}

/** `..2022_08_31_10_00_05.123456789`. */
const stamp = (seconds: number, micros: number): string =>
	`..${formatMicroTime(seconds, micros).replace(/[-:T]/g, '_').replace(/Z$/, '')}`;

/** Writes what is new into a directory of the writer's, and turns `..data` there (AtomicWriter.Write). */
function writeAtomically(cluster: ClusterContext, pod: Pod, root: DirectoryNode, files: Files, mode: number): void {
	const { timeline } = cluster;
	const { now } = timeline;
	const old = root.names.get('..data');
	const before = old?.kind === 'link' ? root.names.get(old.target) : undefined;
	const next = directory(now, 0o755);
	for (const [path, { data, mode }] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
		put(next, path, file(data, now, mode));
	if (before && sameTree(before, next)) return;
	const group = fsGroupOf(pod);
	const wall = timeline.epoch * SECOND + now;
	const digits = timeline.random('volume', `${pod.metadata.uid}\0${now}\0${[...files.keys()].join()}`, 1000);
	const name = `${stamp(Math.floor(wall / SECOND), wall % SECOND)}${String(digits).padStart(3, '0')}`;
	if (old?.kind === 'link') root.names.delete(old.target);
	root.names.set(name, next);
	root.names.set('..data', link(name, now));
	const tops = new Set([...files.keys()].map((path) => path.split('/')[0]!));
	for (const top of root.names.keys()) if (!top.startsWith('..') && !tops.has(top)) root.names.delete(top);
	for (const top of tops) if (!root.names.has(top)) root.names.set(top, link(`..data/${top}`, now));
	root.at = now;
	root.mode = mode;
	if (group !== undefined) own(root, group, true);
}

function sameTree(a: DiskNode, b: DiskNode): boolean {
	if (a.kind === 'file' && b.kind === 'file')
		return typeof a.data === 'function' || typeof b.data === 'function' || same(a.data, b.data);
	if (a.kind !== 'directory' || b.kind !== 'directory') return false;
	return (
		a.names.size === b.names.size &&
		[...a.names].every(([name, node]) => {
			const other = b.names.get(name);
			return other !== undefined && sameTree(node, other);
		})
	);
}

const same = (a: Octets, b: Octets): boolean => (typeof a === 'string' ? a === b : String(a) === String(b));

/** What its kubelet mounts a tmpfs for (pkg/volume/{emptydir,secret,projected}). */
const inMemory = ({ emptyDir, secret, projected }: PodVolume): boolean =>
	emptyDir?.medium === 'Memory' || secret !== undefined || projected !== undefined;

/** Everybody may write; a tmpfs begins with the sticky bit, which the kubelet leaves (emptydir/empty_dir.go setupDir). */
const modeOf = (volume: PodVolume): number => (inMemory(volume) ? 0o1777 : 0o777);

/** Makes what a pod's volumes are made of, or renews it. Called when nothing is missing. */
export function setUpVolumes(cluster: ClusterContext, machine: Machine, pod: Pod): void {
	const root = nodeRoot(cluster, machine);
	const { now } = cluster.timeline;
	for (const volume of volumesOf(pod)) {
		const content = contentOf(cluster, pod, volume);
		if (content && !isFault(content)) {
			const made = makeDirectory(root, podDirectory(pod, kindOf(volume), volume.name), now);
			if (made) writeAtomically(cluster, pod, made, content, modeOf(volume));
			continue;
		}
		if (volume.emptyDir) {
			const path = podDirectory(pod, 'empty-dir', volume.name);
			if (below(root, path)) continue;
			const made = makeDirectory(root, path, now, modeOf(volume));
			const group = fsGroupOf(pod);
			if (made && group !== undefined) own(made, group, false);
			continue;
		}
		const place = hostPathOf(cluster, pod, volume);
		if (!place || below(root, place.path)) continue;
		if (place.type === 'FileOrCreate') put(root, place.path, file('', now));
		else makeDirectory(root, place.path, now);
	}
}

/** A volume as it is mounted now; undefined while it is not set up, and of kinds the lab has no files for. */
export function mountedVolume(cluster: ClusterContext, machine: Machine, pod: Pod, name: string): Mounted | undefined {
	const volume = volumesOf(pod).find((v) => v.name === name);
	if (!volume) return undefined;
	const root = nodeRoot(cluster, machine);
	const place = hostPathOf(cluster, pod, volume);
	if (place) {
		const node = below(root, place.path);
		return (
			node && {
				node,
				readOnly: volume.persistentVolumeClaim?.readOnly ?? false,
				volume: name,
				source: place.path,
				...DISK,
			}
		);
	}
	const node = below(root, podDirectory(pod, kindOf(volume), name));
	if (!node) return undefined;
	const { emptyDir } = volume;
	const limit = emptyDir?.sizeLimit === undefined ? undefined : quantity(emptyDir.sizeLimit);
	return {
		node,
		readOnly: emptyDir === undefined,
		volume: name,
		...(inMemory(volume) ? { device: 'tmpfs', type: 'tmpfs' } : DISK),
		// On a disk the kubelet looks at the limit from time to time; memory has no more than it.
		...(emptyDir?.medium === 'Memory' && limit !== undefined ? { limit } : {}),
	};
}

/** Takes away what is the pod's own. */
export function tearDownVolumes(cluster: ClusterContext, machine: Machine, uid: string): void {
	const pods = below(nodeRoot(cluster, machine), '/var/lib/kubelet/pods');
	if (pods?.kind === 'directory') pods.names.delete(uid);
}

/** Whether a pod's volumes are made of an object, which changed. */
export const usesObject = (pod: Pod, kind: string, name: string): boolean =>
	volumesOf(pod).some(({ projected, ...own }) =>
		[own as Source, ...(projected?.sources ?? [])].some(({ configMap, secret }) =>
			kind === 'ConfigMap'
				? configMap?.name === name
				: kind === 'Secret' && secret !== undefined && (secret.secretName ?? secret.name) === name,
		),
	);
