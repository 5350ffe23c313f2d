/**
 * Manifests of a release against the API server: created, changed, taken away.
 *
 * Source: helm pkg/kube/client.go (Create, Update, Delete, three-way merge) and pkg/action/{install,upgrade}.go @ v3.9.4.
 */
import {
	type ApiInput,
	type ApiObject,
	type ApiServer,
	clientProblems,
	createThreeWayPatch,
	draftOf,
	type Json,
	type Resource,
} from '../../sim/api/index.ts';
import type { Run } from '../cobra/index.ts';
import { klog } from '../kube/klog.ts';

type Table = { readonly [key: string]: Json };

/** As whom helm writes: its program's name (pkg/kube/client.go getManagedFieldsManager). */
const HELM = { fieldManager: 'helm' };

interface Named {
	readonly kind: string;
	readonly apiVersion: string;
	readonly name: string;
	readonly namespace: string | undefined;
}

const named = (manifest: ApiInput): Named => {
	const meta = manifest.metadata as { readonly name: string; readonly namespace?: string };
	return {
		kind: String(manifest.kind),
		apiVersion: String(manifest.apiVersion),
		name: meta.name,
		namespace: meta.namespace,
	};
};

const resourceOf = (api: ApiServer, manifest: ApiInput): Resource | undefined => {
	const { kind, apiVersion } = named(manifest);
	const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
	return api.resources().find((r) => r.kind === kind && r.group === group && r.version === version);
};

const noMatch = (manifest: ApiInput): string => {
	const { kind, name, namespace, apiVersion } = named(manifest);
	return `resource mapping not found for name: "${name}" namespace: "${namespace ?? ''}" from "": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`;
};

const same = (a: ApiInput, b: ApiInput): boolean => {
	const x = named(a);
	const y = named(b);
	return x.kind === y.kind && x.name === y.name && x.namespace === y.namespace;
};

/** Which objects already stand there and are not the release's own. */
function foreign(existing: ApiObject, release: string, namespace: string): string | undefined {
	const annotations = existing.metadata.annotations ?? {};
	const faults: string[] = [];
	const ask = (label: string, have: string | undefined, key: string, want: string): void => {
		if (have === want) return;
		faults.push(
			have === undefined
				? `missing key "${key}": must be set to "${want}"`
				: `${label} validation error: key "${key}" must equal "${want}": current value is "${have}"`,
		);
	};
	ask('label', existing.metadata.labels?.['app.kubernetes.io/managed-by'], 'app.kubernetes.io/managed-by', 'Helm');
	ask('annotation', annotations['meta.helm.sh/release-name'], 'meta.helm.sh/release-name', release);
	ask('annotation', annotations['meta.helm.sh/release-namespace'], 'meta.helm.sh/release-namespace', namespace);
	return faults.length > 0 ? `invalid ownership metadata; ${faults.join('; ')}` : undefined;
}

/**
 * Why objects cannot be built from manifests, without helm's words of which manifests: undefined when they can be.
 * `schema`: whether fields are checked by the server's OpenAPI document too (pkg/kube/client.go Build).
 */
export function unbuildable(api: ApiServer, manifests: readonly ApiInput[], schema: boolean): string | undefined {
	for (const manifest of manifests) {
		const unset = ['apiVersion', 'kind'].filter((key) => typeof manifest[key] !== 'string' || manifest[key] === '');
		const resource = unset.length > 0 ? undefined : resourceOf(api, manifest);
		const checked = schema && resource;
		const problems = [
			...unset.map((key) => `${key} not set`),
			...(checked ? clientProblems(resource, manifest, minorOf(api)) : []),
		];
		if (problems.length > 0) {
			const words = problems.join(', ');
			return `error validating "": error validating data: ${problems.length > 1 ? `[${words}]` : words}`;
		}
		if (!resource) return noMatch(manifest);
	}
	return undefined;
}

const minorOf = (api: ApiServer): number => Number(/^v?\d+\.(\d+)/.exec(api.version)?.[1] ?? 0);

/** Which of the manifests is there already, and is not the release's (pkg/action/validate.go existingResourceConflict). */
export function conflict(
	api: ApiServer,
	manifests: readonly ApiInput[],
	release: string,
	namespace: string,
): string | undefined {
	for (const manifest of manifests) {
		const resource = resourceOf(api, manifest);
		if (!resource) continue;
		const { name, namespace: own, kind } = named(manifest);
		const existing = api.get(resource, resource.namespaced ? own : undefined, name);
		const fault = existing && foreign(existing, release, namespace);
		if (fault)
			return `${kind} "${name}" in namespace "${own ?? ''}" exists and cannot be imported into the current release: ${fault}`;
	}
	return undefined;
}

/** Before anything of a first revision is written: may all of it be? Undefined when it may. */
export function checkManifests(
	api: ApiServer,
	manifests: readonly ApiInput[],
	release: string,
	namespace: string,
	schema = false,
): string | undefined {
	const fault = unbuildable(api, manifests, schema);
	if (fault) return `unable to build kubernetes objects from release manifest: ${fault}`;
	const other = conflict(api, manifests, release, namespace);
	return (
		other && `rendered manifests contain a resource that already exists. Unable to continue with install: ${other}`
	);
}

/** A JSON merge patch from one value to another (RFC 7396): null takes a key away. */
function mergePatch(from: Table, to: Table): Table {
	const out: Record<string, Json> = {};
	for (const key of Object.keys(from)) if (!(key in to)) out[key] = null;
	for (const [key, value] of Object.entries(to)) {
		const old = from[key];
		if (JSON.stringify(old) === JSON.stringify(value)) continue;
		out[key] = isTable(old) && isTable(value) ? mergePatch(old, value) : value;
	}
	return out;
}

const isTable = (value: Json | undefined): value is Table =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether nothing but a person may take an object away (pkg/kube/resource_policy.go). */
export const keeps = (object: ApiInput | ApiObject): boolean => {
	const meta = object.metadata as { readonly annotations?: Readonly<Record<string, string>> } | undefined;
	return meta?.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
};

export interface ApplyOptions {
	/** Each manifest is put in the place of what is there (updateResource()). */
	readonly force?: boolean;
	/** Told what the server warns of. */
	readonly warn?: (text: string) => void;
}

/** What a command line asks for; warnings are lines of client-go's log (rest/warnings.go WarningLogger @ v0.24.0). */
export const applyOptions = (run: Run): ApplyOptions => ({
	force: run.flags.on('force'),
	warn: (text) => klog(run, 'W', 'warnings.go:70', text),
});

/**
 * Brings the cluster from the manifests of one revision to those of the next. Answers why not: of a first revision in
 * the server's words, else with what helm was doing; what cannot be made ends it, what cannot be changed does not.
 */
export function applyManifests(
	api: ApiServer,
	before: readonly ApiInput[],
	after: readonly ApiInput[],
	{ force = false, warn = () => undefined }: ApplyOptions = {},
): string | undefined {
	const refusals: string[] = [];
	const told = <T extends { readonly warnings?: readonly string[] }>(result: T): T => {
		result.warnings?.forEach(warn);
		return result;
	};
	for (const manifest of after) {
		const resource = resourceOf(api, manifest)!;
		const { name, namespace } = named(manifest);
		const scope = resource.namespaced ? namespace : undefined;
		const existing = api.get(resource, scope, name);
		if (!existing) {
			const created = told(api.create(manifest, HELM));
			if (created.error)
				return before.length > 0 ? `failed to create resource: ${created.error.message}` : created.error.message;
			continue;
		}
		if (force) {
			const metadata = { ...(manifest.metadata as object), resourceVersion: existing.metadata.resourceVersion };
			const replaced = told(api.update({ ...manifest, metadata }, HELM));
			if (replaced.error) refusals.push(`failed to replace object: ${replaced.error.message}`);
			continue;
		}
		const old = before.find((other) => same(other, manifest)) ?? manifest;
		// Of kinds of a chart's own it is the difference of two revisions, of others what is there counts too.
		const patch = resource.custom
			? mergePatch(old as Table, manifest as Table)
			: createThreeWayPatch(resource, draftOf(old as never), draftOf(manifest as never), draftOf(existing));
		if (Object.keys(patch).length === 0) continue;
		const type = resource.custom ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
		const patched = told(api.patch(resource, scope, name, type, patch as Json, HELM));
		if (patched.error) refusals.push(`cannot patch "${name}" with kind ${resource.kind}: ${patched.error.message}`);
	}
	if (refusals.length > 0) return refusals.join(' && ');
	removeManifests(
		api,
		before.filter((old) => !after.some((manifest) => same(old, manifest)) && !keptLive(api, old)),
	);
	return undefined;
}

/** What is taken out of a chart stays where the object itself says so. */
function keptLive(api: ApiServer, manifest: ApiInput): boolean {
	const resource = resourceOf(api, manifest);
	const { name, namespace } = named(manifest);
	const live = resource && api.get(resource, resource.namespaced ? namespace : undefined, name);
	return live !== undefined && keeps(live);
}

/** Takes objects away, in the order they would be uninstalled; what is gone already is no fault. */
export function removeManifests(api: ApiServer, manifests: readonly ApiInput[]): void {
	for (const manifest of [...manifests].reverse()) {
		const resource = resourceOf(api, manifest);
		const { name, namespace } = named(manifest);
		if (resource)
			api.delete(resource, resource.namespaced ? namespace : undefined, name, { propagation: 'Background' });
	}
}
