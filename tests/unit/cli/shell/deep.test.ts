/** What is nested, or long, beyond all sense ends with one clear sentence, and soon. */
import { describe, expect, it } from 'vitest';
import { inShell } from './real.ts';

const nest = (open: string, close: string, inside: string): string => open.repeat(5000) + inside + close.repeat(5000);

describe('what nobody would nest so deeply', () => {
	it.each([
		['substitutions', `echo ${nest('$(echo ', ')', 'x')}`],
		['subshells', nest('(', ')', 'echo x')],
		['groups', nest('{ ', '; }', 'echo x')],
		['arithmetic', `echo $((${'1+'.repeat(20_000)}1))`],
		['a program of jq', `jq -n '${'1|'.repeat(5000)}1'`],
		['a recursion of jq', `jq -n 'def f: f + 1; f'`],
		['a script of sed', `echo a | sed '${nest('{', '}', 'p')}'`],
		['tests of find', `find . ${'! '.repeat(5000)} -name f`],
		['awk', `awk 'BEGIN { print ${nest('(', ')', '1')} }'`],
	])('%s end with a sentence', async (_, line) => {
		const { err } = await inShell(line);
		expect(err).toMatch(/^[^\n]*nested too deeply\n$/);
	});

	it('is no pattern', async () => {
		const { err } = await inShell(`echo a | grep -E '${'('.repeat(900)}a${')'.repeat(900)}'; echo a | grep -E '(((a'`);
		expect(err).not.toContain('call stack');
		expect(err).toContain('Unmatched (');
	});

	it('is not read when it is longer than a line may be', async () => {
		expect((await inShell(`echo ${'x'.repeat(3_000_000)} | wc -c`)).err).toBe('bash: stopped: the line is too long\n');
	});

	it('is told from braces and parentheses that close', async () => {
		expect((await inShell(`echo '${'(){}'.repeat(2000)}' | wc -c`)).out).toBe('8001\n code 0\n');
	});
});
