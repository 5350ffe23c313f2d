/**
 * `jq` 1.6, as Debian and Ubuntu 22.04 have it: its language, its options, its words for what is wrong.
 *
 * Differences: no modules; numbers of dates are UTC's, as the lab's clock is; `getpath`, `input` and others of its functions
 * are there, its mathematical ones only as far as people use them.
 */
import { asText, type Desk, Leave, octets } from '../coreutils/desk.ts';
import { exported } from '../exported.ts';
import { STOPPED } from '../limits.ts';
import { Endless, run, type World } from './filter.ts';
import { Halt, library } from './library.ts';
import { Compiler } from './machine.ts';
import { optionsOf } from './options.ts';
import { Parser } from './parse.ts';
import { ReadFault, valuesIn } from './read.ts';
import { ProgramFault } from './tree.ts';
import { isObject, JqError, textOf, truthy, type Value } from './values.ts';

const DEEP = 'jq: error: the program is nested too deeply\n';

/** As jq points at a place of a program: its line, and as many blanks as there is before the place. */
function pointed(fault: ProgramFault, program: string): string {
	const told = (message: string, at: number): string => {
		const before = program.slice(0, at);
		const start = before.lastIndexOf('\n') + 1;
		const line = program.slice(start).split('\n')[0]!;
		return `jq: error: ${message} at <top-level>, line ${before.split('\n').length}:\n${line}${' '.repeat(at - start)}\n`;
	};
	const [also, at] = fault.also?.split('\u0000') ?? [];
	return told(fault.message, fault.at) + (also === undefined ? '' : told(also, Number(at)));
}

/** @throws Leave */
function compiled(program: string, variables: ReadonlyMap<string, Value>, world: World) {
	const compiler = new Compiler(library, world);
	const faults: ProgramFault[] = [];
	let filter: ReturnType<Compiler['program']> | undefined;
	try {
		filter = compiler.program(new Parser(program).program(), variables);
		faults.push(...compiler.faults);
	} catch (error) {
		if (error instanceof RangeError) throw new Leave(DEEP, 3);
		if (!(error instanceof ProgramFault)) throw error;
		faults.push(error);
	}
	if (faults.length === 0) return filter!;
	const count = faults.reduce((sum, { also }) => sum + (also === undefined ? 1 : 2), 0);
	throw new Leave(
		`${faults.map((fault) => pointed(fault, program)).join('')}jq: ${count} compile error${count > 1 ? 's' : ''}\n`,
		3,
	);
}

export async function jq(desk: Desk): Promise<void> {
	const o = await optionsOf(desk);
	const { look } = o;
	let code = 0;
	/** What is read, and how far. */
	let file: string | null = null;
	let lines = 0;
	let fault: string | undefined;
	const sources: (readonly [string | null, string])[] = [];
	if (o.files.length === 0) sources.push([null, asText(await desk.standardInput())]);
	for (const name of o.files) {
		const found = await desk.tryRead(name);
		if ('text' in found) sources.push([name, asText(found.text)]);
		else {
			desk.say(octets(`jq: error: Could not open ${name}: ${found.wrong}\n`));
			code = 2;
		}
	}
	const inputs = (function* (): Generator<Value> {
		if (o.raw && o.slurp) {
			yield sources.map(([, text]) => text).join('');
			return;
		}
		const all: Value[] = [];
		for (const [name, text] of sources) {
			file = name;
			lines = 0;
			if (o.raw) {
				const rows = text.split('\n');
				if (rows.at(-1) === '') rows.pop();
				for (const row of rows) {
					lines++;
					yield row;
				}
				continue;
			}
			try {
				for (const { value, lines: at } of valuesIn(text)) {
					lines = at;
					if (o.slurp) all.push(value);
					else if (o.stream) yield* streamed(value);
					else yield value;
				}
			} catch (error) {
				if (!(error instanceof ReadFault)) throw error;
				fault = error.message;
				return;
			}
		}
		if (o.slurp) yield all;
	})();
	const world: World = {
		steps: 0,
		input() {
			const next = inputs.next();
			if (next.done) throw new JqError(fault ?? 'break');
			return next.value;
		},
		now: () => desk.shell.now(),
		env: exported(desk.call.state),
		file: () => file,
		line: () => lines,
		debug: (text) => desk.say(octets(text)),
	};
	const filter = compiled(o.program, o.variables, world);
	let last: Value | undefined;
	const failed = (error: JqError, at: string): void => {
		code = 5;
		const { value } = error;
		if (value === null) desk.say(octets(`jq: error (at ${at}) (not a string): null\n`));
		else if (typeof value === 'string') desk.say(octets(`jq: error (at ${at}): ${value}\n`));
		else desk.say(octets(`jq: error (at ${at}) (not a string): ${textOf(value)}\n`));
	};
	const one = async (value: Value): Promise<void> => {
		let written = 0;
		try {
			for (const [result] of run(filter, value, undefined)) {
				last = result;
				const text =
					o.plain && typeof result === 'string'
						? look.ascii
							? textOf(result, { ascii: true }).slice(1, -1)
							: result
						: textOf(result, look);
				desk.write(octets(text + (o.join ? '' : '\n')));
				if (++written % 500 === 0) await desk.shell.breathe();
			}
		} catch (error) {
			if (error instanceof Endless) throw new Leave(STOPPED('the program does not end'), 1);
			if (error instanceof RangeError) throw new Leave(DEEP, 5);
			if (error instanceof Halt) {
				const { value: told } = error;
				if (told !== undefined && told !== null)
					desk.say(octets(typeof told === 'string' ? told : `${textOf(told)}\n`));
				throw new Leave('', error.code);
			}
			if (!(error instanceof JqError)) throw error;
			const at =
				o.none && sources.length > 0 && lines === 0 && file === null && error.value !== 'break'
					? '<unknown>'
					: `${file ?? '<stdin>'}:${lines}`;
			// 1.6 says nothing of an error that is null.
			if (error.value === null) code = 0;
			else failed(error, at);
			if (isObject(error.value)) last = undefined;
		}
	};
	if (o.none) await one(null);
	else for (const value of inputs) await one(value);
	if (fault !== undefined) {
		desk.say(octets(`parse error: ${fault}\n`));
		code = 2;
	}
	if (code === 0 && o.status) code = last === undefined ? 4 : truthy(last) ? 0 : 1;
	desk.code = code;
}

/** `--stream`: each leaf with its path, and the ends of what has members. */
function* streamed(value: Value, path: readonly Value[] = []): Generator<Value> {
	const members: (readonly [Value, Value])[] = Array.isArray(value)
		? [...value.entries()]
		: isObject(value)
			? [...value]
			: [];
	if (members.length === 0) {
		yield [[...path], value];
		return;
	}
	for (const [key, item] of members) yield* streamed(item, [...path, key]);
	yield [[...path, members.at(-1)![0]]];
}
