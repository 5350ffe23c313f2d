import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** One classic script from Pagefind's module (as its index writes it) and our entry. */
export async function bundleEngine(pagefindScript: string): Promise<string> {
	const result = await build({
		entryPoints: [here('./entry.ts')],
		bundle: true,
		write: false,
		format: 'iife',
		minify: true,
		target: 'es2022',
		charset: 'utf8',
		legalComments: 'none',
		// Not there for Pagefind's script, whatever the browser has: it works in the page, and the same in Node.
		define: {
			'import.meta.url': '""',
			...Object.fromEntries(
				['document', 'FinalizationRegistry', 'window', 'Worker'].map((name) => [name, 'undefined']),
			),
		},
		inject: [here('./globals.ts')],
		plugins: [
			{
				name: 'pagefind-runtime',
				setup(plugin) {
					plugin.onResolve({ filter: /^pagefind-runtime$/ }, () => ({ path: 'pagefind', namespace: 'pagefind' }));
					plugin.onLoad({ filter: /.*/, namespace: 'pagefind' }, () => ({ contents: pagefindScript, loader: 'js' }));
				},
			},
		],
	});
	return result.outputFiles[0]!.text;
}
