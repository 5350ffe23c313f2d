/**
 * `helm list`, `get`, `history`, `status`, `version`, `search`, `repo`, `show`.
 *
 * Source: helm cmd/helm/{list,get_*,history,status,version,search_repo,repo_*}.go @ v3.9.4.
 */
import { ciliumChartVersions } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import { ansic, goTime, printYaml } from '../kube/index.ts';
import { releaseNames } from './install.ts';
import { manifestText, status, uitable, wall } from './print.ts';
import { clientOf, current, latest, revisions } from './release.ts';
import { isRepository, notARepository, readRepositories, writeRepositories } from './repositories.ts';

const OUTPUT: Flag = {
	name: 'output',
	short: 'o',
	type: 'string',
	default: 'table',
	usage: 'prints the output in the specified format. Allowed values: table, json, yaml',
};
const REVISION: Flag = { name: 'revision', type: 'int', default: '0', usage: 'get the named release with revision' };

/** One of the formats, from what the table is made of. */
function print(run: Run, objects: unknown, table: () => string): string | undefined {
	const format = run.flags.text('output');
	if (format === 'json') run.call.out(`${JSON.stringify(objects)}\n`);
	else if (format === 'yaml') run.call.out(printYaml(objects));
	else if (format === 'table') run.call.out(table());
	else return `invalid format type`;
	return undefined;
}

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

const CHART_VALUES =
	"the chart's own values.yaml is not part of this lab; the keys the simulator knows are in cilium-config";

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

export const searchCommand: Command = {
	name: 'search',
	short: 'search for a keyword in charts',
	commands: [
		{
			name: 'repo',
			use: '[keyword] [flags]',
			short: 'search repositories for a keyword in charts',
			flags: [
				{
					name: 'versions',
					short: 'l',
					type: 'bool',
					usage: 'show the long listing, with each version of each chart on its own line',
				},
				{
					name: 'version',
					type: 'string',
					usage: 'search using semantic versioning constraints on repositories you have added',
				},
				OUTPUT,
			],
			run: async (run) => {
				const repositories = await readRepositories(run.call);
				if (repositories.length === 0) return 'no repositories configured';
				const word = (run.args[0] ?? '').toLowerCase();
				const all = ciliumChartVersions().filter((version) =>
					version.startsWith(run.flags.text('version').replace(/^[~^]/, '')),
				);
				const versions = run.flags.on('versions') ? all : all.slice(0, 1);
				const rows = repositories
					.filter((repository) => isRepository(repository.url) && `${repository.name}/cilium`.includes(word))
					.flatMap(({ name }) =>
						versions.map((version) => ({
							name: `${name}/cilium`,
							version,
							app_version: version,
							description: 'eBPF-based Networking, Security, and Observability',
						})),
					);
				return print(run, rows, () =>
					rows.length === 0
						? 'No results found\n'
						: uitable([
								['NAME', 'CHART VERSION', 'APP VERSION', 'DESCRIPTION'],
								...rows.map((row) => Object.values(row)),
							]),
				);
			},
		},
	],
};

export const showCommand: Command = {
	name: 'show',
	aliases: ['inspect'],
	short: 'show information of a chart',
	commands: [
		{ name: 'values', use: '[CHART] [flags]', short: "show the chart's values", run: async () => CHART_VALUES },
	],
};

export const repoCommand: Command = {
	name: 'repo',
	short: 'add, list, remove, update, and index chart repositories',
	commands: [
		{
			name: 'add',
			use: '[NAME] [URL] [flags]',
			short: 'add a chart repository',
			flags: [{ name: 'force-update', type: 'bool', usage: 'replace (overwrite) the repo if it already exists' }],
			run: async ({ args, call, flags }) => {
				const [name, url] = args;
				if (name === undefined || url === undefined || args.length > 2)
					return '"helm repo add" requires 2 arguments\n\nUsage:  helm repo add [NAME] [URL] [flags]';
				if (name.includes('/'))
					return `repository name (${name}) contains '/', please specify a different name without '/'`;
				const repositories = await readRepositories(call);
				const known = repositories.find((repository) => repository.name === name);
				if (known && known.url === url && !flags.on('force-update')) {
					call.out(`"${name}" already exists with the same configuration, skipping\n`);
					return 0;
				}
				if (known && !flags.on('force-update'))
					return `repository name (${name}) already exists, please specify a different name`;
				if (!isRepository(url)) return notARepository(url);
				await writeRepositories(call, [
					...repositories.filter((repository) => repository.name !== name),
					{ name, url },
				]);
				call.out(`"${name}" has been added to your repositories\n`);
				return 0;
			},
		},
		{
			name: 'update',
			aliases: ['up'],
			use: '[REPO1 [REPO2 ...]] [flags]',
			short: 'update information of available charts locally from chart repositories',
			run: async ({ args, call }) => {
				const repositories = await readRepositories(call);
				if (repositories.length === 0) return 'no repositories found. You must add one before updating';
				const missing = args.filter((name) => !repositories.some((repository) => repository.name === name));
				if (missing.length > 0) return `no repositories found matching '${missing[0]}'.  Nothing will be updated`;
				call.out('Hang tight while we grab the latest from your chart repositories...\n');
				await call.sleep(700_000);
				for (const { name } of repositories)
					if (args.length === 0 || args.includes(name))
						call.out(`...Successfully got an update from the "${name}" chart repository\n`);
				call.out('Update Complete. ⎈Happy Helming!⎈\n');
				return 0;
			},
		},
		{
			name: 'list',
			aliases: ['ls'],
			short: 'list chart repositories',
			flags: [OUTPUT],
			run: async (run) => {
				const repositories = await readRepositories(run.call);
				if (repositories.length === 0) return 'no repositories to show';
				return print(run, repositories, () =>
					uitable([['NAME', 'URL'], ...repositories.map(({ name, url }) => [name, url])]),
				);
			},
		},
		{
			name: 'remove',
			aliases: ['rm'],
			use: '[REPO1 [REPO2 ...]] [flags]',
			short: 'remove one or more chart repositories',
			run: async ({ args, call }) => {
				if (args.length === 0)
					return '"helm repo remove" requires at least 1 argument\n\nUsage:  helm repo remove [REPO1 [REPO2 ...]] [flags]';
				let repositories = await readRepositories(call);
				for (const name of args) {
					if (!repositories.some((repository) => repository.name === name)) return `no repo named "${name}" found`;
					repositories = repositories.filter((repository) => repository.name !== name);
					call.out(`"${name}" has been removed from your repositories\n`);
				}
				await writeRepositories(call, repositories);
				return 0;
			},
		},
	],
};
