import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparable, play } from './play.ts';
import { readTape, renamed, type Tape } from './tape.ts';

const FOLDER = new URL('./', import.meta.url);
const TAPES = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.tape'))
	.map((name) => ({ name, tape: readTape(readFileSync(new URL(name, FOLDER), 'utf8')) }));

const shown = (prompt: string, lines: readonly string[], output: string): string =>
	`${prompt}${lines.join('\n> ')}\n${output}`;

async function check(tape: Tape): Promise<void> {
	for (const { step, prompt, output } of await play(tape)) {
		const expected = shown(step.prompt, step.lines, comparable(step.output, tape));
		expect(shown(prompt, step.lines, comparable(output, tape)), `line ${step.at}`).toBe(expected);
	}
}

describe.each(TAPES)('$name', ({ tape }) => {
	it('comes out as it was', async () => {
		expect(tape.steps.length).toBeGreaterThan(0);
		await check(tape);
	});

	// Presets have their names from the material they stand for: only labs that begin empty have others.
	if (tape.rename.length > 0)
		it('comes out with other names', async () => {
			await check(renamed(tape));
		});
});

describe('a tape', () => {
	it('is read as it is written', () => {
		const tape = readTape(
			'# About\n# lab: kind-basic\n# trim: right\n# rename: basic=other\n$ cat <<E\n> a\n> E\na\n\nb\n$ ls\nroot@basic:/# pwd\n/\n',
		);
		expect(tape).toEqual({
			lab: 'kind-basic',
			trim: true,
			any: undefined,
			files: [],
			rename: [['basic', 'other']],
			names: [],
			steps: [
				{ prompt: '$ ', lines: ['cat <<E', 'a', 'E'], output: 'a\n\nb\n', at: 5 },
				{ prompt: '$ ', lines: ['ls'], output: '', at: 11 },
				{ prompt: 'root@basic:/# ', lines: ['pwd'], output: '/\n', at: 12 },
			],
		});
		expect(renamed(tape).steps[2]!.prompt).toBe('root@other:/# ');
	});

	it('says what is wrong with it', () => {
		expect(() => readTape('hello\n$ ls\n')).toThrow('line 1: output before the first command');
		expect(() => readTape('# rename: basic=longer\n$ ls\n')).toThrow('names of the same length');
	});
});
