/** `docker volume`: makes, shows and removes volumes (docker/cli cli/command/volume @ v20.10). */
import { ensureVolume } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { goTemplate, TemplateError } from '../gotemplate/index.ts';
import type { Call } from '../tool.ts';
import { toldOf } from './event-book.ts';
import { formatRows } from './format.ts';
import { allVolumes } from './node-mounts.ts';
import { prune, pruneVolumes } from './prune.ts';
import { removeVolume, shown, usersOf } from './volume-users.ts';
import { daemon, FILTER, FORMAT, QUIET, usage } from './words.ts';

const names = (at: Pick<Call, 'lab'>): readonly string[] => [...allVolumes(at.lab).keys()];

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
				if (!allVolumes(lab).has(name)) toldOf(lab, 'volume', 'create', name, { driver: 'local' });
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
				const found = args.flatMap((name) => allVolumes(call.lab).get(name) ?? []);
				const missing = args.filter((name) => !allVolumes(call.lab).has(name));
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
				const rows = [...allVolumes(lab).values()]
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
					if (!allVolumes(call.lab).has(name) && !flags.on('force')) errors.push(`Error: No such volume: ${name}`);
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
