/** Which CoreDNS a container has, and what that begins with. */
import type { CoreDnsRun } from '../software/coredns.ts';

/** Go's version and the commit of each release's image (`/coredns -version`). */
const BUILDS: Readonly<Record<string, readonly [go: string, commit: string]>> = {
	'1.8.0': ['go1.15.3', '054c9ae'],
	'1.8.4': ['go1.16.4', '053c4d5'],
	'1.8.6': ['go1.17.1', '13a9191'],
	'1.9.3': ['go1.18.2', '45b0a11'],
	'1.10.1': ['go1.20', '055b2c3'],
	'1.11.1': ['go1.20.7', 'ae2bbc2'],
	'1.11.3': ['go1.21.11', 'a7ed346'],
	'1.12.0': ['go1.23.3', '51e11f1'],
	'1.12.1': ['go1.24.1', '707c7c1'],
};

/** Release of a container's image. */
export const releaseOf = ({ context }: CoreDnsRun): string =>
	/:v?(\d+\.\d+\.\d+)/.exec(context.container.image)?.[1] ?? context.cluster.image.coredns.replace(/^v/, '');

/** Where kubeadm mounts the Corefile. */
export const KUBEADM_CONF = '/etc/coredns/Corefile';

/** Where it finds its Corefile. */
export const confOf = ({ context: { argv } }: CoreDnsRun): string => {
	const at = argv.indexOf('-conf');
	return at >= 0 ? (argv[at + 1] ?? 'Corefile') : 'Corefile';
};

/** Go's version and commit of a release's build; a release that is not known has a commit of its own. */
export const buildOf = (release: string, { context }: CoreDnsRun): readonly [go: string, commit: string] =>
	BUILDS[release] ?? ['go1.17.1', context.cluster.timeline.hex(7, 'commit', release)];
