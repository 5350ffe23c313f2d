import { expect, test } from 'vitest';
import { agentTool, recent } from './recent.ts';

// Outputs of 1.16.4 and of 1.17.2 that people published; the heading without rows is 1.17's own.
test('up to 1.16 the health of nodes has words and no heading where all is well, from 1.17 on it counts', async () => {
	const old = await recent('1.16.5');
	expect(await agentTool(old, 'status')).not.toMatch(/^ *Name +IP/m);
	expect(await agentTool(old, 'status --all-health 2>/dev/null')).toMatch(
		/^ {2}Name +IP +Node +Endpoints\n {2}\S+ \(localhost\) +\S+ +reachable +reachable$/m,
	);
	const recently = await recent('1.17.5');
	expect(await agentTool(recently, 'status')).toMatch(
		/^Cluster health: +3\/3 reachable +\(\S+\)\nName +IP +Node +Endpoints$/m,
	);
	expect(await agentTool(recently, 'status --all-health')).toContain('no modules that tell their health');
	const pod = (await recently.run('kubectl -n kube-system get pods -l k8s-app=cilium -o name')).split('\n')[0];
	expect(await recently.run(`kubectl -n kube-system exec ${pod} -c cilium-agent -- cilium-health status`)).toMatch(
		/^Name +IP +Node +Endpoints\n {2}\S+ \(localhost\) +\S+ +1\/1 +1\/1$/m,
	);
}, 60_000);
