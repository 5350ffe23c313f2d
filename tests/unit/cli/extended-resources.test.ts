/** Resources of a node that somebody advertises: kubernetes.io, tasks/administer-cluster/extended-resource-node. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('a node has what is said in its status, its kubelet keeps it, and the scheduler counts it', async () => {
	const { run } = await terminal();
	await run('kubectl proxy --port=8001 &');
	const answer = await run(
		`curl -s --header 'Content-Type: application/json-patch+json' --request PATCH --data '[{"op": "add", "path": "/status/capacity/example.com~1dongle", "value": "4"}]' http://localhost:8001/api/v1/nodes/basic-worker/status`,
	);
	expect(answer).toContain('"example.com/dongle": "4"');
	await run('sleep 25');
	const has = (of: string): Promise<string> =>
		run(`kubectl get node basic-worker -o jsonpath='{.status.${of}.example\\.com/dongle}'`);
	expect([await has('capacity'), await has('allocatable')]).toEqual(['4', '4']);
	const pod = (name: string): Promise<string> =>
		run(
			`kubectl run ${name} --image=busybox --overrides='{"spec":{"containers":[{"name":"c","image":"busybox","command":["sleep","1d"],"resources":{"limits":{"example.com/dongle":"3"}}}]}}'`,
		);
	await pod('one');
	await pod('two');
	await run('sleep 8');
	expect(await run("kubectl get pods one two -o jsonpath='{.items[*].status.phase} {.items[0].spec.nodeName}'")).toBe(
		'Running Pending basic-worker',
	);
	expect(await run('kubectl describe pod two')).toContain('Insufficient example.com/dongle');
});
