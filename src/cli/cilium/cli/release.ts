/**
 * Which cilium-cli the learner's machine has: one of the month of its kind, whatever is installed in its clusters.
 * Source: commands and flags of github.com/cilium/cilium-cli at each tag.
 */
import { minorOf } from '../../../sim/kube/index.ts';
import { type Cluster, KIND_RELEASES, type Lab } from '../../../sim/lab/index.ts';

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
	/** `cilium version --client`. */
	readonly since14: boolean;
	/** `cilium encryption`, `cilium connectivity perf`. */
	readonly since16: boolean;
	/** `cilium features`. */
	readonly since17: boolean;
}

/** Of each Kubernetes whose node image is kind's own: up to that minor. */
const RELEASES: readonly (CliRelease & { readonly upTo: number })[] = [
	{
		upTo: 24,
		version: 'v0.12.2',
		cilium: '1.12.1',
		go: 'go1.18.5',
		hubbleLine: 'Hubble',
		envoyLine: false,
		helm: false,
		since14: false,
		since16: false,
		since17: false,
	},
	{
		upTo: 26,
		version: 'v0.14.4',
		cilium: '1.13.4',
		go: 'go1.20.4',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: false,
		since14: true,
		since16: false,
		since17: false,
	},
	{
		upTo: 28,
		version: 'v0.15.14',
		cilium: '1.14.14',
		go: 'go1.21.4',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
		since14: true,
		since16: false,
		since17: false,
	},
	{
		upTo: 31,
		version: 'v0.16.16',
		cilium: '1.16.11',
		go: 'go1.22.6',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
		since14: true,
		since16: true,
		since17: false,
	},
	{
		upTo: 99,
		version: 'v0.18.7',
		cilium: '1.18.3',
		go: 'go1.24.6',
		hubbleLine: 'Hubble Relay',
		envoyLine: true,
		helm: true,
		since14: true,
		since16: true,
		since17: true,
	},
];

/** Version of the agents, by their image; undefined without agents. */
export function agentVersion(cluster: Cluster): string | undefined {
	const daemonSets = cluster.api.find('daemonsets');
	const spec = daemonSets && cluster.api.list(daemonSets).find((ds) => ds.metadata.name === 'cilium')?.spec;
	const containers = (
		spec?.template as { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } } | undefined
	)?.spec?.containers;
	return /:v(\d+\.\d+\.\d+[^@]*)/.exec(containers?.[0]?.image ?? '')?.[1];
}

/** The one of this machine. */
export function cliRelease(lab: Pick<Lab, 'kind'>): CliRelease {
	const minor = minorOf((KIND_RELEASES[lab.kind.release] ?? 'v1.24.0').replace(/^v/, ''));
	return RELEASES.find((release) => minor <= release.upTo)!;
}

/** `v0.14.4`; undefined for one that is not known here. */
export const releaseNamed = (version: string): CliRelease | undefined =>
	RELEASES.find((release) => release.version === version);

/** Version of helm's release, for a CLI that knows of helm. */
export const chartOf = (release: CliRelease, cluster: Cluster): string | undefined =>
	release.helm
		? cluster
				.releases()
				.filter((item) => item.name === 'cilium' && item.status === 'deployed')
				.at(-1)?.chartVersion
		: undefined;
