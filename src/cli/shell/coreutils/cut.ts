/** cut (coreutils src/cut.c, set-fields.c @ v8.32), on octets. */
import { type Desk, type Leave, octets, parts } from './desk.ts';

type Range = readonly [from: number, to: number];

/** @throws Leave */
function rangesOf(desk: Desk, list: string, fields: boolean): readonly Range[] {
	const bad = (text: string): Leave => desk.usage(text);
	return list.split(/[, \t]/).map((word): Range => {
		const [, from = '', dash = '', to = ''] = /^(\d*)(-?)(\d*)$/.exec(word) ?? [];
		if (from === '' && to === '') {
			if (word === '-') throw bad('invalid range with no endpoint: -');
			throw bad(
				word === ''
					? `${fields ? 'fields' : 'byte/character positions'} are numbered from 1`
					: fields
						? `invalid field value ‘${word}’`
						: `invalid byte/character position ‘${word}’`,
			);
		}
		const first = from === '' ? 1 : Number(from);
		const last = dash === '' ? first : to === '' ? Infinity : Number(to);
		if (first === 0 || (to !== '' && last === 0))
			throw bad(fields ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1');
		if (last < first) throw bad('invalid decreasing range');
		return [first, last];
	});
}

/** In their order and without overlaps. */
function merged(ranges: readonly Range[]): Range[] {
	const out: [number, number][] = [];
	for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
		const last = out.at(-1);
		if (last && from <= last[1]) last[1] = Math.max(last[1], to);
		else out.push([from, to]);
	}
	return out;
}

function complement(ranges: readonly Range[]): Range[] {
	const out: Range[] = [];
	let next = 1;
	for (const [from, to] of ranges) {
		if (from > next) out.push([next, from - 1]);
		next = to + 1;
	}
	if (next !== Infinity) out.push([next, Infinity]);
	return out;
}

export async function cut(desk: Desk): Promise<void> {
	const given = desk.options('b:c:f:d:nsz', [
		'bytes=>b',
		'characters=>c',
		'fields=>f',
		'delimiter=>d',
		'only-delimited>s',
		'output-delimiter=',
		'complement',
		'zero-terminated>z',
	]);
	const lists = given.all.filter(([name]) => name === 'b' || name === 'c' || name === 'f');
	if (lists.length > 1) throw desk.usage('only one type of list may be specified');
	const [[kind, list] = []] = [lists[0]];
	if (kind === undefined || list === undefined)
		throw desk.usage('you must specify a list of bytes, characters, or fields');
	const fields = kind === 'f';
	const delimiter = given.value('d') === undefined ? '\t' : octets(given.value('d')!);
	if (delimiter.length > 1) throw desk.usage('the delimiter must be a single character');
	if (!fields && given.has('d')) throw desk.usage('an input delimiter may be specified only when operating on fields');
	if (!fields && given.has('s'))
		throw desk.usage('suppressing non-delimited lines makes sense\n\tonly when operating on fields');
	let ranges = merged(rangesOf(desk, list, fields));
	if (given.has('complement')) ranges = complement(ranges);
	const out = given.value('output-delimiter');
	const between = out === undefined ? undefined : out === '' ? '\0' : octets(out);
	const mark = given.has('z') ? '\0' : '\n';
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const text = await desk.read(file);
		if (text === undefined) continue;
		const lines: string[] = [];
		for (const line of parts(text, mark)) {
			if (!fields) {
				lines.push(
					ranges
						.map(([from, to]) => line.slice(from - 1, to))
						.filter((part) => part !== '')
						.join(between ?? ''),
				);
				continue;
			}
			const all = line.split(delimiter === '' ? '\0' : delimiter);
			if (all.length > 1)
				lines.push(ranges.flatMap(([from, to]) => all.slice(from - 1, to)).join(between ?? delimiter));
			else if (!given.has('s')) lines.push(line);
		}
		desk.write(lines.map((line) => line + mark).join(''));
	}
}
