import { describe, expect, test } from 'vitest';
import { tools } from '../../../../src/cli/linux/index.ts';
import { aloneLab, ECHO, node, pod, worldLab } from './lab.ts';

const LAPTOP = { kind: 'laptop' } as const;

/** Seed 000's loops: who the echo server believes is asking, by node. */
const LOOP = 'for i in {2..5}; do curl -s 172.18.0.$i:32017 | grep "Requesting" ; done';
const sources = (text: string): readonly string[] =>
	[...text.matchAll(/Requesting IP: ([\d.]+):\d+/g)].map((m) => m[1]!);

/** Agents in the place of kube-proxy, whose answers leave from the pod's node. */
const DSR: Parameters<typeof worldLab>[0] = {
	bundle: 'cilium-1.12',
	kubeProxy: 'none',
	helm: {
		tunnel: 'disabled',
		autoDirectNodeRoutes: 'true',
		ipv4NativeRoutingCIDR: '10.244.0.0/16',
		kubeProxyReplacement: 'strict',
		'loadBalancer.mode': 'dsr',
		k8sServiceHost: 'basic-control-plane',
		k8sServicePort: '6443',
	},
};

describe('curl', () => {
	test('shows the client address that kube-proxy leaves: the entry node', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		expect(sources(await lab.run(LOOP))).toEqual(['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5']);
	});

	test('shows the client address that DSR keeps', async () => {
		const lab = worldLab(DSR);
		expect(sources(await lab.run(LOOP))).toEqual(['172.18.0.1', '172.18.0.1', '172.18.0.1', '172.18.0.1']);
	});

	test('says what connect() said, with its exit codes', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const said = async (line: string): Promise<[string, number]> => [await lab.run(line), lab.code()];
		// Seed 000, a port nobody listens on.
		expect(await said('curl 172.18.0.2:30107')).toEqual([
			'curl: (7) Failed to connect to 172.18.0.2 port 30107 after 0 ms: Connection refused\n',
			7,
		]);
		expect(await said('curl -m 2 172.18.99.1')).toEqual([
			'curl: (28) Connection timed out after 2000 milliseconds\n',
			28,
		]);
		expect(await said('curl 172.18.99.1')).toEqual([
			'curl: (7) Failed to connect to 172.18.99.1 port 80 after 3072 ms: No route to host\n',
			7,
		]);
		expect(await said('curl 1.1')).toEqual(["curl: (7) Couldn't connect to server\n", 7]);
		expect(await said('curl nope.example')).toEqual(['curl: (6) Could not resolve host: nope.example\n', 6]);
		expect(await said('curl -s 172.18.0.2:30107')).toEqual(['', 7]);
		expect((await said('curl https://172.18.0.4:6443/'))[1]).toBe(60);
		expect((await said('curl -k https://172.18.0.2:32017/'))[1]).toBe(35);
	});

	test('measures what the network took, and tells the ends of the connection', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const text = await lab.run(
			"curl -s -o /dev/null --local-port 40000 -w '%{http_code} %{remote_ip} %{remote_port} %{local_port} %{time_total}\\n' 172.18.0.3:32017",
		);
		const [, total] = /^200 172\.18\.0\.3 32017 40000 (0\.\d{6})\n$/.exec(text)!;
		expect(Number(total)).toBeGreaterThan(0.0002);
	});

	test('asks the API server without credentials: its version is public, the rest forbidden', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		expect(JSON.parse(await lab.run('curl -sk https://172.18.0.4:6443/version'))).toMatchObject({
			gitVersion: 'v1.24.0',
		});
		expect(JSON.parse(await lab.run('curl -sk https://172.18.0.4:6443/api'))).toMatchObject({
			code: 403,
			reason: 'Forbidden',
		});
		expect(await lab.run('curl -s http://172.18.0.4:6443/')).toContain('HTTP request to an HTTPS server');
	});
});

describe('names', () => {
	test('do not resolve while the name server does not answer', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const began = lab.lab.now;
		await lab.at(node('control-plane'), 'iptables -I FORWARD -p udp --dport 53 -j DROP');
		expect(await lab.at(pod(ECHO), 'ping -c1 kubernetes.default')).toBe(
			// musl's word for it.
			'ping: kubernetes.default: Try again\n',
		);
		// Two tries, 2.5 s each (musl src/network/res_msend.c).
		expect(lab.lab.now - began).toBe(5e6);
	});
});

describe('seed 001, in a pod', () => {
	test('a default route through a link route, and who answers for it', async () => {
		const lab = worldLab({ bundle: 'cilium-1.12' });
		const here = pod(ECHO);
		await lab.at(here, 'ping -c1 172.18.0.1');
		expect(await lab.at(here, 'route -n')).toBe(
			'Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n0.0.0.0         10.244.1.200    0.0.0.0         UG    0      0        0 eth0\n10.244.1.200    0.0.0.0         255.255.255.255 UH    0      0        0 eth0\n',
		);
		const mac = /link\/ether (\S+)/.exec(await lab.at(node('worker'), 'ip link show type veth | grep -A1 lxc'))![1]!;
		expect(await lab.at(here, 'arp -an')).toBe(`? (10.244.1.200) at ${mac} [ether]  on eth0\n`);
		expect(await lab.at(here, 'ip -4 a show eth0')).toMatch(
			/^\d+: eth0@if\d+: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default \n {4}inet 10\.244\.1\.199\/32 scope global eth0\n/,
		);
	});

	test("busybox's arp has two blanks before the device, as the seed has", async () => {
		const lab = worldLab({ bundle: 'cilium-1.12' }, { image: 'alpine:3.16' });
		const here = pod(ECHO);
		expect(await lab.at(here, 'ping -c1 172.18.0.1')).toContain('56 data bytes');
		expect(await lab.at(here, 'arp -an')).toMatch(/^\? \(10\.244\.1\.200\) at \S+ \[ether\] {2}on eth0\n$/);
	});

	test('the program of the pod is where tc shows it', async () => {
		const lab = worldLab({ bundle: 'cilium-1.12' });
		const dev = /\d+: (lxc\w+)@/.exec(await lab.at(node('worker'), 'ip link show type veth'))![1]!;
		expect(await lab.at(node('worker'), `tc filter show dev ${dev} ingress`)).toMatch(
			/^filter protocol all pref 1 bpf chain 0 \nfilter protocol all pref 1 bpf chain 0 handle 0x1 bpf_lxc\.o:\[from-container\] direct-action not_in_hw id \d+ tag [0-9a-f]{16} jited \n$/,
		);
	});

	test('the node remembers the connection', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		await lab.at(pod(ECHO), 'curl -sk https://172.18.0.4:6443/version');
		expect(await lab.at(node('worker'), 'grep 172.18.0.4 /proc/net/nf_conntrack')).toMatch(
			/^ipv4 {5}2 tcp {6}6 1\d\d TIME_WAIT src=10\.244\.1\.199 dst=172\.18\.0\.4 sport=\d+ dport=6443 src=172\.18\.0\.4 dst=10\.244\.1\.199 sport=6443 dport=\d+ \[ASSURED\] mark=0 zone=0 use=2\n$/,
		);
		expect(await lab.at(node('worker'), 'conntrack -L -p tcp --dport 6443 2>/dev/null | wc -l')).toMatch(/^\s*1\s*$/);
		expect(await lab.at(node('worker'), 'conntrack -D -d 172.18.0.4')).toContain('1 flow entries have been deleted');
	});
});

describe('seed 000, on a node', () => {
	test('the kubelet alone leaves 18 lines of iptables-save', async () => {
		const lab = worldLab({
			bundle: 'cilium-1.12',
			kubeProxy: 'none',
			helm: {
				kubeProxyReplacement: 'strict',
				tunnel: 'disabled',
				autoDirectNodeRoutes: 'true',
				ipv4NativeRoutingCIDR: '10.244.0.0/16',
				k8sServiceHost: 'basic-control-plane',
				k8sServicePort: '6443',
			},
		});
		for (const name of ['worker', 'worker2', 'worker3', 'control-plane'])
			expect((await lab.at(node(name), '/usr/sbin/iptables-save | grep -c KUBE')).trim()).toBe('18');
	});

	test('rules count what passes them', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const counted = async (): Promise<number> =>
			Number(
				/^ *(\d+) +\d+ KUBE-EXT/m.exec(await lab.at(node('worker2'), 'iptables -t nat -L KUBE-NODEPORTS -n -v'))?.[1],
			);
		expect(await counted()).toBe(0);
		await lab.run('curl -s 172.18.0.2:32017; curl -s 172.18.0.2:32017');
		expect(await counted()).toBe(2);
	});

	test('a rule by hand stops what it says, until it is deleted', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		await lab.at(node('worker'), 'iptables -I FORWARD -p tcp --dport 8080 -j DROP');
		expect(await lab.run('curl -m 1 172.18.0.3:32017')).toContain('(28)');
		await lab.at(node('worker'), 'iptables -D FORWARD 1');
		expect(await lab.run('curl -s -m 1 172.18.0.3:32017')).toContain('Requesting');
	});

	test('tools come with packages', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const here = node('worker');
		expect(await lab.at(here, 'tcpdump -D')).toBe('bash: line 1: tcpdump: command not found\n');
		expect(await lab.at(here, 'apt-get -y install net-tools tcpdump lrzsz')).toContain(
			'E: Unable to locate package net-tools',
		);
		const began = lab.lab.now;
		await lab.at(here, 'apt-get -y update');
		expect(await lab.at(here, 'apt-get -y install net-tools tcpdump lrzsz')).toContain('Setting up tcpdump');
		expect(lab.lab.now - began).toBeGreaterThan(3e6);
		expect(await lab.at(here, 'tcpdump -D')).toContain('1.eth0');
		expect(await lab.at(node('worker2'), 'tcpdump -D')).toBe('bash: line 1: tcpdump: command not found\n');
	});

	test("a sysctl is the namespace's, under both its names", async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const here = node('worker');
		expect(
			await lab.at(
				here,
				'sysctl net.ipv4.ip_forward; sysctl -qw net.ipv4.ip_forward=0; cat /proc/sys/net/ipv4/ip_forward',
			),
		).toBe('net.ipv4.ip_forward = 1\n0\n');
		expect(await lab.run('curl -m 1 172.18.0.2:32017')).toContain('(28)');
	});
});

describe('captures', () => {
	test('run beside the traffic, and end with their count', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const text = await lab.run('sudo tcpdump -ni br-7d3c5e1b90a4 -c 2 icmp &\nsleep 0.1\nping -c1 172.18.0.3\nwait');
		expect(text).toMatch(/IP 172\.18\.0\.1 > 172\.18\.0\.3: ICMP echo request, id \d+, seq 1, length 64\n/);
		expect(text).toMatch(/IP 172\.18\.0\.3 > 172\.18\.0\.1: ICMP echo reply, id \d+, seq 1, length 64\n/);
		expect(text).toContain('2 packets captured\n2 packets received by filter\n0 packets dropped by kernel\n');
	});

	test('show DSR: the request passes the other node, the answer does not', async () => {
		const lab = worldLab(DSR);
		await lab.at(node('worker2'), 'apt-get -y update; apt-get -y install tcpdump');
		const text = await lab.at(
			node('worker2'),
			'tcpdump -ni eth0 tcp & sleep 0.1; nsenter -t 1 -n curl -s 172.18.0.9:1 -m 0.1; sleep 0.1; kill %1',
		);
		expect(text).toContain('listening on eth0');
		const both = await lab.run(
			`there '${JSON.stringify(node('worker2'))}' 'timeout 5 tcpdump -ni eth0 tcp 2>/dev/null' & sleep 0.1; curl -s 172.18.0.2:32017 >/dev/null; sleep 6; wait`,
		);
		const lines = both.split('\n').filter((l) => l.includes(' > '));
		expect(lines.some((l) => l.includes('172.18.0.1.') && l.includes('> 172.18.0.2.32017'))).toBe(true);
		expect(lines.some((l) => l.includes('> 10.244.1.199.8080'))).toBe(true);
		expect(lines.some((l) => l.includes('172.18.0.2.32017 > '))).toBe(false);
	});
});

describe('processes', () => {
	test('nc listens, is listed, and ends with its connection', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const text = await lab.run(
			'nc -l -p 7777 & sleep 0.1; ss -ltn | grep 7777; echo hello | nc -w1 172.18.0.1 7777; wait; ss -ltn | grep -c 7777',
		);
		expect(text).toContain('0.0.0.0:7777');
		expect(text).toContain('hello\n');
		expect(
			text
				.trimEnd()
				.split('\n')
				.some((l) => l === '0'),
		).toBe(true);
	});

	test('traceroute counts the machines on the way', async () => {
		const lab = worldLab({ bundle: 'bare-1.24' });
		const text = await lab.at(pod(ECHO), 'traceroute -n -q 1 172.18.0.2');
		expect(text).toMatch(
			/^traceroute to 172\.18\.0\.2 \(172\.18\.0\.2\), 30 hops max, 46 byte packets\n 1 {2}172\.18\.0\.3 {2}\d\.\d{3} ms\n 2 {2}172\.18\.0\.2 {2}\d\.\d{3} ms\n$/,
		);
	});
});

/** Words that are wrong in one way or another, for every tool. */
const WRONG = [
	'--no-such-option',
	'-Z9',
	'""',
	'a b c d e f g',
	'-t',
	'-c x',
	'-i nope 1.2.3.4',
	'999.999.999.999',
	'show show show',
	'-p -p -p',
	'add',
	'del',
	'0',
	'-1',
	'/no/such/file',
	'"$(printf "\\001\\002")"',
	'http://[::1]:x/',
	'-n -n -n -n',
	'1.2.3.4 99999',
	'--',
	'é ü 中',
];

describe('wrong input', () => {
	for (const tool of tools)
		test(`${tool.name} says so, and does not fail`, async () => {
			const lab = worldLab({ bundle: 'cilium-1.12' });
			for (const place of [LAPTOP, pod(ECHO)])
				for (const words of WRONG) {
					const text = await lab.at(place, `timeout 20 ${tool.name} ${words} < /dev/null`);
					expect({ words, failed: text.includes('the simulator failed') }).toEqual({ words, failed: false });
				}
		});

	test('no tool needs a cluster', async () => {
		const lab = aloneLab();
		for (const line of [
			'ip a',
			'ip r',
			'ss -tan',
			'iptables-save',
			'conntrack -L',
			'curl 127.0.0.1',
			'ping -c1 127.0.0.1',
			'cat /etc/resolv.conf',
			'sysctl -a',
		])
			expect(await lab.run(line)).not.toContain('the simulator failed');
		expect(await lab.run('ping -c1 127.0.0.1')).toContain('1 received');
	});
});
