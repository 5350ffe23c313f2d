import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('what a place has and the simulator has not says so, and is found as a program is', async () => {
	const t = await terminal();
	expect(await t.run('command -v adduser; which adduser; type adduser; adduser bob; echo $?')).toBe(
		'/usr/sbin/adduser\n/usr/sbin/adduser\nadduser is /usr/sbin/adduser\n' +
			'adduser: the program is here, but the simulator does not have it\n1\n',
	);
	expect(await t.run('/usr/sbin/adduser; nosuch')).toBe(
		'adduser: the program is here, but the simulator does not have it\nbash: nosuch: command not found\n',
	);
	expect(await t.run("ls -l /usr/bin/sudo /bin | awk '{ print $1, $5, $NF }'")).toBe(
		'lrwxrwxrwx 7 usr/bin\n-rwsr-xr-x 232704 /usr/bin/sudo\n',
	);
});

test('images have the programs of their system and no others', async () => {
	const t = await terminal('empty');
	await t.run('docker run -d --name a alpine sleep 1000; docker run -d --name b busybox sleep 1000');
	expect(await t.run("docker exec a sh -c 'readlink /bin/ls; type apk; column'")).toBe(
		'/bin/busybox\napk is /sbin/apk\nsh: column: not found\n',
	);
	expect(await t.run("docker exec b sh -c 'ls /bin | wc -l; type adduser; apk; ls -l /usr/bin | wc -l'")).toMatch(
		/^\d{3}\nadduser is \/bin\/adduser\nsh: apk: not found\n1\n$/,
	);
	await t.run('docker run -d --name d debian:12 sleep 1000; docker run -d --name c debian:11 sleep 1000');
	expect(
		await t.run('docker exec d readlink /bin; docker exec c readlink /bin; docker exec d cat /bin/true | head -c 4'),
	).toBe('usr/bin\n\x7fELF');
	expect(
		await t.run(
			"docker exec d sh -c 'rm /usr/bin/chage; chage; echo echo mine > /usr/bin/chage; chmod +x /usr/bin/chage; chage'",
		),
	).toBe('sh: 1: chage: not found\nmine\n');
});

test('systemctl of the workstation tells of Docker, whose processes ps shows', async () => {
	const t = await terminal();
	expect(await t.run('systemctl is-active docker containerd kubelet; echo $?')).toBe('active\nactive\ninactive\n3\n');
	const status = await t.run('systemctl status docker');
	const pid = (await t.run('pgrep -o dockerd')).trim();
	expect(status).toContain(`   Main PID: ${pid} (dockerd)\n`);
	expect(status.match(/docker-proxy/g)?.length).toBe(Number((await t.run('pgrep -c docker-proxy')).trim()));
	expect(await t.run('systemctl stop docker; echo $?')).toMatch(/^systemctl: .*only\n1\n$/);
});

test('a node has the programs of the packages that somebody installed', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('docker exec basic-worker which tcpdump ifconfig')).toBe('');
	await t.run("docker exec basic-worker sh -c 'apt-get -y update && apt-get -y install net-tools tcpdump'");
	expect(await t.run('docker exec basic-worker which tcpdump ifconfig')).toBe('/usr/bin/tcpdump\n/usr/sbin/ifconfig\n');
	expect(await t.run('docker exec basic-worker2 which tcpdump ifconfig')).toBe('');
});
