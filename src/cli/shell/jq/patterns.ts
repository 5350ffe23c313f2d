/** `match` of jq, on the machine that grep has for Perl's patterns: its time grows with the line. */
import { Machine } from '../grep/machine.ts';
import { PerlReader } from '../grep/perl.ts';
import { PatternError } from '../grep/tree.ts';
import { briefly, JqError, typeOf, type Value } from './values.ts';

const kept = new Map<string, Machine>();

function machineOf(pattern: string, flags: string): Machine {
	const id = `${flags}/${pattern}`;
	let machine = kept.get(id);
	if (machine) return machine;
	const plain = flags.includes('x')
		? pattern.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#[^\n]*/g, (part) => (/^[\s#]/.test(part) ? '' : part))
		: pattern;
	try {
		machine = new Machine(new PerlReader(plain, flags.includes('i')).read(), flags.includes('l'));
	} catch (error) {
		if (!(error instanceof PatternError)) throw error;
		throw new JqError(`${pattern} (at offset 0) is not a valid regex: ${error.message}`);
	}
	if (kept.size > 100) kept.clear();
	kept.set(id, machine);
	return machine;
}

/** Names of a pattern's groups, in the order of their parentheses. */
function groupsOf(pattern: string): (string | null)[] {
	const names: (string | null)[] = [];
	for (const [whole, name] of pattern.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\(\?P?<(\w+)>|\((?!\?)/gs))
		if (whole.startsWith('(')) names.push(name ?? null);
	// With names, plain parentheses are no groups of their own (Oniguruma).
	return names.some((name) => name !== null) ? names.filter((name) => name !== null) : names;
}

/** All of `match`'s results. @throws JqError */
export function matches(value: Value, pattern: Value, given: Value): Value[] {
	if (typeof value !== 'string') throw new JqError(`${briefly(value)} cannot be matched, as it is not a string`);
	if (typeof pattern !== 'string') throw new JqError(`${briefly(pattern)} cannot be matched, as it is not a string`);
	if (given !== null && typeof given !== 'string') throw new JqError(`${briefly(given)} is not a string`);
	const flags = given ?? '';
	const unknown = /[^gimnpslx]/.exec(flags);
	if (unknown) throw new JqError(`${flags} is not a valid modifier string`);
	const machine = machineOf(pattern, flags);
	const names = groupsOf(pattern);
	const width = (text: string): number => [...text].length;
	const found: Value[] = [];
	for (let from = 0; from <= value.length; ) {
		const match = machine.find(value, from);
		if (!match) break;
		const string = value.slice(match.from, match.to);
		const captures = names.map((name, i): Value => {
			const [start, end] = [match.slots[2 * i + 2] ?? -1, match.slots[2 * i + 3] ?? -1];
			const there = start >= 0 && end >= 0;
			const text = there ? value.slice(start, end) : null;
			return new Map<string, Value>([
				['offset', there ? width(value.slice(0, start)) : -1],
				['length', text === null ? 0 : width(text)],
				['string', text],
				['name', name],
			]);
		});
		if (string !== '' || !flags.includes('n'))
			found.push(
				new Map<string, Value>([
					['offset', width(value.slice(0, match.from))],
					['length', width(string)],
					['string', string],
					['captures', captures],
				]),
			);
		if (!flags.includes('g')) break;
		from = match.to > match.from ? match.to : match.to + 1;
		// 1.6 finds nothing at the very end behind something that is empty.
		if (string === '' && from >= value.length) break;
	}
	return found;
}

/** `match(["a", "g"])` and `match("a"; "g")`. */
export function matchWords(pattern: Value): readonly [Value, Value] {
	if (typeof pattern === 'string') return [pattern, null];
	if (Array.isArray(pattern)) return [pattern[0] ?? null, pattern[1] ?? null];
	throw new JqError(`${typeOf(pattern)} not a string or array`);
}
