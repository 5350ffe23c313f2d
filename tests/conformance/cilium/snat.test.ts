/**
 * Source NAT: bpf/lib/nat.h @ v1.12.1, v1.16.6, v1.18.0, bpf/tests/nat4_port_allocation_test.c,
 * bpf/tests/tc_nodeport_lb4_nat_lb.c @ v1.18.0.
 */
import { describe, expect, test } from 'vitest';
import {
	clampPort,
	ctLookup4,
	snatCreateDsr,
	snatLookupEgress,
	snatLookupIngress,
	snatMapping,
	snatRevMapping,
	TUPLE_F_IN,
} from '../../../src/sim/cilium/index.ts';
import { ip } from '../../unit/sim/kube/fixtures.ts';
import { back, type TestEnv, testEnv, tuple } from './env.ts';

const RANGE = { minPort: 32768, maxPort: 65535 };
const target = { addr: ip('10.0.10.1'), ...RANGE };
const request = (client: string) => tuple(`${client} > 192.168.0.2:8080`);
const portOf = (env: TestEnv, client: string): number => {
	const mapping = snatMapping(env, request(client), target);
	if ('drop' in mapping) throw new Error('no port');
	return mapping.entry.toPort;
};

test.each([
	[0, 32768, 32768],
	[1, 32769, 32768],
	[32767, 32768, 49151],
	[32768, 32769, 49152],
	[40000, 40001, 52768],
	[40001, 40002, 52768],
	[65535, 32769, 65535],
])('%i is brought into the range as %i to 1.16 and as %i from 1.17', (value, old, recent) => {
	expect(clampPort(32768, 65535, value, false)).toBe(old);
	expect(clampPort(32768, 65535, value, true)).toBe(recent);
});

describe.each(['1.12.1', '1.16.6', '1.18.0'])('%s', (version) => {
	test('a port in the range is kept, another is drawn; two entries remember it', () => {
		const env = testEnv(version);
		expect(portOf(env, '110.0.11.1:40000')).toBe(40000);
		const drawn = portOf(env, '110.0.11.1:111');
		expect(drawn).toBeGreaterThanOrEqual(32768);
		expect(snatLookupEgress(env, request('110.0.11.1:111'))).toMatchObject({ toAddr: target.addr, toPort: drawn });
		expect(snatLookupIngress(env, tuple(`192.168.0.2:8080 > 10.0.10.1:${drawn}`))).toMatchObject({
			toAddr: ip('110.0.11.1'),
			toPort: 111,
		});
		expect(env.maps.snat.size(env.ns)).toBe(4);
		// Again: the same.
		expect(portOf(env, '110.0.11.1:111')).toBe(drawn);
		expect(env.maps.snat.size(env.ns)).toBe(4);
	});

	test('a port that is taken by another client of the same backend is left to it', () => {
		const env = testEnv(version);
		const first = portOf(env, '110.0.11.1:40000');
		const second = snatMapping(env, request('120.0.12.2:40000'), target);
		expect(second).toMatchObject({ retries: expect.any(Number) });
		expect('entry' in second && second.retries! >= 1 && second.entry.toPort !== first).toBe(true);
		// Another backend is another tuple: no collision.
		const elsewhere = snatMapping(env, tuple('130.0.13.3:40000 > 192.168.0.3:8080'), target);
		expect(elsewhere).toMatchObject({ retries: 0, entry: { toPort: 40000 } });
	});

	test('when every try meets a port in use the packet has no mapping', () => {
		const env = testEnv(version);
		const tiny = { addr: target.addr, minPort: 40000, maxPort: 40001 };
		const tries = version === '1.18.0' ? 32 : 128;
		const results = [1, 2, 3].map((i) => snatMapping(env, request(`110.0.11.${i}:40000`), tiny));
		expect(results.at(-1)).toEqual({ drop: 167, retries: tries });
	});

	test('DSR: answers leave as the frontend, by one entry', () => {
		const env = testEnv(version);
		const answer = tuple('192.168.0.1:8080 > 110.0.11.1:111');
		snatCreateDsr(env, answer, { addr: ip('172.16.10.1'), port: 80 });
		expect(snatLookupEgress(env, answer)).toMatchObject({ toAddr: ip('172.16.10.1'), toPort: 80, needsCt: false });
		expect(env.maps.snat.size(env.ns)).toBe(1);
	});

	test('traffic of the node itself is tracked along with its mapping', () => {
		const env = testEnv(version);
		const own = tuple('10.0.10.1:40000 > 8.8.8.8:53', { proto: 17 });
		const mapping = snatMapping(env, own, { ...target, needsCt: true });
		expect(mapping).toMatchObject({ entry: { toPort: 40000, needsCt: true } });
		expect(ctLookup4(env, own, 'OUT').status).toBe('ESTABLISHED');
	});
});

describe('a lost half, 1.18', () => {
	test('B10 and B11: without the reverse entry an answer is nobody’s; the next request restores it', () => {
		const env = testEnv('1.18.0');
		const port = portOf(env, '110.0.11.1:111');
		const answer = tuple(`192.168.0.2:8080 > 10.0.10.1:${port}`);
		env.maps.snat.remove(env.ns, { ...answer, flags: TUPLE_F_IN });
		expect(snatRevMapping(env, answer)).toBeUndefined();
		expect(portOf(env, '110.0.11.1:111')).toBe(port);
		expect(snatRevMapping(env, answer)).toMatchObject({ toAddr: ip('110.0.11.1'), toPort: 111 });
	});

	test('B12: without the forward entry the next request has a new port, and answers to it work', () => {
		const env = testEnv('1.18.0');
		const port = portOf(env, '110.0.11.1:40000');
		const forward = [...env.maps.snat.dump(env.ns)].map(([key]) => key).find((key) => key.flags !== TUPLE_F_IN)!;
		env.maps.snat.remove(env.ns, forward);
		const again = portOf(env, '110.0.11.1:40000');
		expect(again).not.toBe(port);
		expect(snatRevMapping(env, tuple(`192.168.0.2:8080 > 10.0.10.1:${again}`))).toMatchObject({ toPort: 40000 });
	});

	test('an answer restores the forward entry', () => {
		const env = testEnv('1.18.0');
		const port = portOf(env, '110.0.11.1:111');
		const forward = [...env.maps.snat.dump(env.ns)].map(([key]) => key).find((key) => key.flags !== TUPLE_F_IN)!;
		env.maps.snat.remove(env.ns, forward);
		snatRevMapping(env, back(request('110.0.11.1:111'), { daddr: target.addr, dport: port }));
		expect(portOf(env, '110.0.11.1:111')).toBe(port);
	});

	test('a mapping to another address is made anew', () => {
		const moved = (version: string) => {
			const env = testEnv(version);
			portOf(env, '110.0.11.1:40000');
			const mapping = snatMapping(env, request('110.0.11.1:40000'), { ...target, addr: ip('3.3.4.5') });
			return 'entry' in mapping && mapping.entry.toAddr === ip('3.3.4.5');
		};
		const versions = ['1.12.1', '1.14.13', '1.15.4', '1.16.2', '1.16.6', '1.17.0', '1.18.0'];
		expect(versions.map(moved)).toEqual([false, false, false, false, true, true, true]);
	});

	test('who restores what: nothing to 1.16, the half that answers need from 1.17, both from 1.18', () => {
		const restored = (version: string, half: 'reverse' | 'forward'): boolean => {
			const env = testEnv(version);
			const port = portOf(env, '110.0.11.1:40000');
			const answer = back(request('110.0.11.1:40000'), { daddr: target.addr, dport: port });
			const keys = [...env.maps.snat.dump(env.ns)].map(([key]) => key);
			env.maps.snat.remove(env.ns, keys.find((key) => (key.flags === TUPLE_F_IN) === (half === 'reverse'))!);
			if (half === 'reverse') portOf(env, '110.0.11.1:40000');
			else snatRevMapping(env, answer);
			return env.maps.snat.size(env.ns) === 2;
		};
		for (const [version, reverse, forward] of [
			['1.12.1', false, false],
			['1.16.6', false, false],
			['1.17.0', true, false],
			['1.18.3', true, true],
			['1.19.4', true, true],
		] as const)
			expect([version, restored(version, 'reverse'), restored(version, 'forward')]).toEqual([
				version,
				reverse,
				forward,
			]);
	});
});

test('LRU: the oldest mapping makes room', () => {
	const env = testEnv('1.18.0', { nat: 8 });
	for (let i = 0; i < 10; i++) portOf(env, `110.0.11.1:${40000 + i}`);
	expect(env.maps.snat.size(env.ns)).toBe(8);
	expect(snatLookupEgress(env, request('110.0.11.1:40000'))).toBeUndefined();
	expect(snatLookupEgress(env, request('110.0.11.1:40009'))).toBeDefined();
});

describe('nat4_port_allocation: sixteen clients, eight servers, thirty-two tries', () => {
	const SERVERS = 8;
	const CLIENTS = 16;
	const PORTS = 16384;
	const ITERATIONS = CLIENTS * PORTS;
	/** A client's source ports: all different, from Linux's ephemeral range (upstream replays recorded ones). */
	const portsOf = (env: TestEnv, client: number): Uint16Array => {
		const ports = Uint16Array.from({ length: 60999 - 32768 + 1 }, (_, i) => 32768 + i);
		for (let i = 0; i < PORTS; i++) {
			const j = i + env.net.random('ports', String(client), ports.length - i);
			[ports[i], ports[j]] = [ports[j]!, ports[i]!];
		}
		return ports;
	};

	test('A1 to A3: half full, three quarters full, all ports in use', { timeout: 120_000 }, () => {
		const env = testEnv('1.18.0', { nat: 2 ** 20 });
		const ports = Array.from({ length: CLIENTS }, (_, client) => portsOf(env, client));
		const retries = (n: number): number => env.maps.snatRetries.lookup(env.ns, n) ?? 0;
		let fails = 0;
		let threshold = 0;
		const failed: number[] = [];
		for (let i = 0; i < ITERATIONS; i++) {
			const client = i & 15;
			const server = 0x01010101 * (1 + env.net.random('server', '', SERVERS));
			const t = {
				saddr: 0x0a000101 + 0x100 * client,
				daddr: server,
				sport: ports[client]![i >> 4]!,
				dport: 80,
				proto: 6,
				tcpFlags: 0,
				related: false,
				bytes: 60,
			};
			if ('drop' in snatMapping(env, t, { addr: 0x0aa40001, ...RANGE })) {
				fails++;
				if (threshold === 0 && fails >= Math.floor((i + 1) / 20)) threshold = i;
			}
			if (i === ITERATIONS / 2 || i === (ITERATIONS * 3) / 4) failed.push(retries(32));
		}
		expect(threshold).toBeGreaterThanOrEqual(ITERATIONS * 0.7);
		expect(failed[0]).toBeLessThan(15);
		expect(failed[1]).toBeLessThan(ITERATIONS * 0.75 * 0.07);
		expect(retries(32)).toBeLessThan(ITERATIONS * 0.16);
		expect(retries(32)).toBe(fails);
		for (let n = 1; n <= 5; n++) expect(retries(n)).toBeLessThanOrEqual(retries(n - 1));
	});
});
