import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogEntry } from '../../../../src/cli/index.ts';
import { decodeSession, encodeSession } from '../../../../src/widgets/lab/session-link.ts';

const entry: fc.Arbitrary<LogEntry> = fc.oneof(
	fc.record({ kind: fc.constant('line' as const), text: fc.string({ unit: 'grapheme', maxLength: 60 }) }),
	fc.record({
		kind: fc.constantFrom('line' as const, 'save' as const),
		text: fc.string(),
		tab: fc.integer({ min: 1, max: 7 }),
		at: fc.nat(),
	}),
	fc.record(
		{ kind: fc.constantFrom('interrupt' as const, 'leave' as const, 'close' as const), at: fc.nat() },
		{ requiredKeys: ['kind'] },
	),
	fc.constant({ kind: 'eof' as const }),
	fc.record({
		kind: fc.constant('file' as const),
		place: fc.constantFrom(
			{ kind: 'laptop' as const },
			{ kind: 'node' as const, cluster: 'basic', node: 'basic-worker' },
		),
		path: fc.string(),
		content: fc.string(),
	}),
);

describe('a link to a session', () => {
	it('holds what was done, in the order it was done', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(entry, { maxLength: 20 }), async (log) => {
				const text = await encodeSession({ scenario: 'kind-basic', log });
				expect(text).toMatch(/^[\w.-]+$/);
				expect(await decodeSession(text!)).toEqual({ scenario: 'kind-basic', log, current: true });
			}),
			{ numRuns: 100 },
		);
	});

	it('of a time when a line had its own Ctrl-C is read', async () => {
		const packed = new Blob([JSON.stringify([['sleep 100', 5_000_000], 'date'])])
			.stream()
			.pipeThrough(new CompressionStream('deflate-raw'));
		const payload = Buffer.from(await new Response(packed).arrayBuffer()).toString('base64url');
		expect(await decodeSession(`1.1.kind-basic.${payload}`)).toMatchObject({
			log: [
				{ kind: 'line', text: 'sleep 100' },
				{ kind: 'interrupt', at: 5_000_000 },
				{ kind: 'line', text: 'date' },
			],
		});
	});

	it('is not made of more than an address carries', async () => {
		const line = (i: number): LogEntry => ({ kind: 'line', text: `echo ${Math.sin(i)}` });
		const many = Array.from({ length: 301 }, (_, i) => line(i));
		expect(await encodeSession({ scenario: 'empty', log: many })).toBeUndefined();
		const random = Array.from({ length: 9000 }, (_, i) => String(Math.sin(i)).slice(-2)).join('');
		expect(await encodeSession({ scenario: 'empty', log: [{ kind: 'line', text: random }] })).toBeUndefined();
	});

	it('opens no more terminals at once than a page has, however often some were closed', async () => {
		const said = (tab: number): LogEntry => ({ kind: 'line', text: 'date', tab });
		const many = Array.from({ length: 8 }, (_, i) => said(i + 1));
		expect(await encodeSession({ scenario: 'kind-basic', log: many })).toBeUndefined();
		expect(await encodeSession({ scenario: 'kind-basic', log: many.slice(1) })).toBeDefined();
		const late = Array.from({ length: 60 }, (_, i) => [said(i + 1), { kind: 'close' as const, tab: i + 1 }]).flat();
		const text = await encodeSession({ scenario: 'kind-basic', log: late });
		expect(await decodeSession(text!)).toMatchObject({ log: late });
	});

	it('that is not one is refused, and so is one that would unpack to more than anybody types', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ maxLength: 80 }), async (text) => {
				expect(await decodeSession(text)).toEqual({ error: 'unreadable' });
				expect(await decodeSession(`1.1.kind-basic.${text}`)).toEqual({ error: 'unreadable' });
			}),
			{ numRuns: 200 },
		);
		const bomb = new Blob([JSON.stringify(['a'.repeat(2_000_000)])]);
		const packed = await new Response(bomb.stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
		const payload = Buffer.from(packed).toString('base64url');
		expect(payload.length).toBeLessThan(8000);
		expect(await decodeSession(`1.1.kind-basic.${payload}`)).toEqual({ error: 'unreadable' });
		const good = await encodeSession({ scenario: 'empty', log: [] });
		expect(await decodeSession(good!.replace('empty', 'nowhere'))).toEqual({ error: 'unreadable' });
		expect(await decodeSession(good!.replace(/^1\.\d+/, '1.0'))).toMatchObject({ current: false });
	});
});
