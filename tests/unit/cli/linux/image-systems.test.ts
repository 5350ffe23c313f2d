/** What a container's image brings along is that of its system. */
import { expect, it } from 'vitest';
import { terminal } from './terminal.ts';

it("busybox's root is in wheel too, as its /etc/group says; who is not root is not", async () => {
	const at = await terminal();
	const run = (more: string, command: string): Promise<string> =>
		at.run(`kubectl run bb --image=busybox -q -i --rm --restart=Never ${more} -- ${command}`);
	expect(await run('', 'id')).toContain('uid=0(root) gid=0(root) groups=0(root),10(wheel)\n');
	expect(await run('', 'grep wheel /etc/group')).toContain('wheel:x:10:root\n');
	const other = `--overrides='{"spec":{"securityContext":{"runAsUser":1234}}}'`;
	expect(await run(other, 'id')).not.toContain('wheel');
});

it("curl is its release's: bullseye's and bookworm's tell a refused connection in their words", async () => {
	const at = await terminal();
	await at.run('kubectl run new --image=nginx:1.25\nkubectl run old --image=nginx:1.23\nsleep 30');
	expect(await at.run('kubectl exec new -- curl --version')).toContain('libcurl/7.88.1\n');
	expect(await at.run('kubectl exec old -- curl --version')).toContain('libcurl/7.74.0\n');
	expect(await at.run('kubectl exec new -- curl -sS 127.0.0.1:81')).toContain(
		"curl: (7) Failed to connect to 127.0.0.1 port 81 after 0 ms: Couldn't connect to server\n",
	);
	expect(await at.run('kubectl exec old -- curl -sS 127.0.0.1:81')).toContain(
		'curl: (7) Failed to connect to 127.0.0.1 port 81: Connection refused\n',
	);
});
