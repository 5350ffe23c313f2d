/** cat and tee (coreutils src/{cat,tee}.c @ v8.32). */
import { type Desk, Leave } from '../coreutils/desk.ts';
import { quote, quoted } from './lines.ts';

/** An octet as `cat -v` shows it. */
function visible(code: number): string {
	if (code >= 128) return `M-${visible(code - 128)}`;
	if (code === 127) return '^?';
	return code < 32 ? `^${String.fromCharCode(code + 64)}` : String.fromCharCode(code);
}

export async function cat(desk: Desk): Promise<void> {
	const given = desk.options('AbeEnstTuv', [
		'number-nonblank>b',
		'number>n',
		'squeeze-blank>s',
		'show-nonprinting>v',
		'show-ends>E',
		'show-tabs>T',
		'show-all>A',
	]);
	const has = (...names: string[]): boolean => names.some((name) => given.has(name));
	const [ends, tabs, nonprinting] = [has('E', 'A', 'e'), has('T', 'A', 't'), has('v', 'A', 'e', 't')];
	const numbers = has('b') ? 'full' : has('n') ? 'all' : undefined;
	const plain = !ends && !tabs && !nonprinting && !numbers && !has('s');
	let number = 0;
	let start = true;
	let blanks = 0;
	const shown = (text: string): string => {
		let out = '';
		for (const piece of text.split(/(?<=\n)/)) {
			const whole = piece.endsWith('\n');
			let line = whole ? piece.slice(0, -1) : piece;
			const blank = start && whole && line === '';
			if (start) {
				blanks = blank ? blanks + 1 : 0;
				if (has('s') && blanks > 1) continue;
				if (numbers === 'all' || (numbers === 'full' && !blank)) out += `${String(++number).padStart(6)}\t`;
			}
			// With -E the carriage return of a line's end is seen (cat.c @ v9.0).
			if (nonprinting) line = line.replace(/[^\t -~]/g, (c) => visible(c.charCodeAt(0)));
			if (tabs) line = line.replaceAll('\t', '^I');
			out += line + (whole ? `${ends ? '$' : ''}\n` : '');
			start = whole;
		}
		return out;
	};
	for (const file of given.operands.length > 0 ? given.operands : ['-']) {
		if (file === '-' && desk.input) {
			for (;;) {
				const text = await desk.input.some();
				if (text === undefined) break;
				desk.write(plain ? text : shown(text));
			}
			continue;
		}
		const found = await desk.tryRead(file);
		if ('wrong' in found) desk.fault(`${quoted(file)}: ${found.wrong}`);
		else desk.write(plain ? found.text : shown(found.text));
	}
}

const MODES = ['warn', 'warn-nopipe', 'exit', 'exit-nopipe'];

export async function tee(desk: Desk): Promise<void> {
	const given = desk.options('aip', ['append>a', 'ignore-interrupts>i', 'output-error?']);
	const mode = given.value('output-error');
	if (mode && !MODES.some((known) => known.startsWith(mode)))
		throw new Leave(
			`tee: invalid argument ${quote(desk, mode)} for ${quote(desk, '--output-error')}\nValid arguments are:\n${MODES.map((known) => `  - ${quote(desk, known)}\n`).join('')}Try 'tee --help' for more information.\n`,
		);
	const open: string[] = [];
	for (const file of given.operands) {
		const wrong = await desk.trySave(file, '', given.has('a'));
		if (wrong === undefined) open.push(file);
		else {
			desk.fault(`${quoted(file)}: ${wrong}`);
			if (mode?.startsWith('exit')) throw new Leave('');
		}
	}
	const pass = async (text: string): Promise<void> => {
		desk.write(text);
		for (const file of open) await desk.trySave(file, text, true);
	};
	if (!desk.input) return pass(await desk.standardInput());
	for (;;) {
		const text = await desk.input.some();
		if (text === undefined) return;
		await pass(text);
	}
}
