import { describe, expect, test } from 'vitest';
import { recordEvent } from '../../../../src/sim/api/index.ts';
import { desk, trimmed } from './desk.ts';
import { endpoints, namespace, node, pod, service } from './objects.ts';

describe('pods', () => {
	test('a volume that lives as long as its pod, with the claim that is made for it', async () => {
		const d = desk();
		const spec = {
			accessModes: ['ReadWriteOnce'],
			storageClassName: 'fast',
			resources: { requests: { storage: '1Gi' } },
		};
		const volumeClaimTemplate = { metadata: { labels: { type: 'scratch' } }, spec };
		d.make(pod('app', { spec: { volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate } }] } }));
		expect((await d.run('describe pod app')).out).toContain(`\
Volumes:
  v:
    Type:          EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)
    StorageClass:  fast
    Volume:        
    Labels:        type=scratch
    Annotations:   <none>
    Capacity:      
    Access Modes:  
    VolumeMode:    Filesystem
`);
	});

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
