/** Zones of endpoints, and who should use them (staging/src/k8s.io/endpointslice/trafficdist @ v1.31.0, v1.34.0). */
import { describe, expect, it } from 'vitest';
import { create, get, list, pass, SECOND, settled } from './helpers.ts';

const service = (trafficDistribution?: string) => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: { name: 's' },
	spec: { selector: { app: 'a' }, ports: [{ port: 80 }], ...(trafficDistribution ? { trafficDistribution } : {}) },
});
const pod = {
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name: 'a', labels: { app: 'a' } },
	spec: { containers: [{ name: 'c', image: 'nginx:1.23' }] },
};

const endpoint = (
	kind: string,
	near?: string,
): { readonly node: string; readonly zone: unknown; readonly hints: unknown } => {
	const { lab, cluster } = settled(1, { kind });
	for (const { metadata } of list(cluster, 'nodes'))
		cluster.api.patch(cluster.api.find('nodes')!, undefined, metadata.name, 'application/merge-patch+json', {
			metadata: { labels: { 'topology.kubernetes.io/zone': 'z1' } },
		});
	create(cluster, [service(near), pod]);
	pass(lab, 30 * SECOND);
	const [slice] = list(cluster, 'endpointslices').filter((one) => one.metadata.name.startsWith('s-'));
	const [found] = (slice as unknown as { endpoints: { zone?: string; hints?: object }[] }).endpoints;
	return {
		node: get(cluster, 'pods', 'default', 'a')!.spec!.nodeName as string,
		zone: found?.zone,
		hints: found?.hints,
	};
};

describe('Endpoints', () => {
	it('say from 1.33 on that they are the controller’s', () => {
		const labels = (kind: string) => {
			const { lab, cluster } = settled(1, { kind });
			create(cluster, [service(), pod]);
			pass(lab, 30 * SECOND);
			return get(cluster, 'endpoints', 'default', 's')!.metadata.labels;
		};
		expect(labels('v0.29.0')).toEqual({ 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' });
		expect(labels('v0.24.0') ?? {}).toEqual({});
	});
});

describe('a node', () => {
	it('tells no version of kube-proxy from 1.33 on', () => {
		const version = (kind: string) =>
			(list(settled(1, { kind }).cluster, 'nodes')[0]!.status as { nodeInfo: { kubeProxyVersion: string } }).nodeInfo
				.kubeProxyVersion;
		expect(version('v0.29.0')).toBe('');
		expect(version('v0.14.0')).toBe('v1.24.0');
	});
});

describe('an endpoint', () => {
	it('has the zone of its node', () => {
		expect(endpoint('v0.14.0')).toMatchObject({ zone: 'z1', hints: undefined });
	});

	it('has hints where traffic is to stay near', () => {
		expect(endpoint('v0.29.0', 'PreferClose').hints).toEqual({ forZones: [{ name: 'z1' }] });
		expect(endpoint('v0.29.0').hints).toBeUndefined();
	});

	it('is used from everywhere all the same, as whoever asks for more is told', () => {
		const { cluster } = settled(1, { kind: 'v0.29.0' });
		expect(cluster.api.create(service('PreferClose')).warnings).toEqual([
			"the simulator's nodes know no zones: endpoints get their hints, but connections go to all of them, whatever trafficDistribution PreferClose says",
		]);
	});
});

it('a second range of services gives no addresses, as whoever makes one is told', () => {
	const { cluster } = settled(1, { kind: 'v0.29.0' });
	const range = {
		apiVersion: 'networking.k8s.io/v1',
		kind: 'ServiceCIDR',
		metadata: { name: 'more' },
		spec: { cidrs: ['10.97.0.0/24'] },
	};
	expect(cluster.api.create(range).warnings).toEqual([
		'the simulator hands out addresses of the cluster’s first range only: this one is stored and gives none',
	]);
});
