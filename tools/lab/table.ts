/** The outcome of a run as a person reads it in a shell. */
import { tellWhy, type WhyWords } from '../../src/i18n/why/index.ts';
import type { Decision } from '../../src/sim/trace/index.ts';
import { formatIp } from '../../src/sim/wire/index.ts';
import type { Hop, Outcome, World } from '../../src/sim/world/index.ts';
import { conntrackTables } from './report.ts';

const columns = (rows: readonly (readonly string[])[]): string[] => {
	const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
	return rows.map((row) =>
		row
			.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]!)))
			.join('  ')
			.trimEnd(),
	);
};

const hopRows = (hops: readonly Hop[]): string[] =>
	columns([
		['  NAMESPACE', 'DEVICE', 'DIR', 'SOURCE', 'DESTINATION', 'TTL'],
		...hops.map((h) => [`  ${h.namespace}`, h.device, h.direction, h.src, h.dst, String(h.ttl)]),
	]);

/** The site's own sentence for a reason, without its emphasis. */
const reason = (decision: Decision, words: WhyWords): string =>
	tellWhy(words, decision, 'en')
		.map((piece) => piece.text)
		.join('');

const decisionRows = (decisions: readonly Decision[], words: WhyWords): string[] =>
	columns([
		['  WHERE', 'HOOK', 'TABLE', 'CHAIN', 'VERDICT', 'ENTRY OR REASON'],
		...decisions.map((d) => [
			`  ${d.ns}`,
			d.hook,
			d.table ?? '-',
			d.chain === undefined ? (d.dev ?? '-') : `${d.chain}${d.rule === undefined ? '' : ` ${d.rule}`}`,
			d.verdict,
			d.entry ?? reason(d, words),
		]),
	]);

/** Result, both ways with their hops, what the first packet met, and the connection tables. */
export function table(world: World, outcome: Outcome, words: WhyWords): string {
	const { probe, observedSource: seen, clientSource: own } = outcome;
	const lines = [
		`${probe.from} -> ${formatIp(probe.to.ip)}:${probe.to.port} ${probe.protocol}`,
		`result          ${outcome.result}${outcome.errno ? ` (${outcome.errno})` : ''}`,
		`client          ${own ? `${formatIp(own.ip)}:${own.port}` : '-'}`,
		`server          ${outcome.server ?? '-'}`,
		`source it saw   ${seen ? `${formatIp(seen.ip)}:${seen.port}` : '-'}`,
		'',
		'First packet',
		...hopRows(outcome.hops),
	];
	if (outcome.replyHops.length > 0) lines.push('', 'First reply', ...hopRows(outcome.replyHops));
	lines.push('', 'Decisions about the first packet');
	lines.push(
		...decisionRows(
			outcome.trace.filter((d) => d.packet === outcome.firstPacket),
			words,
		),
	);
	for (const [ns, entries] of Object.entries(conntrackTables(world)))
		lines.push('', `/proc/net/nf_conntrack of ${ns}`, ...entries.map((line) => `  ${line}`));
	return `${lines.join('\n')}\n`;
}
