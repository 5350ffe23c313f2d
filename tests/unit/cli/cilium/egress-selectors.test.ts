/** Whom egress policies select, and by whose labels. */
import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

const policy = (labels: string, node: string): string => `apiVersion: cilium.io/v2
kind: CiliumEgressGatewayPolicy
metadata: {name: eg}
spec:
  selectors:
  - podSelector: {matchLabels: {${labels}}}
  destinationCIDRs: ["172.18.0.0/16"]
  egressGateway: {nodeSelector: {matchLabels: {${node}}}}
`;

test('pods are selected by labels of their identity, gateways by labels that a node got later', async () => {
	const t = await recent('1.16.15', 'kubeProxyReplacement=true,bpf.masquerade=true,egressGateway.enabled=true');
	const ips = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[*].status.podIP}'")).trim().split(' ');
	const gateway = (await t.run(`kubectl get node t-worker2 -o jsonpath='{.status.addresses[0].address}'`)).trim();
	await t.run('kubectl label node t-worker2 egress=yes');
	expect(await t.run('kubectl get ciliumnode t-worker2 --show-labels')).toContain(',egress=yes,');
	const entries = async (labels: string): Promise<string> => {
		await t.file('eg.yaml', policy(labels, 'egress: "yes"'));
		await t.run('kubectl apply -f eg.yaml; sleep 3');
		return agentTool(t, 'bpf egress list');
	};
	const all = await entries('app: web, io.kubernetes.pod.namespace: default');
	for (const ip of ips) expect(all).toMatch(new RegExp(`^${ip} +172\\.18\\.0\\.0/16 +\\S+ +${gateway}`, 'm'));
	expect(await entries('"k8s:io.cilium.k8s.policy.serviceaccount": default, app: web')).toContain(ips[0]);
	expect(await entries('app: web, io.kubernetes.pod.namespace: kube-system')).toContain('No entries found');
});
