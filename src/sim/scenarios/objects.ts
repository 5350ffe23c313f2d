/** Short forms for the objects of presets: what a manifest would leave to defaults is filled in here. */
import type { ContainerPort, Deployment, ObjectMeta, Pod, Service, ServicePort } from '../kube/index.ts';
import type { Ip } from '../wire/index.ts';

/** Metadata with a uid made from the name, so that presets stay plain data. */
export const meta = (
	namespace: string,
	name: string,
	labels: Readonly<Record<string, string>> = {},
	owner?: string,
): ObjectMeta => ({
	name,
	namespace,
	labels,
	uid: `${namespace}/${name}`,
	creationTimestamp: 0,
	...(owner === undefined ? {} : { owner }),
});

/** A container port number that answers TCP and UDP. */
export const bothProtocols = (port: number): ContainerPort[] => [
	{ containerPort: port, protocol: 'TCP' },
	{ containerPort: port, protocol: 'UDP' },
];

export const deployment = (
	namespace: string,
	name: string,
	replicas: number,
	labels: Readonly<Record<string, string>>,
	ports: readonly ContainerPort[],
): Deployment => ({
	kind: 'Deployment',
	metadata: meta(namespace, name, labels),
	replicas,
	selector: labels,
	template: { labels, ports },
});

/** A pod that is already bound to its node. */
export const boundPod = (
	namespace: string,
	name: string,
	nodeName: string,
	ports: readonly ContainerPort[],
	more: { readonly labels?: Readonly<Record<string, string>>; readonly hostNetwork?: boolean; readonly owner?: string },
): Pod => ({
	kind: 'Pod',
	metadata: meta(namespace, name, more.labels, more.owner),
	nodeName,
	hostNetwork: more.hostNetwork ?? false,
	ready: true,
	serving: true,
	ports,
});

/** A Service as the API server stores it, defaults filled in (kubernetes pkg/apis/core/v1/defaults.go @ v1.24.0). */
export const service = (
	namespace: string,
	name: string,
	clusterIP: Ip,
	ports: readonly ServicePort[],
	selector: Readonly<Record<string, string>>,
	more: Partial<Service> = {},
): Service => ({
	kind: 'Service',
	metadata: meta(namespace, name),
	type: 'ClusterIP',
	clusterIP,
	ports,
	selector,
	externalIPs: [],
	loadBalancerIngress: [],
	loadBalancerSourceRanges: [],
	externalTrafficPolicy: 'Cluster',
	internalTrafficPolicy: 'Cluster',
	sessionAffinity: 'None',
	sessionAffinityTimeout: 10800,
	healthCheckNodePort: 0,
	...more,
});
