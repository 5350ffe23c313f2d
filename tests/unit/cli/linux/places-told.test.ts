/** What the workstation says of itself, and crictl's images and endpoints. */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('hostnamectl and timedatectl tell what the machine’s files and clock say', async () => {
	const { run } = await terminal('empty');
	const id = (await run('cat /etc/machine-id')).trim();
	expect(id).toMatch(/^[0-9a-f]{32}$/);
	expect(await run('hostnamectl')).toContain(` Static hostname: laptop\n`);
	expect(await run('hostnamectl | grep Machine')).toBe(`      Machine ID: ${id}\n`);
	expect(await run('timedatectl | grep Universal')).toBe(
		`           Universal time: ${await run("date -u '+%a %F %T UTC'")}`,
	);
	expect(await run('sudo hostnamectl set-hostname x; echo $?; hostname')).toMatch(/does not do .*\n1\nlaptop\n$/);
});

test('crictl asks for images by containerd’s names, prunes those nothing runs of, and reaches its own endpoint only', async () => {
	const { run } = await terminal();
	const crictl = (words: string): Promise<string> => run(`docker exec basic-worker crictl ${words}`);
	await crictl('pull nginx');
	for (const name of ['nginx', 'docker.io/library/nginx', 'library/nginx:latest'])
		expect(await crictl(`images ${name}`)).toContain('docker.io/library/nginx');
	expect((await crictl('images nginx:1.2')).split('\n').length).toBe(2);
	expect(await crictl('-r unix:///x ps -q')).toContain("connect endpoint 'unix:///x'");
	expect(await crictl('-r unix:///var/run/containerd/containerd.sock ps -q')).toBe(await crictl('ps -q'));
	const before = await crictl('ps -q');
	expect(await crictl('rmi --prune')).toContain('Deleted: docker.io/library/nginx:latest\n');
	expect(await crictl('rmi --prune')).toBe('INFO[0000] No images to remove\n');
	expect(await crictl('ps -q')).toBe(before);
});
