/**
 * `helm install`, `upgrade`, `rollback`, `uninstall`, `template`.
 *
 * Source: helm cmd/helm/{install,upgrade,rollback,uninstall,template}.go, pkg/action @ v3.9.4.
 */
import type { ApiInput } from '../../sim/api/index.ts';
import { mergeValues, type Rendered, type Values } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { applyManifests, checkManifests, removeManifests } from './apply.ts';
import { manifestText, status } from './print.ts';
import { isReady } from './ready.ts';
import { checkName, clientOf, forget, latest, render, revisions } from './release.ts';
import { findChart } from './repositories.ts';
import { readValues } from './values.ts';

const FIVE_MINUTES = 300e6;
/** What fetching a chart, rendering it and asking the server for each object takes, microseconds. */
const WORK = 1.5e6;

const VALUE_FLAGS: readonly Flag[] = [
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
const WAIT_FLAGS: readonly Flag[] = [
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

interface Wanted {
	readonly name: string;
	readonly chart: string;
	readonly version: string;
	readonly values: Values;
}

/** What a command line asks for. */
async function wanted(run: Run, name: string, reference: string): Promise<Wanted | string> {
	const { call, flags } = run;
	const chart = await findChart(call, reference, { repo: flags.text('repo'), version: flags.text('version') });
	if ('error' in chart) return chart.error;
	const values = await readValues(call, flags);
	return 'error' in values ? values.error : { name, ...chart, values: values.values };
}

/** Waits for what was installed, when asked to. */
async function waited(run: Run, client: Client, manifests: readonly ApiInput[]): Promise<boolean> {
	if (!run.flags.on('wait') && !run.flags.on('atomic')) return true;
	return run.call.until(() => isReady(client.api, manifests), run.flags.duration('timeout') || FIVE_MINUTES);
}

const release = (
	run: Run,
	client: Client,
	want: Wanted,
	rendered: Rendered,
	revision: number,
	description: string,
): HelmRelease => ({
	name: want.name,
	namespace: client.namespace,
	revision,
	chart: want.chart,
	chartVersion: want.version,
	appVersion: want.version,
	status: 'deployed',
	updated: run.call.lab.now,
	description: run.flags.text('description') || description,
	values: want.values,
	manifests: rendered.manifests as never,
	notes: rendered.notes,
});

async function install(run: Run, client: Client, want: Wanted): Promise<string | undefined> {
	const { call, flags } = run;
	const { api, cluster, namespace } = client;
	const rendered = render(client, want);
	if ('error' in rendered) return rendered.error;
	if (latest(cluster, namespace, want.name)) return 'cannot re-use a name that is still in use';
	const first = release(run, client, want, rendered, 1, 'Install complete');
	if (flags.on('dry-run')) {
		call.out(
			`${status(call.lab, { ...first, status: 'pending-install', notes: '' })}HOOKS:\nMANIFEST:\n${manifestText(want.chart, rendered.manifests)}\nNOTES:\n${rendered.notes}`,
		);
		return undefined;
	}
	const fault = checkManifests(api, rendered.manifests, want.name, namespace);
	if (fault) return fault;
	if (!api.get(api.find('namespaces')!, undefined, namespace)) {
		if (!flags.on('create-namespace')) return `create: failed to create: namespaces "${namespace}" not found`;
		const created = api.create({
			apiVersion: 'v1',
			kind: 'Namespace',
			metadata: { name: namespace, labels: { name: namespace } },
		});
		if (created.error) return created.error.message;
	}
	await call.sleep(WORK);
	const refused = applyManifests(api, [], rendered.manifests);
	if (refused) {
		cluster.saveRelease({
			...first,
			status: 'failed',
			description: `Release "${want.name}" failed: ${refused.status.message}`,
		});
		return `${refused.during}: ${refused.status.message}`;
	}
	if (!(await waited(run, client, rendered.manifests))) {
		if (flags.on('atomic')) {
			removeManifests(api, rendered.manifests);
			return `release ${want.name} failed, and has been uninstalled due to atomic being set: timed out waiting for the condition`;
		}
		cluster.saveRelease({
			...first,
			status: 'failed',
			description: `Release "${want.name}" failed: timed out waiting for the condition`,
		});
		return 'timed out waiting for the condition';
	}
	const done = { ...first, updated: first.updated };
	cluster.saveRelease(done);
	call.out(status(call.lab, done));
	return undefined;
}

const failed = (what: string, text: string): string => `${what} FAILED: ${text}`;

export const installCommand: Command = {
	name: 'install',
	use: '[NAME] [CHART] [flags]',
	short: 'install a chart',
	flags: [
		...VALUE_FLAGS,
		...WAIT_FLAGS,
		{ name: 'generate-name', short: 'g', type: 'bool', usage: 'generate the name (and omit the NAME parameter)' },
	],
	run: async (run) => {
		const { args, flags, call } = run;
		const [first, second] = args;
		if (args.length > 2)
			return failed(
				'INSTALLATION',
				`expected at most two arguments, unexpected arguments: ${args.slice(2).join(', ')}`,
			);
		if (first === undefined)
			return '"helm install" requires at least 1 argument\n\nUsage:  helm install [NAME] [CHART] [flags]';
		let name = first;
		if (second === undefined) {
			if (!flags.on('generate-name'))
				return failed('INSTALLATION', 'must either provide a name or specify --generate-name');
			name = `${first.split('/').at(-1)}-${Math.floor(call.lab.epoch + call.lab.now / 1e6)}`;
		} else if (flags.on('generate-name'))
			return failed('INSTALLATION', 'cannot set --generate-name and also specify a name');
		const client = await clientOf(run);
		const bad = checkName(name);
		const want = bad ?? (await wanted(run, name, second ?? first));
		if (typeof want === 'string') return failed('INSTALLATION', want);
		if (typeof client === 'string') return failed('INSTALLATION', client);
		const error = await install(run, client, want);
		return error && failed('INSTALLATION', error);
	},
};

export const upgradeCommand: Command = {
	name: 'upgrade',
	use: '[RELEASE] [CHART] [flags]',
	short: 'upgrade a release',
	flags: [
		...VALUE_FLAGS,
		...WAIT_FLAGS,
		{
			name: 'install',
			short: 'i',
			type: 'bool',
			usage: "if a release by this name doesn't already exist, run an install",
		},
		{
			name: 'reuse-values',
			type: 'bool',
			usage: "when upgrading, reuse the last release's values and merge in any overrides from the command line",
		},
		{ name: 'reset-values', type: 'bool', usage: 'when upgrading, reset the values to the ones built into the chart' },
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, flags, call } = run;
		if (args.length !== 2)
			return `"helm upgrade" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]`;
		const [name, reference] = args as [string, string];
		const client = await clientOf(run);
		if (typeof client === 'string') return failed('UPGRADE', client);
		const { cluster, api, namespace } = client;
		const last = latest(cluster, namespace, name);
		if (!last && flags.on('install')) {
			call.out(`Release "${name}" does not exist. Installing it now.\n`);
			const want = checkName(name) ?? (await wanted(run, name, reference));
			const error = typeof want === 'string' ? want : await install(run, client, want);
			return error;
		}
		const want = await wanted(run, name, reference);
		if (typeof want === 'string') return failed('UPGRADE', want);
		if (!last) return failed('UPGRADE', `"${name}" has no deployed releases`);
		// Without values of its own an upgrade keeps those of the release before it.
		const keeps = !flags.on('reset-values') && (flags.on('reuse-values') || Object.keys(want.values).length === 0);
		const values = keeps ? mergeValues(last.values as Values, want.values) : want.values;
		const rendered = render(client, { ...want, values });
		if ('error' in rendered) return failed('UPGRADE', rendered.error);
		const next = release(run, client, { ...want, values }, rendered, last.revision + 1, 'Upgrade complete');
		if (flags.on('dry-run')) {
			call.out(
				`Release "${name}" has been upgraded. Happy Helming!\n${status(call.lab, { ...next, status: 'pending-upgrade', notes: '' })}HOOKS:\nMANIFEST:\n${manifestText(want.chart, rendered.manifests)}`,
			);
			return 0;
		}
		await call.sleep(WORK);
		const refused = applyManifests(api, last.manifests as never, rendered.manifests);
		const timedOut = !refused && !(await waited(run, client, rendered.manifests));
		if (refused || timedOut) {
			const text = refused ? `${refused.during}: ${refused.status.message}` : 'timed out waiting for the condition';
			cluster.saveRelease({ ...next, status: 'failed', description: `Upgrade "${name}" failed: ${text}` });
			return failed('UPGRADE', text);
		}
		if (last.status === 'deployed') cluster.saveRelease({ ...last, status: 'superseded' });
		cluster.saveRelease(next);
		call.out(`Release "${name}" has been upgraded. Happy Helming!\n${status(call.lab, next)}`);
		return 0;
	},
};

export const rollbackCommand: Command = {
	name: 'rollback',
	use: '<RELEASE> [REVISION] [flags]',
	short: 'roll back a release to a previous revision',
	flags: WAIT_FLAGS,
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, call } = run;
		const [name, asked] = args;
		if (name === undefined)
			return '"helm rollback" requires at least 1 argument\n\nUsage:  helm rollback <RELEASE> [REVISION] [flags]';
		if (asked !== undefined && !/^\d+$/.test(asked))
			return `could not convert revision to a number: strconv.Atoi: parsing "${asked}": invalid syntax`;
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const all = revisions(client.cluster, client.namespace, name);
		const last = all.at(-1);
		if (!last) return 'release: not found';
		const to = asked === undefined || asked === '0' ? last.revision - 1 : Number(asked);
		const old = all.find((release) => release.revision === to);
		if (!old) return `release has no ${to} version`;
		const refused = applyManifests(client.api, last.manifests as never, old.manifests as never);
		if (refused) return `${refused.during}: ${refused.status.message}`;
		if (!(await waited(run, client, old.manifests as never))) return 'timed out waiting for the condition';
		if (last.status === 'deployed') client.cluster.saveRelease({ ...last, status: 'superseded' });
		client.cluster.saveRelease({
			...old,
			revision: last.revision + 1,
			status: 'deployed',
			updated: call.lab.now,
			description: `Rollback to ${to}`,
		});
		call.out('Rollback was a success! Happy Helming!\n');
		return 0;
	},
};

export const uninstallCommand: Command = {
	name: 'uninstall',
	aliases: ['del', 'delete', 'un'],
	use: 'RELEASE_NAME [...] [flags]',
	short: 'uninstall a release',
	flags: [
		...WAIT_FLAGS.filter((flag) => flag.name !== 'atomic' && flag.name !== 'create-namespace'),
		{
			name: 'keep-history',
			type: 'bool',
			usage: 'remove all associated resources and mark the release as deleted, but retain the release history',
		},
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, call, flags } = run;
		if (args.length === 0)
			return '"helm uninstall" requires at least 1 argument\n\nUsage:  helm uninstall RELEASE_NAME [...] [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		for (const name of args) {
			const all = revisions(client.cluster, client.namespace, name);
			const last = all.at(-1);
			if (!last) return `uninstall: Release not loaded: ${name}: release: not found`;
			if (!flags.on('dry-run')) {
				removeManifests(client.api, last.manifests as never);
				if (flags.on('keep-history'))
					client.cluster.saveRelease({ ...last, status: 'uninstalled', description: 'Uninstallation complete' });
				else for (const release of all) forget(client.cluster, release);
			}
			call.out(`release "${name}" uninstalled\n`);
		}
		return 0;
	},
};

export const templateCommand: Command = {
	name: 'template',
	use: '[NAME] [CHART] [flags]',
	short: 'locally render templates',
	flags: [
		...VALUE_FLAGS,
		{
			name: 'kube-version',
			type: 'string',
			default: 'v1.24.0',
			usage: 'Kubernetes version used for Capabilities.KubeVersion',
		},
	],
	run: async (run) => {
		const { args, flags, call } = run;
		if (args.length === 0)
			return '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]';
		const want = await wanted(run, args.length > 1 ? args[0]! : 'release-name', args.at(-1)!);
		if (typeof want === 'string') return want;
		const version = flags.text('kube-version');
		const rendered = render(
			{
				namespace: flags.text('namespace') || 'default',
				api: { version: version.startsWith('v') ? version : `v${version}` },
			} as Client,
			want,
		);
		if ('error' in rendered) return rendered.error;
		call.out(manifestText(want.chart, rendered.manifests));
		return 0;
	},
};

/** Names for the completion: helm needs no namespace to be told them here. */
export const releaseNames = (at: Pick<Run['call'], 'cluster'>): readonly string[] => [
	...new Set((at.cluster()?.releases() ?? []).map((item) => item.name)),
];
