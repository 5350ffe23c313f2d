/** csplit (coreutils src/csplit.c @ v8.32). */
import { asText, type Desk, Leave, parts } from '../coreutils/desk.ts';
import { Machine } from '../grep/machine.ts';
import { PosixReader } from '../grep/posix.ts';
import { PatternError } from '../grep/tree.ts';
import { numberIn, quote, quoted } from './lines.ts';

interface Control {
	readonly text: string;
	readonly line?: number;
	readonly machine?: Machine;
	readonly skips: boolean;
	readonly offset: number;
	repeats: number;
}

function controls(desk: Desk, words: readonly string[]): Control[] {
	const list: Control[] = [];
	let before = 0;
	for (const word of words) {
		const repeat = /^\{(.*)\}$/.exec(word)?.[1];
		if (repeat !== undefined && list.length > 0) {
			if (repeat !== '*' && !/^\d+$/.test(repeat))
				throw new Leave(`csplit: ${quote(desk, word.slice(0, -1))}}: integer required between '{' and '}'\n`);
			list.at(-1)!.repeats = repeat === '*' ? Infinity : Number(repeat);
			continue;
		}
		const [mark] = word;
		if (mark === '/' || mark === '%') {
			const end = word.lastIndexOf(mark);
			if (end === 0) throw new Leave(`csplit: ${quoted(word)}: closing delimiter '${mark}' missing\n`);
			const offset = word.slice(end + 1);
			if (!/^(?:[-+]?\d+)?$/.test(offset))
				throw new Leave(`csplit: ${quote(desk, word)}: integer expected after delimiter\n`);
			try {
				const machine = new Machine(new PosixReader(word.slice(1, end), false, false).read(), true);
				list.push({ text: word, machine, skips: mark === '%', offset: Number(offset), repeats: 0 });
			} catch (error) {
				if (error instanceof PatternError)
					throw new Leave(`csplit: ${quote(desk, word)}: invalid regular expression: ${error.message}\n`);
				throw error;
			}
			continue;
		}
		if (!/^\d+$/.test(word)) throw new Leave(`csplit: ${quote(desk, word)}: invalid pattern\n`);
		const line = Number(word);
		if (line === 0) throw new Leave(`csplit: ${word}: line number must be greater than zero\n`);
		if (line < before)
			throw new Leave(`csplit: line number ${quote(desk, word)} is smaller than preceding line number, ${before}\n`);
		if (line === before)
			desk.say(`csplit: warning: line number ${quote(desk, word)} is the same as preceding line number\n`);
		before = line;
		list.push({ text: word, line, skips: false, offset: 0, repeats: 0 });
	}
	return list;
}

/** What is wrong with the format of a name's end. */
function suffixFault(format: string): string {
	const places = format.replaceAll('%%', '').split('%').slice(1);
	if (places.length === 0) return 'missing % conversion specification in suffix';
	const [, letter] = /^[-+ 0#']*\d*(?:\.\d+)?(.?)/.exec(places[0]!)!;
	if (letter === '') return 'missing conversion specifier in suffix';
	if (!/[diuoxX]/.test(letter!)) return `invalid conversion specifier in suffix: ${letter}`;
	return 'too many % conversion specifications in suffix';
}

export async function csplit(desk: Desk): Promise<void> {
	const given = desk.options('b:f:kn:sqz', [
		'suffix-format=>b',
		'prefix=>f',
		'keep-files>k',
		'digits=>n',
		'silent>s',
		'quiet>s',
		'elide-empty-files>z',
		'suppress-matched',
	]);
	const digits = given.value('n') === undefined ? 2 : numberIn(desk, given.value('n')!, 0, 100, 'invalid number');
	const format = given.value('b');
	const shape =
		format === undefined
			? undefined
			: /^((?:[^%]|%%)*)%([-+ 0#']*)(\d*)(?:\.(\d+))?([diuoxX])((?:[^%]|%%)*)$/.exec(format);
	if (shape === null) throw new Leave(`csplit: ${suffixFault(format!)}\n`);
	const [file, ...words] = given.operands;
	if (file === undefined) throw desk.usage('missing operand');
	if (words.length === 0) throw desk.usage(`missing operand after ${quote(desk, file)}`);
	const list = controls(desk, words);
	const found = await desk.tryRead(file);
	if ('wrong' in found)
		throw new Leave(
			found.wrong === 'Is a directory'
				? `csplit: read error: Is a directory\n`
				: `csplit: cannot open '${file}' for reading: ${found.wrong}\n`,
		);
	const lines = parts(found.text).map((line, i, all) =>
		i < all.length - 1 || found.text.endsWith('\n') ? `${line}\n` : line,
	);
	const made: string[] = [];
	const name = (n: number): string => {
		const prefix = given.value('f') ?? 'xx';
		if (!shape) return `${prefix}${String(n).padStart(digits, '0')}`;
		const [, before = '', flags = '', width = '', precise = '', kind = '', after = ''] = shape;
		const base = kind === 'o' ? 8 : kind.toLowerCase() === 'x' ? 16 : 10;
		let number = n.toString(base).padStart(Number(precise), '0');
		if (kind === 'X') number = number.toUpperCase();
		if (flags.includes('#') && base !== 10) number = (base === 8 ? '0' : `0${kind}`) + number;
		number = flags.includes('-')
			? number.padEnd(Number(width))
			: number.padStart(Number(width), flags.includes('0') && precise === '' ? '0' : ' ');
		return `${prefix}${before.replaceAll('%%', '%')}${number}${after.replaceAll('%%', '%')}`;
	};
	const put = async (from: number, to: number): Promise<void> => {
		const text = lines.slice(from, to).join('');
		if (text === '' && given.has('z')) return;
		const path = name(made.length);
		const wrong = await desk.trySave(path, text);
		if (wrong !== undefined) throw new Leave(`csplit: ${path}: ${wrong}\n`);
		made.push(path);
		if (!given.has('s') && !given.has('q')) desk.write(`${text.length}\n`);
	};
	/** Ends it: what was made is taken away, unless it is to be kept. */
	const leave = async (text: string, from: number): Promise<Leave> => {
		await put(from, lines.length);
		desk.say(text);
		if (!given.has('k')) for (const path of made) await desk.shell.files.rm(desk.resolve(path));
		return new Leave('');
	};
	let at = 0;
	const drop = given.has('suppress-matched') ? 1 : 0;
	for (const control of list) {
		for (let round = 0; round <= control.repeats; round++) {
			const again = round > 0 ? ` on repetition ${round}` : '';
			if (control.machine) {
				// The line that matched before is not looked at again.
				let line = at + (at === 0 && round === 0 && made.length === 0 ? 0 : drop === 1 ? 0 : 1);
				while (line < lines.length && !control.machine.find(asText(lines[line]!.replace(/\n$/, '')), 0)) line++;
				if (line >= lines.length) {
					if (control.repeats === Infinity) {
						if (!control.skips) await put(at, lines.length);
						return;
					}
					if (control.skips) at = lines.length;
					throw await leave(`csplit: ${quote(desk, control.text)}: match not found${again}\n`, at);
				}
				const cut = line + control.offset;
				if (cut < at || cut > lines.length)
					throw await leave(`csplit: ${quote(desk, control.text)}: line number out of range${again}\n`, at);
				if (!control.skips) await put(at, cut);
				at = cut + (control.offset === 0 ? drop : 0);
				continue;
			}
			const goal = control.line! * (round + 1) - 1;
			if (goal >= lines.length)
				throw await leave(`csplit: ${quote(desk, control.text)}: line number out of range${again}\n`, at);
			await put(at, goal);
			at = goal + drop;
		}
	}
	await put(at, lines.length);
}
