/** factor (coreutils src/factor.c @ v8.32), of numbers up to 2^53. */
import { mark } from '../found.ts';
import { asText, type Desk, octets } from './desk.ts';

function factors(number: number): number[] {
	const found: number[] = [];
	let rest = number;
	for (let by = 2; by * by <= rest; by += by === 2 ? 1 : 2)
		while (rest % by === 0) {
			found.push(by);
			rest /= by;
		}
	return rest > 1 ? [...found, rest] : found;
}

export async function factor(desk: Desk): Promise<void> {
	const { operands } = desk.options('');
	const words =
		operands.length > 0
			? operands
			: asText(await desk.standardInput())
					.split(/\s+/)
					.filter(Boolean);
	for (const word of words) {
		const number = /^\+?\d+$/.test(word) ? Number(word) : Number.NaN;
		if (Number.isNaN(number)) desk.fault(`${mark(desk.call.state, word)} is not a valid positive integer`);
		// Trying all divisors of more than that would hold the page.
		else if (number > 1e13) desk.fault(`${mark(desk.call.state, word)} is too large for this terminal`);
		else desk.write(octets(`${[`${number}:`, ...factors(number)].join(' ')}\n`));
	}
}
