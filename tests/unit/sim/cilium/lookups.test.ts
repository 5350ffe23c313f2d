/** Lookups in maps, for one packet: counted as the programs make them, each once. */
import { describe, expect, test } from 'vitest';
import type { Lookup } from '../../../../src/sim/linux/index.ts';
import { FLEET_NODE, FLEET_NODE_PORT, fleet, kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { parseIp } from '../../../../src/sim/wire/index.ts';
import {
	apply,
	ciliumListOf,
	createWorld,
	type Outcome,
	type Scenario,
	type Settings,
	type World,
} from '../../../../src/sim/world/index.ts';

interface Counted {
	readonly world: World;
	readonly outcome: Outcome;
	readonly lookups: readonly Lookup[];
	/** Of one packet: `program table hit`, without the machine, in order. */
	of(packet: number | undefined, ns: string): readonly string[];
}

const knock = (scenario: Scenario, settings: Partial<Settings>, to: string, records = true): Counted => {
	const made = createWorld(scenario, settings);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	const lookups: Lookup[] = [];
	const done = apply(
		made.world,
		{ kind: 'connect', probe: { from: 'host', to: { ip: parseIp(to)!, port: 32017 }, protocol: 'tcp' } },
		{ records, lookup: (l) => lookups.push(l) },
	);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	expect(done.outcome!.result).toBe('connected');
	return {
		world: done.world,
		outcome: done.outcome!,
		lookups,
		of: (packet, ns) =>
			lookups
				.filter((l) => l.packet === packet && l.ns === ns)
				.map(({ program = '-', table, hit }) => `${program} ${table.replace('cilium_', '')} ${hit ? 'hit' : 'miss'}`),
	};
};

const ebpf = (bundle: string, mode: string, helm: Record<string, string> = {}): Partial<Settings> => ({
	bundle,
	podOn: 'basic-worker',
	kubeProxy: 'none',
	helm: {
		kubeProxyReplacement: bundle === 'cilium-1.12' ? 'strict' : 'true',
		'loadBalancer.mode': mode,
		...helm,
	},
});

const WORKER = '172.18.0.3';
const CONTROL_PLANE = '172.18.0.4';

/** Packets the client sent to the pod after the first one: they have IP headers where they leave. */
const later = ({ trace, firstPacket }: Outcome): readonly number[] => {
	const sent = trace.filter((d) => d.ns === 'host' && d.hook === 'tx' && d.before && d.packet !== firstPacket);
	return [...new Set(sent.map((d) => d.packet))];
};

describe('a NodePort packet, Cilium 1.12.1, mode snat', () => {
	/** Who sends; then nodeport_lb4() up to the backend: the service, the connection, a slot, the backend. */
	const found = [
		'from-netdev ipcache hit',
		'from-netdev lb4_services_v2 hit',
		'from-netdev ct4_global miss',
		'from-netdev lb4_services_v2 hit',
		'from-netdev lb4_backends_v2 hit',
	];
	const known = [
		'from-netdev ipcache hit',
		'from-netdev lb4_services_v2 hit',
		'from-netdev ct4_global hit',
		'from-netdev lb4_backends_v2 hit',
	];

	test('at the door with the pod: the service, its connection, slot and backend, then the connection to the backend', () => {
		const at = knock(kindBasic, ebpf('cilium-1.12', 'snat'), WORKER);
		expect(at.of(at.outcome.firstPacket, 'node/basic-worker')).toEqual([
			...found,
			'from-netdev lxc hit',
			// CT_EGRESS: an answer's tuple first, then the packet's own.
			'from-netdev ct4_global miss',
			'from-netdev ct4_global miss',
			// To the stack, and from there by cilium_host into the pod.
			'- nf_conntrack miss',
			'from-host ipcache hit',
			'from-host lxc hit',
			'from-host ct4_global miss',
			'from-host ct4_global miss',
			// Whether it came in as a NodePort's.
			'from-host ct4_global hit',
		]);
	});

	test('at a door without the pod: a port is looked for as well, and the second node asks whether it has the service', () => {
		const at = knock(kindBasic, ebpf('cilium-1.12', 'snat'), CONTROL_PLANE);
		expect(at.of(at.outcome.firstPacket, 'node/basic-control-plane')).toEqual([
			...found,
			'from-netdev lxc miss',
			'from-netdev ct4_global miss',
			'from-netdev ct4_global miss',
			'from-netdev snat_v4_external miss',
			'from-netdev snat_v4_external miss',
		]);
		expect(at.of(at.outcome.firstPacket, 'node/basic-worker').slice(0, 3)).toEqual([
			'from-netdev ipcache hit',
			'from-netdev lb4_services_v2 miss',
			'from-netdev snat_v4_external miss',
		]);
		// The answer: no service, a translation, the connection it answers, the frontend.
		expect(at.of(at.outcome.firstReply, 'node/basic-control-plane')).toEqual([
			'from-netdev ipcache hit',
			'from-netdev lb4_services_v2 miss',
			'from-netdev snat_v4_external hit',
			'from-netdev ct4_global hit',
			'from-netdev lb4_reverse_nat hit',
		]);
	});

	test('a later packet asks for the service again, and no more for a slot', () => {
		const at = knock(kindBasic, ebpf('cilium-1.12', 'snat'), WORKER);
		const packets = later(at.outcome);
		expect(packets.length).toBeGreaterThan(3);
		for (const packet of packets)
			expect(at.of(packet, 'node/basic-worker')).toEqual([
				...known,
				'from-netdev lxc hit',
				'from-netdev ct4_global miss',
				'from-netdev ct4_global hit',
				'- nf_conntrack hit',
				'from-host ipcache hit',
				'from-host lxc hit',
				'from-host ct4_global miss',
				'from-host ct4_global hit',
			]);
	});
});

test('from 1.17 a port is asked for under its protocol and under any, from 1.14 a connection in one direction only', () => {
	const at = knock(kindBasic, ebpf('cilium-1.18', 'snat'), CONTROL_PLANE);
	const first = at.of(at.outcome.firstPacket, 'node/basic-control-plane').map((l) => l.split(' ').slice(1).join(' '));
	expect(first).toEqual([
		'ipcache_v2 hit',
		'lb4_services_v2 hit',
		'ct4_global miss',
		'lb4_services_v2 hit',
		'lb4_backends_v3 hit',
		'lxc miss',
		'ct4_global miss',
		// No lookup of the port: writing it says whether it was free. The count of tries is an array's.
		'snat_v4_external miss',
		'snat_v4_alloc_retries hit',
	]);
	expect(at.of(at.outcome.firstReply, 'node/basic-control-plane').slice(1, 3)).toEqual([
		'cil_from_netdev lb4_services_v2 miss',
		'cil_from_netdev lb4_services_v2 miss',
	]);
});

test('a Maglev table is a map within a map: two lookups in place of the one for a slot', () => {
	const by = (algorithm: string) => {
		const at = knock(kindBasic, ebpf('cilium-1.12', 'snat', { 'loadBalancer.algorithm': algorithm }), WORKER);
		return at.of(at.outcome.firstPacket, 'node/basic-worker');
	};
	const random = by('random');
	const maglev = by('maglev');
	expect(maglev.slice(3, 5)).toEqual(['from-netdev lb4_maglev hit', 'from-netdev lb4_maglev_inner hit']);
	expect([...maglev.slice(0, 3), ...maglev.slice(5)]).toEqual([...random.slice(0, 3), ...random.slice(4)]);
});

test('out of a tunnel the sender is known by the VNI, and not looked up unless it is a node', () => {
	const at = knock(kindBasic, ebpf('cilium-1.12', 'snat', { tunnel: 'vxlan' }), CONTROL_PLANE);
	const inside = at.of(at.outcome.firstPacket, 'node/basic-worker').filter((l) => l.startsWith('from-overlay'));
	expect(inside[0]).toBe('from-overlay lb4_services_v2 miss');
	expect(inside.filter((l) => l.includes('ipcache'))).toEqual([]);
	// The entry node says for whom it translated: the world (tail_nodeport_nat_ipv4(), bpf/lib/nodeport.h).
	const printed = ciliumListOf(at.world, 'basic-worker', 'ct')!.stdout;
	expect(printed.find((line) => line.startsWith('TCP IN'))).toContain('SourceSecurityID=2 ');
});

test.each([
	['cilium-1.12', 'snat', {}],
	['cilium-1.12', 'dsr', {}],
	['cilium-1.18', 'hybrid', {}],
	['cilium-1.18', 'snat', { 'loadBalancer.algorithm': 'maglev', routingMode: 'tunnel' }],
] as const)('%s, mode %s: what is looked up to be shown is not counted', (bundle, mode, helm) => {
	for (const door of [WORKER, CONTROL_PLANE]) {
		const shown = knock(kindBasic, ebpf(bundle, mode, helm), door);
		const silent = knock(kindBasic, ebpf(bundle, mode, helm), door, false);
		expect(silent.outcome.trace).toEqual([]);
		expect(silent.lookups.length).toBeGreaterThan(20);
		expect(shown.lookups).toEqual(silent.lookups);
	}
});

test('programs at sockets count for the packet that will be sent: the service, a slot, a backend', () => {
	const made = createWorld(kindBasic, { ...ebpf('cilium-1.18', 'snat') });
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	const lookups: Lookup[] = [];
	const probe = {
		from: 'pod/kube-system/coredns-6d4b75cb6d-8qxzf',
		to: { ip: parseIp('10.96.101.186')!, port: 8080 },
		protocol: 'tcp',
	} as const;
	const done = apply(made.world, { kind: 'connect', probe }, { records: false, lookup: (l) => lookups.push(l) });
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	const at = lookups.filter((l) => l.program === 'cil_sock4_connect');
	expect(at.map(({ packet, ns, table, hit }) => [packet, ns, table, hit])).toEqual(
		['cilium_lb4_services_v2', 'cilium_lb4_services_v2', 'cilium_lb4_backends_v3'].map((table) => [
			done.outcome!.firstPacket,
			probe.from,
			table,
			true,
		]),
	);
});

describe('a node of a fleet', () => {
	const count = (settings: Partial<Settings>, services: number) => {
		const scenario = fleet(services);
		const made = createWorld(scenario, settings);
		if ('error' in made) throw new Error(JSON.stringify(made.error));
		const lookups: Lookup[] = [];
		const probe = { from: 'host', to: { ip: FLEET_NODE, port: FLEET_NODE_PORT }, protocol: 'tcp' } as const;
		const done = apply(made.world, { kind: 'connect', probe }, { lookup: (l) => lookups.push(l) });
		if ('error' in done) throw new Error(JSON.stringify(done.error));
		expect(done.outcome!.server).toBe('echo');
		const rules = done
			.outcome!.trace.filter((d) => d.packet === done.outcome!.firstPacket)
			.reduce((sum, d) => sum + (d.tried ?? 0) + (d.rule === undefined ? 0 : 1), 0);
		const maps = lookups.filter((l) => l.packet === done.outcome!.firstPacket && l.table !== 'nf_conntrack');
		return { rules, maps: maps.length, entries: made.world.net.namespaces.get('node/here')!.bpfMaps };
	};

	test('with Cilium has every service in its maps, and looks up as often for few services as for many', () => {
		const { podOn: _, ...programs } = ebpf('cilium-1.12', 'snat');
		const [few, many] = [count(programs, 10), count(programs, 3000)];
		expect([many.rules, many.maps]).toEqual([few.rules, few.maps]);
		expect(few.maps).toBe(13);
		const services = many.entries.get('cilium_lb4_services_v2')!;
		// For each a row of its own and one for its backend; the echo server has three frontends.
		expect(services.blocks.reduce((sum, block) => sum + block.size(), 0)).toBe(2 * 3000 + 6);
	});

	test('with kube-proxy tries a rule more for each service', () => {
		const [few, many] = [count({ bundle: 'cilium-1.12' }, 10), count({ bundle: 'cilium-1.12' }, 3000)];
		expect(many.rules - few.rules).toBe(2990);
		expect(many.maps).toBe(few.maps);
	});
});
