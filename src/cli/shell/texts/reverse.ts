/** rev (util-linux text-utils/rev.c @ v2.37) and tac (coreutils src/tac.c @ v8.32). */
import { asText, type Desk, Leave, octets } from '../coreutils/desk.ts';
import { Machine } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { PatternError } from '../grep/tree.ts';
import { pieces, quoted } from './lines.ts';

export async function rev(desk: Desk): Promise<void> {
	const files = desk.options('hV', ['help>h', 'version>V']).operands;
	for (const file of files.length > 0 ? files : ['-']) {
		const name = file === '-' && files.length > 0 ? './-' : file;
		if (name !== '-') {
			const found = await desk.tryRead(name);
			if ('wrong' in found) {
				desk.fault(
					found.wrong === 'Is a directory' ? `${file}: ${found.wrong}` : `cannot open ${file}: ${found.wrong}`,
				);
				continue;
			}
		}
		let held = '';
		for await (const { text, last } of pieces(desk, [name])) {
			const lines = (held + text).split('\n');
			held = lines.pop()!;
			const back = (line: string): string => octets([...asText(line)].reverse().join(''));
			let out = lines.map((line) => `${back(line)}\n`).join('');
			if (last) out += back(held);
			if (out !== '') desk.write(out);
		}
	}
}

/** Offsets behind each separator. */
function ends(text: string, separator: string, regex: boolean): { at: number; to: number }[] {
	const found: { at: number; to: number }[] = [];
	if (!regex) {
		for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length))
			found.push({ at, to: at + separator.length });
		return found;
	}
	let machine: Machine;
	try {
		machine = new Machine(new PosixReader(separator, false, false).read(), true);
	} catch (error) {
		if (error instanceof PatternError) throw new Leave(`tac: ${error.message}\n`);
		throw error;
	}
	// tac looks from the end, for the last place where one begins (re_search with a negative range).
	for (let end = text.length; end > 0; ) {
		let at = end - 1;
		let to = -1;
		for (; at >= 0; at--) {
			const match = machine.at(text.slice(0, end), at);
			if (match && match.to > at) {
				to = match.to;
				break;
			}
		}
		if (to < 0) break;
		found.unshift({ at, to });
		end = at;
	}
	return found;
}

export async function tac(desk: Desk): Promise<void> {
	const given = desk.options('brs:', ['before>b', 'regex>r', 'separator=>s']);
	const word = given.value('s');
	if (word === '' && given.has('r')) throw new Leave('tac: separator cannot be empty\n');
	const separator = word === undefined ? '\n' : word === '' ? '\0' : octets(word);
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) {
			desk.fault(
				found.wrong === 'Is a directory'
					? `${quoted(file)}: read error: Invalid argument`
					: `failed to open '${file}' for reading: ${found.wrong}`,
			);
			continue;
		}
		const { text } = found;
		const marks = ends(text, separator, given.has('r'));
		const cuts = given.has('b') ? marks.map(({ at }) => at) : marks.map(({ to }) => to);
		const records: string[] = [];
		let from = 0;
		for (const cut of cuts) {
			if (cut > from || (cut === from && from > 0)) records.push(text.slice(from, cut));
			from = cut;
		}
		if (from < text.length) records.push(text.slice(from));
		desk.write(records.reverse().join(''));
	}
}
