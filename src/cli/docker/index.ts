/**
 * docker: the containers of the learner's machine.
 *
 * Source: docker/cli cli/command/{container,image,network,system} @ v20.10.
 */
import type { Container, Lab } from '../../sim/lab/index.ts';
import { type Command, completeCommand, type Flag, type Manner, type Run, runCommand } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import type { Call, Place, Tool } from '../tool.ts';
import { containerFields, formatRows, humanDuration, humanSize, inspectContainer } from './format.ts';

const PS = 'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';
const FORMAT: Flag = { name: 'format', type: 'string', usage: 'Pretty-print containers using a Go template' };
const QUIET: Flag = { name: 'quiet', short: 'q', type: 'bool', usage: 'Only display IDs' };
const NO_TRUNC: Flag = { name: 'no-trunc', type: 'bool', usage: "Don't truncate output" };
const FILTER: Flag = { name: 'filter', short: 'f', type: 'array', usage: 'Filter output based on conditions provided' };

const daemon = (text: string): string => `Error response from daemon: ${text}`;
const noSuch = (name: string): string => daemon(`No such container: ${name}`);
const running = (at: Pick<Call, 'lab'>): readonly string[] =>
	at.lab.docker
		.containers()
		.filter((c) => c.state === 'running')
		.map((c) => c.name);
const all = (at: Pick<Call, 'lab'>): readonly string[] => at.lab.docker.containers().map((c) => c.name);

/** Where a container is in the lab: containers of kind are nodes. */
function placeOf(lab: Lab, container: Container): Place | undefined {
	for (const cluster of lab.clusters())
		for (const node of cluster.nodes())
			if (node.name === container.name) return { kind: 'node', cluster: cluster.name, node: node.name };
	return undefined;
}

const FILTERS: Readonly<Record<string, (container: Container, value: string) => boolean>> = {
	name: (container, value) => new RegExp(literal(value)).test(container.name),
	id: (container, value) => container.id.startsWith(value),
	label: (container, value) => {
		const [key, want] = value.split('=', 2) as [string, string | undefined];
		return want === undefined ? Object.hasOwn(container.labels, key) : container.labels[key] === want;
	},
	status: (container, value) => container.state === value,
	ancestor: (container, value) => container.image === value || container.image.split(':')[0] === value,
	network: (container, value) => container.network === value,
};

/** Docker's name filter is a regular expression; only `^`, `$` and plain text are kept of it. */
const literal = (text: string): string => text.replace(/[.*+?()[\]{}|\\]/g, '\\$&');

const ps: Command = {
	name: 'ps',
	use: '[OPTIONS]',
	short: 'List containers',
	flags: [
		{ name: 'all', short: 'a', type: 'bool', usage: 'Show all containers (default shows just running)' },
		FORMAT,
		QUIET,
		NO_TRUNC,
		FILTER,
	],
	run: async ({ call, flags, args }) => {
		if (args.length > 0) return usage('docker ps', 'accepts no arguments.', 'docker ps [OPTIONS]');
		const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
		const bad = filters.find(([key]) => !Object.hasOwn(FILTERS, key));
		if (bad) return daemon(`Invalid filter '${bad[0]}'`);
		const asksStatus = filters.some(([key]) => key === 'status');
		const shown = call.lab.docker
			.containers()
			.filter((c) => flags.on('all') || asksStatus || c.state === 'running')
			.filter((c) => filters.every(([key, value]) => FILTERS[key]!(c, value ?? '')));
		const rows = shown.map((c) => containerFields(c, call.lab, !flags.on('no-trunc')));
		if (flags.on('quiet')) {
			call.out(rows.map((row) => `${row.ID}\n`).join(''));
			return 0;
		}
		const result = formatRows(flags.text('format') || PS, rows);
		if ('error' in result) return result.error;
		call.out(result.text);
		return 0;
	},
};

const usage = (path: string, what: string, line: string): string =>
	`"${path}" ${what}\nSee '${path} --help'.\n\nUsage:  ${line}`;

async function exec({ call, args, flags }: Run): Promise<number | string> {
	const [name, ...command] = args;
	if (name === undefined || command.length === 0)
		return usage('docker exec', 'requires at least 2 arguments.', 'docker exec [OPTIONS] CONTAINER COMMAND [ARG...]');
	const container = call.lab.docker.find(name);
	if (!container) return noSuch(name);
	if (container.state !== 'running') return daemon(`Container ${container.id} is not running`);
	const place = placeOf(call.lab, container);
	if (!place) return daemon(`Container ${container.id} has nothing in this lab that could be run`);
	const [program, ...rest] = command as [string, ...string[]];
	const base = program.slice(program.lastIndexOf('/') + 1);
	if (flags.on('tty') && flags.on('interactive') && rest.length === 0 && (base === 'bash' || base === 'sh'))
		return call.enter(place, base);
	if (!call.has(place, base)) {
		const why = program.includes('/')
			? `stat ${program}: no such file or directory`
			: 'executable file not found in $PATH';
		call.err(
			`OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(program)}: ${why}: unknown\n`,
		);
		return 126;
	}
	if (flags.list('env').length > 0)
		return call.runAt(
			place,
			['env', ...flags.list('env'), program, ...rest],
			flags.on('interactive') ? call.stdin : '',
		);
	return call.runAt(place, command, flags.on('interactive') ? call.stdin : '');
}

async function copy({ call, args }: Run): Promise<number | string> {
	const [from, to] = args;
	if (from === undefined || to === undefined)
		return usage('docker cp', 'requires exactly 2 arguments.', 'docker cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-');
	const side = (text: string): { readonly name?: string; readonly path: string } => {
		const match = /^([a-zA-Z0-9][a-zA-Z0-9_.-]*):(.*)$/.exec(text);
		return match ? { name: match[1]!, path: match[2]! } : { path: text };
	};
	const source = side(from);
	const target = side(to);
	if (source.name !== undefined && target.name !== undefined) return 'copying between containers is not supported';
	if (source.name === undefined && target.name === undefined) return 'must specify at least one container source';
	const name = source.name ?? target.name!;
	const container = call.lab.docker.find(name);
	const place = container && placeOf(call.lab, container);
	if (!container)
		return source.name === undefined ? noSuch(name) : `Error: No such container:path: ${name}:${source.path}`;
	if (!place) return daemon(`Container ${container.id} has no files in this lab`);
	const inside = call.filesAt(place);
	const read = source.name === undefined ? call.files : inside;
	const write = target.name === undefined ? call.files : inside;
	const bytes = await read.readBytes(source.path);
	if (bytes === undefined)
		return source.name === undefined
			? `lstat ${source.path}: no such file or directory`
			: `Error: No such container:path: ${name}:${source.path}`;
	const folder = target.path.endsWith('/') || target.path === '.' || (await write.list(target.path)) !== undefined;
	await write.write(folder ? `${target.path.replace(/\/$/, '')}/${source.path.split('/').at(-1)}` : target.path, bytes);
	return 0;
}

const inspect: Command = {
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

/** Verbs that take containers one by one and print their names back. */
const each = (
	name: string,
	short: string,
	what: (call: Call, container: string, force: boolean) => { readonly error: string } | undefined,
	flags: readonly Flag[] = [],
): Command => ({
	name,
	use: '[OPTIONS] CONTAINER [CONTAINER...]',
	short,
	flags,
	complete: (_, at) => all(at),
	run: async ({ call, args, flags: given }) => {
		if (args.length === 0)
			return usage(
				`docker ${name}`,
				'requires at least 1 argument.',
				`docker ${name} [OPTIONS] CONTAINER [CONTAINER...]`,
			);
		const errors: string[] = [];
		for (const container of args) {
			const error = call.lab.docker.find(container)
				? what(call, container, given.given('force') && given.on('force'))
				: { error: `No such container: ${container}` };
			if (error) errors.push(daemon(error.error));
			else call.out(`${container}\n`);
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
});

const stop = each('stop', 'Stop one or more running containers', (call, name) => call.lab.docker.stop(name), [
	{ name: 'time', short: 't', type: 'int', default: '10', usage: 'Seconds to wait for stop before killing it' },
]);
const start = each('start', 'Start one or more stopped containers', (call, name) => call.lab.docker.start(name));
const restart = each(
	'restart',
	'Restart one or more containers',
	(call, name) => call.lab.docker.stop(name) ?? call.lab.docker.start(name),
);
const rm = each('rm', 'Remove one or more containers', (call, name, force) => call.lab.docker.remove(name, force), [
	{ name: 'force', short: 'f', type: 'bool', usage: 'Force the removal of a running container' },
	{ name: 'volumes', short: 'v', type: 'bool', usage: 'Remove anonymous volumes' },
]);

const images: Command = {
	name: 'images',
	use: '[OPTIONS] [REPOSITORY[:TAG]]',
	short: 'List images',
	flags: [FORMAT, QUIET, NO_TRUNC],
	run: async ({ call, flags, args }) => {
		const [repository, tag] = (args[0] ?? '').split(':') as [string, string | undefined];
		const rows = call.lab.docker
			.images()
			.filter(
				(image) => repository === '' || (image.repository === repository && (tag === undefined || image.tag === tag)),
			)
			.map((image) => ({
				Repository: image.repository,
				Tag: image.tag,
				ID: flags.on('no-trunc') ? image.id : image.id.replace('sha256:', '').slice(0, 12),
				CreatedSince: `${humanDuration(call.lab.now - image.created)} ago`,
				Size: humanSize(image.size),
			}));
		if (flags.on('quiet')) {
			call.out(rows.map((row) => `${row.ID}\n`).join(''));
			return 0;
		}
		const result = formatRows(
			flags.text('format') || 'table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}',
			rows,
			{ ID: 'IMAGE ID' },
		);
		if ('error' in result) return result.error;
		call.out(result.text);
		return 0;
	},
};

const pull: Command = {
	name: 'pull',
	use: '[OPTIONS] NAME[:TAG|@DIGEST]',
	short: 'Pull an image or a repository from a registry',
	run: async ({ call, args }) => {
		const [name] = args;
		if (name === undefined)
			return usage('docker pull', 'requires exactly 1 argument.', 'docker pull [OPTIONS] NAME[:TAG|@DIGEST]');
		if (!/[:@]/.test(name.split('/').at(-1)!)) call.out('Using default tag: latest\n');
		const image = call.lab.docker.pull(name);
		await call.until(() => image.state !== 'running', 3600e6);
		if (image.state === 'failed')
			return daemon(image.error ?? `manifest for ${name} not found: manifest unknown: manifest unknown`);
		call.out(`Status: Downloaded newer image for ${image.image}\n`);
		return 0;
	},
};

const network: Command = {
	name: 'network',
	short: 'Manage networks',
	commands: [
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

const ROOT: Command = {
	name: 'docker',
	short: 'A self-sufficient runtime for containers',
	commands: [
		{
			name: 'container',
			short: 'Manage containers',
			commands: [{ ...ps, name: 'ls', aliases: ['ps', 'list'] }, stop, start, restart, rm, inspect],
		},
		{
			name: 'cp',
			use: '[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-',
			short: 'Copy files/folders between a container and the local filesystem',
			run: copy,
		},
		{
			name: 'exec',
			use: '[OPTIONS] CONTAINER COMMAND [ARG...]',
			short: 'Run a command in a running container',
			stopAtArgument: true,
			flags: [
				{ name: 'interactive', short: 'i', type: 'bool', usage: 'Keep STDIN open even if not attached' },
				{ name: 'tty', short: 't', type: 'bool', usage: 'Allocate a pseudo-TTY' },
				{ name: 'env', short: 'e', type: 'array', usage: 'Set environment variables' },
				{ name: 'privileged', type: 'bool', usage: 'Give extended privileges to the command' },
				{ name: 'user', short: 'u', type: 'string', usage: 'Username or UID' },
				{ name: 'workdir', short: 'w', type: 'string', usage: 'Working directory inside the container' },
			],
			complete: (args, at) => (args.length === 0 ? running(at) : []),
			run: exec,
		},
		images,
		inspect,
		network,
		ps,
		pull,
		restart,
		rm,
		start,
		stop,
		{
			name: 'version',
			short: 'Show the Docker version information',
			run: async ({ call }) => {
				call.out(
					'Client: Docker Engine - Community\n Version:           20.10.17\n API version:       1.41\n OS/Arch:           linux/amd64\n',
				);
				return 0;
			},
		},
	],
};

const MANNER: Manner = {
	exitCode: 1,
	unknownCommand: (path, word) =>
		path === 'docker'
			? `docker: '${word}' is not a docker command.\nSee 'docker --help'\n`
			: `\nUsage:  ${path} COMMAND\n\nunknown command "${word}" for "${path}"\n`,
	flagError: (path, message) => `${message}\nSee '${path} --help'.\n`,
	failure: (message) => `${message}\n`,
};

export const tools: readonly Tool[] = [
	{
		name: 'docker',
		at: (place) => place.kind === 'laptop',
		run: (call) => runCommand(ROOT, MANNER, call),
		complete: (words, at) => completeCommand(ROOT, words, at),
	},
];
