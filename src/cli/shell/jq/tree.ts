/** A program of jq as its parser leaves it. */
import type { Value } from './values.ts';

export type Pattern =
	| { readonly kind: 'name'; readonly name: string }
	| { readonly kind: 'array'; readonly items: readonly Pattern[] }
	| {
			readonly kind: 'object';
			readonly items: readonly (readonly [key: Tree | string, name: string | undefined, inside: Pattern | undefined])[];
	  };

export interface Definition {
	readonly name: string;
	readonly params: readonly string[];
	readonly body: Tree;
}

export type Tree =
	| { readonly kind: 'self' | 'recurse' }
	| { readonly kind: 'value'; readonly value: Value }
	| { readonly kind: 'text'; readonly format: string | undefined; readonly parts: readonly (string | Tree)[] }
	| { readonly kind: 'format'; readonly name: string }
	| { readonly kind: 'index'; readonly of: Tree; readonly at: Tree }
	| { readonly kind: 'slice'; readonly of: Tree; readonly from: Tree | undefined; readonly to: Tree | undefined }
	| { readonly kind: 'each'; readonly of: Tree }
	| { readonly kind: 'try'; readonly body: Tree; readonly handler: Tree | undefined }
	| { readonly kind: 'array'; readonly body: Tree | undefined }
	| { readonly kind: 'object'; readonly items: readonly (readonly [Tree, Tree])[] }
	| { readonly kind: 'negate'; readonly body: Tree }
	| { readonly kind: 'pipe'; readonly parts: readonly Tree[] }
	| { readonly kind: 'both'; readonly op: string; readonly left: Tree; readonly right: Tree; readonly at: number }
	| { readonly kind: 'if'; readonly test: Tree; readonly then: Tree; readonly otherwise: Tree }
	| {
			readonly kind: 'reduce';
			readonly of: Tree;
			readonly patterns: readonly Pattern[];
			readonly from: Tree;
			readonly update: Tree;
	  }
	| {
			readonly kind: 'foreach';
			readonly of: Tree;
			readonly patterns: readonly Pattern[];
			readonly from: Tree;
			readonly update: Tree;
			readonly extract: Tree | undefined;
	  }
	| { readonly kind: 'as'; readonly of: Tree; readonly patterns: readonly Pattern[]; readonly body: Tree }
	| { readonly kind: 'def'; readonly def: Definition; readonly rest: Tree }
	| { readonly kind: 'label' | 'break'; readonly name: string; readonly body?: Tree; readonly at: number }
	| { readonly kind: 'variable'; readonly name: string; readonly at: number }
	| { readonly kind: 'call'; readonly name: string; readonly args: readonly Tree[]; readonly at: number };

/** What is wrong with a program, and where its token begins. */
export class ProgramFault extends Error {
	readonly at: number;
	/** What follows from it. */
	readonly also: string | undefined;

	constructor(message: string, at: number, also?: string) {
		super(message);
		this.at = at;
		this.also = also;
	}
}
