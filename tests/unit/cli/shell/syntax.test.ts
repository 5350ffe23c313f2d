import { describe, expect, it } from 'vitest';
import { readable, wrongLine } from '../../../../src/cli/shell/syntax.ts';

/** A parser that stops at the word `wrong`, and counts what it was given. */
function parser(): { parse(text: string): void; read: number } {
	const self = {
		read: 0,
		parse(text: string) {
			self.read += text.length;
			if (text.includes('wrong')) throw new Error('no');
		},
	};
	return self;
}

describe('what of a text can be read', () => {
	it('is what stands before the line that is wrong', () => {
		const { parse } = parser();
		expect(readable('a\nb\nwrong\nc\n', parse)).toBe('a\nb\n');
		expect(readable('a\nb\nwrong\nc\n', parse, 3)).toBe('a\nb\n');
		expect(readable('wrong\n', parse, 1)).toBe('');
	});

	it('is looked for at once where the line is known, and not for ever where it is not', () => {
		const lines = 20_000;
		const text = `a\nwrong\n${'some words\n'.repeat(lines)}`;
		const known = parser();
		expect(readable(text, known.parse, 2)).toBe('a\n');
		expect(known.read).toBeLessThan(10);
		const unknown = parser();
		expect(readable(text, unknown.parse)).toBe('');
		expect(unknown.read).toBeLessThan(2_000_000 + text.length);
	});

	it.each([
		['bash: syntax error: Parse error at 7:1: Expected RBRACE, got RPAREN', 7],
		['bash: syntax error: Parse error at 7:1: Expected RBRACE, got EOF', undefined],
		["bash: syntax error: Parse error at 1:1: syntax error near unexpected token `)'", undefined],
		['bash: line 3: unexpected EOF', undefined],
	])('%s is wrong in line %s', (stderr, line) => {
		expect(wrongLine(stderr)).toBe(line);
	});
});
