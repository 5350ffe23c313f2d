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
	// Both ends of the node's own veth pair look at what the node is to receive.
	expect(net).toMatch(/^cilium_net\(3\) clsact\/ingress cil_to_host-cilium_net id \d+$/m);
	expect(net).toMatch(/^cilium_host\(4\) clsact\/ingress cil_to_host-cilium_host id \d+$/m);
	expect(net).toMatch(/^cilium_host\(4\) clsact\/egress cil_from_host-cilium_host id \d+$/m);
});
