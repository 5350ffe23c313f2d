import { describe, expect, test } from 'vitest';
import { recordEvent } from '../../../../src/sim/api/index.ts';
import { type Desk, desk, must } from './desk.ts';
import { daemonSet, endpoints, namespace, node, pod, service, withCilium } from './objects.ts';

const trimmed = (text: string): string => text.replace(/ +$/gm, '');

describe('pods', () => {
	test('all of a pod, with its events in a table of their own', async () => {
		const d = desk();
		const made = d.make(
			pod('web', {
				container: {
					ports: [{ containerPort: 80 }],
					command: ['sh', '-c'],
					args: ['a\nb'],
					resources: { requests: { cpu: '100m', memory: '70Mi' }, limits: { memory: '170Mi' } },
					readinessProbe: { httpGet: { path: '/healthz', port: 8080 } },
					env: [
						{ name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
						{ name: 'NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
					],
				},
				spec: { automountServiceAccountToken: false },
			}),
		);
		recordEvent(d.api, {
			object: made,
			type: 'Normal',
			reason: 'Pulled',
			message: 'Container image "nginx:1.23" already present on machine',
			component: 'kubelet',
			host: 'basic-worker',
		});
		d.at(90);
		expect((await d.run('describe pod web')).out).toBe(`\
Name:         web
Namespace:    default
Priority:     0
Node:         basic-worker/172.18.0.3
Start Time:   Mon, 22 Aug 2022 09:15:00 +0000
Labels:       app=web
Annotations:  <none>
Status:       Running
IP:           10.244.1.5
IPs:
  IP:  10.244.1.5
Containers:
  c:
    Container ID:  containerd://c1
    Image:         nginx:1.23
    Image ID:      docker.io/library/nginx@sha256:ab
    Port:          80/TCP
    Host Port:     0/TCP
    Command:
      sh
      -c
    Args:
      a
      b
    State:          Running
      Started:      Mon, 22 Aug 2022 09:15:00 +0000
    Ready:          True
    Restart Count:  0
    Limits:
      memory:  170Mi
    Requests:
      cpu:      100m
      memory:   70Mi
    Readiness:  http-get http://:8080/healthz delay=0s timeout=1s period=10s #success=1 #failure=3
    Environment:
      NODE:        (v1:spec.nodeName)
      NAMESPACE:  default (v1:metadata.namespace)
    Mounts:       <none>
Conditions:
  Type           Status
  Initialized    True 
  Ready          True 
Volumes:         <none>
QoS Class:       BestEffort
Node-Selectors:  <none>
Tolerations:     node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                 node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:
  Type    Reason  Age   From     Message
  ----    ------  ----  ----     -------
  Normal  Pulled  90s   kubelet  Container image "nginx:1.23" already present on machine
`);
	});

	test('the agent of the seeds: command, probes, variables', async () => {
		const d = desk('v1.27.0');
		const probe = { httpGet: { host: '127.0.0.1', path: '/healthz', port: 9879, scheme: 'HTTP' } };
		d.make(
			pod('cilium-zpvw5', {
				namespace: 'kube-system',
				spec: { hostNetwork: true },
				container: {
					name: 'cilium-agent',
					command: ['cilium-agent'],
					args: ['--config-dir=/tmp/cilium/config-map', '--ipv4-native-routing-cidr=10.244.0.0/16'],
					resources: { requests: { cpu: '300m', memory: '300Mi' } },
					livenessProbe: {
						...probe,
						initialDelaySeconds: 120,
						timeoutSeconds: 5,
						periodSeconds: 30,
						failureThreshold: 10,
					},
					readinessProbe: { ...probe, timeoutSeconds: 5, periodSeconds: 30, failureThreshold: 3 },
					startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 105 },
					env: [
						{ name: 'K8S_NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
						{ name: 'CILIUM_K8S_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
						{ name: 'CILIUM_CLUSTERMESH_CONFIG', value: '/var/lib/cilium/clustermesh/' },
						{ name: 'KUBERNETES_SERVICE_PORT', value: '443' },
					],
				},
			}),
		);
		const { out } = await d.run('describe pod/cilium-zpvw5 -n kube-system');
		const from = out.indexOf('    Command:');
		expect(out.slice(from, out.indexOf('    Mounts:'))).toBe(`\
    Command:
      cilium-agent
    Args:
      --config-dir=/tmp/cilium/config-map
      --ipv4-native-routing-cidr=10.244.0.0/16
    State:          Running
      Started:      Mon, 22 Aug 2022 09:15:00 +0000
    Ready:          True
    Restart Count:  0
    Requests:
      cpu:      300m
      memory:   300Mi
    Liveness:   http-get http://127.0.0.1:9879/healthz delay=120s timeout=5s period=30s #success=1 #failure=10
    Readiness:  http-get http://127.0.0.1:9879/healthz delay=0s timeout=5s period=30s #success=1 #failure=3
    Startup:    http-get http://127.0.0.1:9879/healthz delay=0s timeout=1s period=2s #success=1 #failure=105
    Environment:
      K8S_NODE_NAME:               (v1:spec.nodeName)
      CILIUM_K8S_NAMESPACE:       kube-system (v1:metadata.namespace)
      CILIUM_CLUSTERMESH_CONFIG:  /var/lib/cilium/clustermesh/
      KUBERNETES_SERVICE_PORT:    443
`);
	});

	test('a name that is not there is the beginning of names', async () => {
		const d = desk();
		for (const name of ['web-a', 'web-b', 'db']) d.make(pod(name));
		const { out, code } = await d.run('describe pod web');
		expect(out.match(/^Name: .*/gm)).toEqual(['Name:         web-a', 'Name:         web-b']);
		expect(code).toBe(0);
		expect(await d.run('describe pod x')).toEqual({
			out: '',
			err: 'Error from server (NotFound): pods "x" not found\n',
			code: 1,
		});
	});

	test('several are set apart by two empty lines', async () => {
		const d = desk();
		for (const name of ['a', 'b']) d.make(namespace(name));
		expect((await d.run('describe ns a b')).out).toBe(
			[(await d.run('describe ns a')).out, (await d.run('describe ns b')).out].join('\n\n'),
		);
		expect((await d.run('describe pods')).err).toBe('No resources found in default namespace.\n');
	});
});

test('a node: conditions, what its pods ask of it, the lease, events under either of its names', async () => {
	const d = desk();
	const made = d.make(node('basic-worker', true));
	d.make({
		apiVersion: 'coordination.k8s.io/v1',
		kind: 'Lease',
		metadata: { name: 'basic-worker', namespace: 'kube-node-lease' },
		spec: { holderIdentity: 'basic-worker', renewTime: '2022-08-22T09:15:40.000000Z' },
	});
	d.make(
		pod('web', { container: { resources: { requests: { cpu: '100m', memory: '50Mi' }, limits: { memory: '50Mi' } } } }),
	);
	d.make(
		pod('dns', { namespace: 'kube-system', container: { resources: { requests: { cpu: '1', memory: '70Mi' } } } }),
	);
	recordEvent(d.api, {
		object: made,
		type: 'Normal',
		reason: 'RegisteredNode',
		message: 'Node basic-worker event: Registered Node basic-worker in Controller',
		component: 'node-controller',
	});
	recordEvent(d.api, {
		object: { ...made, metadata: { ...made.metadata, uid: 'basic-worker' } },
		type: 'Normal',
		reason: 'Starting',
		message: 'Starting kubelet.',
		component: 'kubelet',
	});
	d.at(60);
	expect(trimmed((await d.run('describe node basic-worker')).out)).toBe(`\
Name:               basic-worker
Roles:              <none>
Labels:             kubernetes.io/hostname=basic-worker
                    kubernetes.io/os=linux
Annotations:        <none>
CreationTimestamp:  Mon, 22 Aug 2022 09:15:00 +0000
Taints:             <none>
Unschedulable:      false
Lease:
  HolderIdentity:  basic-worker
  AcquireTime:     <unset>
  RenewTime:       Mon, 22 Aug 2022 09:15:40 +0000
Conditions:
  Type    Status  LastHeartbeatTime                 LastTransitionTime                Reason         Message
  ----    ------  -----------------                 ------------------                ------         -------
  Ready   True    Mon, 22 Aug 2022 09:15:00 +0000   Mon, 22 Aug 2022 09:15:00 +0000   KubeletReady   kubelet is posting ready status
Addresses:
  InternalIP:  172.18.0.3
  Hostname:    basic-worker
Capacity:
  cpu:                8
  ephemeral-storage:  479151816Ki
  memory:             16384256Ki
  pods:               110
Allocatable:
  cpu:                8
  ephemeral-storage:  479151816Ki
  memory:             16384256Ki
  pods:               110
System Info:
  Machine ID:                 0f3e
  System UUID:                5a1c
  Boot ID:                    99d0
  Kernel Version:             5.15.0-46-generic
  OS Image:                   Ubuntu 21.10
  Operating System:           linux
  Architecture:               amd64
  Container Runtime Version:  containerd://1.6.4
  Kubelet Version:            v1.24.0
  Kube-Proxy Version:         v1.24.0
PodCIDR:                      10.244.1.0/24
PodCIDRs:                     10.244.1.0/24
Non-terminated Pods:          (2 in total)
  Namespace                   Name    CPU Requests  CPU Limits  Memory Requests  Memory Limits  Age
  ---------                   ----    ------------  ----------  ---------------  -------------  ---
  default                     web     100m (1%)     0 (0%)      50Mi (0%)        50Mi (0%)      60s
  kube-system                 dns     1 (12%)       0 (0%)      70Mi (0%)        0 (0%)         60s
Allocated resources:
  (Total limits may be over 100 percent, i.e., overcommitted.)
  Resource           Requests     Limits
  --------           --------     ------
  cpu                1100m (13%)  0 (0%)
  memory             120Mi (0%)   50Mi (0%)
  ephemeral-storage  0 (0%)       0 (0%)
Events:
  Type    Reason          Age   From             Message
  ----    ------          ----  ----             -------
  Normal  RegisteredNode  60s   node-controller  Node basic-worker event: Registered Node basic-worker in Controller
  Normal  Starting        60s   kubelet          Starting kubelet.
`);
});

test('a service: ports with their endpoints, three of them and how many more', async () => {
	const d = desk();
	d.make(
		service('web', {
			type: 'NodePort',
			clusterIP: '10.96.101.186',
			externalTrafficPolicy: 'Local',
			selector: { app: 'web' },
			ports: [{ name: 'http', port: 80, targetPort: 'web', nodePort: 32017 }],
		}),
	);
	d.make(endpoints('web', 'default', ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4'], [{ name: 'http', port: 8080 }]));
	expect((await d.run('describe svc web')).out).toBe(`\
Name:                     web
Namespace:                default
Labels:                   <none>
Annotations:              <none>
Selector:                 app=web
Type:                     NodePort
IP Family Policy:         SingleStack
IP Families:              IPv4
IP:                       10.96.101.186
IPs:                      10.96.101.186
Port:                     http  80/TCP
TargetPort:               web/TCP
NodePort:                 http  32017/TCP
Endpoints:                10.0.1.1:8080,10.0.1.2:8080,10.0.1.3:8080 + 1 more...
Session Affinity:         None
External Traffic Policy:  Local
Events:                   <none>
`);
});

describe('what has no describer of its own', () => {
	/** A CiliumNode under ENI, as far as its forms differ. */
	const ciliumNode = (d: Desk): void => {
		withCilium(d, '1.13.4');
		d.make({
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumNode',
			metadata: { name: 'ip-192-168-25-188', labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' } },
			spec: {
				addresses: [
					{ ip: '192.168.25.188', type: 'InternalIP' },
					{ ip: '192.168.19.239', type: 'CiliumInternalIP' },
				],
				'alibaba-cloud': {},
				eni: { 'availability-zone': 'us-east-1f', 'first-interface-index': 0, 'vpc-id': 'vpc-0f1' },
				health: { ipv4: '192.168.21.163' },
				'instance-id': 'i-0166',
				ipam: { podCIDRs: ['10.188.0.0/16'], pool: { '192.168.9.157': { resource: 'eni-0d43' } }, 'pre-allocate': 8 },
			},
		});
	};

	test('has all its fields, sorted, with labels made of their names', async () => {
		const d = desk();
		ciliumNode(d);
		const { out } = await d.run('describe ciliumnodes ip-192-168-25-188');
		expect(trimmed(out).replace(/(Resource Version: +)\d+|(UID: +)\S+/g, '$1$2…')).toBe(
			`\
Name:         ip-192-168-25-188
Namespace:
Labels:       kubernetes.io/arch=amd64
              kubernetes.io/os=linux
Annotations:  <none>
API Version:  cilium.io/v2
Kind:         CiliumNode
Metadata:
  Creation Timestamp:  2022-08-22T09:15:00Z
  Generation:          1
  Resource Version:    …
  UID:                 …
Spec:
  Addresses:
    Ip:    192.168.25.188
    Type:  InternalIP
    Ip:    192.168.19.239
    Type:  CiliumInternalIP
  Alibaba - Cloud:
  Eni:
    Availability - Zone:        us-east-1f
    First - Interface - Index:  0
    Vpc - Id:                   vpc-0f1
  Health:
    ipv4:         192.168.21.163
  Instance - Id:  i-0166
  Ipam:
    Pod CID Rs:
      10.188.0.0/16
    Pool:
      192.168.9.157:
        Resource:    eni-0d43
    Pre - Allocate:  8
Events:              <none>
`,
		);
	});
});

describe('controllers', () => {
	test('a deployment names its ReplicaSets: the one with its template, and those that still have pods', async () => {
		const d = desk();
		const template = (image: string, hash?: string) => ({
			metadata: { labels: { app: 'web', ...(hash ? { 'pod-template-hash': hash } : {}) } },
			spec: { containers: [{ name: 'web', image }] },
		});
		const made = d.make({
			apiVersion: 'apps/v1',
			kind: 'Deployment',
			metadata: { name: 'web' },
			spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('nginx:2') },
			status: {
				replicas: 3,
				updatedReplicas: 1,
				availableReplicas: 2,
				unavailableReplicas: 1,
				conditions: [{ type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' }],
			},
		});
		for (const [hash, image, replicas] of [
			['aaa', 'nginx:0', 0],
			['bbb', 'nginx:1', 2],
			['ccc', 'nginx:2', 1],
		] as const)
			d.make({
				apiVersion: 'apps/v1',
				kind: 'ReplicaSet',
				metadata: {
					name: `web-${hash}`,
					ownerReferences: [
						{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: made.metadata.uid, controller: true },
					],
				},
				spec: {
					replicas,
					selector: { matchLabels: { app: 'web', 'pod-template-hash': hash } },
					template: template(image, hash),
				},
				status: { replicas },
			});
		expect((await d.run('describe deploy web')).out).toBe(`\
Name:                   web
Namespace:              default
CreationTimestamp:      Mon, 22 Aug 2022 09:15:00 +0000
Labels:                 <none>
Annotations:            <none>
Selector:               app=web
Replicas:               2 desired | 1 updated | 3 total | 2 available | 1 unavailable
StrategyType:           RollingUpdate
MinReadySeconds:        0
RollingUpdateStrategy:  25% max unavailable, 25% max surge
Pod Template:
  Labels:  app=web
  Containers:
   web:
    Image:        nginx:2
    Port:         <none>
    Host Port:    <none>
    Environment:  <none>
    Mounts:       <none>
  Volumes:        <none>
Conditions:
  Type           Status  Reason
  ----           ------  ------
  Available      True    MinimumReplicasAvailable
OldReplicaSets:  web-bbb (2/2 replicas created)
NewReplicaSet:   web-ccc (1/1 replicas created)
Events:          <none>
`);
	});

	test('a daemon set counts nodes, and the pods it owns by what they do', async () => {
		const d = desk();
		const { metadata } = d.make(daemonSet('cilium', 4));
		const owner = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'cilium', uid: metadata.uid, controller: true };
		const labels = { 'k8s-app': 'cilium' };
		const mine = pod('cilium-a', { namespace: 'kube-system', labels });
		d.make({ ...mine, metadata: { ...(mine.metadata as object), ownerReferences: [owner] } });
		d.make(pod('not-mine', { namespace: 'kube-system', labels }));
		const { out } = await d.run('describe ds cilium -n kube-system');
		expect(out).toContain(`\
Node-Selector:  kubernetes.io/os=linux
Labels:         k8s-app=cilium
Annotations:    deprecated.daemonset.template.generation: 1
Desired Number of Nodes Scheduled: 4
Current Number of Nodes Scheduled: 4
Number of Nodes Scheduled with Up-to-date Pods: 4
Number of Nodes Scheduled with Available Pods: 4
Number of Nodes Misscheduled: 0
Pods Status:  1 Running / 0 Waiting / 0 Succeeded / 0 Failed
`);
	});
});

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
