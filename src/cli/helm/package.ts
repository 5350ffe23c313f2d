/** `helm package`: a folder of a chart becomes an archive (helm cmd/helm/package.go @ v3.9.4). */
import type { Command } from '../cobra/index.ts';
import { printYaml } from '../kube/index.ts';
import { type ChartFile, pack } from './chart/archive.ts';
import { filesIn, isFailure, loadChart } from './chart/load.ts';
import { parseVersion } from './chart/semver.ts';
import { plainPath } from './chart-flags.ts';

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
