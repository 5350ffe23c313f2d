/** What `printf` and `sprintf` write. */
import { BadConversion, formatted, TooWide } from '../printf.ts';
import { Fatal, type Machine } from './machine.ts';
import { numberOf, Read, textOf, UsedUp, type Value } from './values.ts';

/** @throws Fatal, UsedUp */
export function printed(m: Machine, [format, ...values]: readonly Value[]): string {
	const into = { number: numberOf, text: (v: Value) => textOf(v, m.text('CONVFMT')), char };
	try {
		const { text, used } = formatted(textOf(format), values, into);
		if (used > values.length) throw new Fatal(`not enough arguments passed to printf("${textOf(format)}")`);
		return text;
	} catch (error) {
		if (error instanceof TooWide) throw new UsedUp('the output is too large');
		if (error instanceof BadConversion) throw new Fatal(`bad conversion\n\tinvalid format: "${textOf(format)}"`);
		throw error;
	}
}

/** Of a number the character it counts, of a text its first. */
function char(value: Value): string {
	const number = typeof value === 'number' || (value instanceof Read && !Number.isNaN(value.number));
	return number ? String.fromCharCode(numberOf(value) & 255) : textOf(value).slice(0, 1);
}
