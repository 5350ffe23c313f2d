import { writeFileSync } from 'node:fs';
import type { AstroIntegration } from 'astro';

/** `sitemap.xml` of all pages, when the address of the site is known; nothing otherwise. */
export function sitemap(): AstroIntegration {
	let site: string | undefined;
	return {
		name: 'packetwalk:sitemap',
		hooks: {
			'astro:config:done': ({ config }) => {
				site = config.site;
			},
			'astro:build:done': ({ dir, pages }) => {
				if (!site) return;
				const root = site.endsWith('/') ? site : `${site}/`;
				const paths = pages.map((page) => page.pathname).filter((path) => !path.startsWith('404'));
				writeFileSync(new URL('sitemap.xml', dir), sitemapOf(root, paths.sort()));
			},
		},
	};
}

/** The document itself. `paths` are relative to `root`, which ends in a slash. */
export function sitemapOf(root: string, paths: readonly string[]): string {
	const urls = paths.map((path) => `\t<url><loc>${encodeURI(root + path)}</loc></url>`);
	return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`;
}
