/**
 * The shell as a language: one line each of variables, expansions, arithmetic, conditions, compound commands, builtins,
 * options, redirections, quoting, what is no shell text, and jobs. This machine's bash and the terminal's write the same
 * on both of their outputs, and leave the same code.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { HAS_GNU, inBash, inShell } from './real.ts';

const SUBJECTS = readFileSync(new URL('./language.txt', import.meta.url), 'utf8')
	.split(/^# /m)
	.slice(1)
	.map((block) => block.trimEnd().split('\n'));

const RUN = 'bash ./s.sh < /dev/null';

describe.skipIf(!HAS_GNU)('a line of shell means what it means to bash:', () => {
	describe.each(SUBJECTS)('%s', (_, ...lines) => {
		it.each(lines)('%s', async (line) => {
			const files = { 's.sh': `${line}\n` };
			expect(await inShell(RUN, files)).toEqual(inBash(RUN, files));
		});
	});
});
