import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindBasic, scenarioById } from '../../../../src/sim/scenarios/index.ts';
import { toBase64Url } from '../../../../src/sim/world/base64url.ts';
import { fromBase64Url } from '../../../../src/sim/world/base64url-read.ts';
import { decodeLink, encodeLink, LINK_CAPS, type Link, type LinkAction } from '../../../../src/sim/world/index.ts';

const connect = (last: number): LinkAction => ({
	kind: 'connect',
	probe: { from: 'host', to: { ip: 0xac120000 + last, port: 32017 }, protocol: 'tcp' },
});

const encode = (link: Omit<Link, 'current' | 'scenario'>): string => {
	const made = encodeLink(kindBasic, link);
	if ('error' in made) throw new Error(JSON.stringify(made.error));
	return made.text;
};

const reason = (text: string): unknown => {
	const read = decodeLink(text, scenarioById);
	return 'error' in read ? (read.error.params.reason ?? read.error.code) : 'read';
};

const raw = (value: unknown): string => `1.${toBase64Url(JSON.stringify(value))}`;

describe('links', () => {
	it('come back as they were', () => {
		const link = {
			settings: { externalTrafficPolicy: 'Local', replicas: 3, podOn: undefined } as const,
			actions: [
				connect(2),
				{ kind: 'scale', deployment: 'default/deploy-echoserver', replicas: 2 },
				connect(2),
				{ kind: 'set', settings: { bundle: 'bare-1.33', helm: { tunnel: 'disabled' } } },
				{ kind: 'advance', by: 120_000_000 },
				{ kind: 'delete', object: { kind: 'Pod', namespace: 'default', name: 'x' } },
				connect(3),
			] as const,
			digest: 'abc123',
		};
		const read = decodeLink(encode(link), scenarioById);
		expect(read).toEqual({ link: { ...link, scenario: 'kind-basic', current: true } });
	});

	it('carry only what differs from the start', () => {
		const start = encode({ settings: {}, actions: [] });
		expect(encode({ settings: kindBasic.start, actions: [] })).toBe(start);
	});

	it('stay short when the same action comes again', () => {
		const text = encode({ settings: {}, actions: new Array(500).fill(connect(2)) });
		expect(text.length).toBeLessThan(2000);
		expect(decodeLink(text, scenarioById)).toMatchObject({ link: { actions: { length: 500 } } });
	});

	it('say when they were made by another version', () => {
		const read = decodeLink(raw([7, 'kind-basic', 1, {}, [], '']), scenarioById);
		expect(read).toMatchObject({ link: { current: false } });
	});

	it('refuse to pass a cap', () => {
		const made = encodeLink(kindBasic, { settings: {}, actions: new Array(501).fill(connect(2)) });
		expect(made).toMatchObject({ error: { code: 'bad-link', params: { reason: 'too-long' } } });
	});

	it.each([
		['', 'corrupt'],
		['1.', 'corrupt'],
		['2.AAAA', 'format'],
		['1.!!!!', 'corrupt'],
		['x'.repeat(LINK_CAPS.encoded + 1), 'too-long'],
		[raw({}), 'corrupt'],
		[raw([1, 'kind-basic', 1, {}, [], '', 'more']), 'corrupt'],
		[raw([1, '__proto__', 1, {}, [], '']), 'unknown'],
		[raw([1, 'nowhere', 1, {}, [], '']), 'unknown'],
		[raw([1, 'kind-basic', 1, {}, new Array(501).fill(0), '']), 'too-long'],
		[raw([1, 'kind-basic', 1, {}, [0], '']), 'corrupt'],
		[raw([1, 'kind-basic', 1, {}, [['x']], '']), 'corrupt'],
		[raw([1, 'kind-basic', 1, {}, [['c', 'host', '999.0.0.1:80', 'tcp']], '']), 'corrupt'],
		[raw([1, 'kind-basic', 1, {}, [['c', '<img>', '1.0.0.1:80', 'tcp']], '']), 'corrupt'],
		[raw([1, 'kind-basic', 1, { replicas: 1e9 }, [], '']), 'bad-number'],
		[raw([1, 'kind-basic', 1, { constructor: 1 }, [], '']), 'bad-value'],
		[raw([1, 'kind-basic', 1, { podOn: 'nowhere' }, [], '']), 'unknown-node'],
		[`1.${toBase64Url('[1,"kind-basic",1,{"__proto__":{"a":1}},[],""]')}`, 'bad-value'],
		[`1.${toBase64Url('[1,"kind-basic",1,{"helm":{"__proto__":"x"}},[],"<script>"]')}`, 'corrupt'],
		[raw([[[[[[]]]]]]), 'corrupt'],
	])('%j is refused: %s', (text, why) => {
		expect(reason(text)).toBe(why);
	});

	it('never throw, whatever the fragment holds', () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.string(),
					fc.json().map((j) => `1.${toBase64Url(j.replace(/[^\x20-\x7e]/g, '?'))}`),
				),
				(text) => {
					const read = decodeLink(text, scenarioById);
					expect('error' in read || 'link' in read).toBe(true);
				},
			),
		);
	});

	it('base64url comes back for any ASCII text', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
				expect(fromBase64Url(toBase64Url(text))).toBe(text);
				expect(toBase64Url(text)).toBe(Buffer.from(text, 'latin1').toString('base64url'));
			}),
		);
	});
});
