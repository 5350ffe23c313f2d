/** Files that a CoreDNS reads: its Corefile, what is mounted beside it, and what the kubelet writes into its container. */
import { formatIp } from '../../wire/index.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { one, type Pod } from '../cluster/kinds.ts';
import { containerState, mountOf, mountsOfSpec } from '../containers/states.ts';
import { createDisk } from '../disk/disk.ts';
import type { CoreDnsRun } from '../software/coredns.ts';
import { confOf, KUBEADM_CONF } from './release.ts';

/** Name servers of a pod by its policy: what its /etc/resolv.conf begins with. */
function resolvConf(cluster: ClusterContext, pod: Pod): string {
	const {
		dnsPolicy = 'ClusterFirst',
		hostNetwork,
		dnsConfig,
	} = pod.spec as {
		readonly dnsPolicy?: string;
		readonly hostNetwork?: boolean;
		readonly dnsConfig?: { readonly nameservers?: readonly string[]; readonly searches?: readonly string[] };
	};
	const gateway = cluster.docker.networks().find((n) => n.name === 'kind')?.gateway ?? 0xac120001;
	const ofNode = dnsPolicy === 'Default' || (dnsPolicy === 'ClusterFirst' && hostNetwork === true);
	const { namespace } = pod.metadata;
	const servers =
		dnsPolicy === 'None' ? [] : [ofNode ? formatIp(gateway) : formatIp(cluster.config.serviceSubnet.address + 10)];
	const search =
		dnsPolicy === 'None'
			? []
			: ofNode
				? ['localdomain']
				: [`${namespace}.svc.cluster.local`, 'svc.cluster.local', 'cluster.local', 'localdomain'];
	const searches = [...search, ...(dnsConfig?.searches ?? [])];
	return `search ${searches.join(' ')}\n${[...servers, ...(dnsConfig?.nameservers ?? [])].map((ip) => `nameserver ${ip}\n`).join('')}`;
}

export interface OwnFiles {
	/** Undefined of what is not there. */
	read(path: string): string | undefined;
	/** What /etc/resolv.conf says. */
	resolver(): string;
	/** The pod's address now; undefined as long as it has none. */
	ip(): string | undefined;
}

export function ownFiles(run: CoreDnsRun): OwnFiles {
	const { context } = run;
	const { cluster, machine, pod, container, id } = context;
	const conf = confOf(run);
	const ip = (): string | undefined =>
		one<Pod>(cluster.api, 'pods', pod.metadata.namespace, pod.metadata.name)?.status?.podIP;
	const resolver = (): string => resolvConf(cluster, pod);
	const read = (path: string): string | undefined => {
		if (path === '/etc/resolv.conf') return resolver();
		if (path === '/etc/hosts') return `127.0.0.1\tlocalhost\n${ip() ?? ''}\t${pod.metadata.name}\n`;
		const mount = mountsOfSpec(container).find(({ mountPath }) => path.startsWith(`${mountPath}/`));
		if (!mount) return containerState(cluster, machine, pod, container, id).disk.read(path);
		const root = mountOf(cluster, machine, pod, mount, {})?.node;
		if (root?.kind === 'directory')
			return createDisk({ root, now: () => cluster.timeline.now }).read(path.slice(mount.mountPath.length));
		return path === conf && conf === KUBEADM_CONF ? run.corefile : undefined;
	};
	return { read, resolver, ip };
}
