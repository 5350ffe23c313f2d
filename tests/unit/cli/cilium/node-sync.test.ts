import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('a direct route that somebody deleted comes back with the agent’s next background sync, one of a node without an agent does not', async () => {
	const t = await terminal('kind-ebpf');
	const routes = (): Promise<string> => t.run('docker exec basic-worker ip route');
	const before = await routes();
	await t.run('docker exec basic-worker ip route del 10.244.2.0/24');
	expect(await routes()).not.toContain('10.244.2.0/24');
	// 60 s · ln(1 + 4)
	await t.run('sleep 97');
	expect(await routes()).toBe(before);
	await t.run('docker exec basic-worker ip link set eth0 down');
	await t.run('docker exec basic-worker ip link set eth0 up');
	await t.run('sleep 97');
	// The default route was Docker's.
	expect(await routes()).toBe(before.replace(/^default.*\n/, ''));
	await t.run('kubectl -n kube-system delete ds cilium');
	await t.run('sleep 40; docker exec basic-worker ip route del 10.244.2.0/24');
	await t.run('sleep 97');
	expect(await routes()).not.toContain('10.244.2.0/24');
}, 60_000);
