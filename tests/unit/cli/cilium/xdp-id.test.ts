/** One program has one number, whichever tool shows it. */
import { expect, test } from 'vitest';
import { recent } from './recent.ts';

test('ip link and bpftool give XDP’s program the same number', async () => {
	const t = await recent('1.16.15', 'kubeProxyReplacement=true,loadBalancer.acceleration=native');
	const link = await t.run('docker exec t-worker ip link show eth0');
	const pod = await t.run(
		'kubectl -n kube-system get pod -l k8s-app=cilium --field-selector spec.nodeName=t-worker -o name',
	);
	const net = await t.run(`kubectl -n kube-system exec ${pod.trim()} -c cilium-agent -- bpftool net show`);
	const [, id] = /eth0\(2\) driver id (\d+)/.exec(net) ?? [];
	expect(link).toMatch(new RegExp(`prog/xdp id ${id} name cil_xdp_entry tag [0-9a-f]{16} jited `));
});
