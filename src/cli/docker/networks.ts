/** docker inspect, and docker's networks. */
import type { Lab } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { formatRows, inspectContainer } from './format.ts';
import { imageCalled, inspectImage } from './images.ts';
import { all, daemon, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

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
	Scope: network.scope,
	Driver: network.driver,
	IPAM: {
		Driver: 'default',
		Config:
			network.subnet === undefined
				? []
				: [{ Subnet: network.subnet, ...(network.gateway === undefined ? {} : { Gateway: gateway(network) }) }],
	},
	Containers: Object.fromEntries(
		lab.docker
			.containers()
			.filter((c) => c.network === network.name && c.state === 'running')
			.map((c) => {
				const shown = inspectContainer(c, lab).NetworkSettings as {
					Networks: Record<string, { IPAddress: string; IPPrefixLen: number; MacAddress: string }>;
				};
				const net = shown.Networks[network.name]!;
				return [c.id, { Name: c.name, MacAddress: net.MacAddress, IPv4Address: `${net.IPAddress}/${net.IPPrefixLen}` }];
			}),
	),
});

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
			flags: [FORMAT, QUIET, NO_TRUNC],
			run: async ({ call, flags }) => {
				const rows = call.lab.docker.networks().map((item) => ({
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
		{
			...inspect,
			short: 'Display detailed information on one or more networks',
			complete: (_, at) => at.lab.docker.networks().map((item) => item.name),
		},
	],
};
