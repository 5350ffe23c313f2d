import { writeFileSync } from 'node:fs';
import type { AstroIntegration } from 'astro';

export function licences(): AstroIntegration {
	return {
		name: 'packetwalk:licences',
		hooks: {
			'astro:build:done': ({ dir }) => writeFileSync(new URL('THIRD-PARTY.txt', dir), ''),
		},
	};
}
