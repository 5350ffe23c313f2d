/** docker's images. */
import type { Command } from '../cobra/index.ts';
import { formatRows, humanDuration, humanSize } from './format.ts';
import { daemon, FORMAT, NO_TRUNC, QUIET, usage } from './words.ts';

export const images: Command = {
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

export const pull: Command = {
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
