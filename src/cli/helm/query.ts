/**
 * `helm list`, `get`, `history`, `status`, `version`.
 *
 * Source: helm cmd/helm/{list,get_*,history,status,version}.go @ v3.9.4.
 */
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import { ansic, goTime, printYaml } from '../kube/index.ts';
import { goLayout } from './chart/sprig-host.ts';
import { CHART_VALUES } from './charts.ts';
import { OUTPUT, print } from './output.ts';
import { hooksText, jsonTime, releaseJson, releaseManifest, status, uitable, wall, wholeText } from './print.ts';
import { checkName, clientOf, current, latest, revisions } from './release.ts';
import { releaseNames } from './wanted.ts';

const REVISION: Flag = { name: 'revision', type: 'int', default: '0', usage: 'get the named release with revision' };

async function theRelease(run: Run): Promise<HelmRelease | string> {
	const [name] = run.args;
	if (run.args.length !== 1 || name === undefined)
		return `"${run.path}" requires 1 argument\n\nUsage:  ${run.path} RELEASE_NAME [flags]`;
	const client = await clientOf(run);
	if (typeof client === 'string') return client;
	if (checkName(name)) return `releaseContent: Release name is invalid: ${name}`;
	const asked = run.flags.number('revision');
	const found =
		asked > 0
			? revisions(client.cluster, client.namespace, name).find((release) => release.revision === asked)
			: latest(client.cluster, client.namespace, name);
	return found ?? 'release: not found';
}

/** Flags of `helm list` by status. */
const STATES: readonly (readonly [name: string, usage: string, states: readonly string[]])[] = [
	['deployed', 'show deployed releases. If no other is specified, this will be automatically enabled', ['deployed']],
	['failed', 'show failed releases', ['failed']],
	['pending', 'show pending releases', ['pending-install', 'pending-upgrade', 'pending-rollback']],
	['superseded', 'show superseded releases', ['superseded']],
	['uninstalled', "show uninstalled releases (if 'helm uninstall --keep-history' was used)", ['uninstalled']],
	['uninstalling', 'show releases that are currently being uninstalled', []],
];

export const listCommand: Command = {
	name: 'list',
	aliases: ['ls'],
	short: 'list releases',
	flags: [
		{ name: 'all-namespaces', short: 'A', type: 'bool', usage: 'list releases across all namespaces' },
		{ name: 'all', short: 'a', type: 'bool', usage: 'show all releases without any filter applied' },
		{ name: 'short', short: 'q', type: 'bool', usage: 'output short (quiet) listing format' },
		{
			name: 'filter',
			short: 'f',
			type: 'string',
			usage:
				'a regular expression (Perl compatible). Any releases that match the expression will be included in the results',
		},
		...STATES.map(([name, usage]): Flag => ({ name, type: 'bool', usage })),
		{ name: 'date', short: 'd', type: 'bool', usage: 'sort by release date' },
		{ name: 'reverse', short: 'r', type: 'bool', usage: 'reverse the sort order' },
		{ name: 'max', short: 'm', type: 'int', default: '256', usage: 'maximum number of releases to fetch' },
		{ name: 'offset', type: 'int', usage: 'next release index in the list, used to offset from start value' },
		{ name: 'no-headers', type: 'bool', usage: "don't print headers when using the default output format" },
		{
			name: 'time-format',
			type: 'string',
			usage: 'format time using golang time formatter. Example: --time-format "2006-01-02 15:04:05Z0700"',
		},
		{
			name: 'selector',
			short: 'l',
			type: 'string',
			usage:
				"Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2). Works only for secret(default) and configmap storage backends.",
		},
		OUTPUT,
	],
	run: async (run) => {
		if (run.args.length > 0) return '"helm list" accepts no arguments\n\nUsage:  helm list [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const { flags, call } = run;
		if (flags.given('selector')) return 'the simulator’s helm has no labels of releases to select by: --selector';
		let filter: RegExp;
		try {
			filter = new RegExp(flags.text('filter'));
		} catch {
			return `error parsing regexp: ${flags.text('filter')}`;
		}
		const asked = STATES.filter(([name]) => flags.on(name)).map(([, , states]) => states);
		const states = asked.length > 0 ? asked.flat() : ['deployed', 'failed'];
		const most = flags.number('max') || Number.POSITIVE_INFINITY;
		const from = Number.isNaN(flags.number('offset')) ? 0 : flags.number('offset');
		const sorted = current(client.cluster, flags.on('all-namespaces') ? undefined : client.namespace)
			.filter((release) => flags.on('all') || states.includes(release.status))
			.filter((release) => filter.test(release.name));
		const ordered = flags.on('date') ? [...sorted].sort((a, b) => a.updated - b.updated) : sorted;
		const shown = (flags.on('reverse') ? [...ordered].reverse() : ordered).slice(from, from + most);
		if (flags.on('short')) {
			call.out(shown.map((release) => `${release.name}\n`).join(''));
			return 0;
		}
		const layout = flags.text('time-format');
		const rows = shown.map((release) => ({
			name: release.name,
			namespace: release.namespace,
			revision: String(release.revision),
			updated: layout ? goLayout(layout, wall(call.lab, release.updated)) : goTime(wall(call.lab, release.updated)),
			status: release.status,
			chart: `${release.chart}-${release.chartVersion}`,
			app_version: release.appVersion,
		}));
		const head = flags.on('no-headers')
			? []
			: [['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION']];
		return print(run, rows, () => {
			const lines = [...head, ...rows.map((row) => Object.values(row))];
			return lines.length > 0 ? uitable(lines) : '';
		});
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
		if (checkName(name)) return `release name is invalid: ${name}`;
		const all = revisions(client.cluster, client.namespace, name).slice(-run.flags.number('max'));
		if (all.length === 0) return 'release: not found';
		const rows = all.map((release) => ({
			revision: release.revision,
			updated: jsonTime(run.call.lab, release.updated),
			status: release.status,
			chart: `${release.chart}-${release.chartVersion}`,
			app_version: release.appVersion,
			description: release.description,
		}));
		return print(run, rows, () =>
			uitable([
				['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'],
				...rows.map((row, i) =>
					Object.values({ ...row, updated: ansic(wall(run.call.lab, all[i]!.updated)) }).map(String),
				),
			]),
		);
	},
};

export const getCommand: Command = {
	name: 'get',
	short: 'download extended information of a named release',
	commands: [
		{
			name: 'all',
			use: 'RELEASE_NAME [flags]',
			short: 'download all information for a named release',
			flags: [REVISION],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				if (!release.own) return CHART_VALUES;
				run.call.out(wholeText(run.call.lab, release, true, true));
				return 0;
			},
		},
		{
			name: 'hooks',
			use: 'RELEASE_NAME [flags]',
			short: 'download all hooks for a named release',
			flags: [REVISION],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				run.call.out(hooksText(release));
				return 0;
			},
		},
		{
			name: 'values',
			use: 'RELEASE_NAME [flags]',
			short: 'download the values file for a named release',
			flags: [REVISION, OUTPUT, { name: 'all', short: 'a', type: 'bool', usage: 'dump all (computed) values' }],
			complete: (_, at) => releaseNames(at),
			run: async (run) => {
				const release = await theRelease(run);
				if (typeof release === 'string') return release;
				if (run.flags.on('all')) {
					if (!release.own) return CHART_VALUES;
					const all = release.own.defaults;
					return print(run, all, () => `COMPUTED VALUES:\n${printYaml(all)}`);
				}
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
				run.call.out(`${releaseManifest(release)}${release.own ? '\n' : ''}`);
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
		OUTPUT,
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const release = await theRelease(run);
		if (typeof release === 'string') return release;
		return print(run, releaseJson(run.call.lab, release), () =>
			status(run.call.lab, release, run.flags.on('show-desc')),
		);
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
				: 'version.BuildInfo{Version:"v3.9.4", GitCommit:"dbc6d8e20fe1d58d50e6ed30f09a04a77e4c68db", GitTreeState:"clean", GoVersion:"go1.17.13"}\n',
		);
		return 0;
	},
};
