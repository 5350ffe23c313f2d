/**
 * Commands of the agent's tool for parts that are off in a cluster whose agents keep their state in CRDs, and for what
 * must not be done while the agent runs. Source: cilium/cmd/{cleanup,kvstore*,prefilter_*,preflight*,recorder_*}.go @ v1.12.1,
 * cilium-dbg/cmd/{build-config,cgroups_list,envoy_admin*,loadinfo,node_id_list,post_uninstall_cleanup,sysdump,statedb}.go,
 * cilium-dbg/cmd/troubleshoot @ v1.18.3.
 */
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { CILIUM_AGENT, tabulate } from '../../text/index.ts';
import { asking, reading } from './context.ts';
import { nodeIds } from './node-ids.ts';
import { OUTPUT, structured } from './output.ts';

const says = ({ call }: Run, text: string, code = 0): number => {
	call.err(`${text}\n`);
	return code;
};

const refusing = (name: string, short: string, text: string, more: Partial<Command> = {}): Command => ({
	name,
	short,
	...more,
	run: reading(() => text),
});

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

const preflight: Command = {
	name: 'preflight',
	short: 'Cilium upgrade helper',
	long: 'CLI to help upgrade cilium',
	commands: [
		refusing('fqdn-poller', 'Prepare for DNS Polling upgrades to cilium 1.4', 'the simulator has no poller of names'),
		refusing(
			'migrate-identity',
			'Migrate KVStore-backed identities to kubernetes CRD-backed identities',
			'the simulator has no kvstore to migrate identities from',
		),
		{
			name: 'validate-cnp',
			short: 'Validate Cilium Network Policies deployed in the cluster',
			run: reading((run, { cluster, minor }) => {
				const { api } = cluster;
				const logged = (level: string, text: string, fields = ''): void =>
					run.call.err(`level=${level} msg=${JSON.stringify(text)}${fields}${minor >= 17 ? '' : ' subsys=cilium'}\n`);
				let bad = 0;
				for (const [plural, kind] of [
					['ciliumnetworkpolicies', 'CiliumNetworkPolicy'],
					['ciliumclusterwidenetworkpolicies', 'CiliumClusterwideNetworkPolicy'],
				] as const) {
					const resource = api.find(plural);
					for (const { metadata, status } of resource ? api.list(resource) : []) {
						const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
						const conditions = (status?.conditions ?? []) as readonly {
							type: string;
							status: string;
							message?: string;
						}[];
						const invalid = conditions.find((c) => c.type === 'Valid' && c.status === 'False');
						if (invalid) bad++;
						logged(
							invalid ? 'error' : 'info',
							`Validating ${kind} '${name}': ${invalid ? `unexpected validation error: ${invalid.message ?? ''}` : 'OK!'}`,
						);
					}
				}
				if (bad > 0) {
					logged('error', 'Found invalid CCNPs or CNPs', '');
					return 1;
				}
				logged('info', 'All CCNPs and CNPs valid!');
				return 0;
			}),
		},
	],
};

/** Containers of pods whose traffic the socket load balancer translates: what it is traced by. */
const cgroups: Command = {
	name: 'cgroups',
	short: 'Cgroup metadata',
	commands: [
		{
			name: 'list',
			aliases: ['ls'],
			short: 'Display cgroup metadata maintained by Cilium',
			flags: [{ name: 'no-headers', type: 'bool', usage: 'Do not print headers' }, OUTPUT],
			run: asking('', 'cgroup-dump-metadata', (run, agent) => {
				const { cluster, state, settings, lab } = agent;
				const pods = new Map<string, { name: string; namespace: string; ips: string[]; containers: object[] }>();
				for (const { id, pod, node } of settings.socketLB === 'off' ? [] : cluster.running()) {
					if (node !== state.node || !state.endpoints.some((e) => e.pod === pod.name && e.namespace === pod.namespace))
						continue;
					const key = `${pod.namespace}/${pod.name}`;
					const entry = pods.get(key) ?? { name: pod.name, namespace: pod.namespace, ips: [], containers: [] };
					pods.set(key, entry);
					entry.containers.push({ 'cgroup-id': 5_000 + lab.random('cgroup', id, 20_000) });
				}
				const all = [...pods.values()];
				const printed = structured(run, () => all.map(({ ips: _ips, ...pod }) => pod));
				if (printed !== undefined) return printed;
				const rows = all.flatMap(({ name, namespace, containers }) =>
					containers.map((c, i) => {
						const id = (c as { readonly 'cgroup-id': number })['cgroup-id'];
						return i === 0 ? `${name}\t${namespace}\t${id}\t\n` : `\t\t${id}\t\n`;
					}),
				);
				const head = run.flags.on('no-headers') ? '' : 'POD NAME\tPOD NAMESPACE\tCGROUP IDS\t\n';
				run.call.out(tabulate(head + rows.join(''), CILIUM_AGENT));
				return 0;
			}),
		},
	],
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
					...(minor >= 17 ? [get('logging', 'Manage Envoy log levels', 'logging')] : []),
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

/** Which of them a version has. */
export const otherCommands = (minor: number): readonly Command[] => [
	kvstore(minor),
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
