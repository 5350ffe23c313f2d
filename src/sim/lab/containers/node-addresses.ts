/**
 * A node whose container was started again with another address: what the entrypoint of its image writes anew, and what
 * the API server publishes then. Images of kind up to v0.14 have it in the static pods' manifests and the kubelet's flags
 * alone, so that kube-controller-manager and kube-scheduler go on asking at the old one; those since v0.15 have it in
 * their kubeconfigs too, and make the API server a certificate for it; those since v0.30 in the kubelet's kubeconfig.
 *
 * Source: kind images/base/files/usr/local/bin/entrypoint enable_network_magic(), fix_certificate() @ v0.14.0, v0.18.0,
 * v0.29.0, v0.30.0; kubernetes pkg/controlplane/reconcilers/lease.go @ v1.24.0.
 */
import { formatIp, type Ip } from '../../wire/index.ts';
import { publishApiServers } from '../bootstrap/control-plane.ts';
import type { ClusterContext } from '../cluster/context.ts';
import { type ObjectView, one } from '../cluster/kinds.ts';
import type { Machine, StaticPod } from '../cluster/machine.ts';
import { manifestText } from '../cluster/manifest-text.ts';
import { staticPodOf } from '../cluster/static-pod.ts';
import { below, type DirectoryNode, textOf } from '../disk/tree.ts';
import { minorOf } from '../machine/node-images.ts';
import type { ProgramContext } from '../software/program.ts';
import { certifyApiServer } from './node-pki.ts';
import { nodeRoot } from './nodes.ts';

const MANIFESTS = 'etc/kubernetes/manifests';
const FLAGS = 'var/lib/kubelet/kubeadm-flags.env';

/** Node images up to 1.24 are of kind v0.14 and before. */
const early = ({ image }: Machine): boolean => minorOf(image.kubernetes) <= 24;

/** What `sed` does to a line or a whole file: the first in each line, as a pattern; since v0.15 each, as a word. */
function replacer(machine: Machine, from: Ip, to: Ip): (text: string) => string {
	const old = formatIp(from);
	return early(machine)
		? (text) => text.replace(new RegExp(`^(.*?)${old}`, 'gm'), `$1${formatIp(to)}`)
		: (text) => text.replace(new RegExp(`\\b${old.replaceAll('.', '\\.')}\\b`, 'g'), formatIp(to));
}

const deep = (value: unknown, change: (text: string) => string): unknown =>
	typeof value === 'string'
		? change(value)
		: Array.isArray(value)
			? value.map((item) => deep(item, change))
			: typeof value === 'object' && value !== null
				? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item, change)]))
				: value;

/** `sed -i` on a file that is there. What nobody read is made when somebody does. */
function edit(root: DirectoryNode, path: string, change: (text: string) => string, now: number): void {
	const node = below(root, path);
	if (node?.kind !== 'file') return;
	const { data } = node;
	node.data = typeof data === 'function' ? () => change(textOf({ ...node, data })) : change(textOf(node));
	node.at = now;
}

/** Files of a later image's list. */
const laterFiles = ({ image }: Machine): readonly string[] => [
	'etc/kubernetes/controller-manager.conf',
	'etc/kubernetes/scheduler.conf',
	...(minorOf(image.kubernetes) >= 34 ? ['etc/kubernetes/kubelet.conf'] : []),
	FLAGS,
];

/** The entrypoint finds another address than before; answers the static pods whose files are others now. */
export function addressMoved(cluster: ClusterContext, machine: Machine): readonly StaticPod[] {
	const [from, to] = machine.addresses.slice(-2);
	if (from === undefined || to === undefined || from === to) return [];
	const root = nodeRoot(cluster, machine);
	const change = replacer(machine, from, to);
	const { now } = cluster.timeline;
	const moved: StaticPod[] = [];
	for (const [file, pod] of machine.manifests) {
		edit(root, `${MANIFESTS}/${file}`, change, now);
		if (!early(machine) && !LISTED.test(file)) continue;
		const text = manifestText(pod);
		const next = deep(text, change);
		if (JSON.stringify(next) === JSON.stringify(text)) continue;
		const read = staticPodOf(next, machine.name, cluster.api, cluster.timeline.stamp());
		if (!read) continue;
		machine.manifests.set(file, read);
		moved.push(read);
	}
	for (const path of early(machine) ? [FLAGS] : laterFiles(machine)) edit(root, path, change, now);
	if (!early(machine)) certifyApiServer(cluster, machine, root);
	return moved;
}

interface EndpointsView extends ObjectView {
	readonly subsets?: readonly { readonly addresses?: readonly { readonly ip: string }[] }[];
}

const LISTED = /^(?:etcd|kube-(?:apiserver|controller-manager|scheduler))\.yaml$/;

/** The address in /kind/kubeadm.conf, and in the API server's certificate. */
export const configuredAddress = (machine: Machine): Ip | undefined =>
	early(machine) ? machine.addresses[0] : machine.addresses.at(-1);

/** What a client on a node says of a control plane's certificate when it asks by an address; undefined where that is in it. */
export function addressFault(cluster: ClusterContext, client: Machine, ip: Ip): string | undefined {
	const machine = ip === LOOPBACK ? client : [...cluster.machines.values()].find((m) => m.ip === ip);
	if (machine?.role !== 'control-plane') return undefined;
	const own = configuredAddress(machine);
	const names = [
		formatIp(cluster.config.serviceSubnet.address + 1),
		...(own === undefined ? [] : [formatIp(own)]),
		cluster.config.apiServerAddress,
	];
	if (names.includes(formatIp(ip))) return undefined;
	return `x509: certificate is valid for ${names.join(', ')}, not ${formatIp(ip)}`;
}

const LOOPBACK: Ip = 0x7f000001;

const advertised = (argv: readonly string[]): string | undefined =>
	argv.findLast((word) => word.startsWith('--advertise-address='))?.slice('--advertise-address='.length);

/** The addresses API servers say they are at. */
function published(cluster: ClusterContext): readonly string[] {
	return [...cluster.machines.values()].flatMap((machine) => {
		const there =
			machine.role === 'control-plane' && machine.running && !cluster.components.isDown('kube-apiserver', machine.name);
		if (!there || !one(cluster.api, 'nodes', undefined, machine.name)) return [];
		const { containers = [] } = (machine.manifests.get('kube-apiserver.yaml')?.spec ?? {}) as {
			readonly containers?: readonly { readonly command?: readonly string[] }[];
		};
		return advertised(containers[0]?.command ?? []) ?? formatIp(machine.ip ?? 0);
	});
}

/** An API server that begins says where it is, as soon as there is somebody to say it to. */
export function publishApiServer({ cluster, machine, argv }: ProgramContext, runs: () => boolean): void {
	const own = advertised(argv) ?? formatIp(machine.ip ?? 0);
	let told = false;
	const tell = (): void => {
		if (told || !runs() || !cluster.reachable()) return;
		told = true;
		const known = one<EndpointsView>(cluster.api, 'endpoints', 'default', 'kubernetes');
		const before = (known?.subsets ?? []).flatMap(({ addresses = [] }) => addresses.map(({ ip }) => ip));
		// Nothing is behind the service yet while the cluster begins: that is written with it.
		if (known && !before.includes(own)) publishApiServers(cluster, published(cluster));
	};
	tell();
	if (!told) cluster.onReachable(tell);
}
