/**
 * docker: the containers of the learner's machine.
 *
 * Source: docker/cli cli/command/{container,image,network,system} @ v20.10.
 */
import { type Command, completeCommand, type Manner, parseFlags, runCommand } from '../cobra/index.ts';
import type { Tool } from '../tool.ts';
import { diff, pause, rename, unpause, update } from './change.ts';
import { attach, kill, restart, rm, start, stop, wait } from './containers.ts';
import { events } from './events.ts';
import { GLOBAL_FLAGS, withAllFlags } from './flags.ts';
import { history, images, pull, rmi, tag } from './images.ts';
import { info, SHORT_VERSION, version } from './info.ts';
import { inspect, inspectContainers, inspectImages } from './inspect.ts';
import { logs } from './logs.ts';
import { network } from './networks.ts';
import { pruneOfContainers, pruneOfImages } from './prune.ts';
import { ps } from './ps.ts';
import { refusalOf, whyNot } from './refused.ts';
import { create, runCommandOf } from './run.ts';
import { port, stats, top } from './stats.ts';
import { system } from './system.ts';
import { volume } from './volumes.ts';
import { running } from './words.ts';

const cp: Command = {
	name: 'cp',
	use: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-',
	short: 'Copy files/folders between a container and the local filesystem',
	run: async (given) => (await import('./into.ts')).copy(given),
};

const execute: Command = {
	name: 'exec',
	use: '[OPTIONS] CONTAINER COMMAND [ARG...]',
	short: 'Run a command in a running container',
	stopAtArgument: true,
	flags: [
		{ name: 'interactive', short: 'i', type: 'bool', usage: 'Keep STDIN open even if not attached' },
		{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a pseudo-TTY' },
		{ name: 'detach', short: 'd', type: 'bool', usage: 'Detached mode: run command in the background' },
		{ name: 'env', short: 'e', type: 'array', usage: 'Set environment variables' },
		{ name: 'env-file', type: 'array', usage: 'Read in a file of environment variables' },
		{ name: 'privileged', type: 'bool', usage: 'Give extended privileges to the command' },
		{ name: 'user', short: 'u', type: 'string', usage: 'Username or UID' },
		{ name: 'workdir', short: 'w', type: 'string', usage: 'Working directory inside the container' },
	],
	complete: (args, at) => (args.every((arg) => arg.startsWith('-')) ? running(at) : []),
	run: async (given) => (await import('./into.ts')).exec(given),
};

const PLAIN: Command = {
	name: 'docker',
	short: 'A self-sufficient runtime for containers',
	commands: [
		attach,
		{
			name: 'container',
			short: 'Manage containers',
			commands: [
				{ ...ps, name: 'ls', aliases: ['ps', 'list'] },
				stop,
				start,
				restart,
				rm,
				inspectContainers,
				logs,
				cp,
				execute,
				port,
				runCommandOf,
				stats,
				top,
				attach,
				kill,
				wait,
				create,
				diff,
				pause,
				unpause,
				rename,
				update,
				pruneOfContainers,
			],
		},
		cp,
		execute,
		{
			name: 'image',
			short: 'Manage images',
			commands: [
				history,
				{ ...images, name: 'ls', aliases: ['list'] },
				pull,
				inspectImages,
				{ ...rmi, name: 'rm', aliases: ['remove'] },
				pruneOfImages,
				tag,
			],
		},
		create,
		diff,
		events,
		history,
		images,
		pause,
		rename,
		system(info.run, info.flags),
		tag,
		unpause,
		update,
		volume,
		info,
		inspect,
		kill,
		logs,
		network,
		ps,
		pull,
		port,
		restart,
		rm,
		rmi,
		runCommandOf,
		start,
		stats,
		stop,
		top,
		wait,
		version,
	],
};

const ROOT: Command = withAllFlags(PLAIN, whyNot);

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word) =>
		path === 'docker'
			? `docker: '${word}' is not a docker command.\nSee 'docker --help'\n`
			: `\nUsage:  ${path} COMMAND\n\nunknown command "${word}" for "${path}"\n`,
	flagError: (path, message) => `${message}\nSee '${path} --help'.\n`,
	failure: (message) => `${message}\n`,
};

export const tools: readonly Tool[] = [
	{
		name: 'docker',
		at: (place) => place.kind === 'laptop',
		async run(call) {
			// Docker's own options stand before the command.
			const before = parseFlags(call.args, GLOBAL_FLAGS, { interspersed: false });
			if ('error' in before) return runCommand(ROOT, MANNER, call);
			if (before.values.on('version')) {
				call.out(SHORT_VERSION);
				return 0;
			}
			const { args } = before;
			const refused =
				refusalOf(args) ??
				GLOBAL_FLAGS.filter(({ name }) => before.values.given(name) && name !== 'debug' && name !== 'log-level').map(
					({ name }) => `docker --${name}: ${whyNot(name) ?? 'the simulator has one Docker, the laptop’s own'}`,
				)[0];
			if (refused === undefined || (before.values.text('context') === 'default' && !refusalOf(args)))
				return runCommand(ROOT, MANNER, { ...call, args });
			call.err(`${refused}\n`);
			return 1;
		},
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
