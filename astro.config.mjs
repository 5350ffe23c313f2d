import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import { defineConfig } from 'astro/config';
import { parse } from 'yaml';
import { buildInfo } from './src/integrations/build-info.ts';
import { codeClasses } from './src/integrations/code/index.ts';
import { diagrams } from './src/integrations/diagrams/index.ts';
import { cjkEmphasis } from './src/integrations/emphasis/index.ts';
import { glossaryLinks } from './src/integrations/glossary/index.ts';
import { markedIds, requiredIds } from './src/integrations/ids/index.ts';
import { licences } from './src/integrations/licences/index.ts';
import { plainImports } from './src/integrations/plain-imports.ts';
import { portable } from './src/integrations/portable/index.ts';
import { search } from './src/integrations/search/index.ts';
import { smallerShell } from './src/integrations/shell/index.ts';
import { sitemap } from './src/integrations/sitemap/index.ts';
import { smallerWorld } from './src/integrations/smaller-world.ts';
import { scrollingTables } from './src/integrations/tables/index.ts';
import { terminalGraph } from './src/integrations/terminal-graph.ts';
import { terminalLater } from './src/integrations/terminal-later.ts';
import { translations } from './src/integrations/translations/index.ts';

const CONTENT = fileURLToPath(new URL('./content', import.meta.url));
const glossary = parse(readFileSync(new URL('./content/glossary.yaml', import.meta.url), 'utf8'));

/** Warnings that say nothing about our code: MDX marks its modules, and rolldown remarks on each. */
const QUIET = new Set(['MODULE_LEVEL_DIRECTIVE']);

/**
 * Modules that do nothing when they are loaded: of them a chunk has only what it uses, and what only a later chunk uses
 * waits for it, although it comes through the same door.
 */
const ONLY_DECLARES = /\/src\/(sim|i18n|cli|exercises|content|widgets)\//;

/**
 * What is put into files of its own, whatever else the graph holds. Rolldown folds what is always loaded already into the
 * entry that loads it, one part after the other, and none of it when a single fold would make a circle of files; with
 * some hundred `import()`s it gives up on all of them, and a first figure comes in thirty pieces. Said here are the roots;
 * what they need comes with them: the pages' own scripts apart from each other and from all else, the figures'
 * simulator, the terminal's lab, and what the lab sends packets with. What containers use and packets do too is named with
 * the lab: left to itself it would come with packets, and containers would bring them all.
 */
const ROOTS = [
	{ name: 'page', test: /astro\?astro|preload-helper|rolldown.runtime/, entriesAware: true, priority: 4 },
	{ name: 'simulator', test: /\/src\/widgets\/live-entry\.tsx$/, priority: 3 },
	{ name: 'lab', test: /\/src\/sim\/(?:lab\/lab|cilium\/policy\/selector)\.ts\?terminal$/, priority: 2 },
	{ name: 'packets', test: /\/src\/sim\/lab\/packets\.ts\?all$/, priority: 1 },
];

/** Names that a stick's file system keeps apart: short, and one case only. */
function shortNames(folder) {
	const name = ({ name }) => `${folder}/${name.split('.')[0].toLowerCase().slice(0, 24)}.[hash].js`;
	return { entryFileNames: name, chunkFileNames: name, hashCharacters: 'base36' };
}

export default defineConfig({
	site: process.env.SITE_URL || undefined,
	output: 'static',
	trailingSlash: 'always',
	srcDir: './src',
	outDir: './dist',
	cacheDir: './.cache/astro',
	devToolbar: { enabled: false },
	build: { format: 'directory', inlineStylesheets: 'never', assets: 'assets' },
	markdown: {
		processor: satteri({
			features: { smartPunctuation: false },
			mdastPlugins: [cjkEmphasis(), markedIds(), diagrams()],
			hastPlugins: [requiredIds(), glossaryLinks(glossary), scrollingTables()],
		}),
		shikiConfig: { theme: 'css-variables', transformers: [codeClasses()] },
	},
	// Order matters: what reads the pages as Astro wrote them comes before `portable`, which rewrites them.
	integrations: [translations(CONTENT), mdx(), licences(), sitemap(), search(), portable()],
	vite: {
		plugins: [terminalLater(), terminalGraph(), smallerWorld(), smallerShell(), plainImports()],
		environments: {
			client: {
				build: { rolldownOptions: { output: { ...shortNames('assets'), codeSplitting: { groups: ROOTS } } } },
			},
		},
		define: { __BUILD__: JSON.stringify(buildInfo()) },
		// `tsconfig.json` says the same; Astro's own JSX would win for .tsx files without this.
		oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
		build: {
			target: 'es2022',
			assetsInlineLimit: 0,
			rolldownOptions: {
				treeshake: { moduleSideEffects: (id) => !ONLY_DECLARES.test(id) },
				onwarn(warning, warn) {
					if (!QUIET.has(warning.code)) warn(warning);
				},
			},
		},
	},
});
