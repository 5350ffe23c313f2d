/**
 * What iptables says of what stands wrong on its line: as iptables-nft 1.8.9 says it of the same lines in a namespace of
 * its own. The node's chains are there, which that namespace's are not.
 */
import { beforeAll, expect, test } from 'vitest';
import { type Terminal, terminal } from './terminal.ts';

let lab: Terminal;
beforeAll(async () => {
	lab = await terminal();
});

const V = 'iptables v1.8.7 (nf_tables): ';
const TRY = "Try `iptables -h' or 'iptables --help' for more information.\n";

test.each([
	['-A INPUT -p tcp --dport 99999 -j DROP', `${V}invalid port/service \`99999' specified\n`, 2],
	['-A INPUT -p tcp --sport 1:99999 -j DROP', `${V}invalid port/service \`99999' specified\n`, 2],
	['-A INPUT -p tcp --dport 80:70 -j DROP', `${V}invalid portrange (min > max)\n`, 2],
	['-A INPUT -p tcp -m multiport --dports 80,99999 -j DROP', `${V}invalid port/service \`99999' specified\n`, 2],
	['-C INPUT 1', "Bad argument `1'\n", 2],
	['-I INPUT foo -j DROP', `${V}Invalid rule number \`foo'\n`, 2],
	['-D INPUT 0', `${V}Invalid rule number \`0'\n`, 2],
	['-A INPUT -p nope -j DROP', `${V}unknown protocol "nope" specified\n`, 2],
	['-A INPUT -s 10.0.0.0/33 -j DROP', `${V}invalid mask \`33' specified\n`, 2],
	['-A INPUT -s 999.1.1.1 -j DROP', `${V}host/network \`999.1.1.1' not found\n`, 2],
	['-A INPUT -m state --state NEW,FOO -j DROP', `${V}Bad state "FOO"\n`, 2],
	['-A INPUT -m conntrack --ctstate FOO -j DROP', `${V}Bad ctstate "FOO"\n`, 2],
	['-A INPUT -p icmp --icmp-type nope -j DROP', `${V}Unknown ICMP type \`nope'\n`, 2],
	['-t nat -A PREROUTING -p tcp -j DNAT', `${V}DNAT: option "--to-destination" must be specified\n\n`, 2],
	['-t nat -A PREROUTING -p tcp -j DNAT --to-destination foo', `${V}Bad IP address "foo"\n`, 2],
	['-t nat -A PREROUTING -p tcp -j DNAT --to-destination 1.2.3.4:99999', `${V}Port \`99999' not valid\n`, 2],
	[
		'-A INPUT -i averyveryverylonginterface -j DROP',
		`${V}interface name \`averyveryverylonginterface' must be shorter than IFNAMSIZ (15)\n`,
		2,
	],
	['-A OUTPUT -i eth0 -j DROP', `${V}Can't use -i with OUTPUT\n\n`, 2],
	['-A INPUT -o eth0 -j DROP', `${V}Can't use -o with INPUT\n\n`, 2],
	['-A INPUT -p tcp --tcp-flags SYN -j DROP', `${V}--tcp-flags requires two args.\n`, 2],
	['-A INPUT -m comment -j DROP', `${V}comment: option "--comment" must be specified\n\n`, 2],
	['-A INPUT -j LOG --log-level foo', `${V}log level "foo" unknown\n\n`, 2],
	['-m statistic --mode foo -A INPUT', `${V}Bad mode "foo"\n`, 2],
])('iptables %s', async (line, said, code) => {
	expect(await lab.run(`docker exec basic-worker iptables ${line}; echo $?`)).toBe(`${said}${TRY}${code}\n`);
});

test('a reset for what may be no TCP is refused by the kernel', async () => {
	expect(await lab.run('docker exec basic-worker iptables -A INPUT -j REJECT --reject-with tcp-reset; echo $?')).toBe(
		`${V} RULE_APPEND failed (Invalid argument): rule in chain INPUT\n4\n`,
	);
});
