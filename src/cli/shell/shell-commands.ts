/** Programs and builtins as a shell finds them; what is seldom asked is fetched then (`found.ts`). */
import type { Place } from '../tool.ts';
import { runTool } from './call.ts';
import { COMMANDS } from './commands.ts';
import type { SessionCore } from './core.ts';
import type { LabFiles } from './files.ts';
import type { Host, Looking, Program, ProgramCall } from './frame.ts';
import type { Result, State } from './just-bash.ts';
import type { PlaceFacts } from './places.ts';
import { asProcess, looks } from './process.ts';
import { programs } from './programs/index.ts';
import { BUILTINS } from './programs/names.ts';
import type { Shell } from './shell.ts';
import { callHostOf } from './start.ts';

/** What is no file, but the shell itself. */
const SHELLS = new Set(
	'. : [ alias bind break builtin caller cd command compgen complete compopt continue declare dirs echo enable eval exec exit export fc false getopts hash let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test true type typeset unalias unset'.split(
		' ',
	),
);

/** Builtins that are files as well. */
const AS_FILES = new Set(['[', 'echo', 'false', 'printf', 'pwd', 'test', 'true']);

/** Directories in which a path names a program of the lab as well as the name alone does. */
const BIN = /^(?:\/usr)?(?:\/local)?\/s?bin\/([^/]+)$/;

/** What can be run in a shell's place, by its name or by where it is. */
export abstract class Commands {
	abstract readonly core: SessionCore;
	abstract readonly place: Place;
	abstract readonly facts: PlaceFacts;
	abstract readonly files: LabFiles;

	/** Something may have changed: the files that the lab makes are made anew when next looked at. */
	touched(): void {
		this.core.turn++;
	}

	program(this: Shell, name: string): Program | undefined {
		this.touched();
		const plain = BIN.exec(name)?.[1] ?? name;
		if (plain.includes('/')) return undefined;
		const tool = this.core.tool(plain, this.place);
		if (tool) return { run: (call: ProgramCall) => asProcess(this, call, (as) => runTool(tool, call, callHostOf(as))) };
		const own = programs().get(plain);
		if (!own || !this.core.isThere(own, this.place, this.facts)) return undefined;
		return {
			...(own.reads ? { reads: own.reads } : {}),
			run: (call) => (BUILTINS.has(plain) ? own.run(call, this) : asProcess(this, call, (as) => own.run(call, as))),
		};
	}

	async commandAt(
		this: Shell,
		args: readonly string[],
		state: State,
		one: (word: string) => Promise<Result>,
	): ReturnType<Host['commandAt']> {
		return (await import('./found.ts')).commandAt(this, state, args, one);
	}

	/** The name of a command of text that was called by its path; undefined of all others. */
	async plain(this: Shell, name: string): Promise<string | undefined> {
		const plain = BIN.exec(name)?.[1];
		if (plain === undefined || !(AS_FILES.has(plain) || (this.facts.commands ?? COMMANDS).includes(plain)))
			return undefined;
		return (await this.files.exists(name)) || !this.facts.container ? plain : undefined;
	}

	async unsimulated(this: Shell, name: string, state: State): Promise<Result | Program | undefined> {
		if (SHELLS.has(name) || (this.facts.commands ?? COMMANDS).includes(name)) return undefined;
		const found = await (await import('./found.ts')).unsimulated(this, state, name);
		if (!found || 'exitCode' in found) return found;
		return { run: (call) => asProcess(this, call, (as) => found.run(call, as)) };
	}

	inWords(this: Shell, name: string): ReturnType<Host['inWords']> {
		if (this.facts.sh !== 'ash' || SHELLS.has(name)) return undefined;
		const { knower, lab } = this.core;
		const plain = name.slice(name.lastIndexOf('/') + 1);
		return knower?.wordsOf?.(this.place, lab).then((w) => w && ((text) => (text === '' ? '' : w(plain, text))));
	}

	async versionOf(this: Shell, name: string, state: State, args: readonly string[]): Promise<Result | undefined> {
		if (args[0] !== '--version' && (this.facts.sh !== 'ash' || SHELLS.has(name))) return undefined;
		return (await import('./found.ts')).versionOf(this, state, name, args);
	}

	async script(this: Shell, name: string, state: State): ReturnType<Host['script']> {
		return (await import('./found.ts')).scriptWords(this, state, name);
	}

	async takenAway(this: Shell, name: string, state: State): Promise<Result | undefined> {
		if (!name.includes('/') && BUILTINS.has(name)) return undefined;
		return this.files.anyTaken ? (await import('./found.ts')).takenAway(this, state, name) : undefined;
	}

	looking(
		this: Shell,
		call: Looking,
		run: Parameters<Host['looking']>[1],
		surely = false,
	): Promise<Result> | undefined {
		if (!surely && !looks(call.args, call.state)) return undefined;
		const { virtualPid } = call.state;
		// A builtin is the shell, where that is a process.
		if (SHELLS.has(call.name) && virtualPid > 0)
			return import('./self.ts').then(({ filesAs }) => run(filesAs(this.files, virtualPid)));
		return asProcess(this, call, ({ files }) => run(files), true);
	}

	async notRun(this: Shell, name: string, state: State): Promise<string | undefined> {
		return (await import('./found.ts')).notRun(this, state, name);
	}

	/** Names that can be run here: for completion, `which` and `help`. */
	names(): readonly string[] {
		return this.core.names(this.place);
	}
}
