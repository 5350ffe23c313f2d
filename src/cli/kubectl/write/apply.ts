/**
 * `kubectl apply`: what the files say, what was applied last and what is there become one patch.
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
} from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, warn } from '../kube.ts';
import { goJson, listOf, objectPrinter } from '../print/index.ts';
import { SELECTOR_FLAGS } from '../targets.ts';
import { lastAppliedCommands } from './apply-last.ts';
import { caughtFault, type Fault, raise, statusFault } from './faults.ts';
import { type FileInfo, fileInfos, noArguments, serverValidates, validationOf } from './infos.ts';
import { LAST_APPLIED, lastApplied, lastAppliedObject, withConfiguration } from './last-applied.ts';
import {
	asksForObject,
	DRY_RUN,
	type DryRun,
	dryRunOf,
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	VALIDATE,
} from './output.ts';

/** What became of one object. */
interface Applied {
	readonly object: unknown;
	readonly operation: 'created' | 'configured' | 'unchanged';
}

/** Throws what ends this object's turn, as a Fault. */
class Refused extends Error {
	readonly fault: Fault;
	constructor(fault: Fault) {
		super(fault.alone);
		this.fault = fault;
	}
}

const groupVersion = (resource: Resource): string =>
	`${resource.group === '' ? '' : `${resource.group}/`}${resource.version}`;

/** `info.String()`: how the error of a patch names what it was for. */
const infoText = ({ resource, name, namespace }: FileInfo): string =>
	`Resource: "${groupVersion(resource)}, Resource=${resource.plural}", GroupVersionKind: "${groupVersion(resource)}, Kind=${resource.kind}"\nName: ${JSON.stringify(name)}, Namespace: ${JSON.stringify(namespace ?? '')}`;

function validation(kube: Kube): 'Strict' | 'Warn' | 'Ignore' {
	return serverValidates(kube) ? validationOf(kube) : 'Ignore';
}

function create(kube: Kube, info: FileInfo, dry: DryRun): Applied {
	const input = withConfiguration(info.object);
	if (dry === 'client') return { object: input, operation: 'created' };
	const made = kube.api.create(input, { dryRun: dry === 'server', fieldValidation: validation(kube) });
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
	return api.create(withConfiguration(info.object), { fieldValidation: validation(kube) });
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
	if (result.error)
		throw new Refused(
			statusFault(result.error, `applying patch:\n${goJson(change, 0)}\nto:\n${infoText(info)}\nfor:`, info.source),
		);
	if (result.value.metadata.deletionTimestamp !== undefined)
		run.call.err(`Warning: Detected changes to resource ${info.name} which is currently being deleted.\n`);
	return { object: result.value, operation: 'configured' };
}

async function applyOne(kube: Kube, info: FileInfo, dry: DryRun): Promise<Applied> {
	const { generateName } = (info.object.metadata ?? {}) as { readonly generateName?: string };
	if (info.name === '') fail(`from ${generateName}: cannot use generate name with apply`);
	const current = kube.api.get(info.resource, info.namespace, info.name);
	return current ? patch(kube, info, current, dry) : create(kube, info, dry);
}

function checkFlags(kube: Kube, dry: DryRun): void {
	const { flags } = kube.run;
	const on = (name: string): boolean => flags.on(name);
	noArguments(kube);
	if (on('force-conflicts') && !on('server-side')) fail('--force-conflicts only works with --server-side');
	if (dry === 'client' && on('server-side'))
		fail("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
	if (on('force') && on('server-side')) fail('--force cannot be used with --server-side');
	if (dry === 'server' && on('force')) fail('--dry-run=server cannot be used with --force');
	if (on('all') && flags.text('selector')) fail('cannot set --all and --selector at the same time');
	if (on('prune') && !on('all') && !flags.text('selector'))
		fail(
			'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
		);
	if (on('prune')) fail('--prune is not part of this lab: delete what is no longer wanted with kubectl delete');
	if (on('server-side')) fail('server-side apply is not part of this lab, whose objects have no managedFields');
}

async function apply(kube: Kube): Promise<number> {
	const { run } = kube;
	const dry = dryRunOf(run);
	checkFlags(kube, dry);
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube);
	if (infos.length === 0 && faults.length === 0) fail('no objects passed to apply');
	const whole: unknown[] = [];
	for (const info of infos) {
		try {
			const { object, operation } = await applyOne(kube, info, dry);
			if (asksForObject(kube)) whole.push(object);
			else print(info.resource, info.name, object, operation);
		} catch (fault) {
			faults.push(fault instanceof Refused ? fault.fault : caughtFault(fault));
		}
	}
	if (whole.length > 0) {
		const printer = await objectPrinter(run);
		run.call.out(printer?.(whole.length === 1 ? whole[0] : listOf(whole)) ?? '');
	}
	raise(faults);
	return 0;
}

export const applyCommand: Command = {
	name: 'apply',
	use: '(-f FILENAME | -k DIRECTORY)',
	short: 'Apply a configuration to a resource by file name or stdin',
	long: "Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.\n\n JSON and YAML formats are accepted.",
	example: `  # Apply the configuration in pod.json to a pod
  kubectl apply -f ./pod.json

  # Apply the JSON passed into stdin to a pod
  cat pod.json | kubectl apply -f -`,
	flags: [
		...FILE_FLAGS,
		SELECTOR_FLAGS[0]!,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		VALIDATE,
		{
			name: 'force',
			type: 'bool',
			usage:
				'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
		},
		{
			name: 'overwrite',
			type: 'bool',
			default: 'true',
			usage:
				'Automatically resolve conflicts between the modified and live configuration by using values from the modified configuration',
		},
		{
			name: 'prune',
			type: 'bool',
			usage:
				'Automatically delete resource objects, that do not appear in the configs and are created by either apply or create --save-config. Should be used with either -l or --all.',
		},
		{ name: 'all', type: 'bool', usage: 'Select all resources in the namespace of the specified resource types.' },
		{
			name: 'server-side',
			type: 'bool',
			usage: 'If true, apply runs in the server instead of the client.',
		},
		{
			name: 'force-conflicts',
			type: 'bool',
			usage: 'If true, server-side apply will force the changes against conflicts.',
		},
		{
			name: 'grace-period',
			type: 'int',
			default: '-1',
			hidden: true,
			usage: 'Period of time in seconds given to the resource to terminate gracefully.',
		},
		{
			name: 'timeout',
			type: 'duration',
			default: '0s',
			hidden: true,
			usage: 'The length of time to wait before giving up on a delete.',
		},
		{
			name: 'wait',
			type: 'bool',
			hidden: true,
			usage: 'If true, wait for resources to be gone before returning. This waits for finalizers.',
		},
		{
			name: 'openapi-patch',
			type: 'bool',
			default: 'true',
			hidden: true,
			usage: 'If true, use openapi to calculate diff.',
		},
	],
	commands: lastAppliedCommands,
	run: command(apply),
};
