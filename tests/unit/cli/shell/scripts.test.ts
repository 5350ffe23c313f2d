/** Scripts that are run by their name: this machine's bash and the terminal's write the same on both of their outputs. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HAS_GNU, inBash, inShell } from './real.ts';

const SCRIPTS = readFileSync(new URL('./scripts.txt', import.meta.url), 'utf8')
	.split(/^----\n/m)
	.flatMap((block) => (block.startsWith('# lines\n') ? block.split('\n').slice(1) : [block]))
	.filter((text) => text.trim() !== '');

describe.skipIf(!HAS_GNU)('a script says what it says in bash', () => {
	it.each(SCRIPTS)('%s', async (text) => {
		const files = { 's.sh': `${text}\n` };
		expect(await inShell('bash ./s.sh', files)).toEqual(inBash('bash ./s.sh', files));
	});
});
