/** docker inspect, and docker's networks. */
import type { Lab } from '../../sim/lab/index.ts';
import { formatIp, formatMac } from '../../sim/wire/index.ts';
import type { Command, Flag } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { toldOf } from './event-book.ts';
import { formatRows } from './format.ts';
import { imageCalled } from './image-called.ts';
import { endpointId, inspectContainer } from './inspect-container.ts';
import { inspectImage } from './inspect-image.ts';
import { connect, create, disconnect } from './network-change.ts';
import { allVolumes } from './node-mounts.ts';
import { pruneOfNetworks } from './prune.ts';
import { shown as shownVolume } from './volume-users.ts';
import { all, daemon, FILTER, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

/** Objects whose keys are anybody's: what is not there is no mistake. */
const MAPS: ReadonlySet<string> = new Set([
	'Containers',
	'ExposedPorts',
	'Labels',
	'Networks',
	'Options',
	'PortBindings',
	'Ports',
	'Tmpfs',
]);

/** What Docker has of its objects, and the lab has not. */
const UNKNOWN: Readonly<Record<string, string>> = {
	GraphDriver: 'the simulator has no layers of files',
	Layers: 'the simulator knows no layers of images',
	RootFS: 'the simulator knows no layers of images',
};

/** A field that is not there, as the template over raw JSON says it (cli/command/inspect/inspector.go @ v20.10). */
function missing(format: string, message: string): string {
	const [, name = ''] = /can't evaluate field (\w+)/.exec(message) ?? [];
	if (name === '') return message;
	if (Object.hasOwn(UNKNOWN, name)) return `.${name}: ${UNKNOWN[name]}`;
	const chain = new RegExp(`(?:\\.\\w+)*\\.${name}\\b(?:\\.\\w+)*`).exec(format);
	if (!chain) return message;
	// A chain's place is that of its second field (text/template/parse operand()).
	const second = chain[0].indexOf('.', 1);
	const at = chain.index + Math.max(second, 0);
	return `template: :1:${at}: executing "" at <${chain[0]}>: map has no entry for key "${name}"`;
}

type Kind = 'container' | 'image' | 'network' | 'volume';

/** `docker inspect`, and each object's own; `only` is the kind it looks for. */
const inspectOf = (
	only: Kind | undefined,
	path: string,
	use: string,
	short: string,
	flags: readonly Flag[],
): Command => ({
	name: 'inspect',
	use,
	short,
	flags: [{ ...FORMAT, short: 'f' }, ...flags],
	complete: (_, at) =>
		only === 'network'
			? at.lab.docker.networks().map((item) => item.name)
			: only === 'image'
				? at.lab.docker.images().map((image) => `${image.repository}:${image.tag}`)
				: all(at),
	run: async ({ call, args, flags: given }) => {
		if (args.length === 0) return usage(path, 'requires at least 1 argument.', `${path} ${use}`);
		const { lab } = call;
		const asked = given.given('type') ? given.text('type') : only;
		if (asked !== undefined && !['container', 'image', 'network', 'volume'].includes(asked))
			return ['node', 'service', 'task', 'secret', 'config', 'plugin'].includes(asked)
				? `docker inspect --type ${asked}: the simulator’s Docker has no swarm and no plugins`
				: `"${asked}" is not a valid value for --type`;
		const found: unknown[] = [];
		const errors: string[] = [];
		for (const name of args) {
			const is = (kind: Kind): boolean => asked === undefined || asked === kind;
			const container = is('container') ? lab.docker.find(name) : undefined;
			const image = is('image') ? imageCalled(lab, name) : undefined;
			const network = is('network')
				? lab.docker.networks().find((item) => item.name === name || item.id.startsWith(name))
				: undefined;
			const volume = is('volume') ? allVolumes(lab).get(name) : undefined;
			if (container) found.push(inspectContainer(container, lab, given.given('size') && given.on('size')));
			else if (image) found.push(inspectImage(lab, image));
			else if (network) found.push(inspectNetwork(lab, network));
			else if (volume) found.push(shownVolume(lab, volume));
			else errors.push(`Error: No such ${only ?? 'object'}: ${name}`);
		}
		const format = given.text('format');
		try {
			call.out(
				format && format !== 'json'
					? found.map((item) => `${goTemplate(format, { strict: true, maps: MAPS })(item)}\n`).join('')
					: `${JSON.stringify(found, null, 4)}\n`,
			);
		} catch (fault) {
			if (!(fault instanceof TemplateError)) throw fault;
			call.out('\n');
			return `Template parsing error: ${missing(format, fault.message)}`;
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
});

const SIZE: Flag = {
	name: 'size',
	short: 's',
	type: 'bool',
	usage: 'Display total file sizes if the type is container',
};

export const inspect = inspectOf(
	undefined,
	'docker inspect',
	'[OPTIONS] NAME|ID [NAME|ID...]',
	'Return low-level information on Docker objects',
	[SIZE, { name: 'type', type: 'string', usage: 'Return JSON for specified type' }],
);
export const inspectContainers = inspectOf(
	'container',
	'docker container inspect',
	'[OPTIONS] CONTAINER [CONTAINER...]',
	'Display detailed information on one or more containers',
	[{ ...SIZE, usage: 'Display total file sizes' }],
);
export const inspectImages = inspectOf(
	'image',
	'docker image inspect',
	'[OPTIONS] IMAGE [IMAGE...]',
	'Display detailed information on one or more images',
	[],
);

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
				: [
						{
							Subnet: network.subnet,
							...(network.asked?.range === undefined ? {} : { IPRange: network.asked.range }),
							...(network.gateway === undefined ? {} : { Gateway: formatIp(network.gateway) }),
						},
					],
	},
	Internal: network.asked?.internal === true,
	Attachable: network.asked?.attachable === true,
	Ingress: false,
	ConfigFrom: { Network: '' },
	ConfigOnly: false,
	Containers: Object.fromEntries(
		lab.docker
			.containers()
			.filter((c) => c.state === 'running')
			.flatMap((c) => {
				const at = [c, ...(c.more ?? [])].find((one) => one.network === network.name);
				if (!at) return [];
				return [
					[
						c.id,
						{
							Name: c.name,
							EndpointID: endpointId(network.id, c.id),
							MacAddress: at.mac === undefined ? '' : formatMac(at.mac),
							IPv4Address: at.ip === undefined ? '' : `${formatIp(at.ip)}/${network.subnet?.split('/')[1]}`,
							IPv6Address: '',
						},
					],
				];
			}),
	),
	Options: optionsOf(network),
	Labels: network.asked?.labels ?? {},
});

/** daemon/config and libnetwork's bridge driver; kind's create.go asks for masquerading and Docker's own MTU. */
function optionsOf({ name, driver, asked }: Network): Readonly<Record<string, string>> {
	const bridge = 'com.docker.network.bridge';
	if (driver !== 'bridge') return {};
	if (name === 'kind') return { [`${bridge}.enable_ip_masquerade`]: 'true', 'com.docker.network.driver.mtu': '1500' };
	if (name !== 'bridge') return asked?.options ?? {};
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
		inspectOf(
			'network',
			'docker network inspect',
			'[OPTIONS] NETWORK [NETWORK...]',
			'Display detailed information on one or more networks',
			[{ name: 'verbose', short: 'v', type: 'bool', usage: 'Verbose output for diagnostics' }],
		),
	],
};
