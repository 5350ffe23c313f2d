/**
 * What templates gave, as objects: split at `---`, hooks apart, in the order helm installs kinds.
 *
 * Source: helm pkg/releaseutil/{manifest,manifest_sorter,kind_sorter}.go @ v3.9.4.
 */
import type { ApiInput } from '../../../sim/api/index.ts';
import { readManifests } from '../../kube/index.ts';

export const INSTALL_ORDER =
	`Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount
Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole
ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod
ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress
APIService`.split(/\s+/);

export interface Piece {
	/** `demo/templates/service.yaml`. */
	readonly path: string;
	readonly text: string;
	readonly object: ApiInput;
}

export interface Hook extends Piece {
	readonly name: string;
	readonly kind: string;
	readonly events: readonly string[];
	readonly weight: number;
	readonly policies: readonly string[];
	/** Virtual microseconds of its last run. */
	readonly started?: number;
	readonly completed?: number;
	readonly phase?: 'Succeeded' | 'Failed' | 'Running';
}

export interface Sorted {
	readonly manifests: readonly Piece[];
	readonly hooks: readonly Hook[];
	readonly warnings: readonly string[];
}

const EVENTS = `pre-install post-install pre-delete post-delete pre-upgrade post-upgrade pre-rollback post-rollback test
test-success`.split(/\s+/);

/** Documents of one text, trimmed. */
export const splitDocuments = (text: string): readonly string[] =>
	text
		.trim()
		.split(/(?:^|\s*\n)---\s*/)
		.map((document) => document.trim())
		.filter((document) => document !== '');

const place = (kind: string): number => {
	const at = INSTALL_ORDER.indexOf(kind);
	return at < 0 ? INSTALL_ORDER.length : at;
};

const byKind = <T>(items: readonly T[], kind: (item: T) => string): readonly T[] =>
	items
		.map((item, i) => [item, i] as const)
		.sort(([a, i], [b, j]) => {
			const [x, y] = [kind(a), kind(b)];
			if (place(x) !== place(y)) return place(x) - place(y);
			// Kinds nobody knows come last, by name.
			if (place(x) === INSTALL_ORDER.length && x !== y) return x < y ? -1 : 1;
			return i - j;
		})
		.map(([item]) => item);

type Head = { readonly name?: string; readonly annotations?: Readonly<Record<string, unknown>> };

const list = (value: unknown): readonly string[] =>
	typeof value === 'string' ? value.split(',').map((part) => part.trim().toLowerCase()) : [];

/** Sorts rendered files; an error has helm's words. */
export function sortManifests(files: ReadonlyMap<string, string>): Sorted | { readonly error: string } {
	const manifests: Piece[] = [];
	const hooks: Hook[] = [];
	const warnings: string[] = [];
	for (const path of [...files.keys()].sort()) {
		for (const text of splitDocuments(files.get(path)!)) {
			const read = readManifests(text, 'yaml');
			if ('error' in read) return { error: `YAML parse error on ${path}: ${read.error}` };
			const object = read[0]?.value as ApiInput | undefined;
			if (object === undefined) continue;
			if (typeof object !== 'object' || Array.isArray(object))
				return {
					error: `YAML parse error on ${path}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(object) ? 'array' : typeof object} into Go value of type releaseutil.SimpleHead`,
				};
			const { name = '', annotations } = (object.metadata ?? {}) as Head;
			const hook = annotations?.['helm.sh/hook'];
			if (hook === undefined) {
				manifests.push({ path, text, object });
				continue;
			}
			const events = list(hook);
			if (events.some((event) => !EVENTS.includes(event))) {
				warnings.push(`info: skipping unknown hook: "${String(hook)}"`);
				continue;
			}
			const weight = Number(annotations?.['helm.sh/hook-weight'] ?? 0);
			hooks.push({
				path,
				text,
				object,
				name,
				kind: String(object.kind),
				events: events.map((event) => (event === 'test-success' ? 'test' : event)),
				weight: Number.isInteger(weight) ? weight : 0,
				policies: list(annotations?.['helm.sh/hook-delete-policy']),
			});
		}
	}
	return {
		manifests: byKind(manifests, ({ object }) => String(object.kind)),
		hooks: byKind(hooks, ({ kind }) => kind),
		warnings,
	};
}

export const sourceText = (pieces: readonly { readonly path: string; readonly text: string }[]): string =>
	pieces.map(({ path, text }) => `---\n# Source: ${path}\n${text}\n`).join('');
