/** `diff` and `sdiff`, as GNU's diffutils 3.8 write them: files and directories. */
import { type Desk, type Given, Leave } from '../coreutils/desk.ts';
import { asked, MISSING } from './options.ts';
import { Diff } from './pairs.ts';

/** @throws Leave */
export async function diff(desk: Desk): Promise<void> {
	let given: Given;
	try {
		given = asked(desk);
	} catch (error) {
		if (!(error instanceof Leave)) throw error;
		if (error.code === 0) throw new Leave(`\u0000${desk.name} (GNU diffutils) 3.8\n`, 0);
		throw new Leave(error.message.replace(/^Try/m, `${desk.name}: Try`), 2);
	}
	const missing = given.all.find(([name]) => MISSING.test(name))?.[0];
	if (missing !== undefined)
		throw new Leave(`${desk.name}: the option ${missing.length === 1 ? '-' : '--'}${missing} is not simulated\n`, 2);
	if (given.has('help'))
		throw new Leave(
			`\u0000Usage: ${desk.name} [OPTION]... ${desk.name === 'diff' ? 'FILES\nCompare FILES line by line.\n' : 'FILE1 FILE2\nSide-by-side merge of differences between FILE1 and FILE2.'}\n`,
			0,
		);
	const one = new Diff(desk, given);
	const [from, to] = [given.value('from-file'), given.value('to-file')];
	const { operands } = given;
	let code = 0;
	if (from !== undefined || to !== undefined) {
		for (const operand of operands)
			code = Math.max(code, await (from !== undefined ? one.pair(from, operand) : one.pair(operand, to!)));
	} else if (operands.length !== 2) {
		const what =
			operands.length < 2
				? `missing operand after '${desk.args.at(-1) ?? desk.name}'`
				: `extra operand '${operands[2]}'`;
		throw new Leave(`${desk.name}: ${what}\n${desk.name}: Try '${desk.name} --help' for more information.\n`, 2);
	} else code = await one.pair(operands[0]!, operands[1]!);
	desk.code = code;
}
