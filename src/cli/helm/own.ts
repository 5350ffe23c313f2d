/** Charts of somebody's own as releases: found at a path, rendered, with their hooks run. */
import type { ApiInput, ApiServer } from '../../sim/api/index.ts';
import type { Values } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Data } from '../gotemplate/index.ts';
import { type Client, loadExpressionsOf, readManifests } from '../kube/index.ts';
import type { Call } from '../tool.ts';
import { removeManifests } from './apply.ts';
import { type Chart, type Failure, isFailure, loadChart } from './chart/load.ts';
import { type Hook, type Piece, sourceText, splitDocuments } from './chart/manifests.ts';
import { customResources, type Result, renderChart } from './chart/render.ts';
import { isReady } from './ready.ts';

/** What the words name: a folder or an archive of the machine; undefined when nothing is there. */
export async function chartAt(call: Call, reference: string): Promise<Chart | Failure | undefined> {
	const found = await loadChart(call.files, reference);
	if (found && !isFailure(found) && found.metadata.deprecated === true) call.err('WARNING: This chart is deprecated\n');
	return found;
}

export const installable = ({ metadata }: Chart): string | undefined =>
	['', 'application'].includes(metadata.type ?? '') ? undefined : `${metadata.type} charts are not installable`;

const resourceOf = (api: ApiServer, object: ApiInput) => {
	const [group, version] = String(object.apiVersion).includes('/')
		? String(object.apiVersion).split('/')
		: ['', String(object.apiVersion)];
	return api.resources().find((one) => one.kind === object.kind && one.group === group && one.version === version);
};

/** An object with the namespace and the labels a release's have (pkg/action/validate.go setMetadataVisitor). */
export function stamped(api: ApiServer, object: ApiInput, release: string, namespace: string, owned = true): ApiInput {
	const meta = (object.metadata ?? {}) as {
		readonly namespace?: string;
		readonly labels?: Readonly<Record<string, string>>;
		readonly annotations?: Readonly<Record<string, string>>;
	};
	const namespaced = resourceOf(api, object)?.namespaced ?? false;
	return {
		...object,
		metadata: {
			...meta,
			...(namespaced ? { namespace: meta.namespace || namespace } : {}),
			...(owned
				? {
						labels: { ...meta.labels, 'app.kubernetes.io/managed-by': 'Helm' },
						annotations: {
							...meta.annotations,
							'meta.helm.sh/release-name': release,
							'meta.helm.sh/release-namespace': namespace,
						},
					}
				: {}),
		},
	} as ApiInput;
}

export interface OwnAsked {
	readonly name: string;
	readonly values: Values;
	/** The same, whole numbers of --set being whole numbers. */
	readonly typed: Data;
	readonly chart: Chart;
	readonly revision: number;
	readonly upgrade: boolean;
	readonly dryRun: boolean;
	readonly subNotes: boolean;
}

export function renderOwn(call: Call, client: Client, asked: OwnAsked): Result | Failure {
	return renderChart(call, asked.chart, {
		name: asked.name,
		namespace: client.namespace,
		revision: asked.revision,
		upgrade: asked.upgrade,
		values: asked.typed,
		kubernetes: client.api.version,
		apis: [],
		subNotes: asked.subNotes,
		...(asked.dryRun ? {} : { api: client.api }),
	});
}

/** What a revision keeps of its chart. */
export const ownPart = (result: Result): NonNullable<HelmRelease['own']> => ({
	manifest: sourceText(result.manifests),
	hooks: result.hooks,
	metadata: result.chart.metadata,
	defaults: result.values,
});

export const objectsOf = (
	api: ApiServer,
	pieces: readonly Piece[],
	release: string,
	namespace: string,
): readonly ApiInput[] => pieces.map(({ object }) => stamped(api, object, release, namespace));

export const hooksOf = (release: HelmRelease): readonly Hook[] => (release.own?.hooks ?? []) as readonly Hook[];

/** Whether a hook's object has come to its end; undefined while it has not (pkg/kube/client.go watchUntilReady). */
function ended(api: ApiServer, object: ApiInput): 'Succeeded' | 'Failed' | undefined {
	const meta = object.metadata as { readonly name: string; readonly namespace?: string };
	const resource = resourceOf(api, object);
	const found = resource && api.get(resource, resource.namespaced ? meta.namespace : undefined, meta.name);
	if (object.kind === 'Pod') {
		const phase = found?.status?.phase;
		return phase === 'Succeeded' || phase === 'Failed' ? phase : undefined;
	}
	if (object.kind !== 'Job') return 'Succeeded';
	const conditions = (found?.status?.conditions ?? []) as readonly { readonly type: string; readonly status: string }[];
	const true_ = (type: string): boolean => conditions.some((one) => one.type === type && one.status === 'True');
	return true_('Complete') ? 'Succeeded' : true_('Failed') ? 'Failed' : undefined;
}

/** Creates what an event asks for, one after the other, and waits for each to end. Answers the hooks as they are then. */
export async function runHooks(
	call: Call,
	client: Client,
	release: HelmRelease,
	event: string,
	timeout: number,
	only: (hook: Hook) => boolean = () => true,
): Promise<{ readonly hooks: readonly Hook[]; readonly error?: string }> {
	const { api } = client;
	let hooks = hooksOf(release);
	const mine = hooks
		.filter((hook) => hook.events.includes(event) && only(hook))
		.sort((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
	const replace = (hook: Hook, more: Partial<Hook>): void => {
		hooks = hooks.map((one) => (one.path === hook.path && one.text === hook.text ? { ...one, ...more } : one));
	};
	const gone = (object: ApiInput): boolean => {
		const meta = object.metadata as { readonly name: string; readonly namespace?: string };
		const resource = resourceOf(api, object);
		return !resource || !api.get(resource, resource.namespaced ? meta.namespace : undefined, meta.name);
	};
	for (const hook of mine) {
		const object = stamped(api, hook.object, release.name, release.namespace, false);
		const policies = hook.policies.length === 0 ? ['before-hook-creation'] : hook.policies;
		if (policies.includes('before-hook-creation') && !gone(object)) {
			removeManifests(api, [object]);
			await call.until(() => gone(object), timeout);
		}
		if (!resourceOf(api, object))
			return {
				hooks,
				error: `unable to build kubernetes object for ${event} hook ${hook.path}: resource mapping not found for name: "${hook.name}" namespace: "" from "": no matches for kind "${hook.kind}" in version "${String(object.apiVersion)}"\nensure CRDs are installed first`,
			};
		const started = call.lab.now;
		const created = api.create(object, { fieldManager: 'helm' });
		if (created.error) {
			replace(hook, { started, completed: call.lab.now, phase: 'Failed' });
			return { hooks, error: `warning: Hook ${event} ${hook.path} failed: ${created.error.message}` };
		}
		const done = await call.until(() => ended(api, object) !== undefined, timeout);
		const phase = ended(api, object);
		replace(hook, { started, completed: call.lab.now, phase: done ? phase! : 'Failed' });
		if (!done || phase === 'Failed') {
			if (policies.includes('hook-failed')) removeManifests(api, [object]);
			const failed = object.kind === 'Pod' ? `pod ${hook.name} failed` : 'job failed: BackoffLimitExceeded';
			return { hooks, error: done ? failed : 'timed out waiting for the condition' };
		}
	}
	for (const hook of mine)
		if (hook.policies.includes('hook-succeeded'))
			removeManifests(api, [stamped(api, hook.object, release.name, release.namespace, false)]);
	return { hooks };
}

/** Custom resources of the chart that the cluster lacks are made before all else; those it has stay as they are. */
export async function installResources(call: Call, client: Client, chart: Chart): Promise<string | undefined> {
	for (const file of customResources(chart))
		for (const text of splitDocuments(file.text)) {
			await loadExpressionsOf(text);
			const read = readManifests(text, 'yaml');
			if ('error' in read) return `failed to install CRD ${file.path}: ${read.error}`;
			const object = read[0]?.value as ApiInput | undefined;
			if (!object) continue;
			const created = client.api.create(object, { fieldManager: 'helm' });
			if (created.error && created.error.reason !== 'AlreadyExists')
				return `failed to install CRD ${file.path}: ${created.error.message}`;
		}
	await call.sleep(1000);
	return undefined;
}

/** Objects of a chart that `--wait` waits for, jobs when asked to. */
export const settled = (api: ApiServer, objects: readonly ApiInput[], jobs: boolean): boolean =>
	isReady(api, objects) &&
	(!jobs || objects.every((object) => object.kind !== 'Job' || ended(api, object) === 'Succeeded'));
