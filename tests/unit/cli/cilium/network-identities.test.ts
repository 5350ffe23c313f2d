/** Identities of networks that a policy names, as the agent's tables show them. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('of the labels of a network tables show the narrowest, JSON all', async () => {
	const lab = await terminal('kind-ebpf');
	await lab.file(
		'p.yaml',
		'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: out}\nspec:\n  endpointSelector: {}\n  egress:\n  - toCIDR: [172.18.0.0/16]\n',
	);
	await lab.run('kubectl apply -f p.yaml; sleep 5');
	const agent = (line: string): Promise<string> =>
		lab.run(`kubectl -n kube-system exec cilium-b44r7 -c cilium-agent -- cilium ${line}`);
	expect(await agent('identity get 16777217')).toBe(
		'ID         LABELS\n16777217   cidr:172.18.0.0/16\n           reserved:world\n',
	);
	expect(await agent('identity get 16777217 -o json')).toContain('"cidr:172.18.0.0/15"');
	const [endpoint] = (await lab.run("kubectl get cep -o jsonpath='{.items[0].status.id}'")).split('\n');
	const policy = await agent(`bpf policy get ${endpoint}`);
	expect(policy).toMatch(/Allow +Egress +cidr:172\.18\.0\.0\/16 +ANY .*\n +reserved:world /);
	expect(policy).not.toContain('/15');
});
