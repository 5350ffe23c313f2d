/** Manifests as people write them: one or several documents of YAML or JSON. */

import {
	type Alias,
	type Document,
	isAlias,
	isMap,
	isNode,
	isScalar,
	isSeq,
	LineCounter,
	parseAllDocuments,
	visit,
} from 'yaml';
import { goJsonFault, goYamlWords } from './yaml-words.ts';

export interface Manifest {
	readonly value: { readonly [key: string]: unknown };
	/** Line the document begins on, from 1. */
	readonly line: number;
	/** As `yaml-v3`: keys written twice, of all of it or of one item of a list, in go-yaml's words with the lines of that. */
	readonly repeats?: (item?: number) => readonly string[];
}

export interface ReadError {
	/** As kubectl words it, after `error: error parsing <file>: `. */
	readonly error: string;
	readonly line: number;
	readonly column: number;
	/** What stands before it, and is no worse for it. */
	readonly before?: readonly Manifest[];
	/** The parser's code where the text is no YAML: `BAD_INDENT`, `TAB_AS_INDENT`, … */
	readonly code?: string;
}

const whole = (text: string, base: number): number => {
	const digits = text.replaceAll('_', '').replace(/^[-+]?(?:0[bBoOxX])?/, '');
	return Number.parseInt(digits, base) * (text.startsWith('-') ? -1 : 1);
};
const int = (format: string, test: RegExp, base: number): object => ({
	tag: 'tag:yaml.org,2002:int',
	default: true,
	format,
	test,
	resolve: (text: string): number => whole(text, base),
});

/** What go-yaml v2 reads as numbers and truth beyond YAML 1.2 (gopkg.in/yaml.v2 resolve.go): `0755` is a mode, `y` is true. */
const GO_TAGS = [
	int('OCT', /^[-+]?0[0-7_]*[0-7]$/, 8),
	int('BIN', /^[-+]?0b[01_]+$/, 2),
	int('OCTO', /^[-+]0o[0-7_]+$/, 8),
	int('HEX', /^[-+]?0[xX][\da-fA-F_]+$/, 16),
	int('DEC', /^[-+]?[1-9][\d_]*$/, 10),
	{
		tag: 'tag:yaml.org,2002:float',
		default: true,
		test: /^[-+]?(?=.*_)\d[\d_]*(?:\.[\d_]*)?(?:[eE][-+]?[\d_]+)?$/,
		resolve: (text: string): number => Number(text.replaceAll('_', '')),
	},
	{
		tag: 'tag:yaml.org,2002:bool',
		default: true,
		test: /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/,
		resolve: (text: string): boolean => /^(?:y|on)/i.test(text),
	},
	{
		tag: 'tag:yaml.org,2002:binary',
		resolve: (text: string): string =>
			new TextDecoder().decode(Uint8Array.from(atob(text.replace(/\s/g, '')), (c) => c.charCodeAt(0))),
	},
];

const V3_TAGS = GO_TAGS.filter((tag) => (tag as { tag: string }).tag !== 'tag:yaml.org,2002:bool');

/** More aliases than this are no manifest but a bomb. */
const MAX_ALIASES = 100;

/** All documents that are not empty. A List is left as it is. As `yaml`, what begins like JSON is no JSON; as `yaml-v3`, `yes` is a word (go-yaml v3). */
export function readManifests(text: string, as?: 'yaml' | 'yaml-v3'): readonly Manifest[] | ReadError {
	// What begins like JSON is read as JSON (apimachinery pkg/util/yaml GuessJSONStream).
	const json = as === undefined && /^\s*\{/.test(text) ? goJsonFault(text) : undefined;
	// A text that ends too early is no SyntaxError, and has no offset (YAMLOrJSONDecoder.Decode()).
	if (json?.words === 'unexpected EOF') return { error: json.words, line: 1, column: 1 };
	if (json) return { error: `json: offset ${json.offset}: ${json.words}`, line: 1, column: 1 };
	const stream = /^\s*\{/.test(text) ? jsonStream(text) : undefined;
	if (stream) return stream;
	const out: Manifest[] = [];
	for (const part of partsOf(text)) {
		const read = readPart(part.text, part.line, as === 'yaml-v3' ? V3_TAGS : GO_TAGS);
		if (read === undefined) continue;
		if ('error' in read) return out.length > 0 ? { ...read, before: out } : read;
		out.push(read);
	}
	return out;
}

/** Documents as apimachinery's YAMLReader cuts them: at lines of `---` alone; go-yaml sees one at a time, and counts its lines. */
function partsOf(text: string): readonly { readonly text: string; readonly line: number }[] {
	const parts: { readonly text: string; readonly line: number }[] = [];
	let part: string[] = [];
	let begins = 1;
	const lines = text.split('\n');
	const end = (next: number): void => {
		if (part.length > 0) parts.push({ text: part.join('\n') + (next > lines.length ? '' : '\n'), line: begins });
		part = [];
		begins = next;
	};
	for (const [i, line] of lines.entries()) {
		if (/^---\s*$/.test(line) && part.length > 0) end(i + 2);
		else part.push(line);
	}
	end(lines.length + 1);
	return parts;
}

/** A document; undefined for one with nothing in it. */
function readPart(text: string, begins: number, own: readonly object[]): Manifest | ReadError | undefined {
	// readerc.go yaml_parser_update_buffer().
	// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
	if (/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text))
		return {
			error: 'error converting YAML to JSON: yaml: control characters are not allowed',
			line: begins,
			column: 1,
		};
	const counter = new LineCounter();
	const above = begins - 1;
	const documents = parseAllDocuments(text, {
		lineCounter: counter,
		// Of one key the last value counts.
		uniqueKeys: false,
		// `<<` takes in what an anchor has (go-yaml v2 decode.go merge()).
		merge: true,
		maxAliasCount: MAX_ALIASES,
		customTags: (tags: readonly unknown[]) => [...own, ...tags],
	} as never);
	for (const document of Array.isArray(documents) ? documents.slice(0, 1) : []) {
		const fault = document.errors[0];
		if (fault) {
			const at = fault.linePos?.[0] ?? { line: 1, col: 1 };
			const { code, message } = fault;
			return {
				error: `error converting YAML to JSON: ${goYamlWords(text, { code, message, line: at.line, column: at.col }, document.errors)}`,
				line: at.line + above,
				column: at.col,
				code: fault.code,
			};
		}
		const lost = aliasWithoutAnchor(document as Document);
		if (lost) {
			const at = counter.linePos(lost.range?.[0] ?? 0);
			return {
				// go-yaml v2.4 decode.go, which gives no line.
				error: `error converting YAML to JSON: yaml: unknown anchor '${lost.source}' referenced`,
				line: at.line + above,
				column: at.col,
				code: 'BAD_ALIAS',
			};
		}
		const key = oddKey(document as Document);
		if (key !== undefined)
			return { error: `error converting YAML to JSON: yaml: invalid map key: ${key}`, line: begins, column: 1 };
		let value: unknown;
		try {
			value = document.toJS({ maxAliasCount: MAX_ALIASES });
		} catch {
			return { error: 'error converting YAML to JSON: yaml: document contains excessive aliasing', line: 1, column: 1 };
		}
		if (value === null || value === undefined) return undefined;
		const start = isNode(document.contents) && !isAlias(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
		const line = counter.linePos(start).line + above;
		if (typeof value !== 'object' || Array.isArray(value))
			return {
				error: `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`,
				line,
				column: 1,
			};
		const repeats = (item?: number): readonly string[] => {
			const node = item === undefined ? document.contents : document.getIn(['items', item], true);
			// An item is read as a document of its own.
			const first = item === undefined || !isNode(node) ? 1 : counter.linePos(node.range?.[0] ?? 0).line;
			return repeatedKeys(node, (at) => counter.linePos(at).line - first + 1);
		};
		return { value: value as Manifest['value'], line, ...(own === V3_TAGS ? { repeats } : {}) };
	}
	return undefined;
}

/** Keys that maps have twice; what is in such a map is not looked at (go-yaml v3 decode.go mapping()). */
function repeatedKeys(node: unknown, lineOf: (at: number) => number): string[] {
	if (isSeq(node)) return node.items.flatMap((item) => repeatedKeys(item, lineOf));
	if (!isMap(node)) return [];
	const keys = node.items.flatMap(({ key }) =>
		isScalar(key) ? [{ text: key.source ?? String(key.value), line: lineOf(key.range?.[0] ?? 0) }] : [],
	);
	const twice = keys.flatMap(({ text, line }, i) =>
		keys
			.slice(i + 1)
			.filter((other) => other.text === text)
			.map((other) => `line ${other.line}: mapping key ${JSON.stringify(text)} already defined at line ${line}`),
	);
	return twice.length > 0 ? twice : node.items.flatMap(({ value }) => repeatedKeys(value, lineOf));
}

/** JSON objects that follow one another with nothing between them but blanks; undefined where the text is anything else. */
function jsonStream(text: string): readonly Manifest[] | undefined {
	const out: Manifest[] = [];
	let start = 0;
	let depth = 0;
	let quoted = false;
	for (let i = 0; i < text.length; i++) {
		const c = text[i]!;
		if (quoted) {
			if (c === '\\') i++;
			else if (c === '"') quoted = false;
		} else if (c === '"') quoted = true;
		else if (c === '{' || c === '[') depth++;
		else if ((c === '}' || c === ']') && --depth === 0) {
			try {
				const value = JSON.parse(text.slice(start, i + 1)) as Manifest['value'];
				const begins = start + (/^\s*/.exec(text.slice(start))?.[0].length ?? 0);
				out.push({ value, line: text.slice(0, begins).split('\n').length });
			} catch {
				return undefined;
			}
			start = i + 1;
		}
	}
	return out.length > 1 && text.slice(start).trim() === '' ? out : undefined;
}

/** `%#v` of what go-yaml v2 makes of a node. */
function goSyntax(node: unknown): string {
	if (isMap(node))
		return `map[interface {}]interface {}{${node.items.map(({ key, value }) => `${goSyntax(key)}:${goSyntax(value)}`).join(', ')}}`;
	if (isSeq(node)) return `[]interface {}{${node.items.map(goSyntax).join(', ')}}`;
	const value = isScalar(node) ? node.value : null;
	if (value === null || value === undefined) return 'interface {}(nil)';
	return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** The first key that is a map or a list: `a: {{ .Values.b }}` has one (go-yaml v2.4 decode.go). */
function oddKey(document: Document): string | undefined {
	let odd: string | undefined;
	visit(document, {
		Pair: (_key, { key }) => {
			if (!isMap(key) && !isSeq(key)) return undefined;
			odd = goSyntax(key);
			return visit.BREAK;
		},
	});
	return odd;
}

/** The first `*name` that no `&name` comes before. */
function aliasWithoutAnchor(document: Document): Alias | undefined {
	const anchors = new Set<string>();
	let lost: Alias | undefined;
	visit(document, {
		Node: (_key, node) => {
			if (isAlias(node)) {
				if (anchors.has(node.source)) return undefined;
				lost = node;
				return visit.BREAK;
			}
			if (node.anchor !== undefined) anchors.add(node.anchor);
			return undefined;
		},
	});
	return lost;
}
