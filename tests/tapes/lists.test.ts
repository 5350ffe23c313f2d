import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CommandList, MATERIALS, NEXT } from './command-lists.ts';
import { readTape, type Step } from './tape.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const TAPES = new Map(
	readdirSync(new URL('./', import.meta.url))
		.filter((name) => name.endsWith('.tape'))
		.map((name) => [name, readTape(read(name)).steps]),
);

interface Block {
	readonly place: string;
	readonly how: string;
	readonly tape: string;
	readonly command: string;
	readonly printed: readonly string[];
}

const BLOCKS: readonly Block[] = read('seed-blocks.txt')
	.split(/^## /m)
	.slice(1)
	.map((text) => {
		const [head = '', command = '', ...printed] = text.trimEnd().split('\n');
		const [place = '', how = '', tape = ''] = head.split('; ');
		return { place, how, tape, command: command.replace(/^\$ /, ''), printed };
	});

const trimmed = (lines: readonly string[]): readonly string[] => lines.map((line) => line.trimEnd());
const open = (lines: readonly string[], what: RegExp): readonly string[] =>
	lines.map((line) => line.replace(what, '~'));
const AGE = / +(\d+[smhd])+$/;
const DATE = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/;

/** Whether the output is what the material printed, as far as it was printed. */
const COMPARISONS: Readonly<Record<string, (output: readonly string[], printed: readonly string[]) => boolean>> = {
	exact: (output, printed) => output.join('\n') === printed.join('\n'),
	trim: (output, printed) => trimmed(output).join('\n') === trimmed(printed).join('\n'),
	first: (output, printed) => output.slice(0, printed.length).join('\n') === printed.join('\n'),
	within: (output, printed) => {
		let at = 0;
		for (const line of output) if (line === printed[at]) at++;
		return at === printed.length;
	},
	ages: (output, printed) => open(output, AGE).join('\n') === open(printed, AGE).join('\n'),
	dates: (output, printed) => open(output, DATE).join('\n') === open(printed, DATE).join('\n'),
};

const linesOf = (step: Step): readonly string[] => step.output.replace(/\n$/, '').split('\n');

describe('what the materials printed', () => {
	it('is listed: none is lost', () => {
		expect(BLOCKS.map(({ place }) => place)).toHaveLength(new Set(BLOCKS.map(({ place }) => place)).size);
		expect(BLOCKS).toHaveLength(24);
	});

	it.each(BLOCKS)('$place stands in $tape', ({ how, tape, command, printed }) => {
		const steps = TAPES.get(tape)?.filter(({ lines }) => lines[0] === command) ?? [];
		expect(steps.length).toBeGreaterThan(0);
		expect(printed.length).toBeGreaterThan(0);
		if (steps.some((step) => COMPARISONS[how]!(linesOf(step), printed))) return;
		expect(steps.map(linesOf)).toContainEqual(printed);
	});
});

describe('command lines', () => {
	const typed = [...TAPES.values()].flatMap((steps) => steps.map(({ lines }) => lines.join('\n').trim()));
	const missing = (list: CommandList): readonly string[] =>
		Object.keys(list).filter((name) => !typed.some((text) => list[name]!.test(text)));

	it('of the materials stand in tapes, all of them', () => {
		expect(missing(MATERIALS)).toEqual([]);
		expect(Object.keys(MATERIALS).length).toBeGreaterThan(70);
	});

	it('that learners type next stand in tapes, at least sixty kinds of them', () => {
		expect(Object.keys(NEXT).length - missing(NEXT).length, `none: ${missing(NEXT)}`).toBeGreaterThanOrEqual(60);
	});
});
