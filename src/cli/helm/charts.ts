/** `helm search`, `show`, `repo`: charts and where they are from. Source: helm cmd/helm/{search_repo,show,repo_*}.go @ v3.9.4. */
import { ciliumChartVersions } from '../../sim/charts/index.ts';
import type { Command } from '../cobra/index.ts';
import { OUTPUT, print } from './output.ts';
import { uitable } from './print.ts';
import { isRepository, notARepository, readRepositories, refresh, writeRepositories } from './repositories.ts';

export const CHART_VALUES =
	"the chart's own values.yaml is not part of this lab; the keys the simulator knows are in cilium-config";

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
		{
			name: 'hub',
			use: '[KEYWORD] [flags]',
			short: 'search for charts in the Artifact Hub or your own hub instance',
			run: async () => 'the simulator has no Artifact Hub to search',
		},
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
				await refresh(
					call,
					repositories.filter(({ name }) => args.length === 0 || args.includes(name)),
				);
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
			name: 'index',
			use: '[DIR] [flags]',
			short: 'generate an index file given a directory containing packaged charts',
			run: async () => 'the simulator’s helm makes no indexes: its repositories are those that are there',
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
