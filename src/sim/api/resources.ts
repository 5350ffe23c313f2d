/**
 * The resources a cluster serves before anybody adds one.
 *
 * Source: discovery of kube-apiserver (pkg/registry/*, pkg/controlplane/instance.go) @ v1.24.0 … v1.34.0: names,
 * short names (`ShortNames()`), categories, and from which minor to which each stands in the default configuration.
 */
import { minorOf } from '../kube/index.ts';
import type { Resource } from './object.ts';
import { VERBS } from './verbs.ts';

/**
 * One resource per line: `plural short,names Kind scope[flags] versions [from[-to]]`. Scope `n` namespaced, `c`
 * cluster; flags: `a` in category `all`, `x` in `api-extensions`, `v` virtual (create only). Versions: preferred one
 * first; `v1@29` is served from 1.29, `v1beta1@-24` up to 1.24. A line without columns names the group.
 */
const TABLE = `
.
bindings - Binding nv v1
componentstatuses cs ComponentStatus c v1
configmaps cm ConfigMap n v1
endpoints ep Endpoints n v1
events ev Event n v1
limitranges limits LimitRange n v1
namespaces ns Namespace c v1
nodes no Node c v1
persistentvolumeclaims pvc PersistentVolumeClaim n v1
persistentvolumes pv PersistentVolume c v1
pods po Pod na v1
podtemplates - PodTemplate n v1
replicationcontrollers rc ReplicationController na v1
resourcequotas quota ResourceQuota n v1
secrets - Secret n v1
serviceaccounts sa ServiceAccount n v1
services svc Service na v1
.admissionregistration.k8s.io
mutatingwebhookconfigurations - MutatingWebhookConfiguration cx v1
validatingadmissionpolicies - ValidatingAdmissionPolicy cx v1@30
validatingadmissionpolicybindings - ValidatingAdmissionPolicyBinding cx v1@30
validatingwebhookconfigurations - ValidatingWebhookConfiguration cx v1
.apiextensions.k8s.io
customresourcedefinitions crd,crds CustomResourceDefinition cx v1
.apiregistration.k8s.io
apiservices - APIService cx v1
.apps
controllerrevisions - ControllerRevision n v1
daemonsets ds DaemonSet na v1
deployments deploy Deployment na v1
replicasets rs ReplicaSet na v1
statefulsets sts StatefulSet na v1
.authentication.k8s.io
selfsubjectreviews - SelfSubjectReview cv v1@28
tokenreviews - TokenReview cv v1
.authorization.k8s.io
localsubjectaccessreviews - LocalSubjectAccessReview nv v1
selfsubjectaccessreviews - SelfSubjectAccessReview cv v1
selfsubjectrulesreviews - SelfSubjectRulesReview cv v1
subjectaccessreviews - SubjectAccessReview cv v1
.autoscaling
horizontalpodautoscalers hpa HorizontalPodAutoscaler na v2,v1,v2beta2@-25,v2beta1@-24
.batch
cronjobs cj CronJob na v1,v1beta1@-24
jobs - Job na v1
.certificates.k8s.io
certificatesigningrequests csr CertificateSigningRequest c v1
.coordination.k8s.io
leases - Lease n v1
.discovery.k8s.io
endpointslices - EndpointSlice n v1,v1beta1@-24
.events.k8s.io
events ev Event n v1,v1beta1@-24
.flowcontrol.apiserver.k8s.io
flowschemas - FlowSchema c v1@29,v1beta3@26-31,v1beta2@-28,v1beta1@-25
prioritylevelconfigurations - PriorityLevelConfiguration c v1@29,v1beta3@26-31,v1beta2@-28,v1beta1@-25
.networking.k8s.io
ingressclasses - IngressClass c v1
ingresses ing Ingress n v1
ipaddresses ip IPAddress c v1@33
networkpolicies netpol NetworkPolicy n v1
servicecidrs - ServiceCIDR c v1@33
.node.k8s.io
runtimeclasses - RuntimeClass c v1,v1beta1@-24
.policy
poddisruptionbudgets pdb PodDisruptionBudget n v1,v1beta1@-24
podsecuritypolicies psp PodSecurityPolicy c v1beta1@-24
.rbac.authorization.k8s.io
clusterrolebindings - ClusterRoleBinding c v1
clusterroles - ClusterRole c v1
rolebindings - RoleBinding n v1
roles - Role n v1
.resource.k8s.io
deviceclasses - DeviceClass c v1@34
resourceclaims - ResourceClaim n v1@34
resourceclaimtemplates - ResourceClaimTemplate n v1@34
resourceslices - ResourceSlice c v1@34
.scheduling.k8s.io
priorityclasses pc PriorityClass c v1
.storage.k8s.io
csidrivers - CSIDriver c v1
csinodes - CSINode c v1
csistoragecapacities - CSIStorageCapacity n v1,v1beta1@-26
storageclasses sc StorageClass c v1
volumeattachments - VolumeAttachment c v1
volumeattributesclasses vac VolumeAttributesClass c v1@34
`;

const inRange = (range: string | undefined, minor: number): boolean => {
	if (range === undefined) return true;
	const [from, to] = range.split('-');
	return minor >= Number(from || 0) && (!range.includes('-') || minor <= Number(to));
};

/** Before 1.29 v1beta3 came first, before 1.26 v1beta2: the first version of the line that is served. */
const readLine = (group: string, line: string, minor: number): Resource | undefined => {
	const [plural, short, kind, scope, versions] = line.split(' ') as [string, string, string, string, string];
	const served = versions
		.split(',')
		.map((entry) => entry.split('@'))
		.filter(([, range]) => inRange(range, minor))
		.map(([version]) => version!);
	if (served.length === 0) return undefined;
	return {
		group,
		version: served[0]!,
		kind,
		plural,
		singular: kind.toLowerCase(),
		shortNames: short === '-' ? [] : short.split(','),
		namespaced: scope[0] === 'n',
		categories: [...(scope.includes('a') ? ['all'] : []), ...(scope.includes('x') ? ['api-extensions'] : [])],
		verbs: scope.includes('v') ? ['create'] : kind === 'ComponentStatus' ? ['get', 'list'] : VERBS,
		served,
	};
};

/** All of them for a version such as `v1.24.0`, sorted by group and name as `kubectl api-resources` does. */
export const builtinResources = (version: string): readonly Resource[] => {
	const minor = minorOf(version);
	const out: Resource[] = [];
	let group = '';
	for (const line of TABLE.trim().split('\n')) {
		if (line.startsWith('.')) group = line.slice(1);
		else {
			const resource = readLine(group, line, minor);
			if (resource !== undefined) out.push(resource);
		}
	}
	return out;
};

/** Group, then plural, as texts compare: the order of `kubectl api-resources`. */
export const byGroupAndName = (a: Resource, b: Resource): number =>
	a.group < b.group ? -1 : a.group > b.group ? 1 : a.plural < b.plural ? -1 : a.plural > b.plural ? 1 : 0;

/** `v1`, `apps/v1`. */
export const apiVersionOf = (resource: Pick<Resource, 'group' | 'version'>): string =>
	resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
