/** Kubernetes objects as far as the lab's controllers read them: views of the API's JSON, nothing checked again. */
import type { ApiMeta } from '../../api/index.ts';

export * from './read.ts';

export type Labels = Readonly<Record<string, string>>;

export interface ObjectView {
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
	readonly httpGet?: {
		readonly path?: string;
		readonly port: number | string;
		readonly host?: string;
		readonly scheme?: string;
		readonly httpHeaders?: readonly { readonly name: string; readonly value: string }[];
	};
	readonly tcpSocket?: { readonly port: number | string; readonly host?: string };
	readonly grpc?: { readonly port: number; readonly service?: string };
	readonly exec?: { readonly command?: readonly string[] };
	readonly terminationGracePeriodSeconds?: number;
}

/** What is done after a container's start, or before its end. */
export interface Hook {
	readonly exec?: { readonly command?: readonly string[] };
	readonly httpGet?: Probe['httpGet'];
	readonly tcpSocket?: Probe['tcpSocket'];
	readonly sleep?: { readonly seconds: number };
}

export interface ContainerSpec {
	readonly name: string;
	readonly image: string;
	readonly imagePullPolicy?: 'Always' | 'IfNotPresent' | 'Never';
	readonly command?: readonly string[];
	readonly args?: readonly string[];
	/** Somebody may type into it. */
	readonly stdin?: boolean;
	readonly ports?: readonly {
		readonly name?: string;
		readonly containerPort: number;
		readonly hostPort?: number;
		readonly hostIP?: string;
		readonly protocol?: 'TCP' | 'UDP' | 'SCTP';
	}[];
	readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
	readonly envFrom?: readonly unknown[];
	readonly readinessProbe?: Probe;
	readonly livenessProbe?: Probe;
	readonly startupProbe?: Probe;
	readonly lifecycle?: { readonly preStop?: Hook; readonly postStart?: Hook };
	readonly terminationMessagePath?: string;
	readonly terminationMessagePolicy?: 'File' | 'FallbackToLogsOnError';
	/** Of an init container that goes on beside the others. */
	readonly restartPolicy?: 'Always';
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
	readonly persistentVolumeClaim?: { readonly claimName: string };
	readonly ephemeral?: {
		readonly volumeClaimTemplate?: {
			readonly metadata?: { readonly labels?: Labels; readonly annotations?: Labels };
			readonly spec: Readonly<Record<string, unknown>>;
		};
	};
}

export interface NodeSelectorTerm {
	readonly matchExpressions?: LabelSelector['matchExpressions'];
	readonly matchFields?: LabelSelector['matchExpressions'];
}

export interface PodAffinityTerm {
	readonly labelSelector?: LabelSelector;
	readonly topologyKey: string;
	readonly namespaces?: readonly string[];
}

export interface PodAffinity {
	readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
	readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
		readonly weight: number;
		readonly podAffinityTerm: PodAffinityTerm;
	}[];
}

export interface PodSpec {
	readonly nodeName?: string;
	readonly hostNetwork?: boolean;
	readonly hostname?: string;
	readonly subdomain?: string;
	readonly nodeSelector?: Labels;
	readonly containers: readonly ContainerSpec[];
	readonly initContainers?: readonly ContainerSpec[];
	readonly ephemeralContainers?: readonly ContainerSpec[];
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
			readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
				readonly weight: number;
				readonly preference: NodeSelectorTerm;
			}[];
		};
		readonly podAntiAffinity?: PodAffinity;
		readonly podAffinity?: PodAffinity;
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

export interface Pod extends ObjectView {
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

export interface Node extends ObjectView {
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

export interface Workload extends ObjectView {
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

export interface Service extends ObjectView {
	readonly spec: {
		readonly type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
		readonly clusterIP?: string;
		readonly ports?: readonly ServicePort[];
		readonly selector?: Labels;
		readonly externalIPs?: readonly string[];
		readonly loadBalancerSourceRanges?: readonly string[];
		readonly externalTrafficPolicy?: 'Cluster' | 'Local';
		readonly internalTrafficPolicy?: 'Cluster' | 'Local';
		readonly trafficDistribution?: string;
		readonly sessionAffinity?: 'None' | 'ClientIP';
		readonly sessionAffinityConfig?: { readonly clientIP?: { readonly timeoutSeconds?: number } };
		readonly healthCheckNodePort?: number;
		readonly publishNotReadyAddresses?: boolean;
	};
	readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

export interface EndpointSlice extends ObjectView {
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

export interface ConfigMap extends ObjectView {
	readonly data?: Labels;
}
