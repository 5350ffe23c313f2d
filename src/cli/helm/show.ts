/** `helm show` and `helm pull`: what is in a chart (helm cmd/helm/{show,pull}.go @ v3.9.4). */
import type { Command, Flag, Run } from '../cobra/index.ts';
import { printYaml } from '../kube/index.ts';
import { type Chart, isFailure, loadChart, textOf } from './chart/load.ts';
import { customResources } from './chart/render.ts';
import { FROM_FLAGS } from './chart-flags.ts';
import { CHART_VALUES } from './charts.ts';
import { findChart } from './repositories.ts';

const AS_MANIFESTS = 'the simulator has the chart "cilium" as manifests: there are no files of it to work on';

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
