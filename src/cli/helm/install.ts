import { mergeValues, type Rendered, type Values } from '../../sim/charts/index.ts';
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import type { Client } from '../kube/index.ts';
import { applyManifests, checkManifests, removeManifests } from './apply.ts';
import { tellLacking } from './lacking.ts';
import { manifestText, status } from './print.ts';
import { checkName, clientOf, latest, render, requestOf } from './release.ts';
import { releaseNames, VALUE_FLAGS, WAIT_FLAGS, type Wanted, waited, wanted } from './wanted.ts';

/** What fetching a chart, rendering it and asking the server for each object takes, microseconds. */
const WORK = 1.5e6;

const release = (
	run: Run,
	client: Client,
	want: Wanted,
	rendered: Rendered,
	revision: number,
	description: string,
): HelmRelease => ({
	name: want.name,
	namespace: client.namespace,
	revision,
	chart: want.chart,
	chartVersion: want.version,
	appVersion: want.version,
	status: 'deployed',
	updated: run.call.lab.now,
	description: run.flags.text('description') || description,
	values: want.values,
	manifests: rendered.manifests as never,
	notes: rendered.notes,
});

async function install(run: Run, client: Client, want: Wanted): Promise<string | undefined> {
	const { call, flags } = run;
	const { api, cluster, namespace } = client;
	const rendered = render(client, want);
	if ('error' in rendered) return rendered.error;
	if (latest(cluster, namespace, want.name)) return 'cannot re-use a name that is still in use';
	tellLacking(call, requestOf(client, want));
	const first = release(run, client, want, rendered, 1, 'Install complete');
	if (flags.on('dry-run')) {
		call.out(
			`${status(call.lab, { ...first, status: 'pending-install', notes: '' })}HOOKS:\nMANIFEST:\n${manifestText(want.chart, rendered.manifests)}\nNOTES:\n${rendered.notes}`,
		);
		return undefined;
	}
	const fault = checkManifests(api, rendered.manifests, want.name, namespace);
	if (fault) return fault;
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
	const refused = applyManifests(api, [], rendered.manifests);
	if (refused) {
		cluster.saveRelease({
			...first,
			status: 'failed',
			description: `Release "${want.name}" failed: ${refused.status.message}`,
		});
		return `${refused.during}: ${refused.status.message}`;
	}
	if (!(await waited(run, client, rendered.manifests))) {
		if (flags.on('atomic')) {
			removeManifests(api, rendered.manifests);
			return `release ${want.name} failed, and has been uninstalled due to atomic being set: timed out waiting for the condition`;
		}
		cluster.saveRelease({
			...first,
			status: 'failed',
			description: `Release "${want.name}" failed: timed out waiting for the condition`,
		});
		return 'timed out waiting for the condition';
	}
	const done = { ...first, updated: first.updated };
	cluster.saveRelease(done);
	call.out(status(call.lab, done));
	return undefined;
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
			name = `${first.split('/').at(-1)}-${Math.floor(call.lab.epoch + call.lab.now / 1e6)}`;
		} else if (flags.on('generate-name'))
			return failed('INSTALLATION', 'cannot set --generate-name and also specify a name');
		const client = await clientOf(run);
		const bad = checkName(name);
		const want = bad ?? (await wanted(run, name, second ?? first));
		if (typeof want === 'string') return failed('INSTALLATION', want);
		if (typeof client === 'string') return failed('INSTALLATION', client);
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
		const last = latest(cluster, namespace, name);
		if (!last && flags.on('install')) {
			call.out(`Release "${name}" does not exist. Installing it now.\n`);
			const want = checkName(name) ?? (await wanted(run, name, reference));
			const error = typeof want === 'string' ? want : await install(run, client, want);
			return error;
		}
		const want = await wanted(run, name, reference);
		if (typeof want === 'string') return want;
		if (!last) return failed('UPGRADE', `"${name}" has no deployed releases`);
		// Without values of its own an upgrade keeps those of the release before it.
		const keeps = !flags.on('reset-values') && (flags.on('reuse-values') || Object.keys(want.values).length === 0);
		const values = keeps ? mergeValues(last.values as Values, want.values) : want.values;
		const rendered = render(client, { ...want, values });
		if ('error' in rendered) return failed('UPGRADE', rendered.error);
		tellLacking(call, requestOf(client, { ...want, values }));
		const next = release(run, client, { ...want, values }, rendered, last.revision + 1, 'Upgrade complete');
		if (flags.on('dry-run')) {
			call.out(
				`Release "${name}" has been upgraded. Happy Helming!\n${status(call.lab, { ...next, status: 'pending-upgrade', notes: '' })}HOOKS:\nMANIFEST:\n${manifestText(want.chart, rendered.manifests)}`,
			);
			return 0;
		}
		await call.sleep(WORK);
		const refused = applyManifests(api, last.manifests as never, rendered.manifests);
		const timedOut = !refused && !(await waited(run, client, rendered.manifests));
		if (refused || timedOut) {
			const text = refused ? `${refused.during}: ${refused.status.message}` : 'timed out waiting for the condition';
			cluster.saveRelease({ ...next, status: 'failed', description: `Upgrade "${name}" failed: ${text}` });
			return failed('UPGRADE', text);
		}
		if (last.status === 'deployed') cluster.saveRelease({ ...last, status: 'superseded' });
		cluster.saveRelease(next);
		call.out(`Release "${name}" has been upgraded. Happy Helming!\n${status(call.lab, next)}`);
		return 0;
	},
};
