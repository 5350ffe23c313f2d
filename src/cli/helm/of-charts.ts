/**
 * `helm create`, `lint`, `package`, `dependency`, `show`, `test`: charts of somebody's own, and their tests.
 *
 * Source: helm cmd/helm/{create,lint,package,dependency*,show,release_testing}.go, pkg/action @ v3.9.4.
 */
import type { Command, Flag, Run } from '../cobra/index.ts';
import { printYaml } from '../kube/index.ts';
import type { Call } from '../tool.ts';
import { type ChartFile, pack } from './chart/archive.ts';
import { lintChart, messageLine } from './chart/lint.ts';
import { type Chart, type Failure, filesIn, isFailure, loadChart, textOf } from './chart/load.ts';
import { customResources } from './chart/render.ts';
import { scaffold } from './chart/scaffold.ts';
import { parseVersion, satisfies } from './chart/semver.ts';
import { CHART_VALUES } from './charts.ts';
import { hooksOf, runHooks } from './own.ts';
import { status, uitable } from './print.ts';
import { clientOf, latest } from './release.ts';
import { findChart } from './repositories.ts';
import { readValues } from './values.ts';
import { FIVE_MINUTES, releaseNames, VALUE_FLAGS } from './wanted.ts';

const AS_MANIFESTS = 'the simulator has the chart "cilium" as manifests: there are no files of it to work on';

const SET_FLAGS = VALUE_FLAGS.filter(({ name }) => /^(?:set|values)/.test(name));
const FROM_FLAGS = VALUE_FLAGS.filter(({ name }) => ['repo', 'version', 'devel'].includes(name));

const plainPath = (path: string): string => path.replace(/\/+$/, '') || '/';

export const createCommand: Command = {
	name: 'create',
	use: 'NAME [flags]',
	short: 'create a new chart with the given name',
	flags: [{ name: 'starter', short: 'p', type: 'string', usage: 'the name or absolute path to Helm starter scaffold' }],
	run: async ({ args, flags, call }) => {
		const [path] = args;
		if (args.length !== 1 || path === undefined)
			return '"helm create" requires 1 argument\n\nUsage:  helm create NAME [flags]';
		if (flags.given('starter')) return 'the simulator’s helm has no starters: --starter';
		call.out(`Creating ${path}\n`);
		const folder = plainPath(path);
		const name = folder.split('/').at(-1)!;
		if (name.length > 250) return 'chart name must be between 1 and 250 characters';
		if (!/^[a-zA-Z0-9._-]+$/.test(name)) return 'chart name must match the regular expression "^[a-zA-Z0-9._-]+$"';
		const above = folder.includes('/') ? folder.slice(0, folder.lastIndexOf('/')) || '/' : '.';
		if ((await call.files.list(above)) === undefined) {
			const full = above.startsWith('/') ? above : `${call.cwd.replace(/\/$/, '')}/${above}`;
			return `stat ${full}: no such file or directory`;
		}
		const full = folder.startsWith('/') ? folder : `${call.cwd.replace(/\/$/, '')}/${folder}`;
		const laid = await call.runAt(call.place, ['mkdir', '-p', `${full}/charts`, `${full}/templates/tests`]);
		if (laid !== 0) return `mkdir ${full}: permission denied`;
		for (const [file, text] of scaffold(name)) {
			const at = `${folder}/${file}`;
			if ((await call.files.mode?.(at)) !== undefined)
				call.out(
					`WARNING: File ${JSON.stringify(at.startsWith('/') ? at : `${call.cwd.replace(/\/$/, '')}/${at.replace(/^\.\//, '')}`)} already exists. Overwriting.\n`,
				);
			await call.files.write(at, text);
		}
		return 0;
	},
};

export const lintCommand: Command = {
	name: 'lint',
	use: 'PATH [flags]',
	short: 'examine a chart for possible issues',
	flags: [
		{ name: 'strict', type: 'bool', usage: 'fail on lint warnings' },
		{ name: 'with-subcharts', type: 'bool', usage: 'lint dependent charts' },
		{ name: 'quiet', type: 'bool', usage: 'print only warnings and errors' },
		...SET_FLAGS,
	],
	run: async (run) => {
		const { args, flags, call } = run;
		const values = await readValues(call, flags);
		if ('error' in values) return values.error;
		const paths = args.length > 0 ? [...args] : ['.'];
		if (flags.on('with-subcharts'))
			for (const path of args.length > 0 ? args : ['.'])
				for (const entry of (await call.files.list(`${plainPath(path)}/charts`)) ?? [])
					if (entry.endsWith('.tgz') || (await call.files.read(`${plainPath(path)}/charts/${entry}/Chart.yaml`)))
						paths.push(`${plainPath(path).replace(/^\.\//, '')}/charts/${entry}`);
		let bad = 0;
		let told = 0;
		for (const path of paths) {
			const found = await lintChart(call, call.files, path, flags.text('namespace') || 'default', values.typed);
			const messages = isFailure(found) ? [] : (found as Exclude<typeof found, Failure>);
			const loud = messages.filter(({ severity }) => severity !== 'INFO');
			if (loud.length > 0) told++;
			if (flags.on('quiet') && loud.length === 0 && !isFailure(found)) continue;
			call.out(`==> Linting ${path}\n`);
			if (isFailure(found)) call.out(`Error ${found.error}\n`);
			for (const message of flags.on('quiet') ? loud : messages) call.out(messageLine(message));
			if (isFailure(found) || loud.some(({ severity }) => severity === 'ERROR' || flags.on('strict'))) bad++;
			call.out('\n');
		}
		const summary = `${paths.length} chart(s) linted, ${bad} chart(s) failed`;
		if (bad > 0) return summary;
		if (!flags.on('quiet') || told > 0) call.out(`${summary}\n`);
		return 0;
	},
};

/** The chart a command is given, or why there is none. */
async function given(run: Run, reference: string): Promise<Chart | string> {
	const local = run.flags.text('repo') === '' ? await loadChart(run.call.files, reference) : undefined;
	if (local) return isFailure(local) ? local.error : local;
	return fetched(run, reference);
}

/** Why a chart of a repository cannot be handed over. */
async function fetched({ call, flags }: Run, reference: string): Promise<string> {
	const known = await findChart(call, reference, { repo: flags.text('repo'), version: flags.text('version') });
	return 'error' in known ? known.error : AS_MANIFESTS;
}

export const packageCommand: Command = {
	name: 'package',
	use: '[CHART_PATH] [...] [flags]',
	short: 'package a chart directory into a chart archive',
	flags: [
		{ name: 'version', type: 'string', usage: 'set the version on the chart to this semver version' },
		{ name: 'app-version', type: 'string', usage: 'set the appVersion on the chart to this version' },
		{ name: 'destination', short: 'd', type: 'string', default: '.', usage: 'location to write the chart.' },
		{
			name: 'dependency-update',
			short: 'u',
			type: 'bool',
			usage: 'update dependencies from "Chart.yaml" to dir "charts/" before packaging',
		},
	],
	run: async ({ args, flags, call }) => {
		if (args.length === 0) return 'need at least one argument, the path to the chart';
		for (const path of args) {
			if ((await call.files.list(path)) === undefined)
				return (await call.files.mode?.(path)) === undefined
					? `stat ${path}: no such file or directory`
					: `${path} is no folder of a chart`;
			const chart = await loadChart(call.files, path);
			if (!chart || isFailure(chart)) return chart?.error ?? 'Chart.yaml file is missing';
			const version = flags.text('version') || String(chart.metadata.version);
			if (!parseVersion(version)) return 'Invalid Semantic Version';
			const metadata = {
				...chart.metadata,
				version,
				...(flags.given('app-version') ? { appVersion: flags.text('app-version') } : {}),
			};
			const lost = (chart.metadata.dependencies ?? [])
				.map(({ name }) => name)
				.filter((name) => !chart.dependencies.some((child) => child.metadata.name === name));
			if (lost.length > 0) return `found in Chart.yaml, but missing in charts/ directory: ${lost.join(', ')}`;
			const files: readonly ChartFile[] = (await filesIn(call.files, plainPath(path))).map((file) =>
				file.name === 'Chart.yaml' ? { ...file, data: new TextEncoder().encode(printYaml(metadata)) } : file,
			);
			const { lab } = call;
			const octets = await pack(chart.metadata.name, files, lab.epoch + lab.now / 1e6);
			const folder = plainPath(flags.text('destination'));
			const file = `${chart.metadata.name}-${version}.tgz`;
			const at = folder === '.' ? file : `${folder}/${file}`;
			await call.files.write(at, octets);
			const full = at.startsWith('/') ? at : `${call.cwd.replace(/\/$/, '')}/${at.replace(/^\.\//, '')}`;
			call.out(`Successfully packaged chart and saved it to: ${full}\n`);
		}
		return 0;
	},
};

const dependencyStatus = async (
	call: Call,
	path: string,
	chart: Chart,
	name: string,
	version: string,
): Promise<string> => {
	const archives = ((await call.files.list(`${path}/charts`)) ?? []).filter(
		(entry) => entry.startsWith(`${name}-`) && entry.endsWith('.tgz'),
	);
	const fits = (of: Chart): boolean =>
		version === '' || satisfies(version, parseVersion(String(of.metadata.version))) === true;
	if (archives.length > 1) return 'too many matches';
	if (archives.length === 1) {
		const inside = await loadChart(call.files, `${path}/charts/${archives[0]}`);
		if (!inside || isFailure(inside)) return 'corrupt';
		if (inside.metadata.name !== name) return 'misnamed';
		return fits(inside) ? 'ok' : 'wrong version';
	}
	const found = chart.dependencies.find((child) => child.metadata.name === name);
	if (!found) return 'missing';
	return fits(found) ? 'unpacked' : 'wrong version';
};

/** `update` and `build`: what is of a folder is packed into charts/; repositories have no charts with files here. */
async function updateDependencies(run: Run): Promise<number | string> {
	const { args, call } = run;
	const path = plainPath(args[0] ?? '.');
	const chart = await loadChart(call.files, path);
	if (!chart || isFailure(chart)) return chart?.error ?? `stat ${path}: no such file or directory`;
	const wanted = chart.metadata.dependencies ?? [];
	if (wanted.length === 0) return 0;
	const remote = wanted.find(({ repository = '' }) => repository !== '' && !repository.startsWith('file://'));
	if (remote)
		return `the simulator’s helm packs charts of folders (repository: file://…) only: ${remote.name} is of ${remote.repository}`;
	const packed: [file: string, octets: Uint8Array][] = [];
	for (const { name, version = '', repository = '' } of wanted) {
		if (repository === '') {
			if (!chart.dependencies.some((child) => child.metadata.name === name))
				return `directory ${path}/charts/${name} not found`;
			continue;
		}
		const at = `${repository.slice('file://'.length).startsWith('/') ? '' : `${path}/`}${plainPath(repository.slice('file://'.length))}`;
		const child = await loadChart(call.files, at);
		if (!child) return `directory ${at} not found`;
		if (isFailure(child)) return child.error;
		if (version !== '' && satisfies(version, parseVersion(String(child.metadata.version))) !== true)
			return `can't get a valid version for dependency ${name}`;
		const { lab } = call;
		packed.push([
			`${child.metadata.name}-${child.metadata.version}.tgz`,
			await pack(child.metadata.name, await filesIn(call.files, at), lab.epoch + lab.now / 1e6),
		]);
	}
	call.out(`Saving ${wanted.length} charts\n`);
	for (const [file, octets] of packed) await call.files.write(`${path}/charts/${file}`, octets);
	call.out('Deleting outdated charts\n');
	const lock = wanted.map(({ name, version = '', repository = '' }) => ({
		name,
		repository,
		version: packed.find(([file]) => file.startsWith(`${name}-`))?.[0].slice(name.length + 1, -4) ?? version,
	}));
	await call.files.write(`${path}/Chart.lock`, printYaml({ dependencies: lock }));
	return 0;
}

export const dependencyCommand: Command = {
	name: 'dependency',
	aliases: ['dep', 'dependencies'],
	short: "manage a chart's dependencies",
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			use: 'CHART [flags]',
			short: 'list the dependencies for the given chart',
			flags: [{ name: 'max-col-width', type: 'int', default: '80', usage: 'maximum column width for output table' }],
			run: async ({ args, call }) => {
				const path = plainPath(args[0] ?? '.').replace(/^\.\//, '');
				const chart = await loadChart(call.files, path);
				if (!chart) return `stat ${path}: no such file or directory`;
				if (isFailure(chart)) return chart.error;
				const wanted = chart.metadata.dependencies;
				if (!wanted) {
					call.out(`WARNING: no dependencies at ${path === '.' ? '' : `${path}/`}charts\n`);
					return 0;
				}
				const rows: string[][] = [];
				for (const { name, version = '', repository = '' } of wanted)
					rows.push([name, version, repository, await dependencyStatus(call, path, chart, name, version)]);
				call.out(`${uitable([['NAME', 'VERSION', 'REPOSITORY', 'STATUS'], ...rows])}\n`);
				for (const child of chart.dependencies)
					if (!wanted.some(({ name }) => name === child.metadata.name))
						call.out(`WARNING: "${path}/charts/${child.metadata.name}" is not in Chart.yaml.\n`);
				return 0;
			},
		},
		{
			name: 'update',
			aliases: ['up'],
			use: 'CHART [flags]',
			short: 'update charts/ based on the contents of Chart.yaml',
			flags: [{ name: 'skip-refresh', type: 'bool', usage: 'do not refresh the local repository cache' }],
			run: updateDependencies,
		},
		{
			name: 'build',
			use: 'CHART [flags]',
			short: 'rebuild the charts/ directory based on the Chart.lock file',
			flags: [{ name: 'skip-refresh', type: 'bool', usage: 'do not refresh the local repository cache' }],
			run: updateDependencies,
		},
	],
};

const README = /^readme(?:\.md|\.txt)?$/i;

function shown(chart: Chart, what: string): string {
	const parts: string[] = [];
	const all = what === 'all';
	if (all || what === 'chart') parts.push(`${printYaml(chart.metadata)}\n`);
	const values = chart.raw.find(({ name }) => name === 'values.yaml');
	if ((all || what === 'values') && values) parts.push(`${all ? '---\n' : ''}${textOf(values)}\n`);
	const readme = chart.files.find(({ name }) => README.test(name));
	if ((all || what === 'readme') && readme) parts.push(`${all ? '---\n' : ''}${textOf(readme)}\n`);
	const resources = all || what === 'crds' ? customResources(chart) : [];
	if (all && resources.length > 0 && !resources[0]!.text.startsWith('---')) parts.push('---\n');
	return parts.join('') + resources.map(({ text }) => `${text}\n`).join('');
}

const show = (name: string, short: string): Command => ({
	name,
	use: '[CHART] [flags]',
	short,
	flags: [...FROM_FLAGS, ...(name === 'values' ? [JSONPATH] : [])],
	run: async (run) => {
		if (run.args.length !== 1) return `"${run.path}" requires 1 argument\n\nUsage:  ${run.path} [CHART] [flags]`;
		if (run.flags.given('jsonpath')) return 'the simulator’s helm does not filter values by --jsonpath';
		const chart = await given(run, run.args[0]!);
		if (typeof chart === 'string') return chart === AS_MANIFESTS && name === 'values' ? CHART_VALUES : chart;
		run.call.out(shown(chart, name));
		return 0;
	},
});

const JSONPATH: Flag = { name: 'jsonpath', type: 'string', usage: 'supply a JSONPath expression to filter the output' };

export const showCommand: Command = {
	name: 'show',
	aliases: ['inspect'],
	short: 'show information of a chart',
	commands: [
		show('all', 'show all information of the chart'),
		show('chart', "show the chart's definition"),
		show('crds', "show the chart's CRDs"),
		show('readme', "show the chart's README"),
		show('values', "show the chart's values"),
	],
};

export const pullCommand: Command = {
	name: 'pull',
	aliases: ['fetch'],
	use: '[chart URL | repo/chartname] [...] [flags]',
	short: 'download a chart from a repository and (optionally) unpack it in local directory',
	flags: [
		...FROM_FLAGS,
		{ name: 'untar', type: 'bool', usage: 'if set to true, will untar the chart after downloading it' },
		{
			name: 'untardir',
			type: 'string',
			default: '.',
			usage: 'if untar is specified, this flag specifies the name of the directory into which the chart is expanded',
		},
		{
			name: 'destination',
			short: 'd',
			type: 'string',
			default: '.',
			usage: 'location to write the chart. If this and untardir are specified, untardir is appended to this',
		},
		{ name: 'prov', type: 'bool', usage: "fetch the provenance file, but don't perform verification" },
	],
	run: async (run) => {
		if (run.args.length === 0)
			return '"helm pull" requires at least 1 argument\n\nUsage:  helm pull [chart URL | repo/chartname] [...] [flags]';
		return fetched(run, run.args[0]!);
	},
};

export const testCommand: Command = {
	name: 'test',
	use: '[RELEASE] [flags]',
	short: 'run tests for a release',
	flags: [
		{
			name: 'timeout',
			type: 'duration',
			default: '5m0s',
			usage: 'time to wait for any individual Kubernetes operation (like Jobs for hooks)',
		},
		{
			name: 'logs',
			type: 'bool',
			usage: 'dump the logs from test pods (this runs after all tests are complete, but before any cleanup)',
		},
		{
			name: 'filter',
			type: 'strings',
			usage:
				'specify tests by attribute (currently "name") using attribute=value syntax or \'!attribute=value\' to exclude a test (can specify multiple or separate values with commas: name=test1,name=test2)',
		},
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, flags, call } = run;
		const [name] = args;
		if (args.length !== 1 || name === undefined)
			return '"helm test" requires 1 argument\n\nUsage:  helm test [RELEASE] [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const release = latest(client.cluster, client.namespace, name);
		if (!release) return 'release: not found';
		const filters = flags.list('filter');
		const yes = filters.filter((text) => text.startsWith('name=')).map((text) => text.slice(5));
		const not = filters.filter((text) => /^!\s?name=/.test(text)).map((text) => text.replace(/^!\s?name=/, ''));
		const { hooks, error } = await runHooks(
			call,
			client,
			release,
			'test',
			flags.duration('timeout') || FIVE_MINUTES,
			(hook) => !not.includes(hook.name) && (yes.length === 0 || yes.includes(hook.name)),
		);
		const after = release.own ? { ...release, own: { ...release.own, hooks } } : release;
		client.cluster.saveRelease(after);
		call.out(status(call.lab, after));
		if (flags.on('logs'))
			for (const hook of hooksOf(after).filter(({ events }) => events.includes('test'))) {
				call.out(`\nPOD LOGS: ${hook.name}\n`);
				await call.runAt(call.place, ['kubectl', 'logs', '-n', client.namespace, hook.name]);
			}
		return error ?? 0;
	},
};
