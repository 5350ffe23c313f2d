/** `$RANDOM` is drawn by the lab: just-bash would ask the browser, and a session could not be told again. */
import { RANDOM } from './programs/names.ts';

type Node = { type?: string; [key: string]: unknown };

/** Puts `$(draw)` in the place of `$RANDOM` and of `RANDOM` in arithmetic, all over a syntax tree. */
export function random<T>(ast: T): T {
	visit(ast as Node, new Set());
	return ast;
}

function visit(node: unknown, seen: Set<object>): void {
	if (typeof node !== 'object' || node === null || seen.has(node)) return;
	seen.add(node);
	for (const [key, value] of Object.entries(node)) {
		if (Array.isArray(value)) {
			for (const [i, item] of value.entries()) {
				value[i] = instead(item);
				visit(value[i], seen);
			}
		} else if (typeof value === 'object' && value !== null) {
			(node as Node)[key] = instead(value as Node);
			visit((node as Node)[key], seen);
		}
	}
}

function instead(node: Node): Node {
	if (node?.type === 'ParameterExpansion' && node.parameter === 'RANDOM' && node.operation === null)
		return { type: 'CommandSubstitution', body: script(RANDOM), legacy: false };
	if (node?.type === 'ArithVariable' && node.name === 'RANDOM') return { type: 'ArithCommandSubst', command: RANDOM };
	return node;
}

function script(name: string): Node {
	const command = {
		type: 'SimpleCommand',
		assignments: [],
		name: { type: 'Word', parts: [{ type: 'Literal', value: name }] },
		args: [],
		redirections: [],
	};
	const pipeline = { type: 'Pipeline', commands: [command], negated: false };
	return {
		type: 'Script',
		statements: [{ type: 'Statement', pipelines: [pipeline], operators: [], background: false }],
	};
}
