/** The words of an awk program one after the other: what every part of its parser takes them by. */
import { AwkFault, scan, type Token } from './scan.ts';

/** Expressions inside each other beyond which a program is refused, before the host's own stack ends. */
const MOST_DEEP = 200;

export class Reader {
	protected readonly tokens: readonly Token[];
	protected at = 0;
	#depth = 0;

	constructor(source: string) {
		this.tokens = scan(source);
	}

	protected get token(): Token {
		return this.tokens[this.at]!;
	}

	protected is(...kinds: string[]): boolean {
		return kinds.includes(this.token.kind);
	}

	protected take(kind: string): boolean {
		if (this.token.kind !== kind) return false;
		this.at++;
		return true;
	}

	protected fault(): AwkFault {
		const { kind, text, line } = this.token;
		if (kind === 'end') return new AwkFault(`line ${line + 1}: missing } near end of file`);
		return new AwkFault(
			`line ${line}: syntax error at or near ${kind === 'newline' ? 'end of line' : kind === 'text' ? `"${text}"` : text}`,
		);
	}

	protected need(kind: string): Token {
		const token = this.token;
		if (token.kind !== kind) throw this.fault();
		this.at++;
		return token;
	}

	protected lines(): void {
		while (this.take('newline') || this.take(';'));
	}

	protected newlines(): void {
		while (this.take('newline'));
	}

	protected deeper<T>(act: () => T): T {
		if (++this.#depth > MOST_DEEP) throw new AwkFault(`line ${this.token.line}: nested too deeply`);
		try {
			return act();
		} finally {
			this.#depth--;
		}
	}
}
