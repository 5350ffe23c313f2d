import { describe, expect, it } from 'vitest';
import { dnsAnswer, dnsQuery } from '../../../../src/sim/world/dns.ts';
import { connect, worldOf } from './helpers.ts';

const text = (octets: Uint8Array): string => String.fromCharCode(...octets);

describe('port 53', () => {
	it.each(['udp', 'tcp'] as const)(
		'CoreDNS answers the question that has one answer in every cluster: %s',
		(protocol) => {
			const { outcome } = connect(worldOf({ bundle: 'bare-1.24' }), 'node/basic-worker', '10.96.0.10:53', { protocol });
			expect(outcome.result).toBe('connected');
			expect(outcome.server).toMatch(/^coredns-/);
			expect(text(outcome.reply)).toContain('\x0bdns-version\x07cluster\x05local\0');
			expect(text(outcome.reply)).toMatch(/1\.1\.0$/);
		},
	);

	it('answers with the identifier of the question, as a response, and says nothing to what is none', () => {
		const question = dnsQuery('udp');
		const answer = dnsAnswer(question, 'udp')!;
		expect([...answer.subarray(0, 12)]).toEqual([0x70, 0x77, 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
		expect(dnsAnswer(dnsQuery('tcp'), 'tcp')!.subarray(2)).toEqual(answer);
		for (const other of [new Uint8Array(0), question.subarray(0, 20), question.map((octet) => octet ^ 1)])
			expect(dnsAnswer(other, 'udp')).toBeUndefined();
	});
});
