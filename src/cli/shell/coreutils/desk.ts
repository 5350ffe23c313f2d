/** What programs of GNU coreutils share: their options, their files, their words for what is wrong. Texts are octets. */
import { Interrupted } from '../../tool.ts';
import { type LineRun, Output } from '../call.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { MAX_KEPT, NO_ROOM, STOPPED } from '../limits.ts';
import type { Pipe } from '../pipe.ts';
import { bytesOf, isShown, latin1, octetsOf } from '../routes.ts';
import type { Shell } from '../shell.ts';

export { countOf } from './count.ts';

export const octets = (text: string): string => latin1(bytesOf({ text, binary: false }));
export const asText = (text: string): string => new TextDecoder().decode(octetsOf(text));

/** Ends a program with a code, and with what it has to say. */
export class Leave extends Error {
	readonly code: number;

	/** @param message whole lines */
	constructor(message: string, code = 1) {
		super(message);
		this.code = code;
	}
}

export interface Given {
	readonly operands: readonly string[];
	has(name: string): boolean;
	/** The last value of an option. */
	value(name: string): string | undefined;
	/** Options in their order. */
	readonly all: readonly (readonly [name: string, value: string])[];
}

/** Devices that give octets for ever. */
/** What keeps all it reads, to the end. */
const HOARDS: ReadonlySet<string> = new Set(['tail', 'sort', 'shuf']);
/** More octets than any machine has. */
const ALL = 2 ** 50;
const ENDLESS = /^\/dev\/(?:zero|u?random)$/;

/** Ubuntu 22.04 and Debian 11 have this one. */
const VERSION = '8.32';

/** Options of busybox's that have fewer than coreutils' (`//usage:` @ 1_35_0); none of them has long ones. */
const BUSYBOX: Readonly<Record<string, string>> = {
	md5sum: 'csw',
	seq: 'ws',
	sha1sum: 'csw',
	sha256sum: 'csw',
	sha512sum: 'csw',
	strings: 'afnot',
	sum: 'rs',
	uniq: 'cduizfsw',
};

export class Desk {
	readonly call: ProgramCall;
	readonly shell: Shell;
	readonly name: string;
	readonly args: string[];
	readonly #output: Output;
	code = 0;

	constructor(call: ProgramCall, shell: Shell) {
		this.call = call;
		this.args = [...call.args];
		this.shell = shell;
		this.name = call.name.slice(call.name.lastIndexOf('/') + 1);
		this.#output = new Output(call.routes);
	}

	/** Where standard input comes from while somebody is still writing it. */
	get input(): Pipe | undefined {
		return this.call.input;
	}

	/** Whether a terminal shows what it writes. */
	get tty(): boolean {
		return (this.call.run as LineRun).tty && isShown(this.call.routes);
	}

	write(text: string): void {
		if (this.call.run.interrupted) throw new Interrupted();
		this.#output.out({ text, binary: true });
	}

	say(text: string): void {
		this.#output.err({ text, binary: false });
	}

	/** `name: what`, and the program will end with 1. */
	fault(what: string, code = 1): void {
		this.say(`${this.name}: ${what}\n`);
		this.code = code;
	}

	usage(what: string, code = 1): Leave {
		return new Leave(`${this.name}: ${what}\nTry '${this.name} --help' for more information.\n`, code);
	}

	/**
	 * @param short letters, with `:` behind those that take a value, and `::` behind those that may take one in the same word
	 * @param long a name, `=` when it takes a value or `?` when it may, and behind `>` the letter that it stands for
	 * @throws Leave
	 */
	options(short: string, long: readonly string[] = [], code = 1): Given {
		const only = this.shell.facts.sh === 'ash' ? BUSYBOX[this.name] : undefined;
		const valued = (letter: string): boolean => short[short.indexOf(letter) + 1] === ':';
		const all: [string, string][] = [];
		const operands: string[] = [];
		const words = [...this.args];
		while (words.length > 0) {
			const word = words.shift()!;
			if (word === '--') {
				operands.push(...words.splice(0));
			} else if (word.startsWith('--')) {
				const [, name = '', value] = /^--([^=]*)(?:=([\s\S]*))?$/.exec(word)!;
				if (only !== undefined && name !== 'help') throw this.usage(`unrecognized option '--${name}'`, 1);
				if (name === 'version')
					throw new Leave(
						`\u0000${this.name} (GNU coreutils) ${VERSION}\nCopyright (C) 2020 Free Software Foundation, Inc.\n`,
						0,
					);
				const nameOf = (spec: string): string => spec.replace(/[=?>].*$/, '');
				if (name === 'help' && !long.some((l) => nameOf(l) === 'help')) throw this.#help(short, long);
				const begun = long.filter((spec) => nameOf(spec).startsWith(name));
				const spec = begun.find((l) => nameOf(l) === name) ?? (begun.length === 1 ? begun[0] : undefined);
				if (spec === undefined) {
					const names = begun.map((l) => `'--${nameOf(l)}'`).join(' ');
					if (begun.length > 1) throw this.usage(`option '${word}' is ambiguous; possibilities: ${names}`, code);
					throw this.usage(`unrecognized option '${word}'`, code);
				}
				const key = />(.*)$/.exec(spec)?.[1] ?? nameOf(spec);
				if (spec.includes('=')) {
					const text = value ?? words.shift();
					if (text === undefined) throw this.usage(`option '--${nameOf(spec)}' requires an argument`, code);
					all.push([key, text]);
				} else if (value !== undefined && !spec.includes('?'))
					throw this.usage(`option '--${nameOf(spec)}' doesn't allow an argument`, code);
				else all.push([key, value ?? '']);
			} else if (word.startsWith('-') && word !== '-') {
				for (let i = 1; i < word.length; i++) {
					const letter = word[i]!;
					if (letter === ':' || !short.includes(letter) || only?.includes(letter) === false)
						throw this.usage(`invalid option -- '${letter}'`, code);
					if (!valued(letter)) {
						all.push([letter, '']);
						continue;
					}
					const text = word.slice(i + 1) || (short[short.indexOf(letter) + 2] === ':' ? '' : words.shift());
					if (text === undefined) throw this.usage(`option requires an argument -- '${letter}'`, code);
					all.push([letter, text]);
					break;
				}
			} else operands.push(word);
		}
		return {
			operands,
			all,
			has: (name) => all.some(([n]) => n === name),
			value: (name) => all.findLast(([n]) => n === name)?.[1],
		};
	}

	/** What it takes: the text of its own help the simulator does not have. */
	#help(short: string, long: readonly string[]): Leave {
		// busybox answers with its usage, which whoever words it for busybox writes for this.
		if (this.shell.facts.sh === 'ash') return new Leave(`${this.name}: missing operand\n`, 0);
		const rows = long.map((spec) => {
			const [, name = '', takes = '', letter = ''] = /^([^=?>]*)([=?]?)(?:>(.*))?$/.exec(spec)!;
			const value = takes === '=' ? '=VALUE' : takes === '?' ? '[=VALUE]' : '';
			return `  ${letter.length === 1 ? `-${letter}, ` : '    '}--${name}${value}\n`;
		});
		const bare = [...short].filter((c) => c !== ':' && !long.some((spec) => spec.endsWith(`>${c}`)));
		return new Leave(
			`\u0000The simulator does not have the help text of ${this.name}; these are the options it takes here:\n${bare.map((c) => `  -${c}\n`).join('')}${rows.join('')}`,
			0,
		);
	}

	/** Lets the lab's time pass. @throws Interrupted */
	async sleep(microseconds: number): Promise<void> {
		const run = this.call.run as LineRun;
		run.tools++;
		try {
			await this.shell.core.clock.sleep(run, microseconds);
		} finally {
			run.tools--;
		}
		this.shell.touched();
	}

	resolve(path: string): string {
		return this.shell.files.resolvePath(this.call.state.cwd, path);
	}

	async isDirectory(path: string): Promise<boolean> {
		const full = this.resolve(path);
		return (await this.shell.files.exists(full)) && (await this.shell.files.stat(full)).isDirectory;
	}

	async standardInput(): Promise<string> {
		return (await this.input?.rest()) ?? this.call.stdin();
	}

	/** @throws Leave for more than a line may use */
	#endless(path: string, most = Infinity): string {
		if (most > MAX_KEPT) throw new Leave(STOPPED('the output is too large'));
		if (!path.endsWith('random')) return '\0'.repeat(most);
		let text = '';
		for (let i = 0; i < most; i++) text += String.fromCharCode(Math.floor(this.shell.draw() * 256));
		return text;
	}

	/** It has so much memory at once. @throws Leave when the kernel ends it for that */
	async hoard(bytes: number): Promise<void> {
		const told = await this.shell.core.memory(this.shell.place, this.name, bytes);
		if (told === 'gone') await this.sleep(1);
		// The shell that waits for it says of what it died.
		if (told !== 'fits') throw new Leave(this.shell.name === 'sh' ? 'Killed\n' : '', 137);
	}

	/** Why nothing is seen at a path: where nobody may look, nobody is told what is there. */
	async missing(path: string): Promise<string> {
		return (await this.shell.files.refusal(this.resolve(path), 'read')) ?? 'No such file or directory';
	}

	/**
	 * Octets of a file or of standard input (`-`), or what is wrong with it.
	 * @param most how many of them are wanted of a file that has no end
	 */
	async tryRead(path: string, most?: number): Promise<{ readonly text: string } | { readonly wrong: string }> {
		if (path === '-') return { text: await this.standardInput() };
		if (ENDLESS.test(path)) {
			if (most === undefined && HOARDS.has(this.name)) await this.hoard(ALL);
			return { text: this.#endless(path, most) };
		}
		const full = this.resolve(path);
		const { files } = this.shell;
		if (!(await files.exists(full))) return { wrong: await this.missing(path) };
		if ((await files.stat(full)).isDirectory) return { wrong: 'Is a directory' };
		try {
			return { text: latin1(await files.readFileBuffer(full)) };
		} catch (error) {
			if (!/^EACCES/.test((error as Error).message)) throw error;
			return { wrong: 'Permission denied' };
		}
	}

	/** The same; what is wrong is said. @param before what stands in front of the name */
	async read(path: string, before = ''): Promise<string | undefined> {
		const found = await this.tryRead(path);
		if ('text' in found) return found.text;
		this.fault(
			before && found.wrong !== 'Is a directory'
				? `${before.replace('%', path)}: ${found.wrong}`
				: `${path}: ${found.wrong}`,
		);
		return undefined;
	}

	/** @throws Leave */
	async save(path: string, text: string, add = false): Promise<void> {
		const wrong = await this.trySave(path, text, add);
		if (wrong !== undefined) throw new Leave(`${this.name}: ${path}: ${wrong}\n`);
	}

	/** Writes a file, or adds to it; says why it could not. */
	async trySave(path: string, text: string, add = false): Promise<string | undefined> {
		const { files } = this.shell;
		const full = this.resolve(path);
		if (await this.isDirectory(path)) return 'Is a directory';
		// The place's files would make the directories that are missing.
		if (!(await this.isDirectory(full.slice(0, full.lastIndexOf('/')) || '/'))) return 'No such file or directory';
		try {
			if (add) await files.appendFile(full, text, 'binary');
			else await files.writeFile(full, text, 'binary');
			return undefined;
		} catch (error) {
			const { message } = error as Error;
			return /^EACCES/.test(message)
				? 'Permission denied'
				: /^EROFS/.test(message)
					? 'Read-only file system'
					: /EISDIR/.test(message)
						? 'Is a directory'
						: /^ENOSPC: no space left/i.test(message)
							? 'No space left on device'
							: /ENOSPC|quota|limit/i.test(message)
								? NO_ROOM
								: 'No such file or directory';
		}
	}

	result(): Result {
		return this.#output.result(this.code);
	}

	leave(code: number): Result {
		return this.#output.result(code);
	}
}

export type CoreProgram = (desk: Desk) => Promise<void>;

/** Runs one of these: what it left by becomes its words and its code. */
export const coreutil =
	(program: CoreProgram) =>
	async (call: ProgramCall, shell: Shell): Promise<Result> => {
		const desk = new Desk(call, shell);
		try {
			await program(desk);
			return desk.result();
		} catch (error) {
			if (error instanceof Interrupted) return desk.leave(130);
			if (!(error instanceof Leave)) throw error;
			if (error.message.startsWith('\u0000')) desk.write(error.message.slice(1));
			else desk.say(error.message);
			return desk.leave(error.code);
		}
	};

/** Parts of a text that end with a mark; the last one may lack it. */
export function parts(text: string, mark = '\n'): string[] {
	if (text === '') return [];
	const list = text.split(mark);
	if (list.at(-1) === '') list.pop();
	return list;
}
