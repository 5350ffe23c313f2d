/** A Go template as a tree, and its parts as Go writes them in errors (text/template/parse/node.go @ go1.21). */

/** Where something stands in the source, in characters from its beginning, and how Go writes it in errors. */
export interface Spot {
	readonly at: number;
	readonly words: string;
}

export type Operand = (
	| { readonly kind: 'dot' }
	| { readonly kind: 'literal'; readonly value: string | number | boolean | null | bigint }
	/** `.a.b`, or a chain on a variable or on parentheses. */
	| { readonly kind: 'field'; readonly of: Operand | undefined; readonly path: readonly string[] }
	| { readonly kind: 'variable'; readonly name: string }
	| { readonly kind: 'function'; readonly name: string }
	| { readonly kind: 'pipeline'; readonly pipeline: Pipeline }
) & { readonly spot: Spot };

export interface Pipeline {
	readonly declare: readonly string[];
	/** True for `=`, false for `:=`. */
	readonly assign: boolean;
	readonly commands: readonly (readonly Operand[])[];
}

export type Node =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'print'; readonly pipeline: Pipeline }
	| {
			readonly kind: 'if' | 'with' | 'range';
			readonly pipeline: Pipeline;
			readonly body: readonly Node[];
			readonly otherwise: readonly Node[];
	  }
	| { readonly kind: 'template'; readonly name: string; readonly pipeline: Pipeline | undefined; readonly spot: Spot }
	| { readonly kind: 'break' | 'continue' };

/** A template's body, and those it defines beside. */
export interface Parsed {
	readonly body: readonly Node[];
	readonly defined: ReadonlyMap<string, readonly Node[]>;
}

/** A command, a pipeline as Go writes them in errors (parse/node.go). */
export const commandWords = (command: readonly Operand[]): string => command.map(({ spot }) => spot.words).join(' ');

export const pipelineWords = ({ declare, assign, commands }: Pipeline): string =>
	`${declare.length > 0 ? `${declare.join(', ')} ${assign ? '=' : ':='} ` : ''}${commands.map(commandWords).join(' | ')}`;
