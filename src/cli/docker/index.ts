/**
 * docker: the containers of the learner's machine.
 *
 * Source: docker/cli cli/command/{container,image,network,system} @ v20.10.
 */
import { type Command, completeCommand, type Manner, type Run, runCommand } from '../cobra/index.ts';
import type { Tool } from '../tool.ts';
import { diff, pause, rename, unpause, update } from './change.ts';
import { attach, kill, ps, restart, rm, start, stop, wait } from './containers.ts';
import { events } from './events.ts';
import { history, images, pull, rmi, tag } from './images.ts';
import { copy, exec } from './into.ts';
import { logs } from './logs.ts';
import { inspect, network } from './networks.ts';
import { refusalOf } from './refused.ts';
import { create, runCommandOf } from './run.ts';
import { port, stats, top } from './stats.ts';
import { pruneOfContainers, pruneOfImages, system, volume } from './volumes.ts';
import { running } from './words.ts';

/** What the daemon says of itself, as far as the lab knows. */
async function info({ call }: Run): Promise<number> {
	const { docker } = call.lab;
	const containers = docker.containers();
	const running = containers.filter((c) => c.state === 'running').length;
	const paused = containers.filter((c) => c.paused).length;
	call.out(
		`Client:\n Context:    default\n Debug Mode: false\n\nServer:\n Containers: ${containers.length}\n  Running: ${running - paused}\n  Paused: ${paused}\n  Stopped: ${containers.length - running}\n Images: ${docker.images().length}\n Server Version: 20.10.17\n Storage Driver: overlay2\n Cgroup Driver: systemd\n Cgroup Version: 2\n Name: laptop\n OSType: linux\n Architecture: x86_64\n`,
	);
	return 0;
}

const ROOT: Command = {
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
				inspect,
				logs,
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
		{
			name: 'cp',
			use: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-',
			short: 'Copy files/folders between a container and the local filesystem',
			run: copy,
		},
		{
			name: 'exec',
			use: '[OPTIONS] CONTAINER COMMAND [ARG...]',
			short: 'Run a command in a running container',
			stopAtArgument: true,
			flags: [
				{ name: 'interactive', short: 'i', type: 'bool', usage: 'Keep STDIN open even if not attached' },
				{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a pseudo-TTY' },
				{ name: 'detach', short: 'd', type: 'bool', usage: 'Detached mode: run command in the background' },
				{ name: 'env', short: 'e', type: 'array', usage: 'Set environment variables' },
				{ name: 'privileged', type: 'bool', usage: 'Give extended privileges to the command' },
				{ name: 'user', short: 'u', type: 'string', usage: 'Username or UID' },
				{ name: 'workdir', short: 'w', type: 'string', usage: 'Working directory inside the container' },
			],
			complete: (args, at) => (args.every((arg) => arg.startsWith('-')) ? running(at) : []),
			run: exec,
		},
		{
			name: 'image',
			short: 'Manage images',
			commands: [
				history,
				{ ...images, name: 'ls', aliases: ['list'] },
				pull,
				inspect,
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
		system(info),
		tag,
		unpause,
		update,
		volume,
		{
			name: 'info',
			short: 'Display system-wide information',
			run: info,
		},
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
		{
			name: 'version',
			short: 'Show the Docker version information',
			run: async ({ call }) => {
				call.out(
					'Client: Docker Engine - Community\n Version:           20.10.17\n API version:       1.41\n OS/Arch:           linux/amd64\n',
				);
				return 0;
			},
		},
	],
};

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
			const refused = refusalOf(call.args);
			if (refused === undefined) return runCommand(ROOT, MANNER, call);
			call.err(`${refused}\n`);
			return 1;
		},
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
