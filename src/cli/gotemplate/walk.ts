/** What every run of a template does alike. Source: Go text/template/exec.go @ go1.21. */
import type { Node, Operand, Pipeline } from './tree.ts';
import type { Data } from './values.ts';

export type Scope = Map<string, { value: Data }>[];

export class Break extends Error {}
export class Continue extends Error {}

type Branch = Extract<Node, { readonly body: readonly Node[] }>;

export abstract class Walk {
	abstract nodes(list: readonly Node[], dot: Data, scope: Scope): void;
	/** One command of a pipeline; `last` is what came out of the one before. */
	abstract command(operands: readonly Operand[], dot: Data, scope: Scope, last: readonly Data[]): Data;
	abstract variable(name: string, scope: Scope): { value: Data };

	/** The body of a `range`, once for each entry. */
	each(node: Branch, entries: readonly (readonly [key: Data, item: Data])[], dot: Data, inner: Scope): void {
		if (entries.length === 0) {
			this.nodes(node.otherwise, dot, inner);
			return;
		}
		const [first, second] = node.pipeline.declare;
		for (const [key, item] of entries) {
			const own = new Map<string, { value: Data }>();
			if (second !== undefined) own.set(first!, { value: key }).set(second, { value: item });
			else if (first !== undefined) own.set(first, { value: item });
			try {
				this.nodes(node.body, item, [...inner, own]);
			} catch (stop) {
				if (stop instanceof Break) return;
				if (!(stop instanceof Continue)) throw stop;
			}
		}
	}

	/** The value, and the variables it is given to. */
	pipeline(pipeline: Pipeline, dot: Data, scope: Scope): Data {
		const value = this.commands(pipeline, dot, scope);
		for (const name of pipeline.declare) {
			if (!pipeline.assign) scope.at(-1)!.set(name, { value });
			else this.variable(name, scope).value = value;
		}
		return value;
	}

	commands(pipeline: Pipeline, dot: Data, scope: Scope): Data {
		let value: Data;
		pipeline.commands.forEach((command, i) => {
			value = this.command(command, dot, scope, i > 0 ? [value] : []);
		});
		return value;
	}
}
