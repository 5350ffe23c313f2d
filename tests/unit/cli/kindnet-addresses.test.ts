/** Pods of a cluster as kind makes it: kindnetd has them connected by the plugin ptp. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it('a pod’s way leads to the gateway, which each pair has on the node, and whose address the node has towards pods', async () => {
	const { run } = await terminal('empty');
	await run('kind create cluster -q --wait 1m');
	await run(
		'kubectl run web --image=nginx:1.25; kubectl run n --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod --all',
	);
	const ip = await run("kubectl get pod n -o jsonpath='{.status.podIP}'");
	expect(await run('kubectl exec n -- ip route')).toBe(
		`default via 10.244.0.1 dev eth0 
10.244.0.0/24 via 10.244.0.1 dev eth0 src ${ip} 
10.244.0.1 dev eth0 scope link src ${ip} 
`,
	);
	expect(await run('kubectl exec n -- ip -4 -br addr show eth0')).toMatch(new RegExp(`${ip}/24 *\n$`));
	expect(await run('kubectl exec n -- ping -qc1 10.244.0.1')).toContain('1 received');
	expect(await run('docker exec kind-control-plane ip route show table main root 10.244.0.0/16')).toMatch(
		/^(?:10\.244\.0\.\d+ dev veth[0-9a-f]{8} scope host \n){5}$/,
	);
	const pairs = await run('docker exec kind-control-plane ip -4 -br addr | grep ^veth');
	expect(pairs).toMatch(/^(?:veth[0-9a-f]{8}@if\d+ +UP +10\.244\.0\.1\/32 *\n){5}$/);
	// The kernel takes the address of the device that leads to the pod.
	await run(
		"docker exec kind-control-plane curl -so /dev/null $(kubectl get pod web -o jsonpath='{.status.podIP}'); kubectl expose pod web --port 80 --type NodePort",
	);
	await run(
		"curl -so /dev/null $(docker inspect kind-control-plane -f '{{.NetworkSettings.Networks.kind.IPAddress}}'):$(kubectl get service web -o jsonpath='{.spec.ports[0].nodePort}')",
	);
	expect((await run('kubectl logs web')).match(/^\S+(?= - - .*curl)/gm)).toEqual(['10.244.0.1', '10.244.0.1']);
	await run('kubectl delete pod n --now');
	expect(await run('docker exec kind-control-plane ip route')).not.toContain(`${ip} `);
});
