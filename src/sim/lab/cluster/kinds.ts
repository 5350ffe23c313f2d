/** Kubernetes objects as far as the lab's controllers read them: views of the API's JSON, nothing checked again. */
import type { ApiMeta, ApiObject, ApiServer, ListOptions, OwnerReference } from '../../api/index.ts';

export type Labels = Readonly<Record<string, string>>;

interface Base {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: ApiMeta;
}

export interface LabelSelector {
	readonly matchLabels?: Labels;
	readonly matchExpressions?: readonly {
		readonly key: string;
		readonly operator: string;
		readonly values?: readonly string[];
	}[];
}

export interface Probe {
	readonly initialDelaySeconds?: number;
	readonly periodSeconds?: number;
	readonly failureThreshold?: number;
	readonly successThreshold?: number;
	readonly timeoutSeconds?: number;
	readonly httpGet?: { readonly path?: string; readonly port: number | string; readonly host?: string };
	readonly tcpSocket?: { readonly port: number | string };
	readonly exec?: { readonly command?: readonly string[] };
}

export interface ContainerSpec {
	readonly name: string;
	readonly image: string;
	readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	readonly ports?: readonly {
		readonly name?: string;
		readonly containerPort: number;
		readonly hostPort?: number;
		readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
	}[];
	readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
	readonly envFrom?: readonly unknown[];
	readonly readinessProbe?: Probe;
	readonly livenessProbe?: Probe;
	readonly startupProbe?: Probe;
	readonly lifecycle?: { readonly preStop?: unknown; readonly postStart?: unknown };
	readonly resources?: { readonly requests?: Labels };
	readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface Toleration {
	readonly key?: string;
	readonly operator?: 'Exists' | 'Equal';
	readonly value?: string;
	readonly effect?: string;
	readonly tolerationSeconds?: number;
}

export interface Volume {
	readonly name: string;
	readonly configMap?: { readonly name: string; readonly optional?: boolean };
	readonly secret?: { readonly secretName: string; readonly optional?: boolean };
	readonly projected?: { readonly sources?: readonly Volume[] };
}

export interface NodeSelectorTerm {
	readonly matchExpressions?: LabelSelector['matchExpressions'];
	readonly matchFields?: LabelSelector['matchExpressions'];
}

interface PodAffinityTerm {
	readonly labelSelector?: LabelSelector;
	readonly topologyKey: string;
	readonly namespaces?: readonly string[];
}

export interface PodSpec {
	readonly nodeName?: string;
	readonly hostNetwork?: boolean;
	readonly nodeSelector?: Labels;
	readonly containers: readonly ContainerSpec[];
	readonly initContainers?: readonly ContainerSpec[];
	readonly restartPolicy?: 'Always' | 'OnFailure' | 'Never';
	readonly terminationGracePeriodSeconds?: number;
	readonly tolerations?: readonly Toleration[];
	readonly serviceAccountName?: string;
	readonly volumes?: readonly Volume[];
	readonly affinity?: {
		readonly nodeAffinity?: {
			readonly requiredDuringSchedulingIgnoredDuringExecution?: {
				readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
			};
		};
		readonly podAntiAffinity?: {
			readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
		};
		readonly podAffinity?: {
			readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
		};
	};
	readonly [key: string]: unknown;
}

export interface Condition {
	readonly type: string;
	readonly status: 'True' | 'False' | 'Unknown';
	readonly reason?: string;
	readonly message?: string;
	readonly lastTransitionTime?: string;
	readonly [key: string]: unknown;
}

export interface Pod extends Base {
	readonly spec: PodSpec;
	readonly status?: {
		readonly phase?: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
		readonly podIP?: string;
		readonly hostIP?: string;
		readonly conditions?: readonly Condition[];
		readonly [key: string]: unknown;
	};
}

export interface PodTemplate {
	readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
	readonly spec: PodSpec;
}

export interface Node extends Base {
	readonly spec?: {
		readonly podCIDR?: string;
		readonly podCIDRs?: readonly string[];
		readonly providerID?: string;
		readonly unschedulable?: boolean;
		readonly taints?: readonly {
			readonly key: string;
			readonly value?: string;
			readonly effect: string;
			readonly timeAdded?: string;
		}[];
	};
	readonly status?: {
		readonly addresses?: readonly { readonly type: string; readonly address: string }[];
		readonly conditions?: readonly Condition[];
		readonly capacity?: Labels;
		readonly allocatable?: Labels;
		readonly nodeInfo?: Labels;
		readonly [key: string]: unknown;
	};
}

export interface Workload extends Base {
	readonly spec: {
		readonly replicas?: number;
		readonly selector: LabelSelector;
		readonly template: PodTemplate;
		readonly minReadySeconds?: number;
		readonly [key: string]: unknown;
	};
	readonly status?: { readonly [key: string]: unknown };
}

export interface Deployment extends Workload {
	readonly spec: Workload['spec'] & {
		readonly strategy?: {
			readonly type?: 'Recreate' | 'RollingUpdate';
			readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
		};
		readonly revisionHistoryLimit?: number;
		readonly paused?: boolean;
	};
}

export interface DaemonSet extends Workload {
	readonly spec: Workload['spec'] & {
		readonly updateStrategy?: {
			readonly type?: 'OnDelete' | 'RollingUpdate';
			readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
		};
		readonly revisionHistoryLimit?: number;
	};
}

export interface ServicePort {
	readonly name?: string;
	readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
	readonly port: number;
	readonly targetPort?: number | string;
	readonly nodePort?: number;
}

export interface Service extends Base {
	readonly spec: {
		readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
		readonly clusterIP?: string;
		readonly ports?: readonly ServicePort[];
		readonly selector?: Labels;
		readonly externalIPs?: readonly string[];
		readonly loadBalancerSourceRanges?: readonly string[];
		readonly externalTrafficPolicy?: 'Cluster' | 'Local';
		readonly internalTrafficPolicy?: 'Cluster' | 'Local';
		readonly sessionAffinity?: 'None' | 'ClientIP';
		readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
		readonly healthCheckNodePort?: number;
		readonly publishNotReadyAddresses?: boolean;
	};
	readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export interface EndpointSlice extends Base {
	readonly addressType: string;
	readonly ports?: readonly { readonly name?: string; readonly port?: number; readonly protocol?: string }[] | null;
	readonly endpoints?:
		| readonly {
				readonly addresses: readonly string[];
				readonly conditions?: { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };
				readonly nodeName?: string;
				readonly targetRef?: { readonly kind?: string; readonly name?: string; readonly namespace?: string };
		  }[]
		| null;
}

export interface ConfigMap extends Base {
	readonly data?: Labels;
}

/** All objects of a resource, in the API's order; none when there is no such resource. */
export function all<T>(api: ApiServer, plural: string, options?: ListOptions): readonly T[] {
	const resource = api.find(plural);
	return resource ? (api.list(resource, options) as unknown as readonly T[]) : [];
}

export function one<T>(api: ApiServer, plural: string, namespace: string | undefined, name: string): T | undefined {
	const resource = api.find(plural);
	return resource ? (api.get(resource, namespace, name) as unknown as T | undefined) : undefined;
}

/** Takes an object away; nothing when it is gone already. */
export function removeOne(
	api: ApiServer,
	plural: string,
	namespace: string | undefined,
	name: string,
	options?: Parameters<ApiServer['delete']>[3],
): void {
	const resource = api.find(plural);
	if (resource) api.delete(resource, namespace, name, options);
}

export const as = <T>(object: ApiObject): T => object as unknown as T;

export const keyOf = (object: { readonly metadata: ApiMeta }): string =>
	object.metadata.namespace === undefined
		? object.metadata.name
		: `${object.metadata.namespace}/${object.metadata.name}`;

export const splitKey = (key: string): readonly [namespace: string, name: string] => {
	const slash = key.indexOf('/');
	return [key.slice(0, slash), key.slice(slash + 1)];
};

export const controllerOf = (object: { readonly metadata: ApiMeta }): OwnerReference | undefined =>
	object.metadata.ownerReferences?.find((owner) => owner.controller);

export const ownedBy = (object: { readonly metadata: ApiMeta }, owner: { readonly metadata: ApiMeta }): boolean =>
	controllerOf(object)?.uid === owner.metadata.uid;

/** A controller's reference to its owner. */
export const ownerRef = (owner: Base): OwnerReference => ({
	apiVersion: owner.apiVersion,
	kind: owner.kind,
	name: owner.metadata.name,
	uid: owner.metadata.uid,
	controller: true,
	blockOwnerDeletion: true,
});

export function selectorMatches(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
	if (!selector) return false;
	return (
		Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
		(selector.matchExpressions ?? []).every((term) => expressionMatches(term, labels))
	);
}

export function expressionMatches(
	{ key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
	labels: Labels,
): boolean {
	const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
	switch (operator) {
		case 'In':
			return value !== undefined && values.includes(value);
		case 'NotIn':
			return value === undefined || !values.includes(value);
		case 'Exists':
			return value !== undefined;
		case 'DoesNotExist':
			return value === undefined;
		case 'Gt':
			return value !== undefined && Number(value) > Number(values[0]);
		case 'Lt':
			return value !== undefined && Number(value) < Number(values[0]);
		default:
			return false;
	}
}

export const conditionOf = (
	object: { readonly status?: { readonly conditions?: readonly Condition[] } },
	type: string,
): Condition | undefined => object.status?.conditions?.find((c) => c.type === type);

export const isReady = (object: { readonly status?: { readonly conditions?: readonly Condition[] } }): boolean =>
	conditionOf(object, 'Ready')?.status === 'True';

/** Ended, for good or bad. */
export const isDone = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

/** Labels in a text that is the same for the same labels. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
