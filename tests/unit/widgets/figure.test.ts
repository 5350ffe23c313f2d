import { expect, test } from 'vitest';
import { compareFigures, figureOf, shortChain } from '../../../src/widgets/figure/index.ts';
import { dropped, nodePort, POD_NS, places } from './fixtures/node-port.ts';

const figure = figureOf(nodePort, places);

test('lanes stand in the order in which the packet meets the places', () => {
	expect(figure.lanes.map((l) => l.ns)).toEqual(['host', 'node/basic-worker2', 'node/basic-worker', POD_NS]);
	expect(figure.lanes.map((l) => l.roles)).toEqual([['client'], ['entry'], ['backend'], ['server']]);
});

test('a node that rewrites the packet has a station per hook, a node that only forwards has one', () => {
	expect(figure.stations.map((s) => `${s.ns} ${s.kind}`)).toEqual([
		'host send',
		'node/basic-worker2 prerouting',
		'node/basic-worker2 forward',
		'node/basic-worker2 postrouting',
		'node/basic-worker pass',
		`${POD_NS} receive`,
		`${POD_NS} send`,
		'node/basic-worker pass',
		'node/basic-worker2 prerouting',
		'node/basic-worker2 forward',
		'node/basic-worker2 postrouting',
		'host receive',
	]);
});

test('the chains of one hook are one station with all its records', () => {
	const station = figure.stations[1]!;
	expect(station.chains).toEqual([
		'KUBE-SERVICES',
		'KUBE-NODEPORTS',
		'KUBE-EXT',
		'KUBE-MARK-MASQ',
		'KUBE-SVC',
		'KUBE-SEP',
	]);
	expect(station.decisions).toHaveLength(10);
	expect(station.decisions[station.main]!.verdict).toBe('dnat');
	expect(station.changed).toEqual(['dst', 'dport', 'mark']);
});

test('a label is printed at the start and where the packet was rewritten, and names what is new', () => {
	const labels = figure.stations.filter((s) => s.label).map((s) => [s.number, s.label!.changed]);
	expect(labels).toEqual([
		[1, []],
		[2, ['dst', 'dport', 'mark']],
		[4, ['src', 'sport', 'ttl', 'mark']],
		[7, []],
		[9, ['dst', 'dport', 'ttl']],
		[11, ['src', 'sport', 'ttl']],
	]);
});

test('a bridge that only switches the frame is no place, but its decisions are kept', () => {
	const station = figure.stations[4]!;
	expect(station.through).toEqual(['host']);
	expect(station.decisions.map((d) => d.hook)).toContain('bridge');
});

test('every decision of the two packets stands in exactly one station', () => {
	const seqs = figure.stations.flatMap((s) => s.decisions.map((d) => d.seq)).sort((a, b) => a - b);
	expect(seqs).toEqual(nodePort.trace.map((d) => d.seq));
});

test('the first station that says something is open first', () => {
	expect(figure.focus).toBe(1);
	expect(figureOf(dropped, places).focus).toBe(2);
});

test('a dropped packet ends where it was dropped, and has no reply', () => {
	const f = figureOf(dropped, places);
	expect(f.stations.at(-1)).toMatchObject({ kind: 'input', end: 'dropped', ns: 'node/basic-worker2' });
	expect(f.counts.back).toBe(0);
});

test('rules are counted once: those that matched, and all that were tried', () => {
	expect(figure.counts).toEqual({ there: 6, back: 6, hit: 12, tried: 26 });
});

test('compared with itself, a figure has no difference', () => {
	const c = compareFigures(figure, figure);
	expect(c.differences).toBe(0);
	expect(c.rows.every((r) => r.left === r.right)).toBe(true);
});

test('compared with a drop, the shared beginning stands side by side and the rest alone', () => {
	const c = compareFigures(figure, figureOf(dropped, places));
	expect(c.rows[0]).toMatchObject({ left: 0, right: 0, same: true });
	expect(c.rows[1]).toMatchObject({ left: 1, right: 1, same: false, differs: ['dst', 'dport', 'mark'] });
	expect(c.rows.filter((r) => r.left === undefined)).toHaveLength(1);
});

test('a chain is shown without the hash of its service', () => {
	expect(shortChain('KUBE-SVC-GKN7Y2BSGW4NJTYL')).toBe('KUBE-SVC');
	expect(shortChain('KUBE-MARK-MASQ')).toBe('KUBE-MARK-MASQ');
});
