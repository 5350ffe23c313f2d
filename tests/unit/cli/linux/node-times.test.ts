import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('what kubeadm left on a node is as old as the cluster, until somebody changes it', async () => {
	const at = await terminal();
	const list = (): Promise<string> =>
		at.run(
			'docker exec basic-control-plane sh -c "cd /etc/kubernetes; ls -ld --time-style=+%H:%M manifests manifests/*"',
		);
	await at.run('sleep 300');
	const before = (await list()).trimEnd().split('\n');
	expect(before).toHaveLength(5);
	for (const line of before) expect(line).toMatch(/ 10:00 manifests/);
	for (const line of before.slice(1)) expect(line).toMatch(/^-rw------- 1 root root +\d+ /);
	await at.run('docker exec basic-control-plane touch /etc/kubernetes/manifests/.new');
	const after = (await list()).trimEnd().split('\n');
	expect(after[0]).not.toContain(' 10:00 ');
	expect(after.slice(1)).toEqual(before.slice(1));
});
