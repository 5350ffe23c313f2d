/**
 * docker stats, top, port and kill (docker/cli cli/command/container @ v20.10). Processor, memory and disks are not
 * modelled: their cells have the dashes docker writes while it does not know.
 */
import type { Command } from '../cobra/index.ts';
import { octetsOf, processesAt, spaceAt, timeOfDay } from '../linux/index.ts';
import { tabulate } from '../text/index.ts';
import { formatRows, humanSize } from './format.ts';
import { daemon, FORMAT, none, noSuch, placeOf, running, usage } from './words.ts';

const STATS =
	'table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}';

export const stats: Command = {
	name: 'stats',
	use: '[OPTIONS] [CONTAINER...]',
	short: 'Display a live stream of container(s) resource usage statistics',
	flags: [
		FORMAT,
		{ name: 'no-stream', type: 'bool', usage: 'Disable streaming stats and only pull the first result' },
		{ name: 'all', short: 'a', type: 'bool', usage: 'Show all containers (default shows just running)' },
		{ name: 'no-trunc', type: 'bool', usage: 'Do not truncate output' },
	],
	complete: (_, at) => running(at),
	run: async ({ call, args, flags }) => {
		const { lab } = call;
		for (const name of args) if (!lab.docker.find(name)) return noSuch(name);
		const show = (): string | undefined => {
			const chosen =
				args.length > 0
					? args.flatMap((name) => lab.docker.find(name) ?? [])
					: lab.docker.containers().filter((c) => flags.on('all') || c.state === 'running');
			const rows = chosen.map((container) => {
				const place = placeOf(lab, container);
				const space = place && container.state === 'running' ? spaceAt(place, lab) : undefined;
				const io = (direction: 'rx' | 'tx'): string =>
					container.ip === undefined || !space ? '0B' : humanSize(octetsOf(space, 'eth0', direction));
				return {
					ID: flags.on('no-trunc') ? container.id : container.id.slice(0, 12),
					Name: container.name,
					CPUPerc: '--',
					MemUsage: '-- / --',
					MemPerc: '--',
					NetIO: `${io('rx')} / ${io('tx')}`,
					BlockIO: '-- / --',
					PIDs: String(place && container.state === 'running' ? processesAt(lab, place).length : 0),
				};
			});
			const result = formatRows(flags.text('format') || STATS, rows, {
				CPUPerc: 'CPU %',
				MemUsage: 'MEM USAGE / LIMIT',
				MemPerc: 'MEM %',
				NetIO: 'NET I/O',
				BlockIO: 'BLOCK I/O',
				PIDs: 'PIDS',
			});
			if ('error' in result) return result.error;
			call.out(result.text);
			return undefined;
		};
		for (;;) {
			const error = show();
			if (error !== undefined) return error;
			if (flags.on('no-stream')) return 0;
			await call.sleep(1e6);
		}
	},
};

export const top: Command = {
	name: 'top',
	use: 'CONTAINER [ps OPTIONS]',
	short: 'Display the running processes of a container',
	stopAtArgument: true,
	complete: (_, at) => running(at),
	run: async ({ call, args }) => {
		const [name] = args;
		if (name === undefined)
			return usage('docker top', 'requires at least 1 argument.', 'docker top CONTAINER [ps OPTIONS]');
		const { lab } = call;
		const container = lab.docker.find(name);
		if (!container) return noSuch(name);
		if (container.state !== 'running') return daemon(`Container ${container.id} is not running`);
		// As the host numbers them: docker asks its ps for the processes of the container's group.
		const all = processesAt(lab, { kind: 'laptop' });
		const place = placeOf(lab, container);
		const namespaces = place?.kind === 'node' ? inside(lab, container.name) : [`container/${container.name}`];
		const list = all.filter((p) => p.ns !== undefined && namespaces.includes(p.ns));
		call.out(
			tabulate(
				[
					'UID\tPID\tPPID\tC\tSTIME\tTTY\tTIME\tCMD\n',
					...list.map(
						(p) =>
							`${[p.user, p.pid, p.ppid, '-', timeOfDay(lab, p.startedAt), '?', '-', p.argv.join(' ')].join('\t')}\n`,
					),
				].join(''),
				{ minWidth: 20, tabWidth: 1, padding: 3 },
			),
		);
		return 0;
	},
};

/** Network namespaces of a node: its own and those of its pods. */
function inside(lab: Parameters<typeof spaceAt>[1], node: string): readonly string[] {
	const cluster = lab.clusters().find((c) => c.nodes().some((n) => n.name === node));
	return [
		`node/${node}`,
		...(cluster?.running() ?? []).filter((c) => c.node === node).map((c) => `pod/${c.pod.namespace}/${c.pod.name}`),
	];
}

export const port: Command = {
	name: 'port',
	use: 'CONTAINER [PRIVATE_PORT[/PROTO]]',
	short: 'List port mappings or a specific mapping for the container',
	complete: (_, at) => running(at),
	run: async ({ call, args }) => {
		const [name, wanted] = args;
		if (name === undefined)
			return usage(
				'docker port',
				'requires at least 1 and at most 2 arguments.',
				'docker port CONTAINER [PRIVATE_PORT[/PROTO]]',
			);
		const container = call.lab.docker.find(name);
		if (!container) return none(name);
		const ports = container.state === 'running' ? container.ports : [];
		if (wanted === undefined) {
			for (const p of ports) call.out(`${p.containerPort}/${p.protocol} -> ${p.hostIp}:${p.hostPort}\n`);
			return 0;
		}
		const asked = wanted.includes('/') ? wanted : `${wanted}/tcp`;
		const found = ports.filter((p) => `${p.containerPort}/${p.protocol}` === asked);
		if (found.length === 0) return `Error: No public port '${asked}' published for ${name}`;
		for (const p of found) call.out(`${p.hostIp}:${p.hostPort}\n`);
		return 0;
	},
};
