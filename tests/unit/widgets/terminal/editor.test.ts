import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	type Change,
	commandOf,
	findNext,
	gutterOf,
	indent,
	lineCount,
	newLine,
	outdent,
	placeOf,
	positionOf,
} from '../../../../src/widgets/terminal/editor/text.ts';

/** A text with its selection between bars, or its cursor at one. */
function read(marked: string): [text: string, start: number, end: number] {
	const start = marked.indexOf('|');
	const rest = marked.slice(0, start) + marked.slice(start + 1);
	const end = rest.indexOf('|');
	return end < 0 ? [rest, start, start] : [rest.slice(0, end) + rest.slice(end + 1), start, end];
}

function written(text: string, { from, to, insert, start, end }: Change): string {
	const all = text.slice(0, from) + insert + text.slice(to);
	return start === end
		? `${all.slice(0, start)}|${all.slice(start)}`
		: `${all.slice(0, start)}|${all.slice(start, end)}|${all.slice(end)}`;
}

const changed = (change: (text: string, start: number, end: number) => Change, marked: string): string => {
	const [text, start, end] = read(marked);
	return written(text, change(text, start, end));
};

describe('keys of the editor', () => {
	it.each([
		['a|', 'a |'],
		['ab|', 'ab  |'],
		['|a', '  |a'],
		['x\n|a\nb|\nc', 'x\n  |a\n  b|\nc'],
		['x\n|a\n|b', 'x\n  |a\n|b'],
		['|a\n\nb|', '  |a\n\n  b|'],
	])('Tab indents %j', (before, expected) => {
		expect(changed(indent, before)).toBe(expected);
	});

	it.each([
		['  a|', 'a|'],
		['|  a\n b\n\tc|', '|a\nb\nc|'],
		['a|', 'a|'],
	])('Shift-Tab takes it back from %j', (before, expected) => {
		expect(changed(outdent, before)).toBe(expected);
	});

	it.each([
		['spec:|', 'spec:\n  |'],
		['  name: web|', '  name: web\n  |'],
		['  - port: 80|', '  - port: 80\n    |'],
		['  - env:|', '  - env:\n      |'],
		['plain|', 'plain\n|'],
		['  ab|cd', '  ab\n  |cd'],
	])('Enter begins the next line of %j where it belongs', (before, expected) => {
		expect(changed(newLine, before)).toBe(expected);
	});

	it('know lines and columns from places, and the places back', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ maxLength: 8 }).map((s) => s.replaceAll('\n', ''))), fc.nat(), (lines, n) => {
				const text = lines.join('\n');
				const at = n % (text.length + 1);
				const { line, column } = positionOf(text, at);
				expect(placeOf(text, line, column)).toBe(at);
				expect(line).toBeLessThanOrEqual(lineCount(text));
			}),
		);
		expect(placeOf('ab\ncd', 9, 9)).toBe(5);
		expect(placeOf('ab\ncd', 1, 9)).toBe(2);
	});

	it('find from where one is, and begin again at the end', () => {
		expect(findNext('Port port', 'PORT', 1)).toBe(5);
		expect(findNext('Port port', 'port', 6)).toBe(0);
		expect(findNext('Port', 'x', 0)).toBeUndefined();
		expect(findNext('Port', '', 0)).toBeUndefined();
	});

	it.each([
		[':wq', { save: true, leave: true, force: false }],
		['x', { save: true, leave: true, force: false }],
		['w', { save: true, leave: false, force: false }],
		['q!', { save: false, leave: true, force: true }],
		['wqa', { save: true, leave: true, force: false }],
		['12', { line: 12 }],
		['%s/a/b/', undefined],
		['', undefined],
	])('vi’s %s is understood, or is said not to be', (typed, expected) => {
		expect(commandOf(typed)).toEqual(expected);
	});
});

describe('the numbers beside a text', () => {
	it('stand one below the other, those around the line at fault apart', () => {
		expect(gutterOf('a\nb\nc\n')).toEqual(['1\n2\n3\n4', '', '']);
		expect(gutterOf('a\nb\nc', 2)).toEqual(['1', '2', '3']);
		expect(gutterOf('a\nb', 1)).toEqual(['', '1', '2']);
		expect(gutterOf('a', 9)).toEqual(['1', '', '']);
	});
});
