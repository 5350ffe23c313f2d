import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { comparable, comparableElsewhere, play, playElsewhere } from './play.ts';
import { readTape } from './tape.ts';

const FOLDER = new URL('./', import.meta.url);
const TAPES = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.tape'))
	.map((name) => ({ name, tape: readTape(readFileSync(new URL(name, FOLDER), 'utf8')) }));

const shown = (prompt: string, lines: readonly string[], output: string): string =>
	`${prompt}${lines.join('\n> ')}\n${output}`;

describe.each(TAPES)('$name', ({ tape }) => {
	it('comes out as it was', async () => {
		expect(tape.steps.length).toBeGreaterThan(0);
		for (const { step, prompt, output } of await play(tape)) {
			const expected = shown(step.prompt, step.lines, comparable(step.output, tape));
			expect(shown(prompt, step.lines, comparable(output, tape)), `line ${step.at}`).toBe(expected);
		}
	});

	it('comes out with other names, addresses and chance', async () => {
		expect(tape.rename.length).toBeGreaterThan(0);
		for (const { step, expected, prompt, output } of await playElsewhere(tape)) {
			const wanted = shown(expected.prompt, expected.lines, comparableElsewhere(expected.output, tape, step));
			expect(shown(prompt, expected.lines, comparableElsewhere(output, tape, step)), `line ${step.at}`).toBe(wanted);
		}
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
			chosen: undefined,
			choice: undefined,
			files: [],
			rename: [['basic', 'other']],
			steps: [
				{ prompt: '$ ', lines: ['cat <<E', 'a', 'E'], output: 'a\n\nb\n', at: 5 },
				{ prompt: '$ ', lines: ['ls'], output: '', at: 11 },
				{ prompt: 'root@basic:/# ', lines: ['pwd'], output: '/\n', at: 12 },
			],
		});
	});

	it('says what is wrong with it', () => {
		expect(() => readTape('hello\n$ ls\n')).toThrow('line 1: output before the first command');
		expect(() => readTape('# rename: basic\n$ ls\n')).toThrow('rename basic: is not a=b');
	});
});
