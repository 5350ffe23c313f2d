/**
 * grep as GNU's 3.8 does it, egrep and fgrep. just-bash's knows one pattern, few options and Perl's kind of matching.
 *
 * Differences: lines are written as they come, also into a pipe; directories are read in the order of their names;
 * `-P` has no possessive quantifiers, atomic groups or recursion; there are no warnings (stray backslashes, a star that repeats nothing).
 */
import { Interrupted } from '../../tool.ts';
import { type LineRun, Output } from '../call.ts';
import type { ProgramCall } from '../frame.ts';
import type { Result } from '../just-bash.ts';
import { LIMITS, STOPPED } from '../limits.ts';
import { isShown, latin1, octetsOf } from '../routes.ts';
import type { Shell } from '../shell.ts';
import { finderOf } from './matcher.ts';
import { type GrepOptions, grepWords } from './options.ts';
import { Search } from './search.ts';
import { PatternError } from './tree.ts';

/** A shell's pattern for names, as a test. */
function glob(pattern: string): (name: string) => boolean {
	const source = pattern
		.replace(/\/$/, '')
		.replace(/[.+^$()|\\{}]/g, '\\$&')
		.replace(/\*/g, '.*')
		.replace(/\?/g, '.');
	const test = new RegExp(`^${source}$`, 's');
	return (name) => test.test(name);
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lenient = new TextDecoder('utf-8', { ignoreBOM: true });

/** A line's text, and whether it is none. */
function textOf(octets: string, end: string): { readonly line: string; readonly binary: boolean } {
	const bytes = octetsOf(octets);
	try {
		return { line: strict.decode(bytes), binary: end === '\n' && octets.includes('\0') };
	} catch {
		return { line: lenient.decode(bytes), binary: true };
	}
}

/** Octets that may come through a pipe while no time passes: `tail -f` may go on for days, `seq` may not. */
const MOST_AT_ONCE = LIMITS.maxInputBytes! / 2;

class TooMuch extends Error {}

class Grep {
	readonly #call: ProgramCall;
	readonly #shell: Shell;
	readonly #o: GrepOptions;
	readonly #search: Search;
	readonly #output: Output;
	#failed = false;

	constructor(call: ProgramCall, shell: Shell, output: Output, o: GrepOptions) {
		this.#call = call;
		this.#shell = shell;
		this.#o = o;
		this.#output = output;
		const tty = (call.run as LineRun).tty && isShown(call.routes);
		const color = o.color === 'always' || (o.color === 'auto' && tty);
		const withNames = o.names ?? (o.files.length > 1 || o.recursive);
		const write = (text: string): void => output.out({ text, binary: false });
		const say = (text: string): void => output.err({ text, binary: false });
		this.#search = new Search(o, finderOf(o), { write, say }, color, withNames);
	}

	async run(): Promise<number> {
		const { files, recursive, show } = this.#o;
		for (const file of files.length > 0 ? files : [recursive ? '' : '-']) {
			if (file === '-') await this.#standardInput();
			else await this.#path(file, true);
			if (show === 'nothing' && this.#search.found) return 0;
		}
		return this.#failed ? 2 : this.#search.found ? 0 : 1;
	}

	#fail(name: string, what: string): void {
		this.#failed = true;
		if (!this.#o.silent) this.#output.err({ text: `grep: ${name}: ${what}\n`, binary: false });
	}

	async #standardInput(): Promise<void> {
		const { input } = this.#call;
		this.#search.begin(this.#o.label);
		if (!input) this.#lines(this.#call.stdin(), true);
		else {
			let rest = '';
			let [read, at] = [0, 0];
			while (!this.#search.enough) {
				const text = await input.lines();
				if (text === undefined) break;
				const { now } = this.#shell.core.lab;
				read = now === at ? read + text.length : text.length;
				at = now;
				if (read > MOST_AT_ONCE) throw new TooMuch(STOPPED('the input does not end'));
				rest = this.#lines(rest + text, false);
			}
			if (rest !== '') this.#lines(rest, true);
		}
		this.#search.end();
	}

	/** Takes all whole lines, and what is behind them when that is the end; answers what is left. */
	#lines(octets: string, all: boolean): string {
		const { end } = this.#o;
		let at = 0;
		while (at < octets.length && !this.#search.enough) {
			const stop = octets.indexOf(end, at);
			if (stop < 0 && !all) return octets.slice(at);
			const { line, binary } = textOf(octets.slice(at, stop < 0 ? undefined : stop), end);
			this.#search.take(line, binary);
			at = stop < 0 ? octets.length : stop + 1;
		}
		return '';
	}

	/** @param named whether it is a word of the line, and not found in a directory */
	async #path(path: string, named: boolean): Promise<void> {
		const { files } = this.#shell;
		const full = files.resolvePath(this.#call.state.cwd, path === '' ? '.' : path);
		const base = path.slice(path.lastIndexOf('/') + 1);
		if (!(await files.exists(full)))
			return this.#fail(path, (await files.refusal(full, 'read')) ?? 'No such file or directory');
		if ((await files.stat(full)).isDirectory) {
			const { recursive, directories, excludeDirs } = this.#o;
			if (!recursive) {
				if (directories === 'read') this.#fail(path, 'Is a directory');
				return;
			}
			if (!named && excludeDirs.some((pattern) => glob(pattern)(base))) return;
			const prefix = path === '' ? '' : path.endsWith('/') ? path : `${path}/`;
			for (const name of [...(await files.readdir(full))].sort()) {
				if (this.#o.show === 'nothing' && this.#search.found) return;
				await this.#path(prefix + name, false);
			}
			return;
		}
		const { include, exclude } = this.#o;
		if (include.length > 0 && !include.some((pattern) => glob(pattern)(base))) return;
		if (exclude.some((pattern) => glob(pattern)(base))) return;
		await this.#shell.breathe();
		this.#search.begin(path);
		this.#lines(latin1(await files.readFileBuffer(full)), true);
		this.#search.end();
	}
}

/** Runs it. */
export async function grep(call: ProgramCall, shell: Shell): Promise<Result> {
	const output = new Output(call.routes);
	const name = call.name.slice(call.name.lastIndexOf('/') + 1);
	const read = async (path: string): Promise<string | undefined> => {
		if (path === '-') return lenient.decode(octetsOf(call.stdin()));
		const full = shell.files.resolvePath(call.state.cwd, path);
		return (await shell.files.exists(full)) && !(await shell.files.stat(full)).isDirectory
			? shell.files.readFile(full)
			: undefined;
	};
	const words = await grepWords(name, call.args, read);
	if ('error' in words) {
		output.err({ text: words.error, binary: false });
		return output.result(2);
	}
	try {
		return output.result(await new Grep(call, shell, output, words).run());
	} catch (error) {
		// What it had written into a file stays there.
		if (error instanceof Interrupted) return output.result(130);
		if (error instanceof TooMuch) {
			output.err({ text: error.message, binary: false });
			return output.result(2);
		}
		if (!(error instanceof PatternError || error instanceof RangeError)) throw error;
		const what = error instanceof PatternError ? error.message : 'Regular expression too big';
		output.err({ text: `grep: ${what}\n`, binary: false });
		return output.result(2);
	}
}
