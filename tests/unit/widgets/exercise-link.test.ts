import { expect, it } from 'vitest';
import { drawOf } from '../../../src/widgets/exercise-draw.ts';

it('opens the question that a link asks for', () => {
	expect(drawOf('1', 4)).toBe(0);
	expect(drawOf('4', 4)).toBe(3);
});

it('opens the first question for a link that asks for none of them', () => {
	for (const text of [undefined, '', '0', '5', '-1', '1.5', '99999', 'last']) expect(drawOf(text, 4), text).toBe(0);
});
