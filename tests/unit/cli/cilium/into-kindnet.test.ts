import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

const KIND = `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes: [{role: control-plane}, {role: worker}, {role: worker}]
`;

// kindnetd goes on: its routes and rules stay, whatever Cilium brings. Agents have ranges of their own for pods.
test('pods that kindnet connected are reached while Cilium comes, and after', async () => {
	const t = await terminal('empty');
	await t.file('kind.yaml', KIND);
	await t.run('kind create cluster --config kind.yaml');
	await t.run('kubectl create deployment web --image=nginx --replicas=3; kubectl rollout status deploy web');
	const ips = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[*].status.podIP}'")).trim().split(' ');
	await t.run('helm install cilium cilium --repo https://helm.cilium.io --version 1.14.13 -n kube-system');
	for (let i = 0; i < 30; i++) {
		await t.run('sleep 2');
		const codes: string[] = [];
		for (const ip of ips)
			codes.push(await t.run(`docker exec kind-control-plane curl -s -m 1 -o /dev/null -w '%{http_code}' ${ip}`));
		expect([i, ...codes]).toEqual([i, '200', '200', '200']);
	}
	expect(await t.run("kubectl -n kube-system get ds cilium -o jsonpath='{.status.numberReady}'")).toBe('3');
	expect(await t.run('docker exec kind-worker iptables -t nat -S KIND-MASQ-AGENT')).toContain('-j MASQUERADE');
	expect(await t.run('docker exec kind-worker ip route get 10.244.2.9')).toContain(' dev eth0 ');
}, 60_000);
