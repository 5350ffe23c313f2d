import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
	blocksOf,
	checkPage,
	driftOf,
	pagesIn,
	stampsOf,
	TRANSLATIONS,
	translations,
} from '../../src/integrations/translations/index.ts';
import { LESSONS, languagesOf } from './lessons.ts';

const english = `---
title: One
---

## First [#first]

The mark is \`0x4000\`, see <Val of="a"/> and 42.

<Walk id="w"/>

\`\`\`bash
kubectl get pods
\`\`\`
`;
const stamps = { fr: stampsOf(english) };

describe('every page of the course is the same page in four languages', () => {
	for (const folder of pagesIn('content')) {
		it(folder, () => {
			const lesson = LESSONS.find(({ lesson }) => folder === join('content', lesson.id))?.lesson;
			const languages = TRANSLATIONS.filter((l) => !lesson || languagesOf(lesson).includes(l));
			expect(checkPage(folder, languages).map((d) => `${d.file}:${d.line} ${d.problem}: ${d.detail}`)).toEqual([]);
		});
	}
});

describe('drift', () => {
	const drift = (translation: string, stamped: object = stamps) =>
		driftOf(english, translation, 'fr', stamped as never).map((d) => d.problem);

	it('is nothing when words alone differ', () => {
		expect(drift(english.replace('The mark is', 'La marque est').replace('One', 'Un'))).toEqual([]);
	});
	it('is a number, an inline code or a value that got lost', () => {
		expect(drift(english.replace('42', '43'))).toEqual(['facts']);
		expect(drift(english.replace('0x4000', '0x8000'))).toEqual(['facts']);
		expect(drift(english.replace('of="a"', 'of="b"'))).toEqual(['facts']);
	});
	it('is a heading with another id, a component or a block that is missing', () => {
		expect(drift(english.replace('#first', '#premier'))).toEqual(['shape']);
		expect(drift(english.replace('<Walk id="w"/>\n\n', ''))).toEqual(['shape']);
		expect(drift(`${english}\nMore.\n`)).toEqual(['extra']);
	});
	it('is code that was changed in one language only', () => {
		expect(drift(english.replace('get pods', 'get po'))).toEqual(['facts']);
	});
	it('is an English block that changed after it was translated', () => {
		const changed = { fr: { ...stamps.fr, 'first/1': '000000000000' } };
		expect(drift(english, changed)).toEqual(['stale']);
	});
});

it('a block is known by its section and place', () => {
	const keys = blocksOf(readFileSync(join('content', 'tp2-client-address', 'en.mdx'), 'utf8')).map((b) => b.key);
	expect(new Set(keys).size).toBe(keys.length);
	expect(keys).toContain('four-doors/0');
});

describe('the build', () => {
	/** What it says of a course of one page, which is not in every language. */
	const built = (french: string): void => {
		const content = mkdtempSync(join(tmpdir(), 'packetwalk-content-'));
		const page = join(content, 'page');
		mkdirSync(page);
		writeFileSync(join(page, 'en.mdx'), english);
		writeFileSync(join(page, 'fr.mdx'), french);
		writeFileSync(join(page, 'stamps.json'), JSON.stringify(stamps));
		try {
			(translations(content).hooks['astro:build:start'] as () => void)();
		} finally {
			rmSync(content, { recursive: true });
		}
	};

	it('goes on when words alone differ', () => {
		expect(() => built(english.replace('One', 'Un'))).not.toThrow();
	});
	it('stops at a page that drifted, and says where', () => {
		expect(() => built(english.replace('42', '43'))).toThrow(/page\/fr\.mdx:\d+ \(first\/1\) facts/);
	});
	it('has this among its integrations', () => {
		expect(readFileSync('astro.config.mjs', 'utf8')).toMatch(/integrations: \[[^\]]*\btranslations\(/);
	});
});
