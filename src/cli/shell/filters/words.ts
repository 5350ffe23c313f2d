/** Words of a command as getopt(3) reads them, as far as it takes to know what its operands are. */

export interface Words {
	/** Options without their dashes, with their values. */
	readonly options: readonly (readonly [name: string, value: string])[];
	readonly operands: readonly string[];
	has(...names: string[]): boolean;
	value(...names: string[]): string | undefined;
}

/** @param valued letters of options that take a value; @param long names of long options that take one as a word of its own */
export function wordsOf(args: readonly string[], valued = '', long: readonly string[] = []): Words {
	const options: [string, string][] = [];
	const operands: string[] = [];
	for (let i = 0; i < args.length; i++) {
		const word = args[i]!;
		if (word === '--') {
			operands.push(...args.slice(i + 1));
			break;
		}
		if (word.startsWith('--')) {
			const [name = '', value] = word.slice(2).split(/=(.*)/s);
			options.push([name, value ?? (long.includes(name) ? (args[++i] ?? '') : '')]);
		} else if (word.startsWith('-') && word !== '-') {
			for (let at = 1; at < word.length; at++) {
				const letter = word[at]!;
				if (!valued.includes(letter)) {
					options.push([letter, '']);
					continue;
				}
				options.push([letter, word.slice(at + 1) || (args[++i] ?? '')]);
				break;
			}
		} else operands.push(word);
	}
	return {
		options,
		operands,
		has: (...names) => options.some(([name]) => names.includes(name)),
		value: (...names) => options.findLast(([name]) => names.includes(name))?.[1],
	};
}
