/**
 * `kubectl scale`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go, pkg/scale/scale.go @ v0.24.0.
 */
import { type ApiStatus, canScale } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, KubectlError, warn } from '../kube.ts';
import { number } from '../print/index.ts';
import { SELECTOR_FLAGS } from '../targets.ts';
import { completeKinds } from './complete.ts';
import { statusFault } from './faults.ts';
import { ALL, eachInfo, type Info } from './infos.ts';
import { DRY_RUN, dryRunOf, operationPrinter, PRINT_FLAGS, RECORD } from './output.ts';

/** What the scale client says of a precondition that does not hold. */
const unmet = (what: string, want: string, have: string): never => fail(`Expected ${what} to be ${want}, was ${have}`);

async function scaleOne(kube: Kube, info: Info, replicas: number, dryRun: boolean): Promise<void> {
	const { flags } = kube.run;
	const { resource, namespace, name } = info;
	const refused = (status: ApiStatus): never => {
		throw new KubectlError(statusFault(status).alone);
	};
	if (!canScale(resource))
		refused({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' });
	const current = kube.api.scale(resource, namespace, name);
	if (current.error) return refused(current.error);
	const had = number(current.value, 'spec', 'replicas');
	const want = flags.number('current-replicas');
	if (want !== -1 && want !== had) unmet('replicas', String(want), String(had));
	const version = flags.text('resource-version');
	if (version && version !== current.value.metadata.resourceVersion)
		unmet('resource version', version, current.value.metadata.resourceVersion);
	const result = kube.api.patch(
		resource,
		namespace,
		name,
		'application/merge-patch+json',
		{ spec: { replicas } },
		{ subresource: 'scale', dryRun },
	);
	warn(kube, result.warnings);
	if (result.error) refused(result.error);
	const timeout = flags.duration('timeout');
	if (timeout === 0 || dryRun) return;
	const done = (): boolean => {
		const now = kube.api.scale(resource, namespace, name);
		return now.error !== undefined || number(now.value, 'status', 'replicas') === replicas;
	};
	if (!(await kube.run.call.until(done, timeout))) fail('timed out waiting for the condition');
}

async function scale(kube: Kube): Promise<number> {
	const { flags } = kube.run;
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube);
	if (!flags.given('replicas')) return fail('required flag(s) "replicas" not set');
	const replicas = flags.number('replicas');
	if (replicas < 0) return fail('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0');
	if (flags.number('current-replicas') < -1)
		return fail('The --current-replicas must specify an integer of -1 or greater');
	const count = await eachInfo(kube, { verb: 'scale', bareKind: flags.on('all') }, async (info) => {
		if (dry !== 'client') await scaleOne(kube, info, replicas, dry === 'server');
		print(info.resource, info.name, info.object, 'scaled');
	});
	if (count === 0) return fail('no objects passed to scale');
	return 0;
}

export const scaleCommand: Command = {
	name: 'scale',
	use: '[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
	short: 'Set a new size for a deployment, replica set, or replication controller',
	long: 'Set a new size for a deployment, replica set, replication controller, or stateful set.\n\n Scale also allows users to specify one or more preconditions for the scale action.',
	example: `  # Scale a replica set named 'foo' to 3
  kubectl scale --replicas=3 rs/foo

  # If the deployment named mysql's current size is 2, scale mysql to 3
  kubectl scale --current-replicas=2 --replicas=3 deployment/mysql`,
	flags: [
		...FILE_FLAGS,
		SELECTOR_FLAGS[0]!,
		...PRINT_FLAGS,
		ALL,
		DRY_RUN,
		RECORD,
		{ name: 'replicas', type: 'int', default: '0', usage: 'The new desired number of replicas. Required.' },
		{
			name: 'current-replicas',
			type: 'int',
			default: '-1',
			usage:
				'Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.',
		},
		{
			name: 'resource-version',
			type: 'string',
			usage:
				'Precondition for resource version. Requires that the current resource version match this value in order to scale.',
		},
		{
			name: 'timeout',
			type: 'duration',
			default: '0s',
			usage:
				"The length of time to wait before giving up on a scale operation, zero means don't wait. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).",
		},
	],
	run: command(scale),
	complete: completeKinds(['deployment', 'replicaset', 'replicationcontroller', 'statefulset']),
};
