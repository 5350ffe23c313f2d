import { describe, expect, test } from 'vitest';
import { age, formatTime, humanDuration, parseTime, readPath, recordEvent } from '../../../../src/sim/api/index.ts';
import { bench, deployment, EPOCH, lines, must, pod, service } from './fixtures.ts';

describe('ages', () => {
	test.each([
		[0, '0s'],
		[111, '111s'],
		[119, '119s'],
		[120, '2m'],
		[360, '6m'],
		[361, '6m1s'],
		[572, '9m32s'],
		[600, '10m'],
		[96 * 60, '96m'],
		[179 * 60, '179m'],
		[180 * 60, '3h'],
		[181 * 60, '3h1m'],
		[8 * 3600, '8h'],
		[47 * 3600, '47h'],
		[48 * 3600, '2d'],
		[49 * 3600, '2d1h'],
		[8 * 86400, '8d'],
		[729 * 86400, '729d'],
		[731 * 86400, '2y1d'],
		[-1, '0s'],
		[-3, '<invalid>'],
	])('%i s is %s', (seconds, text) => {
		expect(humanDuration(seconds)).toBe(text);
	});

	test('a time is read as it was written', () => {
		for (const seconds of [0, 951782400, EPOCH, 1709164799, 1709164800, 4102444800]) {
			expect(parseTime(formatTime(seconds))).toBe(seconds);
		}
		expect(formatTime(951782400)).toBe('2000-02-29T00:00:00Z');
		expect(age(EPOCH + 60, formatTime(EPOCH))).toBe('60s');
		expect(age(EPOCH, undefined)).toBe('<unknown>');
	});
});

describe('pods', () => {
	const running = { running: { startedAt: '2023-07-04T14:20:45Z' } };
	test.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
		['waiting for a node', {}, { phase: 'Pending' }, 'a  0/1  Pending  0  5m'],
		[
			'without a network',
			{},
			{
				phase: 'Pending',
				containerStatuses: [{ restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } }],
			},
			'a  0/1  ContainerCreating  0  5m',
		],
		[
			'running',
			{},
			{ phase: 'Running', containerStatuses: [{ restartCount: 0, ready: true, state: running }] },
			'a  1/1  Running  0  5m',
		],
		[
			'restarted',
			{},
			{
				phase: 'Running',
				containerStatuses: [
					{
						restartCount: 2,
						ready: true,
						state: running,
						lastState: { terminated: { exitCode: 1, finishedAt: '2023-07-04T14:22:41Z' } },
					},
				],
			},
			'a  1/1  Running  2 (3m ago)  5m',
		],
		[
			'failing to start',
			{},
			{
				phase: 'Running',
				containerStatuses: [{ restartCount: 0, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
			},
			'a  0/1  CrashLoopBackOff  0  5m',
		],
		[
			'initializing',
			{
				initContainers: [
					{ name: 'i', image: 'x' },
					{ name: 'j', image: 'x' },
				],
			},
			{
				phase: 'Pending',
				initContainerStatuses: [
					{ restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
					{ restartCount: 0, state: running },
				],
			},
			'a  0/1  Init:1/2  0  5m',
		],
		[
			'failed in its first container',
			{ initContainers: [{ name: 'i', image: 'x' }] },
			{ phase: 'Pending', initContainerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 3 } } }] },
			'a  0/1  Init:ExitCode:3  0  5m',
		],
		[
			'ended well',
			{},
			{
				phase: 'Succeeded',
				containerStatuses: [{ restartCount: 0, state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
			},
			'a  0/1  Completed  0  5m',
		],
		['evicted', {}, { phase: 'Failed', reason: 'Evicted' }, 'a  0/1  Evicted  0  5m'],
	])('%s', (_, spec, status, line) => {
		const { api, at } = bench();
		const made = must(api.create(pod('a', spec)));
		must(api.updateStatus({ ...made, status }));
		at(300);
		expect(lines(api, 'po')).toEqual(['NAME  READY  STATUS  RESTARTS  AGE', line]);
	});

	test('on their way out are Terminating', () => {
		const { api, resource } = bench();
		must(api.create(pod('a')));
		must(api.bind('default', 'a', 'basic-worker'));
		must(api.delete(resource('po'), 'default', 'a'));
		expect(lines(api, 'po', undefined, true)).toEqual([
			'NAME  READY  STATUS  RESTARTS  AGE  IP  NODE  NOMINATED NODE  READINESS GATES',
			'a  0/1  Terminating  0  0s  <none>  basic-worker  <none>  <none>',
		]);
	});
});

test('nodes', () => {
	const { api } = bench();
	const make = (name: string, labels: Record<string, string>, ready: string, more: Record<string, unknown> = {}) =>
		must(
			api.create({
				apiVersion: 'v1',
				kind: 'Node',
				metadata: { name, labels },
				spec: more,
				status: {
					addresses: [{ type: 'InternalIP', address: '172.18.0.2' }],
					conditions: [{ type: 'Ready', status: ready }],
					nodeInfo: {
						kubeletVersion: 'v1.24.0',
						osImage: 'Ubuntu 21.10',
						kernelVersion: '5.15.0',
						containerRuntimeVersion: 'containerd://1.6.4',
					},
				},
			}),
		);
	make('cp', { 'node-role.kubernetes.io/control-plane': '' }, 'True');
	make('w1', {}, 'False');
	make('w2', {}, 'True', { unschedulable: true });
	expect(lines(api, 'no')).toEqual([
		'NAME  STATUS  ROLES  AGE  VERSION',
		'cp  Ready  control-plane  0s  v1.24.0',
		'w1  NotReady  <none>  0s  v1.24.0',
		'w2  Ready,SchedulingDisabled  <none>  0s  v1.24.0',
	]);
	expect(lines(api, 'no', undefined, true)[1]).toBe(
		'cp  Ready  control-plane  0s  v1.24.0  172.18.0.2  <none>  Ubuntu 21.10  5.15.0  containerd://1.6.4',
	);
});

test('services', () => {
	const { api } = bench();
	must(api.create(service('a', { clusterIP: '10.96.0.5' })));
	must(
		api.create(service('b', { clusterIP: '10.96.0.6', type: 'NodePort', ports: [{ port: 8080, nodePort: 32017 }] })),
	);
	const lb = must(
		api.create(service('c', { clusterIP: '10.96.0.7', type: 'LoadBalancer', ports: [{ port: 80, nodePort: 30001 }] })),
	);
	must(api.create(service('d', { clusterIP: '10.96.0.8', externalIPs: ['192.0.2.1'] })));
	must(api.create(service('e', { type: 'ExternalName', externalName: 'example.com', ports: [], selector: undefined })));
	must(
		api.create(
			service('f', {
				clusterIP: 'None',
				ports: [
					{ name: 'x', port: 53, protocol: 'UDP' },
					{ name: 'y', port: 53 },
				],
			}),
		),
	);
	expect(lines(api, 'svc', undefined, true)).toEqual([
		'NAME  TYPE  CLUSTER-IP  EXTERNAL-IP  PORT(S)  AGE  SELECTOR',
		'a  ClusterIP  10.96.0.5  <none>  80/TCP  0s  app=a',
		'b  NodePort  10.96.0.6  <none>  8080:32017/TCP  0s  app=b',
		'c  LoadBalancer  10.96.0.7  <pending>  80:30001/TCP  0s  app=c',
		'd  ClusterIP  10.96.0.8  192.0.2.1  80/TCP  0s  app=d',
		'e  ExternalName  <none>  example.com  <none>  0s  <none>',
		'f  ClusterIP  None  <none>  53/UDP,53/TCP  0s  app=f',
	]);
	must(api.updateStatus({ ...lb, status: { loadBalancer: { ingress: [{ ip: '172.18.255.200' }] } } }));
	expect(lines(api, 'svc')[3]).toBe('c  LoadBalancer  10.96.0.7  172.18.255.200  80:30001/TCP  0s');
});

test('endpoints, three of them', () => {
	const { api } = bench();
	const addresses = [1, 2, 3, 4].map((i) => ({ ip: `10.244.1.${i}` }));
	const make = (name: string, subsets: unknown[]) =>
		must(api.create({ apiVersion: 'v1', kind: 'Endpoints', metadata: { name }, subsets }));
	make('a', [{ addresses, ports: [{ port: 8080 }] }]);
	make('b', []);
	make('c', [{ addresses: addresses.slice(0, 1) }]);
	make('d', [{ notReadyAddresses: addresses.slice(0, 1), ports: [{ port: 80 }] }]);
	expect(lines(api, 'ep')).toEqual([
		'NAME  ENDPOINTS  AGE',
		'a  10.244.1.1:8080,10.244.1.2:8080,10.244.1.3:8080 + 1 more...  0s',
		'b  <none>  0s',
		'c  10.244.1.1  0s',
		'd    0s',
	]);
});

test('workloads', () => {
	const { api } = bench();
	const made = must(api.create(deployment('web', { replicas: 3 })));
	must(api.updateStatus({ ...made, status: { readyReplicas: 2, updatedReplicas: 3, availableReplicas: 2 } }));
	must(api.create({ ...deployment('agent'), kind: 'DaemonSet' }));
	expect(lines(api, 'deploy', undefined, true)).toEqual([
		'NAME  READY  UP-TO-DATE  AVAILABLE  AGE  CONTAINERS  IMAGES  SELECTOR',
		'web  2/3  3  2  0s  c  nginx  app=web',
	]);
	expect(lines(api, 'ds')).toEqual([
		'NAME  DESIRED  CURRENT  READY  UP-TO-DATE  AVAILABLE  NODE SELECTOR  AGE',
		'agent  0  0  0  0  0  <none>  0s',
	]);
});

test.each(['v1.24.0', 'v1.27.0', 'v1.29.0', 'v1.31.0', 'v1.33.0', 'v1.34.0'])(
	'in %s every kind has a cell for each column, whatever is missing from the object',
	(version) => {
		const { api } = bench(version);
		for (const resource of api.resources()) {
			const object = {
				apiVersion: 'v1',
				kind: resource.kind,
				metadata: { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: formatTime(EPOCH) },
			};
			const { columns, rows } = api.table(resource, [object]);
			expect(rows[0], resource.kind).toHaveLength(columns.length);
			expect(
				rows[0]?.some((cell) => /undefined|NaN|object Object/.test(cell)),
				resource.kind,
			).toBe(false);
		}
	},
);

describe('events', () => {
	test('the same thing again raises a count', () => {
		const { api, at, resource } = bench();
		const about = must(api.create(pod('a')));
		const input = {
			object: about,
			type: 'Warning' as const,
			reason: 'FailedScheduling',
			message: '0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.',
			component: 'default-scheduler',
		};
		recordEvent(api, input);
		at(60);
		recordEvent(api, input);
		recordEvent(api, { ...input, type: 'Normal', reason: 'Scheduled', message: 'ok' });
		at(90);
		const seen = api.list(resource('ev'));
		expect(seen).toHaveLength(2);
		expect(seen.map((event) => event.count).sort()).toEqual([1, 2]);
		expect(lines(api, 'ev').find((line) => line.includes('Failed'))).toBe(
			`30s (x2 over 90s)  Warning  FailedScheduling  pod/a  ${input.message}`,
		);
	});

	test('of one object are listed in the order in which they happened', () => {
		const { api, at, resource } = bench();
		const about = must(api.create(pod('a')));
		const say = (reason: string): void => {
			recordEvent(api, { object: about, type: 'Normal', reason, message: reason, component: 'kubelet' });
		};
		for (const reason of ['Scheduled', 'Pulling', 'Pulled']) say(reason);
		at(1);
		say('Created');
		at(2);
		say('Aborted');
		expect(api.list(resource('ev')).map((event) => event.reason)).toEqual([
			'Scheduled',
			'Pulling',
			'Pulled',
			'Created',
			'Aborted',
		]);
		expect(api.list(resource('ev'))[0]?.metadata.name).toMatch(/^a\.[0-9a-f]{16}$/);
	});

	test('of a node are in default', () => {
		const { api, resource } = bench();
		const node = must(api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } }));
		recordEvent(api, {
			object: node,
			type: 'Normal',
			reason: 'Starting',
			message: 'Starting kubelet.',
			component: 'kubelet',
			host: 'n1',
		});
		expect(api.list(resource('ev'), { namespace: 'default', fieldSelector: 'involvedObject.name=n1' })).toHaveLength(1);
		expect(api.list(resource('events.events.k8s.io'))).toHaveLength(1);
	});
});

describe('paths into objects', () => {
	const object = {
		spec: {
			a: [
				{ type: 'X', ip: '1' },
				{ type: 'Y', ip: '2' },
			],
			'b.c/d': 'e',
		},
	};
	test.each([
		['.spec.a[0].ip', ['1']],
		['.spec.a[*].ip', ['1', '2']],
		['.spec.a[?(@.type=="Y")].ip', ['2']],
		[".spec.a[?(@.type=='Z')].ip", []],
		['.spec.b\\.c/d', ['e']],
		['.spec.none.x', []],
	])('%s', (path, found) => {
		expect(readPath(object, path)).toEqual(found);
	});
});

test('every storage class that is marked as the default says so behind its name', () => {
	const { api } = bench();
	const storage = (name: string, annotations: Record<string, string>): void => {
		must(
			api.create({
				apiVersion: 'storage.k8s.io/v1',
				kind: 'StorageClass',
				metadata: { name, annotations },
				provisioner: 'example.com/p',
			}),
		);
	};
	storage('a', { 'storageclass.kubernetes.io/is-default-class': 'true' });
	storage('b', { 'storageclass.kubernetes.io/is-default-class': 'false' });
	storage('c', { 'storageclass.beta.kubernetes.io/is-default-class': 'true' });
	storage('d', {});
	for (const wide of [false, true])
		expect(lines(api, 'sc', undefined, wide).map((line) => line.split('  ')[0])).toEqual([
			'NAME',
			'a (default)',
			'b',
			'c (default)',
			'd',
		]);
});
