/** comm (coreutils src/comm.c @ v8.32). */
import { type Desk, Leave, octets } from '../coreutils/desk.ts';
import { lineSource, quote } from './lines.ts';

export async function comm(desk: Desk): Promise<void> {
	const given = desk.options('123z', [
		'check-order',
		'nocheck-order',
		'output-delimiter=',
		'total',
		'zero-terminated>z',
	]);
	const files = given.operands;
	if (files.length === 0) throw desk.usage('missing operand');
	if (files.length === 1) throw desk.usage(`missing operand after ${quote(desk, files[0]!)}`);
	if (files.length > 2) throw desk.usage(`extra operand ${quote(desk, files[2]!)}`);
	const end = given.has('z') ? '\0' : '\n';
	const word = given.value('output-delimiter');
	const apart = word === undefined ? '\t' : word === '' ? '\0' : octets(word);
	const sources = [await lineSource(desk, files[0]!, end), await lineSource(desk, files[1]!, end)] as const;
	const ahead: (string | undefined)[] = [];
	const told = [false, false];
	/** Whether a line of one file alone was seen: the order is looked at from then on. */
	let alone = false;
	const strict = given.has('check-order');
	const step = async (i: 0 | 1): Promise<void> => {
		const before = ahead[i];
		ahead[i] = await sources[i].next();
		const now = ahead[i];
		if (given.has('nocheck-order') || told[i] || !(strict || alone)) return;
		if (before === undefined || now === undefined || before <= now) return;
		told[i] = true;
		const text = `comm: file ${i + 1} is not in sorted order\n`;
		if (strict) throw new Leave(text);
		desk.say(text);
	};
	const counts = [0, 0, 0];
	const put = (column: number, text: string): void => {
		counts[column]!++;
		if (given.has(String(column + 1))) return;
		const before = [1, 2].filter((n) => n <= column && !given.has(String(n))).length;
		desk.write(apart.repeat(before) + text + end);
	};
	await step(0);
	await step(1);
	while (ahead[0] !== undefined || ahead[1] !== undefined) {
		const [a, b] = ahead;
		if (a !== undefined && b !== undefined && a === b) {
			put(2, a);
			await step(0);
			await step(1);
			continue;
		}
		const i = b === undefined || (a !== undefined && a < b) ? 0 : 1;
		alone = true;
		put(i, ahead[i]!);
		await step(i);
	}
	if (given.has('total')) desk.write(`${counts.join(apart)}${apart}total${end}`);
	// From 9.0 this is told at the end as well; 8.32 only ends with 1.
	if (told.some(Boolean)) desk.code = 1;
}
