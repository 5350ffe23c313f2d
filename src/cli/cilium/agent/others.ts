/**
 * Commands of the agent's tool for parts that are off in a cluster whose agents keep their state in CRDs, and for what
 * must not be done while the agent runs. Source: cilium/cmd/{cleanup,kvstore*,prefilter_*}.go @ v1.12.1,
 * cilium-dbg/cmd/{build-config,envoy_admin*,loadinfo,node_id_list,post_uninstall_cleanup,sysdump,statedb}.go,
 * cilium-dbg/cmd/troubleshoot @ v1.18.3.
 */
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { cgroups } from './cgroups.ts';
import { asking, reading } from './context.ts';
import { nodeIds } from './node-ids.ts';
import { OUTPUT, structured } from './output.ts';
import { preflight } from './preflight.ts';
import { refusing, says } from './refusing.ts';

/** The agent's pid is in its file while its container is there. */
const cleanup = (name: string): Command => ({
	name,
	short: 'Remove system state installed by Cilium at runtime',
	flags: [
		{ name: 'all-state', type: 'bool', usage: 'Remove all cilium state' },
		{ name: 'bpf-state', type: 'bool', usage: 'Remove BPF state' },
		{ name: 'force', short: 'f', type: 'bool', usage: 'Skip confirmation' },
	],
	run: reading((run) =>
		says(run, 'Agent should not be running when cleaning up\nFound pidfile /var/run/cilium/cilium.pid', 1),
	),
});

/** In CRD mode the agent's configuration names no store (pkg/kvstore/client.go). */
const kvstore = (minor: number): Command => {
	const none = `Unable to ${minor >= 16 ? 'connect to the' : 'setup'} kvstore: unknown key-value store type "". See cilium.link/err-kvstore for details`;
	return {
		name: 'kvstore',
		short: 'Direct access to the kvstore',
		global: [
			{ name: 'kvstore', type: 'string', usage: 'Key-Value Store type' },
			{ name: 'kvstore-opt', type: 'string', usage: 'Key-Value Store options' },
		],
		commands: [
			{
				name: 'delete',
				use: '[options] <key>',
				short: 'Delete a key',
				flags: [{ name: 'recursive', type: 'bool', usage: 'Recursive lookup' }],
				run: asking('Unable to retrieve cilium configuration: ', 'config', () => none),
			},
			{
				name: 'get',
				use: '[options] <key>',
				short: 'Retrieve a key',
				example: 'cilium kvstore get --recursive foo',
				flags: [{ name: 'recursive', type: 'bool', usage: 'Recursive lookup' }, OUTPUT],
				run: asking('Unable to retrieve cilium configuration: ', 'config', () => none),
			},
			{
				name: 'set',
				use: '[options] <key>',
				short: 'Set a key and value',
				example: 'cilium kvstore set foo=bar',
				flags: [
					{ name: 'key', type: 'string', usage: 'Key' },
					{ name: 'value', type: 'string', usage: 'Value' },
				],
				run: asking('Unable to retrieve cilium configuration: ', 'config', () => none),
			},
		],
	};
};

/** No lab has XDP's prefilter (daemon/cmd/prefilter.go). */
const prefilter: Command = {
	name: 'prefilter',
	short: 'Manage XDP CIDR filters',
	commands: (
		[
			['delete', 'Delete CIDR filters', 'Cannot delete CIDR list: [DELETE /prefilter][500] deletePrefilterFailure  '],
			['list', 'List CIDR filters', 'Cannot get CIDR list: [GET /prefilter][500] getPrefilterFailure  '],
			['update', 'Update CIDR filters', 'Cannot update CIDR list: [PATCH /prefilter][500] patchPrefilterFailure  '],
		] as const
	).map(([name, short, error]) => ({
		name,
		short,
		flags:
			name === 'list' ? [OUTPUT] : [{ name: 'cidr', type: 'strings', usage: 'List of CIDR block to filter' } as Flag],
		run: asking('', 'prefilter', () => `${error}Prefilter is not enabled in daemon`),
	})),
};

const nodeid: Command = {
	name: 'nodeid',
	short: 'List node IDs and associated information',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'List node IDs and the associated IP addresses',
			flags: [OUTPUT],
			run: asking('Cannot get node IDs: ', 'node/ids', (run, agent) => {
				const all = nodeIds(agent);
				const printed = structured(run, () => all.map(({ id, ips }) => ({ id, ips })));
				if (printed !== undefined) return printed;
				const later = agent.minor >= 15;
				const rows = all.flatMap(({ id, ips }) =>
					ips.map((ip, i) => (i === 0 ? `0x${id.toString(16)}\t${ip}\n` : `\t${ip}\n`)),
				);
				run.call.out(tabulate(`NODE ID\tIP ADDRESSES${later ? '\tSPI' : ''}\n${rows.join('')}`, CILIUM_AGENT));
				return 0;
			}),
		},
	],
};

/** Envoy's socket is there when Envoy is: in its own pod, or with the first redirect (pkg/envoy). */
const envoy = (minor: number): Command => {
	const get = (name: string, short: string, path: string): Command => ({
		name,
		short,
		run: reading((_run, { state }) => {
			if (state.config['external-envoy-proxy'] === 'true') return 'the simulator has no Envoy to ask';
			const socket = '/var/run/cilium/envoy/sockets/admin.sock';
			return `cannot get ${name}: failed to call ${JSON.stringify(path)} endpoint: Get "http://envoy-admin/${path}": dial unix ${socket}: connect: no such file or directory`;
		}),
	});
	return {
		name: 'envoy',
		short: 'Manage Envoy Proxy',
		commands: [
			{
				name: 'admin',
				short: 'Access Envoy Admin Interface',
				commands: [
					get('certs', 'List Envoy certificates', 'certs'),
					get('clusters', 'List Envoy clusters', 'clusters?format=text'),
					get('config', 'Get Envoy config dump', 'config_dump?include_eds'),
					get('listeners', 'List Envoy listeners', 'listeners?format=text'),
					...(minor >= 17
						? [
								{
									...get('logging', 'Manage Envoy log levels', 'logging'),
									commands: [
										get('list', 'List logging levels of Envoy Proxy', 'logging'),
										{
											...get('set', 'Change logging levels of Envoy Proxy', 'logging'),
											commands: [
												get('global', 'Change global logging level for all loggers of Envoy Proxy', 'logging'),
												get('loggers', 'Change logging level of a list of loggers of Envoy Proxy', 'logging'),
											],
										},
									],
								},
							]
						: []),
					get('metrics', 'List Envoy metrics', 'stats/prometheus'),
					get('serverinfo', 'Get Envoy server info', 'server_info'),
				],
			},
		],
	};
};

const troubleshoot: Command = {
	name: 'troubleshoot',
	short: 'Run troubleshooting utilities to check control-plane connectivity',
	commands: [
		{
			name: 'clustermesh',
			use: '[clusters...]',
			short: 'Troubleshoot connectivity towards remote clusters',
			run: reading((run) => {
				run.call.out('Found 0 cluster configurations\n');
				return 0;
			}),
		},
		{
			name: 'kvstore',
			short: 'Troubleshoot connectivity towards the etcd kvstore',
			run: reading((run) => {
				run.call.out(
					'Unable to read etcd configuration: /var/lib/etcd-config/etcd.config\nThis is expected when Cilium is running in CRD mode\n',
				);
				return 0;
			}),
		},
	],
};

const DEPRECATED = `This command has been deprecated and will be removed in the next Cilium release.

StateDB tables can now be inspected via the Cilium shell:

$ cilium-dbg shell
cilium> help db
(shows help for 'db' command)
`;

const NO_TABLES =
	'the simulator keeps no StateDB: its tables are what "cilium-dbg bpf", "service list" and "status" read';

const statedb = (minor: number): Command => ({
	name: 'statedb',
	short: minor >= 18 ? 'Inspect StateDB (deprecated)' : 'Inspect StateDB',
	commands: [...(minor <= 18 ? [refusing('dump', 'Dump StateDB contents as JSON', NO_TABLES)] : [])],
	run: reading(() => (minor >= 18 ? DEPRECATED : NO_TABLES)),
});

const NO_TOOL =
	'cilium-dbg sysdump cannot perform this action, you need a different tool.\nSee https://docs.cilium.io/en/stable/operations/troubleshooting/#reporting-a-problem\n';

/** Made the project's documentation. */
const hidden = (name: string): Command =>
	refusing(name, 'Generate Cilium command reference', 'the simulator writes no reference of commands: give --help', {
		hidden: true,
	});

/** Which of them a version has. */
export const otherCommands = (minor: number): readonly Command[] => [
	kvstore(minor),
	...(minor <= 17 ? [hidden('cmdref')] : []),
	hidden('cmdman'),
	prefilter,
	preflight,
	...(minor <= 15 ? [cleanup('cleanup')] : [cleanup('post-uninstall-cleanup')]),
	...(minor >= 13
		? [
				refusing(
					'build-config',
					'Resolve all of the configuration sources that apply to this node',
					'the simulator’s agent reads cilium-config itself; "cilium config --all" has what it read',
					{ use: '--node-name $K8S_NODE_NAME' },
				),
				cgroups,
				nodeid,
			]
		: []),
	...(minor >= 14 ? [statedb(minor)] : []),
	...(minor >= 16
		? [envoy(minor), refusing('loadinfo', 'Show load information', 'the simulator has no load'), troubleshoot]
		: []),
	...(minor >= 17
		? [
				refusing('shell', 'Connect to the Cilium shell', NO_TABLES),
				{
					name: 'sysdump',
					short: 'Provide instructions on dumping cluster-wide system state',
					run: async (run: Run) => says(run, NO_TOOL, 1),
				} satisfies Command,
			]
		: []),
];
