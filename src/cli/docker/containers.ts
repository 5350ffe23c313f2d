/** docker's commands on containers: list, stop, start, remove. */
import type { Container } from '../../sim/lab/index.ts';
import type { Command, Flag } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { containerFields, formatRows } from './format.ts';
import { REMOVE } from './run.ts';
import { all, daemon, FILTER, FORMAT, NO_TRUNC, placeOf, QUIET, usage } from './words.ts';

const PS = 'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';

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

export const ps: Command = {
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

/** Verbs that take containers one by one and print their names back. */
const each = (
	name: string,
	short: string,
	what: (
		call: Call,
		container: string,
		force: boolean,
	) => { readonly error: string } | undefined | Promise<{ readonly error: string } | undefined>,
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
				? await what(call, container, given.given('force') && given.on('force'))
				: { error: `No such container: ${container}` };
			if (error) errors.push(daemon(error.error));
			else call.out(`${container}\n`);
		}
		return errors.length > 0 ? errors.join('\n') : 0;
	},
});

/**
 * Stops a container. A node ends by SIGRTMIN+3; a shell, `sleep` or `tail` that is the first process does not hear SIGTERM
 * and is killed ten seconds later; servers end by themselves.
 */
async function halt(call: Call, name: string): Promise<{ readonly error: string } | undefined> {
	const { docker } = call.lab;
	const container = docker.find(name);
	if (!container || placeOf(call.lab, container)?.kind !== 'container') return docker.stop(name);
	if (container.state !== 'running') return undefined;
	const deaf = /^(?:\S*\/)?(?:sh|bash|ash|zsh|sleep|tail)(?: |$)/.test(container.command);
	if (deaf) await call.sleep(10e6);
	docker.ended(name, deaf ? 137 : 0);
	if (Object.hasOwn(container.labels, REMOVE)) docker.remove(container.id, true);
	return undefined;
}

export const stop = each('stop', 'Stop one or more running containers', halt, [
	{ name: 'time', short: 't', type: 'int', default: '10', usage: 'Seconds to wait for stop before killing it' },
]);

export const start = each('start', 'Start one or more stopped containers', (call, name) => call.lab.docker.start(name));

export const restart = each(
	'restart',
	'Restart one or more containers',
	async (call, name) => (await halt(call, name)) ?? call.lab.docker.start(name),
);

export const rm = each(
	'rm',
	'Remove one or more containers',
	(call, name, force) => call.lab.docker.remove(name, force),
	[
		{ name: 'force', short: 'f', type: 'bool', usage: 'Force the removal of a running container' },
		{ name: 'volumes', short: 'v', type: 'bool', usage: 'Remove anonymous volumes' },
	],
);

/** SIGKILL: 128 and its number. */
export const kill = each('kill', 'Kill one or more running containers', (call, name) => {
	const container = call.lab.docker.find(name);
	if (container?.state !== 'running')
		return { error: `Cannot kill container: ${name}: Container ${container?.id} is not running` };
	call.lab.docker.ended(name, 137);
	return undefined;
});
