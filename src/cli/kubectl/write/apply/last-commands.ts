/**
 * `kubectl apply view-last-applied`, `set-last-applied` and `edit-last-applied`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply_{view,set,edit}_last_applied.go @ v0.24.0.
 */
import type { Json } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { printYaml } from '../../../kube/index.ts';
import { FILE_FLAGS } from '../../files.ts';
import { command, fail, type Kube, usageError } from '../../kube.ts';
import { goJson } from '../../print/index.ts';
import { completeTargets, fetch, SELECTOR_FLAGS } from '../../targets.ts';
import { editSession, LAST_APPLIED_HEADER } from '../edit/session.ts';
import { raise, raiseStatus } from '../faults.ts';
import { ALL, fileInfos, hasFiles, infosOf, MISSING } from '../infos.ts';
import {
	DRY_RUN,
	dryRunOf,
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	VALIDATE,
	WINDOWS_LINES,
} from '../output.ts';
import { configurationOf, LAST_APPLIED, lastApplied, lastAppliedObject } from './last-applied.ts';

async function view(kube: Kube): Promise<number> {
	const { run } = kube;
	const format = run.flags.text('output');
	const { infos, faults } = await infosOf(kube, { verb: 'view-last-applied', bareKind: kube.explicitNamespace });
	raise(faults);
	// Objects without are passed over without a word: upstream wraps an error that is not there (AddSourceToErr()).
	const found = infos.map(({ object }) => object).filter((object) => lastApplied(object) !== undefined);
	for (const object of found.map(lastAppliedObject)) {
		if (format === 'yaml') run.call.out(printYaml(object));
		else if (format === 'json') run.call.out(`${goJson(object, 2)}\n`);
		else usageError(run, `Unexpected -o output mode: ${format}, the flag 'output' must be one of yaml|json`);
	}
	return 0;
}

async function set(kube: Kube): Promise<number> {
	const { run, api } = kube;
	if (!hasFiles(kube)) return fail(MISSING);
	const dry = dryRunOf(run);
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube, false);
	raise(faults);
	const changes: { readonly info: (typeof infos)[number]; readonly text: string }[] = [];
	for (const info of infos) {
		const [object] = fetch(kube, info);
		const text = configurationOf(info.object);
		const had = lastApplied(object);
		if (had === undefined && !run.flags.on('create-annotation'))
			fail(
				`no last-applied-configuration annotation found on resource: ${info.name}, to create the annotation, run the command with --create-annotation`,
			);
		if (had === text) run.call.out(`set-last-applied ${info.name}: no changes required.\n`);
		else changes.push({ info, text });
	}
	for (const { info, text } of changes) {
		const { resource, namespace, name } = info;
		const patch: Json = { metadata: { annotations: { [LAST_APPLIED]: text } } };
		if (dry === 'client') {
			print(resource, name, fetch(kube, info)[0], 'configured');
			continue;
		}
		const result = api.patch(resource, namespace, name, 'application/merge-patch+json', patch, {
			dryRun: dry === 'server',
		});
		if (result.error) raiseStatus(result.error);
		print(resource, name, result.value, 'configured');
	}
	return 0;
}

async function edit(kube: Kube): Promise<number> {
	const { api } = kube;
	const { infos, faults } = await infosOf(kube, { verb: 'edit-last-applied' });
	raise(faults);
	const objects = infos
		.filter(({ object }) => lastApplied(object) !== undefined)
		.map((info) => ({ ...info, object: lastAppliedObject(info.object) }));
	if (objects.length === 0)
		return fail(
			'no last-applied-configuration annotation found on resources, to create the annotation, use command `kubectl apply set-last-applied --create-annotation`',
		);
	const print = await operationPrinter(kube);
	return editSession(kube, {
		objects,
		header: LAST_APPLIED_HEADER,
		async act(edited) {
			for (const [i, object] of edited.entries()) {
				// The configuration knows no uid: upstream finds each by being the first of them.
				const { resource, namespace, name, object: before } = objects[objects.length === 1 ? 0 : i] ?? objects[0]!;
				if (goJson(before, 0) === goJson(object, 0)) {
					print(resource, name, object, 'skipped');
					continue;
				}
				const patch: Json = { metadata: { annotations: { [LAST_APPLIED]: `${goJson(object, 0)}\n` } } };
				const result = api.patch(resource, namespace, name, 'application/merge-patch+json', patch);
				if (result.error) raiseStatus(result.error);
				print(resource, name, result.value, 'edited');
			}
		},
	});
}

export const lastAppliedCommands: readonly Command[] = [
	{
		name: 'edit-last-applied',
		use: '(RESOURCE/NAME | -f FILENAME)',
		short: 'Edit latest last-applied-configuration annotations of a resource/object',
		long: "Edit the latest last-applied-configuration annotations of resources from the default editor.\n\n The edit-last-applied command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows.",
		example: `  # Edit the last-applied-configuration annotations by type/name in YAML
  kubectl apply edit-last-applied deployment/nginx

  # Edit the last-applied-configuration annotations by file in JSON
  kubectl apply edit-last-applied -f deploy.yaml -o json`,
		flags: [...FILE_FLAGS, ...PRINT_FLAGS, FIELD_MANAGER, RECORD, VALIDATE, WINDOWS_LINES],
		run: command(edit),
		complete: completeTargets,
	},
	{
		name: 'set-last-applied',
		use: '-f FILENAME',
		short: 'Set the last-applied-configuration annotation on a live object to match the contents of a file',
		flags: [
			...FILE_FLAGS,
			...PRINT_FLAGS,
			DRY_RUN,
			{
				name: 'create-annotation',
				type: 'bool',
				usage: "Will create 'last-applied-configuration' annotations if current objects doesn't have one",
			},
		],
		run: command(set),
	},
	{
		name: 'view-last-applied',
		use: '(TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)',
		short: 'View the latest last-applied-configuration annotations of a resource/object',
		flags: [
			...FILE_FLAGS,
			SELECTOR_FLAGS[0]!,
			ALL,
			{
				name: 'output',
				short: 'o',
				type: 'string',
				default: 'yaml',
				usage: 'Output format. Must be one of (yaml, json)',
			},
		],
		run: command(view),
		complete: completeTargets,
	},
];
