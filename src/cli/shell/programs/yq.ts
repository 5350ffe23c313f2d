/**
 * `yq` of mikefarah (v4), as far as reading goes: a path prints its part of the file as it stands there, comments and
 * all; anything else is worked out as jq would, on the same data, and printed as YAML.
 */
import type { Document } from 'yaml';
import { type LineRun, Output } from '../call.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { octetsOf, readable } from '../routes.ts';
import type { Shell } from '../shell.ts';
import type { OwnProgram } from './index.ts';
import { inner, quoted } from './nested.ts';

const STYLE = { lineWidth: 0, indentSeq: true, flowCollectionPadding: false } as const;

type Yaml = typeof import('yaml');

interface Options {
	readonly json: boolean;
	readonly raw: boolean;
	readonly none: boolean;
	readonly expression: string;
	readonly files: readonly string[];
}

/** `.a.b[0]["c-d"]` as steps; undefined when it is more than a path. */
export function pathOf(expression: string): (string | number)[] | undefined {
	const text = expression.trim();
	if (text === '.') return [];
	const steps: (string | number)[] = [];
	const step = /^(?:\.?\[(\d+)\]|\.?\["([^"]*)"\]|\."([^"]*)"|\.([\w-]+))/;
	for (let rest = text; rest !== ''; ) {
		const match = step.exec(rest);
		if (!match) return undefined;
		steps.push(match[1] === undefined ? (match[2] ?? match[3] ?? match[4]!) : Number(match[1]));
		rest = rest.slice(match[0].length);
	}
	return steps;
}

export const yq: OwnProgram = {
	name: 'yq',
	async run(call, shell) {
		const output = new Output(call.routes);
		const fail = (text: string): Result => {
			output.err({ text: `Error: ${text}\n`, binary: false });
			return output.result(1);
		};
		const options = await optionsOf(call, shell);
		if (typeof options === 'string') return fail(options);
		const yaml = await import('yaml');
		const documents: Document[] = [];
		for (const file of options.files) {
			const text = await textOf(file, call, shell);
			if (text === undefined) return fail(`open ${file}: no such file or directory`);
			for (const document of yaml.parseAllDocuments(text, { merge: true })) {
				if ('errors' in document && document.errors[0])
					return fail(`bad file '${file}': yaml: ${document.errors[0].message.split('\n')[0]}`);
				documents.push(document as Document);
			}
		}
		const path = pathOf(options.expression);
		const parts: string[] = [];
		for (const document of documents.length > 0 ? documents : options.none ? [undefined] : []) {
			if (path && document) parts.push(partOf(yaml, document, path, options));
			else {
				const { code, text, errors } = await jq(
					JSON.stringify(document?.toJS() ?? null),
					options.expression,
					call,
					shell,
				);
				if (code !== 0) return fail(errors.trim().replace(/^jq: (?:error: )?/, ''));
				for (const value of text.split('\n').filter(Boolean)) parts.push(printed(yaml, JSON.parse(value), options));
			}
		}
		output.out({ text: parts.join(options.json || !path || path.length > 0 ? '' : '---\n'), binary: false });
		return output.result(0);
	},
};

async function optionsOf({ args }: ProgramCall, shell: Shell): Promise<Options | string> {
	const words: string[] = [];
	let json = false;
	let raw = true;
	let none = false;
	for (let i = 0; i < args.length; i++) {
		const word = args[i]!;
		const format = /^(?:-o=?|--output-format=?)(.*)$/.exec(word);
		if (format) {
			const name = format[1] || args[++i] || '';
			if (!['json', 'j', 'yaml', 'y', 'auto', 'a'].includes(name))
				return `unknown format '${name}', please use [yaml|json]`;
			json = name.startsWith('j');
		} else if (word === '-j' || word === '--tojson') json = true;
		else if (/^(?:-r|--unwrapScalar|--unwrapScalar=true)$/.test(word)) raw = true;
		else if (word === '-r=false' || word === '--unwrapScalar=false') raw = false;
		else if (word === '-n' || word === '--null-input') none = true;
		else if (/^-(?:P|M|C|e|N)$|^--(?:prettyPrint|no-colors|colors|exit-status|no-doc)$/.test(word)) continue;
		else if (word === '-i' || word === '--inplace') return 'writing files in place is not there in this terminal';
		else if (word.startsWith('-') && word !== '-') return `unknown flag: ${word}`;
		else words.push(word);
	}
	if (words[0] === 'e' || words[0] === 'eval' || words[0] === 'ea' || words[0] === 'eval-all') words.shift();
	const [first = '.'] = words;
	// A first word that is no expression but a file is one: `yq values.yaml`.
	const isFile = words.length === 1 && (await shell.files.exists(shell.files.resolvePath(shell.state.cwd, first)));
	const expression = isFile ? '.' : first;
	const files = isFile ? [first] : words.slice(1);
	return { json, raw, none, expression, files: files.length > 0 || none ? files : ['-'] };
}

async function textOf(file: string, call: ProgramCall, shell: Shell): Promise<string | undefined> {
	if (file === '-') return new TextDecoder().decode(octetsOf(call.stdin()));
	const path = shell.files.resolvePath(call.state.cwd, file);
	return (await shell.files.exists(path)) ? shell.files.readFile(path) : undefined;
}

function partOf(yaml: Yaml, document: Document, path: readonly (string | number)[], options: Options): string {
	if (options.json) return printed(yaml, path.length > 0 ? toJs(yaml, document, path) : document.toJS(), options);
	if (path.length === 0) return document.toString(STYLE);
	const node = document.getIn(path, true);
	if (!yaml.isNode(node)) return printed(yaml, node ?? null, options);
	const value = node.toJS(document);
	if (typeof value !== 'object' || value === null) return printed(yaml, value, options);
	return `${yaml.stringify(node, STYLE).trimEnd()}\n`;
}

const toJs = (yaml: Yaml, document: Document, path: readonly (string | number)[]): unknown => {
	const node = document.getIn(path, true);
	return yaml.isNode(node) ? node.toJS(document) : (node ?? null);
};

function printed(yaml: Yaml, value: unknown, { json, raw }: Options): string {
	if (json) return `${JSON.stringify(value, null, 2)}\n`;
	if (typeof value === 'string' && raw) return `${value}\n`;
	return yaml.stringify(value, STYLE);
}

/** Asks the shell's own jq. */
async function jq(json: string, expression: string, call: ProgramCall, shell: Shell) {
	const child = inner(call, shell, 'sh');
	let text = '';
	let errors = '';
	const code = await child.run(`jq -c ${quoted(expression)}`, {
		routes: {
			out: (o) => {
				text += readable(o);
			},
			err: (o) => {
				errors += readable(o);
			},
		},
		tty: false,
		parent: call.run as LineRun,
		stdin: json,
	});
	return { code, text, errors };
}
