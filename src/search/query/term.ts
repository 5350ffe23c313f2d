/** One way to ask the index for a term. */
export interface Alternative {
	/** What the index is asked. In quotes: the words next to each other, in this order. */
	ask: string;
	/** How much of the term this way finds: 1 for the term as typed, less for a part or a relative of it. */
	factor: number;
}

/** One thing the reader looks for. A section's share of it is that of its best alternative. */
export interface Term {
	alternatives: Alternative[];
	/** Importance among the query's terms: 1 for a word that says something. */
	weight: number;
	/** A term that helps when found and is not missed when it is not. */
	bonus?: boolean;
	/** It is another name of something that was asked for, by the glossary. */
	synonym?: boolean;
}

export const phrase = (text: string): string => `"${[...text].join(' ')}"`;

export const term = (ask: string, weight = 1): Term => ({ alternatives: [{ ask, factor: 1 }], weight });
