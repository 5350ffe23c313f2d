/**
 * docker run: a container beside the nodes, on one of Docker's networks, the laptop's, or another container's.
 *
 * Source: docker/cli cli/command/container/{run,create,opts}.go @ v20.10; names as moby pkg/namesgenerator makes them.
 */
import { type DockerSettings, dockerUser, setDocker } from '../../sim/lab/index.ts';
import { parseMac } from '../../sim/wire/index.ts';
import type { Run } from '../cobra/index.ts';
import { told } from './event-book.ts';
import { health, healthOf } from './health.ts';
import { imageCalled, withTag } from './image-called.ts';
import { argvOf, imageConfig } from './image-config.ts';
import { pullImage } from './images.ts';
import { mountsOf } from './mounts.ts';
import { wantedAddress } from './network-change.ts';
import { published } from './ports.ts';
import { isSignal, keep, type ProgramSpec } from './processes.ts';
import { randomName } from './random-name.ts';
import { NETWORK } from './run-flags.ts';
import { daemon, optionsOf, Refused, refuse } from './run-options.ts';
import { problem, runProgram } from './run-program.ts';
import { usage } from './words.ts';

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
	const options = await optionsOf(given);
	const { labels, ports, exposed, memory, shm, cpus, hosts, mac, servers } = options;
	const cidFile = flags.text('cidfile');
	if (cidFile !== '' && (await call.files.read(cidFile)) !== undefined)
		refuse(
			`docker: Container ID file found, make sure the other container isn't running or delete ${cidFile}.\nSee 'docker run --help'.\n`,
		);
	// cli/command/container/create.go newCIDFile() @ 20.10: its directory has to be there.
	const cidFolder = cidFile.includes('/') ? cidFile.slice(0, cidFile.lastIndexOf('/')) || '/' : '.';
	if (cidFile !== '' && (await call.files.list(cidFolder)) === undefined)
		refuse(
			`docker: failed to create the container ID file: open ${cidFile}: no such file or directory.\nSee 'docker run --help'.\n`,
		);
	const pulls = flags.text('pull');
	if (!['always', 'missing', 'never'].includes(pulls))
		refuse(
			`docker: invalid pull option: '${pulls}': must be one of "always", "missing" or "never".\nSee 'docker run --help'.\n`,
		);
	if (pulls === 'never' && imageCalled(lab, image) === undefined) daemon(`No such image: ${withTag(image)}`);
	if (pulls === 'always') {
		const failed = await pullImage(call, image, (text) => call.err(text));
		if (failed !== undefined) refuse(problem(failed));
	} else if (imageCalled(lab, image) === undefined) {
		call.err(`Unable to find image '${withTag(image)}' locally\n`);
		const failed = await pullImage(call, image, (text) => call.err(text));
		if (failed !== undefined) refuse(problem(failed));
	}
	const found = imageCalled(lab, image);
	const plain = found && `${found.repository}:${found.tag}`;
	const known = found?.of ?? (found && plain !== withTag(image) ? plain! : image);
	const network = flags.text('network') === 'default' ? 'bridge' : flags.text('network');
	const other = /^container:(.+)$/.exec(network)?.[1];
	const shared = other === undefined ? undefined : lab.docker.find(other);
	if (other !== undefined && !shared) daemon(`No such container: ${other}`);
	if (shared && shared.state !== 'running') daemon(`cannot join network of a non running container: ${shared.id}`);
	const argv = argvOf(known, flags.given('entrypoint') ? flags.text('entrypoint') : undefined, words);
	const policy = flags.text('restart');
	if (!/^(?:|no|always|unless-stopped|on-failure(?::\d+)?)$/.test(policy)) daemon(`invalid restart policy '${policy}'`);
	if (flags.on('rm') && policy !== '' && policy !== 'no')
		refuse("docker: Conflicting options: --restart and --rm.\nSee 'docker run --help'.\n");
	if (!other && !lab.docker.networks().some((n) => n.name === network)) daemon(`network ${network} not found`);
	if (memory !== undefined && memory < 6 * 1024 * 1024) daemon('Minimum memory limit allowed is 6MB');
	if (Number(cpus) > 8) daemon('range of CPUs is from 0.01 to 8.00, as there are only 8 CPUs available');
	const stopSignal = flags.text('stop-signal');
	if (stopSignal !== '' && !isSignal(stopSignal)) daemon(`Invalid signal: ${stopSignal}`);
	const name = flags.text('name') || randomName(lab);
	if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name))
		daemon(`Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`);
	const user = flags.text('user') === '' ? undefined : dockerUser(known, flags.text('user'));
	if (user && 'error' in user) daemon(user.error);
	const directory = flags.text('workdir');
	if (directory !== '' && !directory.startsWith('/'))
		daemon(`the working directory '${directory}' is invalid, it needs to be an absolute path`);
	if (flags.list('network-alias').length > 0 && (shared || ['bridge', 'host', 'none'].includes(network)))
		daemon('network-scoped alias is supported only for containers in user defined networks');
	if (flags.text('hostname') !== '' && (shared || network === 'host'))
		refuse(problem('conflicting options: hostname and the network mode'));
	if (ports.length > 0 && shared)
		refuse(problem('conflicting options: port publishing and the container type network mode'));
	if (lab.docker.containers().some((c) => c.name === name)) {
		const clash = lab.docker.run({ name, image, command: '', labels, network, ports: [] });
		if ('error' in clash) daemon(clash.error);
	}
	const address = wantedAddress(given, network);
	if (typeof address === 'string') refuse(problem(address));
	// Docker's own server would ask them; it asks nobody here.
	if (servers.length > 0 && !['bridge', 'host', 'none'].includes(network) && !shared)
		refuse('docker run --dns: on networks of people’s own the simulator’s Docker asks no other name servers\n');
	if (flags.on('publish-all'))
		for (const text of [...imageConfig(known).ports, ...exposed])
			if (!ports.some((p) => `${p.containerPort}/${p.protocol}` === text)) {
				const port = published(text, lab);
				if (typeof port !== 'string') ports.push(port);
			}
	const checked = health(flags);
	if (typeof checked === 'string') refuse(problem(checked));
	const mounts = await mountsOf(call, flags, known);
	if ('client' in mounts) refuse(mounts.client);
	if ('error' in mounts) daemon(mounts.error);
	const [first, domain] = [flags.text('hostname'), flags.text('domainname')];
	const hostname = domain === '' ? first : `${first === '' ? name : first}.${domain}`;
	const settings: DockerSettings = {
		env: options.env,
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
			ports,
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
	if ('error' in made) daemon(made.error);
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
		daemon(refusal.error);
	}
	told(lab, 'start', made);
	healthOf(lab, made.id);
	if (mounts.some(({ type }) => type === 'bind')) await call.filesAt({ kind: 'container', id: made.id }).list('/');
	return runProgram(call, lab.docker.find(made.id)!, spec, {
		detached: flags.on('detach'),
		terminal: flags.on('tty') && flags.on('interactive'),
		stdin: flags.on('interactive'),
	});
}

/** `docker run`, or with `later` `docker create`; what it refuses is told, with Docker's code. */
export async function runOrCreate({ call, args, flags }: Run, later: boolean): Promise<number | string> {
	if (flags.given('net') && !flags.given('network')) flags.add(NETWORK, flags.text('net'));
	try {
		return await run({ call, args, flags } as Run, later);
	} catch (refused) {
		if (!(refused instanceof Refused)) throw refused;
		call.err(refused.message);
		return 125;
	}
}
