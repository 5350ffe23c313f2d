/**
 * The command of a `-c` script that the shell becomes instead of starting it. bash: the last, simple one of the last line,
 * when nothing is redirected (builtins/evalstring.c, should_suppress_fork() and can_optimize_connection() @ 5.2). busybox:
 * whatever the end of the script comes to, when no line end stands behind it (shell/ash.c, evalstring() and EV_EXIT @ 1_28_0,
 * parser_eof()). Debian's dash starts all (its patch of main.c; asked 0.5.12-2).
 */
import type { CommandNode, PipelineNode, ScriptNode, StatementNode } from './just-bash.ts';

interface Compound extends CommandNode {
	readonly body?: readonly StatementNode[];
	readonly clauses?: readonly { readonly body: readonly StatementNode[] }[];
	readonly elseBody?: readonly StatementNode[] | null;
	readonly items?: readonly { readonly body: readonly StatementNode[] }[];
}

/** A command alone, of which the shell asks nothing more than its code. */
const alone = ({ commands, negated, timed }: PipelineNode): CommandNode | undefined =>
	commands.length === 1 && !negated && !timed ? commands[0] : undefined;

function mark(node: CommandNode | undefined): void {
	if (node?.type === 'SimpleCommand') Object.assign(node, { tail: true });
}

/** What a list of statements ends with, in busybox's shell. */
function end(statements: readonly StatementNode[]): void {
	const last = statements.at(-1);
	const node = last && !last.background ? (alone(last.pipelines.at(-1)!) as Compound | undefined) : undefined;
	if (!node) return;
	mark(node);
	// What is redirected around others is put back behind them; a subshell never does.
	if (node.type !== 'Subshell' && node.type !== 'SimpleCommand' && node.redirections?.length) return;
	if (node.type === 'Subshell' || node.type === 'Group') end(node.body!);
	else for (const { body } of node.clauses ?? node.items ?? []) end(body);
	if (node.elseBody) end(node.elseBody);
}

/** The statements of the last line, each with how it is joined to the one before. */
function lastLine(text: string, statements: readonly StatementNode[]): readonly StatementNode[] {
	let from = statements.length - 1;
	let at = text.length;
	for (; from >= 0; from--) {
		at = text.lastIndexOf(statements[from]!.sourceText ?? '\n\n', at);
		if (at < 0 || /(?:^|\n)[ \t]*$/.test(text.slice(0, at))) break;
	}
	return statements.slice(Math.max(0, from));
}

/** Marks it in the syntax tree of such a script. */
export function markTails<T>(ast: T, text: string, sh: 'ash' | 'bash'): T {
	const { statements } = ast as unknown as ScriptNode;
	if (sh === 'ash') {
		if (!text.endsWith('\n')) end(statements);
		return ast;
	}
	if (/\n[ \t]*(?:#[^\n]*)?\n?$/.test(text.replace(/\n$/, ''))) return ast;
	const line = lastLine(text, statements);
	const last = line.at(-1);
	if (!last || last.background || line.slice(0, -1).some(({ background }) => background)) return ast;
	if (line.length > 1 && last.pipelines.length > 1) return ast;
	const node = alone(last.pipelines.at(-1)!);
	if (!node?.redirections?.length) mark(node);
	return ast;
}
