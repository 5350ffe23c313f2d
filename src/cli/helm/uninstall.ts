/** `helm uninstall`. Source: helm cmd/helm/uninstall.go, pkg/action/uninstall.go @ v3.9.4. */
import type { ApiInput } from '../../sim/api/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { keeps, removeManifests } from './apply.ts';
import { hooked } from './hooks.ts';
import { checkName, clientOf, forget, revisions } from './release.ts';
import { releaseNames, WAIT_FLAGS } from './wanted.ts';

/** A DELETE and its answer, microseconds. */
const REQUEST = 10_000;

/** Takes a release away, its hooks around it. Answers what was kept by its own wish, or why it failed. */
export async function takeAway(
	run: Run,
	client: Client,
	last: HelmRelease,
): Promise<{ readonly kept: string; readonly release: HelmRelease } | { readonly error: string }> {
	const before = await hooked(run, client, last, 'pre-delete');
	if (before.error) return { error: before.error };
	const objects = last.manifests as readonly ApiInput[];
	const stay = objects.filter(keeps);
	removeManifests(
		client.api,
		objects.filter((object) => !keeps(object)),
	);
	// One object after the other, each a request; what owned pods is collected meanwhile.
	await run.call.sleep(objects.length * REQUEST);
	const after = await hooked(run, client, before.release, 'post-delete');
	if (after.error) return { error: `uninstallation completed with 1 error(s): ${after.error}` };
	const lines = [...stay]
		.reverse()
		.map(({ kind, metadata }) => `[${String(kind)}] ${(metadata as { name: string }).name}\n`);
	const kept = stay.length > 0 ? `These resources were kept due to the resource policy:\n${lines.join('')}` : '';
	return { kept, release: after.release };
}

export const uninstallCommand: Command = {
	name: 'uninstall',
	aliases: ['del', 'delete', 'un'],
	use: 'RELEASE_NAME [...] [flags]',
	short: 'uninstall a release',
	flags: [
		...WAIT_FLAGS.filter((flag) => ['description', 'dry-run', 'no-hooks', 'timeout', 'wait'].includes(flag.name)),
		{
			name: 'keep-history',
			type: 'bool',
			usage: 'remove all associated resources and mark the release as deleted, but retain the release history',
		},
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, call, flags } = run;
		if (args.length === 0)
			return '"helm uninstall" requires at least 1 argument\n\nUsage:  helm uninstall RELEASE_NAME [...] [flags]';
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const { cluster } = client;
		for (const name of args) {
			if (checkName(name)) return `uninstall: Release name is invalid: ${name}`;
			const all = revisions(cluster, client.namespace, name);
			const last = all.at(-1);
			if (!last)
				return flags.on('dry-run')
					? 'release: not found'
					: `uninstall: Release not loaded: ${name}: release: not found`;
			if (!flags.on('dry-run')) {
				const keep = flags.on('keep-history');
				if (last.status === 'uninstalled' && keep) return `the release named "${name}" is already deleted`;
				if (last.status !== 'uninstalled') {
					const done = await takeAway(run, client, last);
					if ('error' in done) return done.error;
					const description = flags.text('description') || 'Uninstallation complete';
					if (keep) cluster.saveRelease({ ...done.release, status: 'uninstalled', description });
					if (done.kept) call.out(`${done.kept}\n`);
				}
				if (!keep) for (const release of all) forget(cluster, release);
			}
			call.out(`release "${name}" uninstalled\n`);
		}
		return 0;
	},
};
