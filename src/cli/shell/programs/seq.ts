/** `seq` as coreutils' does it (src/seq.c @ v9.1): just-bash's ends after some thousands of numbers. */
import type { Tool } from '../../tool.ts';

/** Numbers that are written at once. */
const BATCH = 1000;

interface Options {
	readonly format: string | undefined;
	readonly separator: string;
	readonly equal: boolean;
	readonly operands: readonly string[];
}

const TRY = "Try 'seq --help' for more information.\n";

function optionsOf(args: readonly string[]): Options | string {
	let format: string | undefined;
	let separator = '\n';
	let equal = false;
	const operands: string[] = [];
	for (let i = 0; i < args.length; i++) {
		const word = args[i]!;
		const given = /^(?:-([sf])|--(separator|format)=?)(.*)$/s.exec(word);
		if (operands.length === 0 && given) {
			const value = given[3] !== '' || word.endsWith('=') ? given[3]! : args[++i];
			if (value === undefined) return `seq: option requires an argument -- '${given[1] ?? given[2]}'\n${TRY}`;
			if ((given[1] ?? given[2]!)[0] === 's') separator = value;
			else format = value;
		} else if (word === '-w' || word === '--equal-width') equal = true;
		else if (word === '--') {
			operands.push(...args.slice(i + 1));
			break;
		} else if (/^-[^\d.]/.test(word)) return `seq: invalid option -- '${word.replace(/^-+/, '')[0]}'\n${TRY}`;
		else operands.push(word);
	}
	return { format, separator, equal, operands };
}

const decimals = (word: string): number => /^[+-]?\d*\.(\d+)$/.exec(word)?.[1]?.length ?? 0;

/** A decimal number as a whole number of units of 10^-places. */
function units(word: string, places: number): bigint {
	const [, sign, whole = '', part = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(word)!;
	const digits = BigInt((whole || '0') + part.slice(0, places).padEnd(places, '0'));
	return sign === '-' ? -digits : digits;
}

function decimal(value: bigint, places: number): string {
	const digits = (value < 0n ? -value : value).toString().padStart(places + 1, '0');
	const whole = digits.slice(0, digits.length - places);
	return `${value < 0n ? '-' : ''}${whole}${places > 0 ? `.${digits.slice(-places)}` : ''}`;
}

export const seq: Tool = {
	name: 'seq',
	at: () => true,
	async run(call) {
		const options = optionsOf(call.args);
		const fail = (text: string): number => {
			call.err(text);
			return 1;
		};
		if (typeof options === 'string') return fail(options);
		const { operands, separator, format } = options;
		if (operands.length === 0) return fail(`seq: missing operand\n${TRY}`);
		if (operands.length > 3) return fail(`seq: extra operand '${operands[3]}'\n${TRY}`);
		const wrong = operands.find((word) => !/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(word));
		if (wrong !== undefined) return fail(`seq: invalid floating point argument: '${wrong}'\n${TRY}`);
		const shape = format === undefined ? undefined : /^([^%]*)%([0-]*)(\d*)(?:\.(\d+))?[gf]([^%]*)$/.exec(format);
		if (shape === null) return fail(`seq: format '${format}' has no % directive\n`);
		const [first, step, last] =
			operands.length === 1
				? ['1', '1', operands[0]!]
				: operands.length === 2
					? [operands[0]!, '1', operands[1]!]
					: (operands as [string, string, string]);
		// Numbers are as exact as the first two; the last only bounds them.
		const shownPlaces = Math.max(decimals(first), decimals(step));
		const places = Math.max(shownPlaces, decimals(last));
		const by = units(step, places);
		if (by === 0n) return fail(`seq: invalid Zero increment value: '${step}'\n${TRY}`);
		const end = units(last, places);
		const text = (value: bigint): string =>
			decimal(value, places).slice(
				0,
				places === shownPlaces ? undefined : shownPlaces - places - (shownPlaces === 0 ? 1 : 0) || undefined,
			);
		const width = options.equal ? Math.max(text(units(first, places)).length, text(end).length) : 0;
		let line = '';
		let count = 0;
		for (let value = units(first, places); by > 0n ? value <= end : value >= end; value += by) {
			let number = text(value);
			if (width > 0)
				number = number.startsWith('-') ? `-${number.slice(1).padStart(width - 1, '0')}` : number.padStart(width, '0');
			if (shape) {
				const [, before, flags, wide, precise, after] = shape;
				if (precise !== undefined) number = decimal(units(number, Number(precise)), Number(precise));
				number = `${before}${flags!.includes('-') ? number.padEnd(Number(wide)) : number.padStart(Number(wide), flags!.includes('0') ? '0' : ' ')}${after}`;
			}
			line += `${count === 0 ? '' : separator}${number}`;
			if (++count % BATCH === 0) {
				call.out(line);
				line = '';
				await call.sleep(0);
			}
		}
		if (count > 0) call.out(`${line}\n`);
		return 0;
	},
};
