import { beforeAll, describe, expect, test } from 'vitest';
import { docOf, explain, kindOf, partOf, type Type } from '../../../../src/sim/api/docs/index.ts';
import { loadForPeople } from '../../../../src/sim/api/index.ts';

/** Newest server there is. */
const NEWEST = 34;

const TAUGHT = [
	'Pod Service Deployment DaemonSet ReplicaSet StatefulSet Job CronJob Node Endpoints EndpointSlice ConfigMap Secret',
	'Namespace Ingress IngressClass NetworkPolicy ServiceAccount Event Lease PersistentVolumeClaim StorageClass',
	'PodDisruptionBudget HorizontalPodAutoscaler Role ClusterRole RoleBinding ClusterRoleBinding PriorityClass',
	'CustomResourceDefinition CiliumNetworkPolicy CiliumClusterwideNetworkPolicy CiliumEndpoint CiliumNode',
	'CiliumIdentity CiliumLoadBalancerIPPool CiliumEgressGatewayPolicy CiliumLocalRedirectPolicy',
	'CiliumL2AnnouncementPolicy CiliumBGPPeeringPolicy CiliumBGPClusterConfig CiliumBGPPeerConfig',
	'CiliumBGPAdvertisement CiliumNodeConfig CiliumPodIPPool CiliumCIDRGroup',
]
	.join(' ')
	.split(' ');

/** Types and fields below a kind that nobody wrote a word about. */
function silent(kind: string): readonly string[] {
	const seen = new Set<string>();
	const out: string[] = [];
	const walk = (type: Type | undefined): void => {
		if (!type || seen.has(type.name)) return;
		seen.add(type.name);
		if (docOf(type.name) === '') out.push(type.name);
		for (const field of type.fields.values()) {
			if (docOf(type.name, field.name) === '') out.push(`${type.name}.${field.name}`);
			walk(partOf(field.type, NEWEST));
		}
	};
	walk(kindOf(kind, NEWEST));
	return out;
}

// Parts that only people write have words too.
beforeAll(loadForPeople);

describe('words for types and fields', () => {
	test.each(TAUGHT)('everything in a %s has some', (kind) => {
		expect(kindOf(kind, NEWEST)?.fields.size).toBeGreaterThan(3);
		expect(silent(kind)).toEqual([]);
	});

	test('a field is found with its type and its words', () => {
		const found = explain('Service', ['spec', 'externalTrafficPolicy'], 24);
		expect(found).toMatchObject({ field: { type: 's', shape: 'one' }, owner: 'ServiceSpec' });
		expect('doc' in found && found.doc).toContain('client');
		expect(explain('Pod', ['spec', 'container'], 24)).toEqual({ missing: 'container' });
	});

	test('status has fields too, each kind its own', () => {
		const fields = (kind: string): readonly string[] => {
			const found = explain(kind, ['status'], 24);
			return 'type' in found ? [...found.type!.fields.keys()] : [];
		};
		expect(fields('Deployment')).toContain('unavailableReplicas');
		expect(fields('DaemonSet')).toContain('desiredNumberScheduled');
		expect(fields('DaemonSet')).not.toContain('unavailableReplicas');
		const state = explain('Pod', ['status', 'containerStatuses', 'state', 'waiting'], 24);
		expect('type' in state && [...state.type!.fields.keys()]).toEqual(['message', 'reason']);
	});

	test('each workload has its own strategy', () => {
		const fields = (kind: string, strategy: string): readonly string[] => {
			const found = explain(kind, ['spec', strategy, 'rollingUpdate'], 24);
			return 'type' in found ? [...found.type!.fields.keys()] : [];
		};
		expect(fields('Deployment', 'strategy')).toEqual(['maxSurge', 'maxUnavailable']);
		expect(fields('DaemonSet', 'updateStrategy')).toEqual(['maxSurge', 'maxUnavailable']);
		expect(fields('StatefulSet', 'updateStrategy')).toEqual(['maxUnavailable', 'partition']);
	});

	test('a server has the fields of its time', () => {
		expect(partOf('PodSpec', 24)!.fields.has('schedulingGates')).toBe(false);
		expect(partOf('PodSpec', 26)!.fields.has('schedulingGates')).toBe(true);
		expect(kindOf('NetworkPolicy', 24)!.fields.has('status')).toBe(true);
		expect(kindOf('NetworkPolicy', 28)!.fields.has('status')).toBe(false);
	});
});
