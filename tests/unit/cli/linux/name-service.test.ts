import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test('rules of Docker’s that somebody took away stay away, and those of a new container are added', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('sudo iptables -S DOCKER')).toContain('--dport 6443 -j ACCEPT');
	await t.run('sudo iptables -F DOCKER');
	await t.run('ip address');
	expect(await t.run('sudo iptables -S DOCKER')).toBe('-N DOCKER\n');
	await t.run('docker run -d -p 8088:80 nginx');
	const rules = await t.run('sudo iptables -S DOCKER');
	expect(rules).toMatch(/-d 172\.17\.0\.2\/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 80 -j ACCEPT/);
	expect(rules).not.toContain('6443');
});

test('getent asks files and name servers, and has exit code 2 for what is not there', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('getent passwd root')).toMatch(/^root:x:0:0:/);
	expect(await t.run('docker exec basic-worker getent hosts basic-worker2')).toBe('172.18.0.2      basic-worker2\n');
	await t.run('getent group nobody-has-this');
	expect(t.code()).toBe(2);
	expect(await t.run('getent foo')).toMatch(/^Unknown database: foo\n/);
});

test('ss tells of every connection what both ends agreed on, and what listens its window', async () => {
	const t = await terminal('kind-basic');
	expect(await t.run('docker exec basic-worker ss -tni')).toMatch(
		/^ESTAB .*:6443.*\n\t ts sack cubic wscale:7,7 mss:1448 pmtu:1500 cwnd:10$/m,
	);
	expect(await t.run('docker exec basic-worker ss -tlni')).toMatch(/^LISTEN .*:10250 .*\n\t cubic cwnd:10$/m);
	expect(await t.run('docker exec basic-worker ss -tnm')).toMatch(/\n\t skmem:\(r0,rb131072,t0,tb87040,/);
});

test('/proc/net counts sockets by protocol, and says that it knows no Unix sockets', async () => {
	const t = await terminal('kind-basic');
	const listed = await t.run('docker exec basic-worker ss -Htan4');
	const [, , used] = (await t.run('docker exec basic-worker grep "^TCP " /proc/net/protocols')).split(/\s+/);
	expect(Number(used)).toBe(listed.trim().split('\n').length);
	expect(await t.run('cat /proc/net/xfrm_stat')).toContain('XfrmInError             \t0\n');
	expect(await t.run('cat /proc/net/unix')).toBe('bash: /proc/net/unix: the simulator knows no Unix sockets\n');
});
