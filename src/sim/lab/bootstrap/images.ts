/** What is in a node's containerd from the start. */
import type { NodeImage } from '../machine/node-images.ts';

/** Images a node image brings (`crictl images` on a fresh node). */
export const preloaded = ({ registry, kubernetes, ...image }: NodeImage): readonly string[] => [
	`docker.io/kindest/kindnetd:${image.kindnetd}`,
	`docker.io/kindest/local-path-provisioner:${image.localPath}`,
	`${registry}/coredns/coredns:${image.coredns}`,
	`${registry}/etcd:${image.etcd}`,
	...['kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'].map(
		(name) => `${registry}/${name}:v${kubernetes}`,
	),
	`${registry}/pause:${image.pause}`,
];
