/** paste (coreutils src/paste.c @ v8.32). */
import { type Desk, Leave, octets } from '../coreutils/desk.ts';
import { type LineSource, lineGroups, lineSource, quoted } from './lines.ts';

/** Delimiters one after the other; an empty one by `\0`. @throws Leave */
function delimiters(word: string): string[] {
	const list: string[] = [];
	for (let i = 0; i < word.length; i++) {
		if (word[i] !== '\\') {
			list.push(word[i]!);
			continue;
		}
		const char = word[++i];
		if (char === undefined) throw new Leave(`paste: delimiter list ends with an unescaped backslash: ${word}\n`);
		list.push({ '0': '', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' }[char] ?? char);
	}
	return list.length > 0 ? list : [''];
}

export async function paste(desk: Desk): Promise<void> {
	const given = desk.options('d:sz', ['delimiters=>d', 'serial>s', 'zero-terminated>z']);
	const marks = delimiters(octets(given.value('d') ?? '\t'));
	const end = given.has('z') ? '\0' : '\n';
	const files = given.operands.length > 0 ? given.operands : ['-'];
	if (given.has('s')) {
		for (const file of files) {
			let count = 0;
			let there = true;
			if (file !== '-') {
				const found = await desk.tryRead(file);
				if ('wrong' in found) {
					desk.fault(`${quoted(file)}: ${found.wrong}`);
					there = false;
				}
			}
			if (!there) continue;
			for await (const lines of lineGroups(desk, [file], end))
				for (const line of lines) desk.write((count++ === 0 ? '' : marks[(count - 2) % marks.length]!) + line);
			desk.write(end);
		}
		return;
	}
	// Each `-` has the next line of the same input.
	let standard: LineSource | undefined;
	const sources: LineSource[] = [];
	for (const file of files) {
		if (file !== '-') sources.push(await lineSource(desk, file, end));
		else {
			standard ??= await lineSource(desk, '-', end);
			sources.push(standard);
		}
	}
	const over = sources.map(() => false);
	for (;;) {
		const row: string[] = [];
		for (const [i, source] of sources.entries()) {
			const line = over[i] ? undefined : await source.next();
			if (line === undefined) over[i] = true;
			row.push(line ?? '');
		}
		if (over.every(Boolean)) return;
		desk.write(row.map((cell, i) => cell + (i < row.length - 1 ? marks[i % marks.length]! : end)).join(''));
	}
}
