/** Words of network tools that were once read past: patterns, columns, commands together, ports alone. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('sysctl lists what a pattern meets, and writes values without the line’s end', async () => {
	const lab = await terminal();
	const node = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
	const three = 'net.ipv4.ip_forward = 1\nnet.ipv4.ip_forward_update_priority = 1\nnet.ipv4.ip_forward_use_pmtu = 0\n';
	expect(await node("sysctl -a --pattern 'ipv4.ip_forward'")).toBe(three);
	expect(await node("sysctl -ar 'ipv4.ip_forward$'")).toBe('net.ipv4.ip_forward = 1\n');
	expect(await node('sysctl -r ip_forward net.ipv4.ip_forward net.ipv4.ip_default_ttl')).toBe(
		'net.ipv4.ip_forward = 1\n',
	);
	expect(await node('sysctl -b net.ipv4.ip_forward')).toBe('1');
});

test('sysctl --system reads the files of its directories, and says which', async () => {
	const lab = await terminal();
	await lab.run("echo 'net.ipv4.ip_default_ttl = 61' | sudo tee /etc/sysctl.d/90-ttl.conf");
	expect(await lab.run('sudo sysctl --system | grep -A1 90-ttl')).toBe(
		'* Applying /etc/sysctl.d/90-ttl.conf ...\nnet.ipv4.ip_default_ttl = 61\n',
	);
	expect(await lab.run('sysctl -n net.ipv4.ip_default_ttl')).toBe('61\n');
});

test('iptables -L and -Z together list and then zero', async () => {
	const lab = await terminal();
	const node = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
	await node('iptables -I INPUT -p tcp --dport 6443');
	await lab.run('kubectl get nodes --server https://172.18.0.3:6443 --request-timeout 2s');
	await lab.run('curl -m 2 http://172.18.0.3:6443');
	const listed = await node('iptables -L INPUT 1 -n -v -x -Z');
	expect(listed).toMatch(/^ +[1-9]\d* +[1-9]\d* +tcp .*dpt:6443/);
	expect(await node('iptables -L INPUT -n -Z')).toContain('Chain INPUT (policy ACCEPT)\n');
	expect(await node('iptables -L INPUT 1 -n -v -x')).toMatch(/^ +0 +0 +tcp .*dpt:6443/);
});

test('lsns shows the columns that are asked for', async () => {
	const lab = await terminal();
	const node = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
	expect(await node('lsns -t net -o NS,PID,COMMAND')).toMatch(/^ +NS +PID COMMAND\n\d{10} +1 \/sbin\/init\n/);
	expect(await node('lsns -t net -n -r -o pid,type')).toMatch(/^1 net\n\d+ net\n/);
	const { namespaces } = JSON.parse(await node('lsns -J --type net -o NS,PID')) as { namespaces: unknown[] };
	expect(namespaces[0]).toEqual({ ns: expect.any(Number), pid: 1 });
	expect(await node('lsns -t net -o nope')).toBe('lsns: unknown column: nope\n');
});

test('ss takes a port without an address, and an address with any port', async () => {
	const lab = await terminal();
	const node = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
	const by = await node('ss -Htln sport = :10250');
	expect(by).toContain('*:10250');
	expect(await node("ss -Htln 'src :10250'")).toBe(by);
	expect(await node("ss -Htln src '*:10250'")).toBe(by);
	expect(await node('ss -Htn dst 172.18.0.4:6443')).toBe(await node("ss -Htn 'dst 172.18.0.4 and dst :6443'"));
});

test('curl puts each URL of a range where -o says, and says what is no range', async () => {
	const lab = await terminal();
	const url = 'http://172.18.0.4:32017';
	await lab.run(`curl -s '${url}/[01-03:2]{a,b}' -o '/tmp/g#1_#2_#3'`);
	expect(await lab.run('ls -1 /tmp/g*')).toBe('/tmp/g01_a_#3\n/tmp/g01_b_#3\n/tmp/g03_a_#3\n/tmp/g03_b_#3\n');
	expect(await lab.run(`curl -s '${url}/[a-c]' -o /tmp/h -w '%{url_effective}\\n'`)).toBe(
		`${url}/a\n${url}/b\n${url}/c\n`,
	);
	expect(await lab.run(`curl '${url}/[3-1]'; echo $?`)).toBe(
		`curl: (3) bad range in URL position 26:\n${url}/[3-1]\n                         ^\n3\n`,
	);
	expect(await lab.run(`curl '${url}/{a'; echo $?`)).toBe(
		`curl: (3) unmatched brace in URL position 25:\n${url}/{a\n                        ^\n3\n`,
	);
	expect(await lab.run(`curl -# ${url} -o /dev/null`)).toBe(`\r${'#'.repeat(72)} 100.0%\n`);
});
