/** Options of `diff` and `sdiff` (diffutils 3.8, src/{diff,sdiff}.c). */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';

const LONG = [
	'brief>q',
	'report-identical-files>s',
	'context?>C',
	'unified?>U',
	'ed>e',
	'rcs>n',
	'normal',
	'side-by-side>y',
	'width=>W',
	'left-column',
	'suppress-common-lines',
	'show-c-function>p',
	'show-function-line=>F',
	'label=>L',
	'expand-tabs>t',
	'initial-tab>T',
	'tabsize=',
	'suppress-blank-empty',
	'paginate>l',
	'recursive>r',
	'no-dereference',
	'new-file>N',
	'unidirectional-new-file>P',
	'ignore-file-name-case',
	'no-ignore-file-name-case',
	'exclude=>x',
	'exclude-from=>X',
	'starting-file=>S',
	'from-file=',
	'to-file=',
	'ignore-case>i',
	'ignore-tab-expansion>E',
	'ignore-trailing-space>Z',
	'ignore-space-change>b',
	'ignore-all-space>w',
	'ignore-blank-lines>B',
	'ignore-matching-lines=>I',
	'text>a',
	'strip-trailing-cr',
	'ifdef=>D',
	'line-format=',
	'old-line-format=',
	'new-line-format=',
	'unchanged-line-format=',
	'old-group-format=',
	'new-group-format=',
	'unchanged-group-format=',
	'changed-group-format=',
	'minimal>d',
	'horizon-lines=',
	'speed-large-files>H',
	'color?',
	'palette=',
	'help',
];

/** What GNU's has and this one does not. */
export const MISSING = /^(?:D|l|X|f|.*-format|ignore-file-name-case|suppress-blank-empty|palette)$/;

/** `-u1`, `-3u`: a number among letters is that of the lines around (diffutils src/diff.c, "obsolescent"). */
function modern(words: readonly string[]): string[] {
	return words.map((word) => {
		const [, before, number, after] = /^-([A-Za-z]*?)(\d+)([A-Za-z]*)$/.exec(word) ?? [];
		if (number === undefined || /[UCWDFILSxX]/.test(before!)) return word;
		const letters = `${before}${after}`;
		return `-${letters.replace(/[uc]/, '')}${letters.includes('c') ? 'C' : 'U'}${number}`;
	});
}

/** The words as options; `-u` and `-c` are `-U` and `-C` of no number. */
export function asked(desk: Desk): Given {
	const words = modern(desk.args);
	const before = [...desk.args];
	desk.args.splice(0, desk.args.length, ...words);
	const beside = desk.name === 'sdiff';
	const short = beside ? 'liEZbWBI:atw:ds' : 'qsucC:U:enfyW:pF:L:tTlrNPx:X:S:iEZbwBI:aD:dHv';
	try {
		const given = desk.options(short, beside ? [...LONG, 'suppress-common-lines>s'] : LONG, 2);
		const all = given.all.map(([name, value]): readonly [string, string] => {
			if (name === 'v') throw new Leave('', 0);
			if (beside && name === 'w') return ['W', value];
			if (beside && name === 'W') return ['w', value];
			if (beside && name === 's') return ['suppress-common-lines', ''];
			if (beside && name === 'l') return ['left-column', ''];
			return [{ u: 'U', c: 'C' }[name] ?? name, value];
		});
		if (beside) all.push(['y', '']);
		return {
			operands: given.operands,
			all,
			has: (name) => all.some(([n]) => n === name),
			value: (name) => all.findLast(([n]) => n === name)?.[1],
		};
	} finally {
		desk.args.splice(0, desk.args.length, ...before);
	}
}
