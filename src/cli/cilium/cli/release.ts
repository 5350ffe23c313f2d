/**
 * Which cilium-cli the learner's machine has: the one that went with the cluster, as somebody who installed both in the
 * same month would have.
 */
import { minorOf } from '../../../sim/kube/index.ts';
import type { Cluster } from '../../../sim/lab/index.ts';

export interface CliRelease {
	/** `v0.12.2`. */
	readonly version: string;
	/** Cilium it installs when nobody asks for another. */
	readonly cilium: string;
	/** Built with. */
	readonly go: string;
	/** Before v0.12.13 the line was called Hubble. */
	readonly hubbleLine: 'Hubble' | 'Hubble Relay';
	/** From v0.14.4. */
	readonly envoyLine: boolean;
	/** From v0.15.0 installs go through helm. */
	readonly helm: boolean;
}

const RELEASES: readonly (CliRelease & { readonly upTo: number })[] = [
	{
		upTo: 12,
		version: 'v0.12.2',
		cilium: '1.12.1',
		go: 'go1.18.5',
		hubbleLine: 'Hubble',
		envoyLine: false,
		helm: false,
	},
	{
		upTo: 13,
		version: 'v0.14.4',
		cilium: '1.13.4',
		go: 'go1.20.4',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: false,
	},
	{
		upTo: 15,
		version: 'v0.15.14',
		cilium: '1.14.14',
		go: 'go1.21.4',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
	},
	{
		upTo: 17,
		version: 'v0.16.16',
		cilium: '1.16.11',
		go: 'go1.22.6',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
	},
	{
		upTo: 99,
		version: 'v0.18.7',
		cilium: '1.18.3',
		go: 'go1.24.6',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
	},
];

/** Minor of Cilium that goes with a minor of Kubernetes, for clusters that have none yet. */
const byKubernetes = (minor: number): number =>
	minor <= 24 ? 12 : minor <= 26 ? 13 : minor <= 28 ? 15 : minor <= 31 ? 17 : 18;

/** Version of the agents, by their image; undefined without agents. */
export function agentVersion(cluster: Cluster): string | undefined {
	const daemonSets = cluster.api.find('daemonsets');
	const spec = daemonSets && cluster.api.list(daemonSets).find((ds) => ds.metadata.name === 'cilium')?.spec;
	const containers = (
		spec?.template as { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } } | undefined
	)?.spec?.containers;
	return /:v(\d+\.\d+\.\d+[^@]*)/.exec(containers?.[0]?.image ?? '')?.[1];
}

export function cliRelease(cluster: Cluster | undefined): CliRelease {
	const agent = cluster && agentVersion(cluster);
	const minor = agent ? minorOf(agent) : cluster ? byKubernetes(minorOf(cluster.api.version.replace(/^v/, ''))) : 12;
	return RELEASES.find((release) => minor <= release.upTo)!;
}
