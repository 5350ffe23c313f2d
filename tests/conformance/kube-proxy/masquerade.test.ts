/**
 * TestInternalExternalMasquerade: who is masqueraded and which endpoints are reached, by source, destination and
 * flags. Source: kubernetes pkg/proxy/iptables/proxier_test.go @ 4177b600d4b9 (120 expectations).
 *
 * Numbering follows upstream's list of cases, which has gaps. IPv6 is not modelled.
 */
import { describe, expect, test } from 'vitest';
import type { ProxyGeneration, Service } from '../../../src/sim/kube/index.ts';
import { ip, port, service, slice } from '../../unit/sim/kube/fixtures.ts';
import { CLIENT, cluster, LOCALHOST, NODE, NODE_IP, OTHER_NODE, POD } from './cluster.ts';
import { trace } from './trace.ts';

const lb = (n: number, loadBalancer: string, more: Partial<Service>): Service =>
	service(`ns${n}/svc${n}`, `172.30.0.4${n}`, [port({ name: 'p80', port: 80, nodePort: 3000 + n })], {
		type: 'LoadBalancer',
		loadBalancerIngress: [ip(loadBalancer)],
		...more,
	});

const SERVICES = [
	lb(1, '1.2.3.4', {}),
	lb(2, '5.6.7.8', { externalTrafficPolicy: 'Local', healthCheckNodePort: 30001 }),
	lb(3, '9.10.11.12', { internalTrafficPolicy: 'Local' }),
];
const SLICES = [1, 2, 3].map((n) =>
	slice(
		`ns${n}/svc${n}`,
		[{ name: 'p80', port: 80 }],
		[
			{ ip: `10.180.0.${n}`, node: NODE },
			{ ip: `10.180.1.${n}`, node: OTHER_NODE },
		],
	),
);

const CONFIGURATIONS = {
	base: {},
	noDet: { localDetector: { kind: 'none' } },
	mAll: { masqueradeAll: true },
	'mAll+noDet': { masqueradeAll: true, localDetector: { kind: 'none' } },
} as const;
type Configuration = keyof typeof CONFIGURATIONS;

/** `both M`: both endpoints, masqueraded; `local -`: the one on this node, source kept. */
type Cell = 'both -' | 'both M' | 'local -' | 'local M';

/** Row, what, source, destination, port, service; then base, noDet, mAll, mAll+noDet. */
const ROWS: readonly (readonly [string, string, string, string, number, 1 | 2 | 3, Cell, Cell, Cell, Cell])[] = [
	['Q01', 'pod to svc1 ClusterIP', POD, '172.30.0.41', 80, 1, 'both -', 'both -', 'both M', 'both M'],
	['Q02', 'pod to svc1 NodePort', POD, NODE_IP, 3001, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q03', 'pod to svc1 LB', POD, '1.2.3.4', 80, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q05', 'node to svc1 NodePort', NODE_IP, NODE_IP, 3001, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q06', 'localhost to svc1 NodePort', LOCALHOST, LOCALHOST, 3001, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q07', 'node to svc1 LB', NODE_IP, '1.2.3.4', 80, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q08', 'external to svc1 ClusterIP', CLIENT, '172.30.0.41', 80, 1, 'both M', 'both -', 'both M', 'both M'],
	['Q09', 'external to svc1 NodePort', CLIENT, NODE_IP, 3001, 1, 'both M', 'both M', 'both M', 'both M'],
	['Q11', 'pod to svc2 ClusterIP', POD, '172.30.0.42', 80, 2, 'both -', 'both -', 'both M', 'both M'],
	['Q12', 'pod to svc2 NodePort', POD, NODE_IP, 3002, 2, 'both -', 'local -', 'both -', 'local -'],
	['Q13', 'pod to svc2 LB', POD, '5.6.7.8', 80, 2, 'both -', 'local -', 'both -', 'local -'],
	['Q14', 'node to svc2 ClusterIP', NODE_IP, '172.30.0.42', 80, 2, 'both M', 'both -', 'both M', 'both M'],
	// Upstream names this row after svc2 and sends it to svc1's port; both are held here.
	[
		'Q15',
		'node to svc1 NodePort, as upstream has it',
		NODE_IP,
		NODE_IP,
		3001,
		1,
		'both M',
		'both M',
		'both M',
		'both M',
	],
	['Q15b', 'node to svc2 NodePort, as it was meant', NODE_IP, NODE_IP, 3002, 2, 'both M', 'both M', 'both M', 'both M'],
	['Q17', 'node to svc2 LB', NODE_IP, '5.6.7.8', 80, 2, 'both M', 'both M', 'both M', 'both M'],
	['Q18', 'external to svc2 ClusterIP', CLIENT, '172.30.0.42', 80, 2, 'both M', 'both -', 'both M', 'both M'],
	['Q19', 'external to svc2 NodePort', CLIENT, NODE_IP, 3002, 2, 'local -', 'local -', 'local -', 'local -'],
	['Q20', 'external to svc2 LB', CLIENT, '5.6.7.8', 80, 2, 'local -', 'local -', 'local -', 'local -'],
	['Q21', 'pod to svc3 ClusterIP', POD, '172.30.0.43', 80, 3, 'local -', 'local -', 'local M', 'local M'],
	['Q23', 'pod to svc3 LB', POD, '9.10.11.12', 80, 3, 'both M', 'both M', 'both M', 'both M'],
	['Q24', 'node to svc3 ClusterIP', NODE_IP, '172.30.0.43', 80, 3, 'local M', 'local -', 'local M', 'local M'],
	['Q25', 'node to svc3 NodePort', NODE_IP, NODE_IP, 3003, 3, 'both M', 'both M', 'both M', 'both M'],
	['Q26', 'localhost to svc3 NodePort', LOCALHOST, LOCALHOST, 3003, 3, 'both M', 'both M', 'both M', 'both M'],
	['Q27', 'node to svc3 LB', NODE_IP, '9.10.11.12', 80, 3, 'both M', 'both M', 'both M', 'both M'],
	['Q29', 'external to svc3 NodePort', CLIENT, NODE_IP, 3003, 3, 'both M', 'both M', 'both M', 'both M'],
	['Q30', 'external to svc3 LB', CLIENT, '9.10.11.12', 80, 3, 'both M', 'both M', 'both M', 'both M'],
];

/** 1.23 hides remote endpoints from the outside as well when internalTrafficPolicy is Local. */
const differs = (generation: ProxyGeneration, service: number): boolean => generation === '1.23' && service === 3;

describe.each(['1.33', '1.26', '1.24', '1.23'] as const)('kube-proxy %s', (generation) => {
	describe.each(Object.keys(CONFIGURATIONS) as Configuration[])('%s', (name) => {
		const node = cluster(generation, SERVICES, SLICES, CONFIGURATIONS[name]);
		const column = Object.keys(CONFIGURATIONS).indexOf(name);
		test.each(ROWS.filter((row) => !differs(generation, row[5])))('%s %s', (...row) => {
			const [, , src, dst, dport, n] = row;
			const cell = row[6 + column] as Cell;
			const endpoints = cell.startsWith('both') ? `10.180.0.${n}:80, 10.180.1.${n}:80` : `10.180.0.${n}:80`;
			expect(trace(node, { src, dst, port: dport })).toEqual({ output: endpoints, masq: cell.endsWith('M') });
		});
	});
});

test('kube-proxy 1.23 shows the outside only the local endpoints of a service with internalTrafficPolicy Local', () => {
	const node = cluster('1.23', SERVICES, SLICES);
	expect(trace(node, { src: CLIENT, dst: NODE_IP, port: 3003 })).toEqual({ output: '10.180.0.3:80', masq: true });
	expect(trace(node, { src: POD, dst: '172.30.0.43', port: 80 })).toEqual({ output: '10.180.0.3:80', masq: false });
});
