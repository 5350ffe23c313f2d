/** What grep looks for, made of its patterns. */
import { Machine, type Match } from './machine.ts';
import type { GrepOptions } from './options.ts';
import { PerlReader } from './perl.ts';
import { PosixReader } from './posix.ts';
import { literal, type Tree } from './tree.ts';

/** The first match at or behind a place of a line. */
export type Finder = (line: string, from: number) => Match | undefined;

type Wanted = Pick<GrepOptions, 'patterns' | 'language' | 'anyCase' | 'words' | 'whole'>;

/** @throws PatternError */
export function finderOf({ patterns, language, anyCase, words, whole }: Wanted): Finder {
	const all = patterns ?? [];
	if (all.length === 0) return () => undefined;
	const [first = ''] = all;
	const plain = language === 'fixed' || (language !== 'perl' && /^[\w\s,:;@%=<>/-]+$/.test(first));
	if (all.length === 1 && plain && !anyCase && !words && !whole && first !== '') {
		return (line, from) => {
			const at = line.indexOf(first, from);
			return at < 0 ? undefined : { from: at, to: at + first.length, slots: [] };
		};
	}
	const trees = all.map((text): Tree => {
		if (language === 'fixed') return literal(text, anyCase);
		if (language === 'perl') return new PerlReader(text, anyCase).read();
		return new PosixReader(text, language === 'extended', anyCase).read();
	});
	const either: Tree = trees.length === 1 ? trees[0]! : { kind: 'either', parts: trees };
	const parts: Tree[] = [either];
	if (whole) parts.unshift({ kind: 'assert', what: 'begin' });
	else if (words) parts.unshift({ kind: 'assert', what: 'noWordBefore' });
	if (whole) parts.push({ kind: 'assert', what: 'end' });
	else if (words) parts.push({ kind: 'assert', what: 'noWordAfter' });
	const machine = new Machine({ kind: 'all', parts }, language !== 'perl');
	return (line, from) => machine.find(line, from);
}
