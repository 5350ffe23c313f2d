/** What the commands of cilium-cli share: flags, a cluster to talk to, and a release to change. */
import { chartVersion, mergeValues, renderCilium, type Values } from '../../../sim/charts/index.ts';
import type { HelmRelease } from '../../../sim/lab/index.ts';
import type { Flag, Run } from '../../cobra/index.ts';
import { applyManifests, checkManifests, manifestText, tellLacking } from '../../helm/index.ts';
import { type Client, connectKube, type NoClient, printYaml } from '../../kube/index.ts';

export const NAMESPACE: Flag = {
	name: 'namespace',
	short: 'n',
	type: 'string',
	default: 'kube-system',
	usage: 'Namespace Cilium is running in',
};
export const VERSION_FLAGS: readonly Flag[] = [
	{ name: 'version', type: 'string', usage: 'Cilium version to install' },
	{ name: 'wait', type: 'bool', default: 'true', usage: 'Wait for status to report success (no errors and warnings)' },
	{ name: 'wait-duration', type: 'duration', default: '5m0s', usage: 'Maximum time to wait for status' },
];
/** Of `--set` and `--set-file`, by whichever name. */
export const USAGE_OF_SET =
	'Set helm values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)';
export const USAGE_OF_FILES =
	'Set helm values from respective files specified via the command line (can specify multiple or separate values with commas: key1=path1,key2=path2)';

export const VALUE_FLAGS: readonly Flag[] = [
	{ name: 'set', type: 'array', usage: USAGE_OF_SET },
	{ name: 'set-string', type: 'array', usage: 'Set helm STRING values on the command line' },
	{ name: 'values', short: 'f', type: 'array', usage: 'Specify helm values in a YAML file or a URL' },
	{ name: 'set-file', type: 'array', usage: USAGE_OF_FILES },
	// Their names before v0.15, understood since.
	...['helm-set', 'helm-set-string', 'helm-set-file', 'helm-values'].map(
		(name): Flag => ({ name, type: 'array', usage: '', hidden: true }),
	),
	...VERSION_FLAGS,
];
/** What helm would be given, instead of giving it (from v0.15.0). */
export const DRY_FLAGS: readonly Flag[] = [
	{
		name: 'dry-run',
		type: 'bool',
		usage: 'Write resources to be installed to stdout without actually installing them',
	},
	{
		name: 'dry-run-helm-values',
		type: 'bool',
		usage: 'Write non-default Helm values to stdout without performing the actual installation',
	},
];

/** Writes what a dry run is asked for; whether it is one. Nothing else is written then, so that it can be piped. */
export function dryRun(
	{ call, flags }: Run,
	values: Values,
	manifests: readonly { readonly [key: string]: unknown }[],
): boolean {
	if (flags.on('dry-run')) call.out(`${manifestText('cilium', manifests)}\n`);
	else if (flags.on('dry-run-helm-values')) call.out(printYaml(values));
	else return false;
	return true;
}

function unreachable(no: NoClient): string {
	if (no.why === 'refused')
		return `Unable to create Kubernetes client: Get "${no.url}/version": dial tcp ${no.server}: connect: connection refused`;
	return `Unable to create Kubernetes client: ${no.why === 'no-context' ? `context "${no.context}" does not exist` : no.message}`;
}

/** A command with a cluster; its text answer is what follows `Error: `. */
export const withCluster =
	(body: (run: Run, client: Client) => Promise<number | string>) =>
	async (run: Run): Promise<number | string> => {
		const client = await connectKube(run.call, {
			context: run.flags.text('context'),
			namespace: run.flags.text('namespace'),
		});
		return 'why' in client ? unreachable(client) : body(run, client);
	};

/** The release that is deployed now. */
export const deployed = (client: Client, namespace: string): HelmRelease | undefined =>
	client.cluster
		.releases()
		.filter((item) => item.name === 'cilium' && item.namespace === namespace && item.status === 'deployed')
		.at(-1);

/** `helm upgrade` of the release; the text of an error, or nothing. */
export function upgradeRelease(
	run: Run,
	client: Client,
	last: HelmRelease,
	values: Values,
	version = last.chartVersion,
): string | undefined {
	const { call } = run;
	const wanted = chartVersion(version);
	if (!wanted) return `chart "cilium" version "${version}" not found in https://helm.cilium.io repository`;
	const { name, namespace } = last;
	const request = { release: name, namespace, version: wanted, kubernetes: client.api.version, values };
	const rendered = renderCilium(request);
	if ('error' in rendered) return rendered.error;
	tellLacking(call, request);
	const fault = checkManifests(client.api, rendered.manifests, name, namespace);
	if (fault) return fault;
	if (dryRun(run, values, rendered.manifests)) return undefined;
	const refused = applyManifests(client.api, last.manifests as never, rendered.manifests);
	if (refused) return refused;
	const revisions = client.cluster.releases().filter((item) => item.name === name && item.namespace === namespace);
	client.cluster.saveRelease({ ...last, status: 'superseded' });
	client.cluster.saveRelease({
		...last,
		revision: Math.max(...revisions.map(({ revision }) => revision)) + 1,
		chartVersion: wanted,
		appVersion: wanted,
		status: 'deployed',
		updated: call.lab.now,
		description: 'Upgrade complete',
		values,
		manifests: rendered.manifests as never,
		notes: rendered.notes,
	});
	return undefined;
}

/** Values of the release with these over them. */
export const withValues = (last: HelmRelease, more: Values): Values => mergeValues(last.values as Values, more);
