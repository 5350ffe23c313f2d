/**
 * APIServices of what the server serves itself: one for each version of each group, nothing of it stored. Those people
 * make stand beside them.
 *
 * Source: kubernetes cmd/kube-apiserver/app/aggregator.go (apiVersionPriorities), kube-aggregator
 * pkg/controllers/autoregister, pkg/controlplane/controller/crdregistration @ v1.24.0.
 */
import { newUid } from '../meta.ts';
import type { ApiObject, Resource } from '../object.ts';

/** Groups of the server's own, with their place among each other; a group that is not here is a definition's. */
const GROUPS: Readonly<Record<string, number>> = Object.fromEntries(
	'=18000 apps=17800 events.k8s.io=17750 authentication.k8s.io=17700 authorization.k8s.io=17600 autoscaling=17500 batch=17400 certificates.k8s.io=17300 networking.k8s.io=17200 policy=17100 rbac.authorization.k8s.io=17000 storage.k8s.io=16800 apiextensions.k8s.io=16700 admissionregistration.k8s.io=16700 scheduling.k8s.io=16600 coordination.k8s.io=16500 node.k8s.io=16300 discovery.k8s.io=16200 flowcontrol.apiserver.k8s.io=16100 resource.k8s.io=15900'
		.split(' ')
		.map((entry) => {
			const [group = '', place] = entry.split('=');
			return [group, Number(place)];
		}),
);
/** Where it is not 15 for `v1` and 9 for others. */
const VERSIONS: Readonly<Record<string, number>> = {
	'/v1': 1,
	'autoscaling/v2': 30,
	'autoscaling/v2beta2': 1,
	'discovery.k8s.io/v1beta1': 12,
	'events.k8s.io/v1beta1': 5,
	'flowcontrol.apiserver.k8s.io/v1beta1': 12,
	'flowcontrol.apiserver.k8s.io/v1beta2': 15,
	'flowcontrol.apiserver.k8s.io/v1beta3': 18,
};

/** They are as old as the cluster: as `since`, its first namespace; unless they were made anew at some time. */
export function localApiServices(
	resources: readonly Resource[],
	since: ApiObject | undefined,
	random: (purpose: string, key: string, bound: number) => number,
	remade: ReadonlyMap<string, string>,
): readonly ApiObject[] {
	const served = new Set(
		resources
			.filter(({ group }) => group !== 'apiregistration.k8s.io')
			.flatMap(({ group, version, served = [version] }) => served.map((each) => `${group}/${each}`)),
	);
	return [...served]
		.map((key): ApiObject => {
			const [group = '', version = ''] = key.split('/');
			const name = `${version}.${group}`;
			const own = GROUPS[group];
			const creationTimestamp = remade.get(name) ?? since?.metadata.creationTimestamp ?? '';
			return {
				apiVersion: 'apiregistration.k8s.io/v1',
				kind: 'APIService',
				metadata: {
					name,
					uid: newUid(random, `apiservices/local/${name}${remade.get(name) ?? ''}`),
					resourceVersion: since?.metadata.resourceVersion ?? '1',
					creationTimestamp,
					labels: { 'kube-aggregator.kubernetes.io/automanaged': own === undefined ? 'true' : 'onstart' },
				},
				spec: {
					...(group === '' ? {} : { group }),
					groupPriorityMinimum: own ?? 1000,
					version,
					versionPriority: own === undefined ? 100 : (VERSIONS[key] ?? (version === 'v1' ? 15 : 9)),
				},
				status: {
					conditions: [
						{
							lastTransitionTime: creationTimestamp,
							message: 'Local APIServices are always available',
							reason: 'Local',
							status: 'True',
							type: 'Available',
						},
					],
				},
			};
		})
		.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
