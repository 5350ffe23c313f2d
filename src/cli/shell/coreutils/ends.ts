/** head and tail (coreutils src/{head,tail}.c @ v8.32). */
import { countOf, type Desk, type Given, Leave } from './desk.ts';

interface Wanted {
	readonly bytes: boolean;
	/** `-` or `+` in front of the number. */
	readonly sign: string;
	readonly count: number;
}

/** `-5`, as both programs still take it. */
function modern(desk: Desk, obsolete: RegExp): void {
	const { args } = desk;
	const found = args[0] === undefined ? undefined : obsolete.exec(args[0]);
	if (!found) return;
	const [, sign = '', count = '10', letter = ''] = found;
	args.splice(0, 1, letter === 'c' ? '-c' : '-n', (sign === '+' ? '+' : '') + count, ...(letter === 'f' ? ['-f'] : []));
}

function wanted(desk: Desk, given: Given): Wanted {
	const last = given.all.findLast(([name]) => name === 'n' || name === 'c');
	const [kind = 'n', word = '10'] = last ?? [];
	const [, sign = '', number = ''] = /^([-+]?)(.*)$/.exec(word)!;
	const count = countOf(number);
	if (count === undefined)
		throw new Leave(`${desk.name}: invalid number of ${kind === 'c' ? 'bytes' : 'lines'}: ‘${word}’\n`);
	return { bytes: kind === 'c', sign, count };
}

/** Offset behind so many lines from the start; the text's length when there are fewer. */
function behindLines(text: string, count: number): number {
	let at = 0;
	for (let i = 0; i < count && at < text.length; i++) {
		const end = text.indexOf('\n', at);
		at = end < 0 ? text.length : end + 1;
	}
	return at;
}

/** Offset of the last so many lines. */
function beforeLines(text: string, count: number): number {
	let at = text.endsWith('\n') ? text.length - 1 : text.length;
	if (count === 0) return text.length;
	for (let i = 0; i < count; i++) {
		at = text.lastIndexOf('\n', at - 1);
		if (at < 0) return 0;
	}
	return at + 1;
}

async function each(desk: Desk, given: Given, show: (text: string) => string, most?: number): Promise<void> {
	const files = given.operands.length > 0 ? given.operands : ['-'];
	const titled = given.has('v') || (files.length > 1 && !given.has('q'));
	let first = true;
	for (const file of files) {
		const found = await desk.tryRead(file, most);
		if ('wrong' in found) {
			const directory = found.wrong === 'Is a directory';
			desk.fault(
				directory ? `error reading '${file}': Is a directory` : `cannot open '${file}' for reading: ${found.wrong}`,
			);
			continue;
		}
		if (titled) desk.write(`${first ? '' : '\n'}==> ${file === '-' ? 'standard input' : file} <==\n`);
		first = false;
		desk.write(show(found.text));
	}
}

export async function head(desk: Desk): Promise<void> {
	modern(desk, /^-()(\d+)$/);
	const given = desk.options('n:c:qvz', [
		'lines=>n',
		'bytes=>c',
		'quiet>q',
		'silent>q',
		'verbose>v',
		'zero-terminated>z',
	]);
	const { bytes, sign, count } = wanted(desk, given);
	const show = (text: string): string => {
		if (bytes) return sign === '-' ? text.slice(0, Math.max(0, text.length - count)) : text.slice(0, count);
		if (sign === '-') return text.slice(0, beforeLines(text, count));
		return text.slice(0, behindLines(text, count));
	};
	await each(desk, given, show, bytes && sign === '' ? count : undefined);
}

/** Seconds between two looks at a file that is followed. */
const LOOK = 1_000_000;

export async function tail(desk: Desk): Promise<void> {
	modern(desk, /^-()(\d+)([cfl]?)$/);
	const given = desk.options('n:c:qvfFs:z', [
		'lines=>n',
		'bytes=>c',
		'quiet>q',
		'silent>q',
		'verbose>v',
		'follow?>f',
		'retry>F',
		'sleep-interval=>s',
		'pid=',
		'zero-terminated>z',
	]);
	const { bytes, sign, count } = wanted(desk, given);
	const show = (text: string): string => {
		if (bytes) return sign === '+' ? text.slice(Math.max(0, count - 1)) : text.slice(Math.max(0, text.length - count));
		return sign === '+' ? text.slice(behindLines(text, Math.max(0, count - 1))) : text.slice(beforeLines(text, count));
	};
	await each(desk, given, show);
	if (given.has('f') || given.has('F')) await follow(desk, given);
}

async function follow(desk: Desk, given: Given): Promise<void> {
	const files = given.operands.filter((file) => file !== '-');
	const seen = new Map<string, number>();
	const size = async (file: string): Promise<string | undefined> => {
		const found = await desk.tryRead(file);
		return 'text' in found ? found.text : undefined;
	};
	for (const file of files) {
		const text = await size(file);
		if (text !== undefined || given.has('F')) seen.set(file, text?.length ?? 0);
	}
	if (seen.size === 0) {
		if (files.length > 0) desk.say('tail: no files remaining\n');
		return;
	}
	let shown = files.at(-1);
	for (;;) {
		await desk.sleep(LOOK);
		for (const [file, before] of seen) {
			const text = (await size(file)) ?? '';
			if (text.length < before) desk.say(`tail: ${file}: file truncated\n`);
			const more = text.slice(text.length < before ? 0 : before);
			seen.set(file, text.length);
			if (more === '') continue;
			if (files.length > 1 && shown !== file && !given.has('q')) desk.write(`\n==> ${file} <==\n`);
			shown = file;
			desk.write(more);
		}
	}
}
