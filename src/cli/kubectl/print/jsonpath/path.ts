/** What a template of `-o jsonpath=…` consists of. */

export type Value = unknown;

export type Step =
	| { readonly kind: 'field'; readonly name: string }
	| { readonly kind: 'all' }
	| { readonly kind: 'descend' }
	| {
			readonly kind: 'slice';
			readonly from?: number;
			readonly to?: number;
			readonly step?: number;
			readonly single: boolean;
	  }
	| { readonly kind: 'union'; readonly paths: readonly (readonly Step[])[] }
	| { readonly kind: 'filter'; readonly left: Side; readonly operator: string; readonly right: Side };

export type Side = { readonly literal: Value } | { readonly path: readonly Step[] };

export type Piece =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'path'; readonly steps: readonly Step[] }
	| { readonly kind: 'range'; readonly steps: readonly Step[] }
	| { readonly kind: 'end' };

/** kubectl says `error: error parsing jsonpath <text>, <message>`; when running, `error: error executing jsonpath …`. */
export class JsonPathError extends Error {}
