/** `nocasematch` in `${x/b/_}`: what is replaced is looked for in either case (bash subst.c, pat_subst() by match_pattern() @ 5.2). */
interface Part {
	readonly type: string;
	readonly value?: string;
	readonly pattern?: string;
	readonly parts?: readonly Part[];
}

const letter = (char: string): string => {
	const [small, large] = [char.toLowerCase(), char.toUpperCase()];
	return small === large ? '' : `[${small}${large}]`;
};

/** Each character of a text as a part: letters match in either case, others as they stand. */
const ofText = (text: string): Part[] =>
	[...text].map((char) =>
		letter(char) === '' ? { type: 'SingleQuoted', value: char } : { type: 'Glob', pattern: letter(char) },
	);

function ofPart(part: Part): Part[] {
	if (part.type === 'Literal' || part.type === 'SingleQuoted' || part.type === 'Escaped')
		return ofText(part.value ?? '');
	if (part.type === 'DoubleQuoted') return (part.parts ?? []).flatMap(ofPart);
	// A set has each of its letters in both.
	const [, not = '', set] = /^\[([!^]?)([^:]+)\]$/.exec(part.type === 'Glob' ? (part.pattern ?? '') : '') ?? [];
	if (set === undefined) return [part];
	return [{ ...part, pattern: `[${not}${set.toLowerCase()}${set.toUpperCase()}]` }];
}

/** The same command, whose replacements mind no case. */
export function anyCase<T>(node: T): T {
	if (typeof node !== 'object' || node === null) return node;
	if (Array.isArray(node)) return node.map(anyCase) as T;
	const made = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, anyCase(value)]));
	const { type, pattern } = made as { type?: string; pattern?: { readonly parts?: readonly Part[] } };
	if (type === 'PatternReplacement' && pattern?.parts)
		made.pattern = { ...pattern, parts: pattern.parts.flatMap(ofPart) };
	return made as T;
}
