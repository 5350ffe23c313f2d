/**
 * kubectl, over the API servers of the lab's clusters.
 *
 * Source of its words: kubernetes staging/src/k8s.io/kubectl @ v0.24.0.
 */
import { type Command, completeCommand, type Manner, runCommand } from '../cobra/index.ts';
import type { Tool } from '../tool.ts';
import { kubectlHelp } from './help.ts';
import { GLOBAL_FLAGS } from './kube.ts';
import { readCommands } from './read/index.ts';
import { writeCommands } from './write/index.ts';

const ROOT: Command = {
	name: 'kubectl',
	short: 'kubectl controls the Kubernetes cluster manager.',
	long: 'kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/overview/',
	global: GLOBAL_FLAGS,
	commands: [...readCommands, ...writeCommands].sort((a, b) => (a.name < b.name ? -1 : 1)),
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word, near) =>
		`error: unknown command "${word}" for "${path}"\n${near.length > 0 ? `\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : ''}`,
	flagError: (path, message) => `error: ${message}\nSee '${path} --help' for usage.\n`,
	failure: (message) => `error: ${message}\n`,
	help: kubectlHelp,
};

export const tools: readonly Tool[] = [
	{
		name: 'kubectl',
		aliases: ['k'],
		at: (place) => place.kind === 'laptop',
		run: (call) => runCommand(ROOT, MANNER, call),
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
