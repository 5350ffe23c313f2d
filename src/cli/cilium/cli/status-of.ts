/** `cilium status` of a cluster, for who shows it outside of a terminal. */
import type { Cluster } from '../../../sim/lab/index.ts';
import { formatStatus } from './format.ts';
import { cliRelease } from './release.ts';
import { inspectStatus, type StatusReport } from './state.ts';

export interface Status {
	/** As the CLI that goes with the cluster prints it, without colours. */
	readonly text: string;
	readonly report: StatusReport;
	/** Version of that CLI. */
	readonly cli: string;
}

/** What the CLI finds in a namespace, and how it says it. */
export function statusOf(cluster: Cluster, namespace = 'kube-system'): Status {
	const report = inspectStatus({ api: cluster.api, cluster }, namespace);
	const release = cliRelease(cluster);
	const chart = release.helm
		? cluster
				.releases()
				.filter((item) => item.name === 'cilium' && item.status === 'deployed')
				.at(-1)?.chartVersion
		: undefined;
	return { text: formatStatus(report, release, false, chart), report, cli: release.version };
}
