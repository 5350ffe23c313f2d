/** kind's configuration file as YAML: what it holds, and on which line each key stands. */
import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';

export interface KindFile {
	/** As the YAML reads; undefined for an empty file. */
	readonly value: unknown;
	/** Line of a key (or an item of a list), from 1; undefined where there is no such path. */
	readonly lineOf: (path: readonly (string | number)[]) => number | undefined;
}

export interface KindFileError {
	/** Text after `ERROR: failed to create cluster: `. */
	readonly error: string;
	readonly line: number;
	readonly column: number;
}

/** Words of Go's reader (yaml.v3 scannerc.go, parserc.go) for what ours calls otherwise. */
const WORDS: Readonly<Record<string, string>> = {
	TAB_AS_INDENT: 'found character that cannot start any token',
	BAD_INDENT: 'did not find expected key',
	BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
	MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
	MISSING_CHAR: 'did not find expected node content',
	BAD_ALIAS: 'unknown anchor referenced',
};

/** Reads the text. Source of the wording: kind pkg/internal/apis/config/encoding/load.go @ v0.14.0, yaml.v3 decode.go. */
export function readKindFile(text: string): KindFile | KindFileError {
	const counter = new LineCounter();
	const document = parseDocument(text, { lineCounter: counter, uniqueKeys: false });
	const fault = document.errors[0];
	if (fault) {
		const at = fault.linePos?.[0] ?? { line: 1, col: 1 };
		const own = fault.message.split('\n')[0]!.replace(/ at line \d+, column \d+:?$/, '');
		const words = WORDS[fault.code] ?? own.charAt(0).toLowerCase() + own.slice(1);
		return {
			error: `unable to decode config: yaml: line ${at.line}: ${words}`,
			line: at.line,
			column: at.col,
		};
	}
	const lineAt = (node: unknown): number | undefined => {
		const start = (node as Node | undefined)?.range?.[0];
		return start === undefined ? undefined : counter.linePos(start).line;
	};
	const twice: { name: string; line: number; first: number }[] = [];
	visit(document, {
		Map(_, map) {
			const seen = new Map<string, number>();
			for (const { key } of map.items) {
				if (!isScalar(key)) continue;
				const name = String(key.value);
				const line = lineAt(key) ?? 1;
				const first = seen.get(name);
				if (first === undefined) seen.set(name, line);
				else twice.push({ name, line, first });
			}
		},
	});
	if (twice.length > 0) {
		const faults = twice.map((t) => `  line ${t.line}: mapping key "${t.name}" already defined at line ${t.first}`);
		return {
			error: `unable to decode config: yaml: unmarshal errors:\n${faults.join('\n')}`,
			line: twice[0]!.line,
			column: 1,
		};
	}
	let value: unknown;
	try {
		value = document.toJS({ maxAliasCount: 100 });
	} catch (fault) {
		// go-yaml v3 decode.go words both, and gives no line for either.
		const name = /^Unresolved alias .*: (.*)$/.exec((fault as Error).message)?.[1];
		const why = name === undefined ? 'document contains excessive aliasing' : `unknown anchor '${name}' referenced`;
		return {
			error: `unable to decode config: yaml: ${why}`,
			line: 1,
			column: 1,
		};
	}
	return {
		value: value ?? undefined,
		lineOf(path) {
			if (path.length === 0) return lineAt(document.contents);
			const parent = document.getIn(path.slice(0, -1), true);
			const last = path.at(-1)!;
			if (isMap(parent)) return lineAt(parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key);
			return lineAt(document.getIn(path, true));
		},
	};
}
