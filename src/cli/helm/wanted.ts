/** What `helm`'s commands that change releases share: flags, the chart and values asked for, waiting, names. */
import type { ApiInput } from '../../sim/api/index.ts';
import type { Values } from '../../sim/charts/index.ts';
import type { Flag, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { isReady } from './ready.ts';
import { findChart } from './repositories.ts';
import { readValues } from './values.ts';

const FIVE_MINUTES = 300e6;

export const VALUE_FLAGS: readonly Flag[] = [
	{
		name: 'set',
		type: 'array',
		usage: 'set values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)',
	},
	{ name: 'set-string', type: 'array', usage: 'set STRING values on the command line' },
	{ name: 'values', short: 'f', type: 'array', usage: 'specify values in a YAML file or a URL (can specify multiple)' },
	{ name: 'repo', type: 'string', usage: 'chart repository url where to locate the requested chart' },
	{ name: 'version', type: 'string', usage: 'specify a version constraint for the chart version to use' },
];
export const WAIT_FLAGS: readonly Flag[] = [
	{
		name: 'wait',
		type: 'bool',
		usage:
			'will wait until all Pods, PVCs, Services, and minimum number of Pods of a Deployment, StatefulSet, or ReplicaSet are in a ready state',
	},
	{ name: 'timeout', type: 'duration', default: '5m0s', usage: 'time to wait for any individual Kubernetes operation' },
	{ name: 'description', type: 'string', usage: 'add a custom description' },
	{ name: 'dry-run', type: 'bool', usage: 'simulate' },
	{
		name: 'atomic',
		type: 'bool',
		usage: 'if set, the process undoes what it did when it fails; --wait is set with it',
	},
	{ name: 'create-namespace', type: 'bool', usage: 'create the release namespace if not present' },
	{ name: 'debug', type: 'bool', usage: 'enable verbose output', hidden: true },
];

export interface Wanted {
	readonly name: string;
	readonly chart: string;
	readonly version: string;
	readonly values: Values;
}

/** What a command line asks for. */
export async function wanted(run: Run, name: string, reference: string): Promise<Wanted | string> {
	const { call, flags } = run;
	const chart = await findChart(call, reference, { repo: flags.text('repo'), version: flags.text('version') });
	if ('error' in chart) return chart.error;
	const values = await readValues(call, flags);
	return 'error' in values ? values.error : { name, ...chart, values: values.values };
}

/** Waits for what was installed, when asked to. */
export async function waited(run: Run, client: Client, manifests: readonly ApiInput[]): Promise<boolean> {
	if (!run.flags.on('wait') && !run.flags.on('atomic')) return true;
	return run.call.until(() => isReady(client.api, manifests), run.flags.duration('timeout') || FIVE_MINUTES);
}

/** Names for the completion: helm needs no namespace to be told them here. */
export const releaseNames = (at: Pick<Run['call'], 'cluster'>): readonly string[] => [
	...new Set((at.cluster()?.releases() ?? []).map((item) => item.name)),
];
