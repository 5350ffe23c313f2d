/** Probes ask the port they name: nothing listens there, so they are refused. */
import { expect, it } from 'vitest';
import { clusterOf, config, create, events, get, MINUTE, newLab, pass } from './helpers.ts';

const web = (name: string, probes: object) => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name },
	spec: { containers: [{ name: 'c', image: 'nginx:1.25', ...probes }] },
});
const probe = (port: number) => ({ httpGet: { path: '/', port }, periodSeconds: 2, failureThreshold: 2 });

it('keeps a pod from being ready, restarts it, or does neither, as its ports are answered', () => {
	const lab = newLab();
	const cluster = clusterOf(lab, config(['control-plane', 'worker']));
	pass(lab, MINUTE);
	create(cluster, [
		web('well', { readinessProbe: probe(80), livenessProbe: probe(80) }),
		web('deaf', { readinessProbe: probe(81) }),
		web('killed', { readinessProbe: probe(80), livenessProbe: probe(81) }),
		web('killed-too', { livenessProbe: probe(81) }),
	]);
	pass(lab, MINUTE);
	const of = (name: string) =>
		(
			get(cluster, 'pods', 'default', name) as unknown as {
				status: { containerStatuses: { ready: boolean; restartCount: number }[] };
			}
		).status.containerStatuses[0]!;
	expect(of('well')).toMatchObject({ ready: true, restartCount: 0 });
	expect(of('deaf')).toMatchObject({ ready: false, restartCount: 0 });
	expect(of('killed').restartCount).toBeGreaterThan(0);
	expect(of('killed-too').restartCount).toBeGreaterThan(0);
	const said = events(cluster, 'default', /./).join('\n');
	expect(said).toMatch(
		/Readiness probe failed: Get "http:\/\/10\.244\.1\.\d+:81\/": dial tcp 10\.244\.1\.\d+:81: connect: connection refused/,
	);
	expect(said).toContain('Container c failed liveness probe, will be restarted');
});
