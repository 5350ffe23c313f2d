/** /proc/self is whoever looks (proc(5)), and /proc/$$ the shell; a terminal is what stands at standard input (tty(1)). */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test.each(['nginx', 'busybox:1.36'])('a command in a container of %s finds itself in /proc/self', async (image) => {
	const t = await terminal();
	await t.run(`kubectl run a --image=${image} --command -- sleep 3600; kubectl wait --for=condition=Ready pod/a`);
	const at = (command: string) => t.run(`kubectl exec a -- ${command}`);
	expect(await at('cat /proc/self/comm')).toBe('cat\n');
	expect(await at(`cat /proc/self/cmdline | tr '\\0' ' '`)).toBe('cat /proc/self/cmdline ');
	expect(await at('head -n 1 /proc/self/status')).toBe('Name:\thead\n');
	expect(await at('grep -c PATH= /proc/self/environ')).toBe('1\n');
	const pid = (await at('readlink /proc/self')).trim();
	expect(pid).toMatch(/^[1-9]\d*$/);
	expect(pid).not.toBe('1');
	expect(await at('readlink /proc/self/exe')).toMatch(/^\/(?:usr\/)?bin\/readlink\n$/);
	expect(await at(`sh -c 'cd /proc/self && cat comm'`)).toBe('cat\n');
	expect(await at(`sh -c 'cat /proc/self/status | grep ^Name'`)).toBe('Name:\tcat\n');
	expect(await at(`sh -c '[ "$$" = "$(grep ^PPid /proc/self/status | cut -f2)" ]; cat /proc/$$/comm; true'`)).toBe(
		'sh\n',
	);
	expect(await at(`sh -c 'cd /tmp; readlink /proc/$$/cwd /proc/self/cwd' | tail -n 1`)).toBe('/tmp\n');
	// What is said of it agrees with the first process of the container: they have the same user and rights.
	expect(await at('grep -E "^(Uid|Gid|Groups|Cap|Seccomp|NoNewPrivs)" /proc/self/status')).toBe(
		await at('grep -E "^(Uid|Gid|Groups|Cap|Seccomp|NoNewPrivs)" /proc/1/status'),
	);
	expect(await at('cat /proc/1/comm')).toBe('sleep\n');
});

test('on a node and on the workstation, too, also of what a redirection opens', async () => {
	const t = await terminal();
	for (const at of ['docker exec basic-worker ', '']) {
		expect(await t.run(`${at}cat /proc/self/comm`)).toBe('cat\n');
		expect(await t.run(`${at}sh -c 'cat /proc/$$/comm; tr "\\0" " " < /proc/self/cmdline; echo'`)).toBe(
			'sh\ntr \\0   \n',
		);
		expect(await t.run(`${at}sh -c 'read name < /proc/self/comm; echo $name; cat < /proc/self/comm'`)).toBe(
			'sh\ncat\n',
		);
		expect(await t.run(`${at}sh -c 'ls -d /proc/$$ | grep -c "/proc/[1-9]"'`)).toBe('1\n');
		expect(await t.run(`${at}readlink /proc/self/exe`)).toBe('/usr/bin/readlink\n');
	}
	expect(await t.run(`docker exec basic-worker sh -c 'ps -o args= -p $$; true'`)).toBe(
		'sh -c ps -o args= -p $$; true\n',
	);
	expect(await t.run(`docker exec basic-worker sh -c 'ps -e -o ppid= -o args= | grep -c "^ *$$ ps -e"'`)).toBe('1\n');
	expect(await t.run('cat /proc/$$/comm; ls -ld /proc/self | cut -c1')).toBe('bash\nl\n');
});

test('tty tells of standard input', async () => {
	const t = await terminal();
	await t.run('kubectl run a --image=nginx; kubectl wait --for=condition=Ready pod/a');
	expect(await t.run('tty | cat; echo x | tty; tty < /dev/null; tty > /tmp/x; cat /tmp/x')).toBe(
		'/dev/pts/0\nnot a tty\nnot a tty\n/dev/pts/0\n',
	);
	expect(await t.run('kubectl exec a -- tty; kubectl exec -t a -- sh -c "tty | cat"')).toMatch(
		/^not a tty\n(?:command terminated.*\n)?\/dev\/pts\/0\n$/,
	);
	expect(await t.run(`kubectl exec -t a -- sh -c 'tty < /dev/null'`)).toMatch(/^not a tty\n/);
});
