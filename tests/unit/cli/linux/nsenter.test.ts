/** From a node into a container: what nsenter enters is the container's, and what it does not enter is the node's. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('with all namespaces a command is run as in the container, with the network alone the program is the node’s', async () => {
	const { run } = await terminal();
	await run(`kubectl run web --image=nginx --overrides='{"spec":{"nodeName":"basic-worker"}}'; sleep 8`);
	const ip = (await run("kubectl get pod web -o jsonpath='{.status.podIP}'")).trim();
	const enter = (words: string): Promise<string> =>
		run(`docker exec basic-worker sh -c 'nsenter -t $(pgrep -f "nginx: master" | head -n 1) ${words}'`);
	expect(await enter('-n ip -4 -o addr show eth0')).toContain(`inet ${ip}/`);
	expect(await enter('-a hostname')).toBe('web\n');
	expect(await enter('-m cat /etc/nginx/conf.d/default.conf')).toContain('listen  [::]:80;');
	expect(await enter('-a cat /etc/hostname')).toBe('web\n');
	// nginx's image has neither.
	expect(await enter('-a ps')).toBe('nsenter: failed to execute ps: No such file or directory\n');
	expect(await enter('-m -n ip a')).toBe('nsenter: failed to execute ip: No such file or directory\n');
	expect(await enter('-u hostname')).toContain('the simulator');
	expect(await enter('-n hostname')).not.toContain('web');
});
