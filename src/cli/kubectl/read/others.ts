/**
 * `top`, `options`, `completion`, `plugin list`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/{top,options,plugin} @ v0.24.0.
 */
import { UNAVAILABLE } from '../../../sim/api/custom/index.ts';
import { parseSelector } from '../../../sim/api/index.ts';
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { othersOf } from '../aggregated.ts';
import { GLOBAL_FLAGS } from '../global-flags.ts';
import { flagTexts } from '../help.ts';
import { command, fail, KubectlError, local, refuse, usageError } from '../kube.ts';
import { pluginFiles } from '../plugins.ts';

/** There is no metrics server; kubectl asks for the group's API, after its flags, and says so. */
const noMetrics = (use: string) =>
	command(async (kube) => {
		const { args, flags } = kube.run;
		if (args.length > 1) return usageError(kube.run, use);
		const sort = flags.text('sort-by');
		if (sort !== '' && sort !== 'cpu' && sort !== 'memory') return fail('--sort-by accepts only cpu or memory');
		if (args.length > 0 && (flags.text('selector') || flags.text('field-selector')))
			return fail('only one of NAME or selector can be provided');
		const label = parseSelector(flags.text('selector'));
		if (label.error !== undefined) return fail(label.error);
		const api = othersOf(kube).find(({ group }) => group === 'metrics.k8s.io');
		if (api?.version !== 'v1beta1') return fail('Metrics API not available');
		const asked = `get ${use.startsWith('node') ? 'nodes' : 'pods'}.metrics.k8s.io${args[0] === undefined ? '' : ` ${args[0]}`}`;
		if (api.available !== true)
			return refuse({ code: 503, reason: 'ServiceUnavailable', message: `${UNAVAILABLE} (${asked})` });
		return refuse({
			code: 501,
			reason: 'NotImplemented',
			message: 'the simulator does not hand requests for metrics.k8s.io/v1beta1 on to the service of its APIService',
		});
	});

const TOP_FLAGS: readonly Flag[] = [
	{
		name: 'selector',
		short: 'l',
		type: 'string',
		usage: "Selector (label query) to filter on, supports '=', '==', and '!='.(e.g. -l key1=value1,key2=value2)",
	},
	{
		name: 'sort-by',
		type: 'string',
		usage: "If non-empty, sort list using specified field. The field can be either 'cpu' or 'memory'.",
	},
	{ name: 'no-headers', type: 'bool', usage: 'If present, print output without headers' },
	{
		name: 'use-protocol-buffers',
		type: 'bool',
		default: 'true',
		usage: 'Enables using protocol-buffers to access Metrics API.',
	},
];

export const topCommand: Command = {
	name: 'top',
	short: 'Display resource (CPU/memory) usage',
	long: 'Display Resource (CPU/Memory) usage.\n\n The top command allows you to see the resource consumption for nodes or pods.\n\n This command requires Metrics Server to be correctly configured and working on the server.',
	commands: [
		{
			name: 'node',
			aliases: ['nodes', 'no'],
			use: '[NAME | -l label]',
			short: 'Display resource (CPU/memory) usage of nodes',
			flags: [
				...TOP_FLAGS,
				{
					name: 'show-capacity',
					type: 'bool',
					usage: 'Print node resources based on Capacity instead of Allocatable(default) of the nodes.',
				},
			],
			run: noMetrics('node [NAME | -l label]'),
		},
		{
			name: 'pod',
			aliases: ['pods', 'po'],
			use: '[NAME | -l label]',
			short: 'Display resource (CPU/memory) usage of pods',
			flags: [
				...TOP_FLAGS,
				{
					name: 'field-selector',
					type: 'string',
					usage:
						"Selector (field query) to filter on, supports '=', '==', and '!='.(e.g. --field-selector key1=value1,key2=value2). The server only supports a limited number of field queries per type.",
				},
				{ name: 'sum', type: 'bool', usage: 'Print the sum of the resource usage' },
				{ name: 'containers', type: 'bool', usage: 'If present, print usage of containers within a pod.' },
				{
					name: 'all-namespaces',
					short: 'A',
					type: 'bool',
					usage: 'If present, list the requested object(s) across all namespaces.',
				},
			],
			run: noMetrics('pod [NAME | -l label]'),
		},
	],
};

async function options(run: Run): Promise<undefined> {
	run.call.out(`The following options can be passed to any command:\n\n${flagTexts(GLOBAL_FLAGS)}`);
}

export const optionsCommand: Command = {
	name: 'options',
	short: 'Print the list of flags inherited by all commands',
	long: 'Print the list of flags inherited by all commands',
	run: local(options),
};

export const completionCommand: Command = {
	name: 'completion',
	use: 'SHELL',
	short: 'Output shell completion code for the specified shell (bash, zsh, fish, or powershell)',
	run: local(async ({ args, call }) => {
		const shells = ['bash', 'fish', 'powershell', 'zsh'];
		if (args.length === 0)
			throw new KubectlError("error: Shell not specified.\nSee 'kubectl completion -h' for help and examples");
		if (args.length > 1)
			throw new KubectlError(
				"error: Too many arguments. Expected only the shell type.\nSee 'kubectl completion -h' for help and examples",
			);
		if (!shells.includes(args[0]!))
			throw new KubectlError(
				`error: Unsupported shell type ${JSON.stringify(args[0])}.\nSee 'kubectl completion -h' for help and examples`,
			);
		// What the script would set up is there: this terminal completes kubectl's words by itself.
		call.out(
			`# ${args[0]} completion for kubectl\n# This terminal completes kubectl's commands, names and flags with the Tab key as it is: nothing is to be set up.\n`,
		);
		return 0;
	}),
};

async function pluginList(run: Run): Promise<number> {
	const { call, flags } = run;
	const found = await pluginFiles(call);
	if (found.length === 0) return fail('unable to find any kubectl plugins in your PATH');
	call.out('The following compatible plugins are available:\n\n');
	for (const path of found) call.out(`${flags.on('name-only') ? path.slice(path.lastIndexOf('/') + 1) : path}\n`);
	return 0;
}

export const pluginCommand: Command = {
	name: 'plugin',
	short: 'Provides utilities for interacting with plugins',
	long: 'Provides utilities for interacting with plugins.\n\n Plugins provide extended functionality that is not part of the major command-line distribution. Please refer to the documentation and examples for more information about how write your own plugins.\n\n The easiest way to discover and install plugins is via the kubernetes sub-project krew. To install krew, visit https://krew.sigs.k8s.io/docs/user-guide/setup/install/ krew.sigs.k8s.io https://krew.sigs.k8s.io/docs/user-guide/setup/install/',
	commands: [
		{
			name: 'list',
			short: "List all visible plugin executables on a user's PATH",
			flags: [
				{
					name: 'name-only',
					type: 'bool',
					usage: 'If true, display only the binary name of each plugin, rather than its full path',
				},
			],
			run: local(pluginList),
		},
	],
};
