/** The Linux tools of the lab beside the programs themselves: the same commands, the same text. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Settings } from '../../src/sim/world/index.ts';
import { aloneLab, ECHO, pod, worldLab } from '../unit/cli/linux/lab.ts';
import { whyNot } from './harness/agent.ts';

const reason = whyNot();
if (reason) console.log(`tests/kernel/tools: skipped, ${reason}`);

const has = (program: string): boolean => spawnSync('which', [program], { stdio: 'ignore' }).status === 0;

const NS = `pw-tools-${process.pid}`;

/** In the namespace; standard error behind standard output, as a terminal shows them. */
const real = (line: string, input?: string): string =>
	spawnSync('ip', ['netns', 'exec', NS, 'bash', '-c', `${line} 2>&1`], {
		encoding: 'utf8',
		...(input === undefined ? {} : { input }),
		env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
		timeout: 20_000,
	}).stdout;

/** What makes both machines alike. */
const SETUP = [
	'ip link set lo up',
	'ip link add br0 type bridge',
	'ip link set br0 address 02:00:00:00:00:10',
	'ip link add v0 type veth peer name v1',
	'ip link set v0 address 02:00:00:00:00:20',
	'ip link set v1 address 02:00:00:00:00:21',
	'ip addr add 10.1.0.1/31 dev v0',
	'ip addr add 10.2.0.1/32 dev v0',
	'ip link set v0 up',
	'ip link set v1 up',
	'ip link set v1 master br0',
	'ip link set br0 up',
	'ip link add w0 type veth peer name w1',
	'ip link set w0 address 02:00:00:00:00:30',
	'ip link set w1 address 02:00:00:00:00:31',
	'ip link set w0 up',
	'ip route add 10.9.0.0/16 via 10.1.0.0 dev v0 src 10.1.0.1 metric 5',
	'ip route add default via 10.1.0.0',
	'ip route add unreachable 10.8.0.0/16',
	'ip route add blackhole 10.7.0.0/16',
	'ip route add 10.6.0.0/16 dev v0 mtu 1400',
	'ip route add default via 10.1.0.0 table 100',
	'ip route add local default dev lo table 2004',
	'ip rule add fwmark 0x200/0xf00 lookup 2004 pref 9',
	'ip rule add from 10.2.0.1 to 10.3.0.0/16 lookup 100',
	'ip rule add iif v0 lookup 100',
	'ip rule add from 10.4.0.0/16 lookup main pref 60 proto static',
	'ip neigh add 10.1.0.0 lladdr 02:42:ac:12:00:02 dev v0 nud permanent',
];

const SHOWS = [
	'ip address',
	'ip -4 a',
	'ip -br a',
	'ip -4 -br address',
	'ip -br link',
	'ip link',
	'ip -o link',
	'ip -o -4 a',
	'ip -o a',
	'ip link show v0',
	'ip link show type veth',
	'ip link show master br0',
	'ip a show up',
	'ip -j -4 a',
	'ip -j a',
	'ip -j -br link',
	'ip route',
	'ip -d r',
	'ip r show dev v0',
	'ip -4 route show table all',
	'ip route show table local',
	'ip route show table 100',
	'ip route list default',
	'ip route show 10.9.0.0/16',
	'ip route show match 10.9.1.1',
	'ip route show root 10.0.0.0/8',
	'ip route show proto kernel',
	'ip route show scope link',
	'ip -j route',
	'ip route get 10.1.0.0',
	'ip route get 10.6.0.1',
	'ip -j route get 10.6.0.1',
	'ip route get 10.9.0.1 mark 0x10',
	'ip route get 9.9.9.9 mark 0x200',
	'ip route get 10.3.0.1 from 10.2.0.1',
	'ip route get 10.1.0.1',
	'ip route get 127.0.0.1',
	'ip -j route get 10.9.0.1',
	'ip rule',
	'ip -j rule',
	'ip neigh',
	'ip -j neigh',
	'ip n show dev v0',
	'ip -br neigh',
	'ip -br neigh show dev v0',
	'ip -j -p address',
	'ip -p -j route',
	'ip -j -p route get 10.1.0.1',
	'ip -j -p rule',
	'ip -j -p neigh',
	'ip -j -p neigh show nud failed',
	'ip -d rule',
	'ip -d -j rule',
	'ip -N rule',
	'ip -N -d rule',
	'ip -N -4 route show table all type unicast',
	'ip -6 -N route',
	'ip -N -4 -d route show table all',
	'ip -N -j route',
	'ip -o route get 10.9.0.1',
	'ip -d route get 10.9.0.1',
	'ip -d -j route get 10.9.0.1',
	'ip -d route get 10.1.0.1',
	'ip -s -s link show lo',
	'ip -s -s -j link show lo',
	'ip -o -s link show lo',
	'ip -6 route',
	'ip -j -6 route',
	'ip -6 -j neigh',
	'ip -6 -j rule',
	'ip -0 addr',
	'ip maddress',
	'ip -j maddress',
	'ip -p -j maddress show dev v0',
	'bridge link',
	'tc qdisc',
	'tc qdisc show dev v0',
	'tc filter show dev v0 ingress',
	'cat /proc/net/arp',
	'cat /proc/net/route',
];

const NET_TOOLS = ['route -n', 'netstat -rn', 'arp -an', 'arp -n'];

/** Wrong input of every sort: what is said, and the exit code. */
const WRONG = [
	'ip foo',
	'ip -x',
	'ip addr foo',
	'ip addr show dev nope',
	'ip addr add 10.1.0.1/31 dev v0',
	'ip addr add 300.1.1.1 dev v0',
	'ip addr add 10.1.1.1 dev',
	'ip addr add 10.1.1.1',
	'ip addr del 9.9.9.9/32 dev v0',
	'ip addr flush',
	'ip link add',
	'ip link add foo',
	'ip link add foo type bar',
	'ip link add v0 type bridge',
	'ip link del nope',
	'ip link del lo',
	'ip link set',
	'ip link set nope up',
	'ip link set v0 mtu x',
	'ip link set v0 mtu 10',
	'ip link set v0 bogus',
	'ip link set v0 master nope',
	'ip link set v0 address zz',
	'ip link show master br9',
	'ip route add 1.2.3.4',
	'ip route del 9.9.9.9',
	'ip route get nope',
	// Each stream alone: a pipe's output is written at the end.
	'ping -c2 -i 0.2 -M do -s 1373 10.6.0.1 2> /dev/null | sed s/time.*ms//',
	'ping -c2 -i 0.2 -M do -s 1373 10.6.0.1 > /dev/null',
	'ping -q -c1 -M do -s 1373 10.6.0.1',
	'ping -c1 -s 65508 10.1.0.0 > /dev/null',
	'ping 10.8.0.1',
	'ping 10.7.0.1',
	'ping',
	'ping -c 0 10.1.0.1',
	'ping -M bogus 10.1.0.1',
	'ping -I nope 10.1.0.1',
	'ping -I 9.9.9.9 10.1.0.1',
	'ping -p xy 10.1.0.1',
	'ping -Z',
	'ping -t 0 10.1.0.1',
	'ping -l 0 10.1.0.1',
	'ip route get',
	'ip route get 10.8.0.1',
	'ip route get 10.7.0.1',
	'ip route add 5.5.5.5/33 via 10.1.0.0',
	'ip route add 5.5.5.0/24 via 99.9.9.9',
	'ip route add 5.5.5.1/24 dev v0',
	'ip route add 5.5.5.0/24 dev nope',
	'ip route add default via 10.1.0.0',
	'ip route show table 77',
	'ip route flush',
	'ip route change 7.7.7.7 dev v0',
	'ip rule add',
	'ip rule add bogus',
	'ip rule del fwmark 5',
	'ip neigh add 1.2.3.4',
	'ip neigh add 1.1.1.1 dev v0',
	'ip neigh add 10.1.0.8 lladdr xx dev v0',
	'ip neigh del 10.1.0.77 dev v0',
	'ip neigh show dev nope',
	'ip neigh flush',
	'ip netns exec nope-nope ls',
	'bridge foo',
	'bridge link show dev nope',
];

describe.skipIf(reason !== undefined)('tools beside the programs', () => {
	const lab = aloneLab();
	const both = async (line: string): Promise<[mine: string, real: string]> => [await lab.run(line), real(line)];

	beforeAll(async () => {
		execFileSync('ip', ['netns', 'add', NS]);
		// Addresses of IPv6 are there at once.
		real('sysctl -qw net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0');
		// The programs run as root here: so do the lab's.
		await lab.run('sudo -s');
		for (const line of SETUP) expect(await both(line), line).toEqual(['', '']);
		// Ports of a bridge forward after a while, and links are up when somebody has looked.
		spawnSync('sleep', ['1']);
	});
	afterAll(() => {
		spawnSync('ip', ['netns', 'del', NS]);
	});

	for (const line of SHOWS)
		test(`"${line}" prints what the program prints`, async () => {
			const [mine, there] = await both(line);
			expect(mine).toBe(there);
			expect(mine.length > 0 || line.startsWith('tc filter')).toBe(true);
		});

	// What a kernel of another version, or configured otherwise, has besides; and what a clock or a number of CPUs is in.
	const ofKernel = (text: string): string =>
		text
			.replace(/ +(?:allmulti|no_linklocal_learn|mcast_vlan_snooping|vlan_\w+(?<!tunnel)|bcast_flood|locked) \S+/g, '')
			.replace(
				/"(?:allmulti|no_linklocal_learn|mcast_vlan_snooping|vlan_\w+(?<!tunnel)|bcast_flood|locked)":[^,}]+,?/g,
				'',
			)
			.replace(/ tso_max_size .*$/gm, ' ')
			.replace(/"tso_max_size.*?65536/g, '')
			.replace(/,(?=[},])/g, '')
			.replace(/((?:gc|forward_delay)_timer"?:?) *[\d.]+/g, '$1 N')
			.replace(/(num_?[rt]x_?queues"?.)\d+/g, '$1N');
	for (const line of ['ip -d link', 'ip -d address show w0', 'ip -j -d link', 'ip -d -j address'])
		test(`"${line}" prints what the program prints, but for the kernel's version`, async () => {
			const [mine, there] = await both(line);
			expect(ofKernel(mine)).toBe(ofKernel(there));
			expect(mine).toMatch(/max_?mtu/);
		});

	for (const line of NET_TOOLS)
		test.skipIf(!has(line.split(' ')[0]!))(`"${line}" prints what the program prints`, async () => {
			const [mine, there] = await both(line);
			expect(mine).toBe(there);
		});

	test('wrong input is refused in the words of the program, with its exit code', async () => {
		const mine: string[] = [];
		const there: string[] = [];
		for (const line of WRONG) {
			mine.push(`${line}\n${await lab.run(`${line}; echo "code $?"`)}`);
			there.push(`${line}\n${spawnReal(`${line}; echo "code $?"`)}`);
		}
		expect(mine).toEqual(there);
	});

	test('a device that goes down loses its routes, and gets back those of its addresses', async () => {
		for (const line of [
			'ip link set v0 down',
			'ip -4 route show table all',
			'ip -br link show v0',
			'ip link set v0 up',
			'ip -4 route show table all',
		]) {
			const [mine, there] = await both(line);
			expect({ line, text: mine }).toEqual({ line, text: there });
		}
	});

	const spawnReal = (line: string): string => {
		const { stdout, stderr } = spawnSync('ip', ['netns', 'exec', NS, 'bash', '-c', line], {
			encoding: 'utf8',
			env: { ...process.env, LC_ALL: 'C' },
		});
		return stderr + stdout;
	};

	const RULES = [
		'iptables -t nat -A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE',
		'iptables -A INPUT -p tcp --dport 8080 -m comment --comment "hi there" -j ACCEPT',
		'iptables -A INPUT -i v0 -m conntrack --ctstate NEW,ESTABLISHED -j DROP',
		'iptables -N FOO',
		'iptables -A FOO -s 1.2.3.0/24 ! -d 5.6.7.8 -o v0 -p udp -m udp --sport 100:200 -m mark --mark 0x4000/0x4000 -j REJECT',
		'iptables -I FORWARD -j FOO',
		'iptables -I INPUT 2 -m multiport -p tcp --dports 1,2:3 -j RETURN',
		'iptables -t nat -A PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 10.1.0.1:8080',
		'iptables -t nat -A PREROUTING -p tcp -m addrtype --dst-type LOCAL -m statistic --mode random --probability 0.5 -j REDIRECT --to-ports 8080',
		'iptables -t nat -A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN',
		'iptables -t mangle -A PREROUTING -j MARK --set-xmark 0x4000/0x4000',
		'iptables -t mangle -A PREROUTING -j MARK --or-mark 0x8000',
		'iptables -P FORWARD DROP',
		'iptables -D INPUT 3',
	];
	/** From 1.8.8 on the protocol is a number with -n. */
	const protocols = (text: string): string =>
		text.replace(
			/ (6|17|0|1) +-- {2}/g,
			(_, n: string) => ` ${{ 6: 'tcp', 17: 'udp', 0: 'all', 1: 'icmp' }[n]!.padEnd(4)} --  `,
		);
	/** Without dates. */
	const undated = (text: string): string => text.replace(/^# .*\n/gm, '');

	test('iptables adds, inserts and deletes rules, and lists them as the program does', async () => {
		for (const line of RULES) expect(await both(line), line).toEqual(['', '']);
		for (const line of [
			'iptables-save',
			'iptables-save -t nat',
			'iptables -S',
			'iptables -S FOO',
			'iptables -t nat -S PREROUTING',
			'iptables -S -v',
			'iptables -L -n',
			'iptables -L -n -v --line-numbers',
			'iptables -t nat -L -n -v',
			'iptables -t nat -nvL POSTROUTING',
			'iptables -t mangle -L PREROUTING -n',
			'iptables -L FOO 1 -n',
		]) {
			const [mine, there] = await both(line);
			// Chains of users come in the order they were made, or of the name: there is one here.
			expect({ line, text: undated(mine) }).toEqual({ line, text: protocols(undated(there)) });
		}
	});

	test('iptables refuses what the program refuses', async () => {
		for (const line of [
			'iptables -A NOPE -j ACCEPT',
			'iptables -A INPUT -j NOPE',
			'iptables -D INPUT 99',
			'iptables -X FOO',
			'iptables -F NOPE',
			'iptables -N FOO',
			'iptables -D INPUT -s 9.9.9.9 -j DROP',
			'iptables -C INPUT -s 9.9.9.9 -j DROP',
			'iptables -P FOO DROP',
			'iptables -P INPUT REJECT',
			'iptables --bogus',
			'iptables',
			'iptables -A INPUT -m bogus',
			'iptables -A INPUT -p tcp --dport',
			'iptables -A INPUT --dport 80 -j ACCEPT',
			'iptables -A INPUT -s 1.2.3.400 -j ACCEPT',
			'iptables -I INPUT 99 -j ACCEPT',
			'iptables -t nat -A INPUT -j MASQUERADE',
			'iptables -t nope -L',
			'iptables-save -t foo',
		]) {
			const mine = await lab.run(line);
			expect({ line, text: mine.replaceAll('v1.8.7', 'v') }).toEqual({
				line,
				text: spawnReal(line).replace(/v1\.8\.\d+/g, 'v'),
			});
		}
	});

	test('ss and netstat list a listener as the programs do', async () => {
		const server = spawnSync(
			'ip',
			[
				'netns',
				'exec',
				NS,
				'bash',
				'-c',
				`python3 -c 'import socket,time
s=socket.socket(); s.bind(("0.0.0.0",8080)); s.listen(4096); time.sleep(9)' & until ss -Hltn | grep -q :8080; do sleep 0.1; done; ss -ltn; ss -tan; ss -tulpn | sed 's/users.*//'; ss -Hltn; ss -ltn sport = :8080; ss -ltn sport = :81; netstat -ltn; netstat -tan`,
			],
			{ encoding: 'utf8' },
		).stdout;
		const mine = await lab.run(
			`nc -l -p 8080 & sleep 0.1; ss -ltn; ss -tan; ss -tulpn | sed 's/users.*//'; ss -Hltn; ss -ltn sport = :8080; ss -ltn sport = :81; netstat -ltn; netstat -tan; kill %1`,
		);
		expect(mine.replace(/^\[1\].*\n/gm, '')).toBe(server);
	});

	test('the kernel lists a listener in /proc/net, ss by its inode, and lsof as one of a program', async () => {
		const shows = 'cat /proc/net/tcp /proc/net/udp; ss -Hltne; lsof -nP -i';
		const plain = (text: string): string =>
			text
				// Who it is, and the numbers the kernel gives: inodes, pointers, cookies, control groups.
				.replace(/^\[\d\].*\n|^lsof: WARNING.*\n +Output.*\n/gm, '')
				.replace(/\b(?:0 {8}0 )\d+/g, '0        0 INODE')
				.replace(/INODE 1 [0-9a-f]{16}/g, 'INODE 1 POINTER')
				.replace(/ino:\d+ sk:[0-9a-f]+(?: cgroup:\S+)?/g, 'ino:N sk:N')
				.replace(/^\S+ +\d+ root +\d+u +(IPv4) +\d+/gm, 'WHO $1 INODE')
				.replace(/ +$/gm, '');
		const real = spawnSync(
			'ip',
			[
				'netns',
				'exec',
				NS,
				'bash',
				'-c',
				`python3 -c 'import socket,time
s=socket.socket(); s.bind(("0.0.0.0",8081)); s.listen(4096); time.sleep(9)' & until ss -Hltn | grep -q :8081; do sleep 0.1; done; ${shows}`,
			],
			{ encoding: 'utf8' },
		).stdout;
		const mine = plain(await lab.run(`nc -l -p 8081 & sleep 0.1; ${shows}; kill %%`));
		expect(mine.replace(/^COMMAND.*\n/m, '')).toBe(plain(real).replace(/^COMMAND.*\n/m, ''));
		// A command's name and number are of other lengths here and there.
		expect(mine.replace(/ +/g, ' ')).toContain('COMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME');
	});
});

const CAPTURES: readonly { readonly name: string; readonly settings: Partial<Settings>; readonly dev: string }[] = [
	{ name: 'kube-proxy', settings: { bundle: 'bare-1.24' }, dev: 'veth3a91c07' },
	{ name: 'VXLAN', settings: { bundle: 'cilium-1.12', helm: { tunnel: 'vxlan' } }, dev: 'veth8e05d1f' },
	{
		name: 'Geneve',
		settings: { bundle: 'cilium-1.16', helm: { routingMode: 'tunnel', tunnelProtocol: 'geneve' } },
		dev: 'veth8e05d1f',
	},
	{
		name: 'DSR by IP option',
		settings: {
			bundle: 'cilium-1.16',
			helm: {
				kubeProxyReplacement: 'true',
				'loadBalancer.mode': 'dsr',
				routingMode: 'native',
				autoDirectNodeRoutes: 'true',
			},
		},
		dev: 'veth8e05d1f',
	},
];

describe.skipIf(!has('tcpdump'))('captures', () => {
	const folder = mkdtempSync(join(tmpdir(), 'packetwalk-'));
	afterAll(() => rmSync(folder, { recursive: true }));

	for (const { name, settings, dev } of CAPTURES)
		test(`${name}: tcpdump reads the file, and prints what the lab's tcpdump prints`, async () => {
			const lab = worldLab(settings);
			await lab.run(`sudo tcpdump -i ${dev} -w /tmp/x.pcap &\nsleep 0.1
curl -s 172.18.0.2:32017
curl -s 172.18.0.3:30107
ping -c1 172.18.0.3
ping -c1 -s 2000 172.18.0.3
curl -sk https://172.18.0.4:6443/version`);
			await lab.at(
				pod(ECHO),
				'curl -sk https://kubernetes.default/version; ping -c1 nope.default; ping -c1 9.9.9.9; traceroute -n -m 2 172.18.0.2',
			);
			await lab.run('sleep 1; kill %1; wait');
			const path = join(folder, 'x.pcap');
			writeFileSync(path, await lab.session.core.files({ kind: 'laptop' }).readFileBuffer('/tmp/x.pcap'));
			const there = (options: string, filter: string): string =>
				spawnSync('tcpdump', [...options.split(' '), '-r', path, ...(filter === '' ? [] : [filter])], {
					encoding: 'utf8',
					env: { ...process.env, TZ: 'UTC' },
				}).stdout;
			const look = async (options: string, filter = ''): Promise<void> => {
				const mine = await lab.run(
					`tcpdump ${options} -r /tmp/x.pcap ${filter === '' ? '' : `'${filter}'`} 2>/dev/null`,
				);
				expect({ options, filter, text: mine }).toEqual({ options, filter, text: there(options, filter) });
			};
			expect(there('-n', '').split('\n').length).toBeGreaterThan(20);
			for (const options of [
				'-n',
				'-ne',
				'-nv',
				'-nvv',
				'-nevvv',
				'-nq',
				'-nS',
				'-nt',
				'-ntt',
				'-nttt',
				'-ntttt',
				'-nX',
				'-nxx',
				'-nA',
				'-nAA',
				'-n#',
				'-nvX',
				'-nvvK',
				'-nqe',
				'-nttttt',
				'-n --nano',
				'-n --count',
			])
				await look(options);
			for (const filter of [
				'icmp',
				'arp',
				'port 53',
				'tcp port 32017',
				'host 172.18.0.2 and port 32017',
				'not port 32017 and not arp',
				'src host 172.18.0.1',
				'dst net 172.18.0.0/24 and udp',
				'tcp[tcpflags] & tcp-syn != 0',
				'tcp[13] == 2',
				'icmp[icmptype] == icmp-echo',
				'portrange 50-60',
				'ether host 02:42:ac:12:00:03',
				'broadcast',
				'greater 100',
				'src or dst port 53',
				'tcp or udp and port 53',
				'(tcp or udp) and port 53',
				'net 10',
				'host 172.18.0.2 or 172.18.0.3',
				'port 53 or 32017',
				'ip proto 1',
				'ip[8] = 64',
				'!icmp',
				'len > 80',
			])
				await look('-n', filter);
		});

	test('a filter that is none is refused as libpcap refuses it', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		await lab.run('sudo tcpdump -c1 -i br-7d3c5e1b90a4 -w /tmp/x.pcap & sleep 0.1; ping -c1 172.18.0.3; wait');
		const path = join(folder, 'y.pcap');
		writeFileSync(path, await lab.session.core.files({ kind: 'laptop' }).readFileBuffer('/tmp/x.pcap'));
		const complaints = (text: string): string =>
			text
				.split('\n')
				.filter((l) => !/^(?:reading|dropped)/.test(l))
				.join('\n');
		for (const filter of [
			'host',
			'port',
			'foo',
			'tcp port',
			'host a.b.c',
			'port 99999',
			'port nope',
			'src',
			'and',
			'tcp and',
			'net 10.0.0.1/8',
			'ether host x',
			'(tcp',
			'tcp)',
			'icmp port 3',
			'1.2.3.4',
			'tcp[',
			'tcp[99]',
			'port 80 443',
			'host 1.2.3.4.5',
			'net foo',
			'not',
			'ip[0:3] = 1',
			'src port',
		]) {
			const mine = await lab.run(`tcpdump -n -r /tmp/x.pcap '${filter}' 2>&1 >/dev/null`);
			const there = spawnSync('tcpdump', ['-n', '-r', path, filter], { encoding: 'utf8' }).stderr;
			expect({ filter, text: complaints(mine) }).toEqual({ filter, text: complaints(there) });
		}
	});
});
