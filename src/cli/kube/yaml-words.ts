/**
 * What go-yaml says of a text that is no YAML, and where.
 *
 * Source: gopkg.in/yaml.v2 @ v2.4.0: scannerc.go, parserc.go (messages), decode.go parser.fail (lines: those of the
 * scanner count from 1, those of the parser from 0).
 */

interface Fault {
	readonly code: string;
	readonly message: string;
	/** From 1. */
	readonly line: number;
	readonly column: number;
}

const at = (line: number, words: string): string => (line > 0 ? `yaml: line ${line}: ${words}` : `yaml: ${words}`);

const indentOf = (line: string): number => /^ */.exec(line)![0].length;
const isEmpty = (line: string): boolean => /^\s*(?:#.*)?$/.test(line) || line === '---';

/** Whether what stands open around a line (from 0) that begins at `column` is a list: then a `-` is missed, else a key. */
function inList(lines: readonly string[], line: number, column: number): boolean {
	const above = (from: number, most: number): number => {
		for (let i = from - 1; i >= 0; i--) if (!isEmpty(lines[i]!) && indentOf(lines[i]!) <= most) return i;
		return -1;
	};
	const open = above(line, column);
	const dash = /^( *)(-(?: +|$))/.exec(lines[open] ?? '');
	if (!dash) return false;
	const indent = dash[1]!.length;
	if (indent + dash[2]!.length <= column) return false;
	// A list that is not indented more than its key is none of its own (an indentless sequence).
	let key = open;
	do key = above(key, indent);
	while (key >= 0 && indentOf(lines[key]!) === indent && /^ *-(?: |$)/.test(lines[key]!));
	return key < 0 || indentOf(lines[key]!) < indent;
}

const NO_VALUES = 'mapping values are not allowed in this context';

/** Line, from 1, of the colon that follows text which began on a line. */
function colonBelow(lines: readonly string[], line: number): number {
	const below = lines.slice(line).findIndex((text) => /:(?:\s|$)/.test(text));
	return below < 0 ? line : line + 1 + below;
}

/** go-yaml's words for what our parser found, with `yaml: line N: ` before them. */
export function goYamlWords(
	text: string,
	{ code, message, line, column }: Fault,
	/** What else our parser found. */
	more?: readonly { readonly code: string }[],
): string {
	const lines = text.split(/\r?\n/);
	const own = (to: number): string => (lines[line - 1] ?? '').slice(0, to - 1);
	const scanner = (words: string, of = line): string => at(of > 1 ? of : line > 1 ? line : 0, words);
	switch (code) {
		case 'TAB_AS_INDENT':
			// Where a plain text could go on, its scanner meets the tab.
			return scanner(
				/(?:[:-] +[^\s"'|>[{#&]|^[^:]+$)/.test((lines[line - 2] ?? '').trimEnd())
					? 'found a tab character that violates indentation'
					: 'found character that cannot start any token',
			);
		case 'BAD_INDENT':
		case 'BLOCK_IN_FLOW':
		case 'UNEXPECTED_TOKEN':
		case 'IMPOSSIBLE':
		case 'BAD_COLLECTION_TYPE':
			if (/flow/i.test(message)) {
				// Nothing stands where the next item would.
				const before = [...lines.slice(0, line - 1), own(column)].join('\n').trimEnd();
				if (/[[{,]$/.test(before)) return at(line - 1, 'did not find expected node content');
				const list = /sequence|\]/.test(message);
				return at(line - 1, `did not find expected ${list ? "',' or ']'" : "',' or '}'"}`);
			}
			if (/block-seq-ind on same line/.test(message) && own(column).trim() !== '')
				return scanner('block sequence entries are not allowed in this context');
			if (/tab/i.test(message)) return scanner('found character that cannot start any token');
			break;
		case 'MULTILINE_IMPLICIT_KEY': {
			// An item of a list among keys.
			if (/^-(?:\s|$)/.test((lines[line - 1] ?? '').slice(column - 1))) break;
			// What goes on below `- ` or `key: ` need not be a key: its colon is one too many.
			if (own(column).trim() !== '') return scanner(NO_VALUES, colonBelow(lines, line));
			// Before the first key nothing has to be one.
			if (!lines.slice(0, line - 1).some((text) => /:(?:\s|$)/.test(text)))
				return scanner(NO_VALUES, colonBelow(lines, line));
			const next = lines[line] ?? '';
			// A key that is indented less than what stands before it ends that block, where our parser reads on.
			if (indentOf(next) < indentOf(lines[line - 1] ?? '') && /:(?:\s|$)/.test(next))
				return goYamlWords(text, { code: '', message, line: line + 1, column: indentOf(next) + 1 });
			return scanner("could not find expected ':'", line + 1);
		}
		case 'BLOCK_AS_IMPLICIT_KEY':
			return scanner(
				NO_VALUES,
				more?.some((other) => other.code === 'MULTILINE_IMPLICIT_KEY') ? colonBelow(lines, line) : line,
			);
		case 'MISSING_CHAR':
			if (/without - indicator/.test(message)) break;
			// Open at the end of the text, which is a line of its own (scannerc.go yaml_parser_fetch_stream_end).
			if (/must end with/.test(message) && !(lines[line - 1] ?? '').slice(column - 1).trim())
				return at(
					text.replace(/\n$/, '').split('\n').length,
					`did not find expected ${/\]/.test(message) ? "',' or ']'" : "',' or '}'"}`,
				);
			if (/quote/i.test(message)) {
				const last = lines.length;
				return at(last > 1 ? last : 0, 'found unexpected end of stream');
			}
			if (/key/i.test(message) || /:/.test(message)) return scanner("could not find expected ':'", line + 1);
			return at(line - 1, `did not find expected ${/\]/.test(message) ? "',' or ']'" : "',' or '}'"}`);
		case 'BAD_SCALAR_START':
		case 'RESERVED':
			return scanner('found character that cannot start any token');
		case 'BAD_DQ_ESCAPE':
			return scanner('found unknown escape character');
		case 'BAD_ALIAS':
			return scanner('did not find expected alphabetic or numeric character');
		default:
			break;
	}
	let zero = line - 1;
	// What is wrong is the next token, below blank lines and comments.
	while (zero < lines.length - 1 && /^\s*(?:#.*)?$/.test(lines[zero]!)) zero++;
	const list = inList(lines, zero, Math.max(column - 1, indentOf(lines[zero] ?? '')));
	return at(zero, list ? "did not find expected '-' indicator" : 'did not find expected key');
}

/** What Go's encoding/json says of a text that is no JSON (scanner.go @ go1.18), with the offset; undefined where it is. */
export function goJsonFault(text: string): { readonly offset: number; readonly words: string } | undefined {
	let i = 0;
	const blank = (): void => {
		while (i < text.length && ' \t\r\n'.includes(text[i]!)) i++;
	};
	const shown = (c: string): string =>
		c === "'" ? `'\\''` : c === '"' ? `'"'` : `'${JSON.stringify(c).slice(1, -1)}'`;
	class Bad {
		readonly words: string;
		constructor(words: string) {
			this.words = words;
		}
	}
	const wrong = (context: string): never => {
		if (i >= text.length) throw new Bad('unexpected EOF');
		const c = text[i]!;
		i++;
		throw new Bad(`invalid character ${shown(c)} ${context}`);
	};
	const string = (): void => {
		i++;
		for (;;) {
			if (i >= text.length) wrong('');
			const c = text[i]!;
			if (c === '"') {
				i++;
				return;
			}
			if (c === '\\') {
				i++;
				if (!'bfnrt\\/"u'.includes(text[i] ?? '')) wrong('in string escape code');
			} else if (c < ' ') wrong('in string literal');
			i++;
		}
	};
	const value = (depth: number): void => {
		blank();
		const c = text[i] ?? '';
		if (depth > 10_000) throw new Bad('exceeded max depth');
		if (c === '{') {
			i++;
			blank();
			if (text[i] === '}') {
				i++;
				return;
			}
			for (;;) {
				blank();
				if (text[i] !== '"') wrong(`looking for beginning of object key string`);
				string();
				blank();
				if (text[i] !== ':') wrong('after object key');
				i++;
				value(depth + 1);
				blank();
				if (text[i] === '}') {
					i++;
					return;
				}
				if (text[i] !== ',') wrong('after object key:value pair');
				i++;
			}
		}
		if (c === '[') {
			i++;
			blank();
			if (text[i] === ']') {
				i++;
				return;
			}
			for (;;) {
				value(depth + 1);
				blank();
				if (text[i] === ']') {
					i++;
					return;
				}
				if (text[i] !== ',') wrong('after array element');
				i++;
			}
		}
		if (c === '"') {
			string();
			return;
		}
		for (const word of ['true', 'false', 'null'])
			if (c === word[0]) {
				for (const [n, letter] of [...word].entries()) {
					if (text[i] !== letter) wrong(`in literal ${word} (expecting ${shown(word[n]!)})`);
					i++;
				}
				return;
			}
		const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/.exec(text.slice(i))?.[0];
		if (number === undefined) wrong('looking for beginning of value');
		i += number!.length;
	};
	try {
		for (blank(); i < text.length; blank()) value(0);
		return undefined;
	} catch (bad) {
		if (!(bad instanceof Bad)) throw bad;
		return { offset: i, words: bad.words };
	}
}
