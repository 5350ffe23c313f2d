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
			short: 'Exports one of [kubeconfig]',
			commands: [
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
			commands: [
				{
					name: 'docker-image',
					use: '<IMAGE> [IMAGE...]',
					short: 'Loads docker images from host into nodes',
					flags: [NAME, { name: 'nodes', type: 'strings', usage: 'comma separated list of nodes to load images into' }],
					run: async ({ call, flags, args }) => {
						if (args.length === 0) return 'a list of image names is required';
						for (const image of args) {
							const nodes = flags.list('nodes');
							const result = call.lab.kind.load(image, flags.text('name'), nodes.length > 0 ? nodes : undefined);
							if (result.error !== undefined) return result.error;
							for (const node of result.loaded)
								call.err(`Image: "${image}" with ID "${result.id}" not yet present on node "${node}", loading...\n`);
							if (result.loaded.length > 0) await call.sleep(2e6);
							else call.err(`Image: "${image}" with ID "${result.id}" found to be already present on all nodes.\n`);
						}
						return 0;
					},
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

const isQuiet = (args: readonly string[]): boolean => args.some((word) => word === '-q' || word === '--quiet');

/** NoopLogger: nothing at all on standard error, whatever happens (cmd/kind/app/main.go @ v0.14.0). */
const silenced = (call: Call): Call => Object.create(call, { err: { value: () => undefined } }) as Call;

export const tools: readonly Tool[] = [
	{
		name: 'kind',
		at: (place) => place.kind === 'laptop',
		run: (call) => runCommand(ROOT, MANNER, isQuiet(call.args) ? silenced(call) : call),
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
