/** docker's networks. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { toldOf } from './event-book.ts';
import { formatRows } from './format.ts';
import { inspectNetworks } from './inspect.ts';
import { pruneOfNetworks } from './prune.ts';
import { all, daemon, FILTER, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

type Network = ReturnType<Lab['docker']['networks']>[number];

const create: Command = {
	name: 'create',
	use: '[OPTIONS] NETWORK',
	short: 'Create a network',
	flags: [
		{ name: 'attachable', type: 'bool', usage: 'Enable manual container attachment' },
		{ name: 'driver', short: 'd', type: 'string', default: 'bridge', usage: 'Driver to manage the Network' },
		{ name: 'gateway', type: 'string', usage: 'IPv4 or IPv6 Gateway for the master subnet' },
		{ name: 'internal', type: 'bool', usage: 'Restrict external access to the network' },
		{ name: 'ip-range', type: 'string', usage: 'Allocate container ip from a sub-range' },
		{ name: 'label', type: 'array', usage: 'Set metadata on a network' },
		{ name: 'opt', short: 'o', type: 'array', usage: 'Set driver specific options' },
		{ name: 'subnet', type: 'array', usage: 'Subnet in CIDR format that represents a network segment' },
	],
	run: async (given) => (await import('./network-change.ts')).createNetwork(given),
};

const connect: Command = {
	name: 'connect',
	use: '[OPTIONS] NETWORK CONTAINER',
	short: 'Connect a container to a network',
	flags: [
		{ name: 'alias', type: 'array', usage: 'Add network-scoped alias for the container' },
		{ name: 'ip', type: 'string', usage: 'IPv4 address (e.g., 172.30.100.104)' },
	],
	complete: (args, at) => (args.length === 0 ? at.lab.docker.networks().map((n) => n.name) : all(at)),
	run: async (given) => (await import('./network-change.ts')).connect(given),
};

const disconnect: Command = {
	name: 'disconnect',
	use: '[OPTIONS] NETWORK CONTAINER',
	short: 'Disconnect a container from a network',
	flags: [{ name: 'force', short: 'f', type: 'bool', usage: 'Force the container to disconnect from a network' }],
	complete: (args, at) => (args.length === 0 ? at.lab.docker.networks().map((n) => n.name) : all(at)),
	run: async (given) => (await import('./network-change.ts')).disconnect(given),
};

const NETWORK_FILTERS: Readonly<Record<string, (network: Network, value: string) => boolean>> = {
	driver: (network, value) => network.driver === value,
	id: (network, value) => network.id.includes(value),
	dangling: () => true,
	label: ({ asked }, value) => {
		const [key, want] = value.split('=', 2) as [string, string | undefined];
		const own = asked?.labels?.[key];
		return own !== undefined && (want === undefined || own === want);
	},
	name: (network, value) => network.name.includes(value),
	scope: (network, value) => network.scope === value,
	type: (network, value) => (value === 'builtin') === ['bridge', 'host', 'none'].includes(network.name),
};

export const network: Command = {
	name: 'network',
	short: 'Manage networks',
	commands: [
		create,
		connect,
		disconnect,
		{
			name: 'rm',
			aliases: ['remove'],
			use: 'NETWORK [NETWORK...]',
			short: 'Remove one or more networks',
			complete: (_, at) => at.lab.docker.networks().map((item) => item.name),
			run: async ({ call, args }) => {
				if (args.length === 0)
					return usage('docker network rm', 'requires at least 1 argument.', 'docker network rm NETWORK [NETWORK...]');
				const errors: string[] = [];
				for (const name of args) {
					const gone = call.lab.docker.networks().find((n) => n.name === name || n.id.startsWith(name));
					const failed = call.lab.docker.removeNetwork(name);
					if (failed) errors.push(/^No such/.test(failed.error) ? `Error: ${failed.error}` : daemon(failed.error));
					else {
						toldOf(call.lab, 'network', 'destroy', gone!.id, { name: gone!.name, type: 'bridge' });
						call.out(`${name}\n`);
					}
				}
				return errors.length > 0 ? errors.join('\n') : 0;
			},
		},
		{
			name: 'ls',
			aliases: ['list'],
			use: '[OPTIONS]',
			short: 'List networks',
			flags: [FORMAT, QUIET, NO_TRUNC, FILTER],
			run: async ({ call, flags }) => {
				const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
				const bad = filters.find(([key]) => !Object.hasOwn(NETWORK_FILTERS, key));
				if (bad) return daemon(`invalid filter '${bad[0]}'`);
				const used = (item: Network): boolean =>
					['bridge', 'host', 'none'].includes(item.name) ||
					call.lab.docker.containers().some((c) => [c, ...(c.more ?? [])].some((at) => at.network === item.name));
				const dangling = filters.find(([key]) => key === 'dangling');
				const wanted = call.lab.docker
					.networks()
					.filter((item) => !dangling || used(item) !== /^(?:1|true)$/.test(dangling[1] ?? ''))
					.filter((item) => filters.every(([key, value]) => NETWORK_FILTERS[key]!(item, value ?? '')));
				const rows = wanted.map((item) => ({
					ID: flags.on('no-trunc') ? item.id : item.id.slice(0, 12),
					Name: item.name,
					Driver: item.driver,
					Scope: item.scope,
					IPv6: 'false',
					Internal: String(item.asked?.internal === true),
					CreatedAt: `${new Date(Math.floor(call.lab.epoch * 1000 + item.created / 1000)).toISOString().replace('T', ' ').replace('Z', '')} +0000 UTC`,
					Labels: Object.entries(item.asked?.labels ?? {})
						.map(([key, value]) => `${key}=${value}`)
						.join(','),
				}));
				const format = flags.on('quiet')
					? '{{.ID}}'
					: flags.text('format') || 'table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}';
				const result = formatRows(format, rows, { ID: 'NETWORK ID' });
				if ('error' in result) return result.error;
				call.out(result.text);
				return 0;
			},
		},
		pruneOfNetworks,
		inspectNetworks,
	],
};
