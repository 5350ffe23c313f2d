/** What is wrong with a command, in the words and with the line of its shell. */
import { frameOf } from '../frame.ts';
import type { CommandNode, Interpreter, Result } from '../just-bash.ts';
import type { NameWord } from './words.ts';

/** Commands that write what they are told, among it what begins as a message of the shell does. */
const WRITES: ReadonlySet<string> = new Set(['cat', 'echo', 'printf']);

/** What bash says of a division by zero: what was divided, and by what (expr.c evalerror() @ 5.1). */
function dividedText(node: unknown): string {
	const text = /"originalText":"((?:[^"\\]|\\.)*[/%](?:[^"\\]|\\.)*)"/.exec(JSON.stringify(node))?.[1];
	if (text === undefined) return 'bash: division by 0';
	const whole = (JSON.parse(`"${text}"`) as string).trimStart();
	return `bash: ${whole}: division by 0 (error token is "${/[/%]=?\s*(.*)$/s.exec(whole)![1]}")`;
}

/** What a command says, as its shell says it. */
export function spoken(it: Interpreter, name: string, answer: Result): void {
	const { state } = it.ctx;
	const deed = answer.exitCode === 127 ? undefined : name === '.' || name === 'source' ? 'script' : 'read';
	const said = answer.stderr.replace(/^bash: eval: Parse error at \d+:\d+: (?=.*: bad substitution$)/gm, 'bash: ');
	answer.stderr = frameOf(it)!.host.said(said, state.currentLine, state, deed);
}

/** What is wrong with a command, in the shell's words. */
export function worded(it: Interpreter, node: CommandNode, answer: { stderr?: string; exitCode?: number }): void {
	if (!answer.stderr?.includes('bash: ')) return;
	answer.stderr = answer.stderr
		.replace(/^bash: line \d+: (\w+): (.*): (?=must use subscript)/gm, "bash: $1: '$2': ")
		.replace(/^bash: (\d+|[@*]): unbound/gm, 'bash: $$$1: unbound')
		.replace(/^bash: arithmetic expression: (?!division by 0$)/gm, 'bash: ((: ')
		.replace(/^bash: conditional expression: (?=\[\[: )/gm, 'bash: ')
		.replace(/^bash: \(\(: (?=\w+: readonly variable$)/gm, 'bash: ')
		.replace(/^bash: (?:arithmetic expression: )?division by 0$/gm, () => dividedText(node));
	const [first] = (node.name as NameWord | undefined)?.parts ?? [];
	const sent = node.redirections?.some(({ operator }) => operator === '>&');
	if (sent && WRITES.has((first as { value?: string } | undefined)?.value ?? '')) return;
	const { state } = it.ctx;
	const writes = node.redirections?.some(({ operator }) => operator.startsWith('>'));
	const script = (first as { value?: string } | undefined)?.value === '.';
	const deed = answer.exitCode === 127 ? undefined : script ? 'script' : writes ? 'write' : 'read';
	answer.stderr = frameOf(it)!.host.said(answer.stderr, node.line ?? state.currentLine, state, deed);
}
