/**
 * npm run stamp -- FOLDER [--lang fr|zh|ko]: says that the translations in `content/FOLDER` render the English as
 * it stands now. Run it after you translated, or read again, every block that changed.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { driftOf, stampsOf, TRANSLATIONS } from '../../src/integrations/translations/index.ts';

const args = process.argv.slice(2);
const at = args.indexOf('--lang');
const only = at >= 0 ? args.splice(at, 2)[1] : undefined;
const [name] = args;
const folder = join('content', name ?? '');

if (!name || args.length > 1 || !existsSync(join(folder, 'en.mdx')) || (only && !TRANSLATIONS.includes(only as 'fr'))) {
	console.error('usage: npm run stamp -- FOLDER [--lang fr|zh|ko]   (FOLDER is a folder of content/ that has en.mdx)');
	process.exit(2);
}

const english = readFileSync(join(folder, 'en.mdx'), 'utf8');
const file = join(folder, 'stamps.json');
const stamps: Record<string, Record<string, string>> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
let refused = false;
for (const language of only ? [only] : TRANSLATIONS) {
	const next = { ...stamps, [language]: stampsOf(english) };
	const drifts = driftOf(english, readFileSync(join(folder, `${language}.mdx`), 'utf8'), language, next);
	for (const d of drifts) console.error(`${folder}/${language}.mdx:${d.line} (${d.key}) ${d.problem}: ${d.detail}`);
	if (drifts.length) refused = true;
	else stamps[language] = { ...next[language] };
}
writeFileSync(file, `${JSON.stringify(stamps, null, '\t')}\n`);
if (refused) process.exit(1);
