/** Path MTUs as a network engineer meets them: in ping, tracepath and ip route get. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	await lab.run(
		'kubectl run c --image=nicolaka/netshoot --privileged --overrides=\'{"spec":{"nodeName":"basic-worker"}}\' -- sleep 1d',
	);
	await lab.run('kubectl wait --for=condition=Ready pod/c --timeout=2m');
	await lab.run('docker exec basic-worker ip link set eth0 mtu 1300');
});
const inC = (line: string): Promise<string> => lab.run(`kubectl exec c -- ${line}`);

test('tracepath begins with its device’s MTU and finds the narrow place', async () => {
	const text = await inC('tracepath -n 172.18.0.1');
	expect(text).toMatch(/^ 1\?: \[LOCALHOST\] {22}pmtu 1500\n/);
	expect(text).toMatch(/pmtu 1300\n 3: {2}172\.18\.0\.1 .*reached\n {5}Resume: pmtu 1300 hops 3 back 3 \n$/);
});

test('ping hears of it once, ip route get tells it, and flushing the cache forgets it', async () => {
	await inC('ip route flush cache');
	expect(await inC('ping -c1 -s 1400 172.18.0.1')).toMatch(
		/From 10\.244\.1\.\d+ icmp_seq=1 Frag needed and DF set \(mtu = 1300\)\n/,
	);
	expect(await inC('ip route get 172.18.0.1')).toMatch(/\n {4}cache expires (?:59\d|600)sec mtu 1300 \n/);
	expect(await inC('ping -c1 -M do -s 1400 172.18.0.1')).toContain('ping: local error: message too long, mtu=1300\n');
	await inC('ip route flush cache');
	expect(await inC('ip route get 172.18.0.1')).toMatch(/\n {4}cache mtu 1500 \n/);
});

test('ping names who answers by the name its address has, counts in percent, and shows its way of waiting', async () => {
	expect(await inC('ping -c1 kube-dns.kube-system')).toMatch(
		/^PING kube-dns\.kube-system \(10\.96\.0\.10\) 56\(84\) bytes of data\.\nFrom 172\.18\.0\.1 \(172\.18\.0\.1\) icmp_seq=1 /,
	);
	expect(await inC('ping -c3 172.18.0.99')).toMatch(
		/3 packets transmitted, 0 received, \+3 errors, 100% packet loss, time 2000ms\npipe 3\n/,
	);
	expect(await inC('ping -q -A -c3 172.18.0.4')).toMatch(/, ipg\/ewma [\d.]+\/[\d.]+ ms\n$/);
});
