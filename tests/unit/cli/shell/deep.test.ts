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

	it.each([
		['an eval of itself', `x='eval "$x"'; eval "$x"`],
		['a function', 'f() { f; }; f'],
		['a function in a subshell', 'f() { (f); }; f'],
		['a function in a substitution', 'f() { echo $(f); }; f'],
		['a function in an eval', "f() { eval 'f a'; }; f"],
		['a script', 'echo "bash a.sh; bash a.sh" > a.sh; bash a.sh'],
		['a script that is read', 'echo ". ./a.sh" > a.sh; . ./a.sh'],
		['a program that runs it', `${'timeout 1 '.repeat(300)}true`],
	])('%s that calls itself ends with a sentence', async (_, line) => {
		const { err } = await inShell(line);
		expect(err).toBe('bash: stopped: it calls itself without end\n');
	});

	it('is read once, not at each level, where only eval stands before eval', async () => {
		const began = performance.now();
		expect((await inShell(`${'eval '.repeat(5000)}echo x`)).out).toBe('x\n code 0\n');
		expect(performance.now() - began).toBeLessThan(3000);
	});

	it('goes as deep as people go', async () => {
		const { out } = await inShell(
			`f() { [ $1 -gt 0 ] && f $(($1-1)) || echo end; }; f 300; x=5; eval eval 'echo \\$x'`,
		);
		expect(out).toBe('end\n5\n code 0\n');
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
