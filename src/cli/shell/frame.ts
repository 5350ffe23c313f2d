/** What is known of each interpreter at work: for whom it runs, where its output goes and where its input comes from. */
import type { Clock, Thread } from './clock.ts';
import type { Deed } from './dialect.ts';
import type { IFileSystem, Interpreter, Result, State, StatementNode } from './just-bash.ts';
import type { OpenFile } from './open-files.ts';
import type { Pipe } from './pipe.ts';
import { NOWHERE, type Routes } from './routes.ts';
import type { Verbose } from './verbose.ts';

/** One line, script or job, from its start to its end. */
export interface Run {
	readonly routes: Routes;
	/** What is run. */
	readonly text: string;
	interrupted: boolean;
	/** Commands at work that end by themselves when they are interrupted. */
	tools: number;
	/** Stops everything at the next statement. */
	readonly stop: AbortController;
	/** What is typed into it. */
	input?: Pipe;
	/** Whether a file or another program is its standard input. */
	readonly fed?: boolean;
}

/** A command of a pipeline. */
export interface Stage extends Run, Thread {
	/** Whether it wrote into a pipe that nobody reads any more. */
	broken: boolean;
	/** Whether it waits for what may never happen. */
	waitsForever(): boolean;
	/** It is over: nobody ends it any more. */
	over(): void;
}

/** What the interpreter needs of the shell it runs for. */
export interface Host {
	/** The run whose outermost interpreter has this signal. */
	runOf(signal: AbortSignal | undefined): Run | undefined;
	/** The run that is at work; for interpreters inside interpreters (`xargs`). */
	atWork: Run | undefined;
	/** The program of a name, if it is one of the lab's. */
	program(name: string): Program | undefined;
	/** How a script that is named by its path is run; undefined when it is no script. */
	/** `command -v` and `-V`: `one` answers of what is no file. */
	commandAt(args: readonly string[], state: State, one: (word: string) => Promise<Result>): Promise<Result>;
	/** The name of a command of text that was called by its path. */
	plain(name: string): Promise<string | undefined>;
	/** What runs of a program that is there as a file alone, or what one says that is not simulated. */
	unsimulated(name: string, state: State): Promise<Result | Program | undefined>;
	/** How a program's errors are worded by the one that is installed in the place; undefined where they are as they are. */
	inWords(name: string): Promise<((text: string) => string) | undefined> | undefined;
	/** What is said of a program that somebody took away from its place. */
	takenAway(name: string, state: State): Promise<Result | undefined>;
	/** What a program of the place says of its version, by the release of its system, or of an option it has not. */
	versionOf(name: string, state: State, args: readonly string[]): Promise<Result | undefined>;
	script(
		name: string,
		state: State,
	): Promise<readonly string[] | { readonly fault: string; readonly code: number } | undefined>;
	/** Runs a command of just-bash as a process, with the files as that has them; undefined of what does not look at any. */
	looking(call: Looking, run: (files: IFileSystem) => Promise<Result>, surely?: boolean): Promise<Result> | undefined;
	/** Why a program cannot be run. */
	notRun(name: string, state: State): Promise<string | undefined>;
	readonly interactive: boolean;
	/** Lines typed, oldest first. */
	readonly history: string[];
	/** What a shell that is no bash says of a command that bash has; undefined when it has it. */
	lacks(name: string, args: readonly string[]): Result | undefined;
	/** bash's messages as the shell words them: a script says its line, `sh` has words of its own. */
	said(text: string, line: number | undefined, state: State, deed?: Deed): string;
	/** The syntax tree of a text. @throws Error for what is no shell text */
	parse(text: string): unknown;
	/** A text of `eval` as it is run, or what is wrong with it and what of it runs before. */
	evaluated(
		text: string,
		line: number,
		/** Of a file that `.` reads. */
		file?: string,
	): Promise<{ readonly meant: string; readonly before?: string; readonly said?: string; readonly code?: number }>;
	/** Starts a job; answers its number and process id. Of its routes, those that lead into files are the job's. */
	background(statement: StatementNode, state: State, run: Run, routes: Routes): Result;
	/** Opens a file for what runs to write into. */
	openFile(path: string, run: Run): OpenFile;
	/** The line's state, when it is over. */
	keep(state: State, run: Run): void;
	/** The line said `exit`. */
	exit(code: number, run: Run): void;
	/** Milliseconds of the lab since the shell began. */
	elapsed(): number;
	/** Lets others go on; answers the handler of a signal that came for what runs. */
	breathe(run: Run): Promise<string | undefined>;
	readonly clock: Clock;
	/** One command of a pipeline, which can be ended without the others; the `last` one has the line's own output. */
	stage(whole: Run, last: boolean): Stage;
	/** Starts a script with the variables and functions of a state, of which it takes its own copy. */
	within<T>(state: State, start: () => T): T;
	/** Ends a line that does too much, and says so. */
	stop(run: Run, what: string): void;
	readonly user: string;
	/** Seconds since 1970 in the lab. */
	now(): number;
	/** `RANDOM` was set. */
	seed(seed: string): void;
	/** A number from 0 below 1, drawn by the lab. */
	draw(): number;
}

/** A program of the lab in the place of one of just-bash's commands. */
export interface Program {
	/** Whether it reads a pipe line by line. */
	readonly reads?: 'itself';
	run(call: ProgramCall): Promise<Result>;
}

export interface ProgramCall {
	readonly name: string;
	readonly args: readonly string[];
	/** Standard input, one octet for each character; reading it uses it up. */
	stdin(): string;
	/** Standard input that is still being written, of a program that reads it line by line; `stdin` is empty then. */
	readonly input?: Pipe;
	/** Whether standard input is a file or another program, whatever there is in it. */
	readonly fed: boolean;
	/**
	 * Runs another command in its place, with the same input and output, more variables, and without those `gone`; without
	 * a name, just-bash's own of this name.
	 */
	instead(
		name: string | undefined,
		args: string[],
		env: readonly (readonly [name: string, value: string])[],
		gone?: readonly string[],
	): Promise<Result>;
	readonly state: State;
	readonly run: Run;
	/** The shell becomes it. */
	readonly becomes?: boolean;
	/** Where output goes at once; what has no route is returned. */
	readonly routes: Routes;
}

export type Looking = Pick<ProgramCall, 'name' | 'args' | 'run' | 'state' | 'becomes'>;

type HostedState = State & { host?: Host };

export interface Frame {
	readonly host: Host;
	readonly run: Run;
	/** The one whose state the shell keeps. */
	readonly outermost: boolean;
	routes: Routes;
	/** Routes of a simple command while its words are expanded, when nothing may be written. */
	waiting: Routes | undefined;
	/** A builtin runs (`eval`, `source`): a script that it executes is the command's own. Any other is a substitution's. */
	builtin: boolean;
	/** That builtin reads a file, whose lines are its own. */
	reads: boolean;
	/** Statements inside each other, of one script. */
	level: number;
	/** Line of which something was dropped: the rest of it is as well. */
	dropped: number | undefined;
	/** The lines of the outermost script, as `set -v` shows them. */
	verbose: Verbose | undefined;
	/** Standard input that somebody is still writing, of a command behind a `|`, or is still typing. */
	input: Pipe | undefined;
	/** Whether a file or another program is its standard input. */
	fed: boolean;
	/** What redirections, pipes and substitutions have left of the terminal, whatever is kept back. */
	shown: Routes;
	/** The text of the statement that runs. */
	source?: string | undefined;
	/** What is run, expanded, while it is traced. */
	words?: readonly string[] | undefined;
	/** The shell becomes the program that is run next, instead of starting it. */
	becomes?: boolean | undefined;
	/** Code of what the shell became, which ends it. */
	become?: number | undefined;
	/** `eval`s inside each other, and what they read. */
	evals: number;
	evaluated: number;
}

/** Whether what runs there reads a file or another program, and not a terminal. */
export const isFed = ({ fed, input }: Frame): boolean => fed || (input !== undefined && !input.typed);

const frames = new WeakMap<Interpreter, Frame>();
const claimed = new WeakSet<Run>();

/** What is known of an interpreter; undefined for one without a host. */
export function frameOf(interpreter: Interpreter): Frame | undefined {
	const known = frames.get(interpreter);
	if (known) return known;
	const state = interpreter.ctx.state as HostedState;
	const { host } = state;
	if (!host) return undefined;
	const wanted = host.runOf(state.signal);
	// An interpreter inside the line's own, of `$((...))` say, has the same signal.
	const own = wanted && !claimed.has(wanted) ? wanted : undefined;
	if (own) claimed.add(own);
	const run = wanted ?? host.atWork;
	if (!run) return undefined;
	const frame: Frame = {
		host,
		run,
		outermost: own !== undefined,
		routes: own ? own.routes : NOWHERE,
		waiting: undefined,
		builtin: false,
		reads: false,
		level: 0,
		dropped: undefined,
		verbose: undefined,
		input: own?.input,
		fed: own?.fed ?? false,
		shown: own ? own.routes : NOWHERE,
		evals: 0,
		evaluated: 0,
	};
	adopt(interpreter, frame);
	return frame;
}

type Exec = Interpreter['ctx']['execFn'];
const execs = new WeakMap<Interpreter, Exec>();

/** How just-bash itself runs a script in an interpreter of its own. */
export const execOf = (interpreter: Interpreter): Exec => execs.get(interpreter) ?? interpreter.ctx.execFn;

/** Makes an interpreter one with a frame. Interpreters that it makes (`xargs`) find its run by the host. */
export function adopt(interpreter: Interpreter, frame: Frame, signal?: AbortSignal): void {
	frames.set(interpreter, frame);
	const { ctx } = interpreter;
	const exec = execOf(interpreter);
	execs.set(interpreter, exec);
	ctx.execFn = (script, options, ...more) => {
		frame.host.atWork = frame.run;
		const start = () => exec(script, signal ? { ...options, signal } : options, ...more);
		// Commands say whether they give their input on. `$((...))` says nothing: what stands in it sees all that there is now.
		return more.length > 0 ? start() : frame.host.within(ctx.state, start);
	};
}
