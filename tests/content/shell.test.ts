/**
 * Every line of shell that the course hands out, as shellcheck reads it: files to download, commands on the pages, and
 * the commands above printed outputs. Where shellcheck is missing these tests are skipped, which .ci/run does not allow.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LESSONS, languagesOf } from './lessons.ts';

const missing = spawnSync('shellcheck', ['--version']).error && 'shellcheck is not there: apt-get install shellcheck';

/** What shellcheck says of a script, one line each. `dialect` is for scripts without a first line that names a shell. */
function remarks(script: string, dialect?: 'bash'): string[] {
	const args = ['--norc', '--format=gcc', '--severity=style', ...(dialect ? [`--shell=${dialect}`] : []), '-'];
	const { stdout, stderr } = spawnSync('shellcheck', args, { input: script, encoding: 'utf8' });
	return `${stdout}${stderr}`.split('\n').filter(Boolean);
}

/** Commands in the fences of a page, in order: a variable set in one is there in the next. */
const commandsOf = (page: string): string =>
	[...page.matchAll(/^```(?:bash|sh)\n([\s\S]*?)^```/gm)].map((found) => found[1]).join('\n');

describe.skipIf(missing)(`shell in the course${missing ? ` (${missing})` : ''}`, () => {
	const scripts = LESSONS.flatMap(({ lesson }) =>
		lesson.files.filter((file) => file.endsWith('.sh')).map((file) => join('content', lesson.id, 'files', file)),
	);

	it.each([...scripts, '.ci/run'])('shellcheck has nothing to say about %s', (file) => {
		expect(remarks(readFileSync(file, 'utf8'))).toEqual([]);
	});

	describe.each(LESSONS)('$lesson.id', ({ lesson }) => {
		it.each(languagesOf(lesson))('shellcheck has nothing to say about the commands on its page, in %s', (language) => {
			const commands = commandsOf(readFileSync(join('content', lesson.id, `${language}.mdx`), 'utf8'));
			expect(commands.split('\n').length).toBeGreaterThan(5);
			expect(remarks(commands, 'bash')).toEqual([]);
		});

		it('shellcheck has nothing to say about the commands above its outputs', () => {
			for (const { command } of Object.values(lesson.outputs)) {
				// The page sets this one; the output shows what came of it.
				const known = command.includes('$agent') ? `agent=pod/cilium\n${command}` : command;
				expect(remarks(known, 'bash'), command).toEqual([]);
			}
		});
	});

	it('shellcheck sees what is wrong', () => {
		expect(remarks('echo $1', 'bash').join()).toContain('SC2086');
	});
});
