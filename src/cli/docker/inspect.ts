/** docker inspect, and that of each kind of object. */
import type { Command, Flag } from '../cobra/index.ts';
import type { Kind } from './inspected.ts';
import { all, FORMAT } from './words.ts';

/** `docker inspect`, and each object's own; `only` is the kind it looks for. */
const inspectOf = (
	only: Kind | undefined,
	path: string,
	use: string,
	short: string,
	flags: readonly Flag[],
): Command => ({
	name: 'inspect',
	use,
	short,
	flags: [{ ...FORMAT, short: 'f' }, ...flags],
	complete: (_, at) =>
		only === 'network'
			? at.lab.docker.networks().map((item) => item.name)
			: only === 'image'
				? at.lab.docker.images().map((image) => `${image.repository}:${image.tag}`)
				: all(at),
	run: async (given) => (await import('./inspected.ts')).inspected(given, only, path, use),
});

const SIZE: Flag = {
	name: 'size',
	short: 's',
	type: 'bool',
	usage: 'Display total file sizes if the type is container',
};

export const inspect = inspectOf(
	undefined,
	'docker inspect',
	'[OPTIONS] NAME|ID [NAME|ID...]',
	'Return low-level information on Docker objects',
	[SIZE, { name: 'type', type: 'string', usage: 'Return JSON for specified type' }],
);
export const inspectContainers = inspectOf(
	'container',
	'docker container inspect',
	'[OPTIONS] CONTAINER [CONTAINER...]',
	'Display detailed information on one or more containers',
	[{ ...SIZE, usage: 'Display total file sizes' }],
);
export const inspectImages = inspectOf(
	'image',
	'docker image inspect',
	'[OPTIONS] IMAGE [IMAGE...]',
	'Display detailed information on one or more images',
	[],
);
export const inspectNetworks = inspectOf(
	'network',
	'docker network inspect',
	'[OPTIONS] NETWORK [NETWORK...]',
	'Display detailed information on one or more networks',
	[{ name: 'verbose', short: 'v', type: 'bool', usage: 'Verbose output for diagnostics' }],
);
