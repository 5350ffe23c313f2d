/** `cilium status` of a cluster, for who shows it outside of a terminal. */
import type { Cluster, Lab } from '../../../sim/lab/index.ts';
import { formatStatus } from './format.ts';
import { chartOf, cliRelease, releaseNamed } from './release.ts';
import { inspectStatus, type StatusReport } from './state.ts';

export interface Status {
	/** As the CLI prints it, without colours. */
	readonly text: string;
	readonly report: StatusReport;
	/** Version of that CLI. */
	readonly cli: string;
}

/** What a CLI finds in a cluster, and how it says it: the machine's, or another release (`v0.14.4`). */
export function statusOf(lab: Lab, cluster: Cluster, cli?: string, namespace = 'kube-system'): Status {
	const report = inspectStatus({ api: cluster.api, cluster }, namespace);
	const release = (cli === undefined ? undefined : releaseNamed(cli)) ?? cliRelease(lab);
	return { text: formatStatus(report, release, false, chartOf(release, cluster)), report, cli: release.version };
}
