/**
 * `set -v`: bash writes each line of a script to standard error as it reads it, before it runs what stands there. Here a
 * text is parsed as a whole, so this finds again, for each statement, the lines that had been read when it runs: comments
 * before it and here-documents behind it are among them (bash parse.y shell_getc()).
 */
import type { ScriptNode, StatementNode } from './just-bash.ts';

interface HereDoc {
	readonly delimiter: string;
	readonly stripTabs: boolean;
}

/** Here-documents of a statement, in the order of their words. */
function hereDocs(node: unknown, found: HereDoc[] = []): HereDoc[] {
	if (Array.isArray(node)) for (const item of node) hereDocs(item, found);
	else if (typeof node === 'object' && node !== null) {
		if ((node as { type?: string }).type === 'HereDoc') found.push(node as unknown as HereDoc);
		else for (const item of Object.values(node)) hereDocs(item, found);
	}
	return found;
}

/** Where the line behind `at` begins. */
function nextLine(text: string, at: number): number {
	const end = text.indexOf('\n', at);
	return end < 0 ? text.length : end + 1;
}

/** How much of the text has been read when the statement runs, which is looked for behind `from`. */
function readUntil(text: string, statement: StatementNode, from: number): number | undefined {
	const source = statement.sourceText?.trim();
	const start = source === undefined ? -1 : text.indexOf(source, from);
	if (source === undefined || start < 0) return undefined;
	let at = nextLine(text, start + source.length);
	const own = new Set(source.split('\n').map((line) => line.trim()));
	for (const { delimiter, stripTabs } of hereDocs(statement)) {
		if (own.has(delimiter)) continue;
		for (let last = false; !last && at < text.length; ) {
			const end = nextLine(text, at);
			const line = text.slice(at, end).replace(/\n$/, '');
			last = (stripTabs ? line.replace(/^\t+/, '') : line) === delimiter;
			at = end;
		}
	}
	return at;
}

/** The lines of one text, told piece by piece. */
export class Verbose {
	readonly #text: string;
	/** Offset up to which the text was read, by statement. */
	readonly #ends = new Map<StatementNode, { readonly before: number; readonly end: number }>();
	#end = 0;

	constructor(text: string, { statements }: ScriptNode) {
		this.#text = text.endsWith('\n') ? text : `${text}\n`;
		let from = 0;
		for (const statement of statements) {
			const end = readUntil(this.#text, statement, from);
			if (end === undefined) continue;
			this.#ends.set(statement, { before: this.#end, end: Math.max(end, this.#end) });
			// Several statements may stand on a line, so the next is looked for behind this one, not behind its line.
			const source = statement.sourceText!.trim();
			from = this.#text.indexOf(source, from) + source.length;
			this.#end = Math.max(end, this.#end);
		}
	}

	/** What is read for a statement that comes next; undefined when it is none of the text's own. */
	lines(statement: StatementNode): string | undefined {
		const part = this.#ends.get(statement);
		return part && this.#text.slice(part.before, part.end);
	}

	/** What stands behind the last statement. */
	rest(): string {
		return this.#text.slice(this.#end);
	}
}
