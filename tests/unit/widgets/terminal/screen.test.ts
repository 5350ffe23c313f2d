import { describe, expect, it } from 'vitest';
import { classOf, MAX_LINES, Screen, styleOf } from '../../../../src/widgets/terminal/screen.ts';

const shown = (...writes: string[]): string => {
	const screen = new Screen();
	for (const text of writes) screen.write(text);
	return screen.text;
};

describe('a screen', () => {
	it.each([
		['lines', ['a\nb\n'], 'a\nb'],
		['a line that is not over', ['a\nb'], 'a\nb'],
		['empty lines', ['a\n\n\nb\n'], 'a\n\n\nb'],
		['carriage returns', ['12345\rab'], 'ab345'],
		['progress that writes over itself', ['1/3\r2/3\r3/3\n'], '3/3'],
		['backspaces', ['abc\b\bX'], 'aXc'],
		['tabs', ['a\tb\tc'], 'a       b       c'],
		['erasing to the end of the line', ['abcdef\r\u001b[Kx'], 'x'],
		['erasing the line', ['abc\u001b[2K\rx'], 'x'],
		['going up', ['one\ntwo\n\u001b[2A\u001b[2KONE\n'], 'ONE\ntwo'],
		['home, as watch goes there', ['old\nolder\n\u001b[H\u001b[2Jnew\n'], 'new'],
		['octets beyond the plane', ['📦 ✓\n'], '📦 ✓'],
		['a sequence in two pieces', ['a\u001b[3', '1mb'], 'ab'],
		['titles', ['\u001b]0;title\u0007a\u001b]8;;x\u001b\\b'], 'ab'],
		['sequences nobody knows', ['\u001b[?25l\u001b[>1ca\u001b[?25h'], 'a'],
		['bells', ['a\u0007b'], 'ab'],
	])('shows %s', (_, writes, expected) => {
		expect(shown(...writes)).toBe(expected);
	});

	it('takes what never ends, in large pieces and in small ones, and keeps the last lines', () => {
		const began = process.cpuUsage();
		const screen = new Screen();
		for (let i = 0; i < 4; i++) screen.write('y\n'.repeat(250_000));
		for (let i = 0; i < 100_000; i++) screen.write(`${i} \u001b[1mx\u001b[0m\n`);
		expect(process.cpuUsage(began).user).toBeLessThan(2_000_000);
		expect(screen.lines.length).toBe(MAX_LINES);
		expect(screen.text.split('\n').at(-1)).toBe('99999 x');
		expect(screen.lines).toBe(screen.lines);
		screen.write('\u001b[1A\u001b[2CX\n');
		expect(screen.text.split('\n').at(-1)).toBe('99X99 x');
	});

	it('has looks as classes, and text as text', () => {
		const screen = new Screen();
		screen.write('a\u001b[1;31m<b>\u001b[0mc\u001b[92md\u001b[39me');
		expect(screen.lines[0]!.spans).toEqual([
			{ text: 'a', style: {} },
			{ text: '<b>', style: { bold: true, fg: 1 } },
			{ text: 'c', style: {} },
			{ text: 'd', style: { fg: 10 } },
			{ text: 'e', style: {} },
		]);
		expect(screen.lines[0]!.spans.map((s) => classOf(s.style))).toEqual([
			undefined,
			'tm-fg1 tm-bold',
			undefined,
			'tm-fg10',
			undefined,
		]);
	});

	it('reads colours of a palette as far as they are among the sixteen', () => {
		expect(styleOf({}, [38, 5, 9])).toEqual({ fg: 9 });
		expect(styleOf({ fg: 2 }, [38, 2, 1, 2, 3, 4])).toEqual({ fg: 2, underline: true });
		expect(styleOf({ fg: 2, bold: true, inverse: true }, [22, 27])).toEqual({ fg: 2 });
	});

	it('keeps lines as they were, so that they need not be drawn again', () => {
		const screen = new Screen();
		screen.write('a\nb\n');
		const [first] = screen.lines;
		screen.write('c\n');
		expect(screen.lines[0]).toBe(first);
	});

	it('forgets what is far above', () => {
		const screen = new Screen();
		for (let i = 0; i < MAX_LINES + 10; i++) screen.write(`${i}\n`);
		expect(screen.lines.length).toBeLessThanOrEqual(MAX_LINES);
		expect(screen.text.endsWith(`\n${MAX_LINES + 9}`)).toBe(true);
	});
});
