import type { Language } from '../languages.ts';

/** Words of the terminal's frame. What programs print is theirs, and in English. */
export interface TerminalText {
	readonly language: Language;
	/** Name of the whole. */
	readonly name: string;
	readonly open: string;
	readonly opening: string;
	readonly failed: string;
	/** What it is, before it is opened. */
	readonly about: string;
	readonly output: string;
	/** Label of the line that is written; `{prompt}`. */
	readonly input: string;
	/** Label of the line when what runs reads it; `{command}`. */
	readonly stdin: string;
	/** Of keys; read out with the line. */
	readonly keys: string;
	readonly running: string;
	/** `{code}` */
	readonly exit: string;
	/** Beside a command whose packets a figure shows. */
	readonly toFigure: string;
	readonly time: string;
	readonly speed: string;
	readonly speeds: { readonly real: string; readonly fast: string; readonly instant: string; readonly step: string };
	readonly pause: string;
	readonly resume: string;
	readonly step: string;
	readonly interrupt: string;
	readonly complete: string;
	readonly previous: string;
	readonly clear: string;
	readonly restart: string;
	readonly restartAsk: string;
	readonly smaller: string;
	readonly larger: string;
	readonly copyPrompts: string;
	readonly copyAll: string;
	readonly copied: string;
	readonly print: string;
	readonly ended: string;
	/** `{text}` */
	readonly search: string;
	/** `{count}` */
	readonly choices: string;
	readonly pasted: string;
	/** Name of the list of terminals that are beside each other. */
	readonly tabs: string;
	/** Before the name of the place; `{n}` */
	readonly tab: string;
	readonly newTab: string;
	readonly closeTab: string;
	readonly closeAsk: string;
	/** Of a file in an editor. */
	readonly unsaved: string;
	readonly editorFailed: string;
}
