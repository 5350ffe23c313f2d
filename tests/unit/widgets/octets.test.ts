import { expect, test } from 'vitest';
import { runSituation } from '../../../src/exercises/index.ts';
import { decodeFrame, parseIp } from '../../../src/sim/wire/index.ts';
import { captureOf, framesOf } from '../../../src/widgets/capture.ts';
import { regionsOf } from '../../../src/widgets/octets.ts';

const run = runSituation({
	scenario: 'kind-basic',
	settings: { bundle: 'bare-1.24', podOn: 'basic-worker' },
	probe: { from: 'host', to: { ip: parseIp('172.18.0.2')!, port: 32017 }, protocol: 'tcp' },
});
const frames = framesOf(run);

test('running again with a listener gives the frames of the same packets', () => {
	const first = frames.filter((f) => f.packet === run.outcome.firstPacket);
	const recorded = run.outcome.trace.filter(
		(d) => d.packet === run.outcome.firstPacket && (d.hook === 'rx' || d.hook === 'tx'),
	);
	expect(first.map((f) => `${f.ns} ${f.dev} ${f.direction}`)).toEqual(
		recorded.map((d) => `${d.ns} ${d.dev} ${d.hook}`),
	);
});

test('the fields of a frame cover each of its octets once, in order', () => {
	for (const { octets } of frames) {
		let at = 0;
		for (const region of regionsOf(octets)) {
			expect(region.from).toBe(at);
			at = region.to;
		}
		expect(at).toBe(octets.length);
	}
});

test('fields say what the codec reads', () => {
	for (const { octets } of frames) {
		const decoded = decodeFrame(octets);
		if (decoded.value?.payload.kind !== 'ipv4') continue;
		const value = (name: string) => regionsOf(octets).find((r) => r.name === name)?.value;
		expect(value('ip.ttl')).toBe(String(decoded.value.payload.ttl));
		expect(parseIp(value('ip.src')!)).toBe(decoded.value.payload.src);
		expect(parseIp(value('ip.dst')!)).toBe(decoded.value.payload.dst);
	}
});

test('a capture begins as pcapng does', () => {
	expect([...captureOf(run).slice(0, 12)]).toEqual([
		10,
		13,
		13,
		10,
		expect.any(Number),
		0,
		0,
		0,
		0x4d,
		0x3c,
		0x2b,
		0x1a,
	]);
});
