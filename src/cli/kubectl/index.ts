/**
 * kubectl, over the API servers of the lab's clusters.
 *
 * Source of its words: kubernetes staging/src/k8s.io/kubectl @ v0.24.0.
 */
import { loadForPeople } from '../../sim/api/index.ts';
import { loadControllers } from '../../sim/lab/index.ts';
import { type Command, completeCommand, type Manner, runCommand } from '../cobra/index.ts';
import { loadWebhookCalls } from '../linux/webhook-later.ts';
import { kubectlAt } from '../places.ts';
import type { Call, Tool } from '../tool.ts';
import { forwardCommands } from './forward/index.ts';
import { GLOBAL_FLAGS } from './global-flags.ts';
import { kubectlHelp } from './help.ts';
import { runPlugin } from './plugins.ts';
import { readCommands } from './read/index.ts';
import { writeCommands } from './write/index.ts';

const ROOT: Command = {
	name: 'kubectl',
	short: 'kubectl controls the Kubernetes cluster manager.',
	long: 'kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/overview/',
	global: GLOBAL_FLAGS,
	commands: [...readCommands, ...writeCommands, ...forwardCommands].sort((a, b) => (a.name < b.name ? -1 : 1)),
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word, near) =>
		path === ROOT.name
			? `error: unknown command "${word}" for "${path}"\n${near.length > 0 ? `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : ''}`
			: `error: unknown command "${word}"\nSee '${path} -h' for help and examples\n`,
	flagError: (path, message) => `error: ${message}\nSee '${path} --help' for usage.\n`,
	failure: (message) => `error: ${message}\n`,
	help: kubectlHelp,
	helpTopic: (words) =>
		`Unknown help topic [${words.map((word) => `\`${word}\``).join(' ')}]\n\n\n${kubectlHelp({ ...ROOT, long: ' ' }, ROOT.name).trimStart()}`,
	// pkg/cmd/util/helpers.go DefaultSubCommandRun: help, and a failure; on which stream is each command's own.
	alone: (path) => {
		const [, name = ''] = path.split(' ');
		return { code: ['', 'certificate'].includes(name) ? 0 : 1, stderr: !['', 'certificate', 'rollout'].includes(name) };
	},
};

/** Commands that change something. */
const CHANGES = new Set(
	'annotate apply autoscale certificate cordon create delete drain edit expose label patch reconcile replace rollout run scale set taint uncordon wait'.split(
		' ',
	),
);
/** What may set up a webhook, or meets one. */
function asksWebhooks({ args, lab }: Call): boolean {
	if (args.some((word) => SETS_UP.has(word))) return true;
	return lab.clusters().some(({ api }) => HOOKS.some((plural) => api.list(api.find(plural)!).length > 0));
}
const SETS_UP = new Set('apply create edit patch replace'.split(' '));
const HOOKS = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

/** Plugins stand for what kubectl has no command for; they take the place of none it has. */
const isKnown = ([word = '-']: readonly string[]): boolean =>
	word.startsWith('-') ||
	word === 'help' ||
	ROOT.commands!.some(({ name, aliases = [] }) => name === word || aliases.includes(word));

/** A program takes a moment to end, and a controller less than that to see what it did. */
const MOMENT = 60_000;

/** Before the next command controllers have begun with what this one asked for. */
async function settled(call: Call, run: Promise<number>): Promise<number> {
	const code = await run;
	if (code === 0 && call.args.some((word) => CHANGES.has(word))) await call.sleep(MOMENT);
	return code;
}

export const tools: readonly Tool[] = [
	{
		name: 'kubectl',
		aliases: ['k'],
		at: kubectlAt,
		run: async (call) => {
			// Definitions of one's own come through here, and nowhere else.
			await loadForPeople();
			await loadControllers();
			// Whom admission asks is asked over the network.
			if (asksWebhooks(call)) await loadWebhookCalls();
			const plugin = isKnown(call.args) ? undefined : await runPlugin(call);
			return plugin ?? settled(call, runCommand(ROOT, MANNER, call));
		},
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
