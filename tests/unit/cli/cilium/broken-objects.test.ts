/** Objects of Cilium's that somebody deletes though they are in use. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

async function cluster() {
	const t = await terminal('kind-cilium');
	await t.run('kubectl create deploy web --image=nginx --replicas=3; kubectl rollout status deploy web');
	await t.run('kubectl run c --image=nicolaka/netshoot -- sleep infinity; kubectl wait --for=condition=Ready pod/c');
	await t.run('sleep 3; N=$(kubectl get pod c -o jsonpath={.spec.nodeName})');
	await t.run('A=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$N -o name)');
	// A web server of another node.
	await t.run(
		'set -- $(kubectl get pods -l app=web -o custom-columns=:metadata.name,:status.podIP,:spec.nodeName --no-headers | grep -v $N | head -1)',
	);
	await t.run('P=$1 IP=$2 M=$3');
	return { ...t, agent: (words: string) => t.run(`kubectl -n kube-system exec $A -c cilium-agent -- cilium ${words}`) };
}

const ASK = 'kubectl exec c -- curl -s --connect-timeout 2 -o /dev/null -w "%{http_code}" $IP';

test('an identity that endpoints have comes back with its number (pkg/allocator, master key protection)', async () => {
	const { run } = await cluster();
	const id = (await run('kubectl get cep $P -o jsonpath={.status.identity.id}')).trim();
	await run(`kubectl delete ciliumidentity ${id}; sleep 2`);
	expect(await run(`kubectl get ciliumidentity ${id} -o jsonpath='{.security-labels.k8s:app}'`)).toBe('web');
}, 60_000);

test('of a pod whose CiliumEndpoint is gone nodes know no identity, until its agent starts again', async () => {
	const { run, agent } = await cluster();
	expect(await agent('bpf ipcache list')).toMatch(new RegExp(`^${(await run('echo $IP')).trim()}/32 `, 'm'));
	await run('kubectl delete cep $P; sleep 30');
	expect(await agent('bpf ipcache list')).not.toContain((await run('echo $IP')).trim());
	expect(await run('kubectl get cep $P')).toContain('not found');
	expect(await run(ASK)).toBe('200');
	await run('kubectl -n kube-system delete pod -l k8s-app=cilium; sleep 40');
	await run('A=$(kubectl -n kube-system get pods -l k8s-app=cilium --field-selector spec.nodeName=$N -o name)');
	expect(await agent('bpf ipcache list')).toContain((await run('echo $IP')).trim());
}, 60_000);

test('a node whose CiliumNode is gone has no routes on the others, until its agent starts again', async () => {
	const { run, agent } = await cluster();
	expect(await run('docker exec $N ip route')).toContain(`via ${(await run('docker exec $M hostname -i')).trim()}`);
	await run('kubectl delete ciliumnode $M; sleep 3');
	const via = (await run('docker exec $M hostname -i')).trim();
	expect(await run('docker exec $N ip route')).not.toContain(`via ${via}`);
	expect(await agent('bpf ipcache list')).not.toContain(`${via}/32`);
	// Its own routes stay, and nobody puts the others' back.
	expect(await run('docker exec $M ip route | grep -c " via 172.18"')).toBe('4\n');
	expect(await run('sleep 600; docker exec $N ip route')).not.toContain(`via ${via}`);
	await run('kubectl -n kube-system delete pod -l k8s-app=cilium --field-selector spec.nodeName=$M; sleep 40');
	expect(await run('docker exec $N ip route')).toContain(`via ${via}`);
	expect(await run(ASK)).toBe('200');
}, 60_000);
