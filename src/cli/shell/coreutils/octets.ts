/** cmp, hexdump, xxd and shuf (coreutils 8.32, diffutils 3.8, util-linux 2.37, vim's xxd). */
import { countOf, type Desk, Leave, octets, parts } from './desk.ts';

const hex = (n: number, width: number): string => n.toString(16).padStart(width, '0');
const shown = (text: string): string => text.replace(/[^ -~]/g, '.');

export async function cmp(desk: Desk): Promise<void> {
	const given = desk.options(
		'bi:ln:s',
		['print-bytes>b', 'ignore-initial=>i', 'verbose>l', 'bytes=>n', 'quiet>s', 'silent>s'],
		2,
	);
	const [first, second = '-'] = given.operands;
	if (first === undefined)
		throw new Leave("cmp: missing operand after 'cmp'\ncmp: Try 'cmp --help' for more information.\n", 2);
	const texts: string[] = [];
	for (const file of [first, second]) {
		const found = await desk.tryRead(file);
		if ('wrong' in found) throw new Leave(given.has('s') ? '' : `cmp: ${file}: ${found.wrong}\n`, 2);
		texts.push(found.text.slice(0, given.value('n') === undefined ? undefined : countOf(given.value('n')!)));
	}
	const [a, b] = texts as [string, string];
	let line = 1;
	for (let i = 0; i < Math.min(a.length, b.length); i++) {
		if (a[i] !== b[i]) {
			desk.code = 1;
			if (given.has('s')) return;
			const octal = (c: string): string => c.charCodeAt(0).toString(8).padStart(3);
			if (given.has('l'))
				desk.write(
					`${String(i + 1).padStart(String(Math.min(a.length, b.length)).length)} ${octal(a[i]!)} ${octal(b[i]!)}\n`,
				);
			else {
				desk.write(`${first} ${second} differ: byte ${i + 1}, line ${line}\n`);
				return;
			}
		}
		if (a[i] === '\n') line++;
	}
	if (a.length === b.length) return;
	desk.code = 1;
	const short = a.length < b.length ? first : second;
	const n = Math.min(a.length, b.length);
	const where =
		n === 0
			? ' which is empty'
			: ` after byte ${n}${given.has('l') ? '' : `, ${a[n - 1] === '\n' ? `line ${line - 1}` : `in line ${line}`}`}`;
	if (!given.has('s')) desk.say(`cmp: EOF on ${short}${where}\n`);
}

async function input(desk: Desk, files: readonly string[]): Promise<string> {
	const texts: string[] = [];
	for (const file of files.length > 0 ? files : ['-']) {
		const found = await desk.tryRead(file);
		if ('text' in found) texts.push(found.text);
		else desk.fault(`${file}: ${found.wrong}`);
	}
	return texts.join('');
}

export async function hexdump(desk: Desk): Promise<void> {
	const given = desk.options('bcCdovxn:s:', ['canonical>C', 'length=>n', 'skip=>s', 'no-squeezing>v']);
	const skip = countOf(given.value('s') ?? '0') ?? 0;
	const most = given.value('n') === undefined ? undefined : countOf(given.value('n')!);
	const text = (await input(desk, given.operands)).slice(skip, most === undefined ? undefined : skip + most);
	const canonical = given.has('C') || desk.name === 'hd';
	const width = canonical ? 8 : 7;
	let before: string | undefined;
	let starred = false;
	for (let at = 0; at < text.length; at += 16) {
		const row = text.slice(at, at + 16);
		if (row === before && row.length === 16 && !given.has('v')) {
			if (!starred) desk.write('*\n');
			starred = true;
			continue;
		}
		before = row;
		starred = false;
		const bytes = [...row].map((c) => hex(c.charCodeAt(0), 2));
		if (canonical) {
			const line = `${bytes.slice(0, 8).join(' ').padEnd(23)}  ${bytes.slice(8).join(' ').padEnd(23)}`;
			desk.write(`${hex(skip + at, width)}  ${line}  |${shown(row)}|\n`);
			continue;
		}
		const words: string[] = [];
		for (let i = 0; i < row.length; i += 2) words.push(hex(row.charCodeAt(i) + ((row.charCodeAt(i + 1) || 0) << 8), 4));
		const apart = given.has('x') ? '    ' : ' ';
		desk.write(
			`${hex(skip + at, width)}${words
				.map((w) => apart + w)
				.join('')
				.padEnd(given.has('x') ? 64 : 40)}\n`,
		);
	}
	if (text !== '') desk.write(`${hex(skip + text.length, width)}\n`);
}

export async function shuf(desk: Desk): Promise<void> {
	const given = desk.options('ei:n:o:rz', [
		'echo>e',
		'input-range=>i',
		'head-count=>n',
		'output=>o',
		'repeat>r',
		'zero-terminated>z',
		'random-source=',
	]);
	const mark = given.has('z') ? '\0' : '\n';
	const range = given.value('i');
	let lines: string[];
	if (range !== undefined) {
		const [, from, to] = /^(\d+)-(\d+)$/.exec(range) ?? [];
		if (from === undefined || Number(to) + 1 < Number(from)) throw new Leave(`shuf: invalid input range: ‘${range}’\n`);
		if (Number(to) - Number(from) > 1_000_000) throw new Leave('shuf: memory exhausted\n');
		lines = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => String(Number(from) + i));
	} else if (given.has('e')) lines = given.operands.map(octets);
	else {
		const text = await desk.read(given.operands[0] ?? '-');
		if (text === undefined) return;
		lines = parts(text, mark);
	}
	const wanted = given.value('n');
	if (wanted !== undefined && !/^\d+$/.test(wanted)) throw new Leave(`shuf: invalid line count: ‘${wanted}’\n`);
	const count = wanted === undefined ? lines.length : Number(wanted);
	const out: string[] = [];
	if (given.has('r')) {
		if (lines.length === 0) throw new Leave('shuf: no lines to repeat\n');
		for (let i = 0; i < Math.min(count, 1_000_000); i++) out.push(lines[Math.floor(desk.shell.draw() * lines.length)]!);
	} else
		for (let i = 0; i < Math.min(count, lines.length); i++) {
			const at = i + Math.floor(desk.shell.draw() * (lines.length - i));
			[lines[i], lines[at]] = [lines[at]!, lines[i]!];
			out.push(lines[i]!);
		}
	const text = out.map((line) => line + mark).join('');
	const into = given.value('o');
	if (into === undefined) desk.write(text);
	else await desk.save(into, text);
}
