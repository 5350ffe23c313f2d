/**
 * `kubectl autoscale`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go @ v0.24.0.
 */
import { canScale } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube } from '../kube.ts';
import { completeKinds } from './complete.ts';
import type { Made } from './create/index.ts';
import { make } from './expose.ts';
import { eachInfo } from './infos.ts';
import { DRY_RUN, dryRunOf, FIELD_MANAGER, operationPrinter, PRINT_FLAGS, RECORD, SAVE_CONFIG } from './output.ts';

async function autoscale(kube: Kube): Promise<number> {
	const { flags } = kube.run;
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube, dry);
	if (!flags.given('max')) return fail('required flag(s) "max" not set');
	const [min, max, cpu] = [flags.number('min'), flags.number('max'), flags.number('cpu-percent')];
	if (max < 1) return fail(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
	if (max < min) return fail(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
	const count = await eachInfo(kube, { verb: 'autoscale' }, ({ resource, name }) => {
		if (!canScale(resource))
			return fail(
				`cannot autoscale a ${resource.kind}: could not find scale subresource for ${resource.group}/${resource.version}, Resource=${resource.plural} in discovery information`,
			);
		const scaleTargetRef = {
			kind: resource.kind,
			name,
			apiVersion: `${resource.group === '' ? '' : `${resource.group}/`}${resource.version}`,
		};
		const metadata = { name: flags.text('name') || name, creationTimestamp: null };
		const common = { scaleTargetRef, ...(min > 0 ? { minReplicas: min } : {}), maxReplicas: max };
		const shown: Made = {
			kind: 'HorizontalPodAutoscaler',
			apiVersion: 'autoscaling/v1',
			metadata,
			spec: { ...common, ...(cpu >= 0 ? { targetCPUUtilizationPercentage: cpu } : {}) },
			status: { currentReplicas: 0, desiredReplicas: 0 },
		};
		// The server keeps the newest version; it would convert the first into this.
		const metrics =
			cpu >= 0
				? [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } }]
				: [];
		const sent: Made = {
			kind: 'HorizontalPodAutoscaler',
			apiVersion: 'autoscaling/v2',
			metadata,
			spec: { ...common, ...(metrics.length > 0 ? { metrics } : {}) },
		};
		make(kube, shown, sent, 'autoscaled', dry, print);
	});
	return count === 0 ? fail('no objects passed to autoscale') : 0;
}

export const autoscaleCommand: Command = {
	name: 'autoscale',
	use: '(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]',
	short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		DRY_RUN,
		FIELD_MANAGER,
		RECORD,
		SAVE_CONFIG,
		{
			name: 'cpu-percent',
			type: 'int',
			default: '-1',
			usage: 'The target average CPU utilization (represented as a percent of requested CPU) over all the pods.',
		},
		{
			name: 'max',
			type: 'int',
			default: '-1',
			usage: 'The upper limit for the number of pods that can be set by the autoscaler. Required.',
		},
		{
			name: 'min',
			type: 'int',
			default: '-1',
			usage: 'The lower limit for the number of pods that can be set by the autoscaler.',
		},
		{
			name: 'name',
			type: 'string',
			usage: 'The name for the newly created object. If not specified, the name of the input resource will be used.',
		},
	],
	run: command(autoscale),
	complete: completeKinds(['deployment', 'replicaset', 'replicationcontroller', 'statefulset']),
};
