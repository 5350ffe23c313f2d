/**
 * docker network create, connect and disconnect.
 *
 * Source: docker/cli cli/command/network/{create,connect,disconnect}.go; moby daemon/{network,container_operations}.go,
 * runconfig/errors.go @ v20.10.
 */
import type { Attachment, Container, NetworkOptions } from '../../sim/lab/index.ts';
import { formatIp, type Prefix, parseIp, parsePrefix } from '../../sim/wire/index.ts';
import type { Run } from '../cobra/index.ts';
import { toldOf } from './event-book.ts';
import { daemon, placeOf, usage } from './words.ts';

const pairs = (list: readonly string[]): Readonly<Record<string, string>> =>
	Object.fromEntries(
		list.map((text) => {
			const [key = '', value = ''] = text.split(/=(.*)/s);
			return [key, value];
		}),
	);

const contains = ({ address, length }: Prefix, ip: number): boolean =>
	Math.floor(ip / 2 ** (32 - length)) === Math.floor(address / 2 ** (32 - length));

/** What `docker network create` asks for, or what is wrong with it. */
function asked({ flags }: Run): NetworkOptions | string {
	const subnet = flags.text('subnet');
	const [range, gateway] = [flags.text('ip-range'), flags.text('gateway')];
	if (flags.count('subnet') > 1) return 'docker network create: the simulator’s networks have one subnet each';
	if (/:/.test(subnet + gateway + range)) return 'docker network create: the simulator has no IPv6';
	const own = parsePrefix(subnet);
	if (subnet !== '' && (!own || !subnet.includes('/')))
		return daemon(
			`failed to parse pool request for address space "LocalDefault" pool "${subnet}" subpool "${range}": invalid CIDR address: ${subnet}`,
		);
	if (range !== '') {
		const part = parsePrefix(range);
		if (!part || !range.includes('/'))
			return `invalid argument "${range}" for "--ip-range" flag: invalid CIDR address: ${range}`;
		if (!own || !contains(own, part.address)) return `no matching subnet for range ${range}`;
	}
	const ip = parseIp(gateway);
	if (gateway !== '' && (ip === undefined || !own || !contains(own, ip)))
		return `no matching subnet for gateway ${gateway}`;
	const options = pairs(flags.list('opt'));
	const bridge = options['com.docker.network.bridge.name'];
	return {
		...(own ? { subnet: `${formatIp(own.address)}/${own.length}`, own: true } : {}),
		...(range === '' ? {} : { range }),
		...(ip === undefined ? {} : { gateway: ip }),
		...(bridge === undefined ? {} : { bridge }),
		internal: flags.on('internal'),
		attachable: flags.on('attachable'),
		options,
		labels: pairs(flags.list('label')),
	};
}

/** Options of the bridge driver that do something here, and those that only stand there. */
const BRIDGE_OPTIONS =
	/^(?:com\.docker\.network\.bridge\.(?:name|enable_ip_masquerade|default_bridge|host_binding_ipv4)|com\.docker\.network\.driver\.mtu)$/;

/** `docker network create` */
export async function createNetwork(given: Run): Promise<number | string> {
	const { call, args, flags } = given;
	const [name] = args;
	if (name === undefined || args.length > 1)
		return usage('docker network create', 'requires exactly 1 argument.', 'docker network create [OPTIONS] NETWORK');
	const driver = flags.text('driver');
	if (driver === 'host' || driver === 'null') return daemon(`only one instance of "${driver}" network is allowed`);
	if (driver === 'overlay')
		return daemon(
			'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
		);
	if (driver === 'macvlan' || driver === 'ipvlan')
		return `docker network create -d ${driver}: the simulator has networks of driver bridge only`;
	if (driver !== 'bridge') return daemon(`plugin "${driver}" not found`);
	const options = asked(given);
	if (typeof options === 'string') return options;
	const other = Object.keys(options.options ?? {}).find((key) => !BRIDGE_OPTIONS.test(key));
	if (other !== undefined) return `docker network create -o ${other}: the simulator’s bridges have not this option`;
	if (options.options?.['com.docker.network.driver.mtu'] !== undefined)
		return 'docker network create -o com.docker.network.driver.mtu: the simulator’s bridges have an MTU of 1500';
	const made = call.lab.docker.createNetwork(name, options);
	if (typeof made !== 'string') return daemon(made.error);
	toldOf(call.lab, 'network', 'create', made, { name, type: 'bridge' });
	call.out(`${made}\n`);
	return 0;
}

/** The network and the container of a command line, or what is wrong. */
function both({
	call,
	args,
}: Run): { readonly network: string; readonly id: string; readonly container: Container } | string {
	const { docker } = call.lab;
	const [name = '', whom = ''] = args;
	const network = docker.networks().find((n) => n.name === name || (name.length >= 3 && n.id.startsWith(name)));
	if (!network) return daemon(`network ${name} not found`);
	const container = docker.find(whom);
	if (!container) return daemon(`No such container: ${whom}`);
	if (placeOf(call.lab, container)?.kind !== 'container')
		return `docker network: the simulator’s nodes stay on the network that kind put them on; connect the other container to it: docker network connect ${container.network} CONTAINER`;
	return { network: network.name, id: network.id, container };
}

const on = (container: Container, network: string): boolean =>
	container.network === network || container.more?.some((at) => at.network === network) === true;

/** The lowest ethN that the container has not. */
function freeDevice(container: Container): string {
	const taken = [...(container.network === '' ? [] : [container]), ...(container.more ?? [])].map(
		(at) => at.device ?? 'eth0',
	);
	for (let i = 0; ; i++) if (!taken.includes(`eth${i}`)) return `eth${i}`;
}

/** `docker network connect` */
export async function connect(given: Run): Promise<number | string> {
	const { call, args, flags } = given;
	if (args.length !== 2)
		return usage(
			'docker network connect',
			'requires exactly 2 arguments.',
			'docker network connect [OPTIONS] NETWORK CONTAINER',
		);
	const found = both(given);
	if (typeof found === 'string') return found;
	const { network, id, container } = found;
	const { docker } = call.lab;
	if (container.network.startsWith('container:'))
		return daemon(
			'container sharing network namespace with another container or host cannot be connected to any other network',
		);
	if (network === 'host' || container.network === 'host')
		return daemon('container cannot be disconnected from host network or connected to host network');
	if (network === 'none' || container.network === 'none')
		return daemon('container cannot be connected to multiple networks with one of the networks in private (none) mode');
	if (on(container, network))
		return daemon(`endpoint with name ${container.name} already exists in network ${network}`);
	const aliases = flags.list('alias');
	if (network === 'bridge' && aliases.length > 0)
		return daemon('network-scoped alias is supported only for containers in user defined networks');
	const wanted = wantedAddress(given, network);
	if (typeof wanted === 'string') return wanted;
	const free = container.state === 'running' ? docker.freeAddress(network, wanted.ip) : undefined;
	if (free && 'error' in free) return daemon(free.error);
	const wants = wanted.ip === undefined ? {} : { wants: { ip: wanted.ip } };
	const more: Attachment = {
		network,
		device: freeDevice(container),
		...free,
		...wants,
		...(aliases.length > 0 ? { aliases } : {}),
	};
	if (container.network !== '') docker.change(container.id, { more: [...(container.more ?? []), more] });
	else docker.change(container.id, more);
	toldOf(call.lab, 'network', 'connect', id, { container: container.id, name: network, type: 'bridge' });
	return 0;
}

/** `--ip`, as far as the network lets people ask for one. */
export function wantedAddress({ call, flags }: Run, network: string): { readonly ip?: number } | string {
	const text = flags.text('ip');
	if (text === '') return {};
	const ip = parseIp(text);
	if (ip === undefined) return daemon(`invalid IPv4 address: ${text}`);
	const { asked: own, subnet } = call.lab.docker.networks().find((n) => n.name === network) ?? {};
	if (['bridge', 'host', 'none'].includes(network))
		return daemon('user specified IP address is supported on user defined networks only');
	if (!own?.own || subnet === undefined)
		return daemon(
			'user specified IP address is supported only when connecting to networks with user configured subnets',
		);
	if (!contains(parsePrefix(subnet)!, ip))
		return daemon(`Invalid address ${text}: It does not belong to any of this network's subnets`);
	return { ip };
}

/** `docker network disconnect` */
export async function disconnect(given: Run): Promise<number | string> {
	const { call, args } = given;
	if (args.length !== 2)
		return usage(
			'docker network disconnect',
			'requires exactly 2 arguments.',
			'docker network disconnect [OPTIONS] NETWORK CONTAINER',
		);
	const found = both(given);
	if (typeof found === 'string') return found;
	const { network, id, container } = found;
	const { docker } = call.lab;
	if (network === 'host')
		return daemon('container cannot be disconnected from host network or connected to host network');
	if (!on(container, network)) return daemon(`container ${container.id} is not connected to network ${network}`);
	const more = container.more ?? [];
	if (container.network !== network) docker.change(container.id, { more: more.filter((at) => at.network !== network) });
	else {
		// What follows takes its place, with the device and the address it has.
		const [next, ...rest] = more;
		const { ip: _i, mac: _m, wants: _w, aliases: _a, device: _d, ...bare } = container;
		docker.change(container.id, { ...bare, ...NOTHING, network: '', ...next, more: rest });
	}
	toldOf(call.lab, 'network', 'disconnect', id, { container: container.id, name: network, type: 'bridge' });

	return 0;
}

/** What belongs to a network goes with it. */
const NOTHING = {
	ip: undefined,
	mac: undefined,
	wants: undefined,
	aliases: undefined,
	device: undefined,
} as unknown as Pick<Container, 'ip' | 'mac' | 'wants' | 'aliases' | 'device'>;
