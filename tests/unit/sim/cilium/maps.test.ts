import { describe, expect, test } from 'vitest';
import {
	type FoundService,
	type Lb4Service,
	lb4Local,
	lb4LookupService,
	lb4SelectBackendId,
	lbPlan,
	maglevSeed,
	SVC_AFFINITY,
	SVC2_TWO_SCOPES,
	syncServiceMaps,
} from '../../../../src/sim/cilium/index.ts';
import { proxyState } from '../../../../src/sim/kube/index.ts';
import { addNamespace, createNet, declareMap, forkNet, type Namespace } from '../../../../src/sim/linux/index.ts';
import { TCP_ACK, TCP_FIN, TCP_SYN } from '../../../../src/sim/wire/index.ts';
import { seconds, type TestEnv, testEnv, tuple } from '../../../conformance/cilium/env.ts';
import { ip, port, service, slice } from '../kube/fixtures.ts';
import { kprSettings } from './settings.ts';

describe('a map', () => {
	const numbers = (type: 'hash' | 'lru_hash', maxEntries: number) =>
		declareMap<number, string>({ name: `m_${type}`, type, keySize: 4, valueSize: 4, maxEntries, key: String });
	const namespace = (): { net: ReturnType<typeof createNet>; ns: Namespace } => {
		const net = createNet({ seed: 1 });
		addNamespace(net, 'a', {});
		return { net, ns: net.namespaces.get('a')! };
	};

	test('a hash that is full refuses, an LRU hash throws out what was used longest ago', () => {
		const { ns } = namespace();
		const hash = numbers('hash', 2);
		expect([1, 2, 3].map((n) => hash.update(ns, n, 'x'))).toEqual([true, true, false]);
		expect(hash.update(ns, 1, 'y')).toBe(true);
		const lru = numbers('lru_hash', 2);
		for (const n of [1, 2]) lru.update(ns, n, 'x');
		// Full to more than three quarters: looking one up is using it.
		lru.lookup(ns, 1);
		lru.update(ns, 3, 'x');
		expect([...lru.dump(ns)].map(([key]) => key)).toEqual([1, 3]);
	});

	test('BPF_NOEXIST does not overwrite', () => {
		const { ns } = namespace();
		const map = numbers('hash', 8);
		expect(map.update(ns, 1, 'first', 'noexist')).toBe(true);
		expect(map.update(ns, 1, 'second', 'noexist')).toBe(false);
		expect(map.lookup(ns, 1)).toBe('first');
	});

	test('both sides of a fork write for themselves', () => {
		const { net, ns } = namespace();
		const map = numbers('hash', 8);
		map.update(ns, 1, 'x');
		const fork = forkNet(net, {}).namespaces.get('a')!;
		map.update(ns, 2, 'here');
		map.update(fork, 3, 'there');
		expect([...map.dump(ns)].map(([key]) => key)).toEqual([1, 2]);
		expect([...map.dump(fork)].map(([key]) => key)).toEqual([1, 3]);
		expect([map.size(ns), map.exists(fork)]).toEqual([2, true]);
	});

	test('computed entries are looked up, listed and counted as if they were stored, and written over', () => {
		const { net, ns } = namespace();
		const map = numbers('hash', 100);
		let asked = 0;
		const squares = {
			get: (n: number) => {
				asked++;
				return n > 0 && n <= 10 ? String(n * n) : undefined;
			},
			*entries() {
				for (let n = 1; n <= 10; n++) yield [n, String(n * n)] as const;
			},
			size: () => 10,
		};
		map.provide(ns, [squares]);
		expect(asked).toBe(0);
		expect([map.lookup(ns, 3), map.lookup(ns, 11), map.size(ns)]).toEqual(['9', undefined, 10]);
		const fork = forkNet(net, {}).namespaces.get('a')!;
		map.update(fork, 3, 'nine');
		map.remove(fork, 4);
		expect([map.lookup(fork, 3), map.lookup(fork, 4), map.size(fork)]).toEqual(['nine', undefined, 9]);
		expect([map.lookup(ns, 3), map.lookup(ns, 4), map.size(ns)]).toEqual(['9', '16', 10]);
	});
});

const VIP = ip('10.96.0.10');
/** A service with backends 10.244.1.1…: rev_nat_index 1, backend ids by position. */
const withService = (env: TestEnv, count: number, more: Partial<Lb4Service> = {}): FoundService => {
	const proto = env.maps.features.protocolInKey ? 6 : 0;
	const key = { address: VIP, port: 80, slot: 0, proto, scope: 0 as const };
	const plain = { affinityTimeout: 0, algorithm: 0 as const, qcount: 0, revNatIndex: 1, flags: 0, flags2: 0 };
	const master: Lb4Service = { ...plain, backendId: 0, count, ...more };
	env.maps.services.update(env.ns, key, master);
	for (let slot = 1; slot <= count; slot++) {
		env.maps.services.update(env.ns, { ...key, slot }, { ...plain, backendId: slot, count: 0 });
		env.maps.backends.update(env.ns, slot, { address: ip('10.244.1.0') + slot, port: 8080, proto, state: 0 });
		env.maps.affinityMatch.update(env.ns, { backendId: slot, revNatIndex: 1 }, true);
	}
	return { key, service: master };
};
const syn = (client: string) => tuple(`${client} > 10.96.0.10:80`, { tcpFlags: TCP_SYN });

describe.each(['1.12.1', '1.18.3'])('%s: choosing a backend', (version) => {
	test('a connection keeps its backend, others draw their own', () => {
		const env = testEnv(version);
		const found = withService(env, 4);
		const first = lb4Local(env, syn('10.244.0.5:40000'), found)!;
		expect(first.choice).toBe('selected');
		for (let i = 0; i < 8; i++)
			expect(lb4Local(env, { ...syn('10.244.0.5:40000'), tcpFlags: TCP_ACK }, found)).toMatchObject({
				backendId: first.backendId,
				choice: 'connection',
			});
		const seen = new Set<number>();
		for (let i = 0; i < 64; i++) seen.add(lb4Local(env, syn(`10.244.0.5:${41000 + i}`), found)!.backendId);
		expect([...seen].sort()).toEqual([1, 2, 3, 4]);
	});

	test('a backend that is gone is replaced, also for a known connection', () => {
		const env = testEnv(version);
		const found = withService(env, 2);
		const { backendId } = lb4Local(env, syn('10.244.0.5:40000'), found)!;
		env.maps.backends.remove(env.ns, backendId);
		const other = 3 - backendId;
		const key = { ...found.key, slot: 1 };
		env.maps.services.update(env.ns, key, { ...env.maps.services.lookup(env.ns, key)!, backendId: other });
		const service = { ...found.service, count: 1 };
		expect(lb4Local(env, { ...syn('10.244.0.5:40000'), tcpFlags: TCP_ACK }, { key: found.key, service })).toMatchObject(
			{
				backendId: other,
				choice: 'selected',
			},
		);
	});

	test('affinity: the client’s last backend, until its time is over or the two no longer match', () => {
		const env = testEnv(version);
		const affine = { flags: SVC_AFFINITY, affinityTimeout: 100 };
		const found = withService(env, 2, affine);
		// session_affinity_test.c: the affinity map says backend 2.
		const who = { client: ip('10.244.0.5'), revNatIndex: 1, netnsCookie: false };
		env.maps.affinity.update(env.ns, who, { lastUsed: 86400, backendId: 2 });
		expect(lb4Local(env, syn('10.244.0.5:40000'), found)).toMatchObject({ backendId: 2, choice: 'affinity' });
		env.net.now = seconds(99);
		expect(lb4Local(env, syn('10.244.0.5:40001'), found)).toMatchObject({ choice: 'affinity' });
		// Every use begins the time anew.
		env.net.now = seconds(198);
		expect(lb4Local(env, syn('10.244.0.5:40002'), found)).toMatchObject({ choice: 'affinity' });
		env.net.now = seconds(298);
		expect(lb4Local(env, syn('10.244.0.5:40003'), found)).toMatchObject({ choice: 'selected' });
		const { backendId } = env.maps.affinity.lookup(env.ns, who)!;
		env.maps.affinityMatch.remove(env.ns, { backendId, revNatIndex: 1 });
		expect(lb4Local(env, syn('10.244.0.5:40004'), found)).toMatchObject({ choice: 'selected' });
	});

	test('a new connection with the ports of one that closed', () => {
		const env = testEnv(version);
		const found = withService(env, 4);
		const t = syn('10.244.0.5:40000');
		lb4Local(env, t, found);
		lb4Local(env, { ...t, tcpFlags: TCP_FIN | TCP_ACK }, found);
		env.net.now = seconds(61);
		// 1.12 reopens the entry with its backend; later versions choose anew.
		expect(lb4Local(env, t, found)!.choice).toBe(version === '1.12.1' ? 'connection' : 'selected');
	});

	test('two scopes: outside sees the external entry, within the internal one', () => {
		const env = testEnv(version);
		const flags = version === '1.12.1' ? { flags: 0x04 } : { flags2: SVC2_TWO_SCOPES };
		const { key, service: master } = withService(env, 1, flags);
		env.maps.services.update(env.ns, { ...key, scope: 1 }, { ...master, count: 3 });
		const asked = { daddr: VIP, dport: 80, proto: 6 };
		expect(lb4LookupService(env, asked, false)?.service.count).toBe(1);
		expect(lb4LookupService(env, asked, true)?.service.count).toBe(3);
	});

	test('a service without backends is none to 1.12', () => {
		const env = testEnv(version);
		withService(env, 0);
		const found = lb4LookupService(env, { daddr: VIP, dport: 80, proto: 6 }, true);
		expect(found === undefined).toBe(version === '1.12.1');
	});
});

test('a service of any protocol answers where protocols are told apart', () => {
	const env = testEnv('1.18.3');
	const { key, service: master } = withService(env, 1);
	env.maps.services.update(env.ns, { ...key, port: 81, proto: 0 }, master);
	expect(lb4LookupService(env, { daddr: VIP, dport: 81, proto: 17 }, true)).toBeDefined();
	expect(lb4LookupService(env, { daddr: VIP, dport: 80, proto: 17 }, true)).toBeUndefined();
});

test('Maglev: the same backend on every node; with affinity whatever the source port; pods go by lot', () => {
	const table = Uint32Array.from({ length: 20 }, (_, i) => 1 + i);
	const lb = { algorithm: 'maglev' as const, maglevTableSize: 20, jhashSeed: 0xcafe };
	const on = (more: Partial<Lb4Service>) => {
		const env = testEnv('1.18.3', {}, lb);
		const found = withService(env, 20, more);
		env.maps.maglev.update(env.ns, 1, table);
		return (client: string, byLot = false) => lb4SelectBackendId(env, syn(client), found, byLot);
	};
	// bpf/tests/session_affinity_maglev_test.c @ v1.18.0
	const affine = on({ flags: SVC_AFFINITY });
	expect([111, 222, 333].map((sport) => affine(`110.0.11.1:${sport}`))).toEqual([13, 13, 13]);
	expect([111, 222, 333].map((sport) => affine(`130.0.13.3:${sport}`))).toEqual([14, 14, 14]);
	const plain = on({});
	expect(new Set([111, 222, 333, 444].map((sport) => plain(`110.0.11.1:${sport}`))).size).toBeGreaterThan(1);
	expect(plain('110.0.11.1:111')).toBe(on({})('110.0.11.1:111'));
	expect(new Set(Array.from({ length: 20 }, () => plain('110.0.11.1:111', true))).size).toBeGreaterThan(1);
	expect(maglevSeed('JLfvgnHc2kaSUFaI')?.jhash4).toBe(0x71dcda46);
});

test('20,000 services on 50 nodes: nothing is computed before a packet asks, and then little', () => {
	const settings = kprSettings('1.18.3', { 'bpf.lbMapMax': '1000000' });
	const COUNT = 20_000;
	const services = Array.from({ length: COUNT }, (_, i) =>
		service(`default/s${i}`, '10.96.0.1', [port({ port: 80, nodePort: i < 2000 ? 30000 + i : 0 })], {
			clusterIP: ip('10.96.0.0') + i,
		}),
	);
	const slices = services.map((_, i) =>
		slice(`default/s${i}`, [{ port: 80 }], [{ ip: `10.244.${i % 250}.${1 + (i % 200)}`, node: 'n' }]),
	);
	const state = proxyState(services, slices);
	const net = createNet({ seed: 1 });
	const { maps } = testEnv('1.18.3');
	const plan = lbPlan(settings, { ...maps, sizes: settings.mapSizes }, state);
	const nodes = Array.from({ length: 50 }, (_, i) => {
		addNamespace(net, `n${i}`, {});
		const ns = net.namespaces.get(`n${i}`)!;
		syncServiceMaps(ns, plan, { name: `n${i}`, addresses: [ip('172.18.0.0') + i] });
		return ns;
	});
	let made = false;
	const spy = plan.table;
	(plan as { table: typeof spy }).table = () => {
		made = true;
		return spy();
	};
	expect(made).toBe(false);
	for (const [i, ns] of nodes.entries()) {
		const at = { slot: 0, proto: 6, scope: 0 as const };
		expect(maps.services.lookup(ns, { ...at, address: ip('10.96.0.0') + 12345, port: 80 })?.count).toBe(1);
		expect(maps.services.lookup(ns, { ...at, address: ip('172.18.0.0') + i, port: 30001 })?.count).toBe(1);
		expect(maps.services.lookup(ns, { ...at, address: ip('172.18.0.0') + i + 1, port: 30001 })).toBeUndefined();
	}
	expect(maps.services.size(nodes[0]!)).toBe(COUNT * 2 + 2000 * 4);
});

test('a service keeps its number, a new one gets the next, and no number is given twice', () => {
	const settings = kprSettings('1.18.3');
	const { maps } = testEnv('1.18.3');
	const stateOf = (names: readonly string[]) =>
		proxyState(
			names.map((name) => service(`default/${name}`, `10.96.0.${name.charCodeAt(0)}`, [port({ port: 80 })])),
			names.map((name) =>
				slice(`default/${name}`, [{ port: 80 }], [{ ip: `10.244.0.${name.charCodeAt(0)}`, node: 'n' }]),
			),
		);
	let plan = lbPlan(settings, maps, stateOf(['m', 'z']));
	const numbers = () =>
		Object.fromEntries(
			plan.table().frontends.map((f) => [f.service?.name.replace(/^default\/|:$/g, ''), f.revNatIndex]),
		);
	const next = (names: readonly string[]): void => {
		plan = lbPlan(settings, maps, stateOf(names), [], plan);
	};
	next(['a', 'm', 'z']);
	expect(numbers()).toEqual({ m: 1, z: 2, a: 3 });
	next(['m', 'z']);
	next(['b', 'm', 'z']);
	expect(numbers()).toEqual({ m: 1, z: 2, b: 4 });
	expect([...plan.table().backends.keys()]).toEqual([1, 2, 4]);
	expect(plan.table().byIndex.get(3)).toBeUndefined();
	// What nobody looks at does not pile up.
	for (let i = 0; i < 100; i++) next(i % 2 === 0 ? ['m', 'z'] : ['c', 'm', 'z']);
	expect(plan.depth()).toBeLessThan(20);
	expect(numbers()).toMatchObject({ m: 1, z: 2 });
});
