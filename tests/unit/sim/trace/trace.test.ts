import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, createRecorder, type Draft, headersOf, traceDigest } from '../../../../src/sim/trace/index.ts';
import { type Ipv4, ipLength } from '../../../../src/sim/wire/index.ts';
import { ipv4 } from '../wire/arbitrary.ts';

const draft = (time: number): Draft => ({
	time,
	packet: 1,
	ns: 'node/basic-worker',
	hook: 'arp',
	verdict: 'transmit',
	why: { code: 'arp.asked', ip: '172.18.0.1', dev: 'eth0' },
});

test('a recorder numbers decisions from 0, and starts again when cleared', () => {
	const recorder = createRecorder();
	recorder.record(draft(5));
	recorder.record(draft(6));
	const first = recorder.decisions;
	expect(first.map((d) => d.seq)).toEqual([0, 1]);
	recorder.clear();
	recorder.record(draft(7));
	expect(recorder.decisions.map((d) => [d.seq, d.time])).toEqual([[0, 7]]);
	expect(first.length).toBe(2);
});

test('a digest depends on every field and on nothing else', () => {
	const one = { seq: 0, ...draft(5) };
	const reordered = Object.fromEntries(Object.entries({ ...one, rule: undefined }).reverse()) as typeof one;
	expect(traceDigest([reordered])).toBe(traceDigest([one]));
	for (const changed of [
		{ ...one, time: 6 },
		{ ...one, dev: 'eth0' },
		{ ...one, why: { ...one.why, dev: 'eth1' } },
	])
		expect(traceDigest([changed])).not.toBe(traceDigest([one]));
	expect(traceDigest([])).toBe('4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945');
});

test('canonical text is JSON', () => {
	fc.assert(
		fc.property(fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()))), (value) => {
			expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
		}),
	);
});

test('headers show the packet as it is now, and stay when it is rewritten', () => {
	fc.assert(
		fc.property(ipv4, (packet: Ipv4) => {
			const headers = headersOf(packet, 0x4000);
			expect(headers).toMatchObject({ src: packet.src, ttl: packet.ttl, mark: 0x4000, length: ipLength(packet) });
			const { payload } = packet;
			expect(headers.sport).toBe(payload.kind === 'tcp' || payload.kind === 'udp' ? payload.sport : undefined);
			expect(headers.icmp).toEqual(payload.kind === 'icmp' ? [payload.type, payload.code] : undefined);
			const { src } = packet;
			packet.src = 0;
			expect(headers.src).toBe(src);
		}),
	);
});
