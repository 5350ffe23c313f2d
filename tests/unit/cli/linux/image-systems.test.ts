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

it('its users and groups are those of its system, and whom its build added; root is in the groups that name root', async () => {
	const at = await terminal();
	await at.run(
		'kubectl run busybox --image=busybox -- sleep 9999\nkubectl run alpine --image=alpine:3.16 -- sleep 9999\nkubectl run deb --image=nginx:1.23\nkubectl run books --image=nginx:1.25\nsleep 30',
	);
	const names = async (pod: string): Promise<string> =>
		(await at.run(`kubectl exec ${pod} -- cut -d: -f1 /etc/passwd`)).trim().replaceAll('\n', ' ');
	expect(await names('busybox')).toBe('root daemon bin sys sync mail www-data operator nobody');
	expect(await names('deb')).toBe(
		'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody _apt nginx',
	);
	expect(await names('books')).toMatch(/ irc _apt nobody nginx$/);
	expect(await names('alpine')).toMatch(/^root bin daemon adm lp sync shutdown halt .* guest nobody$/);
	expect(await at.run('kubectl exec deb -- tail -1 /etc/passwd')).toBe(
		'nginx:x:101:101:nginx user,,,:/nonexistent:/bin/false\n',
	);
	expect(await at.run('kubectl exec alpine -- id')).toBe(
		'uid=0(root) gid=0(root) groups=0(root),1(bin),2(daemon),3(sys),4(adm),6(disk),10(wheel),11(floppy),20(dialout),26(tape),27(video)\n',
	);
	expect((await at.run('kubectl exec busybox -- ls /')).trim().replaceAll('\n', ' ')).toBe(
		'bin dev etc home proc root sys tmp usr var',
	);
});

it("nginx's page has no dark side and no entrypoint's scripts before the versions that brought them", async () => {
	const at = await terminal();
	await at.run('kubectl run v15 --image=nginx:1.15.12\nkubectl run v23 --image=nginx:1.23\nsleep 30');
	expect(await at.run('kubectl exec v15 -- wc -c /usr/share/nginx/html/index.html')).toMatch(/^612 /);
	expect(await at.run('kubectl exec v23 -- wc -c /usr/share/nginx/html/index.html')).toMatch(/^615 /);
	expect(await at.run('kubectl exec v15 -- ls /')).not.toContain('docker-entrypoint');
});
