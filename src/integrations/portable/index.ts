import type { AstroIntegration } from 'astro';

export function portable(): AstroIntegration {
	return { name: 'packetwalk:portable', hooks: {} };
}
