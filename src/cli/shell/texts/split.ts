/** split (coreutils src/split.c @ v8.32). */
import { type Desk, type Given, Leave, octets, parts } from '../coreutils/desk.ts';
import { numberIn, quote, quoted } from './lines.ts';

const UNITS = 'bkKmMGTPE';

/** Names of the files that are made, one after the other. @throws Leave when there are no more */
function* suffixes(desk: Desk, given: Given, count: number | undefined): Generator<string> {
	const last = given.all.findLast(([name]) => name === 'd' || name === 'x' || /^(?:numeric|hex)-/.test(name));
	const hex = last !== undefined && (last[0] === 'x' || last[0].startsWith('hex'));
	const alphabet = !last ? 'abcdefghijklmnopqrstuvwxyz' : hex ? '0123456789abcdef' : '0123456789';
	const from = last?.[1] ?? '';
	if (from !== '' && !/^\d+$/.test(from))
		throw new Leave(
			`split: invalid start value for ${hex ? 'hexadecimal' : 'numerical'} suffix: ${quote(desk, from)}\n`,
		);
	const word = given.value('a');
	const asked = word === undefined ? 0 : numberIn(desk, word, 0, 2 ** 53, 'invalid suffix length');
	let first = from === '' ? 0 : Number.parseInt(from, hex ? 16 : 10);
	let length = asked || 2;
	if (!asked && count !== undefined && (from === '' || first < count)) {
		let need = 1;
		for (let most = alphabet.length; most < count + first; most *= alphabet.length) need++;
		length = Math.max(length, need);
	}
	if (asked && count !== undefined && alphabet.length ** asked < count)
		throw new Leave(
			`split: the suffix length needs to be at least ${Math.ceil(Math.log(count) / Math.log(alphabet.length))}\n`,
		);
	if (from.length > length) {
		if (asked) throw new Leave('split: numerical suffix start value is too large for the suffix length\n');
		length = from.length;
	}
	const grows = asked === 0 && from === '' && count === undefined;
	const written = (n: number, digits: number): string => {
		let text = '';
		for (let i = 0; i < digits; i++) {
			text = alphabet[n % alphabet.length]! + text;
			n = Math.floor(n / alphabet.length);
		}
		return text;
	};
	// Names that grow leave the last letter free for those that are longer: `zz` is never used, `zaaa` follows `yz`.
	let before = '';
	for (;;) {
		const size = alphabet.length ** length;
		const limit = grows ? size - size / alphabet.length : size;
		for (; first < limit; first++) yield before + written(first, length);
		if (!grows) throw new Leave('split: output file suffixes exhausted\n');
		before += alphabet.at(-1)!;
		first = 0;
		length++;
	}
}

const CHUNKS = /^(?:(l|r)\/)?(?:(\d+)\/)?(\d+)$/;

export async function split(desk: Desk): Promise<void> {
	const old = desk.args.findIndex((word) => /^-\d+$/.test(word));
	if (old >= 0 && !desk.args.slice(0, old).includes('--')) desk.args.splice(old, 1, '-l', desk.args[old]!.slice(1));
	const given = desk.options('a:b:C:del:n:t:ux', [
		'bytes=>b',
		'lines=>l',
		'line-bytes=>C',
		'number=>n',
		'elide-empty-files>e',
		'unbuffered>u',
		'suffix-length=>a',
		'additional-suffix=',
		'numeric-suffixes?',
		'hex-suffixes?',
		'filter=',
		'verbose',
		'separator=>t',
	]);
	const ways = given.all.filter(([name]) => 'blCn'.includes(name));
	if (new Set(ways.map(([name]) => name)).size > 1 || ways.length > 1)
		throw desk.usage('cannot split in more than one way');
	const [way = 'l', amount = '1000'] = ways[0] ?? [];
	const more = given.value('additional-suffix') ?? '';
	if (more.includes('/')) throw desk.usage(`invalid suffix ${quote(desk, more)}, contains directory separator`);
	const mark = given.value('t');
	if (mark === '') throw new Leave('split: empty record separator\n');
	if (mark !== undefined && mark !== '\\0' && [...mark].length > 1)
		throw new Leave(`split: multi-character separator ${quote(desk, mark)}\n`);
	const end = mark === undefined ? '\n' : mark === '\\0' ? '\0' : octets(mark);
	const [file = '-', prefix = 'x', extra] = given.operands;
	if (extra !== undefined) throw desk.usage(`extra operand ${quote(desk, extra)}`);
	let size = 0;
	let chunk: RegExpExecArray | null = null;
	if (way === 'n') {
		chunk = CHUNKS.exec(amount);
		const total = Number(chunk?.[3] ?? 0);
		if (!chunk || total === 0) {
			const word = quote(desk, amount.replace(/^[lr]\/|^\d+\//g, ''));
			throw new Leave(`split: invalid number of chunks: ${word}${chunk ? ': Numerical result out of range' : ''}\n`);
		}
		if (chunk[2] !== undefined && (Number(chunk[2]) === 0 || Number(chunk[2]) > total))
			throw new Leave(`split: invalid chunk number: ${quote(desk, chunk[2])}: Numerical result out of range\n`);
	} else size = numberIn(desk, amount, 1, 2 ** 53, `invalid number of ${way === 'l' ? 'lines' : 'bytes'}`, UNITS);
	if (chunk && chunk[1] !== 'r' && file === '-' && desk.input)
		throw new Leave('split: -: cannot determine file size\n');
	const found = await desk.tryRead(file);
	if ('wrong' in found)
		throw new Leave(
			found.wrong === 'Is a directory'
				? `split: ${quoted(file)}: Is a directory\n`
				: `split: cannot open '${file}' for reading: ${found.wrong}\n`,
		);
	const { text } = found;
	const records = (): string[] =>
		parts(text, end).map((line, i, all) => (i < all.length - 1 || text.endsWith(end) ? line + end : line));
	const pieces: string[] = [];
	if (way === 'l') {
		const list = records();
		for (let i = 0; i < list.length; i += size) pieces.push(list.slice(i, i + size).join(''));
	} else if (way === 'b') for (let i = 0; i < text.length; i += size) pieces.push(text.slice(i, i + size));
	else if (way === 'C') {
		let held = '';
		for (const record of records()) {
			let rest = record;
			if (held !== '' && held.length + rest.length > size) {
				pieces.push(held);
				held = '';
			}
			while (rest.length > size) {
				pieces.push(rest.slice(0, size));
				rest = rest.slice(size);
			}
			held += rest;
		}
		if (held !== '') pieces.push(held);
	} else {
		const total = Number(chunk![3]);
		const kind = chunk![1];
		const base = Math.floor(text.length / total);
		if (kind === 'r') {
			const list = records();
			for (let n = 0; n < total; n++) pieces.push(list.filter((_, i) => i % total === n).join(''));
		} else if (kind === 'l') {
			// A line belongs to the part in which it begins.
			for (let n = 0; n < total; n++) pieces.push('');
			let at = 0;
			for (const record of records()) {
				const n = Math.min(total - 1, base === 0 ? at : Math.floor(at / base));
				pieces[n] += record;
				at += record.length;
			}
		} else
			for (let n = 0; n < total; n++) pieces.push(text.slice(n * base, n === total - 1 ? undefined : (n + 1) * base));
		if (chunk![2] !== undefined) {
			desk.write(pieces[Number(chunk![2]) - 1]!);
			return;
		}
	}
	const names = suffixes(desk, given, way === 'n' ? Number(chunk![3]) : undefined);
	const filter = given.value('filter');
	for (const piece of pieces) {
		if (piece === '' && given.has('e')) continue;
		const name = `${prefix}${names.next().value}${more}`;
		if (filter === undefined) {
			if (given.has('verbose')) desk.write(`creating file '${name}'\n`);
			const wrong = await desk.trySave(name, piece);
			if (wrong !== undefined) throw new Leave(`split: ${name}: ${wrong}\n`);
			continue;
		}
		if (given.has('verbose')) desk.write(`executing with FILE='${name}'\n`);
		throw new Leave('split: the simulator runs no --filter\n');
	}
}
