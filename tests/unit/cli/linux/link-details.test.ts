/** `ip -d link`, and a match by its old name. */
import { expect, test } from 'vitest';
import { terminal } from './terminal.ts';

test('ip -d tells of queues, of a bridge by its own address, and of ports by their numbers', async () => {
	const lab = await terminal();
	const cpus = (await lab.run('nproc')).trim();
	const node = await lab.run('docker exec basic-worker ip -d link show eth0');
	expect(node).toContain(`veth addrgenmode eui64 numtxqueues ${cpus} numrxqueues ${cpus} gso_max_size 65536`);
	const bridge = (await lab.run('ip -br link | grep -o "^br-[0-9a-f]*"')).trim();
	const mac = (await lab.run(`cat /sys/class/net/${bridge}/address`)).trim();
	const id = `8000.${mac
		.split(':')
		.map((octet) => Number.parseInt(octet, 16).toString(16))
		.join(':')}`;
	expect(await lab.run(`ip -d link show ${bridge}`)).toContain(`bridge_id ${id} designated_root ${id} `);
	const ports = await lab.run('ip -d link');
	expect(ports).toContain(
		`port_id 0x8001 port_no 0x1 designated_port 32769 designated_cost 0 designated_bridge ${id} `,
	);
	expect(ports).toContain('port_id 0x8002 port_no 0x2 designated_port 32770 ');
});

test('-m state is shown as it was written', async () => {
	const lab = await terminal();
	const node = (line: string): Promise<string> => lab.run(`docker exec basic-worker ${line}`);
	await node('iptables -A INPUT -p tcp -m state --state RELATED,NEW -m tcp --dport 9999 -j DROP');
	expect(await node('iptables -S INPUT')).toContain(
		'-A INPUT -p tcp -m state --state NEW,RELATED -m tcp --dport 9999 -j DROP\n',
	);
	expect(await node('iptables -L INPUT')).toMatch(/DROP +tcp .* state NEW,RELATED tcp dpt:9999\n/);
	expect(await node('iptables -D INPUT -p tcp -m state --state NEW,RELATED -m tcp --dport 9999 -j DROP')).toBe('');
	expect(await node('iptables -S INPUT')).not.toContain('9999');
});

test('on the workstation only root writes kernel settings', async () => {
	const lab = await terminal();
	expect(await lab.run('sysctl -w net.ipv4.ip_default_ttl=60; echo $?')).toBe(
		'sysctl: permission denied on key "net.ipv4.ip_default_ttl"\n255\n',
	);
	expect(await lab.run('sudo sysctl -w net.ipv4.ip_default_ttl=60; sysctl -n net.ipv4.ip_default_ttl')).toBe(
		'net.ipv4.ip_default_ttl = 60\n60\n',
	);
});
