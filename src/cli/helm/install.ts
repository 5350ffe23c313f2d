/** `helm install`. Source: helm cmd/helm/install.go, pkg/action/install.go @ v3.9.4. */
import type { HelmRelease } from '../../sim/lab/index.ts';
import type { Command, Run } from '../cobra/index.ts';
import { type Client, loadExpressionsOf } from '../kube/index.ts';
import { applyManifests, applyOptions, checkManifests } from './apply.ts';
import { hooked, underWay } from './hooks.ts';
import { cancellable, debug, failed, made, tell, WORK } from './made.ts';
import { OUTPUT } from './output.ts';
import { installable, installResources } from './own.ts';
import { wholeText } from './print.ts';
import { checkName, clientOf, forget, latest } from './release.ts';
import { takeAway } from './uninstall.ts';
import { VALUE_FLAGS, WAIT_FLAGS, type Wanted, waited, wanted } from './wanted.ts';

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

/** Makes the first revision. @param first what is told before it */
export async function install(run: Run, client: Client, want: Wanted, first = ''): Promise<string | undefined> {
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
		const refused = applyManifests(api, [], next.objects, applyOptions(run));
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
