/** Words of the exercises over the lab, beside those that all exercises share. */
export interface LabExerciseText {
	/** What kind of exercise it is. */
	readonly kinds: { readonly task: string; readonly write: string };
	/** Brings the lab. */
	readonly open: string;
	readonly opening: string;
	readonly failed: string;
	/** Said above the terminal of a task. */
	readonly taskHow: string;
	/** Check of a task, while it waits. */
	readonly checking: string;
	/** Begins anew with the machine as it was. */
	readonly again: string;
	/** {file}: label of the text. */
	readonly text: string;
	/** The text as it was given. */
	readonly asGiven: string;
	/** What is done with the text: {commands} */
	readonly used: string;
	/** The commands and what they printed. */
	readonly printed: string;
	/** Reached and not reached, for those who do not see the marks. */
	readonly reached: string;
	readonly notReached: string;
	/** {line} {column} {~why} */
	readonly unreadable: string;
	/** {line}: a line that a tool refused. */
	readonly refusedLine: string;
	/** Why YAML cannot be read, by the parser's codes; `other` for the rest. */
	readonly yaml: Readonly<Record<YamlCode, string>>;
}

export type YamlCode =
	| 'BAD_ALIAS'
	| 'BAD_INDENT'
	| 'BLOCK_AS_IMPLICIT_KEY'
	| 'DUPLICATE_KEY'
	| 'MISSING_CHAR'
	| 'MULTILINE_IMPLICIT_KEY'
	| 'TAB_AS_INDENT'
	| 'UNEXPECTED_TOKEN'
	| 'other';
