import { describe, expect, test } from 'vitest';
import { parseIptablesSave, printIptablesSave, printProbability } from '../../../../src/sim/linux/index.ts';

/** One rule through parser and printer, in a table that has the chains it names. */
function through(rule: string, table = 'filter'): string {
	const text = `*${table}\n:zz - [0:0]\n:KUBE-X - [0:0]\n${rule}\nCOMMIT\n`;
	const parsed = parseIptablesSave(text);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return printIptablesSave(parsed.ruleset)
		.split('\n')
		.filter((line) => line.startsWith('-A'))
		.join('\n');
}

/** Left as people and programs write it, right as iptables-save 1.8.9 (nft and legacy) printed it. */
const RULES: readonly [table: string, written: string, printed: string][] = [
	['filter', '-A INPUT -s 0.0.0.0/0 -p all -j ACCEPT', '-A INPUT -j ACCEPT'],
	[
		'filter',
		'-A FORWARD ! -s 10.0.0.0/8 ! -d 1.2.3.4 ! -i eth0 -o lxc+ ! -p tcp -j DROP',
		'-A FORWARD ! -s 10.0.0.0/8 ! -d 1.2.3.4/32 ! -i eth0 -o lxc+ ! -p tcp -j DROP',
	],
	[
		'filter',
		'-A INPUT -p tcp -m comment --comment "ns/svc:http \\"x\\" it\'s" --sport 1:5 ! --dport 80 --tcp-flags SYN,ACK,FIN,RST SYN -j ACCEPT',
		'-A INPUT -p tcp -m comment --comment "ns/svc:http \\"x\\" it\\\'s" -m tcp --sport 1:5 ! --dport 80 --tcp-flags FIN,SYN,RST,ACK SYN -j ACCEPT',
	],
	['filter', '-A INPUT -p udp --dport 1024: -j ACCEPT', '-A INPUT -p udp -m udp --dport 1024:65535 -j ACCEPT'],
	[
		'filter',
		'-A INPUT -p tcp --syn -j REJECT --reject-with tcp-reset',
		'-A INPUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT --reject-with tcp-reset',
	],
	[
		'filter',
		'-A INPUT -p tcp ! --tcp-flags ALL NONE -j RETURN',
		'-A INPUT -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j RETURN',
	],
	['filter', '-A INPUT -p icmp --icmp-type 8 -j ACCEPT', '-A INPUT -p icmp -m icmp --icmp-type 8 -j ACCEPT'],
	['filter', '-A INPUT -p icmp ! --icmp-type 3/1', '-A INPUT -p icmp -m icmp ! --icmp-type 3/1'],
	['filter', '-A INPUT -p icmp --icmp-type any', '-A INPUT -p icmp -m icmp --icmp-type any'],
	['filter', '-A INPUT -p icmp --icmp-type port-unreachable', '-A INPUT -p icmp -m icmp --icmp-type 3/3'],
	[
		'filter',
		'-A INPUT -p tcp -m multiport ! --ports 1,2,3:7 -j zz',
		'-A INPUT -p tcp -m multiport ! --ports 1,2,3:7 -j zz',
	],
	['filter', '-A INPUT -p udp -m multiport --sports 1 -g KUBE-X', '-A INPUT -p udp -m multiport --sports 1 -g KUBE-X'],
	[
		'filter',
		'-A INPUT -m mark ! --mark 0x4000/0x4000 -m connmark --mark 5 -j RETURN',
		'-A INPUT -m mark ! --mark 0x4000/0x4000 -m connmark --mark 0x5 -j RETURN',
	],
	[
		'filter',
		'-A INPUT -m conntrack ! --ctstate DNAT,NEW,SNAT,RELATED,UNTRACKED,INVALID,ESTABLISHED',
		'-A INPUT -m conntrack ! --ctstate INVALID,NEW,RELATED,ESTABLISHED,UNTRACKED,SNAT,DNAT',
	],
	[
		'filter',
		'-A INPUT -m addrtype ! --src-type LOCAL --dst-type UNICAST --limit-iface-in',
		'-A INPUT -m addrtype ! --src-type LOCAL --dst-type UNICAST --limit-iface-in',
	],
	[
		'filter',
		'-A INPUT -m recent --name KUBE-SEP-X --rcheck --seconds 10800 --reap -j ACCEPT',
		'-A INPUT -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-X --mask 255.255.255.255 --rsource -j ACCEPT',
	],
	[
		'filter',
		'-A INPUT -m recent ! --update --seconds 10 --name A --rdest',
		'-A INPUT -m recent ! --update --seconds 10 --name A --mask 255.255.255.255 --rdest',
	],
	[
		'filter',
		'-A INPUT -m statistic --mode random ! --probability 0.1',
		'-A INPUT -m statistic --mode random ! --probability 0.10000000009',
	],
	[
		'filter',
		'-A INPUT -m socket --nowildcard --transparent -j ACCEPT',
		'-A INPUT -m socket --transparent --nowildcard -j ACCEPT',
	],
	['filter', '-A INPUT -j MARK --or-mark 0x4000', '-A INPUT -j MARK --set-xmark 0x4000/0x4000'],
	['filter', '-A INPUT -j MARK --xor-mark 0x4000', '-A INPUT -j MARK --set-xmark 0x4000/0x0'],
	['filter', '-A INPUT -j MARK --and-mark 0x4000', '-A INPUT -j MARK --set-xmark 0x0/0xffffbfff'],
	['filter', '-A INPUT -j MARK --set-mark 0x4000', '-A INPUT -j MARK --set-xmark 0x4000/0xffffffff'],
	['filter', '-A INPUT -j MARK --set-mark 0x4/0xf', '-A INPUT -j MARK --set-xmark 0x4/0xf'],
	[
		'filter',
		'-A INPUT -j CONNMARK --save-mark --mask 0xf',
		'-A INPUT -j CONNMARK --save-mark --nfmask 0xf --ctmask 0xf',
	],
	['filter', '-A INPUT -j REJECT', '-A INPUT -j REJECT --reject-with icmp-port-unreachable'],
	['filter', '-A INPUT -p 47', '-A INPUT -p gre'],
	['filter', '-A INPUT -p 99', '-A INPUT -p 99'],
	['filter', '-A INPUT -p tcp -m tcp -j ACCEPT', '-A INPUT -p tcp -m tcp -j ACCEPT'],
	['filter', '-A INPUT -m comment --comment simple', '-A INPUT -m comment --comment simple'],
	['filter', '-A INPUT -m comment --comment ""', '-A INPUT -m comment --comment ""'],
	['filter', '-A INPUT -m nfacct --nfacct-name x', '-A INPUT -m nfacct --nfacct-name  x'],
	[
		'mangle',
		'-A PREROUTING -p tcp -j TPROXY --tproxy-mark 0x200/0xffffffff --on-port 1234 --on-ip 127.0.0.1',
		'-A PREROUTING -p tcp -j TPROXY --on-port 1234 --on-ip 127.0.0.1 --tproxy-mark 0x200/0xffffffff',
	],
	['raw', '-A PREROUTING -j CT --notrack', '-A PREROUTING -j CT --notrack'],
	[
		'nat',
		'-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80 --random --persistent',
		'-A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:80 --random --persistent',
	],
	[
		'nat',
		'-A PREROUTING -j DNAT --to-destination 1.2.3.4-1.2.3.9',
		'-A PREROUTING -j DNAT --to-destination 1.2.3.4-1.2.3.9',
	],
	[
		'nat',
		'-A PREROUTING -p tcp -j DNAT --to-destination :80-90',
		'-A PREROUTING -p tcp -j DNAT --to-destination :80-90',
	],
	['nat', '-A PREROUTING -p udp -j REDIRECT --to-ports 80-90', '-A PREROUTING -p udp -j REDIRECT --to-ports 80-90'],
	[
		'nat',
		'-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:1-9 --random-fully --persistent',
		'-A POSTROUTING -p tcp -j SNAT --to-source 1.2.3.4:1-9 --random-fully --persistent',
	],
	['nat', '-A POSTROUTING -j MASQUERADE --random-fully', '-A POSTROUTING -j MASQUERADE --random-fully'],
	// Long names, and the match named before the protocol is.
	[
		'nat',
		'-A PREROUTING --match comment --comment a --protocol tcp --match tcp --destination 10.96.0.1/255.255.255.255 --dport 443 --jump KUBE-X',
		'-A PREROUTING -d 10.96.0.1/32 -p tcp -m comment --comment a -m tcp --dport 443 -j KUBE-X',
	],
];

describe('rules are printed as iptables-save prints them', () => {
	test.each(RULES)('%s: %s', (table, written, printed) => {
		expect(through(written, table)).toBe(printed);
		expect(through(printed, table)).toBe(printed);
	});
});

describe('probabilities', () => {
	test.each([
		[0, '0.00000000000'],
		[0x80000000, '1.00000000000'],
		[0x40000000, '0.50000000000'],
		[715827883, '0.33333333349'],
		[536870912, '0.25000000000'],
		[429496730, '0.20000000019'],
		[1, '0.00000000047'],
	])('%i of 2^31 is printed %s', (parts, text) => expect(printProbability(parts)).toBe(text));
});

describe('the text as a whole', () => {
	test('tables come out as iptables-nft-save orders them, chains built in first and then by name', () => {
		const text = '*nat\n:b - [0:0]\n:A - [0:0]\n:OUTPUT ACCEPT [3:180]\n-A b\n-A A\nCOMMIT\n*raw\nCOMMIT\n';
		const parsed = parseIptablesSave(text);
		expect(parsed.ok && printIptablesSave(parsed.ruleset)).toBe(
			[
				'*raw',
				':PREROUTING ACCEPT [0:0]',
				':OUTPUT ACCEPT [0:0]',
				'COMMIT',
				'*nat',
				':PREROUTING ACCEPT [0:0]',
				':INPUT ACCEPT [0:0]',
				':OUTPUT ACCEPT [0:0]',
				':POSTROUTING ACCEPT [0:0]',
				':A - [0:0]',
				':b - [0:0]',
				'-A A',
				'-A b',
				'COMMIT',
				'',
			].join('\n'),
		);
	});

	test('counters, comments, blank lines, -I and -N are understood', () => {
		const text = '# x\n*filter\n\n-N c\n[1:2] -A INPUT -j ACCEPT\n-I INPUT -j DROP\n-I INPUT 3 -g c\nCOMMIT\n';
		const parsed = parseIptablesSave(text);
		const input = parsed.ok ? parsed.ruleset.filter?.chains.get('INPUT')?.rules : undefined;
		expect(input?.map(({ target }) => target.kind)).toEqual(['DROP', 'ACCEPT', 'goto']);
	});

	const ERRORS: readonly [text: string, code: string, line: number, column: number, word: string][] = [
		['*filter\n', 'save.no-commit', 1, 1, '*filter'],
		['*fliter\nCOMMIT\n', 'save.unknown-table', 1, 1, '*fliter'],
		['-A INPUT\n', 'save.outside-table', 1, 1, '-A'],
		['*filter\nhello\nCOMMIT\n', 'save.syntax', 2, 1, 'hello'],
		['*filter\n:INPUT REJECT [0:0]\nCOMMIT\n', 'save.bad-policy', 2, 8, 'REJECT'],
		['*filter\n:X ACCEPT [0:0]\nCOMMIT\n', 'save.bad-policy', 2, 4, 'ACCEPT'],
		['*filter\n-A X -j ACCEPT\nCOMMIT\n', 'save.unknown-chain', 2, 4, 'X'],
		['*filter\n-A INPUT -j X\nCOMMIT\n', 'save.unknown-chain', 2, 13, 'X'],
		['*filter\n-A INPUT -j OUTPUT\nCOMMIT\n', 'save.unknown-chain', 2, 13, 'OUTPUT'],
		['*filter\n-A INPUT -j TEE\nCOMMIT\n', 'save.unknown-target', 2, 13, 'TEE'],
		['*filter\n-A INPUT -m owner\nCOMMIT\n', 'save.unknown-match', 2, 13, 'owner'],
		['*filter\n-A INPUT --dport 80\nCOMMIT\n', 'save.unknown-option', 2, 10, '--dport'],
		['*filter\n-A INPUT -s 10.0.0.256\nCOMMIT\n', 'save.bad-value', 2, 13, '10.0.0.256'],
		['*filter\n-A INPUT -s 10.0.0.0/255.0.255.0\nCOMMIT\n', 'save.bad-value', 2, 13, '10.0.0.0/255.0.255.0'],
		['*filter\n-A INPUT -p tcp --dport 90:80\nCOMMIT\n', 'save.bad-value', 2, 25, '90:80'],
		['*filter\n-A INPUT -p tcp --dport\nCOMMIT\n', 'save.missing', 2, 17, '--dport'],
		['*filter\n-A INPUT -m statistic --mode nth\nCOMMIT\n', 'save.missing', 2, 13, 'statistic'],
		['*filter\n-A INPUT ! -j ACCEPT\nCOMMIT\n', 'save.bad-invert', 2, 10, '!'],
		['*filter\n-A INPUT -m comment --comment "a\nCOMMIT\n', 'save.open-quote', 2, 31, 'a'],
		['*filter\n:a - [0:0]\n:b - [0:0]\n-A a -j b\n-A b -j a\nCOMMIT\n', 'save.loop', 5, 9, 'a'],
	];
	test.each(ERRORS)('%j is %s', (text, code, line, column, word) => {
		expect(parseIptablesSave(text)).toEqual({ ok: false, errors: [{ code, line, column, text: word }] });
	});

	test('every line that is wrong is told', () => {
		const parsed = parseIptablesSave('*filter\n-A X\nwhat\n-A INPUT -j ACCEPT\nCOMMIT\n');
		expect(parsed.ok ? [] : parsed.errors.map(({ line }) => line)).toEqual([2, 3]);
	});
});

describe('rules that iptables-restore refuses', () => {
	const CHAINS = { nat: 'INPUT', filter: 'INPUT', mangle: 'INPUT', raw: 'OUTPUT' } as const;
	/** Code and word of the first error, in a table with a user chain FOO. */
	const refusal = (table: keyof typeof CHAINS, lines: string): string | undefined => {
		const parsed = parseIptablesSave(`*${table}\n:${CHAINS[table]} ACCEPT [0:0]\n${lines}\nCOMMIT\n`);
		return parsed.ok ? undefined : `${parsed.errors[0]!.code} ${parsed.errors[0]!.text}`;
	};
	test.each([
		['nat', '-A PREROUTING -j MASQUERADE', 'save.wrong-place MASQUERADE'],
		['nat', '-A POSTROUTING -j DNAT --to-destination 1.2.3.4', 'save.wrong-place DNAT'],
		['nat', '-A PREROUTING -j SNAT --to-source 1.2.3.4', 'save.wrong-place SNAT'],
		['nat', '-A PREROUTING -j DROP', 'save.wrong-place DROP'],
		['nat', '-A PREROUTING -j REJECT', 'save.wrong-place REJECT'],
		['filter', '-A FORWARD -j MASQUERADE', 'save.wrong-place MASQUERADE'],
		['filter', '-A INPUT -j CT --notrack', 'save.wrong-place CT'],
		['filter', '-A INPUT -o eth0 -j ACCEPT', 'save.wrong-place -o'],
		['nat', '-A POSTROUTING -i eth0 -j ACCEPT', 'save.wrong-place -i'],
		['nat', ':FOO - [0:0]\n-A FOO -j MASQUERADE\n-A PREROUTING -j FOO', 'save.wrong-place MASQUERADE'],
		['filter', '-A FORWARD -m socket -j ACCEPT', 'save.wrong-place socket'],
		['nat', '-A PREROUTING -m addrtype --dst-type LOCAL --limit-iface-out', 'save.wrong-place --limit-iface-out'],
		['filter', '-A INPUT -m tcp --dport 80 -j ACCEPT', 'save.needs-protocol tcp'],
		['filter', '-A INPUT -p udp -m tcp --dport 80 -j ACCEPT', 'save.needs-protocol tcp'],
		['filter', '-A INPUT -p icmp -m multiport --dports 1,2 -j ACCEPT', 'save.needs-protocol multiport'],
		['filter', '-A INPUT -j REJECT --reject-with tcp-reset', 'save.needs-protocol tcp-reset'],
		['nat', '-A PREROUTING -j DNAT --to-destination 1.2.3.4:80', 'save.needs-protocol 1.2.3.4:80'],
		['filter', '-A INPUT -s 1.2.3.4 -s 1.2.3.5 -j ACCEPT', 'save.twice -s'],
		['filter', '-A INPUT -j ACCEPT -j DROP', 'save.twice -j'],
		['filter', '-A INPUT -p tcp --dport 1 --dport 2', 'save.twice --dport'],
		['filter', '-A INPUT -m recent --set --rcheck', 'save.conflict --rcheck'],
		['filter', '-A INPUT -m recent --rcheck --reap', 'save.missing --reap'],
		['filter', `-A INPUT -p tcp -m multiport --dports ${'1:2,'.repeat(7)}3:4`, `save.bad-value ${'1:2,'.repeat(7)}3:4`],
		['filter', '-I INPUT 2 -j ACCEPT', 'save.bad-value 2'],
		['filter', `:${'A'.repeat(29)} - [0:0]`, `save.bad-name :${'A'.repeat(29)}`],
		['filter', ':ACCEPT - [0:0]', 'save.bad-name :ACCEPT'],
	] as const)('%s: %s', (table, lines, expected) => {
		expect(refusal(table, lines)).toBe(expected);
	});

	test.each([
		['nat', ':FOO - [0:0]\n-A FOO -j MASQUERADE\n-A POSTROUTING -j FOO'],
		['nat', ':FOO - [0:0]\n-A FOO -j MASQUERADE'],
		['nat', ':FOO - [0:0]\n-A FOO -i eth0 -o eth1 -j ACCEPT'],
		['nat', '-A PREROUTING -p icmp -j DNAT --to-destination 1.2.3.4:80'],
		['filter', '-A INPUT -c 5 300 -j ACCEPT'],
		['filter', '-A INPUT -p tcp -m tcp --dport 1 -m tcp --dport 2 -j ACCEPT'],
	] as const)('not %s: %s', (table, lines) => {
		expect(refusal(table, lines)).toBeUndefined();
	});
});
