/** Lines of what is read inside of a script: an `eval` and a substitution go on counting where they stand. */
import type { ScriptNode } from './just-bash.ts';

const moved = new WeakSet<object>();

function move(node: unknown, by: number): void {
	if (typeof node !== 'object' || node === null) return;
	if (Array.isArray(node)) {
		for (const item of node) move(item, by);
		return;
	}
	const { type, line } = node as { type?: string; line?: number };
	// It is moved when it is run.
	if (type === 'CommandSubstitution') return;
	if (typeof line === 'number') (node as { line: number }).line = line + by;
	for (const value of Object.values(node)) if (typeof value === 'object') move(value, by);
}

/** Numbers the lines of a script, whose own begin with 1, from a line on; once. */
export function fromLine(script: ScriptNode, line: number | undefined): void {
	if (line === undefined || line <= 1 || moved.has(script)) return;
	moved.add(script);
	move(script.statements, line - 1);
}
