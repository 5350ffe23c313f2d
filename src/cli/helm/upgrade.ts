/** `helm upgrade`. Source: helm cmd/helm/upgrade.go, pkg/action/upgrade.go @ v3.9.4. */
import { mergeValues, type Values } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command } from '../cobra/index.ts';
import { loadExpressionsOf } from '../kube/index.ts';
import { applyManifests, applyOptions, conflict, unbuildable } from './apply.ts';
import { hooked, underWay } from './hooks.ts';
import { install } from './install.ts';
import { cancellable, debug, failed, made, tell, WORK } from './made.ts';
import { OUTPUT } from './output.ts';
import { installable } from './own.ts';
import { wholeText } from './print.ts';
import { checkName, clientOf, HISTORY_MAX, historyMax, latest, prune, revisions } from './release.ts';
import { rollBack } from './rollback.ts';
import { releaseNames, VALUE_FLAGS, WAIT_FLAGS, waited, wanted } from './wanted.ts';

export const upgradeCommand: Command = {
	name: 'upgrade',
	use: '[RELEASE] [CHART] [flags]',
	short: 'upgrade a release',
	flags: [
		...VALUE_FLAGS,
		...WAIT_FLAGS,
		{
			name: 'install',
			short: 'i',
			type: 'bool',
			usage: "if a release by this name doesn't already exist, run an install",
		},
		{
			name: 'reuse-values',
			type: 'bool',
			usage: "when upgrading, reuse the last release's values and merge in any overrides from the command line",
		},
		{ name: 'reset-values', type: 'bool', usage: 'when upgrading, reset the values to the ones built into the chart' },
		HISTORY_MAX,
		OUTPUT,
	],
	complete: (_, at) => releaseNames(at),
	run: async (run) => {
		const { args, flags, call } = run;
		if (args.length !== 2)
			return `"helm upgrade" requires 2 arguments\n\nUsage:  helm upgrade [RELEASE] [CHART] [flags]`;
		const [name, reference] = args as [string, string];
		const client = await clientOf(run);
		if (typeof client === 'string') return failed('UPGRADE', client);
		const { cluster, api, namespace } = client;
		if (checkName(name)) {
			const words = `release name is invalid: ${name}`;
			return flags.on('install') ? words : failed('UPGRADE', words);
		}
		const last = latest(cluster, namespace, name);
		if (!last && flags.on('install')) {
			const first = `Release "${name}" does not exist. Installing it now.\n`;
			if (flags.text('output') === 'table') call.out(first);
			const want = await wanted(run, name, reference);
			return typeof want === 'string' ? want : install(run, client, want);
		}
		const want = await wanted(run, name, reference);
		if (typeof want === 'string') return want;
		if (last?.status.startsWith('pending-'))
			return failed('UPGRADE', 'another operation (install/upgrade/rollback) is in progress');
		// What an upgrade starts from is the revision that was deployed last, not one that failed since.
		const base =
			last?.status === 'deployed'
				? last
				: (revisions(cluster, namespace, name)
						.filter(({ status }) => status === 'deployed')
						.at(-1) ?? (['failed', 'superseded'].includes(last?.status ?? '') ? last : undefined));
		if (!last || !base) return failed('UPGRADE', `"${name}" has no deployed releases`);
		// Without values of its own an upgrade keeps those of the release before it.
		const keeps = !flags.on('reset-values') && (flags.on('reuse-values') || Object.keys(want.values).length === 0);
		const values = keeps ? mergeValues(base.values as Values, want.values) : want.values;
		const own = want.own && {
			chart: want.own.chart,
			typed: keeps ? mergeValues(base.values as Values, want.own.typed as Values) : want.own.typed,
		};
		const not = own && installable(own.chart);
		if (not) return failed('UPGRADE', not);
		const next = made(run, client, { ...want, values, ...(own ? { own } : {}) }, last.revision + 1, 'Upgrade complete');
		if ('error' in next) return failed('UPGRADE', next.error);
		let release: HelmRelease = { ...next.release, firstDeployed: base.firstDeployed ?? base.updated };
		const happy = `Release "${name}" has been upgraded. Happy Helming!\n`;
		const schema = want.own !== undefined && !flags.on('disable-openapi-validation');
		const fault = unbuildable(api, next.objects, schema);
		if (fault) return failed('UPGRADE', `unable to build kubernetes objects from new release manifest: ${fault}`);
		const added = next.objects.filter(
			(object) =>
				!base.manifests.some(
					(old) => old.kind === object.kind && old.metadata.name === (object.metadata as { name?: string }).name,
				),
		);
		const owned = want.own && conflict(api, added, name, namespace);
		if (owned)
			return failed(
				'UPGRADE',
				`rendered manifests contain a resource that already exists. Unable to continue with update: ${owned}`,
			);
		if (flags.on('dry-run')) {
			const pending: HelmRelease = { ...release, status: 'pending-upgrade' };
			if (flags.text('output') !== 'table') return tell(run, pending, '');
			call.out(`${happy}${wholeText(call.lab, { ...pending, description: 'Dry run complete' }, debug(run, pending))}`);
			return 0;
		}
		await call.sleep(WORK);
		underWay(run, client, release, 'pending-upgrade', 'Preparing upgrade');
		const fail = async (text: string): Promise<string> => {
			cluster.saveRelease({ ...release, status: 'failed', description: `Upgrade "${name}" failed: ${text}` });
			if (!flags.on('atomic')) return failed('UPGRADE', text);
			const failure = await rollBack(run, client, release, base);
			if (failure)
				return failed(
					'UPGRADE',
					`an error occurred while rolling back the release. original upgrade error: ${text}: ${failure}`,
				);
			return failed('UPGRADE', `release ${name} failed, and has been rolled back due to atomic being set: ${text}`);
		};
		await loadExpressionsOf(JSON.stringify(next.objects));
		const done = await cancellable(run, name, fail, async () => {
			const before = await hooked(run, client, release, 'pre-upgrade');
			release = before.release;
			if (before.error) return fail(`pre-upgrade hooks failed: ${before.error}`);
			const refused = applyManifests(api, base.manifests as never, next.objects, applyOptions(run));
			if (refused) return fail(refused);
			if (!(await waited(run, client, next.objects))) return fail('timed out waiting for the condition');
			const after = await hooked(run, client, release, 'post-upgrade');
			release = after.release;
			if (after.error) return fail(`post-upgrade hooks failed: ${after.error}`);
			return undefined;
		});
		if (done) return done;
		cluster.saveRelease({ ...base, status: 'superseded' });
		cluster.saveRelease(release);
		prune(client, name, historyMax(run));
		return tell(run, release, happy);
	},
};
