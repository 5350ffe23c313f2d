/**
 * What the agent writes into the service maps: pkg/loadbalancer/tests/testdata/{nodeport,loadbalancer,trafficpolicy,
 * source-ranges,hostport,graceful-termination,external-clusterip,nodeport-maglev}.txtar @ v1.18.0, in the words of
 * its `lb/maps-dump`; and what earlier versions do differently (pkg/service, pkg/k8s/watchers @ v1.12.1, v1.16.6).
 */
import { describe, expect, test } from 'vitest';
import {
	BE_ACTIVE,
	BE_MAINTENANCE,
	BE_QUARANTINED,
	BE_TERMINATING,
	type CiliumSettings,
	ciliumMaps,
	ciliumSettings,
	features,
	type HostPort,
	isCiliumError,
	kprValues,
	lbOverflow,
	lbPlan,
	nativeRoutingValues,
	slotsOf,
	syncServiceMaps,
} from '../../../src/sim/cilium/index.ts';
import { type EndpointSlice, proxyState, type Service } from '../../../src/sim/kube/index.ts';
import { addNamespace, createNet, type Namespace } from '../../../src/sim/linux/index.ts';
import { formatIp, formatPrefix } from '../../../src/sim/wire/index.ts';
import { ip, port, prefix, service, slice } from '../../unit/sim/kube/fixtures.ts';

const NODE = { name: 'testnode', addresses: [ip('1.1.1.1')] };

const agent = (version: string, values: Readonly<Record<string, string>> = {}): CiliumSettings => {
	const s = ciliumSettings(version, {
		...nativeRoutingValues(version, prefix('10.244.0.0/16')),
		...kprValues(version),
		...values,
	});
	if (isCiliumError(s)) throw new Error(JSON.stringify(s));
	return s;
};

const FLAGS: readonly (readonly [number, string])[] = [
	[0x04, 'Local'],
	[0x1000, 'InternalLocal'],
	[0x2000, 'two-scopes'],
	[0x10, 'sessionAffinity'],
];

/** Flags as upstream's dump joins them. */
const flagText = (flags: number, flags2: number, slot: number): string => {
	const both = flags | (flags2 << 8);
	const type =
		both & 1
			? 'ExternalIPs'
			: both & 2
				? 'NodePort'
				: both & 8
					? 'HostPort'
					: both & 0x20
						? 'LoadBalancer'
						: 'ClusterIP';
	const out = [type, ...FLAGS.filter(([bit]) => both & bit).map(([, text]) => text)];
	if (!(both & 0x40)) out.push('non-routable');
	if (both & 0x80) out.push('check source-range');
	if (both & 0x0800) out.push('loopback');
	if (slot > 0 && both & 0x4000) out.push('quarantined');
	if (both & 0x8000) out.push('dsr');
	return out.join('+');
};

const STATES = ['active', 'terminating', 'quarantined', 'maintenance'];

/** The maps of a node, as `lb/maps-dump` writes them: sorted by kind and number. */
const dump = (
	settings: CiliumSettings,
	services: readonly Service[],
	slices: readonly EndpointSlice[],
	hostPorts: readonly HostPort[] = [],
	node = NODE,
): string[] => {
	const net = createNet({ seed: 1 });
	addNamespace(net, 'node', {});
	const ns: Namespace = net.namespaces.get('node')!;
	const maps = ciliumMaps(features(settings.version), settings.mapSizes, settings.clock, settings.lb);
	syncServiceMaps(ns, lbPlan(settings, maps, proxyState(services, slices), hostPorts), node);
	const any = maps.features.wildcards ? '/ANY' : '';
	const proto = (n: number) => (n === 6 ? '/TCP' : n === 17 ? '/UDP' : any);
	const lines: string[] = [];
	for (const [id, be] of maps.backends.dump(ns))
		lines.push(`BE: ID=${id} ADDR=${formatIp(be.address)}:${be.port}${proto(be.proto)} STATE=${STATES[be.state]}`);
	for (const [id, table] of maps.maglev.dump(ns)) {
		const counts = new Map<number, number>();
		for (const be of table) counts.set(be, (counts.get(be) ?? 0) + 1);
		const inner = [...counts].sort(([a], [b]) => a - b).map(([be, n]) => `${be}(${n})`);
		lines.push(`MAGLEV: ID=${id} INNER=[${inner.join(', ')}]`);
	}
	for (const [id, to] of maps.reverseNat.dump(ns)) lines.push(`REV: ID=${id} ADDR=${formatIp(to.address)}:${to.port}`);
	for (const [key] of maps.sourceRange.dump(ns))
		lines.push(`SRCRANGE: ID=${key.revNatIndex} CIDR=${formatPrefix(key.prefix)}`);
	for (const [key, value] of maps.services.dump(ns)) {
		// What the programs look up is what the tools list.
		expect(maps.services.lookup(ns, key)).toEqual(value);
		const { address, port: dport, slot, scope } = key;
		const head = `SVC: ID=${value.revNatIndex} ADDR=${formatIp(address)}:${dport}${proto(key.proto)}${scope ? '/i' : ''} SLOT=${slot}`;
		const rest =
			slot === 0
				? `LBALG=undef AFFTimeout=${value.affinityTimeout} COUNT=${value.count} QCOUNT=${value.qcount}`
				: `BEID=${value.backendId} COUNT=0 QCOUNT=0`;
		lines.push(`${head} ${rest} FLAGS=${flagText(value.flags, value.flags2, slot)}`);
	}
	for (const map of [maps.services, maps.backends, maps.reverseNat, maps.sourceRange, maps.affinityMatch])
		expect(map.size(ns)).toBe([...map.dump(ns)].length);
	return lines;
};

const echo = (more: Partial<Service> = {}, nodePort = 30781, name = 'test/echo', vip = '10.96.50.104') =>
	service(name, vip, [port({ name: 'http', port: 80, nodePort })], { type: 'NodePort', ...more });
const endpoints = (addresses: readonly string[], name = 'test/echo', node = 'nodeport-worker') =>
	slice(
		name,
		[{ name: 'http', port: 80 }],
		addresses.map((address) => ({ ip: address, node })),
	);
const FOUR = [1, 2, 3, 4].map((i) => `10.244.1.${i}`);

describe('1.18', () => {
	const s = agent('1.18.3');

	test('V1 nodeport: surrogate, node address and ClusterIP, four backends each', () => {
		const services = [echo(), echo({}, 30782, 'test/later', '10.96.50.105')];
		const slices = [
			endpoints(FOUR),
			endpoints(
				FOUR.map((a) => a.replace('.1.', '.2.')),
				'test/later',
			),
		];
		const lines = dump(s, services, slices);
		expect(lines.filter((l) => l.startsWith('REV'))).toEqual([
			'REV: ID=1 ADDR=0.0.0.0:30781',
			'REV: ID=2 ADDR=1.1.1.1:30781',
			'REV: ID=3 ADDR=10.96.50.104:80',
			'REV: ID=4 ADDR=0.0.0.0:30782',
			'REV: ID=5 ADDR=1.1.1.1:30782',
			'REV: ID=6 ADDR=10.96.50.105:80',
		]);
		expect(lines).toEqual(
			expect.arrayContaining([
				'BE: ID=8 ADDR=10.244.2.4:80/TCP STATE=active',
				'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=4 QCOUNT=0 FLAGS=NodePort+non-routable',
				'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=4 BEID=4 COUNT=0 QCOUNT=0 FLAGS=NodePort+non-routable',
				'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=4 QCOUNT=0 FLAGS=NodePort',
				'SVC: ID=5 ADDR=1.1.1.1:30782/TCP SLOT=1 BEID=5 COUNT=0 QCOUNT=0 FLAGS=NodePort',
				'SVC: ID=6 ADDR=10.96.50.105:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=4 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			]),
		);
		expect(lines.filter((l) => l.startsWith('SVC'))).toHaveLength(30);
	});

	test('V1 without backends every frontend keeps its slot 0', () => {
		expect(dump(s, [echo()], [])).toEqual([
			'REV: ID=1 ADDR=0.0.0.0:30781',
			'REV: ID=2 ADDR=1.1.1.1:30781',
			'REV: ID=3 ADDR=10.96.50.104:80',
			'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=0 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=0 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=3 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
		]);
	});

	const balanced = (more: Partial<Service> = {}) =>
		echo({ type: 'LoadBalancer', loadBalancerIngress: [ip('1.1.1.1')], ...more }, 0);
	const spread = slice(
		'test/echo',
		[{ name: 'http', port: 80 }],
		[
			{ ip: '10.244.1.1', node: 'testnode' },
			{ ip: '10.244.2.1', node: 'othernode' },
		],
	);

	test('V2 trafficpolicy, both Local: only this node’s backend, in both entries and in the backends', () => {
		const local = balanced({ externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' });
		expect(dump(s, [local], [spread])).toEqual([
			'BE: ID=1 ADDR=10.244.1.1:80/TCP STATE=active',
			'REV: ID=1 ADDR=1.1.1.1:80',
			'REV: ID=2 ADDR=10.96.50.104:80',
			'SVC: ID=1 ADDR=1.1.1.1:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=LoadBalancer+Local+InternalLocal',
			'SVC: ID=1 ADDR=1.1.1.1:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+Local+InternalLocal',
			'SVC: ID=2 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=ClusterIP+Local+InternalLocal+non-routable',
			'SVC: ID=2 ADDR=10.96.50.104:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+Local+InternalLocal+non-routable',
		]);
	});

	test('V3 trafficpolicy, internal Local only: two scopes with counts of their own', () => {
		// Upstream makes the internal entry in a later step, so its number comes last there.
		const renumbered = dump(s, [balanced({ internalTrafficPolicy: 'Local' })], [spread]).map((l) =>
			l.replace(/ID=([23]) ADDR/, (_, id) => `ID=${id === '2' ? 3 : 2} ADDR`),
		);
		expect(renumbered.filter((l) => l.startsWith('SVC'))).toEqual([
			'SVC: ID=1 ADDR=1.1.1.1:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=LoadBalancer+InternalLocal+two-scopes',
			'SVC: ID=1 ADDR=1.1.1.1:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+InternalLocal+two-scopes',
			'SVC: ID=1 ADDR=1.1.1.1:80/TCP SLOT=2 BEID=2 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+InternalLocal+two-scopes',
			'SVC: ID=3 ADDR=1.1.1.1:80/TCP/i SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=LoadBalancer+InternalLocal+two-scopes',
			'SVC: ID=3 ADDR=1.1.1.1:80/TCP/i SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+InternalLocal+two-scopes',
			'SVC: ID=2 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=ClusterIP+InternalLocal+non-routable',
			'SVC: ID=2 ADDR=10.96.50.104:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+InternalLocal+non-routable',
		]);
	});

	test('V4 source-ranges: every frontend checks, with its own entries', () => {
		const ranged = echo(
			{ type: 'LoadBalancer', loadBalancerIngress: [ip('10.0.0.2')], loadBalancerSourceRanges: [prefix('10.0.0.0/8')] },
			0,
			'test/echo',
			'10.0.0.1',
		);
		expect(dump(s, [ranged], [endpoints(['10.244.1.1'])])).toEqual([
			'BE: ID=1 ADDR=10.244.1.1:80/TCP STATE=active',
			'REV: ID=1 ADDR=10.0.0.1:80',
			'REV: ID=2 ADDR=10.0.0.2:80',
			'SRCRANGE: ID=1 CIDR=10.0.0.0/8',
			'SRCRANGE: ID=2 CIDR=10.0.0.0/8',
			'SVC: ID=1 ADDR=10.0.0.1:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=ClusterIP+non-routable+check source-range',
			'SVC: ID=1 ADDR=10.0.0.1:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable+check source-range',
			'SVC: ID=2 ADDR=10.0.0.2:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=LoadBalancer+check source-range',
			'SVC: ID=2 ADDR=10.0.0.2:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+check source-range',
		]);
		// 1.17 checks on the load balancer's address only, unless told otherwise.
		const checked = (lines: string[]) => lines.filter((l) => l.startsWith('SRCRANGE')).length;
		const old = (values = {}) => checked(dump(agent('1.17.5', values), [ranged], [endpoints(['10.244.1.1'])]));
		expect([old(), old({ 'bpf.lbSourceRangeAllTypes': 'true' })]).toEqual([1, 2]);
	});

	test('V5 hostport: node address and surrogate; loopback is flagged', () => {
		const host = (hostIP: number): HostPort => ({
			nodeName: 'testnode',
			hostIP,
			hostPort: 4444,
			proto: 6,
			podIP: ip('10.244.1.113'),
			containerPort: 80,
		});
		expect(dump(s, [], [], [host(0)])).toEqual([
			'BE: ID=1 ADDR=10.244.1.113:80/TCP STATE=active',
			'REV: ID=1 ADDR=0.0.0.0:4444',
			'REV: ID=2 ADDR=1.1.1.1:4444',
			'SVC: ID=1 ADDR=0.0.0.0:4444/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=HostPort+non-routable',
			'SVC: ID=1 ADDR=0.0.0.0:4444/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=HostPort+non-routable',
			'SVC: ID=2 ADDR=1.1.1.1:4444/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=HostPort',
			'SVC: ID=2 ADDR=1.1.1.1:4444/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=HostPort',
		]);
		expect(dump(s, [], [], [host(ip('127.0.0.1'))]).at(-1)).toContain('FLAGS=HostPort+non-routable+loopback');
		expect(dump(s, [], [], [host(0)], { ...NODE, name: 'another' }).filter((l) => l.startsWith('SVC'))).toEqual([]);
	});

	test('V7 loadbalancer: four frontends', () => {
		const lb = echo({ type: 'LoadBalancer', loadBalancerIngress: [ip('172.16.1.1')] });
		expect(dump(s, [lb], [endpoints(['10.244.1.1', '10.244.1.2'])]).filter((l) => /SLOT=0|REV/.test(l))).toEqual([
			'REV: ID=1 ADDR=0.0.0.0:30781',
			'REV: ID=2 ADDR=1.1.1.1:30781',
			'REV: ID=3 ADDR=10.96.50.104:80',
			'REV: ID=4 ADDR=172.16.1.1:80',
			'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=3 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=4 ADDR=172.16.1.1:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=LoadBalancer',
		]);
	});

	const ending = (first: boolean, second: boolean) =>
		slice(
			'test/echo',
			[{ name: 'http', port: 80 }],
			[
				{ ip: '10.244.0.112', node: 'n', state: first ? 'serving' : 'ready' },
				{ ip: '10.244.0.113', node: 'n', state: second ? 'serving' : 'ready' },
			],
		);

	test('V8 graceful termination: one of two', () => {
		const cluster = echo({ type: 'ClusterIP' }, 0);
		expect(dump(s, [cluster], [ending(true, false)])).toEqual([
			'BE: ID=1 ADDR=10.244.0.112:80/TCP STATE=terminating',
			'BE: ID=2 ADDR=10.244.0.113:80/TCP STATE=active',
			'REV: ID=1 ADDR=10.96.50.104:80',
			'SVC: ID=1 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=1 FLAGS=ClusterIP+non-routable',
			'SVC: ID=1 ADDR=10.96.50.104:80/TCP SLOT=1 BEID=2 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=1 ADDR=10.96.50.104:80/TCP SLOT=2 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
		]);
		// To 1.14 there is no slot for it, but the backend stays known.
		const old = dump(agent('1.14.14'), [cluster], [ending(true, false)]);
		expect(old.filter((l) => l.startsWith('SVC'))).toHaveLength(2);
		expect(old[0]).toBe('BE: ID=1 ADDR=10.244.0.112:80 STATE=terminating');
	});

	test('V9 graceful termination: both, as a last resort', () => {
		const lines = dump(s, [echo({ type: 'ClusterIP' }, 0)], [ending(true, true)]);
		expect(lines.find((l) => l.includes('SLOT=0'))).toContain('COUNT=2 QCOUNT=0');
	});

	test('V10 a quarantined backend has a slot that is not counted', () => {
		const be = (id: number, state: number) => ({ id, ip: id, port: 80, proto: 6, nodeName: 'n', state });
		const { active, quarantined } = slotsOf([be(1, BE_ACTIVE), be(2, BE_QUARANTINED), be(3, BE_MAINTENANCE)], true);
		expect([active, quarantined].map((list) => list.map((b) => b.id))).toEqual([[1], [2]]);
	});

	test('V9b with every backend ending, 1.12 has none for new connections, later releases have those', () => {
		const ending = [1, 2].map((id) => ({ id, ip: id, port: 80, proto: 6, nodeName: 'n', state: BE_TERMINATING }));
		expect(slotsOf(ending, false, false).active).toEqual([]);
		expect(slotsOf(ending, false).active).toEqual(ending);
	});

	test('V11 external ClusterIP is routable, and has a Maglev table', () => {
		const open = agent('1.18.3', {
			'bpf.lbExternalClusterIP': 'true',
			'loadBalancer.algorithm': 'maglev',
			'maglev.tableSize': '1021',
		});
		expect(dump(open, [echo({ type: 'ClusterIP' }, 0)], [endpoints(['10.244.1.1'])])).toEqual([
			'BE: ID=1 ADDR=10.244.1.1:80/TCP STATE=active',
			'MAGLEV: ID=1 INNER=[1(1021)]',
			'REV: ID=1 ADDR=10.96.50.104:80',
			'SVC: ID=1 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=ClusterIP',
			'SVC: ID=1 ADDR=10.96.50.104:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP',
		]);
	});

	test('nodeport-maglev: tables for what is reached from outside, 256, 255, 255, 255', () => {
		const maglev = agent('1.18.3', { 'loadBalancer.algorithm': 'maglev', 'maglev.tableSize': '1021' });
		expect(dump(maglev, [echo()], [endpoints(FOUR)]).filter((l) => l.startsWith('MAGLEV'))).toEqual([
			'MAGLEV: ID=2 INNER=[1(256), 2(255), 3(255), 4(255)]',
		]);
	});

	test.each([
		['1.16.6', [0, 0, 0]],
		['1.17.0', [0, 0, 2]],
		['1.18.3', [0, 0, 2]],
		['1.19.4', [0, 1, 2]],
	])('%s: DSR as a flag of services, from 1.17; in hybrid mode TCP services have it from 1.19', (version, expected) => {
		const udp = service('test/u', '10.96.50.106', [port({ name: 'http', port: 80, protocol: 'UDP' })], {});
		const modes = (mode: string) =>
			dump(agent(version, { 'loadBalancer.mode': mode }), [echo({}, 0), udp], []).filter((l) => l.endsWith('+dsr'))
				.length;
		expect([modes('snat'), modes('hybrid'), modes('dsr')]).toEqual(expected);
	});
});

describe('1.19: an entry for all other ports and protocols of an address', () => {
	// loadbalancer.txtar, hybrid-dsr.txtar, hostport.txtar where v1.19 branched off.
	const of = (services: readonly Service[], slices: readonly EndpointSlice[], values: Record<string, string> = {}) =>
		dump(agent('1.19.4', values), services, slices).filter((l) => l.includes('/ANY'));

	test('ClusterIPs and load balancers have one each, nodes’ addresses none', () => {
		const lb = echo({ type: 'LoadBalancer', loadBalancerIngress: [ip('172.16.1.1')] });
		const lines = dump(agent('1.19.4'), [lb], [endpoints(['10.244.1.1', '10.244.1.2'])]);
		expect(lines.filter((l) => l.startsWith('SVC'))).toEqual([
			'SVC: ID=0 ADDR=10.96.50.104:0/ANY SLOT=0 LBALG=undef AFFTimeout=0 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=0 ADDR=172.16.1.1:0/ANY SLOT=0 LBALG=undef AFFTimeout=0 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer+non-routable',
			'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=1 ADDR=0.0.0.0:30781/TCP SLOT=2 BEID=2 COUNT=0 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=2 ADDR=1.1.1.1:30781/TCP SLOT=2 BEID=2 COUNT=0 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=3 ADDR=10.96.50.104:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=3 ADDR=10.96.50.104:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=3 ADDR=10.96.50.104:80/TCP SLOT=2 BEID=2 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=4 ADDR=172.16.1.1:80/TCP SLOT=0 LBALG=undef AFFTimeout=0 COUNT=2 QCOUNT=0 FLAGS=LoadBalancer',
			'SVC: ID=4 ADDR=172.16.1.1:80/TCP SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer',
			'SVC: ID=4 ADDR=172.16.1.1:80/TCP SLOT=2 BEID=2 COUNT=0 QCOUNT=0 FLAGS=LoadBalancer',
		]);
	});

	test('one for all services of an address; none in 1.18', () => {
		const two = service('test/b', '10.96.50.104', [port({ port: 81 }), port({ port: 82, protocol: 'UDP' })], {});
		expect(of([echo(), two], [])).toHaveLength(1);
		expect(dump(agent('1.18.3'), [echo()], []).some((l) => l.includes(':0/'))).toBe(false);
	});
});

describe('earlier versions', () => {
	test('1.12: protocols are not told apart, the ClusterIP comes first, flags stand on slot 0 only', () => {
		expect(dump(agent('1.12.1'), [echo()], [endpoints(['10.244.1.1'])])).toEqual([
			'BE: ID=1 ADDR=10.244.1.1:80 STATE=active',
			'REV: ID=1 ADDR=10.96.50.104:80',
			'REV: ID=2 ADDR=1.1.1.1:30781',
			'REV: ID=3 ADDR=0.0.0.0:30781',
			'SVC: ID=1 ADDR=10.96.50.104:80 SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=1 ADDR=10.96.50.104:80 SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=2 ADDR=1.1.1.1:30781 SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=NodePort',
			'SVC: ID=2 ADDR=1.1.1.1:30781 SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
			'SVC: ID=3 ADDR=0.0.0.0:30781 SLOT=0 LBALG=undef AFFTimeout=0 COUNT=1 QCOUNT=0 FLAGS=NodePort+non-routable',
			'SVC: ID=3 ADDR=0.0.0.0:30781 SLOT=1 BEID=1 COUNT=0 QCOUNT=0 FLAGS=ClusterIP+non-routable',
		]);
	});

	test('1.12: external policy Local has two scopes, internal policy Local is not known', () => {
		const s = agent('1.12.1');
		const masters = (more: Partial<Service>) =>
			dump(s, [echo(more)], [endpoints(['10.244.1.1'], 'test/echo', 'othernode')])
				.filter((l) => l.includes('SLOT=0'))
				.map((l) => l.replace(/.*ADDR=(\S+).*COUNT=(\d+) Q.*FLAGS=(\S+)/, '$1 $2 $3'));
		expect(masters({ externalTrafficPolicy: 'Local' })).toEqual([
			'10.96.50.104:80 1 ClusterIP+non-routable',
			'1.1.1.1:30781 0 NodePort+Local',
			'1.1.1.1:30781/i 1 NodePort',
			'0.0.0.0:30781 0 NodePort+Local+non-routable',
			'0.0.0.0:30781/i 1 NodePort+non-routable',
		]);
		expect(masters({ internalTrafficPolicy: 'Local' })[0]).toBe('10.96.50.104:80 1 ClusterIP+non-routable');
	});

	test.each(['1.12.1', '1.18.3'])('%s without replacement: ClusterIPs only', (version) => {
		const s = ciliumSettings(version, nativeRoutingValues(version, prefix('10.244.0.0/16'))) as CiliumSettings;
		const all = echo({ type: 'LoadBalancer', loadBalancerIngress: [ip('1.1.1.1')], externalIPs: [ip('192.0.2.1')] });
		const lines = dump(s, [all], [endpoints(['10.244.1.1'])]).filter((l) => l.includes('SLOT=0'));
		expect(lines).toHaveLength(1);
		expect(lines[0]).toContain('10.96.50.104:80');
	});
});

test('a services map with no room left leaves services out', () => {
	const s = agent('1.18.3', { 'bpf.lbMapMax': '12' });
	const maps = ciliumMaps(features(s.version), s.mapSizes, s.clock, s.lb);
	const services = Array.from({ length: 10 }, (_, i) =>
		echo({ type: 'ClusterIP' }, 0, `test/echo${i}`, `10.96.0.${i + 1}`),
	);
	const slices = services.map((_, i) => endpoints(['10.244.1.1'], `test/echo${i}`));
	const plan = lbPlan(s, maps, proxyState(services, slices));
	expect(lbOverflow(plan, NODE)).toBe(4);
});

// pkg/loadbalancer/loadbalancer.go L3n4Addr.Hash() @ v1.12.1, v1.16.15: "proto is omitted for now"; bpf/lib/lb.h @ v1.17.8.
test.each([
	['1.12.1', ['10.96.0.10:53 ID=1']],
	['1.16.6', ['10.96.0.10:53 ID=1']],
	['1.17.0', ['10.96.0.10:53/UDP ID=1', '10.96.0.10:53/TCP ID=2']],
])('%s: TCP and UDP of one port are one frontend until the key has the protocol', (version, masters) => {
	const ports = [
		{ name: 'dns', port: 53, protocol: 'UDP' as const },
		{ name: 'dns-tcp', port: 53, protocol: 'TCP' as const },
	];
	const dns = service('kube-system/kube-dns', '10.96.0.10', ports.map(port));
	const lines = dump(agent(version), [dns], [slice('kube-system/kube-dns', ports, [{ ip: '10.244.0.2', node: 'a' }])]);
	expect(
		lines.filter((l) => l.includes('SLOT=0')).map((l) => l.replace(/^SVC: (ID=\d+) ADDR=(\S+) .*/, '$2 $1')),
	).toEqual(masters);
});
