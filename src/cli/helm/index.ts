/** helm 3.9, over the releases of the lab's clusters. */
import { loadControllers } from '../../sim/lab/index.ts';
import { type Command, completeCommand, type Manner, runCommand } from '../cobra/index.ts';
import type { Call, Tool } from '../tool.ts';
import { repoCommand, searchCommand } from './charts.ts';
import { dependencyCommand } from './dependency.ts';
import { flagLacking } from './flags-lacking.ts';
import { installCommand } from './install.ts';
import { createCommand, lintCommand } from './of-charts.ts';
import { otherCommands } from './others.ts';
import { packageCommand } from './package.ts';
import { getCommand, historyCommand, listCommand, statusCommand, versionCommand } from './query.ts';
import { testCommand } from './release-test.ts';
import { rollbackCommand } from './rollback.ts';
import { pullCommand, showCommand } from './show.ts';
import { templateCommand } from './template.ts';
import { uninstallCommand } from './uninstall.ts';
import { upgradeCommand } from './upgrade.ts';

const ROOT: Command = {
	name: 'helm',
	short: 'The Kubernetes package manager',
	global: [
		{ name: 'namespace', short: 'n', type: 'string', usage: 'namespace scope for this request' },
		{ name: 'kube-context', type: 'string', usage: 'name of the kubeconfig context to use' },
		{ name: 'kubeconfig', type: 'string', usage: 'path to the kubeconfig file' },
		{ name: 'debug', type: 'bool', usage: 'enable verbose output' },
	],
	commands: [
		createCommand,
		dependencyCommand,
		getCommand,
		historyCommand,
		installCommand,
		lintCommand,
		listCommand,
		packageCommand,
		pullCommand,
		repoCommand,
		rollbackCommand,
		searchCommand,
		showCommand,
		statusCommand,
		templateCommand,
		testCommand,
		uninstallCommand,
		upgradeCommand,
		versionCommand,
		...otherCommands,
	].sort((a, b) => (a.name < b.name ? -1 : 1)),
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word, near) =>
		`Error: unknown command "${word}" for "${path}"\n${near.length > 0 ? `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}\n` : ''}Run '${path} --help' for usage.\n`,
	flagError: (path, message) => `Error: ${flagLacking(path, message) ?? message}\n`,
	lenient: true,
	failure: (message) => `Error: ${message}\n`,
};

/** Variables that stand for global flags, which are taken over them (pkg/cli/environment.go New()). */
const VARIABLES = { HELM_NAMESPACE: 'namespace', HELM_KUBECONTEXT: 'kube-context' } as const;

function withEnvironment(call: Call): Call {
	const given = Object.entries(VARIABLES).flatMap(([name, flag]) => {
		const value = call.env.get(name);
		return value ? [`--${flag}=${value}`] : [];
	});
	if (/^(?:1|t|true)$/i.test(call.env.get('HELM_DEBUG') ?? '')) given.push('--debug');
	return given.length === 0 ? call : Object.create(call, { args: { value: [...given, ...call.args] } });
}

export const tools: readonly Tool[] = [
	{
		name: 'helm',
		at: (place) => place.kind === 'laptop',
		run: async (call) => {
			// A chart may bring Jobs and budgets.
			await loadControllers();
			return runCommand(ROOT, MANNER, withEnvironment(call));
		},
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];

export { applyManifests, checkManifests, removeManifests } from './apply.ts';
export { tellLacking } from './lacking.ts';
export { manifestText } from './print.ts';
export { readValues } from './values.ts';
