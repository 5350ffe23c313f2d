/**
 * sed as GNU's 4.8 and 4.9 do it, over the files of its place; its regular expressions are grep's.
 *
 * Differences: lines are written as they come, also into a pipe; `--debug` is not there; where the shell is busybox's the
 * language is GNU's and what is wrong is said in busybox's words.
 */
import { Interrupted } from '../../tool.ts';
import type { LineRun } from '../call.ts';
import { asText, Desk, octets } from '../coreutils/desk.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { inner } from '../programs/nested.ts';
import { bytesOf, latin1 } from '../routes.ts';
import type { Shell } from '../shell.ts';
import { BUSYBOX_USAGE, busyboxWords } from './busybox.ts';
import { Panic, ScriptFault, UsedUp } from './faults.ts';
import { Input } from './input.ts';
import { BadUsage, BUGS, optionsOf, USAGE, VERSION } from './options.ts';
import { Outputs } from './outputs.ts';
import { Parser } from './parse.ts';
import { Run, type World } from './run.ts';

const isBusybox = (desk: Desk): boolean => desk.shell.facts.sh === 'ash';

interface Told {
	quiet: boolean;
	extended: boolean;
	posix: boolean;
	sandbox: boolean;
	zero: boolean;
	separate: boolean;
	unbuffered: boolean;
	followLinks: boolean;
	inPlace: string | undefined;
	width: number;
	help: 'help' | 'version' | undefined;
}

/** Lines of `l` are at most so wide (POSIXLY_CORRECT has no say here). */
const WIDTH = 70;

class Sed implements World {
	readonly #desk: Desk;
	readonly #told: Told = {
		quiet: false,
		extended: false,
		posix: false,
		sandbox: false,
		zero: false,
		separate: false,
		unbuffered: false,
		followLinks: false,
		inPlace: undefined,
		width: WIDTH,
		help: undefined,
	};
	readonly #parser = new Parser();
	#scripts = 0;
	#any = false;
	/** Whether `r` has read standard input. */
	#used = false;

	constructor(desk: Desk) {
		this.#desk = desk;
	}

	async run(): Promise<number> {
		const desk = this.#desk;
		const operands = await this.#words();
		const told = this.#told;
		if (told.help) {
			desk.write(told.help === 'help' ? USAGE + BUGS : VERSION);
			return 0;
		}
		if (!this.#any) {
			const script = operands.shift();
			if (script === undefined) throw new BadUsage('');
			this.#expression(script);
		}
		const program = this.#parser.program();
		if (told.inPlace !== undefined && operands.length === 0) throw new Panic('no input files');
		const end = told.zero ? '\0' : '\n';
		const outputs = new Outputs(desk, end);
		for (const { name, file, substitution } of program.commands) {
			const path = substitution?.file ?? (name === 'w' || name === 'W' ? file : undefined);
			if (path !== undefined) await outputs.open(path);
		}
		const missing = (what: string): void => {
			const message = `sed: ${what}`;
			desk.say(`${isBusybox(desk) ? busyboxWords(message) : message}\n`);
			desk.code = isBusybox(desk) ? 1 : 2;
		};
		const input = new Input(desk, outputs, operands.length > 0 ? operands : ['-'], { ...told, end, missing });
		const { quiet, posix, width } = told;
		const run = new Run(program, input, outputs, this, { quiet: quiet || program.quiet, posix, end, width });
		try {
			const code = await run.run();
			await input.quit(told.unbuffered);
			return code || desk.code;
		} finally {
			await outputs.flush();
		}
	}

	/** Reads the command's words; scripts among them are read at once. Answers those that are none. */
	async #words(): Promise<string[]> {
		const told = this.#told;
		const operands: string[] = [];
		for (const { name, value } of optionsOf(this.#desk.args)) {
			if (name === 'operand') operands.push(value!);
			else if (name === 'e') this.#expression(value!);
			else if (name === 'f') await this.#file(value!);
			else if (name === 'i') told.inPlace = value ?? '';
			else if (name === 'l') told.width = Number.parseInt(value!, 10) || 0;
			else if (name === 'n') told.quiet = true;
			else if (name === 'E') told.extended = true;
			else if (name === 's') told.separate = true;
			else if (name === 'u') told.unbuffered = true;
			else if (name === 'z') told.zero = true;
			else if (name === 'posix') told.posix = true;
			else if (name === 'sandbox') told.sandbox = true;
			else if (name === 'follow') told.followLinks = true;
			else if (name === 'debug') throw new Panic('--debug is not there in this lab');
			else if (name === 'help' || name === 'version') {
				told.help = name;
				break;
			}
		}
		return operands;
	}

	#expression(text: string): void {
		this.#any = true;
		this.#parser.read({ text: octets(text), number: ++this.#scripts }, this.#told);
	}

	async #file(path: string): Promise<void> {
		this.#any = true;
		const found = await this.#desk.tryRead(path === '/dev/stdin' ? '-' : path);
		if ('wrong' in found && found.wrong !== 'Is a directory')
			throw new Panic(`couldn't open file ${path}: ${found.wrong}`);
		const text = 'text' in found ? found.text : '';
		this.#parser.read({ text, file: path, number: this.#scripts }, this.#told);
	}

	async file(path: string): Promise<string | undefined> {
		if (path === '/dev/stdin') {
			// What was read of it is gone.
			const text = this.#used ? '' : await this.#desk.standardInput();
			this.#used = true;
			return text;
		}
		const found = await this.#desk.tryRead(path, 65_536);
		return 'text' in found ? found.text : undefined;
	}

	async output(command: string): Promise<string> {
		const { call, shell } = this.#desk;
		const child = inner(call, shell, 'sh');
		const run = call.run as LineRun;
		const written: string[] = [];
		const out = (o: { text: string; binary: boolean }): void => {
			written.push(latin1(bytesOf(o)));
		};
		await child.run(asText(command), {
			routes: { out, err: (o) => this.#desk.say(o.text) },
			tty: false,
			parent: run,
		});
		if (run.interrupted) throw new Interrupted();
		return written.join('');
	}

	async breathe(): Promise<void> {
		await this.#desk.shell.breathe();
		if (this.#desk.call.run.interrupted) throw new Interrupted();
	}
}

export async function sed(call: ProgramCall, shell: Shell): Promise<Result> {
	const desk = new Desk(call, shell);
	const busybox = isBusybox(desk);
	const leave = (message: string, code: number, other = busyboxWords(message)): Result => {
		desk.say(`${busybox ? other : message}\n`);
		return desk.leave(busybox ? 1 : code);
	};
	try {
		return desk.leave(await new Sed(desk).run());
	} catch (error) {
		if (error instanceof Interrupted) return desk.leave(130);
		if (error instanceof BadUsage) {
			const usage = busybox ? BUSYBOX_USAGE : USAGE;
			desk.say(`${error.message === '' ? '' : `sed: ${error.message}\n`}${usage}`);
			return desk.leave(1);
		}
		if (error instanceof ScriptFault) return leave(error.message, 1);
		if (error instanceof Panic) return leave(error.message, 4, error.busybox);
		if (error instanceof UsedUp) {
			desk.say(`${error.message}\n`);
			return desk.leave(4);
		}
		if (error instanceof RangeError) return leave('sed: the script is nested too deeply', 4);
		throw error;
	}
}
