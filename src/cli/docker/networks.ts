/** docker inspect, and docker's networks. */
import { type Lab, volumesOfDocker } from '../../sim/lab/index.ts';
import { hashText } from '../../sim/linux/index.ts';
import type { Command } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { toldOf } from './event-book.ts';
import { formatRows, inspectContainer } from './format.ts';
import { imageCalled, inspectImage } from './images.ts';
import { pruneOfNetworks, shown as shownVolume } from './volumes.ts';
import { all, daemon, FILTER, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

export const inspect: Command = {
	name: 'inspect',
	use: '[OPTIONS] NAME|ID [NAME|ID...]',
	short: 'Return low-level information on Docker objects',
	flags: [
		{ ...FORMAT, short: 'f' },
		{ name: 'type', type: 'string', usage: 'Return JSON for specified type' },
	],
	complete: (_, at) => all(at),
	run: async ({ call, args, flags }) => {
		if (args.length === 0)
			return usage('docker inspect', 'requires at least 1 argument.', 'docker inspect [OPTIONS] NAME|ID [NAME|ID...]');
		const found: unknown[] = [];
		const errors: string[] = [];
		for (const name of args) {
			const container = call.lab.docker.find(name);
			const network = call.lab.docker.networks().find((item) => item.name === name || item.id.startsWith(name));
			if (container) found.push(inspectContainer(container, call.lab));
			else if (network) found.push(inspectNetwork(call.lab, network));
			else if (volumesOfDocker(call.lab).has(name))
				found.push(shownVolume(call.lab, volumesOfDocker(call.lab).get(name)!));
			else if (imageCalled(call.lab, name)) found.push(inspectImage(call.lab, imageCalled(call.lab, name)!));
			else errors.push(`Error: No such object: ${name}`);
		}
		const format = flags.text('format');
		try {
			call.out(
				format
					? found.map((item) => `${goTemplate(format, { strict: true })(item)}\n`).join('')
					: `${JSON.stringify(found, null, 4)}\n`,
			);
		} catch (fault) {
			if (!(fault instanceof TemplateError)) throw fault;
			return `template parsing error: ${fault.message}`;
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
};

type Network = ReturnType<Lab['docker']['networks']>[number];

const inspectNetwork = (lab: Lab, network: Network): unknown => ({
	Name: network.name,
	Id: network.id,
	Created: new Date(Math.floor(lab.epoch * 1000 + network.created / 1000)).toISOString(),
	Scope: network.scope,
	Driver: network.driver,
	EnableIPv6: false,
	IPAM: {
		Driver: 'default',
		Options: network.driver === 'bridge' && network.name !== 'bridge' ? {} : null,
		Config:
			network.subnet === undefined
				? []
				: [{ Subnet: network.subnet, ...(network.gateway === undefined ? {} : { Gateway: gateway(network) }) }],
	},
	Internal: false,
	Attachable: false,
	Ingress: false,
	ConfigFrom: { Network: '' },
	ConfigOnly: false,
	Containers: Object.fromEntries(
		lab.docker
			.containers()
			.filter((c) => c.network === network.name && c.state === 'running')
			.map((c) => {
				const shown = inspectContainer(c, lab).NetworkSettings as {
					Networks: Record<string, { IPAddress: string; IPPrefixLen: number; MacAddress: string }>;
				};
				const net = shown.Networks[network.name]!;
				return [
					c.id,
					{
						Name: c.name,
						EndpointID: endpointId(network.id, c.id),
						MacAddress: net.MacAddress,
						IPv4Address: `${net.IPAddress}/${net.IPPrefixLen}`,
						IPv6Address: '',
					},
				];
			}),
	),
	Options: optionsOf(network),
	Labels: {},
});

/** 64 hex digits, the same as long as the container is on that network. */
const endpointId = (network: string, container: string): string =>
	[1, 2, 3, 4, 5, 6, 7, 8]
		.map((seed) => hashText(seed, `${network} ${container}`).toString(16).padStart(8, '0'))
		.join('');

/** daemon/config and libnetwork's bridge driver; kind's create.go asks for masquerading and Docker's own MTU. */
function optionsOf({ name, driver }: Network): Readonly<Record<string, string>> {
	const bridge = 'com.docker.network.bridge';
	if (driver !== 'bridge') return {};
	if (name === 'kind') return { [`${bridge}.enable_ip_masquerade`]: 'true', 'com.docker.network.driver.mtu': '1500' };
	if (name !== 'bridge') return {};
	return {
		[`${bridge}.default_bridge`]: 'true',
		[`${bridge}.enable_icc`]: 'true',
		[`${bridge}.enable_ip_masquerade`]: 'true',
		[`${bridge}.host_binding_ipv4`]: '0.0.0.0',
		[`${bridge}.name`]: 'docker0',
		'com.docker.network.driver.mtu': '1500',
	};
}

const NETWORK_FILTERS: Readonly<Record<string, (network: Network, value: string) => boolean>> = {
	driver: (network, value) => network.driver === value,
	id: (network, value) => network.id.includes(value),
	label: () => false,
	name: (network, value) => network.name.includes(value),
	scope: (network, value) => network.scope === value,
	type: (network, value) => (value === 'builtin') === ['bridge', 'host', 'none'].includes(network.name),
};

const gateway = (network: Network): string =>
	[24, 16, 8, 0].map((shift) => ((network.gateway ?? 0) >>> shift) & 255).join('.');

export const network: Command = {
	name: 'network',
	short: 'Manage networks',
	commands: [
		{
			name: 'create',
			use: '[OPTIONS] NETWORK',
			short: 'Create a network',
			flags: [{ name: 'driver', short: 'd', type: 'string', default: 'bridge', usage: 'Driver to manage the Network' }],
			run: async ({ call, args, flags }) => {
				const [name] = args;
				if (name === undefined || args.length > 1)
					return usage(
						'docker network create',
						'requires exactly 1 argument.',
						'docker network create [OPTIONS] NETWORK',
					);
				if (flags.text('driver') !== 'bridge')
					return daemon(`the simulator has networks of driver bridge only, not ${flags.text('driver')}`);
				const made = call.lab.docker.createNetwork(name);
				if (typeof made !== 'string') return daemon(made.error);
				toldOf(call.lab, 'network', 'create', made, { name, type: 'bridge' });
				call.out(`${made}\n`);
				return 0;
			},
		},
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
					const failed = call.lab.docker.removeNetwork(name);
					if (failed) errors.push(daemon(failed.error));
					else call.out(`${name}\n`);
				}
				return errors.length > 0 ? errors.join('\n') : 0;
			},
		},
		{
			name: 'connect',
			use: '[OPTIONS] NETWORK CONTAINER',
			short: 'Connect a container to a network',
			run: async () => 'docker: the simulator gives a container one network: docker run --network NETWORK',
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
				const wanted = call.lab.docker
					.networks()
					.filter((item) => filters.every(([key, value]) => NETWORK_FILTERS[key]!(item, value ?? '')));
				const rows = wanted.map((item) => ({
					ID: flags.on('no-trunc') ? item.id : item.id.slice(0, 12),
					Name: item.name,
					Driver: item.driver,
					Scope: item.scope,
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
		{
			...inspect,
			short: 'Display detailed information on one or more networks',
			complete: (_, at) => at.lab.docker.networks().map((item) => item.name),
		},
	],
};
