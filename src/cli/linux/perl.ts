/** Perl as far as the Job of Kubernetes' documentation uses it: digits of pi (Math::BigFloat, bignum's `bpi`). */
import type { Call, Tool } from '../tool.ts';
import { hasTool } from './images.ts';

/** More digits take longer than anybody waits. */
const MOST = 10_000;

/** pi with so many significant digits, rounded: Machin's formula in whole numbers. */
export function digitsOfPi(count: number): string {
	const guard = 10;
	const one = 10n ** BigInt(count + guard);
	const arctan = (inverse: bigint): bigint => {
		let power = one / inverse;
		let sum = power;
		const square = inverse * inverse;
		for (let n = 3n, sign = -1n; power > 0n; n += 2n, sign = -sign) {
			power /= square;
			sum += (sign * power) / n;
		}
		return sum;
	};
	const pi = 4n * (4n * arctan(5n) - arctan(239n));
	// One digit stands before the point.
	const cut = 10n ** BigInt(guard + 1);
	const text = String((pi + cut / 2n) / cut);
	return count === 1 ? text : `${text[0]}.${text.slice(1)}`;
}

async function run(call: Call): Promise<number> {
	let script: string | undefined;
	let newline = false;
	let known = false;
	const words = [...call.args];
	for (let word = words.shift(); word !== undefined; word = words.shift()) {
		if (/^-Mbig(?:num|float|rat)=(?:\w+,)*bpi(?:,\w+)*$/.test(word)) known = true;
		else if (/^-[wl]*e$/.test(word)) {
			newline ||= word.includes('l');
			script = words.shift();
		} else if (/^-[wl]+$/.test(word)) newline ||= word.includes('l');
		else if (word === '-v' || word === '--version') {
			call.out('\nThis is perl 5, as far as the simulator has it: it computes digits of pi\n');
			return 0;
		} else break;
	}
	const [, asked] = /^\s*print\s*\(?\s*bpi\s*\(?\s*(\d+)\s*\)?\s*\)?\s*;?\s*$/.exec(script ?? '') ?? [];
	const count = Number(asked);
	if (!known || asked === undefined || count < 1 || count > MOST) {
		call.err(
			`perl: the simulator runs of Perl this alone: perl -Mbignum=bpi -wle 'print bpi(N)', for up to ${MOST} digits\n`,
		);
		return 255;
	}
	// It grows with the square of what is asked for; two thousand take some seconds.
	await call.sleep(count * count + 50_000);
	call.out(`${digitsOfPi(count)}${newline ? '\n' : ''}`);
	return 0;
}

export const perl: Tool = { name: 'perl', at: hasTool('perl'), run };
