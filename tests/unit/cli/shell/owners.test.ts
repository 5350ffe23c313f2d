/** Whose a file is on the workstation, and whom `sudo -u` runs a command as. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it("a file that was given away is not one's own any more, but goes with its directory", async () => {
	const { run } = await terminal('empty');
	expect(await run("echo a > f; chgrp docker f; stat -c '%U:%G' f")).toBe('learner:docker\n');
	expect(await run('chgrp adm f')).toBe("chgrp: changing group of 'f': Operation not permitted\n");
	expect(await run("sudo chown root:adm f; stat -c '%U:%G' f; echo b >> f")).toBe(
		'root:adm\nbash: f: Permission denied\n',
	);
	expect(await run("mv f g; stat -c '%U:%G' g; rm -f g; touch g; stat -c '%U:%G' g")).toBe(
		'root:adm\nlearner:learner\n',
	);
	expect(await run('mkdir d; sudo chown root d; touch d/x')).toBe("touch: cannot touch 'd/x': Permission denied\n");
	expect(await run('chown nosuch g; chgrp nosuch g')).toBe(
		"chown: invalid user: 'nosuch'\nchgrp: invalid group: 'nosuch'\n",
	);
});

it('sudo runs as whoever is asked for, with variables of theirs, and says what one may', async () => {
	const { run } = await terminal('empty');
	expect(await run('sudo -u learner id -un; sudo -u root id -un; sudo -iu root whoami; sudo --user=#0 whoami')).toBe(
		'learner\nroot\nroot\nroot\n',
	);
	expect(await run('sudo -u nobody id')).toBe('uid=65534(nobody) gid=65534(nogroup) groups=65534(nogroup)\n');
	expect(
		await run("sudo -u nobody sh -c 'touch /tmp/n /home/learner/n; cat /etc/shadow'; ls -l /tmp/n | cut -c-31"),
	).toBe(
		"touch: cannot touch '/home/learner/n': Permission denied\ncat: /etc/shadow: Permission denied\n-rw-r--r-- 1 nobody nogroup 0 A\n",
	);
	expect(await run("sudo sh -c 'echo $HOME $SUDO_USER; (id -u); id -u | cat'; sudo -i pwd; sudo cd /")).toBe(
		'/root learner\n0\n0\n/root\nsudo: cd: command not found\n',
	);
	expect(await run("sudo su - -c 'pwd; id -un'; sudo su nobody; su; echo $?")).toBe(
		'/root\nroot\nThis account is currently not available.\nPassword: \nsu: Authentication failure\n1\n',
	);
	expect(await run('sudo -u bob id')).toContain('sudo: unknown user bob\n');
	expect(await run('sudo -l')).toContain('(ALL) NOPASSWD: ALL');
});

it('who makes directories owns all of them, and nobody is told what is where only root may look', async () => {
	const { run } = await terminal('empty');
	expect(await run("cd /tmp; mkdir -p a/b/c; touch a/b/c/f; stat -c '%U %n' a a/b a/b/c/f")).toBe(
		'learner a\nlearner a/b\nlearner a/b/c/f\n',
	);
	expect(await run('cat /root/x; sudo cat /root/x; cat < /root/x')).toBe(
		'cat: /root/x: Permission denied\ncat: /root/x: No such file or directory\nbash: /root/x: Permission denied\n',
	);
	expect(await run('cat < /etc/shadow; read a < /proc/net/unix; cd /etc; cat < shadow; cat < nosuch')).toBe(
		'bash: /etc/shadow: Permission denied\nbash: /proc/net/unix: the simulator knows no Unix sockets\nbash: shadow: Permission denied\nbash: nosuch: No such file or directory\n',
	);
});
