/** uniq (coreutils src/uniq.c @ v8.32). */
import { choice } from '../texts/choice.ts';
import { quote, shellQuoted } from '../texts/lines.ts';
import { type Desk, Leave, parts } from './desk.ts';

const LONG = [
	'count>c',
	'repeated>d',
	'all-repeated?>D',
	'group?',
	'unique>u',
	'ignore-case>i',
	'skip-fields=>f',
	'skip-chars=>s',
	'check-chars=>w',
	'zero-terminated>z',
];

/** Old ways to say it: `-2` for fields, `+2` for characters. */
function modern(desk: Desk): void {
	const end = desk.args.indexOf('--');
	for (const [i, word] of desk.args.entries()) {
		if (end >= 0 && i > end) return;
		const valued = /^-[fsw]$/.test(desk.args[i - 1] ?? '');
		const [, sign, digits] = (!valued && /^([-+])(\d+)$/.exec(word)) || [];
		if (digits !== undefined) desk.args[i] = `${sign === '-' ? '-f' : '-s'}${digits}`;
	}
}

export async function uniq(desk: Desk): Promise<void> {
	if (desk.shell.facts.sh !== 'ash') modern(desk);
	const given = desk.options('cdDuif:s:w:z', LONG);
	const number = (letter: string, what: string): number | undefined => {
		const word = given.value(letter);
		if (word === undefined) return undefined;
		if (!/^\s*\+?\d+$/.test(word))
			throw new Leave(`uniq: ${word}: invalid number of ${what} to ${letter === 'w' ? 'compare' : 'skip'}\n`);
		return Number(word);
	};
	const fields = number('f', 'fields') ?? 0;
	const chars = number('s', 'bytes') ?? 0;
	const most = number('w', 'bytes');
	const apart = choice(desk, '--all-repeated', given.value('D') || 'none', ['none', 'prepend', 'separate']);
	const grouped = given.has('group')
		? choice(desk, '--group', given.value('group') || 'separate', ['prepend', 'append', 'separate', 'both'])
		: undefined;
	const [file = '-', into, extra] = given.operands;
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	if (grouped !== undefined && ['c', 'd', 'D', 'u'].some((letter) => given.has(letter)))
		throw desk.usage('--group is mutually exclusive with -c/-d/-D/-u');
	if (given.has('c') && given.has('D'))
		throw desk.usage('printing all duplicated lines and repeat counts is meaningless');
	const found = await desk.tryRead(file);
	if ('wrong' in found)
		throw new Leave(
			found.wrong === 'Is a directory'
				? `uniq: error reading ${shellQuoted(file)}\n`
				: `uniq: ${file}: ${found.wrong}\n`,
		);
	const mark = given.has('z') ? '\0' : '\n';
	const key = (line: string): string => {
		let at = 0;
		for (let i = 0; i < fields; i++) at += /^[ \t\n]*[^ \t\n]*/.exec(line.slice(at))![0].length;
		const shown = line.slice(at + chars, most === undefined ? undefined : at + chars + most);
		return given.has('i') ? shown.replace(/[a-z]/g, (c) => c.toUpperCase()) : shown;
	};
	const groups: string[][] = [];
	let before: string | undefined;
	for (const line of parts(found.text, mark)) {
		const now = key(line);
		if (now === before) groups.at(-1)!.push(line);
		else groups.push([line]);
		before = now;
	}
	const out: string[] = [];
	for (const group of groups) {
		const repeated = group.length > 1;
		if (grouped !== undefined) {
			if (grouped === 'prepend' || grouped === 'both' || (out.length > 0 && grouped === 'separate')) out.push('');
			out.push(...group);
			if (grouped === 'append') out.push('');
		} else if (given.has('D')) {
			if (!repeated || given.has('u')) {
				// The first of them is none that repeats the one before: -u takes only that one away.
				if (repeated) out.push(...group.slice(0, -1));
				continue;
			}
			if (apart === 'prepend' || (apart === 'separate' && out.length > 0)) out.push('');
			out.push(...group);
		} else if ((given.has('d') && !repeated) || (given.has('u') && repeated)) continue;
		else out.push(given.has('c') ? `${String(group.length).padStart(7)} ${group[0]}` : group[0]!);
	}
	if (grouped === 'both' && groups.length > 0) out.push('');
	const written = out.map((line) => line + mark).join('');
	if (into === undefined) desk.write(written);
	else await desk.save(into, written);
}
