import { describe, expect, test } from 'vitest';
import { desk, must, trimmed } from './desk.ts';
import { endpoints, service, withCilium } from './objects.ts';

describe('the rest', () => {
	test('a ConfigMap shows its values, a Secret how long they are', async () => {
		const d = desk();
		d.make({
			apiVersion: 'v1',
			kind: 'ConfigMap',
			metadata: { name: 'a' },
			data: { tunnel: 'disabled', Corefile: '.:53 {\n}\n' },
		});
		expect((await d.run('describe cm a')).out).toBe(`\
Name:         a
Namespace:    default
Labels:       <none>
Annotations:  <none>

Data
====
Corefile:
----
.:53 {
}

tunnel:
----
disabled

BinaryData
====

Events:  <none>
`);
		d.make({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { key: 'aGVsbG8=', empty: '' } });
		expect((await d.run('describe secret a')).out).toBe(`\
Name:         a
Namespace:    default
Labels:       <none>
Annotations:  <none>

Type:  Opaque

Data
====
empty:  0 bytes
key:    5 bytes
`);
	});

	test('a role’s rules: a resource a line, all its verbs together', async () => {
		const d = desk();
		d.make({
			apiVersion: 'rbac.authorization.k8s.io/v1',
			kind: 'ClusterRole',
			metadata: { name: 'cilium' },
			rules: [
				{ apiGroups: ['cilium.io'], resources: ['ciliumnodes', 'ciliumnodes/status'], verbs: ['get', 'update'] },
				{ apiGroups: [''], resources: ['pods'], verbs: ['get'] },
				{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'get'] },
				{ nonResourceURLs: ['/healthz'], verbs: ['get'] },
			],
		});
		expect((await d.run('describe clusterrole cilium')).out).toBe(`\
Name:         cilium
Labels:       <none>
Annotations:  <none>
PolicyRule:
  Resources                     Non-Resource URLs  Resource Names  Verbs
  ---------                     -----------------  --------------  -----
  pods                          []                 []              [get list]
  ciliumnodes.cilium.io/status  []                 []              [get update]
  ciliumnodes.cilium.io         []                 []              [get update]
                                [/healthz]         []              [get]
`);
	});

	test('a network policy in sentences', async () => {
		const d = desk();
		d.make({
			apiVersion: 'networking.k8s.io/v1',
			kind: 'NetworkPolicy',
			metadata: { name: 'web' },
			spec: {
				podSelector: { matchLabels: { app: 'web' } },
				policyTypes: ['Ingress', 'Egress'],
				ingress: [
					{
						ports: [{ port: 80 }],
						from: [
							{ podSelector: { matchLabels: { app: 'a' } } },
							{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
						],
					},
					{},
				],
			},
		});
		expect((await d.run('describe netpol web')).out).toBe(`\
Name:         web
Namespace:    default
Created on:   2022-08-22 09:15:00 +0000 UTC
Labels:       <none>
Annotations:  <none>
Spec:
  PodSelector:     app=web
  Allowing ingress traffic:
    To Port: 80/TCP
    From:
      PodSelector: app=a
    From:
      IPBlock:
        CIDR: 10.0.0.0/8
        Except: 10.1.0.0/16
    ----------
    To Port: <any> (traffic allowed to all ports)
    From: <any> (traffic not restricted by source)
  Allowing egress traffic:
    <none> (Selected pods are isolated for egress connectivity)
  Policy Types: Ingress, Egress
`);
	});

	test('an Ingress follows its backends to their endpoints', async () => {
		const d = desk();
		d.make(service('web', { ports: [{ name: 'http', port: 80 }] }));
		d.make(endpoints('web', 'default', ['10.0.1.1'], [{ name: 'http', port: 8080 }]));
		const path = (name: string) => ({
			path: `/${name}`,
			pathType: 'Prefix',
			backend: { service: { name, port: { number: 80 } } },
		});
		d.make({
			apiVersion: 'networking.k8s.io/v1',
			kind: 'Ingress',
			metadata: { name: 'web' },
			spec: { rules: [{ host: 'a.example', http: { paths: [path('web'), path('gone')] } }] },
		});
		expect(trimmed((await d.run('describe ing web')).out)).toBe(`\
Name:             web
Labels:           <none>
Namespace:        default
Address:
Ingress Class:    <none>
Default backend:  <default>
Rules:
  Host        Path  Backends
  ----        ----  --------
  a.example
              /web    web:80 (10.0.1.1:8080)
              /gone   gone:80 (<error: endpoints "gone" not found>)
Annotations:  <none>
Events:       <none>
`);
	});

	test('every kind the server has can be described', async () => {
		const d = desk();
		withCilium(d, '1.14.0');
		const group = 'rbac.authorization.k8s.io';
		const template = {
			metadata: { labels: { a: 'b' } },
			spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] },
		};
		for (const object of [
			{ kind: 'ServiceAccount', apiVersion: 'v1', secrets: [{ name: 'gone' }] },
			{
				kind: 'RoleBinding',
				apiVersion: `${group}/v1`,
				roleRef: { apiGroup: group, kind: 'Role', name: 'r' },
				subjects: [{ kind: 'ServiceAccount', name: 's', namespace: 'default' }],
			},
			{ kind: 'Job', apiVersion: 'batch/v1', spec: { template } },
			{ kind: 'CronJob', apiVersion: 'batch/v1', spec: { schedule: '* * * * *', jobTemplate: { spec: { template } } } },
			{ kind: 'StorageClass', apiVersion: 'storage.k8s.io/v1', provisioner: 'p' },
			{
				kind: 'PersistentVolumeClaim',
				apiVersion: 'v1',
				spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
			},
			{
				kind: 'PersistentVolume',
				apiVersion: 'v1',
				spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
			},
			{
				kind: 'EndpointSlice',
				apiVersion: 'discovery.k8s.io/v1',
				addressType: 'IPv4',
				endpoints: [{ addresses: ['10.0.0.1'] }],
				ports: [{ port: 80 }],
			},
			{
				kind: 'PodDisruptionBudget',
				apiVersion: 'policy/v1',
				spec: { minAvailable: 1, selector: { matchLabels: { a: 'b' } } },
			},
			{ kind: 'PriorityClass', apiVersion: 'scheduling.k8s.io/v1', value: 5 },
			{ kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', spec: { holderIdentity: 'me' } },
		])
			d.make({ metadata: { name: 'x' }, ...object });
		const kinds = d.api.resources().filter((resource) => resource.verbs.includes('list'));
		expect(kinds.length).toBeGreaterThan(50);
		for (const resource of kinds) {
			const named = `${resource.plural}${resource.group && `.${resource.group}`}`;
			const { out, err, code } = await d.run(`describe ${named} -A`);
			expect(code, `${named}: ${err}`).toBe(0);
			expect(out).not.toMatch(/undefined|NaN|\[object/);
			expect(out.startsWith('Name:') || err.endsWith('No resources found\n'), named).toBe(true);
		}
	});

	test('an annotation of several lines, or a long one, stands below its key', async () => {
		const d = desk();
		d.make({
			apiVersion: 'v1',
			kind: 'ServiceAccount',
			metadata: {
				name: 'a',
				annotations: {
					'kubectl.kubernetes.io/last-applied-configuration': '{}',
					long: 'x'.repeat(150),
					short: 'y',
				},
			},
		});
		expect((await d.run('describe sa a')).out).toContain(`\
Annotations:         long:
                       ${'x'.repeat(138)}...
                     short: y
`);
	});

	test('--show-events=false leaves events out', async () => {
		const d = desk();
		must(d.api.create(service('a', { ports: [{ port: 1 }] })));
		expect((await d.run('describe svc a --show-events=false')).out).not.toContain('Events');
	});
});
