/**
 * Versions the server warns of. Source: the `zz_generated.prerelease-lifecycle.go` of k8s.io/api @ v1.24.0 … v1.34.0 and
 * k8s.io/apiserver pkg/endpoints/deprecation.
 */
import type { Resource } from './object.ts';

/** `group/version Kind deprecated removed replacement`; numbers are minors of Kubernetes. */
const TABLE = `
v1 ComponentStatus 19 - -
v1 Endpoints 33 - discovery.k8s.io/v1 EndpointSlice
autoscaling/v2beta1 HorizontalPodAutoscaler 22 25 autoscaling/v2 HorizontalPodAutoscaler
autoscaling/v2beta2 HorizontalPodAutoscaler 23 26 autoscaling/v2 HorizontalPodAutoscaler
batch/v1beta1 CronJob 21 25 batch/v1 CronJob
discovery.k8s.io/v1beta1 EndpointSlice 21 25 discovery.k8s.io/v1 EndpointSlice
events.k8s.io/v1beta1 Event 19 25 events.k8s.io/v1 Event
node.k8s.io/v1beta1 RuntimeClass 22 25 node.k8s.io/v1 RuntimeClass
policy/v1beta1 PodDisruptionBudget 21 25 policy/v1 PodDisruptionBudget
policy/v1beta1 PodSecurityPolicy 21 25 -
storage.k8s.io/v1beta1 CSIStorageCapacity 24 27 storage.k8s.io/v1 CSIStorageCapacity
flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema 23 26 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema
flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration 23 26 flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema 26 29 flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema
flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration 26 29 flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema 29 32 flowcontrol.apiserver.k8s.io/v1 FlowSchema
flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration 29 32 flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration
`;

let texts: ReadonlyMap<string, readonly [minor: number, text: string]> | undefined;

const read = (): ReadonlyMap<string, readonly [number, string]> => {
	const out = new Map<string, readonly [number, string]>();
	for (const line of TABLE.trim().split('\n')) {
		const [version, kind, from, to, ...better] = line.split(' ') as [string, string, string, string, ...string[]];
		const gone = to === '-' ? '' : `, unavailable in v1.${to}+`;
		const use = better[0] === '-' ? '' : `; use ${better.join(' ')}`;
		out.set(`${version} ${kind}`, [Number(from), `${version} ${kind} is deprecated in v1.${from}+${gone}${use}`]);
	}
	return out;
};

/** The warning that goes with this version of a resource on a server of this minor, if any. */
export const deprecation = (resource: Resource, minor: number): string | undefined => {
	texts ??= read();
	const group = resource.group === '' ? '' : `${resource.group}/`;
	const found = texts.get(`${group}${resource.version} ${resource.kind}`);
	return found !== undefined && minor >= found[0] ? found[1] : undefined;
};
