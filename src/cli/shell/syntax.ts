/** What is no shell text: how much of it can be run before it is found, and how that is said. */

/** Names that just-bash's parser has for tokens, where they are not the token itself in capitals. */
const TOKENS: Readonly<Record<string, string>> = {
	AND_AND: '&&',
	AMP: '&',
	DSEMI: ';;',
	EOF: 'newline',
	LBRACE: '{',
	LPAREN: '(',
	NEWLINE: 'newline',
	OR_OR: '||',
	PIPE: '|',
	RBRACE: '}',
	RPAREN: ')',
	SEMICOLON: ';',
};

/** Lines that are tried as the end of what can be read, and characters that are read for it in all. */
const MOST = 400;
const MOST_READ = 2_000_000;

/**
 * The first lines of a text that are whole commands: a shell has run them when it comes to what is wrong (bash(1)).
 * @param parse throws for what is no shell text
 * @param at line of what is wrong, where that is known: with it nothing can be read
 */
export function readable(text: string, parse: (text: string) => unknown, at?: number): string {
	const lines = text.split('\n');
	const wrong = (some: string): boolean => {
		try {
			parse(some);
			return false;
		} catch {
			return true;
		}
	};
	let count = Math.min(lines.length - 1, at === undefined ? Number.POSITIVE_INFINITY : at - 1);
	for (let tries = 0, read = 0; count > 0 && tries < MOST && read < MOST_READ; count--, tries++) {
		const some = `${lines.slice(0, count).join('\n')}\n`;
		read += some.length;
		if (!wrong(some)) return some;
	}
	return '';
}

/** The line where just-bash found what is wrong; undefined when it says none, or that the text ended too early. */
export function wrongLine(stderr: string): number | undefined {
	const at = /Parse error at (\d+):/.exec(stderr)?.[1];
	// It says 1 of what it finds before it has counted.
	return at === undefined || at === '1' || syntaxText(stderr).atEnd ? undefined : Number(at);
}

/** just-bash's text for what is no shell text, in bash's words; `atEnd` when the text ended too early. */
export function syntaxText(stderr: string): { readonly said: string; readonly atEnd: boolean; readonly at: number } {
	let atEnd = false;
	const at = Number(/Parse error at (\d+):/.exec(stderr)?.[1] ?? 1);
	const said = stderr
		.replace(/^bash: syntax error: (?:Parse error at \d+:\d+: )?(.*)$/m, (_, what: string) => {
			if (/^syntax error near unexpected token `(?:select|coproc)'/.test(what))
				return `bash: ${/`(\w+)'/.exec(what)![1]}: this terminal has no such command`;
			if (/got EOF|unexpected end of/.test(what)) {
				atEnd = true;
				return 'bash: syntax error: unexpected end of file';
			}
			const [, token] = /^Expected .*, got (\w+)$/.exec(what) ?? [];
			if (token === undefined) return `bash: ${what}`;
			return `bash: syntax error near unexpected token \`${TOKENS[token] ?? token.toLowerCase()}'`;
		})
		.replace(/^bash: line \d+: unexpected EOF/m, 'bash: unexpected EOF');
	return { said, atEnd, at };
}

export interface Unread {
	readonly text: string;
	/** Lines of the text that were read. */
	readonly before: string;
	/** What the shell is called, and whether that is the file that it reads; absent in one that is typed into. */
	readonly name?: string;
	readonly file?: boolean;
	/** Another shell's words for a message of bash's. */
	say(said: string, line: number): string;
}

/** The message for a text that is none (bash parse.y, parser_error() @ 5.1). */
export function unreadText(stderr: string, { text, before, name, file, say }: Unread): string {
	const { said, atEnd, at } = syntaxText(stderr);
	const first = Math.max(at, before.split('\n').length);
	const line = atEnd ? text.split('\n').length : first;
	if (name === undefined) return say(said, line);
	const begin = `${name}: ${file ? '' : '-c: '}line ${line}: `;
	const near = said.includes('near unexpected token') ? `${begin}\`${text.split('\n')[line - 1] ?? ''}'\n` : '';
	return `${said.replace(/^bash: /, begin)}${near}`;
}
