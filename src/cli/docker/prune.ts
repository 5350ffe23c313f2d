/** docker's `prune` of containers, images, networks and volumes, each and together. */
import {
	type Container,
	dockerDiff,
	forgetDocker,
	type Lab,
	usage as octetsIn,
	removeFromDocker,
	volumesOfDocker,
} from '../../sim/lab/index.ts';
import type { Command, Flag, Run } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { told } from './event-book.ts';
import { humanSize } from './format.ts';
import { removeVolume, usersOf } from './volume-users.ts';
import { FILTER, placeOf, usage } from './words.ts';

const FORCE: Flag = { name: 'force', short: 'f', type: 'bool', usage: 'Do not prompt for confirmation' };

/** Asks before something is deleted, unless `-f` is given; whether it may be. */
function agreed({ call, flags }: Run, warning: string): boolean {
	if (flags.on('force')) return true;
	call.out(`${warning}\nAre you sure you want to continue? [y/N] `);
	return /^y/i.test(call.stdin.trim());
}

const total = (octets: number): string => `Total reclaimed space: ${humanSize(octets)}\n`;

/** Octets a container wrote into its own files. */
export const written = (lab: Lab, container: Container): number =>
	placeOf(lab, container)?.kind === 'container'
		? dockerDiff(lab, container).reduce((sum, { size }) => sum + size, 0)
		: 0;

export function pruneVolumes({ lab, out }: Call): number {
	const gone = [...volumesOfDocker(lab).values()].filter(({ name }) => usersOf(lab, name).length === 0);
	const octets = gone.reduce((sum, { node }) => sum + octetsIn(node), 0);
	for (const { name } of gone) removeVolume(lab, name);
	if (gone.length > 0) out(`Deleted Volumes:\n${gone.map(({ name }) => `${name}\n`).join('')}\n`);
	return octets;
}

export function pruneContainers({ lab, out }: Call): number {
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

export function pruneNetworks({ lab, out }: Call): void {
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
export const inUse = (lab: Lab, image: { readonly repository: string; readonly tag: string }): boolean =>
	lab.docker.containers().some((c) => {
		const plain = (text: string): string => text.replace(/@.*$/, '').replace(/^docker\.io\/(?:library\/)?/, '');
		const full = `${image.repository}:${image.tag}`;
		return [c.image, c.base ?? ''].some((name) => plain(name) === full || `${plain(name)}:latest` === full);
	});

export function pruneImages({ lab, out }: Call, all: boolean): number {
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

export const prune = (
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

export const ALL: Flag = {
	name: 'all',
	short: 'a',
	type: 'bool',
	usage: 'Remove all unused images, not just dangling ones',
};

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
