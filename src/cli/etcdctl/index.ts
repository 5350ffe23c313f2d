/**
 * etcdctl in an etcd's container: its members, their health, and the keys of the API server.
 *
 * The store is the API server's of the lab; nothing is written past it. Source of its words: etcd
 * etcdctl/ctlv3/command/{ep,member,get,global,printer,printer_simple,printer_table}.go @ v3.5.3.
 */
import { type Command, completeCommand, type Flag, type Manner, type Run, runCommand } from '../cobra/index.ts';
import { hasTool } from '../linux/images.ts';
import type { Tool } from '../tool.ts';
import { type Stored, storedIn } from './keys.ts';
import { type Access, badFiles, clusterId, type Member, membersOf, reachMember } from './members.ts';

const GLOBAL: readonly Flag[] = [
	{ name: 'cacert', type: 'string', usage: 'verify certificates of TLS-enabled secure servers using this CA bundle' },
	{ name: 'cert', type: 'string', usage: 'identify secure client using this TLS certificate file' },
	{ name: 'key', type: 'string', usage: 'identify secure client using this TLS key file' },
	{
		name: 'command-timeout',
		type: 'duration',
		default: '5s',
		usage: 'timeout for short running command (excluding dial timeout)',
	},
	{ name: 'dial-timeout', type: 'duration', default: '2s', usage: 'dial timeout for client connections' },
	{ name: 'endpoints', type: 'strings', default: '127.0.0.1:2379', usage: 'gRPC endpoints' },
	{ name: 'hex', type: 'bool', usage: 'print byte strings as hex encoded strings' },
	{
		name: 'insecure-skip-tls-verify',
		type: 'bool',
		usage: 'skip server certificate verification (CAUTION: this option should be enabled only for testing purposes)',
	},
	{
		name: 'insecure-transport',
		type: 'bool',
		default: 'true',
		usage: 'disable transport security for client connections',
	},
	{
		name: 'user',
		type: 'string',
		usage: 'username[:password] for authentication (prompt if password is not supplied)',
	},
	{
		name: 'write-out',
		short: 'w',
		type: 'string',
		default: 'simple',
		usage: 'set the output format (fields, json, protobuf, simple, table)',
	},
];

/** A flag, or the environment's `ETCDCTL_…` in its place (pkg/flags SetPflagsFromEnv). */
const given = ({ call, flags }: Run, name: string): string =>
	flags.given(name)
		? flags.text(name)
		: (call.env.get(`ETCDCTL_${name.toUpperCase().replaceAll('-', '_')}`) ?? flags.text(name));

const accessOf = (run: Run): Access => ({
	cacert: given(run, 'cacert'),
	cert: given(run, 'cert'),
	key: given(run, 'key'),
	insecure: run.flags.on('insecure-skip-tls-verify') || given(run, 'insecure-skip-tls-verify') === 'true',
	timeout: run.flags.duration('command-timeout'),
});

const endpointsOf = (run: Run): readonly string[] =>
	run.flags.given('endpoints')
		? run.flags.list('endpoints')
		: (run.call.env.get('ETCDCTL_ENDPOINTS') ?? '127.0.0.1:2379').split(',');

/** olekukonko/tablewriter as etcdctl sets it up: headers in the middle, cells to the right. */
function table(rows: readonly (readonly string[])[]): string {
	const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
	const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+\n`;
	const middle = (text: string, width: number): string => {
		const left = Math.ceil((width - text.length) / 2);
		return `${' '.repeat(left)}${text}`.padEnd(width);
	};
	const [header, ...cells] = rows as [readonly string[], ...(readonly string[])[]];
	const line = (row: readonly string[], put: (text: string, width: number) => string): string =>
		`|${row.map((text, i) => ` ${put(text, widths[i]!)} `).join('|')}|\n`;
	const body = cells.map((row) => line(row, (text, width) => text.padStart(width))).join('');
	return `${rule}${line(header, middle)}${rule}${body}${cells.length > 0 ? rule : ''}`;
}

/** dustin/go-humanize Bytes. */
function bytes(n: number): string {
	const units = ['B', 'kB', 'MB', 'GB'];
	let at = 0;
	let tenths = n * 10;
	for (; tenths >= 10_000 && at < 3; at++) tenths = Math.floor(tenths / 1000);
	const whole = Math.floor(tenths / 10);
	return at === 0 || whole >= 10 ? `${whole} ${units[at]}` : `${whole}.${tenths % 10} ${units[at]}`;
}

/** What of the format is written here; the others are said not to be. */
function format(run: Run, ...known: readonly string[]): string | undefined {
	const asked = run.flags.text('write-out');
	return known.includes(asked)
		? undefined
		: `unsupported output format ${JSON.stringify(asked)} of this command in the simulator: ${known.join(', ')}`;
}

/** The warning of client/v3/retry_interceptor.go, which goes to standard error. */
function retried({ call }: Run, endpoint: string, error: string, logger: string): void {
	const ts = new Date(Math.floor((call.lab.epoch * 1e6 + call.lab.now) / 1000)).toISOString();
	const target = `etcd-endpoints://0xc${call.lab.random('etcdctl', `target ${call.lab.now}`, 0xfffff).toString(16).padStart(9, '0')}/${endpoint.replace(/^\w+:\/\//, '')}`;
	call.err(
		`${JSON.stringify({
			level: 'warn',
			ts,
			logger,
			caller: 'v3/retry_interceptor.go:62',
			msg: 'retrying of unary invoker failed',
			target,
			attempt: 0,
			error: `rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: ${error}`,
		})}\n`,
	);
}

/** The first member that answers; throws nothing: the text of the error otherwise, after the time it takes. */
async function connected(run: Run): Promise<{ readonly member: Member } | { readonly failure: string }> {
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return { failure: bad };
	const cluster = run.call.cluster();
	if (!cluster) return { failure: 'context deadline exceeded' };
	const endpoints = endpointsOf(run);
	let last = '';
	for (const endpoint of endpoints) {
		const reached = await reachMember(run.call, cluster, endpoint, access);
		if ('member' in reached) return reached;
		last = reached.error;
	}
	await run.call.sleep(access.timeout);
	retried(run, endpoints[0]!, last, 'etcd-client');
	return { failure: 'context deadline exceeded' };
}

const hex = (id: bigint): string => id.toString(16);

async function memberList(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const reached = await connected(run);
	if ('failure' in reached) return reached.failure;
	const members = membersOf(run.call.cluster()!);
	const rows = members.map(({ id, name, peer, client }) => [hex(id), 'started', name, peer, client, 'false']);
	const how = run.flags.text('write-out');
	if (how === 'json')
		run.call.out(
			`{"header":{"cluster_id":${clusterId(members)},"member_id":${reached.member.id},"raft_term":${TERM}},"members":[${members
				.map(
					({ id, name, peer, client }) =>
						`{"ID":${id},"name":${JSON.stringify(name)},"peerURLs":[${JSON.stringify(peer)}],"clientURLs":[${JSON.stringify(client)}]}`,
				)
				.join(',')}]}\n`,
		);
	else if (how === 'table')
		run.call.out(table([['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], ...rows]));
	else for (const row of rows) run.call.out(`${row.join(', ')}\n`);
	return 0;
}

/** A cluster that was never without its first leader is in the term that elected it. */
const TERM = 2;

/** Entries of the log: each write, and what members enter as they begin (a leader's first, members, names, the version). */
const raftIndex = (revision: number, members: number): number => revision + 1 + 2 * members;

/** `--cluster` asks all members in the place of the endpoints. */
const asked = (run: Run): readonly string[] =>
	run.flags.on('cluster') ? membersOf(run.call.cluster()!).map(({ client }) => client) : endpointsOf(run);

async function health(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return bad;
	const cluster = run.call.cluster()!;
	const found: { endpoint: string; took: string; error: string }[] = [];
	for (const endpoint of asked(run)) {
		const reached = await reachMember(run.call, cluster, endpoint, access);
		if ('error' in reached) {
			await run.call.sleep(access.timeout);
			retried(run, endpoint, reached.error, 'client');
			found.push({
				endpoint,
				took: `5.00${run.call.lab.random('etcdctl', endpoint, 999_999)}s`,
				error: 'context deadline exceeded',
			});
		} else {
			const micros = 4_000_000 + run.call.lab.random('etcdctl', `${endpoint} ${run.call.lab.now}`, 20_000_000);
			found.push({
				endpoint,
				took: `${Math.floor(micros / 1e6)}.${
					String(micros % 1e6)
						.padStart(6, '0')
						.replace(/0+$/, '') || '0'
				}ms`,
				error: '',
			});
		}
	}
	const how = run.flags.text('write-out');
	const { call } = run;
	if (how === 'json')
		call.out(
			`${JSON.stringify(found.map(({ endpoint, took, error }) => ({ endpoint, health: error === '', took, ...(error ? { error } : {}) })))}\n`,
		);
	else if (how === 'table')
		call.out(
			table([
				['ENDPOINT', 'HEALTH', 'TOOK', 'ERROR'],
				...found.map(({ endpoint, took, error }) => [endpoint, String(error === ''), took, error]),
			]),
		);
	else
		for (const { endpoint, took, error } of found)
			if (error === '') call.out(`${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
			else call.err(`${endpoint} is unhealthy: failed to commit proposal: ${error}\n`);
	return found.some(({ error }) => error !== '') ? 'unhealthy cluster' : 0;
}

async function status(run: Run): Promise<string | number> {
	const wrong = format(run, 'simple', 'table', 'json');
	if (wrong) return wrong;
	const access = accessOf(run);
	const bad = await badFiles(run.call, access);
	if (bad) return bad;
	const { call } = run;
	const cluster = call.cluster()!;
	const members = membersOf(cluster);
	const index = raftIndex(cluster.api.revision, members.length);
	const size =
		Math.ceil(
			storedIn(cluster).reduce(
				(sum, { key, object }) => sum + key.length + (object ? JSON.stringify(object).length : 0),
				0,
			) / 4096,
		) * 4096;
	const found: { endpoint: string; member: Member; version: string }[] = [];
	let failed = false;
	for (const endpoint of asked(run)) {
		const reached = await reachMember(call, cluster, endpoint, access);
		if ('error' in reached) {
			await call.sleep(access.timeout);
			retried(run, endpoint, reached.error, 'etcd-client');
			call.err(`Failed to get the status of endpoint ${endpoint} (context deadline exceeded)\n`);
			failed = true;
		} else found.push({ endpoint, member: reached.member, version: versionOf(run) });
	}
	const rows = found.map(({ endpoint, member, version }) => [
		endpoint,
		hex(member.id),
		version,
		bytes(size),
		String(member === members[0] || member.id === members[0]!.id),
		'false',
		String(TERM),
		String(index),
		String(index),
		'',
	]);
	const how = run.flags.text('write-out');
	if (how === 'json')
		call.out(
			`[${found
				.map(
					({ endpoint, member, version }) =>
						`{"Endpoint":${JSON.stringify(endpoint)},"Status":{"header":{"cluster_id":${clusterId(members)},"member_id":${member.id},"revision":${cluster.api.revision},"raft_term":${TERM}},"version":${JSON.stringify(version)},"dbSize":${size},"leader":${members[0]!.id},"raftIndex":${index},"raftTerm":${TERM},"raftAppliedIndex":${index},"dbSizeInUse":${size}}}`,
				)
				.join(',')}]\n`,
		);
	else if (how === 'table')
		call.out(
			table([
				[
					'ENDPOINT',
					'ID',
					'VERSION',
					'DB SIZE',
					'IS LEADER',
					'IS LEARNER',
					'RAFT TERM',
					'RAFT INDEX',
					'RAFT APPLIED INDEX',
					'ERRORS',
				],
				...rows,
			]),
		);
	else for (const row of rows) call.out(`${row.join(', ')}\n`);
	return failed ? 1 : 0;
}

/** Of the image: `3.5.3` of `k8s.gcr.io/etcd:3.5.3-0`. */
function versionOf({ call }: Run): string {
	const { place } = call;
	const cluster = call.cluster();
	if (place.kind !== 'pod' || !cluster) return '';
	const pod = cluster.api.get(cluster.api.find('pods')!, place.namespace, place.pod);
	const containers = (pod?.spec?.containers ?? []) as readonly { readonly name: string; readonly image: string }[];
	const image = containers.find(({ name }) => name === place.container)?.image ?? '';
	return /:v?(\d+\.\d+\.\d+)/.exec(image)?.[1] ?? '';
}

/** End of the range of keys that begin with a text; everything after it sorts higher. */
const chosen = (run: Run, key: string, end: string | undefined, all: readonly Stored[]): readonly Stored[] =>
	run.flags.on('prefix')
		? all.filter((one) => one.key.startsWith(key))
		: run.flags.on('from-key')
			? all.filter((one) => one.key >= key)
			: end === undefined
				? all.filter((one) => one.key === key)
				: all.filter((one) => one.key >= key && one.key < end);

async function get(run: Run): Promise<string | number> {
	const { flags, args, call } = run;
	const [key, end] = args;
	if (key === undefined) return 'get command needs one argument as key and an optional argument as range_end';
	if (flags.on('prefix') && flags.on('from-key'))
		return '`--prefix` and `--from-key` cannot be set at the same time, choose one';
	if (flags.on('keys-only') && flags.on('count-only'))
		return '`--keys-only` and `--count-only` cannot be set at the same time, choose one';
	const wrong = format(run, 'simple', ...(flags.on('count-only') ? ['fields'] : []));
	if (wrong) return wrong;
	const reached = await connected(run);
	if ('failure' in reached) return reached.failure;
	let found = chosen(run, key, end, storedIn(call.cluster()!));
	const order = flags.text('order').toUpperCase();
	const by = flags.text('sort-by').toUpperCase();
	const number = ({ object }: Stored): number => Number(object?.metadata.resourceVersion ?? 0);
	if (by === 'MODIFY') found = [...found].sort((a, b) => number(a) - number(b));
	else if (by !== '' && by !== 'KEY') return `the simulator's store sorts by KEY and MODIFY, not by ${by}`;
	if (order === 'DESCEND') found = [...found].reverse();
	const count = found.length;
	if (flags.on('count-only')) {
		if (flags.text('write-out') === 'fields') call.out(`"Count" : ${count}\n`);
		return 0;
	}
	if (flags.number('limit') > 0) found = found.slice(0, flags.number('limit'));
	for (const { key: name, object, resource } of found) {
		if (!flags.on('print-value-only')) call.out(`${name}\n`);
		if (flags.on('keys-only')) call.out('\n');
		else if (object && resource?.custom) call.out(`${JSON.stringify(object)}\n`);
		else
			return `the value is protobuf of the API server (k8s\\x00…), whose octets the simulator does not have; kubectl get -o yaml shows the object${resource ? ` (${resource.plural})` : ''}`;
	}
	return 0;
}

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
