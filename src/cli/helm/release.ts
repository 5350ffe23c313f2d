/** Releases as the commands handle them: looked up, rendered, stored. */

import { loadForPeople } from '../../sim/api/index.ts';
import {
	type ChartError,
	type ChartRequest,
	type Rendered,
	renderCilium,
	type Values,
} from '../../sim/charts/index.ts';
import type { Cluster, HelmRelease } from '../../sim/lab/index.ts';
import type { Flag, Run } from '../cobra/index.ts';
import { type Client, connectKube } from '../kube/index.ts';
import { unreachable } from './errors.ts';

/** The cluster of a run, or helm's words for its absence. */
export async function clientOf({ call, flags }: Run): Promise<Client | string> {
	// A chart and its values are people's: the server checks what they bring.
	await loadForPeople();
	const client = await connectKube(call, {
		kubeconfig: flags.text('kubeconfig'),
		context: flags.text('kube-context'),
		namespace: flags.text('namespace'),
	});
	return 'why' in client ? unreachable(client) : client;
}

/** All revisions of a release, oldest first. */
export const revisions = (cluster: Cluster, namespace: string, name: string): readonly HelmRelease[] =>
	cluster
		.releases()
		.filter((release) => release.namespace === namespace && release.name === name)
		.sort((a, b) => a.revision - b.revision);

export const latest = (cluster: Cluster, namespace: string, name: string): HelmRelease | undefined =>
	revisions(cluster, namespace, name).at(-1);

/** Newest revision of each release. */
export function current(cluster: Cluster, namespace?: string): readonly HelmRelease[] {
	const newest = new Map<string, HelmRelease>();
	for (const release of cluster.releases()) {
		if (namespace !== undefined && release.namespace !== namespace) continue;
		const key = `${release.namespace}/${release.name}`;
		if ((newest.get(key)?.revision ?? 0) < release.revision) newest.set(key, release);
	}
	return [...newest.values()].sort((a, b) =>
		a.name < b.name ? -1 : a.name > b.name ? 1 : a.namespace < b.namespace ? -1 : 1,
	);
}

interface Asked {
	readonly name: string;
	readonly version: string;
	readonly values: Values;
}

export const requestOf = (client: Client, { name, version, values }: Asked): ChartRequest => ({
	release: name,
	namespace: client.namespace,
	version,
	kubernetes: client.api.version,
	values,
});

export const render = (client: Client, asked: Asked): Rendered | ChartError => renderCilium(requestOf(client, asked));

/** A name helm accepts for a release: DNS labels, at most 53 characters (pkg/chartutil/validate_name.go). */
export function checkName(name: string): string | undefined {
	if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name) && name.length <= 53)
		return undefined;
	return `invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than 53`;
}

/** The Secret a revision is stored in. */
export function forget(cluster: Cluster, release: HelmRelease): void {
	const secrets = cluster.api.find('secrets')!;
	cluster.api.delete(secrets, release.namespace, `sh.helm.release.v1.${release.name}.v${release.revision}`);
}

/** Takes old revisions away, where there are more than `most` (storage.go removeLeastRecent()). */
export function prune({ cluster, namespace }: Client, name: string, most: number): void {
	if (most > 0) for (const old of revisions(cluster, namespace, name).slice(0, -most)) forget(cluster, old);
}

/** Said to whatever makes a revision. */
export const HISTORY_MAX: Flag = {
	name: 'history-max',
	type: 'int',
	default: '10',
	usage: 'limit the maximum number of revisions saved per release. Use 0 for no limit',
};

/** How many revisions are to be kept: as the flag says, else the variable. */
export function historyMax({ call, flags }: Run): number {
	const own = Number(call.env.get('HELM_MAX_HISTORY') ?? '');
	return flags.given('history-max') || !Number.isInteger(own) || !call.env.has('HELM_MAX_HISTORY')
		? flags.number('history-max')
		: own;
}
