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

test('a bridge of Docker without a port that is up has no carrier, and its routes say so', async () => {
	const lab = await terminal();
	const link = (): Promise<string> => lab.run('ip -br link show docker0 | sed -E "s/ +[0-9a-f:]{17}//; s/ +/ /g"');
	const down = 'docker0 DOWN <NO-CARRIER,BROADCAST,MULTICAST,UP> \n';
	expect(await link()).toBe(down);
	expect(await lab.run('ip route show dev docker0')).toBe(
		'172.17.0.0/16 proto kernel scope link src 172.17.0.1 linkdown \n',
	);
	expect(await lab.run('ip route show table local dev docker0')).toBe(
		'local 172.17.0.1 proto kernel scope host src 172.17.0.1 \nbroadcast 172.17.255.255 proto kernel scope link src 172.17.0.1 linkdown \n',
	);
	expect(await lab.run('cat /sys/class/net/docker0/carrier /sys/class/net/docker0/operstate')).toBe('0\ndown\n');
	expect(await lab.run('ethtool docker0 | tail -n 1; ifconfig docker0 | head -n 1')).toBe(
		'\tLink detected: no\ndocker0: flags=4099<UP,BROADCAST,MULTICAST>  mtu 1500\n',
	);
	await lab.run('docker run -d --name one alpine sleep 1000');
	expect(await link()).toBe('docker0 UP <BROADCAST,MULTICAST,UP,LOWER_UP> \n');
	expect(await lab.run('ip route show dev docker0')).not.toContain('linkdown');
	await lab.run('docker rm -f one');
	expect(await link()).toBe(down);
});

test('a bridge that was only made has a carrier until it gets a port; only an end that is here is told to be down', async () => {
	const lab = await terminal();
	const state = (): Promise<string> =>
		lab.run('ip -br link | grep "^[ab][01]" | sed -E "s/ +[0-9a-f:]{17}//; s/ +/ /g"');
	await lab.run('sudo ip link add b0 type bridge; sudo ip link set b0 up');
	expect(await state()).toBe('b0 UNKNOWN <BROADCAST,MULTICAST,UP,LOWER_UP> \n');
	await lab.run('sudo ip link add a0 type veth peer name a1; sudo ip link set a0 master b0; sudo ip link set a0 up');
	expect(await state()).toBe(
		'b0 DOWN <NO-CARRIER,BROADCAST,MULTICAST,UP> \na1@a0 DOWN <BROADCAST,MULTICAST> \na0@a1 LOWERLAYERDOWN <NO-CARRIER,BROADCAST,MULTICAST,UP,M-DOWN> \n',
	);
});
