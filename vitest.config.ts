import { defineConfig } from 'vitest/config';
import { terminalLater } from './src/integrations/terminal-later.ts';

/** One project per kind of test, so that each can be run alone: `npx vitest run --project unit`. */
const project = (name: string, include: string[], more: object = {}) => ({
	test: { name, include, environment: 'node', testTimeout: 30_000, hookTimeout: 120_000, ...more },
});

export default defineConfig({
	test: {
		projects: [
			project('unit', ['tests/unit/**/*.test.ts', 'tests/unit/**/*.test.tsx']),
			project('conformance', ['tests/conformance/**/*.test.ts']),
			project('tapes', ['tests/tapes/**/*.test.ts'], { testTimeout: 120_000 }),
			{
				...project('doors', ['tests/doors/**/*.test.ts'], { testTimeout: 120_000 }),
				plugins: [terminalLater({ environment: 'ssr', mark: '' })],
			},
			project('content', ['tests/content/**/*.test.ts']),
			project('kernel', ['tests/kernel/**/*.test.ts'], { testTimeout: 300_000, fileParallelism: false }),
			project('e2e', ['tests/e2e/**/*.test.ts'], {
				testTimeout: 120_000,
				hookTimeout: 300_000,
				fileParallelism: false,
			}),
		],
	},
});
