/**
 * Network policies without Cilium: kindnetd enforces them in node images from kind v0.24 on (Kubernetes 1.31), those
 * before know nothing of them.
 */
import { describe, expect, it } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

const policy = (name: string, spec: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: ${name}, namespace: a}
spec: ${spec}
`;

async function cluster(image: string): Promise<Terminal> {
	const t = await terminal('empty');
	await t.file(
		'kind.yaml',
		'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\nnodes: [{role: control-plane}, {role: worker}, {role: worker}]\n',
	);
	await t.run(
		[
			`kind create cluster -q --wait 1m --config kind.yaml --image kindest/node:${image}`,
			'kubectl create ns a',
			'kubectl create ns b',
			'kubectl label ns b team=x',
			'kubectl -n a create deploy web --image=nginx:1.23 --replicas=2',
			'kubectl -n a expose deploy web --port=80',
			'kubectl -n a run cl --image=nicolaka/netshoot -- sleep inf',
			'kubectl -n b run cl --image=nicolaka/netshoot -- sleep inf',
			'kubectl -n a wait --for=condition=Ready pod --all',
			'kubectl -n b wait --for=condition=Ready pod --all',
		].join('\n'),
	);
	return t;
}

/** What comes of asking the service from both namespaces, some times each: its pods are on two nodes. */
async function asked(t: Terminal): Promise<string> {
	await t.run('sleep 1');
	return t.run(
		"for n in a b; do for i in 1 2 3 4; do kubectl -n $n exec cl -- curl -s -m 1 -o /dev/null -w '%{http_code} ' web.a; done; done 2>/dev/null",
	);
}
const answers = (a: string, b: string): string => `${`${a} `.repeat(4)}${`${b} `.repeat(4)}`;

const DENY = policy('web', '{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}');

describe('NetworkPolicies with kindnet', () => {
	it('hold for pods and services, by namespace, pod, block and port, and let the kubelet probe', async () => {
		const t = await cluster('v1.33.1');
		expect(await asked(t)).toBe(answers('200', '200'));
		await t.file('web.yaml', DENY);
		await t.run('kubectl apply -f web.yaml');
		expect(await asked(t)).toBe(answers('000', '000'));
		const ip = await t.run(
			"kubectl -n a get pod -l app=web --field-selector spec.nodeName=kind-worker -o jsonpath='{.items[0].status.podIP}'",
		);
		expect(await t.run(`kubectl -n b exec cl -- ping -c1 -W1 ${ip}`)).toContain('100% packet loss');
		// What a node's own processes send is let pass there (meta skuid 0 accept), and asked about where it arrives.
		const from = (node: string) => t.run(`docker exec ${node} curl -s -m 1 -o /dev/null -w '%{http_code}' ${ip}`);
		expect(await from('kind-worker')).toBe('200');
		expect(await from('kind-worker2')).toBe('000');

		await t.file(
			'web.yaml',
			policy(
				'web',
				'{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress], ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}}}], ports: [{port: 80}]}]}',
			),
		);
		await t.run('kubectl apply -f web.yaml');
		expect(await asked(t)).toBe(answers('000', '200'));
		await t.run(
			`kubectl -n a patch netpol web --type=json -p '[{"op":"add","path":"/spec/ingress/0/from/-","value":{"podSelector":{"matchLabels":{"run":"cl"}}}}]'`,
		);
		expect(await asked(t)).toBe(answers('200', '200'));
		await t.run(
			`kubectl -n a patch netpol web --type=merge -p '{"spec":{"ingress":[{"ports":[{"port":80}],"from":[{"ipBlock":{"cidr":"10.244.0.0/16","except":["10.244.2.0/24"]}}]}]}}'`,
		);
		const where = (await t.run("kubectl get pods -A -l run=cl -o jsonpath='{.items[*].status.podIP}'")).split(' ');
		expect(await asked(t)).toBe(
			answers(...(where.map((own) => (own.startsWith('10.244.2.') ? '000' : '200')) as [string, string])),
		);
		await t.run('kubectl -n a delete netpol web');
		expect(await asked(t)).toBe(answers('200', '200'));
	});

	it('hold on the way out, where names are asked for by rules too', async () => {
		const t = await cluster('v1.31.0');
		await t.file('out.yaml', policy('out', '{podSelector: {}, policyTypes: [Egress]}'));
		await t.run('kubectl apply -f out.yaml');
		expect(await asked(t)).toBe(answers('000', '200'));
		await t.file(
			'out.yaml',
			policy(
				'out',
				'{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port: 53, protocol: UDP}]}, {to: [{podSelector: {}}], ports: [{port: 80}]}]}',
			),
		);
		await t.run('kubectl apply -f out.yaml');
		expect(await asked(t)).toBe(answers('200', '200'));
	});

	it('are stored and change nothing with an older kindnetd', async () => {
		const t = await cluster('v1.29.2');
		await t.file('web.yaml', DENY);
		await t.run('kubectl apply -f web.yaml');
		expect(await asked(t)).toBe(answers('200', '200'));
	});
});
