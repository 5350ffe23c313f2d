/** The words of an awk program (POSIX.1-2017 awk, "Lexical Conventions"), on octets: mawk knows no other characters. */

export interface Token {
	/** `name`, `call` (a name with a parenthesis right behind it), `number`, `text`, `regex`, `newline`, `end`, or itself. */
	readonly kind: string;
	readonly text: string;
	readonly line: number;
}

/** What is wrong with a program, in mawk's words. */
export class AwkFault extends Error {}

const KEYWORDS = new Set(
	`BEGIN END function func if else while for do break continue next nextfile exit return delete in getline print printf`.split(
		' ',
	),
);

export const BUILTINS = new Set(
	`length substr index split sub gsub match sprintf sin cos atan2 exp log sqrt int rand srand tolower toupper system close
	fflush systime strftime mktime`.split(/\s+/),
);

const OPERATORS = [
	'**=',
	'&&',
	'||',
	'++',
	'--',
	'+=',
	'-=',
	'*=',
	'/=',
	'%=',
	'^=',
	'**',
	'==',
	'<=',
	'>=',
	'!=',
	'!~',
	'>>',
	...'{}()[];,+-*/%^!<>|?:~$=',
];

/** Behind these a slash divides; anywhere else it begins a pattern. */
const ENDS_VALUE = new Set(['name', 'number', 'text', 'regex', ')', ']', '$', '++', '--', 'builtin']);

const ESCAPES: Readonly<Record<string, string>> = {
	n: '\n',
	t: '\t',
	r: '\r',
	'\\': '\\',
	'"': '"',
	a: '\x07',
	b: '\b',
	f: '\f',
	v: '\v',
};

/** A text's escapes; what is none stays with its backslash. */
export function unescaped(text: string): string {
	return text.replace(/\\(\n|[0-7]{1,3}|[\s\S])/g, (whole, what: string) => {
		if (what === '\n') return '';
		if (/^[0-7]/.test(what)) return String.fromCharCode(Number.parseInt(what, 8) & 255);
		return Object.hasOwn(ESCAPES, what) ? ESCAPES[what]! : whole;
	});
}

/** @throws AwkFault */
export function scan(source: string): Token[] {
	const tokens: Token[] = [];
	let at = 0;
	let line = 1;
	const add = (kind: string, text: string): void => {
		tokens.push({ kind, text, line });
		line += text.split('\n').length - 1;
	};
	const take = (pattern: RegExp): string | undefined => {
		pattern.lastIndex = at;
		const found = pattern.exec(source)?.[0];
		if (found !== undefined) at += found.length;
		return found;
	};
	while (at < source.length) {
		const blank = take(/(?:[ \t\r]|\\\r?\n|#[^\n]*)+/y);
		if (blank !== undefined) {
			line += blank.split('\n').length - 1;
			continue;
		}
		if (take(/\n/y)) {
			add('newline', '\n');
			continue;
		}
		const word = take(/[A-Za-z_]\w*/y);
		if (word !== undefined) {
			if (KEYWORDS.has(word)) add(word === 'func' ? 'function' : word, word);
			else if (BUILTINS.has(word)) add('builtin', word);
			else add(source[at] === '(' ? 'call' : 'name', word);
			continue;
		}
		const number = take(/(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y);
		if (number !== undefined) {
			add('number', number);
			continue;
		}
		if (source[at] === '"') {
			const text = take(/"(?:[^"\\\n]|\\[\s\S])*"/y);
			if (text === undefined)
				throw new AwkFault(`line ${line}: runaway string constant "${source.slice(at + 1, at + 11)} ...`);
			add('text', text.slice(1, -1));
			continue;
		}
		if (source[at] === '/' && !ENDS_VALUE.has(tokens.at(-1)?.kind ?? '')) {
			const pattern = take(/\/(?:[^/\\\n[]|\\.|\[\^?\]?(?:\[[:.=][^\]]*[:.=]\]|[^\]\\\n]|\\.)*\]|\[)*\//y);
			if (pattern === undefined)
				throw new AwkFault(`line ${line}: runaway regular expression /${source.slice(at + 1, at + 11)} ...`);
			add('regex', pattern.slice(1, -1));
			continue;
		}
		const operator = OPERATORS.find((o) => source.startsWith(o, at));
		if (operator === undefined) throw new AwkFault(`${line}: unexpected character '${source[at]}'`);
		at += operator.length;
		add(operator === '**' ? '^' : operator === '**=' ? '^=' : operator, operator);
	}
	tokens.push({ kind: 'end', text: '', line });
	return tokens;
}
