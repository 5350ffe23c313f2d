/** `helm install` and `helm upgrade`. Source: helm cmd/helm/{install,upgrade}.go, pkg/action/{install,upgrade}.go @ v3.9.4. */
import type { ApiInput } from '../../sim/api/index.ts';
import { mergeValues, type Values } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import { type Client, loadExpressionsOf } from '../kube/index.ts';
import { Interrupted } from '../tool.ts';
import { applyManifests, checkManifests, conflict, unbuildable } from './apply.ts';
import { hooked, underWay } from './hooks.ts';
import { tellLacking } from './lacking.ts';
import { OUTPUT, print } from './output.ts';
import { installable, installResources, objectsOf, ownPart, renderOwn } from './own.ts';
import { releaseJson, status, wholeText } from './print.ts';
import { checkName, clientOf, forget, historyMax, latest, prune, render, requestOf, revisions } from './release.ts';
import { rollBack } from './rollback.ts';
import { takeAway } from './uninstall.ts';
import { releaseNames, VALUE_FLAGS, WAIT_FLAGS, type Wanted, waited, wanted } from './wanted.ts';

/** What fetching a chart, rendering it and asking the server for each object takes, microseconds. */
const WORK = 1.5e6;

/** The next revision as it would be kept, or why it cannot be made. */
function made(
	run: Run,
	client: Client,
	want: Wanted,
	revision: number,
	description: string,
): { readonly release: HelmRelease; readonly objects: readonly ApiInput[] } | { readonly error: string } {
	const { call, flags } = run;
	const common = {
		name: want.name,
		namespace: client.namespace,
		revision,
		chart: want.chart,
		chartVersion: want.version,
		status: 'deployed' as const,
		updated: call.lab.now,
		description: flags.text('description') || description,
		values: want.values,
	};
	if (want.own) {
		const result = renderOwn(call, client, {
			name: want.name,
			values: want.values,
			typed: want.own.typed,
			chart: want.own.chart,
			revision,
			upgrade: revision > 1,
			dryRun: flags.on('dry-run'),
			subNotes: flags.on('render-subchart-notes'),
		});
		if ('error' in result) return result;
		const objects = objectsOf(client.api, result.manifests, want.name, client.namespace);
		return {
			objects,
			release: {
				...common,
				appVersion: want.own.chart.metadata.appVersion ?? '',
				manifests: objects as never,
				notes: result.notes,
				own: ownPart(result),
			},
		};
	}
	const rendered = render(client, want);
	if ('error' in rendered) return rendered;
	tellLacking(call, requestOf(client, want));
	return {
		objects: rendered.manifests,
		release: { ...common, appVersion: want.version, manifests: rendered.manifests as never, notes: rendered.notes },
	};
}

/** Whether values are shown too (cmd/helm/status.go statusPrinter.debug); of Cilium's chart there are none to show. */
const debug = (run: Run, release: HelmRelease): boolean => run.flags.on('debug') && release.own !== undefined;

/** What `--debug` tells of the chart to be installed (cmd/helm/install.go runInstall() @ v3.9.4). */
function traced({ call, flags }: Run, want: Wanted, reference: string): void {
	if (!flags.on('debug') || !want.own) return;
	call.err(`install.go:178: [debug] Original chart version: ${JSON.stringify(flags.text('version'))}\n`);
	const path = reference.startsWith('/') ? reference : `${call.cwd}/${reference}`;
	const parts: string[] = [];
	for (const part of path.split('/'))
		if (part === '..') parts.pop();
		else if (part !== '' && part !== '.') parts.push(part);
	call.err(`install.go:195: [debug] CHART PATH: /${parts.join('/')}\n\n`);
}

/** Ctrl-C ends an install or upgrade as a failed one (cmd/helm/install.go, handling of SIGTERM). */
async function cancellable(
	{ call }: Run,
	name: string,
	fail: (text: string) => Promise<string>,
	body: () => Promise<string | undefined>,
): Promise<string | undefined> {
	try {
		return await body();
	} catch (fault) {
		if (!(fault instanceof Interrupted)) throw fault;
		call.out(`Release ${name} has been cancelled.\n`);
		call.err(`Error: ${await fail('context canceled')}\n`);
		throw fault;
	}
}

function tell(run: Run, release: HelmRelease, first: string): string | undefined {
	if (run.flags.text('output') !== 'table') return print(run, releaseJson(run.call.lab, release), () => '');
	const { lab } = run.call;
	run.call.out(`${first}${debug(run, release) ? wholeText(lab, release, true) : status(lab, release)}`);
	return undefined;
}

async function install(run: Run, client: Client, want: Wanted, first = ''): Promise<string | undefined> {
	const { call, flags } = run;
	const { api, cluster, namespace } = client;
	const not = want.own && installable(want.own.chart);
	if (not) return not;
	const bad = checkName(want.name);
	if (bad) return `release name ${JSON.stringify(want.name)}: ${bad}`;
	const last = latest(cluster, namespace, want.name);
	if (last && !flags.on('dry-run') && !(flags.on('replace') && ['uninstalled', 'failed'].includes(last.status)))
		return 'cannot re-use a name that is still in use';
	if (want.own && !flags.on('skip-crds') && !flags.on('dry-run')) {
		const refused = await installResources(call, client, want.own.chart);
		if (refused) return refused;
	}
	const next = made(run, client, want, 1, flags.on('dry-run') ? 'Dry run complete' : 'Install complete');
	if ('error' in next) return next.error;
	let { release } = next;
	const schema = want.own !== undefined && !flags.on('disable-openapi-validation');
	const fault = checkManifests(api, next.objects, want.name, namespace, schema);
	if (fault) return fault;
	if (flags.on('dry-run')) {
		const pending: HelmRelease = { ...release, status: 'pending-install' };
		if (flags.text('output') !== 'table') return tell(run, pending, '');
		call.out(wholeText(call.lab, pending, debug(run, pending)));
		return undefined;
	}
	if (!api.get(api.find('namespaces')!, undefined, namespace)) {
		if (!flags.on('create-namespace')) return `create: failed to create: namespaces "${namespace}" not found`;
		const created = api.create({
			apiVersion: 'v1',
			kind: 'Namespace',
			metadata: { name: namespace, labels: { name: namespace } },
		});
		if (created.error) return created.error.message;
	}
	await call.sleep(WORK);
	underWay(run, client, release, 'pending-install', 'Initial install underway');
	const fail = async (text: string): Promise<string> => {
		if (flags.on('atomic')) {
			const undone = await takeAway(run, client, release);
			if ('error' in undone)
				return `an error occurred while uninstalling the release. original install error: ${text}: ${undone.error}`;
			forget(cluster, release);
			return `release ${want.name} failed, and has been uninstalled due to atomic being set: ${text}`;
		}
		cluster.saveRelease({ ...release, status: 'failed', description: `Release "${want.name}" failed: ${text}` });
		return text;
	};
	await loadExpressionsOf(JSON.stringify(next.objects));
	const done = await cancellable(run, want.name, fail, async () => {
		const before = await hooked(run, client, release, 'pre-install');
		release = before.release;
		if (before.error) return fail(`failed pre-install: ${before.error}`);
		const refused = applyManifests(api, [], next.objects);
		if (refused) return fail(refused);
		if (!(await waited(run, client, next.objects))) return fail('timed out waiting for the condition');
		const after = await hooked(run, client, release, 'post-install');
		release = after.release;
		if (after.error) return fail(`failed post-install: ${after.error}`);
		return undefined;
	});
	if (done) return done;
	cluster.saveRelease(release);
	return tell(run, release, first);
}

const failed = (what: string, text: string): string => `${what} FAILED: ${text}`;

export const installCommand: Command = {
	name: 'install',
	use: '[NAME] [CHART] [flags]',
	short: 'install a chart',
	flags: [
		...VALUE_FLAGS,
		...WAIT_FLAGS,
		{ name: 'generate-name', short: 'g', type: 'bool', usage: 'generate the name (and omit the NAME parameter)' },
		{
			name: 'replace',
			type: 'bool',
			usage:
				're-use the given name, only if that name is a deleted release which remains in the history. This is unsafe in production',
		},
		{
			name: 'dependency-update',
			type: 'bool',
			usage: 'update dependencies if they are missing before installing the chart',
		},
		OUTPUT,
	],
	run: async (run) => {
		const { args, flags, call } = run;
		const [first, second] = args;
		if (args.length > 2)
			return failed(
				'INSTALLATION',
				`expected at most two arguments, unexpected arguments: ${args.slice(2).join(', ')}`,
			);
		if (first === undefined)
			return '"helm install" requires at least 1 argument\n\nUsage:  helm install [NAME] [CHART] [flags]';
		let name = first;
		if (second === undefined) {
			if (!flags.on('generate-name'))
				return failed('INSTALLATION', 'must either provide a name or specify --generate-name');
			const base = first.replace(/\/+$/, '').split('/').at(-1)!;
			name = `${base === '.' || base === '' ? 'chart' : base.replace(/-\d.*\.tgz$|\.tgz$/, '')}-${Math.floor(call.lab.epoch + call.lab.now / 1e6)}`;
		} else if (flags.on('generate-name'))
			return failed('INSTALLATION', 'cannot set --generate-name and also specify a name');
		const client = await clientOf(run);
		const want = await wanted(run, name, second ?? first);
		if (typeof want === 'string') return failed('INSTALLATION', want);
		if (typeof client === 'string') return failed('INSTALLATION', client);
		traced(run, want, second ?? first);
		const error = await install(run, client, want);
		return error && failed('INSTALLATION', error);
	},
};

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
		{
			name: 'history-max',
			type: 'int',
			default: '10',
			usage: 'limit the maximum number of revisions saved per release. Use 0 for no limit',
		},
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
			const refused = applyManifests(api, base.manifests as never, next.objects);
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
