/** `netstat -s` (net-tools 2.10 statistics.c): which counters have words of their own, and which are named only. */
import type { Space } from '../space.ts';
import { counterOf, netstatTables, snmpTables } from './files.ts';

/** `*` in front: always printed. Counters without words are printed by name when they are not 0. */
const WORDS: Readonly<Record<string, string>> = {
	IpInReceives: '*% total packets received',
	IpInHdrErrors: '% with invalid headers',
	IpInAddrErrors: '% with invalid addresses',
	IpForwDatagrams: '*% forwarded',
	IpInUnknownProtos: '% with unknown protocol',
	IpInDiscards: '*% incoming packets discarded',
	IpInDelivers: '*% incoming packets delivered',
	IpOutRequests: '*% requests sent out',
	IpOutDiscards: '% outgoing packets dropped',
	IpOutNoRoutes: '% dropped because of missing route',
	IpReasmReqds: '% reassemblies required',
	IpReasmOKs: '% packets reassembled ok',
	IpFragOKs: '% outgoing packets fragmented ok',
	IpFragFails: '% outgoing packets failed fragmentation',
	IpFragCreates: '% fragments created',
	IcmpInMsgs: '*% ICMP messages received',
	IcmpInErrors: '*% input ICMP message failed',
	IcmpInDestUnreachs: '    destination unreachable: %',
	IcmpInTimeExcds: '    timeout in transit: %',
	IcmpInEchos: '    echo requests: %',
	IcmpInEchoReps: '    echo replies: %',
	IcmpOutMsgs: '*% ICMP messages sent',
	IcmpOutErrors: '*% ICMP messages failed',
	IcmpOutDestUnreachs: '    destination unreachable: %',
	IcmpOutTimeExcds: '    time exceeded: %',
	IcmpOutEchos: '    echo requests: %',
	IcmpOutEchoReps: '    echo replies: %',
	TcpActiveOpens: '*% active connection openings',
	TcpPassiveOpens: '*% passive connection openings',
	TcpAttemptFails: '*% failed connection attempts',
	TcpEstabResets: '*% connection resets received',
	TcpCurrEstab: '*% connections established',
	TcpInSegs: '*% segments received',
	TcpOutSegs: '*% segments sent out',
	TcpRetransSegs: '*% segments retransmitted',
	TcpInErrs: '*% bad segments received',
	TcpOutRsts: '*% resets sent',
	UdpInDatagrams: '*% packets received',
	UdpNoPorts: '*% packets to unknown port received',
	UdpInErrors: '*% packet receive errors',
	UdpOutDatagrams: '*% packets sent',
	UdpRcvbufErrors: '*% receive buffer errors',
	UdpSndbufErrors: '*% send buffer errors',
	TcpExtTCPHPHits: '*% packet headers predicted',
	TcpExtTCPAbortOnTimeout: '% connections aborted due to timeout',
};

/** Printed elsewhere or not at all. */
const SILENT = new Set(['IpForwarding', 'IpDefaultTTL', 'TcpRtoAlgorithm', 'TcpRtoMin', 'TcpRtoMax', 'TcpMaxConn']);

/** `only`: letters of -t, -u and -w; none for everything. */
export function protocolStatistics(space: Space, only: ReadonlySet<'t' | 'u' | 'w'>): string {
	const shown: Readonly<Record<string, string>> = {
		Ip: 'w',
		Icmp: 'w',
		IcmpMsg: 'tuw',
		Tcp: 't',
		Udp: 'u',
		UdpLite: 'tuw',
		TcpExt: 't',
		IpExt: 'uw',
		MPTcpExt: 'uw',
	};
	const out: string[] = [];
	for (const { table, names } of [...snmpTables(space), ...netstatTables]) {
		if (only.size > 0 && ![...only].some((letter) => shown[table]?.includes(letter))) continue;
		out.push(`${table}:`);
		if (table === 'Ip') out.push(`    Forwarding: ${counterOf(space, 'IpForwarding')}`);
		for (const name of names) {
			const full = table + name;
			if (SILENT.has(full)) continue;
			const value = counterOf(space, full);
			const words = WORDS[full];
			const indent = table === 'IcmpMsg' && only.size === 0 ? '        ' : '    ';
			if (words === undefined) {
				if (value !== 0 && full !== 'UdpInCsumErrors') out.push(`${indent}${name}: ${value}`);
			} else if (value !== 0 || words.startsWith('*'))
				out.push(`    ${words.replace(/^\*/, '').replace('%', String(value))}`);
			if (full === 'IcmpInErrors') out.push('    ICMP input histogram:');
			if (full === 'IcmpOutErrors') out.push('    ICMP output histogram:');
		}
	}
	return `${out.join('\n')}\n`;
}
