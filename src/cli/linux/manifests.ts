/**
 * Folders of a node that somebody watches: /etc/kubernetes/manifests, what the kubelet runs without asking anybody (who
 * moves a file stops its pod), and /etc/cni/net.d, containerd's network configuration.
 */
import { contextOf, kubeletFileAsWritten, type Lab } from '../../sim/lab/index.ts';
import { printYaml } from '../kube/index.ts';
import type { MadeFile } from '../shell/index.ts';
import type { Place } from '../tool.ts';

const FOLDER = '/etc/kubernetes/manifests/';
/** Where containerd finds its network configuration; all in it is its machine's. */
export const CNI_FOLDER = '/etc/cni/net.d/';
const KUBELET_CONFIG = '/var/lib/kubelet/config.yaml';
const KUBECONFIG = '/etc/kubernetes/kubelet.conf';

export function manifestFiles(place: Place, lab: Lab): Readonly<Record<string, MadeFile>> {
	if (place.kind !== 'node') return {};
	const machine = lab
		.cluster(place.cluster)
		?.nodes()
		.find(({ name }) => name === place.node);
	const cluster = lab.cluster(place.cluster);
	const begun = (cluster && contextOf(cluster)?.begun) ?? 0;
	// kubeadm wrote them (app/util/staticpod/utils.go WriteStaticPodToDisk()).
	const how = { mode: 0o600, mtime: lab.epoch * 1000 + begun / 1000 };
	return Object.fromEntries(
		Object.entries(machine?.manifests ?? {}).map(([file, pod]) => [
			`${FOLDER}${file}`,
			Object.assign(() => printYaml(pod), how),
		]),
	);
}

/**
 * A file there was written, or is gone (`text` undefined). YAML is read by what comes with kubectl: its door, fetched
 * whole, would be a part of what every terminal loads.
 */
export async function manifestChanged(place: Place, lab: Lab, path: string, text: string | undefined): Promise<void> {
	if (place.kind !== 'node') return;
	if (path === KUBELET_CONFIG) return kubeletFileChanged(place, lab, text);
	if (path === KUBECONFIG) return lab.cluster(place.cluster)?.setKubeletServer(place.node, await serverIn(text));
	if (path.startsWith(CNI_FOLDER)) {
		const name = path.slice(CNI_FOLDER.length);
		if (!name.includes('/')) lab.cluster(place.cluster)?.setCniFile(place.node, name, text);
		return;
	}
	if (!path.startsWith(FOLDER)) return lab.cluster(place.cluster)?.nodeFileChanged(place.node);
	const file = path.slice(FOLDER.length);
	// The kubelet looks at files of the folder itself whose names do not begin with a dot.
	if (file.includes('/') || file.startsWith('.')) return;
	const read = text === undefined ? [] : (await import('../kube/yaml-read.ts')).readManifests(text);
	const [pod] = 'error' in read ? [] : read;
	const unread = 'error' in read ? read.error.replace('error converting YAML to JSON: ', '') : undefined;
	// A file with nothing in it is there all the same.
	lab
		.cluster(place.cluster)
		?.setManifest(place.node, file, text === undefined ? undefined : (pod?.value ?? null), unread);
}

/** The API server of a kubeconfig's current context; null of a file that has none, or is gone. */
async function serverIn(text: string | undefined): Promise<string | null> {
	const read = text === undefined ? [] : (await import('../kube/yaml-read.ts')).readManifests(text);
	const config = 'error' in read ? undefined : (read[0]?.value as Kubeconfig | undefined);
	const context = config?.contexts?.find(({ name }) => name === config['current-context'])?.context;
	return config?.clusters?.find(({ name }) => name === context?.cluster)?.cluster?.server ?? null;
}

interface Kubeconfig {
	readonly 'current-context'?: string;
	readonly contexts?: readonly { readonly name?: string; readonly context?: { readonly cluster?: string } }[];
	readonly clusters?: readonly { readonly name?: string; readonly cluster?: { readonly server?: string } }[];
}

/** What kubeadm wrote into it. */
function writtenBefore(
	read: typeof import('../kube/yaml-read.ts').readManifests,
	cluster: ReturnType<Lab['cluster']>,
): unknown {
	const context = cluster && contextOf(cluster);
	const manifests = context ? read(kubeletFileAsWritten(context)) : [];
	return 'error' in manifests ? undefined : manifests[0]?.value;
}

/** What a kubelet would read, were it started now. */
async function kubeletFileChanged(
	place: Extract<Place, { kind: 'node' }>,
	lab: Lab,
	text: string | undefined,
): Promise<void> {
	const cluster = lab.cluster(place.cluster);
	if (text === undefined) return cluster?.setKubeletFile(place.node, { gone: true });
	const { readManifests } = await import('../kube/yaml-read.ts');
	const read = readManifests(text);
	const file =
		'error' in read
			? { error: read.error.replace('error converting YAML to JSON: ', '') }
			: { value: read[0]?.value, written: writtenBefore(readManifests, cluster) };
	return cluster?.setKubeletFile(place.node, file);
}
