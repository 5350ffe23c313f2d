import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

test('metrics list counts what endpoints, policies, maps and controllers say elsewhere', async () => {
	const t = await recent('1.18.3');
	const pod = (await t.run("kubectl get pods -l app=web -o jsonpath='{.items[0].spec.nodeName}'")).trim();
	const agent = (
		await t.run(`kubectl -n kube-system get pod -l k8s-app=cilium -o name --field-selector spec.nodeName=${pod}`)
	).trim();
	const read = async (name: string): Promise<number> => {
		const list = JSON.parse(await agentTool(t, `metrics list -o json -p '^cilium_${name}$'`, agent)) as {
			value?: number;
		}[];
		return list[0]?.value ?? 0;
	};
	expect(await read('policy_endpoint_enforcement_status')).toBe(await read('endpoint'));
	await t.file(
		'p.yaml',
		'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: k}\nspec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}\n',
	);
	await t.run('kubectl apply -f p.yaml; sleep 2');
	const by = await agentTool(t, 'metrics list -p enforcement', agent);
	expect(by).toMatch(/enforcement="ingress" +[1-9]/);
	expect(by).toMatch(/enforcement="none" +[1-9]/);
	const report = JSON.parse(await agentTool(t, 'status -o json', agent)) as {
		readonly ipam: { readonly ipv4: readonly string[] };
	};
	expect(await read('ip_addresses')).toBe(report.ipam.ipv4.length);
	expect(await read('ipam_capacity')).toBe(254);
	const cache = (await agentTool(t, 'bpf ipcache list', agent)).split('\n').filter((line) => /^\d/.test(line)).length;
	const pressure = await agentTool(t, 'metrics list -p bpf_map_pressure', agent);
	expect(Number(/map_name="ipcache_v2" +(\S+)/.exec(pressure)![1])).toBeCloseTo(cache / 512_000, 6);
}, 60_000);

test('what is left out of metrics and options is said beside them, not among them', async () => {
	const t = await recent('1.18.3');
	expect(await agentTool(t, 'metrics list')).toContain('leaves the others out');
	expect(await agentTool(t, 'metrics list 2> /dev/null -p version')).not.toContain('leaves');
	const options = await agentTool(t, 'config -a');
	expect(options).toContain('leaves the others out');
	// No flag names a server: it is what the pod has in its environment.
	expect(options).toMatch(/^k8s-endpoint +: *$/m);
	expect(await agentTool(t, 'config')).not.toContain('leaves the others out');
}, 60_000);
