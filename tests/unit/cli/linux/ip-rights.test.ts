/** What the kernel says of changes before it looks whether they could be made (rtnetlink_rcv_msg() @ v5.15). */
import { expect, test } from 'vitest';
import { terminal } from '../terminal.ts';

test.each([
	'ip route del 9.9.9.0/24',
	'ip route add default via 1.2.3.4',
	'ip route add 127.0.0.0/8 dev lo',
	'ip addr del 1.2.3.4/24 dev lo',
	'ip addr add 127.0.0.1/8 dev lo',
	'ip link del lo',
	'ip link set lo mtu 1',
	'ip rule del pref 77',
	'ip rule add pref 77 table 5',
	'ip neigh del 127.0.0.2 dev lo',
	'ip neigh add 127.0.0.2 dev lo',
	'ip neigh change 127.0.0.2 lladdr 02:00:00:00:00:01 dev lo',
])('%s is not permitted', async (line) => {
	const t = await terminal('empty');
	expect(await t.run(`${line}; echo $?`)).toBe('RTNETLINK answers: Operation not permitted\n2\n');
});

test('neighbours that are not there, and what is no address', async () => {
	const t = await terminal('empty');
	expect(await t.run('ip neigh get 127.0.0.9 dev lo; echo $?')).toBe('Error: Neighbour entry not found.\n2\n');
	expect(await t.run('ip neigh del 127.0.0.x dev lo')).toBe(
		'Error: any valid address is expected rather than "127.0.0.x".\n',
	);
	expect(await t.run('ip neigh flush dev lo; echo $?')).toBe('0\n');
});

test('curl says that it does not count how slow a transfer is', async () => {
	const t = await terminal('empty');
	for (const options of ['-Y 1 -y 5', '--speed-limit 1', '--speed-time 5'])
		expect(await t.run(`curl ${options} 127.0.0.1`)).toMatch(/^curl: the simulator's curl does not do --speed-/);
});
