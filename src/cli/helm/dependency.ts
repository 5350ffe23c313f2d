/** `helm dependency`: charts in a chart (helm cmd/helm/dependency*.go @ v3.9.4). */
import { hex, sha256 } from '../../sim/trace/index.ts';
import { utf8 } from '../../sim/wire/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import { printYaml } from '../kube/index.ts';
import type { Call } from '../tool.ts';
import { pack } from './chart/archive.ts';
import { type Chart, filesIn, isFailure, loadChart, readTable } from './chart/load.ts';
import { parseVersion, satisfies } from './chart/semver.ts';
import { plainPath } from './chart-flags.ts';
import { jsonTime, uitable } from './print.ts';
import { readRepositories, refresh } from './repositories.ts';

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

type Locked = { readonly name: string; readonly version: string; readonly repository: string };

/** What a lock says of what it was made for: a digest of what was asked and found (internal/resolver/resolver.go HashReq()). */
function digestOf(asked: readonly Readonly<Record<string, unknown>>[], found: readonly Locked[]): string {
	const keys = ['name', 'version', 'repository', 'condition', 'tags', 'enabled', 'import-values', 'alias'];
	const written = (one: Readonly<Record<string, unknown>>): unknown =>
		Object.fromEntries(
			keys.flatMap((key) => {
				const value = one[key] ?? '';
				const empty = value === '' || value === false || (Array.isArray(value) && value.length === 0);
				return empty && key !== 'name' && key !== 'repository' ? [] : [[key, value]];
			}),
		);
	const text = JSON.stringify([asked.map(written), found.map(written)]);
	const html = text.replace(/[<>&]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
	return `sha256:${hex(sha256(utf8(html)))}`;
}

/** The lock of a chart, where it has one. */
async function lockOf(call: Call, path: string): Promise<{ digest?: unknown; dependencies?: unknown } | undefined> {
	const text = await call.files.read(`${path}/Chart.lock`);
	if (text === undefined) return undefined;
	const table = readTable(text);
	return isFailure(table) ? {} : table;
}

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
	const before = await lockOf(call, path);
	if (run.path.endsWith('build') && before) {
		const old = Array.isArray(before.dependencies) ? (before.dependencies as Locked[]) : [];
		if (digestOf(wanted as never, old) !== before.digest)
			return 'the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies';
	}
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
	const repositories = await readRepositories(call);
	if (repositories.length > 0 && !run.flags.on('skip-refresh')) await refresh(call, repositories);
	call.out(`Saving ${wanted.length} charts\n`);
	for (const { name, repository = '' } of wanted)
		if (repository === '')
			call.out(`Dependency ${name} did not declare a repository. Assuming it exists in the charts directory\n`);
	for (const [file, octets] of packed) await call.files.write(`${path}/charts/${file}`, octets);
	call.out('Deleting outdated charts\n');
	const lock = wanted.map(({ name, version = '', repository = '' }) => ({
		name,
		repository,
		version: packed.find(([file]) => file.startsWith(`${name}-`))?.[0].slice(name.length + 1, -4) ?? version,
	}));
	// A lock that says the same stays as it was made.
	const digest = digestOf(wanted as never, lock);
	if (before?.digest !== digest)
		await call.files.write(
			`${path}/Chart.lock`,
			printYaml({ dependencies: lock, digest, generated: jsonTime(call.lab, call.lab.now) }),
		);
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
