/** What is in a node's containerd from the start. */
import { minorOf, type NodeImage } from '../machine/node-images.ts';

/** What makes directories for local volumes (`crictl images` of nodes; kind pkg/build/nodeimage/const_storage.go @ v0.29.0). */
export const localPathHelperOf = ({ kubernetes }: Pick<NodeImage, 'kubernetes'>): string => {
	const minor = minorOf(kubernetes);
	const tag = minor >= 32 ? 'v20241212-8ac705d0' : minor >= 27 ? 'v20230510-486859a6' : 'v20220607-9a4d8d2a';
	return `docker.io/kindest/local-path-helper:${tag}`;
};

/** Images a node image brings (`crictl images` on a fresh node). */
export const preloaded = ({ registry, kubernetes, ...image }: NodeImage): readonly string[] => [
	`docker.io/kindest/kindnetd:${image.kindnetd}`,
	localPathHelperOf({ kubernetes }),
	`docker.io/kindest/local-path-provisioner:${image.localPath}`,
	`${registry}/coredns/coredns:${image.coredns}`,
	`${registry}/etcd:${image.etcd}`,
	...['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'].map(
		(name) => `${registry}/${name}:v${kubernetes}`,
	),
	`${registry}/pause:${image.pause}`,
];
