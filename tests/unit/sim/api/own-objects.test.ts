/** Objects that components keep for themselves come when somebody looks, and follow what they are of. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, createApiServer, loadForPeople } from '../../../../src/sim/api/index.ts';

const server = (version: string): ApiServer =>
	createApiServer({
		version,
		now: () => 0,
		epoch: 1_660_000_000,
		random: (_, key, bound) => [...key].reduce((sum, c) => sum * 31 + c.charCodeAt(0), 7) % bound,
	});

const names = (api: ApiServer, plural: string): readonly string[] =>
	api.list(api.find(plural)!).map(({ metadata }) => metadata.name);

describe('objects of the components', () => {
	beforeAll(loadForPeople);

	it('has the flow schemas and levels of its minor, and looking at them is no write', () => {
		const api = server('v1.24.0');
		const before = api.revision;
		expect(names(api, 'prioritylevelconfigurations')).toEqual([
			'catch-all',
			'exempt',
			'global-default',
			'leader-election',
			'node-high',
			'system',
			'workload-high',
			'workload-low',
		]);
		expect(names(api, 'flowschemas')).toHaveLength(13);
		expect(api.revision).toBe(before);
		const level = api.get(api.find('prioritylevelconfigurations')!, undefined, 'workload-low');
		expect(level?.apiVersion).toBe('flowcontrol.apiserver.k8s.io/v1beta2');
		expect(level?.spec?.limited).toMatchObject({ assuredConcurrencyShares: 100 });
	});

	it('lets people delete a flow schema for good', () => {
		const api = server('v1.33.1');
		expect(api.delete(api.find('flowschemas')!, undefined, 'probes').error).toBeUndefined();
		expect(names(api, 'flowschemas')).not.toContain('probes');
	});

	it('has a CSINode of each node, which goes with it', () => {
		const api = server('v1.24.0');
		for (const name of ['a', 'b']) api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name } });
		expect(names(api, 'csinodes')).toEqual(['a', 'b']);
		api.delete(api.find('nodes')!, undefined, 'a');
		expect(names(api, 'csinodes')).toEqual(['b']);
	});

	it('has an address of each ClusterIP from 1.33 on, and the range they are of', () => {
		const api = server('v1.33.1');
		const service = (name: string, clusterIP: string): unknown =>
			api.create({
				apiVersion: 'v1',
				kind: 'Service',
				metadata: { name, namespace: 'default' },
				spec: { clusterIP, ports: [{ port: 80 }] },
			}).value;
		service('web', '10.96.3.4');
		service('headless', 'None');
		expect(names(api, 'ipaddresses')).toEqual(['10.96.3.4']);
		expect(api.get(api.find('servicecidrs')!, undefined, 'kubernetes')?.spec?.cidrs).toEqual(['10.96.0.0/16']);
		api.delete(api.find('services')!, 'default', 'web');
		expect(names(api, 'ipaddresses')).toEqual([]);
	});
});
