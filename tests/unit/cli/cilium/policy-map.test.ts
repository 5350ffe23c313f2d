import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

test('1.19 tells of each entry of a policy its cookie and its precedence; endpoint get leaves out what is empty', async () => {
	const t = await recent('1.19.1');
	await t.file(
		'p.yaml',
		`apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: p}
spec:
  endpointSelector: {matchLabels: {app: web}}
  ingress: [{fromEntities: [cluster]}]
  ingressDeny: [{fromEntities: [world]}]
`,
	);
	await t.run('kubectl apply -f p.yaml; sleep 3');
	const node = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[0].spec.nodeName}'")).trim();
	const pod = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}'")).trim();
	const id = (await t.run(`kubectl get cep ${pod} -o jsonpath='{.status.id}'`)).trim();
	const agent = (
		await t.run(`kubectl -n kube-system get pod -l k8s-app=cilium -o name --field-selector spec.nodeName=${node}`)
	).trim();
	const table = await agentTool(t, `bpf policy get ${id}`, agent);
	expect(table).toMatch(/^POLICY .* PREFIX +COOKIE$/m);
	expect(table).toMatch(/^Deny +Ingress +reserved:world +ANY +NONE +disabled +0 +0 +0 +0$/m);
	const entries = JSON.parse(await agentTool(t, `bpf policy get ${id} -o json`, agent)) as {
		readonly Key: { readonly Identity: number; readonly TrafficDirection: number };
		readonly Precedence: number;
	}[];
	const world = entries.find(({ Key }) => Key.Identity === 2 && Key.TrafficDirection === 0)!;
	expect(world.Precedence).toBe(2 ** 32 - 1);
	const others = entries.filter(({ Key }) => Key.Identity !== 2 && Key.TrafficDirection === 1);
	expect(others.map(({ Precedence }) => Precedence)).toContain(2 ** 32 - 256);
	const plain = await agentTool(t, `endpoint get ${id}`, agent);
	expect(plain).toBe(await agentTool(t, `endpoint get ${id} -o json`, agent));
	expect(plain).not.toContain('"empty"');
}, 60_000);
