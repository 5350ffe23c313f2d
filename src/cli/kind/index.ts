/**
 * kind: clusters as Docker containers. What it does is `lab.kind`; this is what it says.
 *
 * Source: kind pkg/cmd/kind, pkg/cluster/internal/create/create.go, pkg/internal/cli/{logger,spinner,status}.go @ v0.14.0.
 * All but the answers of `get` goes to standard error.
 */
import { type Command, completeCommand, type Flag, type Manner, type Run, runCommand } from '../cobra/index.ts';
import { type KubeConfig, printKubeconfig } from '../kube/index.ts';
import type { Call, Tool } from '../tool.ts';
import { create, merge, remove } from './clusters.ts';
import { buildNodeImage, loadArchive, loadDockerImage } from './images.ts';
import { exportLogs } from './logs.ts';

export { type KindFile, type KindFileError, readKindFile } from './config-file.ts';

const NAME: Flag = { name: 'name', short: 'n', type: 'string', usage: 'the cluster name', default: 'kind' };
const KUBECONFIG: Flag = {
	name: 'kubeconfig',
	type: 'string',
	usage: 'sets kubeconfig path instead of $KUBECONFIG or $HOME/.kube/config',
};

const clusterNames = (at: Pick<Run['call'], 'lab'>): readonly string[] => at.lab.kind.clusters();

const ROOT: Command = {
	name: 'kind',
	short: 'kind is a tool for managing local Kubernetes clusters',
	long: "kind creates and manages local Kubernetes clusters using Docker container 'nodes'",
	global: [
		{
			name: 'verbosity',
			short: 'v',
			type: 'int',
			default: '0',
			usage: 'info log verbosity, higher value produces more output',
		},
		{ name: 'quiet', short: 'q', type: 'bool', usage: 'silence all stderr output' },
	],
	commands: [
		{
			name: 'build',
			short: 'Build one of [node-image]',
			long: 'Build one of [node-image]',
			commands: [
				{
					name: 'node-image',
					use: '[kubernetes-source]',
					short: 'Build the node image',
					long: 'Build the node image which contains Kubernetes build artifacts and other kind requirements',
					flags: [
						{
							name: 'arch',
							type: 'string',
							usage: 'architecture to build for, defaults to the host architecture',
						},
						{ name: 'base-image', type: 'string', usage: 'name:tag of the base image to use for the build' },
						{
							name: 'image',
							type: 'string',
							usage: 'name:tag of the resulting image to be built',
							default: 'kindest/node:latest',
						},
						{
							name: 'kube-root',
							type: 'string',
							usage:
								'DEPRECATED: please switch to just the argument. Path to the Kubernetes source directory (if empty, the path is autodetected)',
						},
						{ name: 'type', type: 'string', usage: 'build type, default is docker', default: 'docker' },
					],
					run: buildNodeImage,
				},
			],
		},
		{
			name: 'create',
			short: 'Creates one of [cluster]',
			commands: [
				{
					name: 'cluster',
					short: 'Creates a local Kubernetes cluster',
					flags: [
						{ ...NAME, usage: 'cluster name, overrides KIND_CLUSTER_NAME, config (default kind)', default: '' },
						{ name: 'config', type: 'string', usage: 'path to a kind config file' },
						{ name: 'image', type: 'string', usage: 'node docker image to use for booting the cluster' },
						{ name: 'retain', type: 'bool', usage: 'retain nodes for debugging when cluster creation fails' },
						{ name: 'wait', type: 'duration', default: '0s', usage: 'wait for control plane node to be ready' },
						KUBECONFIG,
					],
					run: create,
				},
			],
		},
		{
			name: 'delete',
			short: 'Deletes one of [cluster]',
			commands: [
				{
					name: 'cluster',
					short: 'Deletes a cluster',
					flags: [NAME, KUBECONFIG],
					run: async (run) => {
						await remove(run, run.flags.text('name'));
						return 0;
					},
				},
				{
					name: 'clusters',
					use: '[clusters]',
					short: 'Deletes one or more clusters',
					flags: [{ name: 'all', short: 'A', type: 'bool', usage: 'delete all clusters' }, KUBECONFIG],
					complete: (_, at) => clusterNames(at),
					run: async (run) => {
						const names = run.flags.on('all') ? clusterNames(run.call) : run.args;
						if (names.length === 0 && !run.flags.on('all')) return 'no cluster names provided';
						for (const name of names) await remove(run, name);
						if (names.length > 0)
							run.call.err(`Deleted clusters: [${names.map((name) => JSON.stringify(name)).join(' ')}]\n`);
						return 0;
					},
				},
			],
		},
		{
			name: 'export',
			short: 'Exports one of [kubeconfig, logs]',
			commands: [
				{
					name: 'logs',
					use: '[output-dir]',
					short: 'Exports logs to a tempdir or [output-dir] if specified',
					flags: [{ ...NAME, usage: 'the cluster context name' }],
					run: exportLogs,
				},
				{
					name: 'kubeconfig',
					short: 'Exports cluster kubeconfig',
					flags: [NAME, KUBECONFIG],
					run: async (run) => {
						const error = await merge(run, run.flags.text('name'));
						if (error) return error;
						run.call.err(`Set kubectl context to "kind-${run.flags.text('name')}"\n`);
						return 0;
					},
				},
			],
		},
		{
			name: 'get',
			short: 'Gets one of [clusters, nodes, kubeconfig]',
			commands: [
				{
					name: 'clusters',
					short: 'Lists existing kind clusters by their name',
					run: async ({ call }) => {
						const names = clusterNames(call);
						if (names.length === 0) call.err('No kind clusters found.\n');
						call.out(names.map((name) => `${name}\n`).join(''));
						return 0;
					},
				},
				{
					name: 'nodes',
					short: 'Lists existing kind nodes by their name',
					flags: [NAME, { name: 'all-clusters', short: 'A', type: 'bool', usage: 'list nodes of all clusters' }],
					run: async ({ call, flags }) => {
						const all = flags.on('all-clusters');
						const names = all
							? clusterNames(call).flatMap((name) => call.lab.kind.nodes(name))
							: call.lab.kind.nodes(flags.text('name'));
						if (names.length === 0)
							call.err(
								all
									? 'No kind nodes found in any cluster.\n'
									: `No kind nodes found for cluster "${flags.text('name')}".\n`,
							);
						call.out(names.map((name) => `${name}\n`).join(''));
						return 0;
					},
				},
				{
					name: 'kubeconfig',
					short: 'Prints cluster kubeconfig',
					flags: [NAME, { name: 'internal', type: 'bool', usage: 'use internal address instead of external' }],
					run: async ({ call, flags }) => {
						const config = call.lab.kind.kubeconfig(flags.text('name'), flags.on('internal'));
						if (!config)
							return `could not locate any control plane nodes for cluster named '${flags.text('name')}'. Use the --name option to select a different cluster`;
						call.out(printKubeconfig(config as unknown as KubeConfig));
						return 0;
					},
				},
			],
		},
		{
			name: 'load',
			short: 'Loads images into nodes',
			long: 'Loads images into node from an archive or image on host',
			commands: [
				{
					name: 'docker-image',
					use: '<IMAGE> [IMAGE...]',
					short: 'Loads docker images from host into nodes',
					flags: [NAME, { name: 'nodes', type: 'strings', usage: 'comma separated list of nodes to load images into' }],
					run: loadDockerImage,
				},
				{
					name: 'image-archive',
					use: '<IMAGE.tar>',
					short: 'Loads docker image from archive into nodes',
					long: 'Loads docker image from archive into all or specified nodes by name',
					flags: [NAME, { name: 'nodes', type: 'strings', usage: 'comma separated list of nodes to load images into' }],
					run: loadArchive,
				},
			],
		},
		{
			name: 'version',
			short: 'Prints the kind CLI version',
			run: async ({ call, flags }) => {
				call.out(
					flags.on('quiet')
						? `${call.lab.kind.release.replace(/^v/, '')}\n`
						: `kind ${call.lab.kind.release} go1.18.2 linux/amd64\n`,
				);
				return 0;
			},
		},
	],
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word) => `ERROR: unknown command "${word}" for "${path}"\n`,
	flagError: (_, message) => `ERROR: ${message}\n`,
	failure: (message) => `ERROR: ${message}\n`,
};

/** Commands that take a number of words, or any; all others take none (cobra.NoArgs). */
const WORDS: Readonly<Record<string, number>> = {
	'kind delete clusters': Number.POSITIVE_INFINITY,
	'kind export logs': 1,
	'kind load docker-image': Number.POSITIVE_INFINITY,
	'kind load image-archive': Number.POSITIVE_INFINITY,
	'kind build node-image': 1,
};

/** A command with what every one of kind's asks of its words; one that only has others needs one of them. */
function checked(command: Command, path: string): Command {
	const { run } = command;
	if (command.commands && path !== 'kind')
		return {
			...command,
			commands: command.commands.map((below) => checked(below, `${path} ${below.name}`)),
			run: async (asked) => {
				asked.call.out(asked.help());
				return 'Subcommand is required';
			},
		};
	if (command.commands)
		return { ...command, commands: command.commands.map((below) => checked(below, `${path} ${below.name}`)) };
	const most = WORDS[path] ?? 0;
	return {
		...command,
		run: async (asked) => {
			const { args } = asked;
			if (args.length > most)
				return most === 0
					? `unknown command ${JSON.stringify(args[0])} for ${JSON.stringify(path)}`
					: `accepts at most ${most} arg(s), received ${args.length}`;
			return run?.(asked);
		},
	};
}

const isQuiet = (args: readonly string[]): boolean => args.some((word) => word === '-q' || word === '--quiet');

/** NoopLogger: nothing at all on standard error, whatever happens (cmd/kind/app/main.go @ v0.14.0). */
const silenced = (call: Call): Call => Object.create(call, { err: { value: () => undefined } }) as Call;

export const tools: readonly Tool[] = [
	{
		name: 'kind',
		at: (place) => place.kind === 'laptop',
		async run(call) {
			const [first] = call.args;
			if (first === '--version') {
				call.out(`kind version ${call.lab.kind.release.replace('v', '')}\n`);
				return 0;
			}
			if (first === 'completion') {
				call.err('kind completion: the simulator’s shell completes kind’s words by itself, with Tab\n');
				return 1;
			}
			return runCommand(checked(ROOT, 'kind'), MANNER, isQuiet(call.args) ? silenced(call) : call);
		},
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
