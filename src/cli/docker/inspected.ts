/** What docker inspect shows of containers, images, networks and volumes. */
import type { Lab } from '../../sim/lab/index.ts';
import { formatIp, formatMac } from '../../sim/wire/index.ts';
import type { Run } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import { imageCalled } from './image-called.ts';
import { endpointId, inspectContainer } from './inspect-container.ts';
import { inspectImage } from './inspect-image.ts';
import { allVolumes } from './node-mounts.ts';
import { shown as shownVolume } from './volume-users.ts';
import { usage } from './words.ts';

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

export type Kind = 'container' | 'image' | 'network' | 'volume';

/** `docker inspect`, and each object's own; `only` is the kind it looks for. */
export async function inspected(
	{ call, args, flags: given }: Run,
	only: Kind | undefined,
	path: string,
	use: string,
): Promise<number | string> {
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
}

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
