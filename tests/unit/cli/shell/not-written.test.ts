/** A tool that is to write where it may not, or where no directory is, says so as the real one does. */
import { expect, it } from 'vitest';
import { terminal } from '../terminal.ts';

it('directories are not made for a file that is to go into them, except by who makes them', async () => {
	const { run } = await terminal('kind-basic');
	expect(await run('openssl genrsa -out no/k.pem 2048; echo $?')).toContain(
		'Can\'t open "no/k.pem" for writing, No such file or directory\n1\n',
	);
	expect(await run('docker cp basic-control-plane:/etc/hostname no/x; echo $?')).toBe(
		'invalid output path: directory "no" does not exist\n1\n',
	);
	expect(await run('docker cp basic-control-plane:/etc/hostname /etc/x; echo $?')).toBe(
		'open /etc/x: permission denied\n1\n',
	);
	expect(await run('ls no; kind export kubeconfig --name basic --kubeconfig n/k 2>/dev/null; ls n')).toBe(
		"ls: cannot access 'no': No such file or directory\nk\n",
	);
});

it('a program that somebody removed is not run any more, under none of the names of its folder', async () => {
	const { run } = await terminal('kind-basic');
	expect(await run('sudo rm /usr/bin/awk; awk 1; echo $?; /usr/bin/awk 1; mawk 1 /dev/null; echo $?')).toBe(
		'bash: awk: command not found\n127\nbash: /usr/bin/awk: No such file or directory\n0\n',
	);
	expect(await run('sudo rm /bin/sed; sed -n 1p /etc/hostname; ls /usr/bin/sed')).toBe(
		"bash: sed: command not found\nls: cannot access '/usr/bin/sed': No such file or directory\n",
	);
	expect(await run('echo "echo hi" | sudo tee /bin/foo > /dev/null; sudo chmod +x /usr/bin/foo; foo')).toBe('hi\n');
	expect(await run('docker exec basic-worker sh -c "rm /usr/bin/curl; curl -V" 2>&1')).toMatch(
		/curl: (?:command )?not found/,
	);
});

it('an option of shopt that nothing here heeds is refused', async () => {
	const t = await terminal('empty');
	expect(await t.run('shopt -s nocaseglob; echo $?')).toBe(
		'bash: shopt: nocaseglob: this terminal tells upper and lower case in names of files apart\n1\n',
	);
	expect(await t.run('shopt -u nocaseglob; echo $?')).toBe('0\n');
});
