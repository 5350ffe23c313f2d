import { build } from 'esbuild';

/** The one script that runs before the page is drawn: classic, small, bundled whole. See src/site/early.ts. */
export async function GET(): Promise<Response> {
	const { outputFiles } = await build({
		entryPoints: ['src/site/early.ts'],
		bundle: true,
		write: false,
		minify: true,
		format: 'iife',
		target: 'es2020',
	});
	return new Response(outputFiles[0]!.text, { headers: { 'content-type': 'text/javascript' } });
}
