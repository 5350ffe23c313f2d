/**
 * Where kustomize changes what: labels, annotations, images, replicas, namespaces, and names that mean other objects.
 *
 * Source: kustomize api/konfig/builtinpluginconsts/*.go @ kustomize/v4.5.4.
 */
import { specsOf } from './resource.ts';

const TEMPLATED = 'ReplicationController,Deployment,ReplicaSet,DaemonSet,StatefulSet,Job.batch';

export const METADATA_LABELS = specsOf('* metadata/labels+');

export const TEMPLATE_LABELS = specsOf(`
${TEMPLATED} spec/template/metadata/labels+
CronJob.batch spec/jobTemplate/metadata/labels+
CronJob.batch spec/jobTemplate/spec/template/metadata/labels+
StatefulSet.apps spec/volumeClaimTemplates[]/metadata/labels+
`);

const SPREAD = ['podAffinity', 'podAntiAffinity']
	.flatMap((kind) => [
		`spec/template/spec/affinity/${kind}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
		`spec/template/spec/affinity/${kind}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
	])
	.concat('spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels')
	.map((path) => `Deployment.apps,StatefulSet.apps ${path}`)
	.join('\n');

export const COMMON_LABELS = [
	...specsOf(`
Service.,ReplicationController spec/selector+
Deployment,ReplicaSet,DaemonSet,StatefulSet.apps spec/selector/matchLabels+
${SPREAD}
Job.batch spec/selector/matchLabels
CronJob.batch spec/jobTemplate/spec/selector/matchLabels
PodDisruptionBudget.policy spec/selector/matchLabels
NetworkPolicy.networking.k8s.io spec/podSelector/matchLabels
NetworkPolicy.networking.k8s.io spec/ingress/from/podSelector/matchLabels
NetworkPolicy.networking.k8s.io spec/egress/to/podSelector/matchLabels
`),
	...METADATA_LABELS,
	...TEMPLATE_LABELS,
];

export const COMMON_ANNOTATIONS = specsOf(`
* metadata/annotations+
${TEMPLATED} spec/template/metadata/annotations+
CronJob.batch spec/jobTemplate/metadata/annotations+
CronJob.batch spec/jobTemplate/spec/template/metadata/annotations+
`);

export const REPLICAS = specsOf('Deployment,ReplicationController,ReplicaSet,StatefulSet spec/replicas+');

export const NAMESPACES = specsOf(`
APIService.apiregistration.k8s.io spec/service/namespace+
CustomResourceDefinition.apiextensions.k8s.io spec/conversion/webhook/clientConfig/service/namespace
`);

/** Kinds that have no namespace (kyaml/openapi IsNamespaceScoped). */
export const CLUSTER_SCOPED = new Set(
	'APIService CSIDriver CSINode CertificateSigningRequest ClusterRole ClusterRoleBinding ComponentStatus CustomResourceDefinition FlowSchema IngressClass MutatingWebhookConfiguration Namespace Node PersistentVolume PodSecurityPolicy PriorityClass PriorityLevelConfiguration RuntimeClass StorageClass TokenReview SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration VolumeAttachment CiliumClusterwideNetworkPolicy CiliumNode CiliumIdentity'.split(
		' ',
	),
);

const PODS = [
	['Pod', 'spec'],
	['PodTemplate', 'template/spec'],
	['Deployment,ReplicaSet,DaemonSet,StatefulSet,Job,ReplicationController', 'spec/template/spec'],
	['CronJob', 'spec/jobTemplate/spec/template/spec'],
] as const;

const inPods = (paths: string): string =>
	PODS.flatMap(([kinds, root]) => paths.split(' ').map((path) => `${kinds} ${root}/${path}`)).join('\n');

const inContainers = (key: string, from: string): string =>
	inPods(
		['containers', 'initContainers']
			.flatMap((list) => [`${list}/env/valueFrom/${key}/name`, `${list}/envFrom/${from}/name`])
			.join(' '),
	);

/** Kinds that are named elsewhere, and where. */
export const REFERENCES = (
	[
		['Deployment,ReplicationController,ReplicaSet,StatefulSet', 'HorizontalPodAutoscaler spec/scaleTargetRef/name'],
		[
			'ConfigMap',
			`${inPods('volumes/configMap/name volumes/projected/sources/configMap/name')}\n${inContainers('configMapKeyRef', 'configMapRef')}\nRole,ClusterRole rules/resourceNames\nIngress metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap`,
		],
		[
			'Secret',
			`${inPods('volumes/secret/secretName volumes/projected/sources/secret/name imagePullSecrets/name')}\n${inContainers('secretKeyRef', 'secretRef')}\nIngress spec/tls/secretName\nIngress metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret\nIngress metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret\nServiceAccount imagePullSecrets/name\nRole,ClusterRole rules/resourceNames`,
		],
		[
			'Service',
			'StatefulSet.apps spec/serviceName\nIngress spec/rules/http/paths/backend/service/name\nIngress spec/rules/http/paths/backend/serviceName\nIngress spec/backend/serviceName\nIngress spec/defaultBackend/service/name\nAPIService spec/service/name\nValidatingWebhookConfiguration,MutatingWebhookConfiguration webhooks/clientConfig/service',
		],
		['Role', 'RoleBinding roleRef/name'],
		['ClusterRole', 'RoleBinding,ClusterRoleBinding roleRef/name'],
		['ServiceAccount', `${inPods('serviceAccountName')}\nRoleBinding,ClusterRoleBinding subjects`],
		['PersistentVolumeClaim', inPods('volumes/persistentVolumeClaim/claimName')],
		['PersistentVolume', 'PersistentVolumeClaim spec/volumeName\nClusterRole rules/resourceNames'],
		[
			'StorageClass',
			'PersistentVolume,PersistentVolumeClaim spec/storageClassName\nStatefulSet spec/volumeClaimTemplates/spec/storageClassName',
		],
		['PriorityClass', inPods('priorityClassName')],
		['IngressClass', 'Ingress spec/ingressClassName'],
	] as const
).map(([kinds, table]) => ({ kinds: kinds.split(','), specs: specsOf(table) }));

/** Resources that come first, and those that come last (LegacyOrderTransformer). */
export const FIRST =
	'Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget'.split(
		' ',
	);
export const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'];
