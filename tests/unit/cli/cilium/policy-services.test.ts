/** toServices: pods of a service from 1.17 on, the addresses of one without selector in each version. */
import { expect, test } from 'vitest';
import { recent } from './recent.ts';

const FILE = `apiVersion: v1
kind: Service
metadata: {name: out, labels: {wanted: "yes"}}
spec: {ports: [{port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: out-1, labels: {kubernetes.io/service-name: out}}
addressType: IPv4
ports: [{port: 80, protocol: TCP, name: ""}]
endpoints: [{addresses: [192.0.2.7]}]
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p}
spec:
  endpointSelector: {matchLabels: {app: web}}
  egress: [{toServices: [{k8sServiceSelector: {selector: {matchLabels: {wanted: "yes"}}}}]}]
`;

test.each([
	['1.16.15', false],
	['1.18.3', true],
])(
	'%s: pods of a service with selector are meant: %s',
	async (version, pods) => {
		const t = await recent(version);
		await t.file('p.yaml', FILE);
		await t.run('kubectl apply -f p.yaml; kubectl label svc web wanted=yes; sleep 3');
		const node = 'kubectl get pod -l app=web -o jsonpath={.items[0].spec.nodeName}';
		const agent = `kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$(${node}) -o name`;
		const map = await t.run(`kubectl -n kube-system exec $(${agent}) -c cilium-agent -- cilium bpf policy get --all`);
		expect(map).toMatch(/^Allow +Egress +cidr:192\.0\.2\.7\/32/m);
		expect(/^Allow +Egress +k8s:app=web/m.test(map)).toBe(pods);
	},
	60_000,
);
