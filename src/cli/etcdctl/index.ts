/**
 * etcdctl in an etcd's container: its members, their health, and the keys of the API server.
 *
 * The store is the API server's of the lab; nothing is written past it. Source of its words: etcd
 * etcdctl/ctlv3/command/{ep,member,get,global,printer,printer_simple,printer_table}.go @ v3.5.3.
 */
import { type Command, completeCommand, type Flag, type Manner, runCommand } from '../cobra/index.ts';
import { hasTool } from '../linux/images.ts';
import type { Tool } from '../tool.ts';
import { connected } from './connect.ts';
import { GLOBAL } from './flags.ts';
import { get } from './get.ts';
import { health, memberList, status, versionOf } from './status.ts';

/** What would change the store, or copy it, beside the API server. */
const refused = (name: string, short: string, use = '', flags = ''): Command => ({
	name,
	short,
	use,
	flags: flags
		.split(' ')
		.flatMap((word): Flag[] =>
			word === '' ? [] : [{ name: word.replace('=', ''), type: word.endsWith('=') ? 'string' : 'bool', usage: '' }],
		),
	run: async (run) =>
		`the simulator has no etcd beside the API server's objects, so there is no ${run.path}; kubectl reads and writes them`,
});

const ROOT: Command = {
	name: 'etcdctl',
	short: 'A simple command line client for etcd3.',
	global: GLOBAL,
	commands: [
		{
			name: 'alarm',
			short: 'Alarm related commands',
			commands: [
				{
					name: 'list',
					short: 'Lists all alarms',
					run: async (run) => {
						const reached = await connected(run);
						return 'failure' in reached ? reached.failure : 0;
					},
				},
				refused('disarm', 'Disarms all alarms'),
			],
		},
		refused('auth', 'Enable or disable authentication'),
		refused(
			'check',
			'commands for checking properties of the etcd cluster',
			'',
			'load= prefix= auto-compact auto-defrag',
		),
		refused('compaction', 'Compacts the event history in etcd', '<revision>', 'physical'),
		refused('completion', 'Generate completion script', '[bash|zsh|fish|powershell]'),
		refused('defrag', 'Defragments the storage of the etcd members with given endpoints', '', 'cluster data-dir='),
		refused(
			'del',
			'Removes the specified key or range of keys [key, range_end)',
			'<key> [range_end]',
			'prefix prev-kv from-key range',
		),
		refused('downgrade', 'Downgrade related commands'),
		refused('elect', 'Observes and participates in leader election', '<election-name> [proposal]', 'listen'),
		{
			name: 'endpoint',
			short: 'Endpoint related commands',
			global: [{ name: 'cluster', type: 'bool', usage: 'use all endpoints from the cluster member list' }],
			commands: [
				refused('hashkv', 'Prints the KV history hash for each endpoint in --endpoints', '', 'rev='),
				{ name: 'health', short: 'Checks the healthiness of endpoints specified in `--endpoints` flag', run: health },
				{ name: 'status', short: 'Prints out the status of endpoints specified in `--endpoints` flag', run: status },
			],
		},
		{
			name: 'get',
			use: '<key> [range_end]',
			short: 'Gets the key or a range of keys',
			flags: [
				{ name: 'prefix', type: 'bool', usage: 'Get keys with matching prefix' },
				{
					name: 'from-key',
					type: 'bool',
					usage: 'Get keys that are greater than or equal to the given key using byte compare',
				},
				{ name: 'keys-only', type: 'bool', usage: 'Get only the keys' },
				{ name: 'count-only', type: 'bool', usage: 'Get only the count' },
				{ name: 'print-value-only', type: 'bool', usage: 'Only write values when using the "simple" output format' },
				{ name: 'limit', type: 'int', default: '0', usage: 'Maximum number of results' },
				{ name: 'order', type: 'string', usage: 'Order of results; ASCEND or DESCEND (ASCEND by default)' },
				{ name: 'sort-by', type: 'string', usage: 'Sort target; CREATE, KEY, MODIFY, VALUE, or VERSION' },
				{ name: 'consistency', type: 'string', default: 'l', usage: 'Linearizable(l) or Serializable(s)' },
			],
			run: get,
		},
		refused('lease', 'Lease related commands'),
		refused('lock', 'Acquires a named lock', '<lockname> [exec-command arg1 arg2 ...]', 'ttl='),
		refused(
			'make-mirror',
			'Makes a mirror at the destination etcd cluster',
			'[options] <destination>',
			'prefix= dest-prefix= no-dest-prefix dest-cert= dest-key= dest-cacert= dest-insecure-transport rev= max-txn-ops=',
		),
		{
			name: 'member',
			short: 'Membership related commands',
			commands: [
				refused('add', 'Adds a member into the cluster', '<memberName>', 'peer-urls= learner'),
				{ name: 'list', short: 'Lists all members in the cluster', run: memberList },
				refused('remove', 'Removes a member from the cluster', '<memberID>'),
				refused('promote', 'Promotes a non-voting member in the cluster', '<memberID>'),
				refused('update', 'Updates a member in the cluster', '<memberID>', 'peer-urls='),
			],
		},
		refused('move-leader', 'Transfers leadership to another etcd cluster member.', '<transferee-member-id>'),
		refused('put', 'Puts the given key into the store', '<key> <value>', 'lease= prev-kv ignore-value ignore-lease'),
		refused('role', 'Role related commands'),
		refused(
			'snapshot',
			'Manages etcd node snapshots',
			'',
			'data-dir= wal-dir= name= initial-cluster= initial-cluster-token= initial-advertise-peer-urls= skip-hash-check',
		),
		refused('txn', 'Txn processes all the requests in one transaction', '[options]', 'interactive'),
		refused('user', 'User related commands'),
		{
			name: 'version',
			short: 'Prints the version of etcdctl',
			run: async (run) => {
				const version = versionOf(run);
				run.call.out(`etcdctl version: ${version}\nAPI version: ${version.split('.').slice(0, 2).join('.')}\n`);
				return 0;
			},
		},
		refused(
			'watch',
			'Watches events stream on keys or prefixes',
			'<key> [range_end]',
			'interactive prefix rev= prev-kv progress-notify',
		),
	],
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word) => `Error: unknown command "${word}" for "${path}"\nRun '${path} --help' for usage.\n`,
	flagError: (_, message) => `Error: ${message}\n`,
	failure: (message) => `Error: ${message}\n`,
};

export const tools: readonly Tool[] = [
	{
		name: 'etcdctl',
		at: hasTool('etcdctl'),
		run: (call) => runCommand(ROOT, MANNER, call),
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
