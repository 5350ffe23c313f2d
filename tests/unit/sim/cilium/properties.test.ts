/** What must hold of Cilium's NodePort in any cluster, mode and version, for any flow. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TUPLE_F_IN, TUPLE_F_OUT, type TupleKey } from '../../../../src/sim/cilium/index.ts';
import type { BpfMap, Capture } from '../../../../src/sim/linux/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { formatIp, parseIp } from '../../../../src/sim/wire/index.ts';
import {
	apply,
	createWorld,
	type Outcome,
	podsOf,
	type Settings,
	type World,
} from '../../../../src/sim/world/index.ts';

const ENTRIES = ['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5'].map((text) => parseIp(text)!);
const NODES = kindBasic.cluster.nodes.filter((node) => !node.controlPlane).map((node) => node.name);
const PORT = 32017;

interface Flow {
	readonly entry: number;
	readonly sport: number;
}

interface Case {
	readonly version: string;
	readonly mode: 'snat' | 'dsr' | 'hybrid';
	readonly routing: 'native' | 'tunnel';
	readonly bpf: boolean;
	readonly algorithm: 'random' | 'maglev';
	readonly udp: boolean;
	readonly replicas: number;
	readonly podOn: string;
	readonly flows: readonly Flow[];
}

const BASE: Case = {
	version: '1.18',
	mode: 'snat',
	routing: 'native',
	bpf: false,
	algorithm: 'random',
	udp: false,
	replicas: 1,
	podOn: 'basic-worker',
	flows: [],
};

const flows = fc.uniqueArray(
	fc.record({ entry: fc.constantFrom(...ENTRIES), sport: fc.integer({ min: 1024, max: 65535 }) }),
	{ minLength: 1, maxLength: 6, selector: (flow) => flow.sport },
);

const anyCase: fc.Arbitrary<Case> = fc.record({
	version: fc.constantFrom('1.12', '1.13', '1.14', '1.16', '1.17', '1.18', '1.19'),
	mode: fc.constantFrom('snat', 'dsr', 'hybrid'),
	routing: fc.constantFrom('native', 'tunnel'),
	bpf: fc.boolean(),
	algorithm: fc.constantFrom('random', 'maglev'),
	udp: fc.boolean(),
	replicas: fc.integer({ min: 1, max: 4 }),
	podOn: fc.constantFrom(...NODES),
	flows,
});

const settingsOf = (c: Case): Partial<Settings> => {
	const old = c.version === '1.12' || c.version === '1.13';
	const tunnel = c.routing === 'tunnel';
	return {
		bundle: `cilium-${c.version}`,
		kubeProxy: 'none',
		replicas: c.replicas,
		protocol: c.udp ? 'UDP' : 'TCP',
		podOn: c.podOn,
		helm: {
			kubeProxyReplacement: old ? 'strict' : 'true',
			// In a tunnel DSR needs Geneve, which is tried elsewhere.
			'loadBalancer.mode': tunnel ? 'snat' : c.mode,
			'loadBalancer.algorithm': c.algorithm,
			'maglev.tableSize': '251',
			'bpf.masquerade': String(c.bpf),
			...(tunnel ? (old ? { tunnel: 'vxlan' } : { routingMode: 'tunnel' }) : {}),
		},
	};
};

const worldOf = (c: Case): World => {
	const made = createWorld(kindBasic, settingsOf(c));
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.world;
};

const run = (
	world: World,
	flow: Flow,
	udp: boolean,
	capture?: (c: Capture) => void,
): { readonly world: World; readonly outcome: Outcome } => {
	const done = apply(
		world,
		{
			kind: 'connect',
			probe: {
				from: 'host',
				to: { ip: flow.entry, port: PORT },
				protocol: udp ? 'udp' : 'tcp',
				sport: flow.sport,
			},
		},
		{ records: false, ...(capture ? { capture } : {}) },
	);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return { world: done.world, outcome: done.outcome! };
};

interface Nat {
	readonly key: TupleKey;
	readonly to: string;
}

const snat = (world: World, node: string): Nat[] => {
	const map: BpfMap | undefined = world.net.namespaces.get(`node/${node}`)!.bpfMaps.get('cilium_snat_v4_external');
	return [...(map?.entries.values() ?? [])].map(([key, value]) => {
		const { toAddr, toPort } = value as { readonly toAddr: number; readonly toPort: number };
		return { key: key as TupleKey, to: `${formatIp(toAddr)}:${toPort}` };
	});
};

const end = (ip: number, port: number): string => `${formatIp(ip)}:${port}`;

describe('a NodePort through Cilium', () => {
	test('every flow is answered, and from the address it asked', () => {
		fc.assert(
			fc.property(anyCase, (c) => {
				let world = worldOf(c);
				for (const flow of c.flows) {
					const heard: string[] = [];
					const ran = run(world, flow, c.udp, ({ ns, dev, direction, frame: { payload } }) => {
						if (ns !== 'host' || direction !== 'rx' || !dev.startsWith('br-') || payload.kind !== 'ipv4') return;
						const { payload: inner } = payload;
						if (inner.kind === 'tcp' || inner.kind === 'udp') heard.push(end(payload.src, inner.sport));
					});
					world = ran.world;
					expect(ran.outcome.result).toBe('connected');
					expect(new Set(heard)).toEqual(new Set([end(flow.entry, PORT)]));
				}
			}),
			{ numRuns: 60 },
		);
	});

	test('every translation has its way back, and no two flows look alike from outside', () => {
		fc.assert(
			fc.property(anyCase, (c) => {
				let world = worldOf(c);
				for (const flow of c.flows) world = run(world, flow, c.udp).world;
				for (const { name } of kindBasic.cluster.nodes) {
					const entries = snat(world, name);
					const back = new Set(
						entries
							.filter(({ key }) => key.flags === TUPLE_F_IN)
							.map((e) => `${end(e.key.saddr, e.key.sport)} ${e.to}`),
					);
					const looks = new Set<string>();
					for (const { key, to } of entries) {
						if (key.flags !== TUPLE_F_OUT) continue;
						// DSR's are half: they only say who the answers come from.
						const dsr = to.endsWith(`:${PORT}`);
						if (!dsr) expect(back.has(`${end(key.daddr, key.dport)} ${end(key.saddr, key.sport)}`)).toBe(true);
						const look = `${key.proto} ${to} ${end(key.daddr, key.dport)}`;
						expect(looks.has(look)).toBe(false);
						looks.add(look);
					}
				}
			}),
			{ numRuns: 40 },
		);
	});

	test('DSR brings the pod the same octets as SNAT', () => {
		fc.assert(
			fc.property(anyCase, fc.boolean(), (c, udp) => {
				const flow = c.flows[0]!;
				const octets = (mode: Case['mode']): number[] => {
					const got: number[] = [];
					run(
						worldOf({ ...c, mode, udp, routing: 'native', replicas: 1 }),
						flow,
						udp,
						({ ns, direction, frame: { payload } }) => {
							if (!ns.startsWith('pod/default/') || direction !== 'rx' || payload.kind !== 'ipv4') return;
							const { payload: inner } = payload;
							if (inner.kind === 'tcp' || inner.kind === 'udp') got.push(...inner.data);
						},
					);
					return got;
				};
				expect(octets('dsr')).toEqual(octets('snat'));
				expect(octets('dsr').length).toBeGreaterThan(0);
			}),
			{ numRuns: 25 },
		);
	});

	test('with Maglev a flow finds the same backend by every node', () => {
		fc.assert(
			fc.property(anyCase, (c) => {
				const world = worldOf({ ...c, algorithm: 'maglev', replicas: 4 });
				for (const { sport } of c.flows) {
					const servers = ENTRIES.map((entry) => run(world, { entry, sport }, c.udp).outcome.server);
					expect(new Set(servers).size).toBe(1);
				}
			}),
			{ numRuns: 25 },
		);
	});

	test.each(['1.12', '1.14', '1.16', '1.18'])(
		'%s: a port the node itself uses towards the backend is not taken for a client',
		(version) => {
			const world = worldOf({ ...BASE, version });
			const backend = podsOf(world).find((p) => p.metadata.name.startsWith('deploy-echoserver'))!;
			const own = apply(world, {
				kind: 'connect',
				probe: {
					from: 'node/basic-worker2',
					to: { ip: backend.podIP!, port: 8080 },
					protocol: 'tcp',
					sport: 40000,
				},
			});
			if ('error' in own) throw new Error(JSON.stringify(own.error));
			expect(own.outcome!.observedSource).toEqual({ ip: ENTRIES[0], port: 40000 });
			const { outcome } = run(own.world, { entry: ENTRIES[0]!, sport: 40000 }, false);
			expect(outcome.result).toBe('connected');
			expect(outcome.observedSource!.ip).toBe(ENTRIES[0]);
			expect(outcome.observedSource!.port).not.toBe(40000);
		},
	);
});
