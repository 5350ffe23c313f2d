/** Names of /proc/sys: all a kernel has, those that matter to packets with their effect or an honest word. */
import { expect, test } from 'vitest';
import { ECHO, node, pod, worldLab } from './lab.ts';
import { terminal } from './terminal.ts';

const worker = node('worker');

test('a machine that ignores echo requests answers no ping', async () => {
	const lab = worldLab();
	expect(await lab.at(pod(ECHO), 'ping -c1 -W1 172.18.0.3')).toContain(' 0% packet loss');
	await lab.at(worker, 'sysctl -qw net.ipv4.icmp_echo_ignore_all=1');
	expect(await lab.at(pod(ECHO), 'ping -c1 -W1 172.18.0.3')).toContain('100% packet loss');
});

test('what is no matter of packets is kept as it was written, and checked as the kernel does', async () => {
	const lab = worldLab();
	expect(await lab.at(worker, 'sysctl -n net.core.somaxconn')).toBe('4096\n');
	expect(await lab.at(worker, 'sysctl -w net.core.somaxconn=1024')).toBe('net.core.somaxconn = 1024\n');
	expect(await lab.at(worker, 'cat /proc/sys/net/core/somaxconn')).toBe('1024\n');
	expect(await lab.at(node('worker2'), 'sysctl -n net.core.somaxconn')).toBe('4096\n');
	expect(await lab.at(worker, 'sysctl -w net.core.somaxconn=much')).toContain('Invalid argument');
});

test('where a value would change packets, and the simulator cannot, it stays and is said to', async () => {
	const lab = worldLab();
	expect(await lab.at(worker, 'sysctl -w net.ipv4.conf.all.arp_ignore=1')).toContain('it stays 0');
	expect(await lab.at(worker, 'sysctl -n net.ipv4.conf.all.arp_ignore')).toBe('0\n');
});

test('the kernel has the name that hostname says, and a command on a node the variables that Docker gives it', async () => {
	const { run } = await terminal();
	await run('docker run -d --name one alpine sleep 1000; docker run -d --name two --hostname deux alpine sleep 1000');
	for (const place of ['', 'docker exec basic-worker ', 'docker exec one ', 'docker exec two '])
		expect(await run(`${place}sysctl -n kernel.hostname`)).toBe(await run(`${place}hostname`));
	expect(await run('cat /proc/sys/kernel/hostname')).toBe('laptop\n');
	const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n';
	expect(await run('docker exec basic-worker env')).toBe(
		`${path}HOSTNAME=basic-worker\ncontainer=docker\nHOME=/root\n`,
	);
	expect(await run('docker exec basic-control-plane env | grep KUBECONFIG')).toBe(
		'KUBECONFIG=/etc/kubernetes/admin.conf\n',
	);
});
