/**
 * What `kubectl apply` does by itself: what the file says, what was applied last and what is there become one patch.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/{apply,patcher}.go @ v0.24.0.
 */
import {
	type ApiObject,
	type ApiResult,
	createThreeWayMergePatch,
	createThreeWayPatch,
	draftOf,
	type Json,
	type Resource,
} from '../../../../sim/api/index.ts';
import { fail, type Kube, KubectlError, warn } from '../../kube.ts';
import { goJson } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { statusFault } from '../faults.ts';
import { fresh } from '../fresh.ts';
import { type FileInfo, serverValidates, validationOf } from '../infos.ts';
import type { DryRun } from '../output.ts';
import { type Applied, Refused } from './applied.ts';
import { LAST_APPLIED, lastApplied, lastAppliedObject, withConfiguration } from './last-applied.ts';

/** `info.String()`: how the error of a patch names what it was for. */
const infoText = ({ resource, name, namespace }: FileInfo): string =>
	`Resource: "${resource.group}/${resource.version}, Resource=${resource.plural}", GroupVersionKind: "${resource.group}/${resource.version}, Kind=${resource.kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}`;

function validation(kube: Kube): 'Strict' | 'Warn' | 'Ignore' {
	return serverValidates(kube) ? validationOf(kube) : 'Ignore';
}

function create(kube: Kube, info: FileInfo, dry: DryRun): Applied {
	const input = withConfiguration(info.object);
	if (dry === 'client') return { object: input, operation: 'created' };
	const made = kube.api.create(fresh(input), { dryRun: dry === 'server', fieldValidation: validation(kube) });
	warn(kube, made.warnings);
	if (made.error) throw new Refused(statusFault(made.error, 'creating', info.source));
	return { object: made.value, operation: 'created' };
}

const MISSING = (resource: Resource, name: string): string =>
	`Warning: resource ${resource.plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.\n`;

/** `--force`: the object goes, and comes again as the file has it. */
async function replace(kube: Kube, info: FileInfo, current: ApiObject): Promise<ApiResult<ApiObject>> {
	const { api } = kube;
	const gone = api.delete(info.resource, info.namespace, info.name, {
		propagation: 'Background',
		gracePeriodSeconds: 0,
	});
	if (gone.error) return gone;
	await kube.run.call.until(
		() => api.get(info.resource, info.namespace, info.name)?.metadata.uid !== current.metadata.uid,
		60e6,
	);
	return api.create(fresh(withConfiguration(info.object)), { fieldValidation: validation(kube) });
}

async function patch(kube: Kube, info: FileInfo, current: ApiObject, dry: DryRun): Promise<Applied> {
	const { run, api } = kube;
	const { resource } = info;
	if (dry === 'client') return { object: current, operation: 'configured' };
	if (lastApplied(current) === undefined) run.call.err(MISSING(resource, info.name));
	const modified = { ...withConfiguration(info.object) } as Record<string, unknown>;
	const now = draftOf(current);
	// A version that is served beside the preferred one is the same object.
	now.apiVersion = modified.apiVersion;
	const original = lastAppliedObject(current);
	const change = resource.custom
		? createThreeWayMergePatch(original, modified, now)
		: createThreeWayPatch(resource, original, modified, now);
	// Whoever wrote an older version into the configuration does not change the object's.
	delete change.apiVersion;
	delete change.kind;
	if (Object.keys(change).length === 0) return { object: current, operation: 'unchanged' };
	let result = api.patch(
		resource,
		info.namespace,
		info.name,
		resource.custom ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json',
		change as Json,
		{ dryRun: dry === 'server', fieldValidation: validation(kube) },
	);
	if (result.error && run.flags.on('force') && (result.error.code === 409 || result.error.code === 422))
		result = await replace(kube, info, current);
	warn(kube, result.warnings);
	if (result.error) {
		const verb = `applying patch:\n${goJson(change, 0)}\nto:\n${infoText(info)}\nfor:`;
		// The second since 1.25 (patcher.go Patch() @ v0.25.0).
		const verbs = kubectlMinor(run.call.lab) >= 25 ? [verb, 'patching'] : verb;
		throw new Refused(statusFault(result.error, verbs, info.source));
	}
	warnIfDeleting(kube, result.value);
	return { object: result.value, operation: 'configured' };
}

export function warnIfDeleting(kube: Kube, { metadata }: ApiObject): void {
	if (metadata.deletionTimestamp !== undefined)
		kube.run.call.err(`Warning: Detected changes to resource ${metadata.name} which is currently being deleted.\n`);
}

export async function applyHere(kube: Kube, info: FileInfo, dry: DryRun): Promise<Applied> {
	const { generateName } = (info.object.metadata ?? {}) as { readonly generateName?: string };
	if (info.name === '') fail(`from ${generateName}: cannot use generate name with apply`);
	let current: ApiObject | undefined;
	try {
		current = kube.api.get(info.resource, info.namespace, info.name);
	} catch (thrown) {
		const status = thrown instanceof KubectlError ? thrown.status : undefined;
		if (!status) throw thrown;
		const verb = `retrieving current configuration of:\n${infoText(info)}\nfrom server for:`;
		throw new Refused(statusFault(status, verb, info.source));
	}
	return current ? patch(kube, info, current, dry) : create(kube, info, dry);
}
