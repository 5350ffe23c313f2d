/** An awk program as a tree (POSIX.1-2017 awk, "Grammar"). */

export type Expression =
	| { readonly op: 'number'; readonly value: number }
	| { readonly op: 'text'; readonly value: string }
	| { readonly op: 'regex'; readonly source: string }
	| Target
	| { readonly op: 'assign'; readonly to: Target; readonly how: string; readonly value: Expression }
	| { readonly op: 'step'; readonly to: Target; readonly by: 1 | -1; readonly after: boolean }
	| { readonly op: 'binary'; readonly how: string; readonly left: Expression; readonly right: Expression }
	| { readonly op: 'chain'; readonly parts: readonly Expression[] }
	| { readonly op: 'unary'; readonly how: string; readonly value: Expression }
	| { readonly op: 'either'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
	| { readonly op: 'has'; readonly keys: readonly Expression[]; readonly array: string }
	| { readonly op: 'builtin'; readonly name: string; readonly args: readonly Expression[] }
	| { readonly op: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly line: number }
	| { readonly op: 'list'; readonly parts: readonly Expression[] }
	| {
			readonly op: 'getline';
			readonly to: Target | undefined;
			readonly from: Expression | undefined;
			readonly kind: 'main' | 'file' | 'command';
	  };

export type Target =
	| { readonly op: 'name'; readonly name: string }
	| { readonly op: 'field'; readonly of: Expression }
	| { readonly op: 'item'; readonly array: string; readonly keys: readonly Expression[] };

export type Statement =
	| { readonly op: 'block'; readonly body: readonly Statement[] }
	| { readonly op: 'expression'; readonly value: Expression }
	| {
			readonly op: 'print';
			readonly formatted: boolean;
			readonly values: readonly Expression[];
			readonly into: { readonly how: '>' | '>>' | '|'; readonly name: Expression } | undefined;
	  }
	| { readonly op: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | undefined }
	| {
			readonly op: 'loop';
			readonly first: Statement | undefined;
			readonly test: Expression | undefined;
			readonly step: Statement | undefined;
			readonly body: Statement;
			/** Whether it looks at its test only behind the body. */
			readonly late: boolean;
	  }
	| { readonly op: 'each'; readonly name: string; readonly array: string; readonly body: Statement }
	| { readonly op: 'leave'; readonly how: 'break' | 'continue' | 'next' | 'nextfile' }
	| { readonly op: 'exit' | 'return'; readonly value: Expression | undefined }
	| { readonly op: 'delete'; readonly array: string; readonly keys: readonly Expression[] | undefined };

export interface Rule {
	readonly when: 'BEGIN' | 'END' | 'line';
	readonly pattern: Expression | undefined;
	readonly to: Expression | undefined;
	/** Prints the record when absent. */
	readonly body: Statement | undefined;
}

export interface AwkFunction {
	readonly name: string;
	readonly parameters: readonly string[];
	body: Statement;
}

export interface Program {
	readonly rules: readonly Rule[];
	readonly functions: ReadonlyMap<string, AwkFunction>;
}
