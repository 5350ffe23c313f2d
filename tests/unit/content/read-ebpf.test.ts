import { expect, test } from 'vitest';
import {
	entryNode,
	grownBy,
	knockAt,
	type LbMode,
	lbModeSettings,
	natListLines,
	programsRun,
	replyNodes,
	serviceListLines,
	serviceRows,
} from '../../../src/content/index.ts';
import { type Run, runSituation } from '../../../src/exercises/index.ts';
import { kindBasic } from '../../../src/sim/scenarios/index.ts';

function run(mode: LbMode, bundle = 'cilium-1.18', replicas = 1): Run {
	return runSituation({
		scenario: 'kind-basic',
		settings: {
			bundle,
			replicas,
			...(replicas === 1 ? { podOn: 'basic-worker' } : { podOn: undefined }),
			...lbModeSettings(kindBasic, bundle, mode),
		},
		probe: knockAt('basic-worker2'),
	});
}

test('the entry node is the first the packet came to', () => expect(entryNode(run('dsr'))).toBe('basic-worker2'));

test('an answer passes the door again, except with DSR', () => {
	expect(replyNodes(run('snat'))).toEqual(['basic-worker', 'basic-worker2']);
	expect(replyNodes(run('proxy'))).toEqual(['basic-worker', 'basic-worker2']);
	expect(replyNodes(run('dsr'))).toEqual(['basic-worker']);
});

test('programs of the entry node come with their tail calls, in order, each once', () => {
	expect(programsRun(run('snat'))).toEqual([
		'cil_from_netdev',
		'tail_handle_ipv4_from_netdev',
		'tail_nodeport_nat_egress_ipv4',
		'cil_to_netdev',
	]);
	expect(programsRun(run('dsr', 'cilium-1.12'))[0]).toBe('from-netdev');
	expect(programsRun(run('proxy', 'bare-1.24'))).toEqual([]);
});

test('DSR makes the first packet eight octets longer, and nothing else does', () => {
	expect(grownBy(run('dsr'))).toBe(8);
	expect(grownBy(run('snat'))).toBe(0);
	expect(grownBy(run('proxy'))).toBe(0);
});

test.each(['cilium-1.12', 'cilium-1.18'])('rows of a service have their frontend, slot and pod, under %s', (bundle) => {
	const visit = run('snat', bundle, 2);
	const rows = serviceRows(visit, 'basic-worker2', 'svc-echoserver');
	expect(rows).toHaveLength(9);
	expect(rows.filter((r) => r.asked).map((r) => r.slot)).toEqual([0, 1, 2]);
	expect(rows.filter((r) => r.clusterIp).map((r) => r.slot)).toEqual([0, 1, 2]);
	expect(rows.filter((r) => r.asked && r.backend === visit.outcome.server)).toHaveLength(1);
	expect(new Set(rows.map((r) => r.text)).size).toBe(9);
});

test('lists of the tool are those of the node, as grep leaves them', () => {
	const visit = run('snat', 'cilium-1.12');
	expect(serviceListLines(visit, 'basic-worker2', ':32017')[0]).toMatch(/^172\.18\.0\.2:32017 {3}/);
	expect(natListLines(visit, 'basic-worker2', 'XLATE_SRC')).toHaveLength(1);
	expect(() => natListLines(run('proxy', 'bare-1.24'), 'basic-worker2', '')).toThrow('no Cilium');
});
