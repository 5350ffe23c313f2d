/** `docker ps`, and its filters. */
import { type Container, knownDocker, type Lab } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { containerFields, formatRows, stateOf } from './format.ts';
import { imageCalled } from './image-called.ts';
import { exposedPorts } from './image-config.ts';
import { mountsOf } from './node-mounts.ts';
import { daemon, FILTER, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

const PS = 'table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}';

type Test = (container: Container, value: string, lab: Lab) => boolean;

/** A port or a range of them, with or without its protocol, among some. */
const hasPort = (ports: readonly string[], value: string): boolean => {
	const [, from = '', to = from, protocol = 'tcp'] = /^(\d+)(?:-(\d+))?(?:\/(\w+))?$/.exec(value) ?? [];
	return ports.some((text) => {
		const [port, own] = text.split('/');
		return own === protocol && Number(port) >= Number(from) && Number(port) <= Number(to) && from !== '';
	});
};

/** Made before or after another container (`before=`, `since=`). */
const beside =
	(sooner: boolean): Test =>
	(container, value, lab) => {
		const list = lab.docker.containers();
		const at = list.findIndex((c) => c.id === lab.docker.find(value)?.id);
		const own = list.findIndex((c) => c.id === container.id);
		return sooner ? own > at : own < at;
	};

/** daemon/list.go acceptedPsFilterTags @ v20.10. */
const FILTERS: Readonly<Record<string, Test>> = {
	ancestor: (container, value, lab) =>
		container.image === value ||
		container.image.split(':')[0] === value ||
		(imageCalled(lab, value) !== undefined &&
			imageCalled(lab, value)?.id === imageCalled(lab, container.base ?? container.image)?.id),
	before: beside(true),
	exited: (container, value) => container.state === 'exited' && container.exitCode === Number(value),
	expose: (container, value, lab) => hasPort(exposedPorts(lab, container), value),
	health: (container, value, lab) => (knownDocker(lab, container.id)?.health?.status ?? 'none') === value,
	id: (container, value) => container.id.startsWith(value),
	isolation: () => true,
	'is-task': (_, value) => /^(?:0|false)$/i.test(value),
	label: (container, value) => {
		const [key, want] = value.split(/=(.*)/s, 2) as [string, string | undefined];
		return want === undefined ? Object.hasOwn(container.labels, key) : container.labels[key] === want;
	},
	name: (container, value) => new RegExp(literal(value)).test(container.name),
	network: (container, value, lab) =>
		[container, ...(container.more ?? [])].some(
			(at) =>
				at.network === value || lab.docker.networks().some((n) => n.id.startsWith(value) && n.name === at.network),
		),
	publish: (container, value) =>
		hasPort(
			container.ports.map((port) => `${port.hostPort}/${port.protocol}`),
			value,
		),
	since: beside(false),
	status: (container, value) => stateOf(container) === value,
	volume: (container, value, lab) =>
		mountsOf(lab, container).some(({ name, target, source }) => name === value || target === value || source === value),
};

const STATES = ['created', 'dead', 'exited', 'paused', 'removing', 'restarting', 'running'];
const HEALTH = ['healthy', 'none', 'starting', 'unhealthy'];

/** What is wrong with a filter, if anything. */
function filterFault(lab: Lab, key: string, value: string | undefined): string | undefined {
	if (value === undefined) return `bad format of filter (expected name=value)`;
	if (!Object.hasOwn(FILTERS, key)) return daemon(`Invalid filter '${key}'`);
	if (key === 'status' && !STATES.includes(value)) return daemon(`Unrecognised filter value for status: ${value}`);
	if (key === 'health' && !HEALTH.includes(value)) return daemon(`Unrecognised filter value for health: ${value}`);
	if (key === 'exited' && !/^-?\d+$/.test(value))
		return daemon(`strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`);
	if ((key === 'before' || key === 'since') && !lab.docker.find(value)) return daemon(`No such container: ${value}`);
	return undefined;
}

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
		{
			name: 'last',
			short: 'n',
			type: 'int',
			default: '-1',
			usage: 'Show n last created containers (includes all states)',
		},
		{ name: 'latest', short: 'l', type: 'bool', usage: 'Show the latest created container (includes all states)' },
		{ name: 'size', short: 's', type: 'bool', usage: 'Display total file sizes' },
	],
	run: async ({ call, flags, args }) => {
		if (args.length > 0) return usage('docker ps', 'accepts no arguments.', 'docker ps [OPTIONS]');
		const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
		for (const [key, value] of filters) {
			const wrong = filterFault(call.lab, key, value);
			if (wrong !== undefined) return wrong;
		}
		const keys = [...new Set(filters.map(([key]) => key))];
		const last = flags.on('latest') ? 1 : flags.number('last');
		const everything =
			flags.on('all') || last > 0 || keys.some((key) => ['status', 'exited', 'before', 'since'].includes(key));
		// Filters of one name are one or the other; labels are all wanted.
		const fits = (c: Container): boolean =>
			keys.every((key) => {
				const own = filters.filter(([name]) => name === key);
				const test = ([, value]: (typeof own)[number]): boolean => FILTERS[key]!(c, value ?? '', call.lab);
				return key === 'label' ? own.every(test) : own.some(test);
			});
		const all = call.lab.docker
			.containers()
			.filter((c) => everything || c.state === 'running' || c.restarting)
			.filter(fits);
		const shown = last > 0 ? all.slice(0, last) : all;
		const rows = shown.map((c) => containerFields(c, call.lab, !flags.on('no-trunc')));
		if (flags.on('quiet')) {
			call.out(rows.map((row) => `${row.ID}\n`).join(''));
			return 0;
		}
		const result = formatRows(flags.text('format') || (flags.on('size') ? `${PS}\t{{.Size}}` : PS), rows);
		if ('error' in result) return result.error;
		call.out(result.text);
		return 0;
	},
};
