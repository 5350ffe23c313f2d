/**
 * Files that a pod's volumes bring into its containers: of ConfigMaps, Secrets and the pod itself as they are now, and
 * what containers wrote into an emptyDir. The kubelet is up to a minute and a half later with what changed, and never
 * comes to it under a subPath.
 *
 * Source: pkg/volume/{configmap,secret,downwardapi,projected,emptydir}, pkg/volume/util/atomic_writer.go @ v1.24.0.
 */
import type { Cluster, Lab } from '../../sim/lab/index.ts';
import { serviceAccountToken } from '../kube/service-account-token.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';
import { decoded, fieldOf, type PodView, view } from './pod-environment.ts';

export type PodPlace = Extract<Place, { kind: 'pod' }>;

interface Item {
	readonly key: string;
	readonly path: string;
	readonly mode?: number;
}

interface FieldItem {
	readonly path: string;
	readonly mode?: number;
	readonly fieldRef?: { readonly fieldPath: string };
}

interface Source {
	readonly configMap?: { readonly name: string; readonly items?: readonly Item[]; readonly defaultMode?: number };
	readonly secret?: {
		/** Of a projection. */
		readonly name?: string;
		readonly secretName?: string;
		readonly items?: readonly Item[];
		readonly defaultMode?: number;
	};
	readonly downwardAPI?: { readonly items?: readonly FieldItem[]; readonly defaultMode?: number };
	readonly serviceAccountToken?: {
		readonly path: string;
		readonly audience?: string;
		readonly expirationSeconds?: number;
	};
}

interface Volume extends Source {
	readonly name: string;
	readonly projected?: { readonly sources?: readonly Source[]; readonly defaultMode?: number };
	readonly emptyDir?: object;
	readonly hostPath?: { readonly path: string };
}

interface Mount {
	readonly name: string;
	readonly mountPath: string;
	readonly subPath?: string;
	readonly readOnly?: boolean;
}

interface Containers {
	readonly containers: readonly { readonly name: string; readonly volumeMounts?: readonly Mount[] }[];
	readonly initContainers?: Containers['containers'];
	readonly ephemeralContainers?: Containers['containers'];
	readonly volumes?: readonly Volume[];
}

type Pod = PodView & { readonly spec: Containers; readonly status?: { readonly startTime?: string } };

/** What is in a volume, by path in it. */
type Content = Map<string, MadeFile>;

/** Directories that containers share, by lab: what was written into them. */
const shared = new WeakMap<Lab, Map<string, Map<string, string>>>();

/** What was written under a key; `first` is what is there before. */
export function writtenIn(lab: Lab, key: string, first: Readonly<Record<string, string>> = {}): Map<string, string> {
	let all = shared.get(lab);
	if (!all) {
		all = new Map();
		shared.set(lab, all);
	}
	let files = all.get(key);
	if (!files) {
		files = new Map(Object.entries(first));
		all.set(key, files);
	}
	return files;
}

/** Takes over what was written at a path, or that it and all below is gone (`text` undefined). */
export function keep(files: Map<string, string>, path: string, text: string | undefined): void {
	if (text !== undefined) {
		files.set(path, text);
		return;
	}
	for (const known of [...files.keys()]) if (known === path || known.startsWith(`${path}/`)) files.delete(known);
}

const made = (text: () => string, mode = 0o644, mtime?: number): MadeFile =>
	Object.assign(() => text(), { mode, ...(mtime === undefined ? {} : { mtime }) });

/** fieldpath.ExtractFieldPathAsString() of all labels or annotations: a line each. */
function downward(pod: Pod, path: string): string {
	const [, all] = /^metadata\.(labels|annotations)$/.exec(path) ?? [];
	if (all === undefined) return fieldOf(pod, path);
	return Object.entries(pod.metadata[all as 'labels' | 'annotations'] ?? {})
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([key, value]) => `${key}=${JSON.stringify(value)}`)
		.join('\n');
}

class Volumes {
	readonly lab: Lab;
	readonly cluster: Cluster;
	readonly place: PodPlace;
	readonly pod: Pod;
	readonly #born: number | undefined;

	constructor(lab: Lab, cluster: Cluster, place: PodPlace, pod: Pod) {
		this.lab = lab;
		this.cluster = cluster;
		this.place = place;
		this.pod = pod;
		const born = Date.parse(pod.status?.startTime ?? '');
		this.#born = Number.isNaN(born) ? undefined : born;
	}

	get mounts(): readonly Mount[] {
		const { containers, initContainers = [], ephemeralContainers = [] } = this.pod.spec;
		const own = [...containers, ...initContainers, ...ephemeralContainers].find((c) => c.name === this.place.container);
		return own?.volumeMounts ?? [];
	}

	volume(mount: Mount): Volume | undefined {
		return this.pod.spec.volumes?.find(({ name }) => name === mount.name);
	}

	sharedKey(name: string): string {
		return `${this.pod.metadata.uid}/${name}`;
	}

	#keys(plural: string, name: string, items: readonly Item[] | undefined, mode: number | undefined): Content {
		interface Data {
			readonly data?: Readonly<Record<string, string>>;
			readonly binaryData?: Readonly<Record<string, string>>;
		}
		const found = view<Data>(this.cluster, plural, this.place.namespace, name);
		const out: Content = new Map();
		const text = (key: string): (() => string) | undefined => {
			const plain = found?.data?.[key];
			const octets = found?.binaryData?.[key];
			if (plain !== undefined) return plural === 'secrets' ? () => decoded(plain) : () => plain;
			return octets === undefined ? undefined : () => decoded(octets);
		};
		const all = [...Object.keys(found?.data ?? {}), ...Object.keys(found?.binaryData ?? {})];
		const wanted: readonly Item[] = items ?? all.sort().map((key) => ({ key, path: key }));
		for (const item of wanted) {
			const read = text(item.key);
			if (read) out.set(item.path, made(read, item.mode ?? mode, this.#born));
		}
		return out;
	}

	/** Renewed when four fifths of its time are over (pkg/kubelet/token/token_manager.go). */
	#token({ audience, expirationSeconds: seconds = 3600 }: NonNullable<Source['serviceAccountToken']>): string {
		const { metadata, spec } = this.pod;
		const { namespace } = this.place;
		const name = spec.serviceAccountName ?? 'default';
		const account = view<PodView>(this.cluster, 'serviceaccounts', namespace, name);
		if (!account) return '';
		const { api } = this.cluster;
		const born = Math.floor((this.#born ?? 0) / 1000);
		const every = Math.floor(seconds * 0.8);
		return serviceAccountToken(api, {
			namespace,
			account: { name, uid: account.metadata.uid },
			audiences: audience ? [audience] : [],
			at: born + every * Math.max(0, Math.floor((Math.floor(api.now()) - born) / every)),
			seconds,
			pod: { name: metadata.name, uid: metadata.uid },
		});
	}

	#source(source: Source, mode: number | undefined): Content {
		const { configMap, secret, downwardAPI, serviceAccountToken: token } = source;
		if (configMap) return this.#keys('configmaps', configMap.name, configMap.items, configMap.defaultMode ?? mode);
		if (secret)
			return this.#keys('secrets', secret.secretName ?? secret.name ?? '', secret.items, secret.defaultMode ?? mode);
		const out: Content = new Map();
		for (const item of downwardAPI?.items ?? []) {
			const path = item.fieldRef?.fieldPath;
			if (path !== undefined)
				out.set(
					item.path,
					made(() => downward(this.pod, path), item.mode ?? downwardAPI?.defaultMode ?? mode, this.#born),
				);
		}
		if (token)
			out.set(
				token.path,
				made(() => this.#token(token), mode, this.#born),
			);
		return out;
	}

	/** Undefined of volumes whose files the lab does not know. */
	content(volume: Volume, nodeFiles: () => Readonly<Record<string, MadeFile>>): Content | undefined {
		const { projected, emptyDir, hostPath } = volume;
		if (projected)
			return new Map((projected.sources ?? []).flatMap((s) => [...this.#source(s, projected.defaultMode)]));
		if (emptyDir)
			return new Map(
				[...writtenIn(this.lab, this.sharedKey(volume.name))].map(([path, text]) => [path, made(() => text)]),
			);
		if (hostPath) {
			const root = `${hostPath.path.replace(/\/+$/, '')}/`;
			const out: Content = new Map();
			for (const [path, text] of Object.entries(nodeFiles())) {
				if (path.startsWith(root)) out.set(path.slice(root.length), text);
				else if (path === hostPath.path) out.set('', text);
			}
			return out;
		}
		if (volume.configMap || volume.secret || volume.downwardAPI) return this.#source(volume, undefined);
		return undefined;
	}
}

function volumesAt(place: PodPlace, lab: Lab): Volumes | undefined {
	const cluster = lab.cluster(place.cluster);
	const pod = cluster && view<Pod>(cluster, 'pods', place.namespace, place.pod);
	return cluster && pod && new Volumes(lab, cluster, place, pod);
}

const trimmed = (path: string): string => path.replace(/\/+$/, '');

/** Files and directories under the mounts of a container; a mount deeper in the tree hides what is at its place. */
export function volumeFiles(
	place: PodPlace,
	lab: Lab,
	nodeFiles: () => Readonly<Record<string, MadeFile>>,
): Record<string, MadeFile> {
	const volumes = volumesAt(place, lab);
	const out: Record<string, MadeFile> = {};
	for (const mount of [...(volumes?.mounts ?? [])].sort((a, b) => a.mountPath.length - b.mountPath.length)) {
		const volume = volumes!.volume(mount);
		const content = volume && volumes!.content(volume, nodeFiles);
		if (!content) continue;
		const base = trimmed(mount.mountPath);
		const told = volume.emptyDir !== undefined && mount.readOnly !== true;
		const refused = !told && (mount.readOnly === true || volume.hostPath === undefined);
		const writes: MadeFile['writes'] = told ? 'told' : refused ? 'refused' : undefined;
		const at = (file: MadeFile): MadeFile =>
			Object.assign(() => file(), {
				...(file.mode === undefined ? {} : { mode: file.mode }),
				...(file.mtime === undefined ? {} : { mtime: file.mtime }),
				...(writes ? { writes } : {}),
			});
		for (const path of Object.keys(out)) if (path.startsWith(`${base}/`)) delete out[path];
		const sub = trimmed(mount.subPath ?? '');
		const single = content.get(sub);
		if (single) {
			out[base] = at(single);
			continue;
		}
		out[`${base}/`] = at(() => '');
		for (const [path, file] of content) {
			if (sub === '') out[`${base}/${path}`] = at(file);
			else if (path.startsWith(`${sub}/`)) out[`${base}/${path.slice(sub.length + 1)}`] = at(file);
		}
	}
	return out;
}

/** Whether a path lies in a volume, and what its emptyDir holds then, with the path in there. */
export function emptyDirAt(
	place: PodPlace,
	lab: Lab,
	path: string,
): { readonly files: Map<string, string>; readonly path: string } | undefined {
	const volumes = volumesAt(place, lab);
	const mount = [...(volumes?.mounts ?? [])]
		.sort((a, b) => b.mountPath.length - a.mountPath.length)
		.find(({ mountPath }) => path.startsWith(`${trimmed(mountPath)}/`));
	const volume = mount && volumes!.volume(mount);
	if (!mount || !volume?.emptyDir) return undefined;
	const sub = mount.subPath ? `${trimmed(mount.subPath)}/` : '';
	return {
		files: writtenIn(lab, volumes!.sharedKey(volume.name)),
		path: `${sub}${path.slice(trimmed(mount.mountPath).length + 1)}`,
	};
}
