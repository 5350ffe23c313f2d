import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { makePortable } from './build.ts';

export { type Chunk, inOrder, toClassic } from './modules.ts';
export { POLICY } from './policy.ts';
export { makePortable };

/**
 * After the build: pages that work from any address, the disk included. Module scripts become classic ones, URLs become
 * relative, every page gets the one policy. A link that leads nowhere fails the build.
 */
export function portable(): AstroIntegration {
	let assets = '';
	let base = '/';
	return {
		name: 'packetwalk:portable',
		hooks: {
			'astro:config:setup': ({ updateConfig }) => {
				updateConfig({ vite: { plugins: [noModulePreload()] } });
			},
			'astro:config:done': ({ config }) => {
				assets = config.build.assets;
				if (config.site) base = new URL(config.site).pathname.replace(/\/?$/, '/');
			},
			'astro:build:done': async ({ dir, logger }) => {
				const report = await makePortable(fileURLToPath(dir), { assets, base });
				logger.info(`${report.pages} pages and ${report.chunks} chunks work from any address`);
				if (report.problems.length > 0) {
					throw new Error(`${report.problems.length} problems in the pages:\n${report.problems.join('\n')}`);
				}
			},
		},
	};
}

/** Astro turns module preloading on; the links it writes have no meaning for classic scripts. */
function noModulePreload() {
	return {
		name: 'packetwalk:no-module-preload',
		configResolved(config: {
			build: { modulePreload: unknown };
			environments: Record<string, { build: { modulePreload: unknown } }>;
		}) {
			for (const { build } of [config, ...Object.values(config.environments)]) build.modulePreload = false;
		},
	};
}
