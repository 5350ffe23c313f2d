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
