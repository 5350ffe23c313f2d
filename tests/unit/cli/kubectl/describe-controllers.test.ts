import { describe, expect, test } from 'vitest';
import { type Desk, desk, trimmed } from './desk.ts';
import { daemonSet, pod, withCilium } from './objects.ts';

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
