/**
 * `kubectl edit`: the object as a file, a command that changes the file, a patch of what changed.
 *
 * The editor is a command of the shell, `KUBE_EDITOR` or `EDITOR`: `KUBE_EDITOR="sed -i s/2/3/" kubectl edit deploy web`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/util/editor/{editoptions,editor}.go @ v0.24.0.
 */
import {
	type ApiInput,
	type ApiObject,
	type ApiStatus,
	createPatch,
	createThreeWayMergePatch,
	draftOf,
	isRecord,
	type Json,
	qualified,
} from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { printYaml, readManifests } from '../../kube/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, warn } from '../kube.ts';
import { goJson, isMap } from '../print/index.ts';
import { completeTargets, SELECTOR_FLAGS } from '../targets.ts';
import { raise } from './faults.ts';
import { type Info, infosOf } from './infos.ts';
import { FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD, SAVE_CONFIG, VALIDATE } from './output.ts';

const HEADER = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

interface Reason {
	readonly head: string;
	readonly other: readonly string[];
}

const header = (reasons: readonly Reason[]): string =>
	HEADER +
	reasons
		.map(
			({ head, other }) =>
				`# ${head}${other.length > 0 ? ':' : ''}\n${other.map((line) => `# * ${line}\n`).join('')}#\n`,
		)
		.join('');

const stripped = (text: string): string =>
	text
		.split('\n')
		.filter((line) => !/^\s*#/.test(line))
		.join('\n');

/** The editor's command line; an honest word when there is none in this place. */
function editorOf(kube: Kube): string {
	const { call } = kube.run;
	const asked = call.env.get('KUBE_EDITOR') || call.env.get('EDITOR') || 'vi';
	const [first = ''] = asked.trim().split(/\s+/);
	if (call.has(call.place, first)) return asked;
	return fail(
		`unable to launch the editor ${JSON.stringify(asked)}: there is none in this lab. Set KUBE_EDITOR to a command that changes a file, such as KUBE_EDITOR='sed -i s/old/new/', or use kubectl patch`,
	);
}

const textOf = (infos: readonly Info[], json: boolean): string => {
	const whole: unknown =
		infos.length === 1
			? infos[0]!.object
			: { apiVersion: 'v1', items: infos.map((info) => info.object), kind: 'List', metadata: {} };
	return json ? `${goJson(whole)}\n` : printYaml(whole);
};

/** Objects of an edited file, or what is wrong with it. */
function parse(text: string): readonly ApiInput[] | string {
	const read = readManifests(text);
	if ('error' in read) return read.error;
	return read.flatMap(({ value }) =>
		Array.isArray(value.items) && String(value.kind).endsWith('List') ? (value.items as ApiInput[]) : [value],
	);
}

interface Results {
	/** Whether somebody may mend it: an object the server found invalid. */
	readonly reasons: Reason[];
	retryable: boolean;
	lost: boolean;
}

async function edit(kube: Kube): Promise<number> {
	const { run } = kube;
	const { call, flags } = run;
	const { infos, faults } = await infosOf(kube, { verb: 'edit' });
	raise(faults);
	if (infos.length === 0) return fail('edit cancelled, no objects found');
	const editor = editorOf(kube);
	const json = flags.text('output') === 'json';
	const path = `/tmp/kubectl-edit-${call.lab.random('kubectl', `edit ${call.lab.now}`, 4_000_000_000)}.${json ? 'json' : 'yaml'}`;
	const original = textOf(infos, json);
	const keep = (text: string): never => {
		call.err(`A copy of your changes has been stored to ${JSON.stringify(path)}\n`);
		return fail(text);
	};
	let body = original;
	let reasons: readonly Reason[] = [];
	for (let round = 0; ; round++) {
		call.check();
		await call.files.write(path, header(reasons) + body);
		const quoted = path;
		const code = await call.runAt(call.place, ['sh', '-c', `${editor} ${quoted}`]);
		if (code !== 0) return keep(`there was a problem with the editor ${JSON.stringify(editor)}`);
		const edited = (await call.files.read(path)) ?? '';
		if (round > 0 && stripped(edited) === stripped(body)) return keep('Edit cancelled, no valid changes were saved.');
		body = stripped(edited);
		if (stripped(original) === body) {
			call.err('Edit cancelled, no changes made.\n');
			return 0;
		}
		if (body.trim() === '') {
			call.err('Edit cancelled, saved file was empty.\n');
			return 0;
		}
		const objects = parse(body);
		if (typeof objects === 'string') {
			reasons = [{ head: `The edited file had a syntax error: ${objects}`, other: [] }];
			continue;
		}
		const results: Results = { reasons: [], retryable: false, lost: false };
		try {
			for (const object of objects) await save(kube, infos, object, results);
		} catch (fault) {
			if (!(fault instanceof KubectlError)) throw fault;
			return keep(fault.message.replace(/^error: /, ''));
		}
		if (results.retryable) {
			call.err(`You can run \`kubectl replace -f ${path}\` to try this update again.\n`);
			return 1;
		}
		if (results.lost) {
			call.err(`The edits you made on deleted resources have been saved to ${JSON.stringify(path)}\n`);
			return 1;
		}
		if (results.reasons.length === 0) return 0;
		reasons = results.reasons;
	}
}

/** Sends what changed in one object. */
async function save(kube: Kube, infos: readonly Info[], object: ApiInput, results: Results): Promise<void> {
	const uid = isMap(object.metadata) ? object.metadata.uid : undefined;
	const info = infos.find((item) => item.object.metadata.uid === uid);
	if (!info) return fail(`no original object found for ${goJson(object, 0)}`);
	const { resource, namespace, name } = info;
	const before = draftOf(info.object);
	const after = draftOf(object as ApiObject);
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
	if (kube.run.flags.on('output-patch')) kube.run.call.out(`Patch: ${goJson(changed, 0)}\n`);
	const subresource = kube.run.flags.text('subresource');
	const type = resource.custom ? 'application/merge-patch+json' : 'application/strategic-merge-patch+json';
	const result = kube.api.patch(resource, namespace, name, type, changed as Json, {
		...(subresource === 'status' || subresource === 'scale' ? { subresource } : {}),
	});
	warn(kube, result.warnings);
	if (result.error) note(kube, info, result.error, results);
	else print(resource, name, result.value, 'edited');
}

function note(kube: Kube, { resource, name }: Info, status: ApiStatus, results: Results): void {
	const what = `${qualified(resource)} ${JSON.stringify(name)}`;
	if (status.reason === 'Invalid') {
		const other = (status.causes ?? []).map((cause) => `${cause.field}: ${cause.message}`);
		results.reasons.push({ head: `${what} was not valid`, other });
		kube.run.call.err(`error: ${what} is invalid\n`);
	} else if (status.reason === 'NotFound') {
		results.lost = true;
		kube.run.call.err(`error: ${what} could not be found on the server\n`);
	} else {
		results.retryable = true;
		kube.run.call.err(`error: ${what} could not be patched: ${status.message}\n`);
	}
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
