/**
 * awk as Debian and Ubuntu have it: mawk 1.3.4-20200120, on octets, without intervals. It reads and writes line by line,
 * its pipes and `system` are shells of this place, its clock and its chance are the lab's.
 *
 * Differences: what is printed into a command reaches it when it is closed or the program ends; the order of `for (k in
 * a)` is that in which the keys came; busybox's awk is this one.
 */
import { Interrupted } from '../../tool.ts';
import { type LineRun, Output } from '../call.ts';
import { formatDate } from '../date/format.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { MAX_KEPT } from '../limits.ts';
import { inner } from '../programs/nested.ts';
import { bytesOf, latin1, octetsOf } from '../routes.ts';
import type { Shell } from '../shell.ts';
import { type CompiledRule, Compiler } from './compile.ts';
import { Exit } from './compile-expression.ts';
import type { Left } from './loop.ts';
import { Fatal, Machine, type Maybe, onward, type Source, type World } from './machine.ts';
import { parse } from './parse.ts';
import { Records } from './records.ts';
import { AwkFault, unescaped } from './scan.ts';
import { numberOf, Read, textOf, UsedUp } from './values.ts';

const USAGE = 'Usage: mawk [Options] [Program] [file ...]\n';
const VERSION =
	'mawk 1.3.4 20200120\nCopyright 2008-2019,2020, Thomas E. Dickey\nCopyright 1991-1996,2014, Michael D. Brennan\n';

const octets = (text: string): string => latin1(bytesOf({ text, binary: false }));
const asText = (text: string): string => new TextDecoder().decode(octetsOf(text));
const ASSIGNMENT = /^([A-Za-z_]\w*)=([\s\S]*)$/;

interface Words {
	readonly program: string;
	readonly operands: readonly string[];
	readonly assigned: readonly (readonly [string, string])[];
}

/** Ends awk before its program begins. */
class Leave extends Error {
	readonly code: number;
	readonly out: string;

	constructor(code: number, message: string, out = '') {
		super(message);
		this.code = code;
		this.out = out;
	}
}

class Awk implements World {
	readonly main: World['main'];
	readonly #call: ProgramCall;
	readonly #shell: Shell;
	readonly #output: Output;
	#machine!: Machine;
	/** What was written into a file and is not there yet. */
	readonly #files = new Map<string, { octets: string[]; add: boolean }>();
	readonly #pipes = new Map<string, string[]>();
	#kept = 0;

	constructor(call: ProgramCall, shell: Shell, output: Output) {
		this.#call = call;
		this.#shell = shell;
		this.#output = output;
		this.main = this.#mainInput();
	}

	async run({ program, operands, assigned }: Words): Promise<number> {
		const tree = parse(program);
		const m = new Machine(this);
		this.#machine = m;
		const argv = m.array('ARGV');
		for (const [i, word] of ['awk', ...operands].entries()) argv.set(String(i), new Read(word));
		m.set('ARGC', operands.length + 1);
		const environ = m.array('ENVIRON');
		for (const name of this.#call.state.exportedVars)
			environ.set(octets(name), new Read(octets(this.#call.state.env.get(name) ?? '')));
		for (const [name, value] of assigned) m.set(name, new Read(value));
		const rules = new Compiler(tree).rules(tree);
		const of = (when: CompiledRule['when']): readonly CompiledRule[] => rules.filter((rule) => rule.when === when);
		let left = await this.#all(of('BEGIN'));
		if (left !== 'exit' && of('line').length + of('END').length > 0) left = await this.#lines(of('line'));
		if (left !== 'exit' || of('END').length > 0) await this.#all(of('END'));
		await this.finish();
		return m.exitCode;
	}

	/** Which record it is at, as mawk says it behind an error. */
	where(): string {
		const m = this.#machine;
		return `FILENAME="${m.text('FILENAME')}" FNR=${m.text('FNR')} NR=${m.text('NR')}`;
	}

	async #all(rules: readonly CompiledRule[]): Promise<Left> {
		for (const rule of rules) if ((await this.#leaves(() => rule.run(this.#machine))) === 'exit') return 'exit';
		return undefined;
	}

	/** `exit` of a function leaves by an error. */
	#leaves(act: () => Maybe<Left>): Maybe<Left> {
		const exits = (error: unknown): Left => {
			if (error instanceof Exit) return 'exit';
			throw error;
		};
		try {
			const left = act();
			return left instanceof Promise ? left.catch(exits) : left;
		} catch (error) {
			return exits(error);
		}
	}

	async #lines(rules: readonly CompiledRule[]): Promise<Left> {
		const m = this.#machine;
		for (;;) {
			const next = this.main.next(m.text('RS'));
			const record = next instanceof Promise ? await next : next;
			if (record === undefined) return undefined;
			m.record = record;
			m.set('NR', numberOf(m.get('NR')) + 1);
			m.set('FNR', this.main.first ? 1 : numberOf(m.get('FNR')) + 1);
			const wait = m.step();
			if (wait) await wait;
			for (const rule of rules) {
				const done = this.#leaves(() => onward(rule.meant(m), (meant) => (meant ? rule.run(m) : undefined)));
				const left = done instanceof Promise ? await done : done;
				if (left === 'exit') return left;
				if (left === 'nextfile') this.main.skipFile();
				if (left === 'next' || left === 'nextfile') break;
			}
		}
	}

	/** The command line's files, one behind the other, or standard input. */
	#mainInput(): World['main'] {
		let index = 1;
		let named = false;
		let source: Source | undefined;
		let begun = true;
		const open = async (): Promise<boolean> => {
			const m = this.#machine;
			const argv = m.array('ARGV');
			for (; index < numberOf(m.get('ARGC')); ) {
				const word = textOf(argv.get(String(index++)));
				if (word === '') continue;
				const assigned = ASSIGNMENT.exec(word);
				if (assigned) {
					m.set(assigned[1]!, new Read(unescaped(assigned[2]!)));
					continue;
				}
				named = true;
				source = word === '-' ? this.#standardInput() : await this.file(word);
				if (!source) throw new Leave(2, `awk: cannot open ${word} (No such file or directory)\n`);
				m.set('FILENAME', word);
				begun = true;
				return true;
			}
			if (named) return false;
			named = true;
			source = this.#standardInput();
			return true;
		};
		const main = {
			first: true,
			file: '',
			next: (separator: string): Maybe<string | undefined> => {
				const later = async (): Promise<string | undefined> => {
					for (;;) {
						if (!source && !(await open())) return undefined;
						const record = await source!.next(separator);
						if (record !== undefined) return fresh(record);
						source = undefined;
					}
				};
				const fresh = (record: string): string => {
					main.first = begun;
					begun = false;
					return record;
				};
				if (!source) return later();
				const record = source.next(separator);
				if (record instanceof Promise)
					return record.then((r) => {
						if (r !== undefined) return fresh(r);
						source = undefined;
						return later();
					});
				if (record !== undefined) return fresh(record);
				source = undefined;
				return later();
			},
			skipFile: () => {
				source = undefined;
			},
		};
		return main;
	}

	#standardInput(): Source {
		const { input } = this.#call;
		if (input)
			return new Records(async () => {
				const lines = this.#machine.text('RS') === '\n';
				return lines ? input.lines() : input.some();
			});
		return whole(this.#call.stdin());
	}

	async file(name: string): Promise<Source | undefined> {
		if (name === '-' || name === '/dev/stdin') return this.#standardInput();
		const { files } = this.#shell;
		const path = files.resolvePath(this.#call.state.cwd, asText(name));
		if (!(await files.exists(path)) || (await files.stat(path)).isDirectory) return undefined;
		return whole(latin1(await files.readFileBuffer(path)));
	}

	async command(text: string): Promise<Source> {
		const written: string[] = [];
		await this.#run(text, '', (o) => written.push(latin1(bytesOf(o))));
		return whole(written.join(''));
	}

	async #run(text: string, stdin: string, out: (o: { text: string; binary: boolean }) => void): Promise<number> {
		const child = inner(this.#call, this.#shell, 'sh');
		const run = this.#call.run as LineRun;
		const code = await child.run(asText(text), {
			routes: { out, err: (o) => this.#output.err(o) },
			tty: false,
			parent: run,
			...(stdin ? { stdin: asText(stdin) } : {}),
		});
		if (run.interrupted) throw new Interrupted();
		return child.left ?? code;
	}

	write(how: '>' | '>>' | '|' | undefined, name: string, text: string): Maybe<void> {
		if (this.#call.run.interrupted) throw new Interrupted();
		if (how === undefined || name === '/dev/stdout' || (name === '-' && how !== '|')) {
			this.#output.out({ text, binary: true });
			return;
		}
		if (name === '/dev/stderr') {
			this.#output.err({ text: asText(text), binary: false });
			return;
		}
		this.#kept += text.length;
		if (this.#kept > MAX_KEPT) throw new UsedUp('the output is too large');
		if (how === '|') {
			const pipe = this.#pipes.get(name);
			if (pipe) pipe.push(text);
			else this.#pipes.set(name, [text]);
			return;
		}
		const file = this.#files.get(name);
		if (file) {
			file.octets.push(text);
			return;
		}
		this.#files.set(name, { octets: [text], add: how === '>>' });
		// Whether it can be written is said at once.
		return this.#save(name);
	}

	async #save(name: string): Promise<void> {
		const file = this.#files.get(name);
		if (!file) return;
		const { files } = this.#shell;
		const path = files.resolvePath(this.#call.state.cwd, asText(name));
		try {
			const text = file.octets.join('');
			if (file.add) await files.appendFile(path, text, 'binary');
			else await files.writeFile(path, text, 'binary');
		} catch (error) {
			const what = /EISDIR/.test((error as Error).message) ? 'Is a directory' : 'No such file or directory';
			throw new Leave(2, `awk: cannot open "${name}" (${what})\n`);
		}
		file.octets = [];
		file.add = true;
	}

	async flush(): Promise<void> {
		for (const name of this.#files.keys()) await this.#save(name);
	}

	async close(name: string): Promise<number> {
		if (this.#files.has(name)) {
			await this.#save(name);
			this.#files.delete(name);
			return 0;
		}
		const pipe = this.#pipes.get(name);
		if (!pipe) return -1;
		this.#pipes.delete(name);
		return this.#run(name, pipe.join(''), (o) => this.#output.out(o));
	}

	async finish(): Promise<void> {
		await this.flush();
		for (const name of [...this.#pipes.keys()]) await this.close(name);
	}

	system(text: string): Promise<number> {
		return this.#run(text, '', (o) => this.#output.out(o));
	}

	now(): number {
		return this.#shell.now();
	}

	date(format: string, seconds: number): string {
		return octets(formatDate(asText(format), seconds * 1e6));
	}

	draw(): number {
		return this.#shell.draw();
	}

	async breathe(): Promise<void> {
		await this.#shell.breathe();
		if (this.#call.run.interrupted) throw new Interrupted();
	}
}

function whole(text: string): Source {
	let left: string | undefined = text;
	return new Records(async () => {
		const piece = left;
		left = undefined;
		return piece;
	});
}

/** @throws Leave */
async function wordsOf(args: readonly string[], read: (path: string) => Promise<string | undefined>): Promise<Words> {
	const words = args.map(octets);
	const assigned: [string, string][] = [];
	const programs: string[] = [];
	while (words[0]?.startsWith('-') && words[0] !== '-') {
		const word = words.shift()!;
		if (word === '--') break;
		const letter = word[1]!;
		if (word.startsWith('--') || !'FvfW'.includes(letter)) throw new Leave(2, `awk: not an option: ${word}\n`);
		const value = word.length > 2 ? word.slice(2) : words.shift();
		if (value === undefined) throw new Leave(2, `awk: option ${word} lacks argument\n`);
		if (letter === 'W') {
			if (/^v/.test(value)) throw new Leave(0, '', VERSION);
			if (/^[hu]/.test(value)) throw new Leave(0, '', USAGE);
			// `-W interactive` and such change nothing that shows.
		} else if (letter === 'F') assigned.push(['FS', unescaped(value)]);
		else if (letter === 'v') {
			const given = ASSIGNMENT.exec(value);
			if (!given) throw new Leave(2, `awk: improper assignment: -v ${value}\n`);
			assigned.push([given[1]!, unescaped(given[2]!)]);
		} else {
			const program = await read(value);
			if (program === undefined) throw new Leave(2, `awk: cannot open ${value} (No such file or directory)\n`);
			programs.push(program);
		}
	}
	if (programs.length > 0) return { program: programs.join('\n'), operands: words, assigned };
	const program = words.shift();
	if (program === undefined) throw new Leave(2, USAGE);
	return { program, operands: words, assigned };
}

/** `awk` on a command line: options, program, files; reads and writes line by line. */
export async function awk(call: ProgramCall, shell: Shell): Promise<Result> {
	const output = new Output(call.routes);
	const say = (text: string, code: number): Result => {
		output.err({ text: asText(text), binary: false });
		return output.result(code);
	};
	const world = new Awk(call, shell, output);
	try {
		const words = await wordsOf(call.args, async (path) => {
			if (path === '-') return call.stdin();
			const full = shell.files.resolvePath(call.state.cwd, asText(path));
			return (await shell.files.exists(full)) ? latin1(await shell.files.readFileBuffer(full)) : undefined;
		});
		return output.result(await world.run(words));
	} catch (error) {
		if (error instanceof Interrupted) return output.result(130);
		if (error instanceof Leave) {
			output.out({ text: error.out, binary: true });
			return say(error.message, error.code);
		}
		if (error instanceof UsedUp) return say(error.message, 2);
		if (error instanceof AwkFault) return say(`awk: ${error.message}\n`, 2);
		if (error instanceof Fatal) return say(`awk: run time error: ${error.message}\n\t${world.where()}\n`, 2);
		if (error instanceof RangeError) return say('awk: program nested too deeply\n', 2);
		throw error;
	}
}
