import { describe, expect, it } from 'vitest';
import { connectionsAt, printIptablesSave } from '../../../../src/sim/linux/index.ts';
import { kindBasic } from '../../../../src/sim/scenarios/index.ts';
import { digestOf } from '../../../../src/sim/trace/index.ts';
import { formatIp } from '../../../../src/sim/wire/index.ts';
import {
	type Action,
	apply,
	conntrackOf,
	createWorld,
	devicesOf,
	HISTORY,
	helmFindings,
	namespacesOf,
	podsOf,
	replay,
	rulesetOf,
	servicesOf,
	undo,
	type World,
} from '../../../../src/sim/world/index.ts';
import { connect, doors, seen, target, worldOf } from './helpers.ts';

const BARE = { bundle: 'bare-1.24' } as const;
const POD = 'deploy-echoserver-7ccc684445-msflx';

const does = (world: World, action: Action): World => {
	const done = apply(world, action);
	if ('error' in done) throw new Error(JSON.stringify(done.error));
	return done.world;
};

describe('the four doors of kind-basic, one pod on basic-worker (.3)', () => {
	for (const bundle of ['bare-1.24', 'bare-1.33', 'cilium-1.12'])
		for (const protocol of ['TCP', 'UDP'] as const) {
			const more = { protocol: protocol === 'TCP' ? 'tcp' : 'udp' } as const;
			it(`${bundle}, ${protocol}: with policy Cluster the pod sees the address of the node that was asked`, () => {
				const own = ['172.18.0.2', '172.18.0.3', '172.18.0.4', '172.18.0.5'];
				expect(doors({ bundle, protocol }, more)).toEqual(own);
			});
			it(`${bundle}, ${protocol}: with policy Local only the pod's node answers, and the pod sees the client`, () => {
				const settings = { bundle, protocol, externalTrafficPolicy: 'Local' } as const;
				expect(doors(settings, more)).toEqual(['timeout', '172.18.0.1', 'timeout', 'timeout']);
			});
			it(`${bundle}, ${protocol}: without pods every door refuses`, () => {
				expect(doors({ bundle, protocol, replicas: 0 }, more)).toEqual(new Array(4).fill('refused'));
			});
		}
});

describe('with Cilium connecting the pods and kube-proxy in charge of services', () => {
	const router = (world: World): string =>
		formatIp(devicesOf(world, 'node/basic-worker').find((d) => d.name === 'cilium_host')!.addresses[0]!.ip);

	it('to 1.12, cilium_host has an address of scope link, and the pod sees the node', () => {
		expect(doors({})[1]).toBe('172.18.0.3');
		const host = devicesOf(worldOf(), 'node/basic-worker').find((d) => d.name === 'cilium_host');
		expect(host!.addresses.map((a) => a.scope)).toEqual(['link']);
	});

	it('later it is global, and the pod behind its own door sees the router of its node', () => {
		const world = worldOf({ bundle: 'cilium-1.18' });
		expect(doors({ bundle: 'cilium-1.18' })).toEqual(['172.18.0.2', router(world), '172.18.0.4', '172.18.0.5']);
	});

	it('a pod reaches its own service through the loopback address of the program', () => {
		expect(seen(connect(worldOf(), `pod/${POD}`, '10.96.101.186:8080').outcome)).toBe('169.254.42.1');
	});

	it('puts CILIUM_POST_nat before KUBE-POSTROUTING', () => {
		const chain = rulesetOf(worldOf(), 'basic-worker').nat!.chains.get('POSTROUTING')!;
		expect(chain.rules.map((r) => 'chain' in r.target && r.target.chain)).toEqual([
			'CILIUM_POST_nat',
			'KUBE-POSTROUTING',
		]);
	});

	it('takes Helm values the chart knows, and names what it does not', () => {
		expect(createWorld(kindBasic, { helm: { autoDirectNodeRoutes: 'true' } })).toHaveProperty('world');
		const typo = worldOf({ helm: { 'bpf.masqurade': 'true' } });
		expect(helmFindings(typo)).toContainEqual({
			level: 'silent',
			code: 'helm.unknown-key',
			params: { key: 'bpf.masqurade', near: 'bpf.masquerade' },
		});
		expect(createWorld(kindBasic, { helm: { autoDirectNodeRoutes: 'true', tunnel: 'vxlan' } })).toMatchObject({
			error: { code: 'bad-helm-value', params: { reason: 'cilium.fatal', fatal: 'direct-routes-tunnel' } },
		});
		expect(createWorld(kindBasic, { helm: { tunnel: 'ipsec' } })).toMatchObject({ error: { code: 'bad-helm-value' } });
		expect(createWorld(kindBasic, { helm: { 'ipv6.enabled': 'true' } })).toMatchObject({
			error: { code: 'not-modelled' },
		});
	});
});

describe('one connection', () => {
	it('prints what the server printed, in octets', () => {
		const { outcome } = connect(worldOf(BARE), 'host', '172.18.0.4:32017');
		const text = String.fromCharCode(...outcome.reply);
		expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
		const { ip, port } = outcome.observedSource!;
		expect(text).toContain(`-> Requesting IP: ${formatIp(ip)}:${port}\n`);
		expect(outcome.server).toBe(POD);
	});

	it('passes host, entry node, pod node and pod on the way there, the TTL one less at each router', () => {
		const { outcome } = connect(worldOf(BARE), 'host', '172.18.0.4:32017');
		const ends = outcome.hops.filter((h) => h.direction === 'rx').map((h) => [h.namespace, h.ttl, h.src, h.dst]);
		expect(ends).toEqual([
			['node/basic-control-plane', 64, '172.18.0.1', '172.18.0.4'],
			['host', 63, '172.18.0.4', '10.244.1.199'],
			['node/basic-worker', 63, '172.18.0.4', '10.244.1.199'],
			[`pod/default/${POD}`, 62, '172.18.0.4', '10.244.1.199'],
		]);
	});

	it('comes back from the address that was asked', () => {
		const { outcome } = connect(worldOf(BARE), 'host', '172.18.0.4:32017');
		expect(outcome.replyHops.at(0)).toMatchObject({ namespace: `pod/default/${POD}`, src: '10.244.1.199' });
		expect(outcome.replyHops.at(-1)).toMatchObject({
			namespace: 'host',
			src: '172.18.0.4',
			dst: '172.18.0.1',
			ttl: 62,
		});
	});

	it('leaves a connection with both tuples on the entry node', () => {
		const { world } = connect(worldOf(BARE), 'host', '172.18.0.4:32017', { sport: 40000 });
		const [entry] = conntrackOf(world, 'node/basic-control-plane');
		expect(entry!.original).toMatchObject({ src: 0xac120001, dst: 0xac120004, sport: 40000, dport: 32017 });
		expect(entry!.reply).toMatchObject({ src: 0x0af401c7, dst: 0xac120004, sport: 8080 });
	});

	it.each([
		['pod to ClusterIP', `pod/${POD}`, '10.96.101.186:8080', '172.18.0.3'],
		['node to ClusterIP', 'node/basic-worker2', '10.96.101.186:8080', '172.18.0.2'],
		['node to its own NodePort on loopback', 'node/basic-worker2', '127.0.0.1:32017', '172.18.0.2'],
		['node to its own address and NodePort', 'node/basic-worker2', '172.18.0.2:32017', '172.18.0.2'],
		['client to the pod itself', 'node/basic-worker2', '10.244.1.199:8080', '172.18.0.2'],
		['client to a closed port', 'host', '172.18.0.4:32018', 'refused'],
		['pod to the API server', `pod/${POD}`, '10.96.0.1:443', '10.244.1.199'],
		['client to an address nobody has', 'host', '172.18.0.99:80', 'unreachable'],
		['client without a route', 'host', '203.0.113.1:80', 'unreachable'],
	])('%s', (_, from, to, expected) => {
		expect(seen(connect(worldOf(BARE), from, to).outcome)).toBe(expected);
	});

	it('without records still answers, with no hops', () => {
		const { outcome } = connect(worldOf(BARE), 'host', '172.18.0.4:32017', {}, { records: false });
		expect(outcome).toMatchObject({ result: 'connected', server: POD, hops: [], trace: [] });
	});

	it('takes the source port that is asked for, and time', () => {
		const before = worldOf(BARE);
		const { world, outcome } = connect(before, 'host', '172.18.0.4:32017', { sport: 43594 });
		expect(outcome.clientSource).toEqual({ ip: 0xac120001, port: 43594 });
		expect(world.net.now).toBeGreaterThan(before.net.now);
	});
});

describe('a World', () => {
	it('stays as it was when another is made from it', () => {
		const start = worldOf(BARE);
		const one = connect(start, 'host', '172.18.0.4:32017', { sport: 40001 }).world;
		connect(one, 'host', '172.18.0.4:32017', { sport: 40002 });
		does(one, { kind: 'advance', by: 3_600_000_000 });
		expect(conntrackOf(start, 'node/basic-control-plane')).toEqual([]);
		expect(conntrackOf(one, 'node/basic-control-plane').map((c) => c.original.sport)).toEqual([40001]);
		const again = connect(start, 'host', '172.18.0.4:32017', { sport: 40001 });
		expect(connectionsAt(again.world.net.namespaces.get('host')!.conntrack, 0).length).toBe(1);
	});

	it('gives the same bytes for the same actions', () => {
		const actions: Action[] = [
			{ kind: 'connect', probe: { from: 'host', to: target('172.18.0.4:32017'), protocol: 'tcp' } },
			{ kind: 'scale', deployment: 'deploy-echoserver', replicas: 3 },
			{ kind: 'connect', probe: { from: 'host', to: target('172.18.0.5:32017'), protocol: 'tcp' } },
			{ kind: 'set', settings: { externalTrafficPolicy: 'Local' } },
			{ kind: 'connect', probe: { from: 'host', to: target('172.18.0.2:32017'), protocol: 'tcp' } },
			{ kind: 'advance', by: 60_000_000 },
			{ kind: 'set', settings: { bundle: 'bare-1.33' } },
			{ kind: 'connect', probe: { from: 'node/basic-worker2', to: target('10.96.101.186:8080'), protocol: 'tcp' } },
		];
		const digests = [0, 1].map(() => {
			const done = replay(kindBasic, BARE, actions);
			if ('error' in done) throw new Error(JSON.stringify(done.error));
			return done.outcomes.map((o) => o && digestOf(o));
		});
		expect(digests[0]).toEqual(digests[1]);
		expect(digests[0]!.filter(Boolean).length).toBe(4);
	});

	it('undoes one action after the other, fifty at most', () => {
		let world = worldOf(BARE);
		for (let i = 0; i < HISTORY + 5; i++) world = does(world, { kind: 'advance', by: 1_000_000 });
		expect(world.past.length).toBe(HISTORY);
		let steps = 0;
		for (let at: World | undefined = world; at; at = undo(at)) {
			expect(at.net.now).toBe((HISTORY + 5 - steps) * 1_000_000);
			expect(at.actions.length).toBe(HISTORY + 5 - steps);
			steps++;
		}
		expect(steps).toBe(HISTORY + 1);
	});

	it('moves the pod with the switch, and the doors answer from there', () => {
		const world = does(worldOf(BARE), { kind: 'set', settings: { podOn: 'basic-worker2' } });
		const [pod] = podsOf(world).filter((p) => p.metadata.owner === 'deploy-echoserver');
		expect(pod).toMatchObject({ nodeName: 'basic-worker2', ready: true });
		expect(namespacesOf(world)).not.toContain(`pod/default/${POD}`);
		expect(connect(world, 'host', '172.18.0.3:32017').outcome).toMatchObject({ server: pod!.metadata.name });
		const local = does(world, { kind: 'set', settings: { externalTrafficPolicy: 'Local' } });
		expect(seen(connect(local, 'host', '172.18.0.3:32017').outcome)).toBe('timeout');
		expect(seen(connect(local, 'host', '172.18.0.2:32017').outcome)).toBe('172.18.0.1');
	});

	it('comes to the same by a switch as by starting so', () => {
		for (const settings of [
			{ podOn: 'basic-worker3' },
			{ replicas: 2 },
			{ bundle: 'bare-1.33' },
			{ kubeProxy: 'none' },
			{ externalTrafficPolicy: 'Local' },
		] as const) {
			const one = worldOf({ ...BARE, ...settings });
			const other = does(worldOf(BARE), { kind: 'set', settings });
			const strip = (world: World) => podsOf(world).map((p) => [p.nodeName, p.podIP && formatIp(p.podIP), p.ready]);
			expect(strip(other)).toEqual(strip(one));
			expect(JSON.stringify(rulesetOf(other, 'basic-worker').nat)).toBe(
				JSON.stringify(rulesetOf(one, 'basic-worker').nat),
			);
		}
	});

	it('spreads replicas over the workers and balances between them', () => {
		let world = does(worldOf(BARE), { kind: 'scale', deployment: 'deploy-echoserver', replicas: 3 });
		const pods = podsOf(world).filter((p) => p.metadata.owner === 'deploy-echoserver');
		expect(pods.map((p) => p.nodeName).sort()).toEqual(['basic-worker', 'basic-worker2', 'basic-worker3']);
		const servers = new Set<string>();
		for (let i = 0; i < 30; i++) {
			const done = connect(world, 'host', '172.18.0.4:32017', { sport: 41000 + i });
			world = done.world;
			servers.add(done.outcome.server!);
		}
		expect(servers.size).toBe(3);
	});

	it('keeps one client with one pod under session affinity', () => {
		let world = worldOf({ ...BARE, replicas: 3, sessionAffinity: 'ClientIP' });
		const servers = new Set<string>();
		for (let i = 0; i < 10; i++) {
			const done = connect(world, 'host', '172.18.0.4:32017', { sport: 41000 + i });
			world = done.world;
			servers.add(done.outcome.server!);
		}
		expect(servers.size).toBe(1);
	});

	it('replaces a deleted pod by one of another name', () => {
		const world = does(worldOf(BARE), {
			kind: 'delete',
			object: { kind: 'Pod', namespace: 'default', name: POD },
		});
		const names = podsOf(world)
			.filter((p) => p.metadata.owner === 'deploy-echoserver')
			.map((p) => p.metadata.name);
		expect(names.length).toBe(1);
		expect(connect(world, 'host', '172.18.0.4:32017').outcome.server).toBe(names[0]);
	});

	it('gives an applied service a ClusterIP and a node port that work', () => {
		const [old] = servicesOf(worldOf(BARE)).filter((s) => s.metadata.name === 'svc-echoserver');
		const world = does(worldOf(BARE), {
			kind: 'apply',
			objects: [
				{
					...old!,
					metadata: { ...old!.metadata, name: 'web', uid: 'web' },
					clusterIP: undefined,
					ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 8080, nodePort: 0 }],
				},
			],
		});
		const made = servicesOf(world).find((s) => s.metadata.name === 'web')!;
		expect(made.ports[0]!.nodePort).toBeGreaterThanOrEqual(30000);
		expect(seen(connect(world, 'node/basic-worker2', `${formatIp(made.clusterIP!)}:80`).outcome)).toBe('172.18.0.2');
		expect(seen(connect(world, 'host', `172.18.0.5:${made.ports[0]!.nodePort}`).outcome)).toBe('172.18.0.5');
	});

	it('has the eighteen lines of the kubelet without kube-proxy', () => {
		const lines = printIptablesSave(rulesetOf(worldOf({ ...BARE, kubeProxy: 'none' }), 'basic-worker2')).split('\n');
		expect(lines.filter((line) => line.includes('KUBE')).length).toBe(18);
	});
});

describe('errors are values', () => {
	it.each([
		[{ replicas: -1 }, 'bad-number', 'replicas'],
		[{ replicas: 1.5 }, 'bad-number', 'replicas'],
		[{ podOn: 'nowhere' }, 'unknown-node', 'podOn'],
		[{ bundle: 'cilium-9' }, 'unknown-bundle', 'bundle'],
		[{ externalTrafficPolicy: 'local' }, 'bad-value', 'externalTrafficPolicy'],
		[{ nothing: 1 }, 'bad-value', 'nothing'],
		[{ helm: { a: 1 } }, 'bad-value', 'helm'],
	])('settings %j: %s', (settings, code, where) => {
		const made = createWorld(kindBasic, settings as object);
		expect(made).toMatchObject({ error: { code, where } });
	});

	const probe = { from: 'host', to: target('172.18.0.4:32017'), protocol: 'tcp' } as const;
	it.each<[Action | unknown, string]>([
		[{ kind: 'connect', probe: { ...probe, from: 'pod/nobody' } }, 'unknown-namespace'],
		[{ kind: 'connect', probe: { ...probe, to: { ip: 1, port: 70000 } } }, 'bad-number'],
		[{ kind: 'connect', probe: { ...probe, protocol: 'sctp' } }, 'bad-value'],
		[{ kind: 'connect', probe: { ...probe, sport: 0 } }, 'bad-number'],
		[{ kind: 'scale', deployment: 'nobody', replicas: 1 }, 'unknown-deployment'],
		[{ kind: 'scale', deployment: 'deploy-echoserver', replicas: 1e9 }, 'bad-number'],
		[{ kind: 'delete', object: { kind: 'Pod', namespace: 'default', name: 'nobody' } }, 'unknown-object'],
		[{ kind: 'advance', by: -1 }, 'bad-number'],
		[{ kind: 'reboot' }, 'bad-value'],
		[{ kind: 'apply' }, 'bad-object'],
		[{ kind: 'apply', objects: [{ kind: 'Secret' }] }, 'bad-object'],
		[{ kind: 'apply', objects: [{ kind: 'Pod', metadata: { name: '__proto__' } }] }, 'bad-object'],
		[{ kind: 'connect' }, 'internal'],
	])('action %j: %s', (action, code) => {
		expect(apply(worldOf(BARE), action as Action)).toMatchObject({ error: { code } });
	});

	it('ends a storm by its budget', () => {
		const done = apply(worldOf(BARE), { kind: 'connect', probe }, { budget: 10 });
		expect(done).toMatchObject({ error: { code: 'budget' } });
	});
});
