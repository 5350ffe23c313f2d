/** A sed program: its commands one behind the other, as `b` and `{` jump among them. */
import type { Pattern } from './pattern.ts';
import type { Replacement } from './replacement.ts';

export type Address =
	| { readonly kind: 'line'; readonly line: number }
	/** `first~step` */
	| { readonly kind: 'step'; readonly first: number; readonly step: number }
	| { readonly kind: 'last' }
	/** Absent: the pattern that was used last. */
	| { readonly kind: 'match'; readonly pattern: Pattern | undefined }
	/** `+N` behind a comma */
	| { readonly kind: 'more'; readonly count: number }
	/** `~N` behind a comma */
	| { readonly kind: 'multiple'; readonly of: number }
	/** `+0` and `~0` */
	| { readonly kind: 'here' };

export interface Substitution {
	readonly pattern: Pattern | undefined;
	readonly replacement: Replacement;
	readonly all: boolean;
	readonly from: number;
	readonly print: 'before' | 'after' | undefined;
	readonly evaluate: boolean;
	readonly file: string | undefined;
}

export interface Command {
	readonly name: string;
	readonly from: Address | undefined;
	readonly to: Address | undefined;
	/** Of the lines that it is not for. */
	readonly not: boolean;
	/** Whether it is within its range. */
	state: 'before' | 'within' | 'behind';
	/** Line that a range of `+N` or `~N` ends at. */
	end: number;
	/** Of `{`, `b`, `t` and `T`: index of the command that follows. */
	jump: number;
	/** Of `a`, `i`, `c` and `e`: octets. */
	text: string | undefined;
	readonly label: string | undefined;
	/** Of `q`, `Q`, `l` and `L`. */
	readonly number: number | undefined;
	/** Of `r`, `R`, `w` and `W`. */
	readonly file: string | undefined;
	readonly substitution: Substitution | undefined;
	/** Of `y`. */
	readonly map: ReadonlyMap<string, string> | undefined;
}

export interface Program {
	readonly commands: readonly Command[];
	/** Whether it began with `#n`. */
	readonly quiet: boolean;
	/** Where what is found out while it runs is said to be. */
	readonly where: string;
}
