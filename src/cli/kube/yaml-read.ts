/** Manifests as people write them: one or several documents of YAML or JSON. */

import { type Alias, type Document, isAlias, isNode, LineCounter, parseAllDocuments, visit } from 'yaml';
import { goJsonFault, goYamlWords } from './yaml-words.ts';

export interface Manifest {
	readonly value: { readonly [key: string]: unknown };
	/** Line the document begins on, from 1. */
	readonly line: number;
}

export interface ReadError {
	/** As kubectl words it, after `error: error parsing <file>: `. */
	readonly error: string;
	readonly line: number;
	readonly column: number;
	/** The parser's code where the text is no YAML: `BAD_INDENT`, `TAB_AS_INDENT`, … */
	readonly code?: string;
}

/** What go-yaml v2 reads as numbers and truth beyond YAML 1.2 (gopkg.in/yaml.v2 resolve.go): `0755` is a mode. */
const GO_TAGS = [
	{
		tag: 'tag:yaml.org,2002:int',
		default: true,
		format: 'OCT',
		test: /^[-+]?0[0-7_]*[0-7]$/,
		resolve: (text: string): number => Number.parseInt(text.replaceAll('_', ''), 8),
	},
	{
		tag: 'tag:yaml.org,2002:bool',
		default: true,
		test: /^(?:yes|Yes|YES|on|On|ON|no|No|NO|off|Off|OFF)$/,
		resolve: (text: string): boolean => /^(?:y|on)/i.test(text),
	},
];

/** More aliases than this are no manifest but a bomb. */
const MAX_ALIASES = 100;

/** All documents that are not empty. A List is left as it is. As `yaml`, what begins like JSON is no JSON. */
export function readManifests(text: string, as?: 'yaml'): readonly Manifest[] | ReadError {
	// What begins like JSON is read as JSON (apimachinery pkg/util/yaml GuessJSONStream).
	const json = as !== 'yaml' && /^\s*\{/.test(text) ? goJsonFault(text) : undefined;
	if (json) return { error: `json: offset ${json.offset}: ${json.words}`, line: 1, column: 1 };
	const stream = /^\s*\{/.test(text) ? jsonStream(text) : undefined;
	if (stream) return stream;
	const counter = new LineCounter();
	const documents = parseAllDocuments(text, {
		lineCounter: counter,
		// Of one key the last value counts.
		uniqueKeys: false,
		maxAliasCount: MAX_ALIASES,
		customTags: (tags: readonly unknown[]) => [...GO_TAGS, ...tags],
	} as never);
	const out: Manifest[] = [];
	for (const document of Array.isArray(documents) ? documents : []) {
		const fault = document.errors[0];
		if (fault) {
			const at = fault.linePos?.[0] ?? { line: 1, col: 1 };
			const { code, message } = fault;
			return {
				error: `error converting YAML to JSON: ${goYamlWords(text, { code, message, line: at.line, column: at.col })}`,
				line: at.line,
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
				line: at.line,
				column: at.col,
				code: 'BAD_ALIAS',
			};
		}
		let value: unknown;
		try {
			value = document.toJS({ maxAliasCount: MAX_ALIASES });
		} catch {
			return { error: 'error converting YAML to JSON: yaml: document contains excessive aliasing', line: 1, column: 1 };
		}
		if (value === null || value === undefined) continue;
		const start = isNode(document.contents) && !isAlias(document.contents) ? (document.contents.range?.[0] ?? 0) : 0;
		const line = counter.linePos(start).line;
		if (typeof value !== 'object' || Array.isArray(value))
			return {
				error: `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type map[string]interface {}`,
				line,
				column: 1,
			};
		out.push({ value: value as Manifest['value'], line });
	}
	return out;
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
