/** `helm template`. Source: helm cmd/helm/template.go @ v3.9.4. */
import type { Command, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { type Chart, isFailure } from './chart/load.ts';
import { type Piece, sourceText } from './chart/manifests.ts';
import { customResources, renderChart } from './chart/render.ts';
import { tellLacking } from './lacking.ts';
import { installable } from './own.ts';
import { manifestText } from './print.ts';
import { checkName, clientOf, render, requestOf } from './release.ts';
import { VALUE_FLAGS, WAIT_FLAGS, type Wanted, wanted } from './wanted.ts';

const kubeVersion = (text: string): string => (text.startsWith('v') ? text : `v${text}`);

/** `templates/*.yaml` as a pattern of a path without its chart. */
const matcher = (pattern: string): RegExp =>
	new RegExp(
		`^${pattern
			.replace(/[.+^${}()|[\]\\]/g, '\\$&')
			.replace(/\*/g, '[^/]*')
			.replace(/\?/g, '[^/]')}$`,
	);

/** All files as they came out, where one is no YAML (pkg/action/action.go renderResources()); there in no order. */
const blob = (files: ReadonlyMap<string, string>): string =>
	[...files]
		.filter(([, text]) => text.trim() !== '')
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([path, text]) => `---\n# Source: ${path}\n${text}\n`)
		.join('')
		.trim();

async function own(run: Run, want: Wanted, chart: Chart): Promise<number | string> {
	const { flags, call } = run;
	const client = flags.on('validate') ? await clientOf(run) : undefined;
	if (typeof client === 'string') return client;
	const result = renderChart(call, chart, {
		name: want.name,
		namespace: flags.text('namespace') || 'default',
		revision: 1,
		upgrade: flags.on('is-upgrade'),
		values: want.own!.typed,
		kubernetes: client ? client.api.version : kubeVersion(flags.text('kube-version')),
		apis: flags.list('api-versions'),
		...(client ? { api: client.api } : {}),
		broken: (files) => {
			if (flags.on('debug')) call.out(`${blob(files)}\n`);
		},
	});
	if (isFailure(result)) {
		const hint = flags.on('debug') ? '' : '\n\nUse --debug flag to render out invalid YAML';
		return /^YAML parse error/.test(result.error) ? `${result.error}${hint}` : result.error;
	}
	const hooks = flags.on('no-hooks')
		? []
		: result.hooks.filter((hook) => !(flags.on('skip-tests') && hook.events.includes('test')));
	const all: readonly Pick<Piece, 'path' | 'text'>[] = [
		...(flags.on('include-crds') ? customResources(chart) : []),
		...result.manifests,
		...hooks,
	];
	const only = flags.list('show-only');
	for (const pattern of only) {
		const test = matcher(pattern);
		if (!all.some(({ path }) => test.test(path.replace(/^[^/]*\//, ''))))
			return `could not find template ${pattern} in chart`;
	}
	const shown =
		only.length === 0
			? all
			: only.flatMap((pattern) => all.filter(({ path }) => matcher(pattern).test(path.replace(/^[^/]*\//, ''))));
	const folder = flags.text('output-dir');
	if (folder === '') {
		call.out(sourceText(shown));
		return 0;
	}
	const texts = new Map<string, string>();
	for (const piece of shown) {
		const path = `${folder}/${flags.on('release-name') ? `${want.name}/` : ''}${piece.path}`;
		texts.set(path, (texts.get(path) ?? '') + sourceText([piece]));
	}
	for (const [path, text] of texts) {
		await call.files.write(path, text);
		call.out(`wrote ${path}\n`);
	}
	return 0;
}

export const templateCommand: Command = {
	name: 'template',
	use: '[NAME] [CHART] [flags]',
	short: 'locally render templates',
	flags: [
		...VALUE_FLAGS,
		...WAIT_FLAGS.filter(({ name }) => name !== 'force' && name !== 'cleanup-on-fail'),
		{
			name: 'kube-version',
			type: 'string',
			default: 'v1.24.0',
			usage: 'Kubernetes version used for Capabilities.KubeVersion',
		},
		{
			name: 'api-versions',
			short: 'a',
			type: 'array',
			usage: 'Kubernetes api versions used for Capabilities.APIVersions',
		},
		{ name: 'show-only', short: 's', type: 'array', usage: 'only show manifests rendered from the given templates' },
		{
			name: 'output-dir',
			type: 'string',
			usage: 'writes the executed templates to files in output-dir instead of stdout',
		},
		{ name: 'include-crds', type: 'bool', usage: 'include CRDs in the templated output' },
		{ name: 'skip-tests', type: 'bool', usage: 'skip tests from templated output' },
		{ name: 'is-upgrade', type: 'bool', usage: 'set .Release.IsUpgrade instead of .Release.IsInstall' },
		{ name: 'release-name', type: 'bool', usage: 'use release name in the output-dir path.' },
		{
			name: 'validate',
			type: 'bool',
			usage:
				'validate your manifests against the Kubernetes cluster you are currently pointing at. This is the same validation performed on an install',
		},
		{ name: 'generate-name', short: 'g', type: 'bool', usage: 'generate the name (and omit the NAME parameter)' },
	],
	run: async (run) => {
		const { args, flags, call } = run;
		if (args.length === 0)
			return '"helm template" requires at least 1 argument\n\nUsage:  helm template [NAME] [CHART] [flags]';
		const name = args.length > 1 ? args[0]! : 'release-name';
		const want = await wanted(run, name, args.at(-1)!);
		if (typeof want === 'string') return want;
		const not = want.own && installable(want.own.chart);
		if (not) return not;
		const bad = checkName(name);
		if (bad) return `release name ${JSON.stringify(name)}: ${bad}`;
		if (want.own) return own(run, want, want.own.chart);
		const given = [
			'show-only',
			'output-dir',
			'include-crds',
			'skip-tests',
			'is-upgrade',
			'api-versions',
			'validate',
		].find((flag) => flags.given(flag));
		if (given)
			return `the simulator has the chart "cilium" as manifests, not as templates: --${given} is for charts of one’s own`;
		const client = {
			namespace: flags.text('namespace') || 'default',
			api: { version: kubeVersion(flags.text('kube-version')) },
		} as Client;
		const rendered = render(client, want);
		if ('error' in rendered) return rendered.error;
		tellLacking(call, requestOf(client, want));
		call.out(manifestText(want.chart, rendered.manifests));
		return 0;
	},
};
