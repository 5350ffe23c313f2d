/** Images that registries have, as far as the lab goes: sizes, and by what program they are known (`programs`). */
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
type Tags = RegExp;
const VERSION: Tags = /^v\d+\.\d+\.\d+(-[\w.]+)?$/;
const CILIUM: Tags = /^v1\.(?:1[2-9]\.\d{1,2}(?:-(?:rc|pre)\.?\d+)?)$/;
const ANY: Tags = /^(?:latest|stable|alpine|\d[\w.-]*|v\d[\w.-]*)$/;

interface Entry {
	readonly tags: Tags;
	/** Megabytes over the network; unpacked it is about 2.6 times that. */
	readonly mb: number;
}

const entry = (mb: number, tags: Tags = ANY): Entry => ({ mb, tags });

const REPOSITORIES: Readonly<Record<string, Entry>> = {
	'kindest/haproxy': entry(8, /^v\d+-[0-9a-f]+$/),
	'kindest/kindnetd': entry(26, /^v\d+-[0-9a-f]+$/),
	'kindest/local-path-provisioner': entry(17, /^v[\w.-]+$/),
	'kindest/local-path-helper': entry(1, /^v[\w.-]+$/),
	'rancher/local-path-provisioner': entry(13, /^v[\w.-]+$/),
	...Object.fromEntries(
		K8S.flatMap((registry) => [
			[`${registry}/kube-apiserver`, entry(34, VERSION)],
			[`${registry}/kube-controller-manager`, entry(31, VERSION)],
			[`${registry}/kube-scheduler`, entry(15, VERSION)],
			[`${registry}/kube-proxy`, entry(40, VERSION)],
			[`${registry}/etcd`, entry(102, /^\d[\w.-]+$/)],
			[`${registry}/coredns/coredns`, entry(14, VERSION)],
			[`${registry}/pause`, entry(0.3, /^\d[\w.-]*$/)],
			[`${registry}/echoserver`, entry(48)],
			[`${registry}/e2e-test-images/agnhost`, entry(50)],
			[`${registry}/e2e-test-images/echoserver`, entry(48)],
		]),
	),
	'gcr.io/google_containers/echoserver': entry(48),
	'gcr.io/google-samples/hello-app': entry(5),
	'quay.io/cilium/cilium': entry(166, CILIUM),
	'quay.io/cilium/operator': entry(33, CILIUM),
	'quay.io/cilium/operator-generic': entry(19, CILIUM),
	'quay.io/cilium/operator-aws': entry(26, CILIUM),
	'quay.io/cilium/hubble-relay': entry(15, CILIUM),
	'quay.io/cilium/hubble-ui': entry(11, VERSION),
	'quay.io/cilium/hubble-ui-backend': entry(19, VERSION),
	'quay.io/cilium/certgen': entry(15, VERSION),
	'quay.io/cilium/cilium-envoy': entry(61, /^v[\w.-]+$/),
	'quay.io/cilium/startup-script': entry(25, /^[\w.-]+$/),
	'quay.io/cilium/alpine-curl': entry(5, /^v[\w.-]+$/),
	'quay.io/cilium/json-mock': entry(34, /^v[\w.-]+$/),
	'quay.io/cilium/starwars': entry(5, /^v[\w.-]+$/),
	'cilium/starwars': entry(5),
	'tgraf/netperf': entry(40),
	alpine: entry(3.4),
	busybox: entry(2.2),
	debian: entry(50),
	httpd: entry(58),
	nginx: entry(57),
	python: entry(360),
	ubuntu: entry(29),
	'curlimages/curl': entry(7),
	'ealen/echo-server': entry(42),
	'hashicorp/http-echo': entry(4),
	'hashicorp/http-echo-server': entry(4),
	'jmalloc/echo-server': entry(4),
	'mendhak/http-https-echo': entry(55),
	'nginxdemos/hello': entry(20),
	'nicolaka/netshoot': entry(190),
	'traefik/whoami': entry(3),
	'containous/whoami': entry(3),
};

/** What the registry knows of an image. With `anyTag` any tag will do: whether there is such a repository. */
export function catalogued(name: ImageName, anyTag = false): ImageFacts | undefined {
	const repository = repositoryOf(name);
	if (repository === 'kindest/node') {
		const image = anyTag ? NODE_IMAGES[0] : nodeImageOf(name.tag);
		return image && { size: image.size, transfer: image.transfer };
	}
	const known = Object.hasOwn(REPOSITORIES, repository) ? REPOSITORIES[repository] : undefined;
	if (!known || !(anyTag || name.tag === '' || known.tags.test(name.tag))) return undefined;
	const transfer = Math.round(known.mb * MB);
	return { transfer, size: Math.round(known.mb * 2.6) * MB };
}
