import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

interface Report {
	readonly [part: string]: unknown;
	readonly masquerading: { readonly mode: string; readonly 'snat-exclusion-cidr-v4': string };
	readonly 'kube-proxy-replacement': {
		readonly features: { readonly nodePort: Readonly<Record<string, unknown>>; readonly [name: string]: unknown };
	};
	readonly controllers: readonly { readonly name: string; readonly status: Readonly<Record<string, unknown>> }[];
	readonly cluster: { readonly nodes: readonly { readonly name: string }[] };
	readonly 'bpf-maps': { readonly maps: readonly { readonly name: string; readonly size: number }[] };
}

const VALUES =
	'kubeProxyReplacement=true,loadBalancer.algorithm=maglev,loadBalancer.mode=dsr,routingMode=native,autoDirectNodeRoutes=true,ipv4NativeRoutingCIDR=10.0.0.0/8,bpf.masquerade=true';

test('status -o json has all that the text tells, in the words of the model', async () => {
	const t = await recent('1.18.3', VALUES);
	const report = JSON.parse(await agentTool(t, 'status -o json')) as Report;
	const text = await agentTool(t, 'status --verbose');
	expect(Object.keys(report)).toEqual(
		[...Object.keys(report)].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
	);
	for (const part of ['attach-mode', 'cni-chaining', 'datapath-mode', 'proxy', 'routing', 'srv6', 'encryption'])
		expect(report).toHaveProperty(part);
	expect(report.masquerading).toMatchObject({ mode: 'BPF', 'snat-exclusion-cidr-v4': '10.0.0.0/8' });
	expect(report['kube-proxy-replacement'].features.nodePort).toEqual({
		acceleration: 'Disabled',
		algorithm: 'Maglev',
		dsrMode: 'IP Option/Extension',
		enabled: true,
		lutSize: 16381,
		mode: 'DSR',
		portMax: 32767,
		portMin: 30000,
	});
	expect(report.cluster.nodes.map(({ name }) => name).sort()).toEqual(['t-control-plane', 't-worker', 't-worker2']);
	for (const { name, size } of report['bpf-maps'].maps) expect(text).toMatch(new RegExp(`^ {2}${name} +${size}$`, 'm'));
	for (const { name } of report.controllers) expect(text).toContain(`  ${name} `);
	expect(text).toMatch(
		new RegExp(`Controller Status: +${report.controllers.length}/${report.controllers.length} healthy`),
	);
}, 60_000);

test('status -o json of 1.14 knows no modes of devices, and masquerades by iptables', async () => {
	const t = await recent('1.14.9');
	const report = JSON.parse(await agentTool(t, 'status -o json')) as Report;
	expect(report).not.toHaveProperty('attach-mode');
	expect(report).not.toHaveProperty('routing');
	expect(report['host-routing']).toEqual({ mode: 'Legacy' });
	expect(report.masquerading.mode).toBe('iptables');
	expect(report['kube-proxy-replacement'].features.nodePort).not.toHaveProperty('dsrMode');
}, 60_000);
