/** Routes as the kernel’s trie shows them, and the rest of /proc/net. */
import { expect, test } from 'vitest';
import { emptyChildren, fullChildren, isTnode, trieOf, type Vector } from '../../../../src/cli/linux/fib-trie.ts';
import { formatIp, parseIp } from '../../../../src/sim/wire/index.ts';
import { terminal } from './terminal.ts';

const shape = (node: Vector<string>): string =>
	node === undefined
		? ''
		: isTnode(node)
			? `${formatIp(node.key)}/${32 - node.pos - node.bits}:${node.bits}:${fullChildren(node)}:${emptyChildren(node)}(${node.children.map(shape).filter(Boolean).join(' ')})`
			: formatIp(node.key);

// As Linux 6.18 showed tables into which these keys were put in this order.
test.each([
	[
		'172.18.0.0 0.0.0.0 10.244.0.0 10.244.2.0 10.244.3.0 10.9.0.0',
		'0.0.0.0/0:2:0:2(0.0.0.0/4:2:0:2(0.0.0.0 10.0.0.0/8:2:0:2(10.9.0.0 10.244.0.0/22:2:0:1(10.244.0.0 10.244.2.0 10.244.3.0))) 172.18.0.0)',
	],
	[
		'10.244.0.0 10.244.1.0 10.244.2.0 10.244.3.0 10.244.1.200 172.18.0.0 0.0.0.0 10.96.0.1 10.96.0.10 10.0.0.0 10.244.4.0 10.244.5.0 10.244.6.0 10.244.7.0',
		'0.0.0.0/0:2:0:2(0.0.0.0/4:2:0:2(0.0.0.0 10.0.0.0/8:2:0:1(10.0.0.0 10.96.0.0/28:2:0:2(10.96.0.1 10.96.0.10) 10.244.0.0/21:4:0:7(10.244.0.0 10.244.1.0 10.244.1.200 10.244.2.0 10.244.3.0 10.244.4.0 10.244.5.0 10.244.6.0 10.244.7.0))) 172.18.0.0)',
	],
	[
		'127.0.0.0 127.0.0.1 127.255.255.255 172.18.0.3 172.18.255.255 10.244.1.200',
		'0.0.0.0/0:3:0:5(10.244.1.200 127.0.0.0/8:2:0:2(127.0.0.0/31:1:0:0(127.0.0.0 127.0.0.1) 127.255.255.255) 172.18.0.0/16:2:0:2(172.18.0.3 172.18.255.255))',
	],
])('the trie of %s has the kernel’s nodes', (keys, wanted) => {
	expect(shape(trieOf(keys.split(' '), (key) => parseIp(key)!))).toBe(wanted);
});

test('a pod without tools knows its address from fib_trie, and its groups agree with ip maddress', async () => {
	const lab = await terminal();
	await lab.run('kubectl run a --image=nicolaka/netshoot -- sleep 1d; kubectl wait --for=condition=Ready pod/a');
	const pod = (line: string): Promise<string> => lab.run(`kubectl exec a -- ${line}`);
	const ip = (await lab.run("kubectl get pod a -o jsonpath='{.status.podIP}'")).trim();
	const local = await pod(`sh -c "awk '/32 host/ { print f } { f = \\$2 }' /proc/net/fib_trie | sort -u"`);
	expect(local).toBe(`${ip}\n127.0.0.1\n`);
	const mac = (await pod('cat /sys/class/net/eth0/address')).trim();
	expect(await pod('ip maddress show dev eth0')).toContain(`\tlink  33:33:ff:${mac.slice(9)}\n\tinet  224.0.0.1\n`);
	expect(await pod('grep -c eth0 /proc/net/dev_mcast')).toBe('3\n');
	expect(await pod('grep eth0 /proc/net/igmp')).toBe('2\teth0      :     1      V3\n');
	const six = (await pod('grep eth0 /proc/net/if_inet6')).split(' ')[0]!;
	expect(await pod('cat /proc/net/ipv6_route')).toContain(`${six} 80 ${'0'.repeat(32)} 00`);
});
