import { build } from 'esbuild';

/** The one script that runs before the page is drawn: classic, small, bundled whole. See src/site/early.ts. */
export async function GET(): Promise<Response> {
	const { outputFiles } = await build({
		entryPoints: ['src/site/early.ts'],
		bundle: true,
		write: false,
		minify: true,
		format: 'iife',
		// As the other scripts: a browser that cannot read them must not be told that they run.
		target: 'es2022',
	});
	return new Response(outputFiles[0]!.text, { headers: { 'content-type': 'text/javascript' } });
}
