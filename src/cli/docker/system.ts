/** `docker system`: what takes room, and making room (docker/cli cli/command/system @ v20.10). */

import type { Command, Flag } from '../cobra/index.ts';
import { events } from './events.ts';
import { formatRows, humanSize } from './format.ts';
import { allVolumes, volumeSize } from './node-mounts.ts';
import { ALL, inUse, prune, pruneContainers, pruneImages, pruneNetworks, written } from './prune.ts';
import { usersOf } from './volume-users.ts';
import { FORMAT } from './words.ts';

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
				const volumes = [...allVolumes(lab).values()];
				const busy = volumes.filter(({ name }) => usersOf(lab, name).length > 0);
				const sum = <T>(list: readonly T[], size: (one: T) => number): number =>
					list.reduce((octets, one) => octets + size(one), 0);
				const all = sum(images, ({ size }) => size);
				const free = all - sum(used, ({ size }) => size);
				const own = sum(containers, (c) => written(lab, c));
				const freed = sum(stopped, (c) => written(lab, c));
				const kept = sum(volumes, (one) => volumeSize(lab, one));
				const idle = kept - sum(busy, (one) => volumeSize(lab, one));
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
