/** What `kubectl get` printed on the machines the course was written on, character for character. */
import { describe, expect, test } from 'vitest';
import { desk } from './desk.ts';
import { daemonSet, endpoints, namespace, node, pod, service, withCilium } from './objects.ts';

/** Blanks at the ends of lines were lost when the output was copied. */
const trimmed = (text: string): string => text.replace(/ +$/gm, '');

describe('tables as they were seen', () => {
	test('nodes before a network is there', async () => {
		const d = desk();
		d.make(node('basic-control-plane', false, '172.18.0.4', 'control-plane'));
		d.at(23);
		d.make(node('basic-worker2', false, '172.18.0.2'));
		d.make(node('basic-worker3', false, '172.18.0.5'));
		d.at(24);
		d.make(node('basic-worker', false));
		d.at(572);
		expect((await d.run('get nodes')).out).toBe(`\
NAME                  STATUS     ROLES           AGE     VERSION
basic-control-plane   NotReady   control-plane   9m32s   v1.24.0
basic-worker          NotReady   <none>          9m8s    v1.24.0
basic-worker2         NotReady   <none>          9m9s    v1.24.0
basic-worker3         NotReady   <none>          9m9s    v1.24.0
`);
	});

	test('nodes with addresses and versions', async () => {
		const d = desk();
		d.make(node('basic-control-plane', true, '172.18.0.4', 'control-plane'));
		d.at(19);
		d.make(node('basic-worker', true));
		d.at(391);
		expect((await d.run('get nodes -owide')).out).toBe(`\
NAME                  STATUS   ROLES           AGE     VERSION   INTERNAL-IP   EXTERNAL-IP   OS-IMAGE       KERNEL-VERSION      CONTAINER-RUNTIME
basic-control-plane   Ready    control-plane   6m31s   v1.24.0   172.18.0.4    <none>        Ubuntu 21.10   5.15.0-46-generic   containerd://1.6.4
basic-worker          Ready    <none>          6m12s   v1.24.0   172.18.0.3    <none>        Ubuntu 21.10   5.15.0-46-generic   containerd://1.6.4
`);
	});

	test('daemon sets of all namespaces', async () => {
		const d = desk();
		d.make(daemonSet('kube-proxy', 4));
		d.at(180);
		d.make(daemonSet('cilium', 4));
		d.at(27 * 60);
		expect((await d.run('get ds -A')).out).toBe(`\
NAMESPACE     NAME         DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR            AGE
kube-system   cilium       4         4         4       4            4           kubernetes.io/os=linux   24m
kube-system   kube-proxy   4         4         4       4            4           kubernetes.io/os=linux   27m
`);
	});

	test('a service with a node port beside that of the API server', async () => {
		const d = desk();
		d.make(service('kubernetes', { clusterIP: '10.96.0.1', ports: [{ port: 443 }] }));
		d.at(190);
		d.make(
			service('svc-echoserver', {
				type: 'NodePort',
				clusterIP: '10.96.101.186',
				ports: [{ port: 8080, nodePort: 32017 }],
			}),
		);
		d.at(313);
		expect((await d.run('get svc')).out).toBe(`\
NAME             TYPE        CLUSTER-IP      EXTERNAL-IP   PORT(S)          AGE
kubernetes       ClusterIP   10.96.0.1       <none>        443/TCP          5m13s
svc-echoserver   NodePort    10.96.101.186   <none>        8080:32017/TCP   2m3s
`);
	});

	test('a pod with its address and node', async () => {
		const d = desk();
		d.make(pod('deploy-echoserver-7ccc684445-msflx', { ip: '10.244.1.199' }));
		d.at(34);
		expect((await d.run('get pods -o wide')).out).toBe(`\
NAME                                 READY   STATUS    RESTARTS   AGE   IP             NODE           NOMINATED NODE   READINESS GATES
deploy-echoserver-7ccc684445-msflx   1/1     Running   0          34s   10.244.1.199   basic-worker   <none>           <none>
`);
	});

	test('endpoints: three addresses, then how many more; addresses alone where there is no port', async () => {
		const d = desk();
		d.make(namespace('cilium-test'));
		const dns = [
			{ name: 'dns', port: 53, protocol: 'UDP' },
			{ name: 'dns-tcp', port: 53, protocol: 'TCP' },
		];
		d.make({
			...endpoints('kube-dns', 'kube-system', [], []),
			subsets: [{ addresses: [{ ip: '192.168.2.175' }, { ip: '192.168.22.40' }], ports: dns }],
		});
		d.make(endpoints('kubernetes', 'default', ['192.168.18.36', '192.168.42.251'], [{ port: 443 }]));
		d.at(1920);
		d.make(endpoints('echo-b-host-headless', 'cilium-test', ['192.168.39.205'], []));
		d.at(2280);
		const out = (await d.run('get ep -A')).out;
		expect(out).toContain('echo-b-host-headless   192.168.39.205   ');
		expect(out).toContain('kubernetes             192.168.18.36:443,192.168.42.251:443   ');
		expect(out).toMatch(/kube-dns +192\.168\.2\.175:53,192\.168\.22\.40:53,192\.168\.2\.175:53 \+ 1 more\.\.\. +38m\n/);
	});

	test("Cilium's endpoints under 1.17, and under 1.14", async () => {
		const endpoint = {
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumEndpoint',
			metadata: { name: 'tiefighter', namespace: 'default' },
			status: {
				id: 1821,
				identity: { id: 6845 },
				networking: { addressing: [{ ipv4: '10.244.1.147' }] },
				state: 'ready',
			},
		};
		const d = desk('v1.31.0');
		withCilium(d, '1.17.5');
		d.make(endpoint);
		expect(trimmed((await d.run('get cep -A')).out)).toBe(`\
NAMESPACE   NAME         SECURITY IDENTITY   ENDPOINT STATE   IPV4           IPV6
default     tiefighter   6845                ready            10.244.1.147
`);
		const old = desk();
		withCilium(old, '1.14.0');
		old.make(endpoint);
		expect((await old.run('get ciliumendpoints')).out.split('\n')[0]).toBe(
			'NAME         ENDPOINT ID   IDENTITY ID   INGRESS ENFORCEMENT   EGRESS ENFORCEMENT   VISIBILITY POLICY   ENDPOINT STATE   IPV4           IPV6',
		);
	});

	test('identities sort as texts; definitions show when they were made', async () => {
		const d = desk();
		withCilium(d, '1.13.4');
		for (const name of ['9808', '18012', '2171'])
			d.make({
				apiVersion: 'cilium.io/v2',
				kind: 'CiliumIdentity',
				metadata: { name, labels: { 'io.kubernetes.pod.namespace': 'cilium-test' } },
				'security-labels': { 'k8s:io.kubernetes.pod.namespace': 'cilium-test' },
			});
		d.at(111);
		expect((await d.run('get ciliumidentities')).out).toBe(`\
NAME    NAMESPACE     AGE
18012   cilium-test   111s
2171    cilium-test   111s
9808    cilium-test   111s
`);
		expect((await d.run('get crd ciliumnodes.cilium.io')).out).toBe(`\
NAME                    CREATED AT
ciliumnodes.cilium.io   2022-08-22T09:15:00Z
`);
	});

	test('api-resources has columns as wide as the longest name in them', async () => {
		const d = desk('v1.31.0');
		withCilium(d, '1.17.5');
		const lines = (await d.run('api-resources')).out.split('\n');
		expect(lines.filter((line) => line.includes('cep'))).toEqual([
			'ciliumendpoints                     cep,ciliumep                        cilium.io/v2                      true         CiliumEndpoint',
		]);
		expect(lines.filter((line) => line.includes('cnp'))).toEqual([
			'ciliumclusterwidenetworkpolicies    ccnp                                cilium.io/v2                      false        CiliumClusterwideNetworkPolicy',
			'ciliumnetworkpolicies               cnp,ciliumnp                        cilium.io/v2                      true         CiliumNetworkPolicy',
		]);
	});

	test('cluster-info names the services that call themselves part of the cluster', async () => {
		const d = desk();
		d.make({
			apiVersion: 'v1',
			kind: 'Service',
			metadata: {
				name: 'kube-dns',
				namespace: 'kube-system',
				labels: { 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
			},
			spec: { clusterIP: '10.96.0.10', ports: [{ name: 'dns', port: 53, protocol: 'UDP' }] },
		});
		expect((await d.run('cluster-info')).out).toBe(`\
Kubernetes control plane is running at https://0.0.0.0:6443
CoreDNS is running at https://0.0.0.0:6443/api/v1/namespaces/kube-system/services/kube-dns:dns/proxy

To further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.
`);
	});

	test('jsonpath prints an object as compact JSON without a line end', async () => {
		const d = desk();
		withCilium(d, '1.17.5');
		d.make({
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumNode',
			metadata: { name: 'node01' },
			spec: { ipam: { pools: {}, podCIDRs: ['10.100.1.0/24'] } },
		});
		expect((await d.run('get ciliumnode node01 -o jsonpath={.spec.ipam}')).out).toBe(
			'{"podCIDRs":["10.100.1.0/24"],"pools":{}}',
		);
	});

	test('a policy as YAML: sorted keys, lists below their key, quotes only where they are needed', async () => {
		const d = desk();
		withCilium(d, '1.13.4');
		d.make({
			apiVersion: 'cilium.io/v2',
			kind: 'CiliumNetworkPolicy',
			metadata: { name: 'allow-google' },
			spec: {
				endpointSelector: { matchLabels: { name: 'allow-google' } },
				egress: [
					{ toFQDNs: [{ matchPattern: '*.google.com' }] },
					{
						toEndpoints: [
							{ matchLabels: { 'k8s:k8s-app': 'kube-dns', 'k8s:io.kubernetes.pod.namespace': 'kube-system' } },
						],
						toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
					},
				],
			},
		});
		const { out } = await d.run('get cnp allow-google -o yaml');
		expect(out.slice(out.indexOf('spec:'))).toBe(`\
spec:
  egress:
  - toFQDNs:
    - matchPattern: '*.google.com'
  - toEndpoints:
    - matchLabels:
        k8s:io.kubernetes.pod.namespace: kube-system
        k8s:k8s-app: kube-dns
    toPorts:
    - ports:
      - port: "53"
        protocol: ANY
      rules:
        dns:
        - matchPattern: '*'
  endpointSelector:
    matchLabels:
      name: allow-google
`);
	});
});
