/** join (coreutils src/join.c @ v8.32). */
import { type Desk, Leave, octets } from '../coreutils/desk.ts';
import { type LineSource, lineSource, numberIn, quote, shellQuoted } from './lines.ts';

interface Line {
	readonly text: string;
	readonly fields: readonly string[];
}

/** Lines of the same key of one file, and the line behind them. */
class Side {
	readonly #source: LineSource;
	readonly #parse: (text: string) => Line;
	readonly #ordered: (before: Line | undefined, now: Line, number: number) => void;
	#count = 0;
	#before: Line | undefined;
	ahead: Line | undefined;

	constructor(
		source: LineSource,
		parse: (text: string) => Line,
		ordered: (before: Line | undefined, now: Line, number: number) => void,
	) {
		this.#source = source;
		this.#parse = parse;
		this.#ordered = ordered;
	}

	async step(): Promise<void> {
		const text = await this.#source.next();
		this.ahead = text === undefined ? undefined : this.#parse(text);
		if (!this.ahead) return;
		this.#count++;
		this.#ordered(this.#before, this.ahead, this.#count);
		this.#before = this.ahead;
	}

	/** A line that is no part of the order: the header. */
	async header(): Promise<Line | undefined> {
		const text = await this.#source.next();
		this.#count++;
		return text === undefined ? undefined : this.#parse(text);
	}
}

export async function join(desk: Desk): Promise<void> {
	const given = desk.options('a:e:i1:2:j:o:t:v:z', [
		'ignore-case>i',
		'check-order',
		'nocheck-order',
		'zero-terminated>z',
		'header',
	]);
	const field = (word: string): number => {
		if (/^0+$/.test(word)) throw new Leave(`join: invalid field number: ${quote(desk, word)}\n`);
		return numberIn(desk, word, 1, 2 ** 53, 'invalid field number');
	};
	const keys: [number, number] = [1, 1];
	for (const [name, value] of given.all) {
		if (name === 'j') keys.fill(field(value));
		else if (name === '1' || name === '2') keys[Number(name) - 1] = field(value);
		else if ((name === 'a' || name === 'v') && !/^[12]$/.test(value))
			throw new Leave(`join: invalid field number: ${quote(desk, value)}\n`);
	}
	const unpaired = [1, 2].map((n) => given.all.some(([o, v]) => (o === 'a' || o === 'v') && v === String(n)));
	const onlyUnpaired = given.has('v');
	const empty = octets(given.value('e') ?? '');
	const end = given.has('z') ? '\0' : '\n';
	const tab = given.value('t');
	const apart = tab === undefined ? undefined : tab === '' ? '\n' : tab === '\\0' ? '\0' : octets(tab);
	if (apart !== undefined && apart.length > 1) throw new Leave(`join: multi-character tab ${quote(desk, tab!)}\n`);
	const operands = [...given.operands];
	const wanted: [file: number, field: number][] = [];
	const auto = given.value('o') === 'auto';
	const specs = given.all.filter(([name]) => name === 'o').flatMap(([, value]) => value.split(/[, \t]/));
	// `-o 1.1 2.2`: more of them may stand where files would.
	if (given.has('o')) while (operands.length > 2) specs.push(...operands.shift()!.split(/[, \t]/));
	if (!auto)
		for (const spec of specs) {
			if (spec === '0') {
				wanted.push([0, 0]);
				continue;
			}
			const [, file, number] = /^([12])\.(.*)$/.exec(spec) ?? [];
			if (file === undefined) {
				if (/^[12]/.test(spec)) throw new Leave(`join: invalid field specifier: ${quote(desk, spec)}\n`);
				throw new Leave(`join: invalid file number in field spec: ${quote(desk, spec)}\n`);
			}
			wanted.push([Number(file), field(number!)]);
		}
	if (operands.length === 0) throw desk.usage('missing operand');
	if (operands.length === 1) throw desk.usage(`missing operand after ${quote(desk, operands[0]!)}`);
	if (operands.length > 2) throw desk.usage(`extra operand ${shellQuoted(operands[2]!)}`);
	if (operands.every((file) => file === '-')) throw new Leave('join: both files cannot be standard input\n');

	const parse = (text: string): Line => ({
		text,
		fields:
			apart !== undefined
				? apart === '\n'
					? [text]
					: text.split(apart)
				: text.replace(/^[ \t\n]+/, '').split(/[ \t\n]+/),
	});
	const keyOf = (line: Line, side: 0 | 1): string => line.fields[keys[side] - 1] ?? '';
	const folded = (text: string): string => (given.has('i') ? text.replace(/[a-z]/g, (c) => c.toUpperCase()) : text);
	const compare = (a: string, b: string): number => (folded(a) < folded(b) ? -1 : folded(a) > folded(b) ? 1 : 0);
	/** Whether a line without its like was seen: only then does an order matter. */
	let alone = false;
	const told = [false, false];
	const sides: Side[] = [];
	for (const [i, file] of operands.entries()) {
		sides.push(
			new Side(await lineSource(desk, file, end), parse, (before, now, number) => {
				if (!before || told[i] || given.has('nocheck-order') || !(alone || given.has('check-order'))) return;
				if (compare(keyOf(before, i as 0), keyOf(now, i as 0)) <= 0) return;
				told[i] = true;
				const text = `join: ${file}:${number}: is not sorted: ${now.text}\n`;
				if (given.has('check-order')) throw new Leave(text);
				desk.say(text);
			}),
		);
	}
	const [left, right] = sides as [Side, Side];
	const separator = apart === undefined || apart === '\n' ? (apart === '\n' ? '\n' : ' ') : apart;
	let widths: [number, number] = [0, 0];
	const shown = (a: Line | undefined, b: Line | undefined): string => {
		const key = a ? keyOf(a, 0) : keyOf(b!, 1);
		const cell = (text: string | undefined): string => (text === undefined || text === '' ? empty : text);
		if (wanted.length > 0)
			return wanted
				.map(([file, n]) => cell(file === 0 ? key : file === 1 ? a?.fields[n - 1] : b?.fields[n - 1]))
				.join(separator);
		const rest = (line: Line | undefined, side: 0 | 1): string[] => {
			if (auto) {
				const list: string[] = [];
				for (let n = 1; n <= widths[side]; n++) if (n !== keys[side]) list.push(cell(line?.fields[n - 1]));
				return list;
			}
			return (line?.fields ?? []).filter((_, n) => n !== keys[side] - 1).map(cell);
		};
		return [cell(key), ...rest(a, 0), ...rest(b, 1)].join(separator);
	};
	const put = (a: Line | undefined, b: Line | undefined): void => desk.write(shown(a, b) + end);

	if (given.has('header')) {
		const [a, b] = [await left.header(), await right.header()];
		widths = [a?.fields.length ?? 0, b?.fields.length ?? 0];
		if (a || b) put(a, b);
	}
	await left.step();
	await right.step();
	if (!given.has('header')) widths = [left.ahead?.fields.length ?? 0, right.ahead?.fields.length ?? 0];
	const lone = async (i: 0 | 1): Promise<void> => {
		alone = true;
		const side = sides[i]!;
		if (unpaired[i]) put(i === 0 ? side.ahead : undefined, i === 1 ? side.ahead : undefined);
		await side.step();
	};
	while (left.ahead && right.ahead) {
		const order = compare(keyOf(left.ahead, 0), keyOf(right.ahead, 1));
		if (order !== 0) {
			await lone(order < 0 ? 0 : 1);
			continue;
		}
		const groups: [Line[], Line[]] = [[], []];
		for (const i of [0, 1] as const) {
			const key = keyOf(sides[i]!.ahead!, i);
			while (sides[i]!.ahead && compare(keyOf(sides[i]!.ahead!, i), key) === 0) {
				groups[i].push(sides[i]!.ahead!);
				await sides[i]!.step();
			}
		}
		if (!onlyUnpaired) for (const a of groups[0]) for (const b of groups[1]) put(a, b);
	}
	for (const i of [0, 1] as const) {
		// What is left of one is read to its end where it is shown, or where its order is looked at.
		while (sides[i]!.ahead) await lone(i);
	}
	if (told.some(Boolean)) throw new Leave('join: input is not in sorted order\n');
}
