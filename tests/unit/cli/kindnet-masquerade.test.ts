/** Pods of a cluster with kindnet reach what is outside: their node gives them its address. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('pods speak to the outside by their node’s address, and to other pods by their own', async () => {
	const { run } = await terminal('empty');
	await run('kind create cluster -q --wait 1m --image kindest/node:v1.33.1');
	await run('kubectl run bb --image=busybox:1.28 -- sleep 1d; kubectl wait --for=condition=Ready pod/bb');
	// Four dots: CoreDNS asks the laptop for the last name of the search list, and has to hear from it.
	expect(await run('kubectl exec bb -- nslookup kubernetes.default.svc.cluster.local')).toContain('10.96.0.1');
	expect(await run('kubectl -n kube-system logs -l k8s-app=kube-dns')).not.toContain('timeout');
	expect(await run('docker exec kind-control-plane iptables-save -t nat | grep MASQ-AGENT')).toBe(
		`:KIND-MASQ-AGENT - [0:0]
-A POSTROUTING -m addrtype ! --dst-type LOCAL -m comment --comment "kind-masq-agent: ensure nat POSTROUTING directs all non-LOCAL destination traffic to our custom KIND-MASQ-AGENT chain" -j KIND-MASQ-AGENT
-A KIND-MASQ-AGENT -d 10.244.0.0/16 -m comment --comment "kind-masq-agent: local traffic is not subject to MASQUERADE" -j RETURN
-A KIND-MASQ-AGENT -m comment --comment "kind-masq-agent: outbound traffic is subject to MASQUERADE (must be last in chain)" -j MASQUERADE
`,
	);
});
