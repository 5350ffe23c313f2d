/**
 * `kubectl delete`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/delete/{delete,delete_flags}.go, pkg/cmd/wait/wait.go
 * (IsDeleted) @ v0.24.0.
 */
import type { Resource } from '../../../sim/api/index.ts';
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError } from '../kube.ts';
import { kindName } from '../print/index.ts';
import { sendRaw } from '../read/raw.ts';
import { kubectlMinor } from '../releases.ts';
import { completeTargets, fetch, SELECTOR_FLAGS } from '../targets.ts';
import { caughtFault, type Fault, raise, statusFault, textFault } from './faults.ts';
import { wantedOf } from './infos.ts';
import { DRY_RUN, dryRunOf, dryRunText } from './output.ts';

/** Something that is being waited for to be gone. */
export interface Leaving {
	readonly resource: Resource;
	readonly namespace: string | undefined;
	readonly name: string;
	readonly uid: string;
}

/** A week, microseconds: what kubectl calls for ever. */
export const WEEK = 168 * 3600e6;

/** Waits until they are gone, one after the other; answers the first that is not when the time is over. */
export async function untilGone(
	kube: Kube,
	leaving: readonly Leaving[],
	timeout: number,
): Promise<Leaving | undefined> {
	const end = kube.run.call.lab.now + timeout;
	for (const item of leaving) {
		const gone = (): boolean =>
			kube.api.get(item.resource, item.namespace, item.name)?.metadata.uid !== item.uid || !kube.cluster.reachable;
		if (!(await kube.run.call.until(gone, Math.max(0, end - kube.run.call.lab.now)))) return item;
	}
	return undefined;
}

export function cascadeOf(run: Run): 'Background' | 'Foreground' | 'Orphan' {
	const given = run.flags.text('cascade');
	const deprecated = (strategy: string): void =>
		run.call.err(
			`warning: --cascade=${given} is deprecated (boolean value) and can be replaced with --cascade=${strategy}.\n`,
		);
	// strconv.ParseBool
	if (/^(?:1|t|true|TRUE|True|T)$/.test(given)) {
		deprecated('background');
		return 'Background';
	}
	if (/^(?:0|f|false|FALSE|False|F)$/.test(given)) {
		deprecated('orphan');
		return 'Orphan';
	}
	switch (given) {
		case 'background':
			return 'Background';
		case 'foreground':
			return 'Foreground';
		case 'orphan':
			return 'Orphan';
		default:
			return fail(`invalid cascade value (${given}). Must be "background", "foreground", or "orphan"`);
	}
}

/** Warnings of kubectl's own had no capital letter until 1.25. */
const warningWord = (run: Run): string => (kubectlMinor(run.call.lab) >= 25 ? 'Warning' : 'warning');

/** Seconds given to a pod; undefined for its own. */
function graceOf(run: Run): number | undefined {
	const { flags } = run;
	let grace = flags.number('grace-period');
	const force = flags.on('force');
	if (flags.on('now')) {
		if (grace !== -1) fail('--now and --grace-period cannot be specified together');
		grace = 1;
	}
	if (grace === 0 && !force) grace = 1;
	if (force && grace < 0) grace = 0;
	return grace < 0 ? undefined : grace;
}

function checkFlags(run: Run, grace: number | undefined): void {
	const { flags } = run;
	const output = flags.text('output');
	if (output !== '' && output !== 'name') fail(`unexpected -o output mode: ${output}. We only support '-o name'`);
	if (flags.on('all') && flags.text('selector')) fail('cannot set --all and --selector at the same time');
	if (flags.on('all') && flags.text('field-selector')) fail('cannot set --all and --field-selector at the same time');
	if (flags.on('force') && grace === 0)
		run.call.err(
			`${warningWord(run)}: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n`,
		);
	else if (flags.on('force') && grace !== undefined)
		fail('--force and --grace-period greater than 0 cannot be specified together');
}

async function remove(kube: Kube): Promise<number> {
	const { run, api } = kube;
	const { flags, call } = run;
	if (flags.text('raw')) return sendRaw(kube, 'DELETE');
	const propagation = cascadeOf(run);
	const grace = graceOf(run);
	const dry = dryRunOf(run);
	const selects = flags.on('all') || flags.text('selector') !== '' || flags.text('field-selector') !== '';
	const ignore = flags.on('ignore-not-found') || (selects && !flags.given('ignore-not-found'));
	const { targets, faults } = await wantedOf(kube, { verb: 'delete' });
	checkFlags(run, grace);
	const verb = grace === 0 ? 'force deleted' : 'deleted';
	const leaving: Leaving[] = [];
	let found = 0;
	let warnScope = kube.explicitNamespace && !flags.on('all-namespaces');
	const missing = (fault: Fault): void => {
		if (!(ignore && fault.notFound)) faults.push(fault);
	};
	for (const { source, ...target } of targets) {
		const { resource } = target;
		let names: readonly { readonly namespace: string | undefined; readonly name: string }[];
		try {
			names =
				target.name === undefined
					? fetch(kube, target).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }))
					: [{ namespace: target.namespace, name: target.name }];
		} catch (fault) {
			missing(caughtFault(fault));
			continue;
		}
		for (const { namespace, name } of names) {
			if (warnScope && !resource.namespaced) {
				call.err(`${warningWord(run)}: deleting cluster-scoped resources, not scoped to the provided namespace\n`);
				warnScope = false;
			}
			// The answer to the deletion has its uid: nobody asks for the object first, and a client's dry run not at all.
			const before = kube.cluster.api.get(resource, namespace, name);
			if (dry !== 'client') {
				const result = api.delete(resource, namespace, name, {
					propagation,
					dryRun: dry !== 'none',
					...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
				});
				if (result.error) {
					missing(statusFault(result.error, 'deleting', source));
					continue;
				}
			}
			found++;
			call.out(
				flags.text('output') === 'name'
					? `${kindName(resource, name)}\n`
					: `${deletedText(kube, resource, namespace, name, verb)}${dryRunText(dry)}\n`,
			);
			if (before) leaving.push({ resource, namespace, name, uid: before.metadata.uid });
		}
	}
	raise(faults);
	if (found === 0) {
		call.out('No resources found\n');
		return 0;
	}
	if (!flags.on('wait') || dry !== 'none') return 0;
	try {
		const late = await untilGone(kube, leaving, flags.duration('timeout') || WEEK);
		if (late) raise([textFault(`timed out waiting for the condition on ${late.resource.plural}/${late.name}`)]);
	} catch (thrown) {
		// Who may not look whether it is gone does not wait (pkg/cmd/delete/delete.go DeleteResult() @ v1.24.0).
		if (!(thrown instanceof KubectlError) || thrown.status?.reason !== 'Forbidden') throw thrown;
	}
	return 0;
}

/** `deployment.apps "web"`. */
export const quoted = (resource: Resource, name: string): string =>
	`${kindName(resource, name).slice(0, -name.length - 1)} "${name}"`;

/** `pod "web" deleted`; from 1.34 on with the namespace. */
export const deletedText = (
	kube: Kube,
	resource: Resource,
	namespace: string | undefined,
	name: string,
	verb = 'deleted',
): string =>
	`${quoted(resource, name)} ${verb}${namespace !== undefined && kubectlMinor(kube.run.call.lab) >= 34 ? ` from ${namespace} namespace` : ''}`;

/** `--cascade`, which replace has too (pkg/cmd/delete/delete_flags.go). */
export const CASCADE: Flag = {
	name: 'cascade',
	type: 'string',
	default: 'background',
	bare: 'background',
	usage:
		'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
};

/** What `kubectl run` has too (pkg/cmd/delete/delete_flags.go). */
export const DELETE_FLAGS: readonly Flag[] = [
	CASCADE,
	{
		name: 'force',
		type: 'bool',
		usage:
			'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
	},
	{
		name: 'grace-period',
		type: 'int',
		default: '-1',
		usage:
			'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
	},
	{
		name: 'timeout',
		type: 'duration',
		default: '0s',
		usage:
			'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
	},
];

export const deleteCommand: Command = {
	name: 'delete',
	use: '([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
	short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
	example: `  # Delete a pod using the type and name specified in pod.json
  kubectl delete -f ./pod.json

  # Delete pods and services with label name=myLabel
  kubectl delete pods,services -l name=myLabel

  # Delete a pod with minimal delay
  kubectl delete pod foo --now`,
	flags: [
		...FILE_FLAGS,
		...SELECTOR_FLAGS,
		DRY_RUN,
		{ name: 'raw', type: 'string', usage: 'Raw URI to DELETE to the server.' },
		{ name: 'all', type: 'bool', usage: 'Delete all resources, in the namespace of the specified resource types.' },
		...DELETE_FLAGS,
		{
			name: 'ignore-not-found',
			type: 'bool',
			usage: 'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
		},
		{
			name: 'now',
			type: 'bool',
			usage: 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).',
		},
		{
			name: 'output',
			short: 'o',
			type: 'string',
			usage: 'Output mode. Use "-o name" for shorter output (resource/name).',
		},
		{
			name: 'wait',
			type: 'bool',
			default: 'true',
			usage: 'If true, wait for resources to be gone before returning. This waits for finalizers.',
		},
	],
	run: command(remove),
	complete: completeTargets,
};
