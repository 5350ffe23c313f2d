/** Connection tracking: bpf/tests/conntrack_test.c, bpf/lib/conntrack.h, pkg/maps/ctmap @ v1.12.1, v1.18.0. */
import { describe, expect, test } from 'vitest';
import {
	CT_F_LB_LOOPBACK,
	CT_F_NODE_PORT,
	CT_F_RX_CLOSING,
	CT_F_SEEN_NON_SYN,
	CT_F_TX_CLOSING,
	type CtDirection,
	type CtEntry,
	ctCreate4,
	ctIsReply4,
	ctLookup4,
	lastPass,
	monoNow,
	secToMono,
	snatMapping,
} from '../../../src/sim/cilium/index.ts';
import { TCP_ACK, TCP_FIN, TCP_PSH, TCP_RST, TCP_SYN } from '../../../src/sim/wire/index.ts';
import { back, seconds, type TestEnv, testEnv, tuple } from './env.ts';

const SYN = { tcpFlags: TCP_SYN };
const ACK = { tcpFlags: TCP_ACK };
const FIN = { tcpFlags: TCP_FIN | TCP_ACK };
const flow = (flags = SYN) => tuple('10.244.1.5:40000 > 10.244.2.9:80', flags);

const left = (env: TestEnv, entry: CtEntry | undefined): number =>
	(entry?.lifetime ?? 0) - monoNow(env.maps.clock, env.net.now);

/** First packet of a connection, as the pod's side has it. */
const open = (env: TestEnv, direction: CtDirection = 'OUT') => {
	expect(ctLookup4(env, flow(), direction).status).toBe('NEW');
	return ctCreate4(env, flow(), direction);
};

describe.each([
	['1.12.1', 21600],
	['1.14.14', 21600],
	['1.15.7', 8000],
	['1.18.0', 8000],
])('%s', (version, tcp) => {
	test('K1 and K2: a SYN gives a minute, anything else the lifetime of a connection', () => {
		const env = testEnv(version);
		const entry = open(env);
		expect(left(env, entry)).toBe(60);
		expect(entry.flags).toBe(0);
		const answer = ctLookup4(env, back(flow(), { tcpFlags: TCP_SYN | TCP_ACK }), 'IN');
		expect(answer.status).toBe('REPLY');
		expect(left(env, answer.entry)).toBe(60);
		const data = ctLookup4(env, flow(ACK), 'OUT');
		expect(data.status).toBe('ESTABLISHED');
		expect(data.entry?.flags).toBe(CT_F_SEEN_NON_SYN);
		expect(left(env, data.entry)).toBe(tcp);
	});

	test('K3 and K4: a FIN one way changes no lifetime, both ways leave ten seconds', () => {
		const env = testEnv(version);
		open(env);
		ctLookup4(env, back(flow(), { tcpFlags: TCP_SYN | TCP_ACK }), 'IN');
		ctLookup4(env, flow(ACK), 'OUT');
		const first = ctLookup4(env, flow(FIN), 'OUT');
		expect(first).toMatchObject({ status: 'ESTABLISHED', monitor: true });
		expect(first.entry!.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)).toBe(CT_F_TX_CLOSING);
		expect(left(env, first.entry)).toBe(tcp);
		const second = ctLookup4(env, back(flow(FIN)), 'IN');
		expect(second.status).toBe('REPLY');
		expect(second.entry!.flags).toBe(CT_F_RX_CLOSING | CT_F_TX_CLOSING | CT_F_SEEN_NON_SYN);
		expect(left(env, second.entry)).toBe(10);
		// The last ACK does not give it more.
		env.net.now = seconds(2);
		expect(left(env, ctLookup4(env, flow(ACK), 'OUT').entry)).toBe(8);
	});

	test('K5: a SYN after both FINs is NEW (REOPENED to 1.13), with the closing bits cleared', () => {
		const env = testEnv(version);
		open(env);
		ctLookup4(env, flow(ACK), 'OUT');
		ctLookup4(env, flow(FIN), 'OUT');
		ctLookup4(env, back(flow(FIN)), 'IN');
		const again = ctLookup4(env, flow(), 'OUT');
		expect(again.status).toBe(version === '1.12.1' ? 'REOPENED' : 'NEW');
		expect(again.entry!.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)).toBe(0);
		if (version !== '1.12.1') expect(left(env, again.entry)).toBe(60);
	});

	test('K6: within five seconds a packet without a new flag is not reported', () => {
		const env = testEnv(version);
		open(env);
		expect(ctLookup4(env, flow(ACK), 'OUT').monitor).toBe(true);
		env.net.now = seconds(1);
		expect(ctLookup4(env, flow(ACK), 'OUT').monitor).toBe(false);
		expect(ctLookup4(env, flow({ tcpFlags: TCP_ACK | TCP_PSH }), 'OUT').monitor).toBe(true);
		// The last report was at one second: five later is still within.
		env.net.now = seconds(6);
		expect(ctLookup4(env, flow(ACK), 'OUT').monitor).toBe(false);
		env.net.now = seconds(7);
		expect(ctLookup4(env, flow(ACK), 'OUT').monitor).toBe(true);
	});

	test('a reset before both SYNs were seen closes both ways', () => {
		const env = testEnv(version);
		open(env);
		const reset = ctLookup4(env, back(flow({ tcpFlags: TCP_RST | TCP_ACK })), 'IN');
		expect(reset.entry!.flags & (CT_F_RX_CLOSING | CT_F_TX_CLOSING)).toBe(CT_F_RX_CLOSING | CT_F_TX_CLOSING);
		expect(left(env, reset.entry)).toBe(10);
	});

	test('UDP lives a minute from its last packet; answers are REPLY', () => {
		const env = testEnv(version);
		const query = tuple('10.244.1.5:40000 > 10.244.2.9:53', { proto: 17 });
		expect(ctLookup4(env, query, 'OUT').status).toBe('NEW');
		ctCreate4(env, query, 'OUT');
		env.net.now = seconds(30);
		const answer = ctLookup4(env, back(query), 'IN');
		expect(answer.status).toBe('REPLY');
		expect(left(env, answer.entry)).toBe(60);
	});

	test('an ICMP error from the peer is RELATED, by the companion entry', () => {
		const env = testEnv(version);
		open(env);
		const error = { ...back(flow()), proto: 1, sport: 0, dport: 0, related: true, tcpFlags: 0 };
		const related = ctLookup4(env, error, 'IN');
		expect(related.status).toBe('RELATED');
		expect(related.entry!.flags & CT_F_SEEN_NON_SYN).toBe(CT_F_SEEN_NON_SYN);
		// A router in between is not the peer.
		expect(ctLookup4(env, { ...error, saddr: 1 }, 'IN').status).toBe('NEW');
	});

	test('a SERVICE entry keeps the backend and is met in its own direction only', () => {
		const env = testEnv(version);
		ctCreate4(env, flow(), 'SERVICE', { revNatIndex: 7, backendId: 3 });
		expect(ctLookup4(env, flow(ACK), 'SERVICE').entry).toMatchObject({ revNatIndex: 7, backendId: 3 });
		expect(ctLookup4(env, flow(ACK), 'OUT').status).toBe('NEW');
		const closed = ctLookup4(env, flow(FIN), 'SERVICE').entry!;
		expect((closed.flags & CT_F_RX_CLOSING) !== 0).toBe(version === '1.15.7' || version === '1.18.0');
	});

	test('flags of a new entry; a loopback has a second entry for its answer', () => {
		const env = testEnv(version);
		const state = { loopback: true, nodePort: true, loopbackTuple: flow() };
		expect(ctCreate4(env, flow(), 'OUT', state).flags).toBe(CT_F_LB_LOOPBACK | CT_F_NODE_PORT);
		expect(ctLookup4(env, back(flow(ACK)), 'OUT').status).toBe('REPLY');
		expect(ctIsReply4(env, back(flow()))).toBe(true);
		expect(ctIsReply4(env, flow())).toBe(false);
	});
});

test('lookups may be limited to one direction and one kind of entry', () => {
	const env = testEnv('1.18.0');
	ctCreate4(env, flow(), 'OUT', { nodePort: true, revNatIndex: 2 });
	expect(ctLookup4(env, back(flow(ACK)), 'IN', { scope: 'forward' }).status).toBe('NEW');
	expect(ctLookup4(env, back(flow(ACK)), 'IN', { scope: 'reverse', types: 'node-port' }).status).toBe('REPLY');
	expect(ctLookup4(env, back(flow(ACK)), 'IN', { types: 'dsr' }).status).toBe('NEW');
});

test('packets and octets are counted to 1.16, by direction to 1.15', () => {
	const count = (version: string) => {
		const env = testEnv(version);
		open(env);
		ctLookup4(env, back(flow(ACK), { bytes: 66 }), 'IN');
		const { rxPackets, rxBytes, txPackets, txBytes } = ctLookup4(env, flow(ACK), 'OUT').entry!;
		return [rxPackets, rxBytes, txPackets, txBytes];
	};
	expect(count('1.12.1')).toEqual([1, 66, 2, 148]);
	expect(count('1.18.0')).toEqual([0, 0, 0, 0]);
});

test('the clock in jiffies, by the kernel’s HZ', () => {
	const jiffies = (hz: number) => ({ source: 'jiffies' as const, hz });
	const UPTIME = 86_400_000_000;
	expect([250, 100, 1000].map((hz) => monoNow(jiffies(hz), -UPTIME))).toEqual([16776923, 16777098, 16776044]);
	for (const [s, ...units] of [
		[5, 4, 1, 19],
		[10, 9, 3, 39],
		[60, 58, 23, 234],
	] as const)
		expect([250, 100, 1000].map((hz) => secToMono(jiffies(hz), s))).toEqual(units);
	expect(secToMono({ source: 'ktime', hz: 250 }, 60)).toBe(60);
});

describe('the collector', () => {
	test('passes after five minutes, then at intervals half as long again, to twelve hours', () => {
		expect([0, 299, 300, 749, 750, 1425].map((s) => lastPass(seconds(s)) / 1_000_000)).toEqual([
			0, 0, 300, 300, 750, 1425,
		]);
		const week = 7 * 86400;
		expect(lastPass(seconds(week))).toBeGreaterThan(seconds(week - 43200));
	});

	test('an entry is there, however old, until a pass takes it', () => {
		const env = testEnv('1.18.0');
		open(env);
		env.net.now = seconds(299);
		expect(ctLookup4(env, back(flow({ tcpFlags: 0 })), 'IN').status).toBe('REPLY');
		const other = testEnv('1.18.0');
		open(other);
		other.net.now = seconds(301);
		expect(ctLookup4(other, back(flow()), 'IN').status).toBe('NEW');
	});

	test('translations go with their connections', () => {
		const env = testEnv('1.18.0');
		const target = { addr: 1, minPort: 32768, maxPort: 65535 };
		open(env);
		snatMapping(env, flow(), target);
		ctLookup4(env, flow(ACK), 'OUT');
		const idle = { ...flow(), sport: 40001 };
		ctCreate4(env, idle, 'OUT');
		snatMapping(env, idle, target);
		expect(env.maps.snat.size(env.ns)).toBe(4);
		env.net.now = seconds(301);
		ctLookup4(env, flow(ACK), 'OUT');
		expect([...env.maps.snat.dump(env.ns)].map(([key]) => Math.max(key.sport, key.dport))).toEqual([40000, 40000]);
	});
});
