/** docker's images. */
import { type Lab, removeFromDocker } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import type { Call } from '../tool.ts';
import { toldOf } from './event-book.ts';
import { formatRows, humanDuration, humanSize } from './format.ts';
import { type Image, imageCalled, withTag } from './image-called.ts';
import { daemon, FILTER, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

const named = (image: Image): string => `${image.repository}:${image.tag}`;

/** `nginx*:1.2?`, as path.Match() has it. */
const glob = (pattern: string): RegExp =>
	new RegExp(
		`^${pattern
			.replace(/[.+^${}()|\\]/g, '\\$&')
			.replaceAll('*', '[^/]*')
			.replaceAll('?', '[^/]')}$`,
	);

/** moby daemon/images/images.go acceptedImageFilterTags @ v20.10. */
const FILTERS: Readonly<Record<string, (image: Image, value: string, lab: Lab) => boolean>> = {
	before: (image, value, lab) => image.created < imageCalled(lab, value)!.created,
	dangling: (image, value) => (image.tag === '<none>') === /^(?:1|true)$/i.test(value),
	// No image of the lab says anything of itself.
	label: () => false,
	reference: (image, value) => glob(value).test(named(image)) || glob(value).test(image.repository),
	since: (image, value, lab) => image.created > imageCalled(lab, value)!.created,
};

export const images: Command = {
	name: 'images',
	use: '[OPTIONS] [REPOSITORY[:TAG]]',
	short: 'List images',
	flags: [
		{ name: 'all', short: 'a', type: 'bool', usage: 'Show all images (default hides intermediate images)' },
		FILTER,
		FORMAT,
		QUIET,
		NO_TRUNC,
		{ name: 'digests', type: 'bool', usage: 'Show digests' },
	],
	run: async ({ call, flags, args }) => {
		if (args.length > 1)
			return usage('docker images', 'requires at most 1 argument.', 'docker images [OPTIONS] [REPOSITORY[:TAG]]');
		const [repository, tag] = (args[0] ?? '').split(':') as [string, string | undefined];
		const filters = flags.list('filter').map((text) => text.split(/=(.*)/s, 2) as [string, string | undefined]);
		for (const [key, value] of filters) {
			if (value === undefined) return 'bad format of filter (expected name=value)';
			if (!Object.hasOwn(FILTERS, key)) return daemon(`Invalid filter '${key}'`);
			if ((key === 'before' || key === 'since') && !imageCalled(call.lab, value))
				return daemon(`No such image: ${withTag(value)}`);
			if (key === 'dangling' && !/^(?:1|0|true|false)$/i.test(value))
				return daemon(`Invalid filter 'dangling=[${value}]'`);
		}
		const rows = call.lab.docker
			.images()
			.filter(
				(image) => repository === '' || (image.repository === repository && (tag === undefined || image.tag === tag)),
			)
			.filter((image) => filters.every(([key, value]) => FILTERS[key]!(image, value ?? '', call.lab)))
			.map((image) => ({
				Containers: 'N/A',
				SharedSize: 'N/A',
				UniqueSize: 'N/A',
				VirtualSize: humanSize(image.size),
				CreatedAt: `${new Date(Math.floor(call.lab.epoch * 1000 + image.created / 1000))
					.toISOString()
					.replace('T', ' ')
					.replace(/\.\d+Z$/, '')} +0000 UTC`,
				Repository: image.repository,
				Tag: image.tag,
				Digest: image.digest,
				ID: flags.on('no-trunc') ? image.id : image.id.replace('sha256:', '').slice(0, 12),
				CreatedSince: `${humanDuration(call.lab.now - image.created)} ago`,
				Size: humanSize(image.size),
			}));
		if (flags.on('quiet')) {
			call.out(rows.map((row) => `${row.ID}\n`).join(''));
			return 0;
		}
		const result = formatRows(
			flags.text('format') ||
				`table {{.Repository}}\t{{.Tag}}\t${flags.on('digests') ? '{{.Digest}}\t' : ''}{{.ID}}\t{{.CreatedSince}}\t{{.Size}}`,
			rows,
			{ ID: 'IMAGE ID' },
		);
		if ('error' in result) return result.error;
		call.out(result.text);
		return 0;
	},
};

export const pull: Command = {
	name: 'pull',
	use: '[OPTIONS] NAME[:TAG|@DIGEST]',
	short: 'Pull an image or a repository from a registry',
	flags: [{ name: 'quiet', short: 'q', type: 'bool', usage: 'Suppress verbose output' }],
	run: async ({ call, args, flags }) => {
		const [name] = args;
		if (name === undefined)
			return usage('docker pull', 'requires exactly 1 argument.', 'docker pull [OPTIONS] NAME[:TAG|@DIGEST]');
		if (!flags.on('quiet') && !/[:@]/.test(name.split('/').at(-1)!)) call.out('Using default tag: latest\n');
		const failed = await pullImage(call, name, (text) => {
			if (!flags.on('quiet')) call.out(text);
		});
		if (failed !== undefined) return failed;
		const full = withTag(name).replace(/^docker\.io\/(?:library\/)?/, '');
		call.out(
			`docker.io/${full.includes('/') ? '' : 'library/'}${full}\n`.replace(/^docker\.io\/(?=[^/]*[.:][^/]*\/)/, ''),
		);
		return 0;
	},
};

export const rmi: Command = {
	name: 'rmi',
	use: '[OPTIONS] IMAGE [IMAGE...]',
	short: 'Remove one or more images',
	flags: [
		{ name: 'force', short: 'f', type: 'bool', usage: 'Force removal of the image' },
		{ name: 'no-prune', type: 'bool', usage: 'Do not delete untagged parents' },
	],
	run: async ({ call, args, flags }) => {
		if (args.length === 0)
			return usage('docker rmi', 'requires at least 1 argument.', 'docker rmi [OPTIONS] IMAGE [IMAGE...]');
		let code = 0;
		for (const name of args) {
			const removed = removeFromDocker(call.lab.docker, name, flags.on('force'));
			if ('error' in removed) {
				call.err(`${removed.error.startsWith('No such') ? 'Error: ' : ''}${removed.error}\n`);
				code = 1;
				continue;
			}
			for (const tag of removed.untagged) call.out(`Untagged: ${tag}\n`);
			if (removed.deleted !== undefined) call.out(`Deleted: ${removed.deleted}\n`);
		}
		return code;
	},
};

export const tag: Command = {
	name: 'tag',
	use: 'SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]',
	short: 'Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE',
	run: async ({ call, args }) => {
		const [from, to] = args;
		if (from === undefined || to === undefined || args.length > 2)
			return usage('docker tag', 'requires exactly 2 arguments.', 'docker tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]');
		const image = imageCalled(call.lab, from);
		if (!image) return daemon(`No such image: ${withTag(from)}`);
		if (!/^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?$/.test(to))
			return `Error parsing reference: ${JSON.stringify(to)} is not a valid repository/tag: ${/[A-Z]/.test(to.split(':')[0]!) ? 'invalid reference format: repository name must be lowercase' : 'invalid reference format'}`;
		call.lab.docker.tag(`${image.repository}:${image.tag}`, to);
		toldOf(call.lab, 'image', 'tag', image.id, { name: withTag(to) });
		return 0;
	},
};

export const history: Command = {
	name: 'history',
	use: '[OPTIONS] IMAGE',
	short: 'Show the history of an image',
	run: async ({ call, args: [name] }) => {
		if (name === undefined)
			return usage('docker history', 'requires exactly 1 argument.', 'docker history [OPTIONS] IMAGE');
		const full = withTag(name).replace(/^docker\.io\/(?:library\/)?/, '');
		if (!call.lab.docker.images().some((i) => `${i.repository}:${i.tag}` === full || i.id.slice(7).startsWith(name)))
			return daemon(`No such image: ${withTag(name)}`);
		call.err('docker: the simulator knows no layers of images, and no history\n');
		return 1;
	},
};

/** Pulls an image and says how it went; answers what the daemon says when it cannot. Layers are not modelled. */
export async function pullImage(call: Call, name: string, say: (text: string) => void): Promise<string | undefined> {
	const full = withTag(name);
	const { docker } = call.lab;
	const before = docker.images().length;
	const [repository, tag] = [full.replace(/[:@][^/:]*$/, ''), full.slice(full.lastIndexOf(':') + 1)];
	const image = docker.pull(name);
	if (image.state === 'running' && image.size > 0)
		say(
			`${tag}: Pulling from ${repository.includes('/') ? repository.replace(/^[^/]*[.:][^/]*\//, '') : `library/${repository}`}\n`,
		);
	await call.until(() => image.state !== 'running', 3600e6);
	if (image.note) call.err(`${image.note}\n`);
	if (image.state === 'failed')
		return daemon(image.error ?? `manifest for ${name} not found: manifest unknown: manifest unknown`);
	const there = docker
		.images()
		.find((i) => `${i.repository}:${i.tag}` === full.replace(/^docker\.io\/(?:library\/)?/, ''));
	toldOf(call.lab, 'image', 'pull', full, { name: repository });
	if (there) say(`Digest: ${there.digest}\n`);
	say(
		docker.images().length > before
			? `Status: Downloaded newer image for ${full}\n`
			: `Status: Image is up to date for ${full}\n`,
	);
	return undefined;
}
