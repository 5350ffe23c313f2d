/** What `helm`'s commands that change releases share: flags, the chart and values asked for, waiting, names. */
import type { ApiInput } from '../../sim/api/index.ts';
import { mergeValues, type Values } from '../../sim/charts/index.ts';
import type { Flag, Run } from '../cobra/index.ts';
import type { Data } from '../gotemplate/index.ts';
import type { Client } from '../kube/index.ts';
import { type Chart, isFailure } from './chart/load.ts';
import { chartAt, settled } from './own.ts';
import { findChart } from './repositories.ts';
import { readValues } from './values.ts';

export const FIVE_MINUTES = 300e6;

export const VALUE_FLAGS: readonly Flag[] = [
	{
		name: 'set',
		type: 'array',
		usage: 'set values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)',
	},
	{
		name: 'set-string',
		type: 'array',
		usage:
			'set STRING values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)',
	},
	{
		name: 'set-file',
		type: 'array',
		usage:
			'set values from respective files specified via the command line (can specify multiple or separate values with commas: key1=path1,key2=path2)',
	},
	{ name: 'values', short: 'f', type: 'array', usage: 'specify values in a YAML file or a URL (can specify multiple)' },
	{ name: 'repo', type: 'string', usage: 'chart repository url where to locate the requested chart' },
	{ name: 'version', type: 'string', usage: 'specify a version constraint for the chart version to use' },
	{
		name: 'devel',
		type: 'bool',
		usage: "use development versions, too. Equivalent to version '>0.0.0-0'. If --version is set, this is ignored",
	},
];
export const WAIT_FLAGS: readonly Flag[] = [
	{
		name: 'wait',
		type: 'bool',
		usage:
			'will wait until all Pods, PVCs, Services, and minimum number of Pods of a Deployment, StatefulSet, or ReplicaSet are in a ready state',
	},
	{
		name: 'wait-for-jobs',
		type: 'bool',
		usage:
			'if set and --wait enabled, will wait until all Jobs have been completed before marking the release as successful. It will wait for as long as --timeout',
	},
	{ name: 'no-hooks', type: 'bool', usage: 'prevent hooks from running during install' },
	{
		name: 'skip-crds',
		type: 'bool',
		usage: 'if set, no CRDs will be installed. By default, CRDs are installed if not already present',
	},
	{ name: 'render-subchart-notes', type: 'bool', usage: 'if set, render subchart notes along with the parent' },
	{
		name: 'disable-openapi-validation',
		type: 'bool',
		usage:
			'if set, the installation process will not validate rendered templates against the Kubernetes OpenAPI Schema',
	},
	{ name: 'force', type: 'bool', usage: 'force resource updates through a replacement strategy', hidden: true },
	{
		name: 'cleanup-on-fail',
		type: 'bool',
		usage: 'allow deletion of new resources created in this upgrade when upgrade fails',
		hidden: true,
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
];

export interface Wanted {
	readonly name: string;
	readonly chart: string;
	readonly version: string;
	readonly values: Values;
	/** A chart of somebody's own, with values as its templates have them. */
	readonly own?: { readonly chart: Chart; readonly typed: Data };
}

/** What a command line asks for. */
export async function wanted(run: Run, name: string, reference: string): Promise<Wanted | string> {
	const { call, flags } = run;
	const local = flags.text('repo') === '' ? await chartAt(call, reference) : undefined;
	if (local && isFailure(local)) return local.error;
	const values = await readValues(call, flags);
	if ('error' in values) return values.error;
	if (local)
		return {
			name,
			chart: local.metadata.name,
			version: String(local.metadata.version),
			values: values.values,
			own: { chart: local, typed: values.typed },
		};
	const chart = await findChart(call, reference, { repo: flags.text('repo'), version: flags.text('version') });
	// Of the chart that is known as manifests, null takes a value away.
	return 'error' in chart ? chart.error : { name, ...chart, values: mergeValues({}, withoutNull(values.values)) };
}

const withoutNull = (values: Values): Values =>
	Object.fromEntries(
		Object.entries(values)
			.filter(([, value]) => value !== null)
			.map(([key, value]) => [
				key,
				typeof value === 'object' && value !== null && !Array.isArray(value) ? withoutNull(value as Values) : value,
			]),
	);

/** Waits for what was installed, when asked to. */
export async function waited(run: Run, client: Client, manifests: readonly ApiInput[]): Promise<boolean> {
	if (!run.flags.on('wait') && !run.flags.on('atomic')) return true;
	return run.call.until(
		() => settled(client.api, manifests, run.flags.on('wait-for-jobs')),
		run.flags.duration('timeout') || FIVE_MINUTES,
	);
}

/** Names for the completion: helm needs no namespace to be told them here. */
export const releaseNames = (at: Pick<Run['call'], 'cluster'>): readonly string[] => [
	...new Set((at.cluster()?.releases() ?? []).map((item) => item.name)),
];
