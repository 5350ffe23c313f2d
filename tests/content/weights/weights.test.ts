import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../src/i18n/index.ts';
import { DIST, Weights } from '../../../tools/shared/index.ts';

const weights = new Weights(resolve(process.env.PACKETWALK_DIST || DIST));
const kB = (bytes: number): number => Math.round(bytes / 100) / 10;
/** What belongs to a later step, by words that only its library has. */
const LATER = /YAMLParseError|YAMLSemanticError|kubernetes-models|just-bash|packetwalkEngine\s*=/;

describe.each(LANGUAGES)('what the lesson loads in %s (gzip)', (language) => {
	const reading = weights.reading(`${language}/tp2-client-address/index.html`);
	const live = weights.added('live-entry', language, reading);
	const exercises = weights.added('exercise-entry', language, new Set([...reading, ...live]));

	it('to be read: at most 45 kB in all', () => expect(kB(weights.size(reading))).toBeLessThanOrEqual(45));
	it('for the first change in a figure: at most 80 kB more', () =>
		expect(kB(weights.size(live))).toBeLessThanOrEqual(80));
	it('for exercises: at most 12 kB more', () => expect(kB(weights.size(exercises))).toBeLessThanOrEqual(12));
	it('nothing that waits for its own step', () => {
		expect(weights.code([...reading, ...live, ...exercises])).not.toMatch(LATER);
	});
});
