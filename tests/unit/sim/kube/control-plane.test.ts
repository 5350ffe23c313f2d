import { describe, expect, test } from 'vitest';
import {
	admitService,
	allocateClusterIp,
	allocatePodIp,
	EMPTY_SNAPSHOT,
	endpointSlices,
	get,
	list,
	type Pod,
	put,
	reconcileDeployment,
	remove,
	resourceVersion,
	schedule,
	takenBy,
} from '../../../../src/sim/kube/index.ts';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import { ip, node, pod, port, prefix, random, service } from './fixtures.ts';

describe('the store', () => {
	test('a write answers a new snapshot and leaves the old one as it was', () => {
		const before = put(EMPTY_SNAPSHOT, [pod('a'), pod('b')]);
		const after = remove(before, 'Pod', 'default', 'a');
		expect(before.generation).toBe(2);
		expect(after.generation).toBe(3);
		expect(list(before, 'Pod').map((p) => p.metadata.name)).toEqual(['a', 'b']);
		expect(list(after, 'Pod').map((p) => p.metadata.name)).toEqual(['b']);
		expect(get(after, 'Pod', 'default', 'a')).toBeUndefined();
	});

	test('objects come ordered by namespace and name, and know the write that put them', () => {
		const other = { ...pod('a'), metadata: { ...pod('a').metadata, namespace: 'aaa' } };
		const snapshot = put(EMPTY_SNAPSHOT, [pod('z'), pod('b'), other]);
		expect(list(snapshot, 'Pod').map((p) => `${p.metadata.namespace}/${p.metadata.name}`)).toEqual([
			'aaa/a',
			'default/b',
			'default/z',
		]);
		expect(list(snapshot, 'Pod', 'aaa')).toEqual([other]);
		expect(resourceVersion(snapshot, other)).toBe(3);
	});

	test('removing what is not there changes nothing', () => {
		expect(remove(EMPTY_SNAPSHOT, 'Node', '', 'x')).toBe(EMPTY_SNAPSHOT);
	});
});

describe('allocation', () => {
	const cidr = prefix('10.96.0.0/16');
	const options = { cidr, taken: takenBy([]), random };
	const request = (more: object) => {
		const { clusterIP: _, ...rest } = service('default/web', '0.0.0.0', [port({ port: 80 })], more);
		return rest;
	};

	test('a service gets an address of the service CIDR, the same one every time', () => {
		const one = admitService(request({}), { ...options, version: '1.24.0' }).value!;
		const two = admitService(request({}), { ...options, version: '1.24.0' }).value!;
		expect(formatIp(one.clusterIP!)).toMatch(/^10\.96\./);
		expect(two).toEqual(one);
	});

	test('from 1.25 the lower 256 addresses of a /16 are kept for those who ask by name', () => {
		for (let i = 0; i < 200; i++) {
			const got = allocateClusterIp(cidr, new Set(), { version: '1.25.0', random, key: `s${i}` }).value!;
			expect(got - cidr.address).toBeGreaterThan(256);
		}
		const low = allocateClusterIp(cidr, new Set(), { version: '1.24.0', random: () => 0, key: 's' }).value!;
		expect(formatIp(low)).toBe('10.96.0.1');
	});

	test('a full upper band falls back to the lower one, then to an error value', () => {
		const small = prefix('10.0.0.0/28');
		const all = Array.from({ length: 14 }, (_, i) => small.address + 1 + i);
		const last = allocateClusterIp(small, new Set(all.slice(1)), { version: '1.28.0', random, key: 'k' });
		expect(formatIp(last.value!)).toBe('10.0.0.1');
		const none = allocateClusterIp(small, new Set(all), { version: '1.28.0', random, key: 'k' });
		expect(none.error?.code).toBe('cluster-ip.exhausted');
	});

	test('an address asked for must be in the range and free', () => {
		const ask = (clusterIP: string, taken = options.taken) =>
			admitService({ ...request({}), clusterIP: ip(clusterIP) }, { ...options, taken, version: '1.24.0' });
		expect(formatIp(ask('10.96.101.186').value!.clusterIP!)).toBe('10.96.101.186');
		expect(ask('10.97.0.1').error?.code).toBe('cluster-ip.out-of-range');
		expect(ask('10.96.0.0').error?.code).toBe('cluster-ip.out-of-range');
		expect(ask('10.96.255.255').error?.code).toBe('cluster-ip.out-of-range');
		const taken = takenBy([service('default/other', '10.96.0.9', [])]);
		expect(ask('10.96.0.9', taken).error).toEqual({
			code: 'cluster-ip.taken',
			params: { ip: '10.96.0.9' },
			position: 'Service default/web',
		});
	});

	test('None is headless and keeps no address', () => {
		const got = admitService({ ...request({}), clusterIP: 'None' }, { ...options, version: '1.24.0' }).value!;
		expect(got.clusterIP).toBeUndefined();
	});

	test('NodePort services get a port in 30000-32767; TCP and UDP may share a number; conflicts are refused', () => {
		const got = admitService(request({ type: 'NodePort' }), { ...options, version: '1.24.0' }).value!;
		expect(got.ports[0]!.nodePort).toBeGreaterThanOrEqual(30000);
		expect(got.ports[0]!.nodePort).toBeLessThanOrEqual(32767);
		const both = [
			port({ name: 'tcp', port: 53, nodePort: 30053 }),
			port({ name: 'udp', port: 53, protocol: 'UDP', nodePort: 30053 }),
		];
		const dns = admitService(request({ type: 'NodePort', ports: both }), { ...options, version: '1.24.0' }).value!;
		expect(dns.ports.map((p) => p.nodePort)).toEqual([30053, 30053]);
		const again = admitService(request({ type: 'NodePort', ports: both }), {
			...options,
			taken: takenBy([dns]),
			version: '1.24.0',
		});
		expect(again.error?.code).toBe('node-port.taken');
		const low = admitService(request({ type: 'NodePort', ports: [port({ port: 80, nodePort: 80 })] }), {
			...options,
			version: '1.24.0',
		});
		expect(low.error?.code).toBe('node-port.out-of-range');
	});

	test('a load balancer with policy Local gets a health-check port', () => {
		const got = admitService(request({ type: 'LoadBalancer', externalTrafficPolicy: 'Local' }), {
			...options,
			version: '1.24.0',
		}).value!;
		expect(got.healthCheckNodePort).toBeGreaterThanOrEqual(30000);
		expect(got.healthCheckNodePort).not.toBe(got.ports[0]!.nodePort);
	});

	test('pods get the lowest free address after the gateway, or any, when lots are drawn', () => {
		const podCIDR = prefix('10.244.1.0/24');
		expect(formatIp(allocatePodIp(podCIDR, new Set([ip('10.244.1.2')]), 'p').value!)).toBe('10.244.1.3');
		expect(allocatePodIp(prefix('10.0.0.0/30'), new Set([ip('10.0.0.2')]), 'p').error?.code).toBe('pod-ip.exhausted');
		expect(formatIp(allocatePodIp(podCIDR, new Set(), 'p', () => 197).value!)).toBe('10.244.1.199');
	});
});

describe('the scheduler', () => {
	const master = node('control-plane', '172.18.0.4', '10.244.0.0/24', {
		taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
	});
	const worker = node('worker', '172.18.0.3', '10.244.1.0/24');
	const worker2 = node('worker2', '172.18.0.2', '10.244.2.0/24');

	test('pods spread over the least loaded nodes and stay off tainted ones', () => {
		const placed = schedule([pod('a'), pod('b'), pod('c', { nodeName: 'worker' })], [master, worker2, worker]);
		expect(placed.map((p) => p.nodeName)).toEqual(['worker2', 'worker', 'worker']);
	});

	test('a nodeSelector is obeyed, and a pod that fits nowhere stays pending', () => {
		const labelled = { ...worker2, metadata: { ...worker2.metadata, labels: { disk: 'ssd' } } };
		const want = (value: string): Pod => pod('p', { nodeSelector: { disk: value } });
		expect(schedule([want('ssd')], [worker, labelled])[0]!.nodeName).toBe('worker2');
		expect(schedule([want('tape')], [worker, labelled])[0]!.nodeName).toBeUndefined();
	});

	test('cordoned and unready nodes are passed over', () => {
		const nodes = [
			{ ...worker, unschedulable: true },
			{ ...worker2, ready: false },
		];
		expect(schedule([pod('a')], nodes)[0]!.nodeName).toBeUndefined();
	});
});

describe('deployments', () => {
	const deployment = {
		kind: 'Deployment' as const,
		metadata: { ...pod('deploy-web').metadata, labels: {} },
		replicas: 3,
		selector: { app: 'web' },
		template: { labels: { app: 'web' }, ports: [] },
	};

	test('pods are named after the template and five characters, and the names repeat', () => {
		const { create } = reconcileDeployment(deployment, [], { now: 5, random });
		expect(create).toHaveLength(3);
		for (const p of create) expect(p.metadata.name).toMatch(/^deploy-web-[b-z2-9]{8,10}-[b-z2-9]{5}$/);
		expect(new Set(create.map((p) => p.metadata.name)).size).toBe(3);
		expect(reconcileDeployment(deployment, [], { now: 5, random }).create).toEqual(create);
	});

	test('scaling down takes the unready first, then the newest', () => {
		const { create } = reconcileDeployment(deployment, [], { now: 5, random });
		const pods = create.map((p, i) => ({
			...p,
			nodeName: 'worker',
			ready: i !== 0,
			metadata: { ...p.metadata, creationTimestamp: i },
		}));
		const down = reconcileDeployment({ ...deployment, replicas: 1 }, pods, { now: 6, random });
		expect(down.create).toEqual([]);
		expect(down.remove.map((p) => p.metadata.creationTimestamp)).toEqual([0, 2]);
	});

	test('a new template replaces the pods of the old one', () => {
		const { create } = reconcileDeployment(deployment, [], { now: 5, random });
		const next = { ...deployment, template: { labels: { app: 'web', v: '2' }, ports: [] } };
		const change = reconcileDeployment(next, create, { now: 6, random });
		expect(change.remove).toHaveLength(3);
		expect(change.create).toHaveLength(3);
	});
});

describe('endpoint slices', () => {
	const svc = service('default/web', '10.96.0.9', [port({ name: 'http', port: 80, targetPort: 'http' })], {
		selector: { app: 'web' },
	});
	const at = (name: string, address: string, more: Partial<Pod> = {}, labels?: Record<string, string>): Pod =>
		pod(name, { nodeName: 'worker', podIP: ip(address), ...more }, labels);
	const http = (containerPort: number): Partial<Pod> => ({
		ports: [{ name: 'http', containerPort, protocol: 'TCP' }],
	});

	test('named ports are looked up in each pod; pods that differ go to different slices', () => {
		const slices = endpointSlices(svc, [
			at('a', '10.244.1.9', http(8080)),
			at('b', '10.244.1.2', http(8080)),
			at('c', '10.244.1.3', http(9090)),
		]);
		expect(slices.map((s) => [s.ports[0]!.port, s.endpoints.map((e) => formatIp(e.ip))])).toEqual([
			[8080, ['10.244.1.2', '10.244.1.9']],
			[9090, ['10.244.1.3']],
		]);
	});

	test('a terminating pod is never ready, and serves as long as its process answers', () => {
		const going = at('a', '10.244.1.9', { ...http(80), serving: true });
		const pods = [{ ...going, metadata: { ...going.metadata, deletionTimestamp: 9 } }];
		expect(endpointSlices(svc, pods)[0]!.endpoints[0]).toMatchObject({
			ready: false,
			serving: true,
			terminating: true,
		});
	});

	test('pods of other labels, or without an address, are left out; a placeholder slice remains', () => {
		const slices = endpointSlices(svc, [at('a', '10.244.1.9', {}, { app: 'other' }), pod('b')]);
		expect(slices).toHaveLength(1);
		expect(slices[0]!.endpoints).toEqual([]);
	});

	test('a slice holds a hundred endpoints', () => {
		const pods = Array.from({ length: 250 }, (_, i) => at(`p${i}`, `10.244.1.${(i % 250) + 2}`, http(80)));
		expect(endpointSlices(svc, pods).map((s) => s.endpoints.length)).toEqual([100, 100, 50]);
	});
});
