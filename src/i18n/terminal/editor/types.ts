/** Words of the editor that opens over a terminal. */
export interface EditorText {
	/** Name of the whole; `{file}` */
	readonly name: string;
	/** Label of the text; `{file}` */
	readonly text: string;
	/** What it is, and how it is left; read out with the text. */
	readonly about: string;
	/** The same to those who called vi. */
	readonly aboutVi: string;
	/** `{line}`, `{column}` */
	readonly position: string;
	readonly modified: string;
	readonly save: string;
	readonly leave: string;
	readonly find: string;
	readonly goTo: string;
	readonly line: string;
	readonly next: string;
	readonly close: string;
	/** `{file}`, `{lines}` */
	readonly saved: string;
	readonly saveFailed: string;
	readonly notFound: string;
	/** After Escape. */
	readonly free: string;
	readonly ask: string;
	readonly saveAndLeave: string;
	readonly leaveAnyway: string;
	readonly stay: string;
	/** `{line}`, `{why}` */
	readonly fault: string;
	readonly toFault: string;
	/** Label of the line behind vi's colon. */
	readonly command: string;
	/** `{command}` */
	readonly noCommand: string;
	/** A paste is refused; `{most}` characters */
	readonly tooLarge: string;
}
