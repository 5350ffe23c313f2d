import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chromiumPage } from './harness/chromium.ts';
import { SITE } from './harness/index.ts';
import { weigh } from './harness/weights.ts';

const visit = chromiumPage();

/** Octets after gzip that no load may pass. The aims are lower (45, 80 and 12 kB): the bench says how far off they are. */
const MOST = { reading: 50_000, live: 100_000, exercise: 12_000 };

/** A string that a package's code cannot do without: what is not to be in the first loads. */
const KEPT_OUT: Readonly<Record<string, RegExp>> = {
	yaml: /YAMLParseError/,
	'JSON schemas': /json-schema\.org\/draft/,
};

describe.each(['en', 'fr', 'ko', 'zh'])('the lesson in %s', (language) => {
	it('is light to read, to change and to work with', async () => {
		const weights = await weigh(
			visit.page.context().browser()!,
			visit.at(''),
			`${language}/tp2-client-address/index.html`,
		);
		for (const name of ['reading', 'live', 'exercise'] as const) {
			const { octets, files } = weights[name];
			expect(octets, `${name}: ${files.join(' ')}`).toBeLessThanOrEqual(MOST[name]);
		}
		// Words of this language, and of no other.
		const others = ['en', 'fr', 'ko', 'zh'].filter((other) => other !== language);
		const scripts = Object.values(weights).flatMap((load) => load.files as string[]);
		expect(scripts.filter((file) => others.some((other) => file.startsWith(`assets/${other}.`)))).toEqual([]);
		for (const file of scripts.filter((f) => f.endsWith('.js')))
			for (const [name, mark] of Object.entries(KEPT_OUT))
				expect(mark.test(readFileSync(join(SITE, file), 'utf8')), `${name} in ${file}`).toBe(false);
	});
});
