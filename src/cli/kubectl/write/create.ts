/**
 * `kubectl create -f`, and what `kubectl create KIND` has in common.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/create/create.go @ v0.24.0.
 */
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS, place } from '../files.ts';
import { command, fail, type Kube, KubectlError, usageError, warn } from '../kube.ts';
import { sendRaw } from '../read/raw.ts';
import { SELECTOR_FLAGS } from '../targets.ts';
import { withConfiguration } from './apply/last-applied.ts';
import { createKinds } from './create/index.ts';
import { editSession } from './edit/session.ts';
import { type Fault, raise, raiseStatus, statusFault } from './faults.ts';
import { fresh } from './fresh.ts';
import { fileInfos, hasFiles, serverValidates, validationOf } from './infos.ts';
import {
	DRY_RUN,
	dryRunOf,
	FIELD_MANAGER,
	operationPrinter,
	PRINT_FLAGS,
	RECORD,
	SAVE_CONFIG,
	VALIDATE,
	WINDOWS_LINES,
} from './output.ts';

/** `--edit`: each object is opened in the editor, and created as it is left. One that is left alone is not created. */
async function createEdited(kube: Kube): Promise<number> {
	const print = await operationPrinter(kube);
	const { infos, faults } = await fileInfos(kube);
	raise(faults);
	for (const info of infos) {
		const code = await editSession(kube, {
			objects: [info],
			async act(objects) {
				for (const edited of objects) {
					const object = place(kube, edited, 'edited-file').object;
					const made = kube.api.create(fresh(kube.run.flags.on('save-config') ? withConfiguration(object) : object), {
						fieldValidation: serverValidates(kube) ? validationOf(kube) : 'Ignore',
					});
					warn(kube, made.warnings);
					if (made.error) return raiseStatus(made.error);
					print(info.resource, made.value.metadata.name, made.value, 'created');
				}
			},
		});
		if (code !== 0) return code;
	}
	return infos.length === 0 ? fail('no objects passed to create') : 0;
}

async function create(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags } = run;
	if (!hasFiles(kube)) {
		run.call.err('Error: must specify one of -f and -k\n\n');
		if (run.args.length > 0) usageError(run, `unknown command ${JSON.stringify(run.args.join(' '))}`);
		throw new KubectlError(run.help());
	}
	if (run.args.length > 0) usageError(run, `Unexpected args: [${run.args.join(' ')}]`);
	if (flags.text('raw')) {
		if (flags.on('edit')) return usageError(run, '--raw and --edit are mutually exclusive');
		return sendRaw(kube, 'POST');
	}
	if (flags.on('edit')) return createEdited(kube);
	const dry = dryRunOf(run);
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube);
	let count = 0;
	for (const { object, resource, name, source } of infos) {
		const input = flags.on('save-config') ? withConfiguration(object) : object;
		if (dry === 'client') {
			count++;
			print(resource, name, input, 'created');
			continue;
		}
		const made = api.create(fresh(input), {
			dryRun: dry === 'server',
			fieldValidation: serverValidates(kube) ? validationOf(kube) : 'Ignore',
		});
		warn(kube, made.warnings);
		if (made.error) {
			faults.push(statusFault(made.error, 'creating', source) satisfies Fault);
			continue;
		}
		count++;
		print(resource, made.value.metadata.name, made.value, 'created');
	}
	raise(faults);
	if (count === 0) fail('no objects passed to create');
	return 0;
}

export const createCommand: Command = {
	name: 'create',
	use: '-f FILENAME',
	short: 'Create a resource from a file or from stdin',
	long: 'Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.',
	example: `  # Create a pod using the data in pod.json
  kubectl create -f ./pod.json

  # Create a pod based on the JSON passed into stdin
  cat pod.json | kubectl create -f -`,
	flags: [
		...FILE_FLAGS,
		SELECTOR_FLAGS[0]!,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		SAVE_CONFIG,
		VALIDATE,
		{ name: 'edit', type: 'bool', usage: 'Edit the API resource before creating' },
		WINDOWS_LINES,
		{ name: 'raw', type: 'string', usage: 'Raw URI to POST to the server.' },
	],
	commands: createKinds,
	run: command(create),
};
