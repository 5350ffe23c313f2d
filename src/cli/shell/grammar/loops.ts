/** `for`, `select` and `case`, as they are read. */
import type { Reader } from './commands.ts';
import { NoGrammar, type Token } from './tokens.ts';

/** `for`, or `select`. */
export function forCommand(reader: Reader, opener: Token): void {
	if (opener.text === 'for' && reader.is('(') && reader.text[reader.tokens.at] === '(') {
		counting(reader);
		return;
	}
	const name = reader.token;
	if (name.kind !== 'word') throw reader.wrong();
	reader.skip();
	const asked = reader.token.kind === 'newline';
	reader.newlines();
	let words: [number, number] | undefined;
	if (reader.is('in')) {
		const from = reader.skip().at + 2;
		// Those of `select` become a command's.
		while (reader.token.kind === 'word') opener.text === 'for' ? word(reader) : reader.skip();
		words = [from, reader.token.at];
		if (!reader.is(';') && reader.token.kind !== 'newline') throw reader.wrong();
		reader.skip();
	} else if (!asked && reader.is(';')) reader.skip();
	reader.newlines();
	const [from, to] = loop(reader);
	if (opener.text === 'select') reader.seen.selects.push({ at: opener.at, name: name.text, words, body: [from, to] });
}

/** A word that assigns nothing where it stands, whatever it looks like. */
function word(reader: Reader): void {
	const { at } = reader.skip();
	const name = /^[A-Za-z_]\w*(?:\[[^\]\s]*\])?(?=\+?=)/.exec(reader.text.slice(at, at + 200));
	if (name) reader.seen.equals.push(at + name[0].length);
}

/** What is between `do` and `done`, or between braces. */
function loop(reader: Reader): [number, number] {
	const brace = reader.is('{');
	if (!brace && !reader.is('do')) throw reader.wrong();
	const from = reader.token.at + (brace ? 1 : 2);
	reader.skip();
	reader.commands();
	const to = reader.token.at;
	reader.expect(brace ? '}' : 'done');
	return [from, to];
}

/** `for ((a; b; c))`. */
function counting(reader: Reader): void {
	const from = reader.tokens.at + 1;
	reader.tokens.at = from;
	reader.tokens.matched('(', ')', reader.token.at);
	const inside = reader.text.slice(from, reader.tokens.at - 1);
	if (reader.text[reader.tokens.at] !== ')') throw new NoGrammar({ kind: 'end', mark: ')', at: reader.token.at });
	const parts = inside.replace(/"[^"]*"|'[^']*'|\$?\([^()]*\)/g, '').split(';').length;
	if (parts !== 3) {
		const why = parts < 3 ? 'arithmetic expression required' : "`;' unexpected";
		const also = `syntax error: \`((${inside}))'`;
		throw new NoGrammar({ kind: 'said', said: `syntax error: ${why}`, also, at: from });
	}
	reader.tokens.at++;
	reader.skip();
	if (reader.is(';')) reader.skip();
	reader.newlines();
	loop(reader);
}

export function caseCommand(reader: Reader): void {
	if (reader.token.kind !== 'word') throw reader.wrong();
	word(reader);
	reader.newlines();
	reader.expect('in');
	reader.newlines();
	while (!reader.is('esac')) {
		if (reader.is('(')) reader.skip();
		for (;;) {
			if (reader.token.kind !== 'word') throw reader.wrong();
			word(reader);
			if (!reader.is('|')) break;
			reader.skip();
		}
		reader.expect(')');
		reader.newlines();
		if (!ends(reader) && !reader.is('esac')) reader.commands();
		if (!ends(reader)) break;
		reader.skip();
		reader.newlines();
	}
	reader.expect('esac');
}

function ends(reader: Reader): boolean {
	return reader.is(';;') || reader.is(';&') || reader.is(';;&');
}
