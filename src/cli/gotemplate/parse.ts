/**
 * Go templates, as `docker --format` and `kubectl -o go-template` take them: text to a tree.
 *
 * Source: Go text/template/parse and its documentation @ go1.21: actions with trim markers, if / else if / with /
 * range with else, variables, pipelines, parentheses, field chains, literals, comments, define / template / block.
 */
import { type Dialect, Reader } from './pipelines.ts';
import { fail, pieces, tokens, unquote } from './tokens.ts';
import { type Node, type Parsed, type Pipeline, pipelineWords } from './tree.ts';

interface Open {
	readonly kind: 'if' | 'with' | 'range' | 'define' | 'block';
	/** Of `define` and `block`. */
	readonly name?: string;
	readonly pipeline: Pipeline | undefined;
	readonly body: Node[];
	otherwise: Node[] | undefined;
	/** Closed together with this one: `else if`. */
	readonly chained: boolean;
	readonly line: number;
	/** Variables there were before it. */
	readonly variables: readonly string[];
}

/** Reads a template; throws TemplateError. */
export function parseTemplate(source: string, dialect: Dialect): Parsed {
	const root: Node[] = [];
	const defined = new Map<string, readonly Node[]>();
	const stack: Open[] = [];
	let variables: string[] = ['$'];
	const here = (): Node[] => {
		const top = stack.at(-1);
		return top ? (top.otherwise ?? top.body) : root;
	};
	const close = (): boolean => {
		const top = stack.pop()!;
		variables = [...top.variables];
		const { kind, name = '', pipeline, body } = top;
		if (kind === 'define' || kind === 'block') {
			// An empty one does not take the place of another (text/template AddParseTree).
			if (!defined.has(name) || body.some((node) => node.kind !== 'text' || node.text.trim() !== ''))
				defined.set(name, body);
			if (kind === 'block') here().push({ kind: 'template', name, pipeline, spot: { at: 0, words: '' } });
		} else here().push({ kind, pipeline: pipeline!, body, otherwise: top.otherwise ?? [] });
		return top.chained;
	};
	for (const piece of pieces(source)) {
		if (piece.text !== undefined) {
			here().push({ kind: 'text', text: piece.text });
			continue;
		}
		const { line } = piece;
		const { list, spots } = tokens(piece.action!, line, piece.at);
		while (list[0] === ' ') {
			list.shift();
			spots.shift();
		}
		while (list.at(-1) === ' ') list.pop();
		const word = list[0];
		const rest = (from: number, of = 'command'): Pipeline => {
			if (list.slice(from).every((token) => token === ' ')) fail(line, `missing value for ${of}`);
			return new Reader({ list: list.slice(from), spots: spots.slice(from) }, line, dialect, variables).pipeline(false);
		};
		const before = [...variables];
		if (word === undefined) fail(line, 'missing value for command');
		else if (word === 'if' || word === 'with' || word === 'range')
			stack.push({
				kind: word,
				pipeline: rest(1, word),
				body: [],
				otherwise: undefined,
				chained: false,
				line,
				variables: before,
			});
		else if (word === 'else') {
			const top = stack.at(-1);
			if (!top || top.otherwise || top.kind === 'define' || top.kind === 'block') fail(line, 'unexpected {{else}}');
			top!.otherwise = [];
			const chain = list.slice(1).filter((token) => token !== ' ')[0];
			if (chain === 'if' || chain === 'with')
				stack.push({
					kind: chain,
					pipeline: rest(list.indexOf(chain) + 1),
					body: [],
					otherwise: undefined,
					chained: true,
					line,
					variables: before,
				});
		} else if (word === 'end') {
			if (stack.length === 0) fail(line, 'unexpected {{end}}');
			while (close());
		} else if (word === 'break' || word === 'continue') here().push({ kind: word });
		else if (word === 'define' || word === 'template' || word === 'block') {
			const at = list.findIndex((token, i) => i > 0 && token !== ' ');
			const name = list[at];
			if (name === undefined || !/^["`]/.test(name))
				fail(line, `unexpected ${name === undefined ? '"}}"' : JSON.stringify(name)} in ${word} clause`);
			const quoted = name!.startsWith('"') ? unquote(name!, line) : name!.slice(1, -1);
			const more = list.length > at + 1;
			if (word === 'define' && stack.length > 0) fail(line, 'unexpected {{define}}');
			if (word === 'define' && more) fail(line, `unexpected ${JSON.stringify(list.at(-1))} in define clause`);
			const pipeline = more ? rest(at + 1) : undefined;
			if (word === 'template')
				here().push({
					kind: 'template',
					name: quoted,
					pipeline,
					spot: {
						at: spots[at]!,
						words: `{{template ${name}${pipeline ? ` ${pipelineWords(pipeline)}` : ''}}}`,
					},
				});
			else
				stack.push({
					kind: word,
					name: quoted,
					pipeline,
					body: [],
					otherwise: undefined,
					chained: false,
					line,
					variables: before,
				});
			if (word === 'define') variables = ['$'];
		} else here().push({ kind: 'print', pipeline: rest(0) });
	}
	if (stack.length > 0) fail(source.split('\n').length, 'unexpected EOF');
	return { body: root, defined };
}
