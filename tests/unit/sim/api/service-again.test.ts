/**
 * What is random in a real cluster is drawn anew for a service that is made again (kubernetes
 * pkg/registry/core/service/ipallocator and portallocator @ v1.24.0); a dry run gets what never is handed out
 * (ipallocator/bitmap.go allocateNext(), portallocator/operation.go AllocateNext()).
 */
import { describe, expect, test } from 'vitest';
import { bench, must, service } from './fixtures.ts';

type Spec = { clusterIP: string; healthCheckNodePort?: number; ports: { nodePort?: number; port: number }[] };

const shop = () => {
	const { api, resource } = bench();
	const make = (spec: Record<string, unknown> = {}, dryRun = false, name = 'x'): Spec =>
		must(api.create(service(name, spec), { dryRun })).spec as unknown as Spec;
	return {
		api,
		make,
		change: (spec: Record<string, unknown>) =>
			must(api.patch(resource('svc'), 'default', 'x', 'application/merge-patch+json', { spec } as never))
				.spec as unknown as Spec,
		remove: () => must(api.delete(resource('svc'), 'default', 'x')),
	};
};
const PORT = { type: 'NodePort' };
const BALANCED = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };

describe('a service made again', () => {
	test('has another address, port and health check port each time, and the same in another run', () => {
		const run = () => {
			const { make, remove } = shop();
			return [1, 2, 3].map(() => {
				const { clusterIP, ports, healthCheckNodePort } = make(BALANCED);
				remove();
				return [clusterIP, ports[0]!.nodePort, healthCheckNodePort];
			});
		};
		const drawn = run();
		expect(new Set(drawn.map(([ip]) => ip)).size).toBe(3);
		expect(new Set(drawn.flatMap(([, port, health]) => [port, health])).size).toBe(6);
		expect(run()).toEqual(drawn);
	});

	test('is drawn for after an address that was asked for, too', () => {
		const { make, remove } = shop();
		expect(make({ clusterIP: '10.96.0.77' }).clusterIP).toBe('10.96.0.77');
		remove();
		const { clusterIP } = make();
		remove();
		expect(make().clusterIP).not.toBe(clusterIP);
	});

	test('may ask for the address it had', () => {
		const { make, remove } = shop();
		const { clusterIP } = make();
		remove();
		make();
		expect(make({ clusterIP }, false, 'y').clusterIP).toBe(clusterIP);
	});

	test('others of other names draw what they always did', () => {
		const first = shop();
		first.make();
		first.remove();
		first.make();
		expect(first.make({}, false, 'y').clusterIP).toBe(shop().make({}, false, 'y').clusterIP);
	});
});

test('a node port that was given back comes back as another', () => {
	const { make, change } = shop();
	const { ports } = make(PORT);
	change({ type: 'ClusterIP', ports: [{ port: ports[0]!.port, nodePort: null }] });
	expect(change(PORT).ports[0]!.nodePort).not.toBe(ports[0]!.nodePort);
});

describe('a dry run', () => {
	test('gets the address of the network and ports beyond the range', () => {
		const { make } = shop();
		const ports = [
			{ name: 'a', port: 80 },
			{ name: 'b', port: 81 },
		];
		const asked = make({ ...PORT, ports }, true);
		expect(asked.clusterIP).toBe('10.96.0.0');
		expect(asked.ports.map((port) => port.nodePort)).toEqual([32769, 32770]);
	});

	test('counts on from a port that was asked for', () => {
		const ports = [
			{ name: 'a', port: 80, nodePort: 30080 },
			{ name: 'b', port: 81 },
		];
		expect(
			shop()
				.make({ ...PORT, ports }, true)
				.ports.map((port) => port.nodePort),
		).toEqual([30080, 30081]);
	});

	test('takes nothing away from the draw after it', () => {
		const { make } = shop();
		make(PORT, true);
		expect(make(PORT)).toEqual(shop().make(PORT));
	});
});
