/** uniq (coreutils src/uniq.c @ v8.32). */
import { type Desk, Leave, parts } from './desk.ts';

export async function uniq(desk: Desk): Promise<void> {
	const given = desk.options('cdDuif:s:w:z', [
		'count>c',
		'repeated>d',
		'all-repeated?>D',
		'unique>u',
		'ignore-case>i',
		'skip-fields=>f',
		'skip-chars=>s',
		'check-chars=>w',
		'zero-terminated>z',
	]);
	const number = (letter: string, what: string): number | undefined => {
		const word = given.value(letter);
		if (word === undefined) return undefined;
		if (!/^\d+$/.test(word))
			throw new Leave(`uniq: ${word}: invalid number of ${what} to ${letter === 'w' ? 'compare' : 'skip'}\n`);
		return Number(word);
	};
	const fields = number('f', 'fields') ?? 0;
	const chars = number('s', 'bytes') ?? 0;
	const most = number('w', 'bytes');
	const [file = '-', into, extra] = given.operands;
	if (extra !== undefined) throw desk.usage(`extra operand ‘${extra}’`);
	if (given.has('c') && given.has('D'))
		throw desk.usage('printing all duplicated lines and repeat counts is meaningless');
	const text = await desk.read(file);
	if (text === undefined) return;
	const mark = given.has('z') ? '\0' : '\n';
	const key = (line: string): string => {
		let at = 0;
		for (let i = 0; i < fields; i++) {
			const found = /^[ \t]*[^ \t]*/.exec(line.slice(at))![0];
			at += found.length;
		}
		const shown = line.slice(at + chars, most === undefined ? undefined : at + chars + most);
		return given.has('i') ? shown.replace(/[a-z]/g, (c) => c.toUpperCase()) : shown;
	};
	const groups: string[][] = [];
	let before: string | undefined;
	for (const line of parts(text, mark)) {
		const now = key(line);
		if (now === before) groups.at(-1)!.push(line);
		else groups.push([line]);
		before = now;
	}
	const out: string[] = [];
	for (const [i, group] of groups.entries()) {
		const repeated = group.length > 1;
		if (given.has('D')) {
			const apart = given.value('D') ?? '';
			if (!repeated) continue;
			if (apart === 'prepend' || (apart === 'separate' && out.length > 0 && i > 0)) out.push('');
			out.push(...group);
		} else if ((given.has('d') && !repeated) || (given.has('u') && repeated)) continue;
		else out.push(given.has('c') ? `${String(group.length).padStart(7)} ${group[0]}` : group[0]!);
	}
	const written = out.map((line) => line + mark).join('');
	if (into === undefined) desk.write(written);
	else await desk.save(into, written);
}
