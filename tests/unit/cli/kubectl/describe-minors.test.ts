/** `kubectl describe` has the lines that its own release has, whatever the server's is. */
import { expect, test } from 'vitest';
import { loadForPeople } from '../../../../src/sim/api/index.ts';
import { desk } from './desk.ts';

const CONTAINERS = [{ name: 'c', image: 'busybox' }];

test('lines that came later are there from their release on', async () => {
	await loadForPeople();
	const described = async (version: string, kind: string): Promise<(what: string) => Promise<string>> => {
		const d = desk(version, kind);
		d.make({
			apiVersion: 'batch/v1',
			kind: 'Job',
			metadata: { name: 'j', namespace: 'default' },
			spec: { ttlSecondsAfterFinished: 60, template: { spec: { restartPolicy: 'Never', containers: CONTAINERS } } },
		});
		d.make({
			apiVersion: 'v1',
			kind: 'Service',
			metadata: { name: 's', namespace: 'default' },
			spec: { ports: [{ port: 80 }], selector: { a: 'b' } },
		});
		const spread = { topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 1 };
		d.make({
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'd', namespace: 'default' },
			spec: {
				selector: { matchLabels: { a: 'b' } },
				template: {
					metadata: { labels: { a: 'b' } },
					spec: {
						containers: CONTAINERS,
						nodeSelector: { disk: 'ssd' },
						tolerations: [{ key: 'k', operator: 'Exists' }],
						topologySpreadConstraints: [{ ...spread, labelSelector: { matchLabels: { a: 'b' } } }],
					},
				},
			},
		});
		d.make({
			apiVersion: 'v1',
			kind: 'ConfigMap',
			metadata: { name: 'c', namespace: 'default' },
			data: { a: '1', b: '2' },
		});
		d.make({
			apiVersion: 'networking.k8s.io/v1',
			kind: 'Ingress',
			metadata: { name: 'i', namespace: 'default' },
			spec: { defaultBackend: { service: { name: 'gone', port: { number: 80 } } } },
		});
		return async (what) => (await d.run(`describe ${what}`)).out;
	};
	const old = await described('v1.24.0', 'v0.14.0');
	const now = await described('v1.34.0', 'v0.30.0');
	expect(await old('job j')).not.toMatch(/^(?:Suspend|Backoff Limit|TTL)/m);
	expect(await now('job j')).toMatch(/\nSuspend: +false\nBackoff Limit: +6\nTTL Seconds After Finished: +60\n/);
	expect(await old('service s')).not.toContain('Internal Traffic Policy');
	expect(await now('service s')).toMatch(/\nSession Affinity: +None\nInternal Traffic Policy: +Cluster\n/);
	const places = / {2}Node-Selectors: +disk=ssd\n {2}Tolerations: +k op=Exists\n/;
	expect(await old('deploy d')).not.toMatch(/Node-Selectors|Topology/);
	expect(await now('deploy d')).toMatch(places);
	expect(await now('deploy d')).toMatch(
		/ {2}Topology Spread Constraints: +zone:DoNotSchedule when max skew 1 is exceeded for selector a=b\n/,
	);
	expect(await old('cm c')).toContain('\na:\n----\n1\nb:\n----\n2\n\nBinaryData');
	expect(await now('cm c')).toContain('\na:\n----\n1\n\nb:\n----\n2\n\n\nBinaryData');
	// Slices are listed, endpoints were read by their name.
	expect(await old('ing i')).toContain('gone:80 (<error: endpoints "gone" not found>)');
	expect(await now('ing i')).toContain('gone:80 (<error: services "gone" not found>)');
});
