/** Images that registries have, as far as the lab goes: sizes, and by what program they are known (`programs`). */
import { peoplesContainers } from '../containers/later.ts';
import { type ImageName, repositoryOf } from './image-names.ts';
import { NODE_IMAGES, nodeImageOf } from './node-images.ts';

export interface ImageFacts {
	/** Octets: unpacked, and over the network. */
	readonly size: number;
	readonly transfer: number;
}

const MB = 1_000_000;
const K8S = ['k8s.gcr.io', 'registry.k8s.io'] as const;

/** Which tags a repository has. */
type Tags = Pick<RegExp, 'test'>;
const VERSION: Tags = /^v\d+\.\d+\.\d+(-[\w.]+)?$/;
/** Last patches of Kubernetes from 1.16 on, of minors that get no more (kubernetes.io/releases/patch-releases); others have fewer than 20. */
const LAST = [15, 17, 20, 16, 15, 14, 17, 17, 17, 16, 15, 16, 15, 15, 14];
const KUBERNETES: Tags = {
	test(tag) {
		const [, minor, patch, early] = /^v1\.(\d\d)\.(\d{1,2})(-(?:alpha|beta|rc)\.\d)?$/.exec(tag) ?? [];
		const n = Number(minor) - 16;
		return n >= 0 && n < 20 && (early === undefined ? Number(patch) <= (LAST[n] ?? 20) : patch === '0');
	},
};
/** Up to the last patch for which a chart was added (cilium/charts), and candidates. */
const CILIUM: Tags =
	/^v1\.(?:1[2456]\.1?\d|1[37]\.(?:\d|1[0-8])|18\.(?:\d|1[0-2])|19\.[0-6]|1[2-9]\.0-(?:rc|pre)\.?\d+)$/;

interface Entry {
	readonly tags: Tags;
	/** Megabytes over the network; unpacked it is about 2.6 times that. */
	readonly mb: number;
}

const entry = (mb: number, tags: Tags): Entry => ({ mb, tags });

const REPOSITORIES: Readonly<Record<string, Entry>> = {
	'kindest/haproxy': entry(8, /^v\d+-[0-9a-f]+$/),
	'kindest/kindnetd': entry(26, /^v\d+-[0-9a-f]+$/),
	'kindest/local-path-provisioner': entry(17, /^v[\w.-]+$/),
	'kindest/local-path-helper': entry(1, /^v[\w.-]+$/),
	'rancher/local-path-provisioner': entry(13, /^v[\w.-]+$/),
	...Object.fromEntries(
		K8S.flatMap((registry) => [
			[`${registry}/kube-apiserver`, entry(34, KUBERNETES)],
			[`${registry}/kube-controller-manager`, entry(31, KUBERNETES)],
			[`${registry}/kube-scheduler`, entry(15, KUBERNETES)],
			[`${registry}/kube-proxy`, entry(40, KUBERNETES)],
			[`${registry}/etcd`, entry(102, /^3\.(?:[0-3]\.\d\d?|4\.1?\d|5\.[12]?\d|6\.\d)(?:-[0-5])?$/)],
			[`${registry}/coredns/coredns`, entry(14, /^v1\.(?:[6-9]\.\d|1[0-4]\.\d)$/)],
			[`${registry}/pause`, entry(0.3, /^(?:latest|[12]\.0|3\.(?:\d|10|4\.1|10\.1))$/)],
			[`${registry}/busybox`, entry(0.7, /^(?:latest|1\.24|1\.27(?:\.2)?)$/)],
		]),
	),
	'quay.io/cilium/cilium': entry(166, CILIUM),
	'quay.io/cilium/operator': entry(33, CILIUM),
	'quay.io/cilium/operator-generic': entry(19, CILIUM),
	'quay.io/cilium/operator-aws': entry(26, CILIUM),
	'quay.io/cilium/hubble-relay': entry(15, CILIUM),
	'quay.io/cilium/hubble-ui': entry(11, VERSION),
	'quay.io/cilium/hubble-ui-backend': entry(19, VERSION),
	'quay.io/cilium/certgen': entry(15, VERSION),
	'quay.io/cilium/cilium-envoy': entry(61, /^v1\.\d\d\.\d{1,2}-(?:\d{10}-)?[0-9a-f]{40}$/),
	'quay.io/cilium/startup-script': entry(25, /^[\w.-]+$/),
	'quay.io/cilium/alpine-curl': entry(5, /^v[\w.-]+$/),
	'quay.io/cilium/json-mock': entry(34, /^v[\w.-]+$/),
	'quay.io/cilium/starwars': entry(5, /^v[\w.-]+$/),
	busybox: entry(2.2, /^(?:latest|1|1\.(?:2\d|3[0-7])(?:\.\d)?(?:-(?:glibc|musl|uclibc))?)$/),
};

/** What the registry knows of an image. With `anyTag` any tag will do: whether there is such a repository. */
export function catalogued(name: ImageName, anyTag = false): ImageFacts | undefined {
	const repository = repositoryOf(name);
	if (repository === 'kindest/node') {
		const image = anyTag ? NODE_IMAGES[0] : nodeImageOf(name.tag);
		return image && { size: image.size, transfer: image.transfer };
	}
	if (name.digest !== undefined && !hasDigest(name)) return undefined;
	const people = peoplesContainers()?.peoplesImage(name, anyTag || (name.tag === '' && name.digest !== undefined));
	if (people !== undefined) return facts(people);
	const known = Object.hasOwn(REPOSITORIES, repository) ? REPOSITORIES[repository] : undefined;
	if (!known || !(anyTag || name.tag === '' || known.tags.test(name.tag))) return undefined;
	return facts(known.mb);
}

const facts = (mb: number): ImageFacts => ({
	transfer: Math.round(mb * MB),
	size: mb < 1 ? Math.round(mb * 2.6 * MB) : Math.round(mb * 2.6) * MB,
});

/** Digests that are nobody's: too short, or of one digit only, as people make them up. */
const hasDigest = ({ digest = '' }: ImageName): boolean =>
	/^sha256:[0-9a-f]{64}$/.test(digest) && new Set(digest.slice(7)).size > 6;
