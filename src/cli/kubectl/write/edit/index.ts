/**
 * `kubectl edit`: the object as a file, a patch of what changed in it.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/edit/edit.go, pkg/cmd/util/editor/editoptions.go @ v0.24.0.
 */
import {
	type ApiInput,
	type ApiObject,
	createPatch,
	createThreeWayMergePatch,
	draftOf,
	isRecord,
	type Json,
} from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { FILE_FLAGS } from '../../files.ts';
import { command, fail, type Kube, warn } from '../../kube.ts';
import { goJson, isMap } from '../../print/index.ts';
import { completeTargets, SELECTOR_FLAGS } from '../../targets.ts';
import { withConfiguration } from '../apply/last-applied.ts';
import { raise } from '../faults.ts';
import { type Info, infosOf, serverValidates, validationOf } from '../infos.ts';
import {
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	SAVE_CONFIG,
	VALIDATE,
	WINDOWS_LINES,
} from '../output.ts';
import { editSession, type Results } from './session.ts';

async function edit(kube: Kube): Promise<number> {
	const subresource = kube.run.flags.text('subresource');
	if (subresource && subresource !== 'status')
		return fail(`invalid subresource value: ${JSON.stringify(subresource)}. Must be one of [status]`);
	const { infos, faults } = await infosOf(kube, { verb: 'edit' });
	raise(faults);
	if (infos.length === 0) return fail('edit cancelled, no objects found');
	return editSession(kube, {
		objects: infos,
		async act(objects, results) {
			for (const object of objects) await save(kube, infos, object, results);
		},
	});
}

/** Sends what changed in one object. */
async function save(kube: Kube, infos: readonly Info[], object: ApiInput, results: Results): Promise<void> {
	const { flags, call } = kube.run;
	const uid = isMap(object.metadata) ? object.metadata.uid : undefined;
	const info = infos.find((item) => item.object.metadata.uid === uid);
	if (!info) return fail(`no original object found for ${goJson(object, 0)}`);
	const { resource, namespace, name } = info;
	const before = draftOf(info.object);
	const after = draftOf((flags.on('save-config') ? withConfiguration(object) : object) as ApiObject);
	const print = await operationPrinter(kube);
	const changed = resource.custom
		? createThreeWayMergePatch(before, after, before)
		: createPatch(resource, before, after);
	if (Object.keys(changed).length === 0) {
		print(resource, name, object, 'skipped');
		return;
	}
	if ('apiVersion' in changed || 'kind' in changed || (isRecord(changed.metadata) && 'name' in changed.metadata))
		return fail('At least one of apiVersion, kind and name was changed');
	if (flags.on('output-patch')) call.out(`Patch: ${goJson(changed, 0)}\n`);
	const type = resource.custom ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
	const result = kube.api.patch(resource, namespace, name, type, changed as Json, {
		fieldValidation: serverValidates(kube) ? validationOf(kube) : 'Ignore',
		...(flags.text('subresource') === 'status' ? { subresource: 'status' } : {}),
	});
	warn(kube, result.warnings);
	if (result.error) call.err(results.refused(info, result.error));
	else print(resource, name, result.value, 'edited');
}

export const editCommand: Command = {
	name: 'edit',
	use: '(RESOURCE/NAME | -f FILENAME)',
	short: 'Edit a resource on the server',
	long: "Edit a resource from the default editor.\n\n The edit command allows you to directly edit any API resource you can retrieve via the command-line tools. It will open the editor defined by your KUBE_EDITOR, or EDITOR environment variables, or fall back to 'vi' for Linux or 'notepad' for Windows.",
	example: `  # Edit the service named 'registry'
  kubectl edit svc/registry

  # Use an alternative editor
  KUBE_EDITOR="nano" kubectl edit svc/registry`,
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		SELECTOR_FLAGS[0]!,
		FIELD_MANAGER,
		RECORD,
		SAVE_CONFIG,
		VALIDATE,
		WINDOWS_LINES,
		{ name: 'output-patch', type: 'bool', usage: 'Output the patch if the resource is edited.' },
		{
			name: 'subresource',
			type: 'string',
			usage: 'If specified, edit will operate on the subresource of the requested object. Must be one of [status].',
		},
	],
	run: command(edit),
	complete: completeTargets,
};
