/** `helm rollback` and `uninstall`. Source: helm cmd/helm/{rollback,uninstall}.go, pkg/action @ v3.9.4. */
import type { Command } from '../cobra/index.ts';
import { applyManifests, removeManifests } from './apply.ts';
import { clientOf, forget, revisions } from './release.ts';
import { releaseNames, WAIT_FLAGS, waited } from './wanted.ts';

export const rollbackCommand: Command = {
	name: 'rollback',
	use: '<RELEASE> [REVISION] [flags]',
	short: 'roll back a release to a previous revision',
	flags: WAIT_FLAGS,
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, call } = run;
		const [name, asked] = args;
		if (name === undefined)
			return '"helm rollback" requires at least 1 argument\n\nUsage:  helm rollback <RELEASE> [REVISION] [flags]';
		if (asked !== undefined && !/^\d+$/.test(asked))
			return `could not convert revision to a number: strconv.Atoi: parsing "${asked}": invalid syntax`;
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		const all = revisions(client.cluster, client.namespace, name);
		const last = all.at(-1);
		if (!last) return 'release: not found';
		const to = asked === undefined || asked === '0' ? last.revision - 1 : Number(asked);
		const old = all.find((release) => release.revision === to);
		if (!old) return `release has no ${to} version`;
		const refused = applyManifests(client.api, last.manifests as never, old.manifests as never);
		if (refused) return `${refused.during}: ${refused.status.message}`;
		if (!(await waited(run, client, old.manifests as never))) return 'timed out waiting for the condition';
		if (last.status === 'deployed') client.cluster.saveRelease({ ...last, status: 'superseded' });
		client.cluster.saveRelease({
			...old,
			revision: last.revision + 1,
			status: 'deployed',
			updated: call.lab.now,
			description: `Rollback to ${to}`,
		});
		call.out('Rollback was a success! Happy Helming!\n');
		return 0;
	},
};

/** A DELETE and its answer, microseconds. */
const REQUEST = 10_000;

export const uninstallCommand: Command = {
	name: 'uninstall',
	aliases: ['del', 'delete', 'un'],
	use: 'RELEASE_NAME [...] [flags]',
	short: 'uninstall a release',
	flags: [
		...WAIT_FLAGS.filter((flag) => flag.name !== 'atomic' && flag.name !== 'create-namespace'),
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
		for (const name of args) {
			const all = revisions(client.cluster, client.namespace, name);
			const last = all.at(-1);
			if (!last) return `uninstall: Release not loaded: ${name}: release: not found`;
			if (!flags.on('dry-run')) {
				removeManifests(client.api, last.manifests as never);
				if (flags.on('keep-history'))
					client.cluster.saveRelease({ ...last, status: 'uninstalled', description: 'Uninstallation complete' });
				else for (const release of all) forget(client.cluster, release);
				// One object after the other, each a request; what owned pods is collected meanwhile.
				await call.sleep(last.manifests.length * REQUEST);
			}
			call.out(`release "${name}" uninstalled\n`);
		}
		return 0;
	},
};
