/** How much of its input an awk program has to see before it can write. */

export interface AwkFacts {
	readonly ahead: boolean;
	readonly remembers: boolean;
	readonly quits: boolean;
}

/** Without texts, patterns and comments, in which any word may stand. */
function bare(program: string): string {
	return program
		.replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
		.replace(/(^|[({,;!~&|\n]|\breturn\b)(\s*)\/(?:[^/\\\n]|\\.)+\//g, '$1$2re')
		.replace(/#[^\n]*/g, '');
}

/** Reads a program roughly, by its words. */
export function awkFacts(program: string): AwkFacts {
	const text = bare(program);
	const rules = text.replace(/\{[^{}]*\}/g, '{}');
	const ahead =
		/\b(?:END|getline|system|close|srand|nextfile)\b/.test(text) ||
		/\bprintf?\b[^;}\n]*>/.test(text) ||
		/[^|]\|[^|]/.test(text);
	const remembers =
		/\b(?:BEGIN|NR|FNR|rand|function|func|split|sub|gsub|systime|exit|delete)\b/.test(text) ||
		/\+\+|--|[-+*/%^]=|\w\s*\[|[^=!<>~]=(?!=)/.test(text) ||
		/\bre\s*,|,\s*re\b/.test(rules);
	return { ahead, remembers, quits: /\bexit\b/.test(text) };
}
