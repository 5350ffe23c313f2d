/** Lines with `!` and `^`: a bash that is typed into and the terminal show, run and refuse the same. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { screen } from '../fake-lab.ts';
import { HAS_GNU } from './real.ts';

const TYPED = readFileSync(new URL('./history.txt', import.meta.url), 'utf8');

/** What bash writes when nobody sits there: what it says of its terminal, and each line before it is run. */
function inBash(): string[] {
	const { stdout, stderr } = spawnSync('bash', ['-c', 'exec bash --norc -i 2>&1'], {
		input: TYPED,
		encoding: 'utf8',
		env: { PATH: process.env.PATH, HOME: '/nonexistent', HISTFILE: '' },
	});
	expect(stderr).toBe('');
	return stdout
		.split('\n')
		.filter((line) => !/^bash: (?:cannot set terminal|no job control)|^bash-[\d.]+[#$] |^$/.test(line));
}

describe.skipIf(!HAS_GNU)('what stands for lines that were typed', () => {
	it('is what it is in bash', async () => {
		const s = screen({ tty: false });
		for (const line of TYPED.split('\n').filter((one) => one !== '')) await s.session.run(line);
		const ours = s.writes.map(({ text }) => text).join('');
		expect(ours.split('\n').filter((line) => line !== '')).toEqual(inBash());
	});
});

describe('lines that were typed', () => {
	it('are kept as HISTCONTROL and HISTIGNORE say, listed, deleted and written', async () => {
		const s = screen({ tty: false });
		for (const line of ['HISTCONTROL=ignoreboth HISTIGNORE="ls*:pwd"', 'echo a', 'echo a', ' echo b', 'ls', 'pwd'])
			await s.session.run(line);
		expect(s.session.shell.history.slice(1)).toEqual(['echo a']);
		await s.session.run('history -d 1');
		expect(s.session.shell.history).toEqual(['echo a', 'history -d 1']);
		await s.session.run('history -w h; cat h; fc -ln 1 1');
		expect(
			s.writes
				.map(({ text }) => text)
				.join('')
				.split('\n')
				.slice(-5),
		).toEqual(['echo a', 'history -d 1', 'history -w h; cat h; fc -ln 1 1', '\t echo a', '']);
	});
});
