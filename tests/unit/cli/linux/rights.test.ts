/** What containers may do to a network: capabilities as the kernel asks for them. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	const pod = (name: string, security: object): Promise<string> =>
		lab.run(
			`kubectl run ${name} --image=nicolaka/netshoot --overrides='${JSON.stringify({ spec: { hostNetwork: true, nodeName: 'basic-worker', containers: [{ name, image: 'nicolaka/netshoot', args: ['sleep', '1d'], securityContext: security }] } })}'`,
		);
	await pod('plain', {});
	await pod('admin', { capabilities: { add: ['NET_ADMIN'] } });
	await pod('deaf', { capabilities: { drop: ['ALL'] } });
	await pod('whole', { privileged: true });
	await lab.run('kubectl wait --for=condition=Ready pod --all --timeout=2m');
});
const by = (pod: string, line: string): Promise<string> => lab.run(`kubectl exec ${pod} -- ${line}`);

test('a container without NET_ADMIN looks at the network and changes nothing', async () => {
	const refused = 'RTNETLINK answers: Operation not permitted\ncommand terminated with exit code 2\n';
	const before = await by('plain', 'ip route');
	expect(before).toContain('default via ');
	for (const change of [
		'ip link set eth0 mtu 1300',
		'ip route add 10.9.0.0/16 via 172.18.0.1',
		'ip addr add 10.9.9.9/32 dev lo',
		'ip rule add from 10.0.0.0/8 table 100',
		'ip neigh replace 172.18.0.1 lladdr 02:00:00:00:00:01 dev eth0',
	])
		expect(await by('plain', change), change).toBe(refused);
	expect(await by('plain', 'ip route')).toBe(before);
	expect(await by('plain', 'cat /sys/class/net/eth0/mtu')).toBe('1500\n');
});

test('rules and connections are not even shown to it', async () => {
	const rules =
		'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n\n';
	expect(await by('plain', 'iptables -L -n')).toBe(`${rules}command terminated with exit code 4\n`);
	expect(await by('plain', 'iptables-save')).toBe(
		`${rules.replace('iptables', 'iptables-save')}command terminated with exit code 4\n`,
	);
	expect(await by('plain', 'conntrack -L')).toBe(
		'conntrack v1.4.6 (conntrack-tools): Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this\ncommand terminated with exit code 1\n',
	);
	expect(await by('plain', 'tc filter del dev eth0 ingress')).toMatch(/^RTNETLINK answers: Operation not permitted\n/);
});

test('NET_ADMIN is enough for all but /proc/sys, which only privileged containers may write', async () => {
	expect(await by('admin', 'iptables -S INPUT')).toMatch(/^-P INPUT ACCEPT\n/);
	expect(await by('admin', 'ip route add 10.9.0.0/16 via 172.18.0.1')).toBe('');
	expect(await by('admin', 'ip route get 10.9.0.1')).toContain('via 172.18.0.1');
	for (const pod of ['plain', 'admin'])
		expect(await by(pod, 'sysctl -w net.ipv4.ip_default_ttl=60')).toBe(
			'sysctl: setting key "net.ipv4.ip_default_ttl": Read-only file system\ncommand terminated with exit code 255\n',
		);
	expect(await by('whole', 'sysctl -w net.ipv4.ip_default_ttl=60')).toBe('net.ipv4.ip_default_ttl = 60\n');
});

test('captures need NET_RAW, which pods have unless they give it up', async () => {
	expect(await by('deaf', 'tcpdump -c1 -i eth0')).toBe(
		"tcpdump: eth0: You don't have permission to perform this capture on that device\n(Attempt to create packet socket failed - CAP_NET_RAW may be required)\ncommand terminated with exit code 1\n",
	);
	expect(await by('plain', 'timeout 1 tcpdump -i eth0')).toContain('listening on eth0');
});

test('a dump of a cooked capture with its link header begins with the protocol and the number of the device', async () => {
	await lab.run('kubectl exec plain -- timeout 3 tcpdump -c1 -nni any -xx icmp > /tmp/dump &');
	await lab.run('sleep 1; ping -c1 172.18.0.3; wait');
	expect(await lab.run('cat /tmp/dump')).toMatch(/\n\t0x0000: {2}0800 0000 0000 0002 0001 0006 /);
});

test('the user of the workstation has no capabilities without sudo', async () => {
	const rules =
		'iptables v1.8.7 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)\n\n';
	expect(await lab.run('iptables -L -n')).toBe(rules);
	expect(await lab.run('sudo iptables -S INPUT')).toBe('-P INPUT ACCEPT\n');
	expect(await lab.run('ip link add d0 type dummy')).toBe('RTNETLINK answers: Operation not permitted\n');
	expect(await lab.run('sudo ip link add d0 type dummy; ip -br link show d0')).toContain('d0 ');
	expect(await lab.run('nsenter -t 1 -n ip a')).toBe('nsenter: cannot open /proc/1/ns/net: Permission denied\n');
	expect(await lab.run('ping -c 1 172.18.0.2')).toContain(' 0% packet loss');
});

test('containers of docker run change the network if they were given NET_ADMIN', async () => {
	const add = 'nicolaka/netshoot ip link add d1 type dummy 2>&1; echo $?';
	await lab.run('docker pull -q nicolaka/netshoot');
	expect(await lab.run(`docker run --rm ${add}`)).toBe('RTNETLINK answers: Operation not permitted\n2\n');
	expect(await lab.run(`docker run --rm --cap-add NET_ADMIN ${add}`)).toBe('0\n');
	expect(await lab.run(`docker run --rm --privileged ${add}`)).toBe('0\n');
});
