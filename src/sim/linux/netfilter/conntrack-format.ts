/** Entries as /proc/net/nf_conntrack prints them (ct_seq_show, net/netfilter/nf_conntrack_standalone.c @ v6.12). */
import { type Connection, IPS_ASSURED, IPS_SEEN_REPLY } from './conntrack.ts';
import { formatTuple, PROTOCOL_NAMES } from './record.ts';

/** Microseconds. */
const JIFFY = 4000;

/**
 * One line, for a kernel with connmark, zones and without accounting:
 * `ipv4     2 tcp      6 86399 ESTABLISHED src=… dst=… sport=… dport=… src=… … [ASSURED] mark=0 zone=0 use=2`.
 * The seconds left are whole and rounded down, as jiffies divided by HZ (250) are. `now` in microseconds.
 */
export function formatConntrack(connection: Connection, now: number): string {
	const { original, reply, status, mark, timeout, tcp } = connection;
	const name = PROTOCOL_NAMES.get(original.protocol) ?? 'unknown';
	const jiffies = Math.floor(timeout / JIFFY) - Math.floor(now / JIFFY);
	const left = Math.max(0, Math.floor(jiffies / (1_000_000 / JIFFY)));
	const fields = [
		`ipv4     2 ${name.padEnd(8)} ${original.protocol} ${left}`,
		tcp?.state,
		formatTuple(original),
		status & IPS_SEEN_REPLY ? undefined : '[UNREPLIED]',
		formatTuple(reply),
		status & IPS_ASSURED ? '[ASSURED]' : undefined,
		`mark=${mark}`,
		'zone=0',
		'use=2',
	];
	return fields.filter((field) => field !== undefined).join(' ');
}
