/**
 * `helm list`, `get`, `history`, `status`, `version`.
 *
 * Source: helm cmd/helm/{list,get_*,history,status,version}.go @ v3.9.4.
 */
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import { ansic, goTime, printYaml } from '../kube/index.ts';
import { CHART_VALUES } from './charts.ts';
import { OUTPUT, print } from './output.ts';
import { manifestText, status, uitable, wall } from './print.ts';
import { clientOf, current, latest, revisions } from './release.ts';
import { releaseNames } from './wanted.ts';

const REVISION: Flag = { name: 'revision', type: 'int', default: '0', usage: 'get the named release with revision' };

async function theRelease(run: Run): Promise<HelmRelease | string> {
	const [name] = run.args;
	if (run.args.length !== 1 || name === undefined)
		return `"${run.path}" requires 1 argument\n\nUsage:  ${run.path} RELEASE_NAME [flags]`;
	const client = await clientOf(run);
	if (typeof client === 'string') return client;
	const asked = run.flags.number('revision');
	const found =
		asked > 0
			? revisions(client.cluster, client.namespace, name).find((release) => release.revision === asked)
			: latest(client.cluster, client.namespace, name);
	return found ?? 'release: not found';
}

export const listCommand: Command = {
	name: 'list',
	aliases: ['ls'],
	short: 'list releases',
	flags: [
		{ name: 'all-namespaces', short: 'A', type: 'bool', usage: 'list releases across all namespaces' },
		{ name: 'all', short: 'a', type: 'bool', usage: 'show all releases without any filter applied' },
		{ name: 'short', short: 'q', type: 'bool', usage: 'output short (quiet) listing format' },
		{ name: 'filter', short: 'f', type: 'string', usage: 'a regular expression; only matching releases are listed' },
		OUTPUT,
	],
	run: async (run) => {
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const { flags, call } = run;
		const filter = flags.text('filter');
		const shown = current(client.cluster, flags.on('all-namespaces') ? undefined : client.namespace)
			.filter((release) => flags.on('all') || release.status === 'deployed' || release.status === 'failed')
			.filter((release) => filter === '' || release.name.includes(filter.replace(/[\^$]/g, '')));
		if (flags.on('short')) {
			call.out(shown.map((release) => `${release.name}\n`).join(''));
			return 0;
		}
		const rows = shown.map((release) => ({
			name: release.name,
			namespace: release.namespace,
			revision: String(release.revision),
			updated: goTime(wall(call.lab, release.updated)),
			status: release.status,
			chart: `${release.chart}-${release.chartVersion}`,
			app_version: release.appVersion,
		}));
		return print(run, rows, () =>
			uitable([
				['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION'],
				...rows.map((row) => Object.values(row)),
			]),
		);
	},
};

export const historyCommand: Command = {
	name: 'history',
	aliases: ['hist'],
	use: 'RELEASE_NAME [flags]',
	short: 'fetch release history',
	flags: [
		OUTPUT,
		{ name: 'max', type: 'int', default: '256', usage: 'maximum number of revision to include in history' },
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const [name] = run.args;
		if (name === undefined) return '"helm history" requires 1 argument\n\nUsage:  helm history RELEASE_NAME [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const all = revisions(client.cluster, client.namespace, name).slice(-run.flags.number('max'));
		if (all.length === 0) return 'release: not found';
		const rows = all.map((release) => ({
			revision: release.revision,
			updated: ansic(wall(run.call.lab, release.updated)),
			status: release.status,
			chart: `${release.chart}-${release.chartVersion}`,
			app_version: release.appVersion,
			description: release.description,
		}));
		return print(run, rows, () =>
			uitable([
				['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'],
				...rows.map((row) => Object.values(row).map(String)),
			]),
		);
	},
};

export const getCommand: Command = {
	name: 'get',
	short: 'download extended information of a named release',
	commands: [
		{
			name: 'values',
			use: 'RELEASE_NAME [flags]',
			short: 'download the values file for a named release',
			flags: [REVISION, OUTPUT, { name: 'all', short: 'a', type: 'bool', usage: 'dump all (computed) values' }],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				if (run.flags.on('all')) return CHART_VALUES;
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				const values = Object.keys(release.values).length > 0 ? release.values : null;
				return print(run, values, () => `USER-SUPPLIED VALUES:\n${printYaml(values)}`);
			},
		},
		{
			name: 'manifest',
			use: 'RELEASE_NAME [flags]',
			short: 'download the manifest for a named release',
			flags: [REVISION],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				run.call.out(manifestText(release.chart, release.manifests as never));
				return 0;
			},
		},
		{
			name: 'notes',
			use: 'RELEASE_NAME [flags]',
			short: 'download the notes for a named release',
			flags: [REVISION],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				run.call.out(`NOTES:\n${release.notes}`);
				return 0;
			},
		},
	],
};

export const statusCommand: Command = {
	name: 'status',
	use: 'RELEASE_NAME [flags]',
	short: 'display the status of the named release',
	flags: [
		REVISION,
		{ name: 'show-desc', type: 'bool', usage: 'if set, display the description message of the named release' },
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const release = await theRelease(run);
		if (typeof release === 'string') return release;
		run.call.out(status(run.call.lab, release, run.flags.on('show-desc')));
		return 0;
	},
};

export const versionCommand: Command = {
	name: 'version',
	short: 'print the client version information',
	flags: [{ name: 'short', type: 'bool', usage: 'print the version number' }],
	run: async ({ call, flags }) => {
		call.out(
			flags.on('short')
				? 'v3.9.4\n'
				: 'version.BuildInfo{Version:"v3.9.4", GitCommit:"", GitTreeState:"clean", GoVersion:"go1.17.13"}\n',
		);
		return 0;
	},
};
