/** `ip` as busybox has it, in the container of an image that has no iproute2. */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
	const place = (name: string, image: string): Promise<string> =>
		lab.run(`kubectl run ${name} --image=${image} --overrides='{"spec":{"nodeName":"basic-worker"}}' -- sleep 1d`);
	await place('b', 'busybox:1.36');
	await place('a', 'alpine:3.18');
	await lab.run('kubectl wait --for=condition=Ready pod --all --timeout=2m');
});
const by = (pod: string, line: string): Promise<string> => lab.run(`kubectl exec ${pod} -- ${line}`);

test('addresses: no group and no network namespace, an end that is elsewhere is down, and only musl tells the state', async () => {
	const text = (state: (word: string) => string): RegExp =>
		new RegExp(
			`^1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue ${state('UNKNOWN')}qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
    inet6 ::1/128 scope host 
       valid_lft forever preferred_lft forever
\\d+: eth0@if\\d+: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1500 qdisc noqueue ${state('UP')}
    link/ether [0-9a-f:]{17} brd ff:ff:ff:ff:ff:ff
    inet 10.244.1.\\d+/32 scope global eth0
       valid_lft forever preferred_lft forever
    inet6 fe80::[0-9a-f:]+/64 scope link 
       valid_lft forever preferred_lft forever
$`,
		);
	expect(await by('b', 'ip a')).toMatch(text(() => ''));
	expect(await by('a', 'ip addr show')).toMatch(text((word) => `state ${word} `));
	expect(await by('b', 'ip -4 a s eth0')).toMatch(
		/^\d+: eth0@if\d+: <[^>]*> mtu 1500 qdisc noqueue \n {4}inet [^\n]*\n {7}valid_lft/,
	);
	expect(await by('b', 'ip -o -4 addr show dev lo')).toBe(
		'1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever\n',
	);
	expect(await by('b', 'ip link show lo')).toBe(
		'1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00\n',
	);
});

test('routes tell no protocol and no MTU, and a source behind two blanks', async () => {
	expect(await by('b', 'ip r')).toMatch(/^default via (10\.244\.1\.\d+) dev eth0 \n\1 dev eth0 scope link \n$/);
	expect(await by('b', 'ip route get 8.8.8.8')).toMatch(
		/^8\.8\.8\.8 via 10\.244\.1\.\d+ dev eth0 {2}src 10\.244\.1\.\d+ \n$/,
	);
	expect(await by('b', 'ip route show table 77')).toBe('');
	expect(await by('b', 'ip rule')).toBe(
		'0:\tfrom all lookup local \n32766:\tfrom all lookup main \n32767:\tfrom all lookup default \n',
	);
});

test('what it does not know is its usage, and errors begin with its name', async () => {
	for (const words of ['', '-V', '-br a', '-s link', 'netns', 'foo'])
		expect(await by('b', `ip ${words}`), words).toMatch(/^BusyBox v1.*\n\nUsage: ip \[OPTIONS\] address\|route/);
	expect(await by('b', 'ip addr foo')).toBe(
		"ip: invalid argument 'foo' to 'ip'\ncommand terminated with exit code 1\n",
	);
	expect(await by('b', 'ip link show eth9')).toBe(
		"ip: can't find device 'eth9'\ncommand terminated with exit code 1\n",
	);
	expect(await by('b', 'ip link set eth0 down')).toBe(
		'ip: SIOCSIFFLAGS: Operation not permitted\ncommand terminated with exit code 1\n',
	);
	expect(await by('b', 'ip route add 10.9.0.0/16 dev eth0')).toBe(
		'ip: RTNETLINK answers: Operation not permitted\ncommand terminated with exit code 2\n',
	);
});
