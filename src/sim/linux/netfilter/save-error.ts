/** What can be wrong with `iptables-save` text. */

export type SaveErrorCode =
	/** A line that is no table, chain, rule, comment or COMMIT. */
	| 'save.syntax'
	/** A table or a chain outside any `*table`. */
	| 'save.outside-table'
	| 'save.unknown-table'
	/** The table's lines do not end with COMMIT. */
	| 'save.no-commit'
	/** A rule for a chain that was not declared, or a jump to one. */
	| 'save.unknown-chain'
	| 'save.bad-policy'
	| 'save.unknown-option'
	| 'save.unknown-match'
	| 'save.unknown-target'
	/** An option that needs a value has none, or a match that needs an option. */
	| 'save.missing'
	| 'save.bad-value'
	/** `!` where it means nothing. */
	| 'save.bad-invert'
	/** A quote that does not close. */
	| 'save.open-quote'
	/** Chains that jump in a circle. */
	| 'save.loop'
	/** An option, or a target, given a second time. */
	| 'save.twice'
	/** An option that does not go with one before it. */
	| 'save.conflict'
	/** It works with the ports of a protocol that the rule does not ask for. */
	| 'save.needs-protocol'
	/** A match or target that this table, or a hook that leads here, does not have. */
	| 'save.wrong-place'
	/** Not the name of a chain: too long, a target's, or like an option. */
	| 'save.bad-name';

/** `text` is the word in question; line and column count from 1. */
export interface SaveError {
	readonly code: SaveErrorCode;
	readonly line: number;
	readonly column: number;
	readonly text: string;
}

export interface Token {
	readonly text: string;
	/** From 1. */
	readonly column: number;
	readonly quoted: boolean;
}

/** Thrown inside the parser only; `parseIptablesSave` turns it into a `SaveError`. */
export class SaveFault {
	readonly code: SaveErrorCode;
	readonly token: Token;
	constructor(code: SaveErrorCode, token: Token) {
		this.code = code;
		this.token = token;
	}
}

/** Words of a line, as iptables-restore splits them: double quotes group, and inside them a backslash escapes. */
export function tokenize(line: string): Token[] {
	const tokens: Token[] = [];
	let i = 0;
	while (i < line.length) {
		if (/\s/.test(line[i]!)) {
			i++;
			continue;
		}
		const start = i;
		let text = '';
		let quoted = false;
		let open = false;
		for (; i < line.length && (open || !/\s/.test(line[i]!)); i++) {
			const c = line[i]!;
			if (c === '"') {
				open = !open;
				quoted = true;
			} else if (open && c === '\\' && i + 1 < line.length) text += line[++i];
			else text += c;
		}
		const token = { text, column: start + 1, quoted };
		if (open) throw new SaveFault('save.open-quote', token);
		tokens.push(token);
	}
	return tokens;
}
