/** What stands between `[[` and `]]` (parse.y, cond_term() @ 5.2), whose errors have words of their own. */
import type { Reader } from './commands.ts';
import { NoGrammar, type Token } from './tokens.ts';

const UNARY = /^-[abcdefghknoprstuvwxzGLNORS]$/;
const BINARY = /^(?:==?|!=|=~|-(?:eq|ne|lt|le|gt|ge|nt|ot|ef))$/;

export function conditional(it: Reader, opener: Token): void {
	const { extglob } = it.tokens;
	it.tokens.extglob = true;
	const said = (text: string, { at } = it.token): NoGrammar => new NoGrammar({ kind: 'said', said: text, at });
	const shown = ({ kind, text }: Token): string => (kind === 'end' ? 'newline' : text);
	const isWord = (): boolean => it.token.kind === 'word' && !it.is(']]');
	const closes = (): boolean => it.is(']]') && it.token.kind === 'word';

	const term = (): void => {
		it.newlines();
		if (closes()) throw said("unexpected token `]]' in conditional command");
		if (it.is('!')) {
			it.skip();
			term();
			return;
		}
		if (it.is('(')) {
			it.skip();
			any();
			it.newlines();
			if (!it.is(')')) throw said(`unexpected token \`${shown(it.token)}', expected \`)'`);
			it.skip();
			return;
		}
		if (it.token.kind !== 'word') throw said(`unexpected token \`${shown(it.token)}' in conditional command`);
		const first = it.token;
		if (!first.quoted && UNARY.test(first.text)) {
			const next = it.skip() && it.token;
			if (next.kind === 'word' && !(closes() && !next.quoted)) {
				it.skip();
				return;
			}
			throw said(`unexpected argument \`${shown(next)}' to conditional unary operator`);
		}
		it.skip();
		if (closes() || it.is('&&') || it.is('||') || it.is(')')) return;
		const operator = it.token;
		const binary = (operator.kind === 'word' && BINARY.test(operator.text)) || it.is('<') || it.is('>');
		if (!binary) {
			if (operator.kind === 'word') throw said('conditional binary operator expected');
			throw said(`unexpected token \`${shown(operator)}', conditional binary operator expected`);
		}
		if (operator.text === '=~') pattern();
		else {
			it.skip();
			if (!isWord()) throw said(`unexpected argument \`${shown(it.token)}' to conditional binary operator`);
			it.skip();
		}
	};
	/** A regular expression may have brackets and bars. */
	const pattern = (): void => {
		const { text } = it;
		let i = it.tokens.at;
		while (/[ \t]/.test(text[i] ?? '')) i++;
		const from = i;
		let depth = 0;
		it.tokens.at = i;
		while (i < text.length && !(depth === 0 && /[ \t\n)]/.test(text[i]!))) {
			const char = text[i]!;
			if (char === '(') depth++;
			else if (char === ')') depth--;
			if (/["'`$]/.test(char)) i = it.tokens.quoted(i);
			else i += char === '\\' ? 2 : 1;
		}
		if (depth > 0) throw new NoGrammar({ kind: 'end', mark: ')', at: from });
		it.tokens.at = i;
		const empty = i === from;
		it.skip();
		if (empty) throw said(`unexpected argument \`${shown(it.token)}' to conditional binary operator`);
	};
	const any = (): void => {
		term();
		it.newlines();
		while (it.is('&&') || it.is('||')) {
			it.skip();
			term();
			it.newlines();
		}
	};

	any();
	it.tokens.extglob = extglob;
	if (!closes()) {
		if (it.token.kind === 'word') throw said('syntax error in conditional expression');
		if (it.token.kind === 'end') throw new NoGrammar({ kind: 'end', mark: ']', at: opener.at });
		throw said(`syntax error in conditional expression: unexpected token \`${shown(it.token)}'`);
	}
	it.skip();
}
