/** docker's volumes, what all its objects take of the disk, and what nobody uses (docker/cli cli/command/{volume,system} @ v20.10). */
import {
	type Container,
	type DockerVolume,
	dockerDiff,
	ensureVolume,
	forgetDocker,
	knownDocker,
	type Lab,
	usage as octetsIn,
	removeFromDocker,
	volumesOfDocker,
} from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import type { Call } from '../tool.ts';
import { told, toldOf } from './event-book.ts';
import { events } from './events.ts';
import { formatRows, humanSize } from './format.ts';
import { daemon, FILTER, FORMAT, placeOf, QUIET, usage } from './words.ts';

const usersOf = (lab: Lab, name: string): readonly Container[] =>
	lab.docker.containers().filter((c) => knownDocker(lab, c.id)?.settings.mounts?.some((mount) => mount.name === name));

/** `docker volume inspect`. */
export const shown = (lab: Lab, volume: DockerVolume): Readonly<Record<string, unknown>> => ({
	CreatedAt: new Date(Math.floor(lab.epoch * 1000 + volume.created / 1000)).toISOString().replace(/\.\d+/, ''),
	Driver: 'local',
	Labels: volume.anonymous ? null : volume.labels,
	Mountpoint: `/var/lib/docker/volumes/${volume.name}/_data`,
	Name: volume.name,
	Options: volume.anonymous ? null : {},
	Scope: 'local',
});

function removeVolume(lab: Lab, name: string): void {
	volumesOfDocker(lab).delete(name);
	toldOf(lab, 'volume', 'destroy', name, { driver: 'local' });
}

/** Volumes without a name of people's that a container had: they go with it where that is asked for. */
export function removeAnonymous(lab: Lab, container: Container): void {
	for (const { name } of knownDocker(lab, container.id)?.settings.mounts ?? [])
		if (name !== undefined && volumesOfDocker(lab).get(name)?.anonymous) removeVolume(lab, name);
}

const names = (at: Pick<Call, 'lab'>): readonly string[] => [...volumesOfDocker(at.lab).keys()];

const FORCE: Flag = { name: 'force', short: 'f', type: 'bool', usage: 'Do not prompt for confirmation' };

/** Asks before something is deleted, unless `-f` is given; whether it may be. */
function agreed({ call, flags }: Run, warning: string): boolean {
	if (flags.on('force')) return true;
	call.out(`${warning}\nAre you sure you want to continue? [y/N] `);
	return /^y/i.test(call.stdin.trim());
}

const total = (octets: number): string => `Total reclaimed space: ${humanSize(octets)}\n`;

/** Octets a container wrote into its own files. */
const written = (lab: Lab, container: Container): number =>
	placeOf(lab, container)?.kind === 'container'
		? dockerDiff(lab, container).reduce((sum, { size }) => sum + size, 0)
		: 0;

function pruneVolumes({ lab, out }: Call): number {
	const gone = [...volumesOfDocker(lab).values()].filter(({ name }) => usersOf(lab, name).length === 0);
	const octets = gone.reduce((sum, { node }) => sum + octetsIn(node), 0);
	for (const { name } of gone) removeVolume(lab, name);
	if (gone.length > 0) out(`Deleted Volumes:\n${gone.map(({ name }) => `${name}\n`).join('')}\n`);
	return octets;
}

function pruneContainers({ lab, out }: Call): number {
	const gone = lab.docker.containers().filter((c) => c.state !== 'running' && !c.restarting);
	const octets = gone.reduce((sum, container) => sum + written(lab, container), 0);
	for (const container of gone) {
		lab.docker.remove(container.id, true);
		forgetDocker(lab, container.id);
		told(lab, 'destroy', container);
	}
	if (gone.length > 0) out(`Deleted Containers:\n${gone.map(({ id }) => `${id}\n`).join('')}\n`);
	return octets;
}

function pruneNetworks({ lab, out }: Call): void {
	const gone = lab.docker
		.networks()
		.filter(
			({ name }) =>
				!['bridge', 'host', 'none'].includes(name) && !lab.docker.containers().some((c) => c.network === name),
		);
	for (const { name } of gone) lab.docker.removeNetwork(name);
	if (gone.length > 0) out(`Deleted Networks:\n${gone.map(({ name }) => `${name}\n`).join('')}\n`);
}

/** Whether a container has an image by any of its names. */
const inUse = (lab: Lab, image: { readonly repository: string; readonly tag: string }): boolean =>
	lab.docker.containers().some((c) => {
		const plain = (text: string): string => text.replace(/@.*$/, '').replace(/^docker\.io\/(?:library\/)?/, '');
		const full = `${image.repository}:${image.tag}`;
		return [c.image, c.base ?? ''].some((name) => plain(name) === full || `${plain(name)}:latest` === full);
	});

function pruneImages({ lab, out }: Call, all: boolean): number {
	let octets = 0;
	const lines: string[] = [];
	for (const image of all ? lab.docker.images() : []) {
		if (inUse(lab, image)) continue;
		const removed = removeFromDocker(lab.docker, `${image.repository}:${image.tag}`, false);
		if ('error' in removed) continue;
		lines.push(...removed.untagged.map((name) => `untagged: ${name}\n`));
		if (removed.deleted === undefined) continue;
		lines.push(`deleted: ${removed.deleted}\n`);
		octets += image.size;
	}
	if (lines.length > 0) out(`Deleted Images:\n${lines.join('')}\n`);
	return octets;
}

/** `-f` is another here. */
const PLAIN_FILTER: Flag = { name: FILTER.name, type: FILTER.type, usage: FILTER.usage };

const prune = (
	object: string,
	short: string,
	warning: (all: boolean) => string,
	act: (call: Call, all: boolean) => number | undefined,
	flags: readonly Flag[] = [],
): Command => ({
	name: 'prune',
	use: '[OPTIONS]',
	short,
	flags: [FORCE, PLAIN_FILTER, ...flags],
	run: async (run) => {
		if (run.args.length > 0)
			return usage(`docker ${object} prune`, 'accepts no arguments.', `docker ${object} prune [OPTIONS]`);
		if (run.flags.given('filter'))
			return `docker ${object} prune --filter: the simulator deletes all that nobody uses, and picks none of it`;
		if (!agreed(run, warning(run.flags.on('all')))) return 0;
		const octets = act(run.call, run.flags.on('all'));
		if (octets !== undefined) run.call.out(total(octets));
		return 0;
	},
});

const ALL: Flag = { name: 'all', short: 'a', type: 'bool', usage: 'Remove all unused images, not just dangling ones' };

export const pruneOfContainers = prune(
	'container',
	'Remove all stopped containers',
	() => 'WARNING! This will remove all stopped containers.',
	pruneContainers,
);
export const pruneOfNetworks = prune(
	'network',
	'Remove all unused networks',
	() => 'WARNING! This will remove all custom networks not used by at least one container.',
	(call) => {
		pruneNetworks(call);
		return undefined;
	},
);
export const pruneOfImages = prune(
	'image',
	'Remove unused images',
	(all) =>
		all
			? 'WARNING! This will remove all images without at least one container associated to them.'
			: 'WARNING! This will remove all dangling images.',
	pruneImages,
	[ALL],
);

export const volume: Command = {
	name: 'volume',
	short: 'Manage volumes',
	commands: [
		{
			name: 'create',
			use: '[OPTIONS] [VOLUME]',
			short: 'Create a volume',
			flags: [
				{ name: 'label', type: 'array', usage: 'Set metadata for a volume' },
				{ name: 'driver', short: 'd', type: 'string', default: 'local', usage: 'Specify volume driver name' },
				{ name: 'name', type: 'string', usage: 'Specify volume name', hidden: true },
			],
			run: async ({ call, args, flags }) => {
				const { lab } = call;
				if (flags.text('driver') !== 'local')
					return daemon(
						`create ${args[0] ?? ''}: error looking up volume plugin ${flags.text('driver')}: plugin "${flags.text('driver')}" not found`,
					);
				const name =
					args[0] ??
					(flags.text('name') ||
						Array.from({ length: 64 }, (_, i) => lab.random('docker volume', `${lab.now} ${i}`, 16).toString(16)).join(
							'',
						));
				if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name))
					return daemon(
						`create ${name}: "${name}" includes invalid characters for a local volume name, only "[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, use absolute path`,
					);
				const labels = Object.fromEntries(flags.list('label').map((text) => text.split(/=(.*)/s, 2)));
				if (!volumesOfDocker(lab).has(name)) toldOf(lab, 'volume', 'create', name, { driver: 'local' });
				ensureVolume(lab, name, { labels, anonymous: args[0] === undefined && flags.text('name') === '' });
				call.out(`${name}\n`);
				return 0;
			},
		},
		{
			name: 'inspect',
			use: '[OPTIONS] VOLUME [VOLUME...]',
			short: 'Display detailed information on one or more volumes',
			flags: [{ ...FORMAT, short: 'f' }],
			complete: (_, at) => names(at),
			run: async ({ call, args, flags }) => {
				const found = args.flatMap((name) => volumesOfDocker(call.lab).get(name) ?? []);
				const missing = args.filter((name) => !volumesOfDocker(call.lab).has(name));
				const rows = found.map((one) => shown(call.lab, one));
				try {
					const format = flags.text('format');
					call.out(
						format === ''
							? `${JSON.stringify(rows, null, 4)}\n`
							: rows.map((row) => `${goTemplate(format, { strict: true })(row)}\n`).join(''),
					);
				} catch (fault) {
					if (!(fault instanceof TemplateError)) throw fault;
					return `template parsing error: ${fault.message}`;
				}
				return missing.length > 0 ? missing.map((name) => `Error: No such volume: ${name}`).join('\n') : 0;
			},
		},
		{
			name: 'ls',
			aliases: ['list'],
			use: '[OPTIONS]',
			short: 'List volumes',
			flags: [FORMAT, QUIET, FILTER],
			run: async ({ call, flags }) => {
				const { lab } = call;
				const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
				for (const [key, value] of filters) {
					if (value === undefined)
						return `invalid argument "${key}" for "-f, --filter" flag: bad format of filter (expected name=value)\nSee 'docker volume ls --help'.`;
					// volume/service/service.go @ v20.10, acceptedListFilters
					if (!['dangling', 'name', 'driver', 'label'].includes(key)) return daemon(`Invalid filter '${key}'`);
					if (key === 'dangling' && !/^(?:1|0|true|false)$/.test(value))
						return daemon(`Invalid filter 'dangling=[${value}]'`);
				}
				const rows = [...volumesOfDocker(lab).values()]
					.filter(({ name, labels }) =>
						filters.every(([key, value = '']) =>
							key === 'name'
								? name.includes(value)
								: key === 'dangling'
									? (usersOf(lab, name).length === 0) === /^(?:1|true)$/.test(value)
									: key === 'driver'
										? value === 'local'
										: value.includes('=')
											? labels[value.replace(/=.*/s, '')] === value.replace(/^[^=]*=/s, '')
											: Object.hasOwn(labels, value),
						),
					)
					.sort((a, b) => (a.name < b.name ? -1 : 1))
					.map(({ name }) => ({
						Driver: 'local',
						Name: name,
						Scope: 'local',
						Mountpoint: `/var/lib/docker/volumes/${name}/_data`,
					}));
				const format = flags.on('quiet') ? '{{.Name}}' : flags.text('format') || 'table {{.Driver}}\t{{.Name}}';
				const result = formatRows(format, rows, { Name: 'VOLUME NAME', Mountpoint: 'MOUNTPOINT' });
				if ('error' in result) return result.error;
				call.out(result.text);
				return 0;
			},
		},
		prune(
			'volume',
			'Remove all unused local volumes',
			() => 'WARNING! This will remove all local volumes not used by at least one container.',
			pruneVolumes,
		),
		{
			name: 'rm',
			aliases: ['remove'],
			use: '[OPTIONS] VOLUME [VOLUME...]',
			short: 'Remove one or more volumes',
			flags: [{ name: 'force', short: 'f', type: 'bool', usage: 'Force the removal of one or more volumes' }],
			complete: (_, at) => names(at),
			run: async ({ call, args, flags }) => {
				if (args.length === 0)
					return usage(
						'docker volume rm',
						'requires at least 1 argument.',
						'docker volume rm [OPTIONS] VOLUME [VOLUME...]',
					);
				const errors: string[] = [];
				for (const name of args) {
					const users = usersOf(call.lab, name);
					if (!volumesOfDocker(call.lab).has(name) && !flags.on('force')) errors.push(`Error: No such volume: ${name}`);
					else if (users.length > 0)
						errors.push(daemon(`remove ${name}: volume is in use - [${users.map(({ id }) => id).join(', ')}]`));
					else {
						removeVolume(call.lab, name);
						call.out(`${name}\n`);
					}
				}
				return errors.length > 0 ? errors.join('\n') : 0;
			},
		},
	],
};

const share = (part: number, whole: number): string => (whole > 0 ? ` (${Math.floor((part / whole) * 100)}%)` : '');

export const system = (info: Command['run'], flags: readonly Flag[] = []): Command => ({
	name: 'system',
	short: 'Manage Docker',
	commands: [
		{
			name: 'df',
			use: '[OPTIONS]',
			short: 'Show docker disk usage',
			flags: [FORMAT],
			run: async ({ call, flags }) => {
				const { lab } = call;
				const images = [...new Map(lab.docker.images().map((image) => [image.id, image])).values()];
				const used = images.filter((image) =>
					lab.docker.images().some((one) => one.id === image.id && inUse(lab, one)),
				);
				const containers = lab.docker.containers();
				const stopped = containers.filter((c) => c.state !== 'running');
				const volumes = [...volumesOfDocker(lab).values()];
				const busy = volumes.filter(({ name }) => usersOf(lab, name).length > 0);
				const sum = <T>(list: readonly T[], size: (one: T) => number): number =>
					list.reduce((octets, one) => octets + size(one), 0);
				const all = sum(images, ({ size }) => size);
				const free = all - sum(used, ({ size }) => size);
				const own = sum(containers, (c) => written(lab, c));
				const freed = sum(stopped, (c) => written(lab, c));
				const kept = sum(volumes, ({ node }) => octetsIn(node));
				const idle = kept - sum(busy, ({ node }) => octetsIn(node));
				const row = (type: string, count: number, active: number, size: number, rest: number) => ({
					Type: type,
					TotalCount: String(count),
					Active: String(active),
					Size: humanSize(size),
					Reclaimable: `${humanSize(rest)}${type === 'Build Cache' ? '' : share(rest, size)}`,
				});
				const result = formatRows(
					flags.text('format') || 'table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}',
					[
						row('Images', images.length, used.length, all, free),
						row('Containers', containers.length, containers.length - stopped.length, own, freed),
						row('Local Volumes', volumes.length, busy.length, kept, idle),
						row('Build Cache', 0, 0, 0, 0),
					],
					{ Type: 'TYPE', TotalCount: 'TOTAL', Active: 'ACTIVE', Reclaimable: 'RECLAIMABLE' },
				);
				if ('error' in result) return result.error;
				call.out(result.text);
				return 0;
			},
		},
		events,
		{ name: 'info', short: 'Display system-wide information', flags, ...(info ? { run: info } : {}) },
		prune(
			'system',
			'Remove unused data',
			(all) =>
				`WARNING! This will remove:\n  - all stopped containers\n  - all networks not used by at least one container\n  - all ${all ? 'images without at least one container associated to them' : 'dangling images'}\n  - ${all ? 'all' : 'all dangling'} build cache\n`,
			(call, all) => {
				const octets = pruneContainers(call);
				pruneNetworks(call);
				return octets + pruneImages(call, all);
			},
			[ALL],
		),
	],
});
