/**
 * `kubectl apply`: the command line, and what is told of all objects together.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go @ v0.24.0.
 */
import type { Command } from '../../../cobra/index.ts';
import { FILE_FLAGS } from '../../files.ts';
import { command, fail, type Kube, KubectlError } from '../../kube.ts';
import { listOf, objectPrinter } from '../../print/index.ts';
import { kubectlMinor } from '../../releases.ts';
import { SELECTOR_FLAGS } from '../../targets.ts';
import { caughtFault, raise } from '../faults.ts';
import { fileInfos, noArguments } from '../infos.ts';
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
} from '../output.ts';
import { type Applied, Refused } from './applied.ts';
import { applyHere } from './client-side.ts';
import { lastAppliedCommands } from './last-commands.ts';
import { checkAllowlist, prune } from './prune.ts';
import { applyThere } from './server-side.ts';

function checkFlags(kube: Kube, dry: DryRun): void {
	const { flags } = kube.run;
	const on = (name: string): boolean => flags.on(name);
	if (flags.given('prune-allowlist') && kubectlMinor(kube.run.call.lab) < 26)
		throw new KubectlError("error: unknown flag: --prune-allowlist\nSee 'kubectl apply --help' for usage.");
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
	if (on('prune') && on('server-side'))
		fail("--prune is in alpha and doesn't currently work on objects created by server-side apply");
}

async function apply(kube: Kube): Promise<number> {
	const { run } = kube;
	const dry = dryRunOf(run);
	checkFlags(kube, dry);
	const kinds = checkAllowlist(kube);
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube);
	if (infos.length === 0 && faults.length === 0) fail('no objects passed to apply');
	const thing = run.flags.on('server-side') ? applyThere : applyHere;
	const whole: unknown[] = [];
	const visited: Applied[] = [];
	for (const info of infos) {
		try {
			const applied = await thing(kube, info, dry);
			visited.push(applied);
			if (asksForObject(kube)) whole.push(applied.object);
			else print(info.resource, info.name, applied.object, applied.operation);
		} catch (fault) {
			faults.push(fault instanceof Refused ? fault.fault : caughtFault(fault));
		}
	}
	if (whole.length > 0) {
		const printer = await objectPrinter(run);
		run.call.out(printer?.(whole.length === 1 ? whole[0] : listOf(whole)) ?? '');
	}
	raise(faults);
	if (run.flags.on('prune')) prune(kube, visited, kinds, dry, print);
	return 0;
}

export const applyCommand: Command = {
	name: 'apply',
	use: '(-f FILENAME | -k DIRECTORY)',
	short: 'Apply a configuration to a resource by file name or stdin',
	long: "Apply a configuration to a resource by file name or stdin. The resource name must be specified. This resource will be created if it doesn't exist yet. To use 'apply', always create the resource initially with either 'apply' or 'create --save-config'.\n\n JSON and YAML formats are accepted.\n\n Alpha Disclaimer: the --prune functionality is not yet complete. Do not use unless you are aware of what the current state is. See https://issues.k8s.io/34274.",
	example: `  # Apply the configuration in pod.json to a pod
  kubectl apply -f ./pod.json

  # Apply the JSON passed into stdin to a pod
  cat pod.json | kubectl apply -f -

  # Note: --prune is still in Alpha
  # Apply the configuration in manifest.yaml that matches label app=nginx and delete all other resources that are not in the file and match label app=nginx
  kubectl apply --prune -f manifest.yaml -l app=nginx`,
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
		{
			name: 'prune-whitelist',
			type: 'array',
			usage: 'Overwrite the default whitelist with <group/version/kind> for --prune',
		},
		{
			// Its name from 1.26 on.
			name: 'prune-allowlist',
			type: 'array',
			hidden: true,
			usage: 'Overwrite the default allowlist with <group/version/kind> for --prune',
		},
		{
			name: 'cascade',
			type: 'string',
			default: 'background',
			hidden: true,
			usage:
				'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController).',
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
