/** What the glossary says of a term in one language; the rest of the entry is not of interest here. */
interface Rendering {
	term: string;
	/** Other words a reader may search for. */
	also?: string[];
	/** Renderings the lessons avoid. Readers type them all the same. */
	forbidden?: string[];
}

/** A name and what stands in its parentheses: "connection tracking (conntrack)" is two. */
const split = (name: string): string[] => name.split(/[()（）]/).map((part) => part.trim().toLowerCase());

const namesOf = (rendering: Rendering | undefined): string[] =>
	rendering ? [rendering.term, ...(rendering.also ?? []), ...(rendering.forbidden ?? [])].flatMap(split) : [];

/** Groups of names that mean the same to a reader of one language, who may know the English ones: from the glossary. */
export function synonymGroups(glossary: unknown, language: string): string[][] {
	const entries = (Array.isArray(glossary) ? glossary : []) as Record<string, Rendering | undefined>[];
	return entries
		.map((entry) => [...new Set([...namesOf(entry[language]), ...namesOf(entry.en)])].filter((name) => name.length > 0))
		.filter((group) => group.length > 1);
}
