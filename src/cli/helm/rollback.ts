/** `helm rollback`. Source: helm cmd/helm/rollback.go, pkg/action/rollback.go @ v3.9.4. */
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { applyManifests, applyOptions } from './apply.ts';
import { hooked, underWay } from './hooks.ts';
import { checkName, clientOf, HISTORY_MAX, historyMax, prune, revisions } from './release.ts';
import { releaseNames, WAIT_FLAGS, waited } from './wanted.ts';

/** Brings a release back to one of its revisions, as a new revision. Answers why that failed. */
export async function rollBack(
	run: Run,
	client: Client,
	last: HelmRelease,
	old: HelmRelease,
): Promise<string | undefined> {
	const { cluster, api } = client;
	const next: HelmRelease = {
		...old,
		revision: last.revision + 1,
		status: 'deployed',
		updated: run.call.lab.now,
		firstDeployed: last.firstDeployed ?? last.updated,
		description: `Rollback to ${old.revision}`,
	};
	underWay(run, client, next, 'pending-rollback', next.description);
	const before = await hooked(run, client, next, 'pre-rollback');
	if (before.error) return before.error;
	const refused = applyManifests(api, last.manifests as never, old.manifests as never, applyOptions(run));
	if (refused) {
		cluster.saveRelease({ ...last, status: 'superseded' });
		const description = `Rollback "${old.name}" failed: ${refused}`;
		cluster.saveRelease({ ...before.release, status: 'failed', description });
		return refused;
	}
	if (!(await waited(run, client, old.manifests as never))) {
		const description = `Release "${old.name}" failed: timed out waiting for the condition`;
		cluster.saveRelease({ ...before.release, status: 'failed', description });
		return `release ${old.name} failed: timed out waiting for the condition`;
	}
	const after = await hooked(run, client, before.release, 'post-rollback');
	if (after.error) return after.error;
	for (const one of revisions(cluster, client.namespace, old.name))
		if (one.status === 'deployed') cluster.saveRelease({ ...one, status: 'superseded' });
	cluster.saveRelease(after.release);
	return undefined;
}

export const rollbackCommand: Command = {
	name: 'rollback',
	use: '<RELEASE> [REVISION] [flags]',
	short: 'roll back a release to a previous revision',
	flags: [
		...WAIT_FLAGS.filter(({ name }) =>
			['cleanup-on-fail', 'dry-run', 'force', 'no-hooks', 'timeout', 'wait', 'wait-for-jobs'].includes(name),
		),
		HISTORY_MAX,
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, call, flags } = run;
		const [name, asked] = args;
		if (name === undefined)
			return '"helm rollback" requires at least 1 argument\n\nUsage:  helm rollback <RELEASE> [REVISION] [flags]';
		if (asked !== undefined && !/^\d+$/.test(asked))
			return `could not convert revision to a number: strconv.Atoi: parsing "${asked}": invalid syntax`;
		const client = await clientOf(run);
		if (typeof client === 'string') return client;
		if (checkName(name)) return `prepareRollback: Release name is invalid: ${name}`;
		const all = revisions(client.cluster, client.namespace, name);
		const last = all.at(-1);
		if (!last) return 'release: not found';
		const to = asked === undefined || asked === '0' ? last.revision - 1 : Number(asked);
		const old = all.find((release) => release.revision === to);
		if (!old) return `release has no ${to} version`;
		if (!flags.on('dry-run')) {
			const failed = await rollBack(run, client, last, old);
			if (failed) return failed;
			prune(client, name, historyMax(run));
		}
		call.out('Rollback was a success! Happy Helming!\n');
		return 0;
	},
};
