/**
 * Arithmetic that just-bash 3.4.2 never finishes to read: its parser stands still at a `$` or a backquote that begins
 * nothing, and it drops the last character of an expansion that is not closed. Such text is kept from it.
 */

/** A `$` that no name, number, parameter or expansion follows. */
const BARE = /\$(?![A-Za-z0-9_@*#?$!({-])/;

export type ArithmeticFault =
	/** `$((` without its end: the command may go on in the next line. */
	| { readonly kind: 'open' }
	/** What stands between the marks; of a command, or of an expansion. */
	| { readonly kind: 'operand'; readonly text: string; readonly of?: '((' | '[[' };

/** Bodies of here-documents whose tag is quoted: nothing in them is expanded. */
const VERBATIM =
	/<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\([\w.-]+))([^\n]*)\n[\s\S]*?(?:^\t*(?:\2\3\4)$|$(?![\s\S]))/gm;

/** What is wrong in the arithmetic of a text; undefined when the parser can be trusted with it. */
export function arithmeticFault(text: string): ArithmeticFault | undefined {
	if (!text.includes('$') && !text.includes('((')) return undefined;
	const source = text.replace(VERBATIM, (_, _dash, _a, _b, _c, rest: string) => `${rest}\n`);
	let double = false;
	for (let i = 0; i < source.length; i++) {
		const char = source[i]!;
		if (char === '\\') i++;
		else if (char === '"') double = !double;
		else if (double && char !== '$') continue;
		else if (char === "'") {
			const end = source.indexOf("'", i + 1);
			if (end < 0) return undefined;
			i = end;
		} else if (char === '#' && (i === 0 || /[\s;|&(]/.test(source[i - 1]!))) {
			const end = source.indexOf('\n', i);
			if (end < 0) return undefined;
			i = end;
		} else {
			const fault = faultAt(source, i);
			if (fault) return fault;
		}
	}
	return undefined;
}

/** What begins at a place outside of quotes. */
function faultAt(source: string, at: number): ArithmeticFault | undefined {
	const here = source.slice(at, at + 3);
	if (here === '$((') return within(source, at + 3, 2, '(', ')');
	if (here.startsWith('$[')) return within(source, at + 2, 1, '[', ']');
	if (here.startsWith('((') && (at === 0 || /[\s;|&(!]/.test(source[at - 1]!))) {
		const fault = within(source, at + 2, 2, '(', ')');
		if (fault?.kind !== 'operand') return fault;
		// The grammar put it into an expansion (grammar/rewrite.ts).
		return { ...fault, text: /^ \$\(\((.*)\)\) $/.exec(fault.text)?.[1] ?? fault.text, of: '((' };
	}
	const rest = source.slice(at, at + 400);
	// A part of a variable, an element of an array, and comparison of numbers.
	const other =
		/^\$\{\w+(?:\[([^\]]*)\])?:([^}\-=?+][^}]*)/.exec(rest) ??
		/^\$\{\w+\[([^\]]*)/.exec(rest) ??
		(/(?:^|[\s;|&])$/.test(source.slice(Math.max(0, at - 1), at)) ? /^[A-Za-z_]\w*\[([^\]]*)/.exec(rest) : null);
	const sides = /^\[\[ ((?:(?!\]\]).)*) -(?:eq|ne|lt|le|gt|ge) ((?:(?! *\]\]).)*)/.exec(rest);
	const side = sides?.slice(1).find(stands);
	if (side !== undefined) return { kind: 'operand', text: side, of: '[[' };
	const inside = other?.slice(1).find((part) => part !== undefined && stands(part));
	return inside === undefined ? undefined : { kind: 'operand', text: inside };
}

const stands = (expression: string): boolean =>
	BARE.test(expression) || (expression.match(/`/g) ?? []).length % 2 === 1;

/** To the end of an expression; `depth` brackets are open. */
function within(source: string, from: number, depth: number, open: string, close: string): ArithmeticFault | undefined {
	let left = depth;
	let i = from;
	for (; i < source.length && left > 0; i++) {
		if (source[i] === open) left++;
		else if (source[i] === close) left--;
		else if (source[i] === '\\') i++;
	}
	if (left > 0) return { kind: 'open' };
	const inside = source.slice(from, i - depth);
	return stands(inside) ? { kind: 'operand', text: inside } : undefined;
}

/** `${a[$((i+1))]}`, which just-bash does not read, as `${a[i+1]}`, which is the same. */
export const plainSubscripts = (text: string): string =>
	text.includes('[$((') ? text.replace(/(\$\{[#!]?\w+)\[\$\(\(((?:[^()]|\([^()]*\))*)\)\)\]/g, '$1[$2]') : text;

/** just-bash throws for a fraction while it reads; it is made to read on, and the fraction is an error when it is reckoned. */
export const FRACTION = /^bash: \d+\.\d\.\.\.: syntax error/m;
const POINT = '\u0001';
export const withFractions = (text: string): string =>
	text.replace(/\(\((?:[^()]|\([^()]*\))*\)\)/g, (sum) => sum.replace(/(\d)\.(?=\d)/g, `$1${POINT}.`));
/** An expression as it was written. */
export const asWritten = (text: string): string => text.replaceAll(POINT, '');

/** As bash words it (expr.c expr_skip_blanks() takes away what stands in front). */
export function arithmeticWords(fault: ArithmeticFault): string {
	if (fault.kind === 'open') return 'bash: syntax error: unexpected end of file\n';
	const text = fault.text.trimStart();
	const token = text.slice(text.search(/[$`]/));
	return `bash: ${fault.of ? `${fault.of}: ` : ''}${text}: syntax error: operand expected (error token is "${token}")\n`;
}
