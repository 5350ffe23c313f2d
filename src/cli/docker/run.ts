/**
 * docker run: a container beside the nodes, on one of Docker's networks, the laptop's, or another container's.
 *
 * Source: docker/cli cli/command/container/{run,create,opts}.go @ v20.10; names as moby pkg/namesgenerator makes them.
 */
import {
	type Container,
	type DockerSettings,
	dockerUser,
	isAddress,
	type Lab,
	setDocker,
} from '../../sim/lab/index.ts';
import { formatIp, parseMac } from '../../sim/wire/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import { type Call, Interrupted, type Place } from '../tool.ts';
import { told } from './event-book.ts';
import { health, healthOf } from './health.ts';
import { imageCalled, withTag } from './image-called.ts';
import { argvOf, imageConfig } from './image-config.ts';
import { pullImage } from './images.ts';
import { mountsOf } from './mounts.ts';
import { wantedAddress } from './network-change.ts';
import { begin, ended, hold, isGuest, isSignal, keep, notFound, type ProgramSpec, REMOVE, watch } from './processes.ts';
import { sizeOf, usage } from './words.ts';

const LEFT =
	'admiring agitated beautiful boring clever cool dazzling eager elastic focused gallant happy hopeful jolly kind lucid modest nifty optimistic peaceful quirky serene stoic sweet vibrant wizardly youthful zen'.split(
		' ',
	);
const RIGHT =
	'albattani bell bohr cori curie darwin dijkstra einstein euler fermat galileo hamilton hawking hopper hypatia kepler knuth lamarr lovelace meitner newton noether pascal ritchie shannon tesla turing wozniak'.split(
		' ',
	);

/** A name nobody has: `serene_hopper`. */
function randomName(lab: Lab): string {
	const taken = lab.docker.containers();
	for (let i = 0; ; i++) {
		const draw = (what: string, list: readonly string[]): string =>
			list[lab.random('docker name', `${what} ${lab.now} ${taken.length} ${i}`, list.length)]!;
		const name = `${draw('left', LEFT)}_${draw('right', RIGHT)}${i > 10 ? i : ''}`;
		if (name !== 'boring_wozniak' && !taken.some((c) => c.name === name)) return name;
	}
}

/** The program curl's image runs, which is a script around it. */
const programOf = (argv: readonly string[]): readonly string[] =>
	argv[0] === '/entrypoint.sh' ? ['curl', ...argv.slice(1)] : argv;

const isShell = (argv: readonly string[]): boolean => argv.length === 1 && /(?:^|\/)(?:z|ba|a|da)?sh$/.test(argv[0]!);

/** The client takes one dot away and puts it back (run.go reportError()). */
const problem = (text: string): string => `docker: ${text.replace(/\.$/, '')}.\nSee 'docker run --help'.\n`;

/** `8080:80`, `127.0.0.1:8080:80/udp`, `80`. */
function published(text: string, lab: Lab): Container['ports'][number] | string {
	const [, mapping = '', protocol = 'tcp'] = /^(.*?)(?:\/(.*))?$/s.exec(text)!;
	const parts = mapping.split(':');
	const port = parts.pop()!;
	const hostPort = parts.pop() ?? '';
	const hostIp = parts.join(':').replace(/^\[(.*)\]$/, '$1');
	if (hostIp !== '' && !isAddress(hostIp)) return `Invalid ip address: ${hostIp}`;
	if (port === '') return `No port specified: ${text}<empty>`;
	if (!isPort(port)) return `Invalid containerPort: ${port}`;
	if (hostPort !== '' && !isPort(hostPort)) return `Invalid hostPort: ${hostPort}`;
	if (!['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase())) return `Invalid proto: ${protocol}`;
	return {
		hostIp: hostIp || '0.0.0.0',
		hostPort: hostPort ? Number(hostPort) : 49_153 + lab.random('published', `${text} ${lab.now}`, 5000),
		containerPort: Number(port),
		protocol: protocol.toLowerCase() as 'tcp' | 'udp' | 'sctp',
	};
}

const isPort = (text: string): boolean => /^\d+$/.test(text) && Number(text) <= 65535;

/** `docker run` and `docker create`, which leaves the container for later. */
async function run(given: Run, later = false): Promise<number | string> {
	const { call, args, flags } = given;
	const { lab } = call;
	const [image, ...words] = args;
	if (image === undefined)
		return usage(
			`docker ${later ? 'create' : 'run'}`,
			'requires at least 1 argument.',
			`docker ${later ? 'create' : 'run'} [OPTIONS] IMAGE [COMMAND] [ARG...]`,
		);
	const fromFiles: string[] = [];
	for (const path of flags.list('env-file')) {
		const text = await call.files.read(path);
		if (text === undefined)
			return fail(call, 125, `docker: open ${path}: no such file or directory.\nSee 'docker run --help'.\n`);
		fromFiles.push(
			...text
				.split('\n')
				.map((line) => line.trimStart())
				.filter((line) => line !== '' && !line.startsWith('#')),
		);
	}
	for (const path of flags.list('label-file'))
		if ((await call.files.read(path)) === undefined)
			return fail(call, 125, `docker: open ${path}: no such file or directory.\nSee 'docker run --help'.\n`);
	const cidFile = flags.text('cidfile');
	if (cidFile !== '' && (await call.files.read(cidFile)) !== undefined)
		return fail(
			call,
			125,
			`docker: Container ID file found, make sure the other container isn't running or delete ${cidFile}.\nSee 'docker run --help'.\n`,
		);
	const pulls = flags.text('pull');
	if (!['always', 'missing', 'never'].includes(pulls))
		return fail(
			call,
			125,
			`docker: invalid pull option: '${pulls}': must be one of "always", "missing" or "never".\nSee 'docker run --help'.\n`,
		);
	const ports = flags.list('publish').map((text) => published(text, lab));
	const refused = ports.find((port) => typeof port === 'string');
	if (refused !== undefined) return fail(call, 125, `docker: ${refused}.\nSee 'docker run --help'.\n`);
	if (pulls === 'never' && imageCalled(lab, image) === undefined)
		return fail(call, 125, problem(`Error response from daemon: No such image: ${withTag(image)}`));
	if (pulls === 'always') {
		const failed = await pullImage(call, image, (text) => call.err(text));
		if (failed !== undefined) return fail(call, 125, problem(failed));
	} else if (imageCalled(lab, image) === undefined) {
		call.err(`Unable to find image '${withTag(image)}' locally\n`);
		const failed = await pullImage(call, image, (text) => call.err(text));
		if (failed !== undefined) return fail(call, 125, problem(failed));
	}
	const found = imageCalled(lab, image);
	const plain = found && `${found.repository}:${found.tag}`;
	const known = found?.of ?? (found && plain !== withTag(image) ? plain! : image);
	const network = flags.text('network') === 'default' ? 'bridge' : flags.text('network');
	const other = /^container:(.+)$/.exec(network)?.[1];
	const shared = other === undefined ? undefined : lab.docker.find(other);
	if (other !== undefined && !shared)
		return fail(call, 125, problem(`Error response from daemon: No such container: ${other}`));
	if (shared && shared.state !== 'running')
		return fail(
			call,
			125,
			problem(`Error response from daemon: cannot join network of a non running container: ${shared.id}`),
		);
	const argv = argvOf(known, flags.given('entrypoint') ? flags.text('entrypoint') : undefined, words);
	const labels: Record<string, string> = {};
	const labelled: string[] = [];
	for (const path of flags.list('label-file'))
		labelled.push(
			...((await call.files.read(path)) ?? '')
				.split('\n')
				.map((line) => line.trim())
				.filter((line) => line !== '' && !line.startsWith('#')),
		);
	for (const text of [...labelled, ...flags.list('label')]) {
		const [key = '', value = ''] = text.split(/=(.*)/s);
		labels[key] = value;
	}
	if (flags.on('rm')) labels[REMOVE] = '';
	const policy = flags.text('restart');
	if (!/^(?:|no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy))
		return fail(call, 125, problem(`Error response from daemon: invalid restart policy '${policy}'`));
	if (flags.on('rm') && policy !== '' && policy !== 'no')
		return fail(call, 125, "docker: Conflicting options: --restart and --rm.\nSee 'docker run --help'.\n");
	if (!other && !lab.docker.networks().some((n) => n.name === network))
		return fail(call, 125, problem(`Error response from daemon: network ${network} not found`));
	const name = flags.text('name') || randomName(lab);
	if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
		return fail(
			call,
			125,
			problem(
				`Error response from daemon: Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`,
			),
		);
	const user = flags.text('user') === '' ? undefined : dockerUser(known, flags.text('user'));
	if (user && 'error' in user) return fail(call, 125, problem(`Error response from daemon: ${user.error}`));
	const directory = flags.text('workdir');
	if (directory !== '' && !directory.startsWith('/'))
		return fail(
			call,
			125,
			problem(
				`Error response from daemon: the working directory '${directory}' is invalid, it needs to be an absolute path`,
			),
		);
	const memory = flags.text('memory') === '' ? undefined : sizeOf(flags.text('memory'));
	if (flags.text('memory') !== '' && memory === undefined)
		return fail(
			call,
			125,
			`invalid argument "${flags.text('memory')}" for "-m, --memory" flag: invalid size: '${flags.text('memory')}'\nSee 'docker run --help'.\n`,
		);
	if (memory !== undefined && memory < 6 * 1024 * 1024)
		return fail(call, 125, problem('Error response from daemon: Minimum memory limit allowed is 6MB'));
	const hosts: string[] = [];
	for (const text of flags.list('add-host')) {
		const [, host, ip] = /^([^:]+):(.+)$/.exec(text) ?? [];
		const gateway = lab.docker.networks().find((n) => n.name === 'bridge')?.gateway;
		const address = ip === 'host-gateway' && gateway !== undefined ? formatIp(gateway) : ip;
		if (host === undefined || !isAddress(address ?? ''))
			return fail(
				call,
				125,
				`invalid argument "${text}" for "--add-host" flag: ${host === undefined ? `bad format for add-host: "${text}"` : `invalid IP address in add-host: "${ip}"`}\nSee 'docker run --help'.\n`,
			);
		hosts.push(`${address}\t${host}\n`);
	}
	if (flags.list('network-alias').length > 0 && (shared || ['bridge', 'host', 'none'].includes(network)))
		return fail(
			call,
			125,
			problem(
				'Error response from daemon: network-scoped alias is supported only for containers in user defined networks',
			),
		);
	if (flags.text('hostname') !== '' && (shared || network === 'host'))
		return fail(
			call,
			125,
			problem('Error response from daemon: conflicting options: hostname and the network mode').replace(
				'Error response from daemon: ',
				'',
			),
		);
	if (ports.length > 0 && shared)
		return fail(call, 125, problem('conflicting options: port publishing and the container type network mode'));
	if (lab.docker.containers().some((c) => c.name === name)) {
		const clash = lab.docker.run({ name, image, command: '', labels, network, ports: [] });
		if ('error' in clash) return fail(call, 125, problem(`Error response from daemon: ${clash.error}`));
	}
	const address = wantedAddress(given, network);
	if (typeof address === 'string') return fail(call, 125, problem(address));
	const mac = flags.text('mac-address');
	if (mac !== '' && parseMac(mac) === undefined) return fail(call, 125, problem(`invalid MAC address: ${mac}`));
	const servers = flags.list('dns');
	const notAddress = servers.find((text) => !isAddress(text));
	if (notAddress !== undefined)
		return fail(
			call,
			125,
			`invalid argument "${notAddress}" for "--dns" flag: ${notAddress} is not an ip address\nSee 'docker run --help'.\n`,
		);
	// Docker's own server would ask them; it asks nobody here.
	if (servers.length > 0 && !['bridge', 'host', 'none'].includes(network) && !shared)
		return fail(
			call,
			125,
			'docker run --dns: on networks of people’s own the simulator’s Docker asks no other name servers\n',
		);
	const cpus = flags.text('cpus');
	if (cpus !== '' && !/^\d*\.?\d+$/.test(cpus))
		return fail(
			call,
			125,
			`invalid argument "${cpus}" for "--cpus" flag: failed to parse ${cpus} as a rational number\nSee 'docker run --help'.\n`,
		);
	if (Number(cpus) > 8)
		return fail(
			call,
			125,
			problem('Error response from daemon: range of CPUs is from 0.01 to 8.00, as there are only 8 CPUs available'),
		);
	const shm = flags.text('shm-size') === '' ? undefined : sizeOf(flags.text('shm-size'));
	if (flags.text('shm-size') !== '' && shm === undefined)
		return fail(
			call,
			125,
			`invalid argument "${flags.text('shm-size')}" for "--shm-size" flag: invalid size: '${flags.text('shm-size')}'\nSee 'docker run --help'.\n`,
		);
	const stopSignal = flags.text('stop-signal');
	if (stopSignal !== '' && !isSignal(stopSignal))
		return fail(call, 125, problem(`Error response from daemon: Invalid signal: ${stopSignal}`));
	const exposed: string[] = [];
	for (const text of flags.list('expose')) {
		const [, from = '', to = from, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(text) ?? [];
		if (!isPort(from) || !isPort(to) || Number(to) < Number(from))
			return fail(
				call,
				125,
				problem(`invalid range format for --expose: ${text}, error: Invalid range specified for the Port`),
			);
		for (let port = Number(from); port <= Number(to); port++) exposed.push(`${port}/${protocol}`);
	}
	if (flags.on('publish-all'))
		for (const text of [...imageConfig(known).ports, ...exposed])
			if (!ports.some((p) => typeof p !== 'string' && `${p.containerPort}/${p.protocol}` === text))
				ports.push(published(text, lab));
	const checked = health(flags);
	if (typeof checked === 'string') return fail(call, 125, problem(checked));
	const mounts = await mountsOf(call, flags, known);
	if ('client' in mounts) return fail(call, 125, mounts.client);
	if ('error' in mounts) return fail(call, 125, problem(`Error response from daemon: ${mounts.error}`));
	const [first, domain] = [flags.text('hostname'), flags.text('domainname')];
	const hostname = domain === '' ? first : `${first === '' ? name : first}.${domain}`;
	const settings: DockerSettings = {
		env: Object.fromEntries(
			[...fromFiles, ...flags.list('env')].flatMap((text): (readonly [string, string])[] => {
				const [key = '', value = call.env.get(text)] = text.split(/=(.*)/s) as [string, string | undefined];
				return value === undefined ? [] : [[key, value]];
			}),
		),
		security: {
			...user,
			...(flags.on('privileged') ? { privileged: true } : {}),
			...(flags.on('read-only') ? { readOnlyRootFilesystem: true } : {}),
			...(flags.given('cap-add') || flags.given('cap-drop')
				? { capabilities: { add: flags.list('cap-add'), drop: flags.list('cap-drop') } }
				: {}),
		},
		mounts,
		...(directory === '' ? {} : { directory }),
		...(servers.length + flags.list('dns-search').length + flags.list('dns-option').length > 0
			? {
					resolver: {
						...(servers.length > 0 ? { servers } : {}),
						...(flags.given('dns-search') ? { searches: flags.list('dns-search') } : {}),
						...(flags.given('dns-option') ? { options: flags.list('dns-option') } : {}),
					},
				}
			: {}),
		...(cpus === '' ? {} : { cpus: Math.round(Number(cpus) * 1e9) }),
		...(shm === undefined ? {} : { shm }),
		...(stopSignal === '' ? {} : { stopSignal }),
		...(flags.given('stop-timeout') ? { stopTimeout: flags.number('stop-timeout') } : {}),
		...(exposed.length > 0 ? { ports: exposed } : {}),
		...(checked ? { health: checked } : {}),
		network: shared ? `container:${shared.id}` : flags.text('network'),
		attached: !later && !flags.on('detach'),
		stdin: flags.on('interactive'),
		tty: flags.on('tty'),
		...(memory === undefined ? {} : { memory }),
		...(hosts.length > 0 ? { hosts } : {}),
		...(flags.given('entrypoint') && flags.text('entrypoint') !== '' ? { command: [flags.text('entrypoint')] } : {}),
		...(words.length > 0 ? { args: words } : {}),
	};
	const made = lab.docker.run(
		{
			name,
			image,
			...(known === image ? {} : { base: known }),
			command: argv.join(' '),
			labels,
			network: shared ? `container:${shared.id}` : network,
			ports: ports.filter((port) => typeof port !== 'string'),
			...(flags.given('network-alias') ? { aliases: flags.list('network-alias') } : {}),
			...(hostname === '' ? {} : { hostname }),
			...(address.ip === undefined && mac === ''
				? {}
				: {
						wants: {
							...address,
							...(mac === '' ? {} : { mac: parseMac(mac)! }),
						},
					}),
		},
		true,
	);
	if ('error' in made) return fail(call, 125, problem(`Error response from daemon: ${made.error}`));
	setDocker(lab, made, settings);
	const spec: ProgramSpec = {
		argv,
		restart: flags.text('restart'),
		...(settings.command ? { command: settings.command } : {}),
		...(settings.args ? { args: settings.args } : {}),
	};
	told(lab, 'create', made);
	if (cidFile !== '') await call.files.write(cidFile, made.id);
	if (later) {
		keep(lab, made, spec, flags.on('interactive'));
		call.out(`${made.id}\n`);
		return 0;
	}
	const refusal = lab.docker.start(made.id);
	if (refusal) {
		keep(lab, made, spec, flags.on('interactive'));
		return fail(call, 125, problem(`Error response from daemon: ${refusal.error}`));
	}
	told(lab, 'start', made);
	healthOf(lab, made.id);
	if (mounts.some(({ type }) => type === 'bind')) await call.filesAt({ kind: 'container', id: made.id }).list('/');
	return start(call, lab.docker.find(made.id)!, spec, {
		detached: flags.on('detach'),
		terminal: flags.on('tty') && flags.on('interactive'),
		stdin: flags.on('interactive'),
	});
}

const fail = (call: Call, code: number, text: string): number => {
	call.err(text);
	return code;
};

/** Runs the container's program to its end, or leaves it alone when it is detached. */
async function start(
	call: Call,
	container: Container,
	spec: ProgramSpec,
	how: { readonly detached: boolean; readonly terminal: boolean; readonly stdin: boolean },
): Promise<number> {
	const { lab } = call;
	const place: Place = { kind: 'container', id: container.id };
	const { argv } = spec;
	const typed = how.stdin && (how.terminal || call.stdin === '');
	if (how.detached || !typed || !isGuest(container, spec)) {
		// A shell with an open input waits for somebody to attach.
		const waits = how.stdin && how.detached && isGuest(container, spec) && isShell(argv);
		const process = begin(lab, container, { ...spec, waits, stdin: how.stdin && !how.detached ? call.stdin : '' });
		if (how.detached) {
			await call.until(() => process.state !== 'starting', 10e6);
			call.out(`${container.id}\n`);
			if (process.fault === undefined) return 0;
			call.err(problem(`Error response from daemon: ${process.fault}`).replace(/\nSee.*/s, '\n'));
			return 127;
		}
		const code = await watch(call, container, process);
		if (process.fault !== undefined) call.err(`docker: Error response from daemon: ${process.fault}.\n`);
		return code;
	}
	hold(lab, container, spec);
	const end = (code: number): number => {
		ended(lab, container.id, code);
		return code;
	};
	try {
		const program = programOf(argv);
		const [name = ''] = program;
		const base = name.slice(name.lastIndexOf('/') + 1);
		if (isShell(argv)) return end(await call.enter(place, base === 'zsh' ? 'bash' : base));
		if (!call.has(place, base)) {
			call.err(`docker: Error response from daemon: ${notFound(name)}.\n`);
			return end(127);
		}
		return end(await call.runAt(place, program, call.stdin));
	} catch (stopped) {
		if (stopped instanceof Interrupted) end(130);
		throw stopped;
	}
}

const NETWORK: Flag = {
	name: 'network',
	type: 'string',
	default: 'default',
	usage: 'Connect a container to a network',
};

const command = ({ call, args, flags }: Run, later: boolean): Promise<number | string> => {
	if (flags.given('net') && !flags.given('network')) flags.add(NETWORK, flags.text('net'));
	return run({ call, args, flags } as Run, later);
};

export const runCommandOf: Command = {
	name: 'run',
	use: '[OPTIONS] IMAGE [COMMAND] [ARG...]',
	short: 'Run a command in a new container',
	stopAtArgument: true,
	flags: [
		{ name: 'detach', short: 'd', type: 'bool', usage: 'Run container in background and print container ID' },
		{ name: 'interactive', short: 'i', type: 'bool', usage: 'Keep STDIN open even if not attached' },
		{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a pseudo-TTY' },
		{ name: 'rm', type: 'bool', usage: 'Automatically remove the container when it exits' },
		{ name: 'name', type: 'string', usage: 'Assign a name to the container' },
		NETWORK,
		{ name: 'net', type: 'string', default: 'default', usage: 'Connect a container to a network', hidden: true },
		{ name: 'publish', short: 'p', type: 'array', usage: "Publish a container's port(s) to the host" },
		{ name: 'label', short: 'l', type: 'array', usage: 'Set meta data on a container' },
		{ name: 'entrypoint', type: 'string', usage: 'Overwrite the default ENTRYPOINT of the image' },
		{ name: 'env', short: 'e', type: 'array', usage: 'Set environment variables' },
		{ name: 'env-file', type: 'array', usage: 'Read in a file of environment variables' },
		{ name: 'cpus', type: 'string', usage: 'Number of CPUs' },
		{ name: 'hostname', short: 'h', type: 'string', usage: 'Container host name' },
		{ name: 'ip', type: 'string', usage: 'IPv4 address (e.g., 172.30.100.104)' },
		{ name: 'mac-address', type: 'string', usage: 'Container MAC address (e.g., 92:d0:c6:0a:29:33)' },
		{ name: 'dns', type: 'array', usage: 'Set custom DNS servers' },
		{ name: 'dns-search', type: 'array', usage: 'Set custom DNS search domains' },
		{ name: 'dns-option', type: 'array', usage: 'Set DNS options' },
		{ name: 'domainname', type: 'string', usage: 'Container NIS domain name' },
		{ name: 'cidfile', type: 'string', usage: 'Write the container ID to the file' },
		{ name: 'label-file', type: 'array', usage: 'Read in a line delimited file of labels' },
		{ name: 'pull', type: 'string', default: 'missing', usage: 'Pull image before running' },
		{ name: 'publish-all', short: 'P', type: 'bool', usage: 'Publish all exposed ports to random ports' },
		{ name: 'expose', type: 'array', usage: 'Expose a port or a range of ports' },
		{ name: 'shm-size', type: 'string', usage: 'Size of /dev/shm' },
		{ name: 'stop-signal', type: 'string', default: '', usage: 'Signal to stop a container' },
		{ name: 'stop-timeout', type: 'int', usage: 'Timeout (in seconds) to stop a container' },
		{ name: 'health-cmd', type: 'string', usage: 'Command to run to check health' },
		{ name: 'health-interval', type: 'duration', default: '0s', usage: 'Time between running the check (ms|s|m|h)' },
		{ name: 'health-retries', type: 'int', usage: 'Consecutive failures needed to report unhealthy' },
		{
			name: 'health-start-period',
			type: 'duration',
			default: '0s',
			usage: 'Start period for the container to initialize before starting health-retries countdown (ms|s|m|h)',
		},
		{
			name: 'health-timeout',
			type: 'duration',
			default: '0s',
			usage: 'Maximum time to allow one check to run (ms|s|m|h)',
		},
		{ name: 'memory', short: 'm', type: 'string', usage: 'Memory limit' },
		{ name: 'mount', type: 'array', usage: 'Attach a filesystem mount to the container' },
		{ name: 'read-only', type: 'bool', usage: "Mount the container's root filesystem as read only" },
		{ name: 'volume', short: 'v', type: 'array', usage: 'Bind mount a volume' },
		{ name: 'workdir', short: 'w', type: 'string', usage: 'Working directory inside the container' },
		{ name: 'privileged', type: 'bool', usage: 'Give extended privileges to this container' },
		{ name: 'cap-add', type: 'array', usage: 'Add Linux capabilities' },
		{ name: 'cap-drop', type: 'array', usage: 'Drop Linux capabilities' },
		{ name: 'add-host', type: 'array', usage: 'Add a custom host-to-IP mapping (host:ip)' },
		{ name: 'network-alias', type: 'array', usage: 'Add network-scoped alias for the container' },
		{ name: 'tmpfs', type: 'array', usage: 'Mount a tmpfs directory' },
		{ name: 'user', short: 'u', type: 'string', usage: 'Username or UID' },
		{ name: 'restart', type: 'string', usage: 'Restart policy to apply when a container exits' },
	],
	run: (given) => command(given, false),
};

export const create: Command = {
	...runCommandOf,
	name: 'create',
	short: 'Create a new container',
	flags: runCommandOf.flags!.filter(({ name }) => name !== 'detach'),
	run: (given) => command(given, true),
};
