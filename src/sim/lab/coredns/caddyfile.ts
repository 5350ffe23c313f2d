/**
 * The language of a Corefile: words, server blocks, snippets, and the reading of one plugin's words.
 *
 * Source: coredns/caddy caddyfile/{lexer,parse,dispenser}.go @ v1.1.1.
 */

export interface Token {
	readonly line: number;
	readonly text: string;
}

/** Keys as they stand there, and each directive's words: all of its lines, in order. */
export interface ServerBlock {
	readonly keys: readonly string[];
	readonly tokens: ReadonlyMap<string, readonly Token[]>;
}

/** Why a Corefile is none, in CoreDNS's words. */
export class CorefileError extends Error {}

/** Words are kept apart by white space and may stand in quotes, which may hold line ends; a number sign begins a comment. */
export function tokensOf(text: string): readonly Token[] {
	const out: Token[] = [];
	let line = 1;
	let word: string | undefined;
	let begun = 1;
	let quoted = false;
	let escaped = false;
	let comment = false;
	const end = (): void => {
		if (word !== undefined) out.push({ line: begun, text: word });
		word = undefined;
		quoted = false;
	};
	for (const c of text) {
		if (quoted) {
			if (!escaped && c === '\\') {
				escaped = true;
				continue;
			}
			if (!escaped && c === '"') {
				end();
				continue;
			}
			if (c === '\n') line++;
			if (escaped && c !== '"') word += '\\';
			escaped = false;
			word += c;
			continue;
		}
		if (/\s/.test(c)) {
			if (c === '\n') {
				line++;
				comment = false;
			}
			if (c !== '\r') end();
			continue;
		}
		if (c === '#' && word === undefined) comment = true;
		if (comment) continue;
		if (word === undefined) {
			begun = line;
			word = '';
			if (c === '"') {
				quoted = true;
				continue;
			}
		}
		word += c;
	}
	end();
	return out;
}

const breaksIn = ({ text }: Token): number => text.split('\n').length - 1;

/** Reads words one by one, knowing where lines end. */
export class Dispenser {
	protected tokens: Token[];
	protected cursor = -1;
	#nesting = 0;
	readonly file: string;

	constructor(file: string, tokens: readonly Token[]) {
		this.file = file;
		this.tokens = [...tokens];
	}

	val(): string {
		return this.tokens[this.cursor]?.text ?? '';
	}

	next(): boolean {
		if (this.cursor >= this.tokens.length - 1) return false;
		this.cursor++;
		return true;
	}

	/** Another word of the same line. */
	nextArg(): boolean {
		if (this.cursor < 0) {
			this.cursor++;
			return true;
		}
		const here = this.tokens[this.cursor];
		const after = this.tokens[this.cursor + 1];
		if (!here || !after || here.line + breaksIn(here) !== after.line) return false;
		this.cursor++;
		return true;
	}

	/** Lines within curly braces. */
	nextBlock(): boolean {
		if (this.#nesting > 0) {
			this.next();
			if (this.val() !== '}') return true;
			this.#nesting--;
			return false;
		}
		if (!this.nextArg()) return false;
		if (this.val() !== '{') {
			this.cursor--;
			return false;
		}
		this.next();
		if (this.val() === '}') return false;
		this.#nesting++;
		return true;
	}

	remainingArgs(): readonly string[] {
		const out: string[] = [];
		while (this.nextArg()) {
			if (this.val() === '{') {
				this.cursor--;
				break;
			}
			out.push(this.val());
		}
		return out;
	}

	protected isNewLine(): boolean {
		const before = this.tokens[this.cursor - 1];
		const here = this.tokens[this.cursor];
		if (!before) return true;
		return here !== undefined && before.line + breaksIn(before) < here.line;
	}

	err(message: string): CorefileError {
		return new CorefileError(`${this.file}:${this.#line} - Error during parsing: ${message}`);
	}

	argErr(): CorefileError {
		return this.err(
			this.val() === '{'
				? "Unexpected token '{', expecting argument"
				: `Wrong argument count or unexpected line ending after '${this.val()}'`,
		);
	}

	protected syntaxErr(expected: string): CorefileError {
		return new CorefileError(
			`${this.file}:${this.#line} - Syntax error: Unexpected token '${this.val()}', expecting '${expected}'`,
		);
	}

	get #line(): number {
		return this.tokens[this.cursor]?.line ?? 0;
	}
}

const MOST_IMPORTS = 1000;

class Parser extends Dispenser {
	readonly #valid: readonly string[] | undefined;
	readonly #readFile: (path: string) => string | undefined;
	readonly #snippets = new Map<string, readonly Token[]>();
	#imports = 0;
	#keys: string[] = [];
	#block = new Map<string, Token[]>();
	#eof = false;

	constructor(
		file: string,
		text: string,
		valid: readonly string[] | undefined,
		readFile: (path: string) => string | undefined,
	) {
		super(file, tokensOf(text));
		this.#valid = valid;
		this.#readFile = readFile;
	}

	all(): readonly ServerBlock[] {
		const out: ServerBlock[] = [];
		while (this.next()) {
			this.#keys = [];
			this.#block = new Map();
			this.#one();
			if (this.#keys.length > 0) out.push({ keys: this.#keys, tokens: this.#block });
		}
		return out;
	}

	#one(): void {
		this.#addresses();
		if (this.#eof) return;
		const snippet = this.#keys.length === 1 ? /^\((.*)\)$/.exec(this.#keys[0]!)?.[1] : undefined;
		if (snippet !== undefined) {
			if (this.#snippets.has(snippet)) throw this.err(`redeclaration of previously declared snippet ${snippet}`);
			this.#snippets.set(snippet, this.#snippetTokens());
			this.#keys = [];
			return;
		}
		const open = this.val() === '{';
		// One server alone needs no braces.
		if (!open) this.cursor--;
		while (this.next() && this.val() !== '}') {
			if (this.val() === 'import') {
				this.#import();
				this.cursor--;
				continue;
			}
			this.#directive();
		}
		if (open && this.val() !== '}') throw this.syntaxErr('}');
	}

	#addresses(): void {
		let another = false;
		for (;;) {
			let word = this.val();
			if (word === 'import' && this.isNewLine()) {
				this.#import();
				continue;
			}
			if (word === '{') {
				if (another) throw this.err(`Expected another address but had '${word}' - check for extra comma`);
				return;
			}
			if (word !== '') {
				another = word.endsWith(',');
				if (another) word = word.slice(0, -1);
				this.#keys.push(word);
			}
			const more = this.next();
			if (another && !more) throw this.err('Unexpected EOF');
			if (!more) {
				this.#eof = true;
				return;
			}
			if (!another && this.isNewLine()) return;
		}
	}

	#directive(): void {
		const name = this.val();
		let nesting = 0;
		if (this.#valid && !this.#valid.includes(name)) throw this.err(`Unknown directive '${name}'`);
		const own = this.#block.get(name) ?? [];
		this.#block.set(name, own);
		own.push(this.tokens[this.cursor]!);
		while (this.next()) {
			if (this.val() === '{') nesting++;
			else if (this.isNewLine() && nesting === 0) {
				this.cursor--;
				break;
			} else if (this.val() === '}' && nesting > 0) nesting--;
			else if (this.val() === '}') throw this.err("Unexpected '}' because no matching opening brace");
			else if (this.val() === 'import' && this.isNewLine()) {
				this.#import();
				this.cursor--;
				continue;
			}
			own.push(this.tokens[this.cursor]!);
		}
		if (nesting > 0) throw this.err('Unexpected EOF');
	}

	/** Puts a snippet's or a file's words in the place of two: `import` and its argument. */
	#import(): void {
		if (!this.nextArg()) throw this.argErr();
		const what = this.val();
		if (what === '') throw this.err('Import requires a non-empty filepath');
		if (this.nextArg()) throw this.err('Import takes only one argument (glob pattern or file)');
		if (++this.#imports > MOST_IMPORTS) throw this.err(`maximum snippet import depth (${MOST_IMPORTS}) exceeded`);
		let words = this.#snippets.get(what);
		if (!words) {
			const path = what.startsWith('/') ? what : `${this.file.slice(0, this.file.lastIndexOf('/'))}/${what}`;
			const text = this.#readFile(path);
			if (text === undefined && !/[*?[\]]/.test(what)) throw this.err(`File to import not found: ${what}`);
			words = tokensOf(text ?? '');
		}
		this.tokens.splice(this.cursor - 1, 2, ...words);
		this.cursor--;
	}

	#snippetTokens(): readonly Token[] {
		if (this.val() !== '{') throw this.syntaxErr('{');
		const out: Token[] = [];
		let depth = 1;
		while (this.next()) {
			if (this.val() === '}' && --depth === 0) return out;
			if (this.val() === '{') depth++;
			out.push(this.tokens[this.cursor]!);
		}
		throw this.syntaxErr('}');
	}
}

/**
 * Server blocks in the order they stand there. `valid` are the directives there are; none are checked when absent.
 * @throws CorefileError
 */
export const parseCorefile = (
	file: string,
	text: string,
	valid: readonly string[] | undefined,
	readFile: (path: string) => string | undefined = () => undefined,
): readonly ServerBlock[] => new Parser(file, text, valid, readFile).all();

/** Go's json.Marshal of the blocks: what is hashed (plugin/reload parse()). */
export function jsonOf(blocks: readonly ServerBlock[]): string {
	const text = (value: unknown): string =>
		JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
	const of = ({ keys, tokens }: ServerBlock): string =>
		`{"Keys":${text(keys)},"Tokens":{${[...tokens]
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(
				([name, words]) =>
					`${text(name)}:[${words.map((w) => `{"File":"","Line":${w.line},"Text":${text(w.text)}}`).join(',')}]`,
			)
			.join(',')}}}`;
	return blocks.length === 0 ? 'null' : `[${blocks.map(of).join(',')}]`;
}
