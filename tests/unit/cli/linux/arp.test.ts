/** Who answers for an address in a pod's network: Cilium's program, for all but the pod's own (bpf_lxc.c tail_handle_arp). */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run(
		'kubectl run net --image=nicolaka/netshoot --command -- sleep infinity; kubectl wait --for=condition=ready pod/net',
	);
});
const inPod = (line: string): Promise<string> => lab.run(`kubectl exec net -- ${line}`);

test('every address asked for is at the node’s end of the pod’s device', async () => {
	const node = (await lab.run('kubectl get pod net -o jsonpath="{.spec.nodeName}"')).trim();
	const ip = (await lab.run('kubectl get pod net -o jsonpath="{.status.podIP}"')).trim();
	const macs = new Set<string>();
	for (const address of ['10.96.0.10', '8.8.8.8', '10.244.77.77']) {
		const answer = await inPod(`arping -c 2 ${address}`);
		expect(answer).toContain(`ARPING ${address} from ${ip} eth0\n`);
		expect(answer).toContain('Sent 2 probes (1 broadcast(s))\nReceived 2 response(s)\n');
		macs.add(/\[(\S+)\]/.exec(answer)![1]!.toLowerCase());
	}
	expect(macs.size).toBe(1);
	expect(await lab.run(`docker exec ${node} ip link`)).toContain([...macs][0]);
});

test('nobody answers for the pod’s own address, so it is no duplicate', async () => {
	expect(await inPod("sh -c 'arping -c 1 $(hostname -i)'")).toContain('Received 0 response(s)\n');
	expect(await inPod("sh -c 'arping -D -c 1 $(hostname -i)'")).toContain(' from 0.0.0.0 eth0\n');
	expect(lab.code()).toBe(0);
	expect(await inPod('arping -D -c 3 10.244.77.77')).toContain(
		'Sent 1 probes (1 broadcast(s))\nReceived 1 response(s)\n',
	);
	expect(lab.code()).toBe(1);
});

test('what was answered so is in no table of the node', async () => {
	const node = (await lab.run('kubectl get pod net -o jsonpath="{.spec.nodeName}"')).trim();
	const ip = (await lab.run('kubectl get pod net -o jsonpath="{.status.podIP}"')).trim();
	await inPod('ping -c 1 10.96.0.1');
	expect(await inPod('ip neigh')).toMatch(/ dev eth0 lladdr \S+ REACHABLE/);
	expect(await lab.run(`docker exec ${node} ip neigh`)).not.toContain(`${ip} dev lxc`);
});
