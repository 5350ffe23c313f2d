/**
 * just-bash's interpreter made live: each command's output goes to its route as soon as it is known to be meant for the
 * terminal, tools of the lab run with the lab's time, `&` starts a job, a line's state outlives the line, and a loop
 * lets the page breathe. Instances without a host (`state.host`) are as just-bash made them.
 *
 * Output is meant for the terminal unless something collects it. What is surely inside a pipe, a redirection or `$(...)`
 * has no route and comes back as a result; where the outermost such thing ends, the result is delivered. So nothing is
 * printed twice, and what is not sure is only shown later.
 */
import { arithmeticFault, arithmeticWords } from './arithmetic.ts';
import {
	type CommandNode,
	type Interpreter,
	interpreterPrototype,
	type Result,
	type State,
	type StatementNode,
} from './just-bash.ts';
import { behind, deliver, NOWHERE, type Routes } from './routes.ts';
import { Verbose } from './verbose.ts';

/** One line, script or job, from its start to its end. */
export interface Run {
	readonly routes: Routes;
	/** What is run. */
	readonly text: string;
	interrupted: boolean;
	/** Stops everything at the next statement. */
	readonly stop: AbortController;
}

/** What the interpreter needs of the shell it runs for. */
export interface Host {
	/** The run whose outermost interpreter has this signal. */
	runOf(signal: AbortSignal | undefined): Run | undefined;
	/** The run that is at work; for interpreters inside interpreters (`xargs`). */
	current: Run | undefined;
	/** The program of a name, if it is one of the lab's. */
	program(name: string): Program | undefined;
	/** Starts a job; answers its number and process id. */
	background(statement: StatementNode, state: State, run: Run): Result;
	/** The line's state, when it is over. */
	keep(state: State, run: Run): void;
	/** The line said `exit`. */
	exit(code: number, run: Run): void;
	/** Milliseconds of the lab since the shell began. */
	elapsed(): number;
	breathe(): Promise<void>;
	readonly user: string;
}

/** A program of the lab in the place of one of just-bash's commands. */
export type Program = (call: ProgramCall) => Promise<Result>;

export interface ProgramCall {
	readonly name: string;
	readonly args: readonly string[];
	/** Standard input, one octet for each character; reading it uses it up. */
	stdin(): string;
	readonly state: State;
	readonly run: Run;
	/** Where output goes at once; what has no route is returned. */
	readonly routes: Routes;
}

type HostedState = State & { host?: Host };

interface Frame {
	readonly host: Host;
	readonly run: Run;
	/** The one whose state the shell keeps. */
	readonly outermost: boolean;
	routes: Routes;
	/** Routes of a simple command while its words are expanded, when nothing may be written. */
	waiting: Routes | undefined;
	/** A builtin runs (`eval`, `source`): a script that it executes is the command's own. Any other is a substitution's. */
	builtin: boolean;
	/** The lines of the outermost script, as `set -v` shows them. */
	verbose: Verbose | undefined;
	/** The pipeline that runs now: its last member is the one that writes to its routes. */
	pipe: { readonly last: CommandNode | undefined; readonly joined: ReadonlySet<CommandNode> } | undefined;
}

const frames = new WeakMap<Interpreter, Frame>();

function frameOf(interpreter: Interpreter): Frame | undefined {
	const known = frames.get(interpreter);
	if (known) return known;
	const state = interpreter.ctx.state as HostedState;
	const { host } = state;
	if (!host) return undefined;
	const wanted = host.runOf(state.signal);
	// An interpreter inside the line's own, of `$((...))` say, has the same signal.
	const own = wanted && !claimed.has(wanted) ? wanted : undefined;
	if (own) claimed.add(own);
	const run = wanted ?? host.current;
	if (!run) return undefined;
	const frame: Frame = {
		host,
		run,
		outermost: own !== undefined,
		routes: own ? own.routes : NOWHERE,
		waiting: undefined,
		builtin: false,
		verbose: undefined,
		pipe: undefined,
	};
	frames.set(interpreter, frame);
	return frame;
}

let ready = false;

/** Makes the interpreter live, once. Safe to call again. */
export function makeLive(): void {
	if (ready) return;
	ready = true;
	const proto = interpreterPrototype();
	const original = { ...methodsOf(proto) };

	proto.executeScript = async function (script) {
		const frame = frameOf(this);
		if (!frame) return original.executeScript.call(this, script);
		const { waiting, routes, builtin } = frame;
		const first = frame.outermost && !started.has(this);
		started.add(this);
		if (!first && !builtin) frame.routes = NOWHERE;
		if (first) frame.verbose = new Verbose(frame.run.text, script);
		frame.waiting = undefined;
		frame.builtin = false;
		try {
			const result = await original.executeScript.call(this, script);
			if (first && this.ctx.state.options.verbose) show(frame.verbose!.rest(), routes);
			return result;
		} catch (error) {
			if (first && (error as Error).name === 'ExitError') {
				frame.host.exit((error as { exitCode: number }).exitCode, frame.run);
			}
			throw error;
		} finally {
			frame.waiting = waiting;
			frame.routes = routes;
			frame.builtin = builtin;
			if (first) frame.host.keep(this.ctx.state, frame.run);
		}
	};

	proto.executeStatement = async function (statement) {
		const frame = frameOf(this);
		if (!frame) return original.executeStatement.call(this, statement);
		await frame.host.breathe();
		const { state } = this.ctx;
		if (statement.background) return deliver(frame.host.background(statement, state, frame.run), frame.routes);
		const { routes } = frame;
		const quiet = state.suppressVerbose;
		if (state.options.verbose && !quiet && statement.sourceText && routes.err) {
			show(frame.verbose?.lines(statement) ?? `${statement.sourceText}\n`, routes);
			state.suppressVerbose = true;
		}
		try {
			return deliver(await original.executeStatement.call(this, statement), routes);
		} finally {
			state.suppressVerbose = quiet;
			frame.routes = routes;
		}
	};

	proto.executePipeline = async function (pipeline) {
		const frame = frameOf(this);
		if (!frame) return original.executePipeline.call(this, pipeline);
		const { routes, pipe } = frame;
		const joined = new Set(pipeline.commands.filter((_, i) => pipeline.pipeStderr?.[i]));
		frame.pipe = pipeline.commands.length > 1 ? { last: pipeline.commands.at(-1), joined } : undefined;
		const began = frame.host.elapsed();
		try {
			const result = await original.executePipeline.call(
				this,
				pipeline.timed ? { ...pipeline, timed: false } : pipeline,
			);
			if (pipeline.timed) result.stderr += timeText(frame.host.elapsed() - began, pipeline.timePosix === true);
			return deliver(result, routes);
		} finally {
			frame.routes = routes;
			frame.pipe = pipe;
			if (frame.run.interrupted) frame.run.stop.abort();
		}
	};

	proto.executeCommand = async function (node, stdin, inherited) {
		const frame = frameOf(this);
		if (!frame) return original.executeCommand.call(this, node, stdin, inherited);
		const { routes, pipe, builtin } = frame;
		frame.builtin = false;
		const own: Routes =
			!pipe || pipe.last === node ? routes : { out: undefined, err: pipe.joined.has(node) ? undefined : routes.err };
		frame.pipe = undefined;
		frame.routes = node.type === 'SimpleCommand' ? own : behind(node.redirections, own);
		try {
			const result = await original.executeCommand.call(this, node, stdin, inherited);
			return deliver(result, own, this.ctx.state.options.xtrace || listsFirst(node));
		} finally {
			frame.routes = routes;
			frame.pipe = pipe;
			frame.builtin = builtin;
		}
	};

	proto.executeSimpleCommand = async function (node, stdin) {
		const frame = frameOf(this);
		if (!frame) return original.executeSimpleCommand.call(this, node, stdin);
		const { state } = this.ctx;
		const { routes, waiting } = frame;
		frame.routes = NOWHERE;
		// Under `set -x` the trace comes with the result; what the command itself writes has to come after it.
		frame.waiting = state.options.xtrace ? NOWHERE : behind(node.redirections, routes);
		state.startTime = Date.now() - frame.host.elapsed();
		try {
			return await original.executeSimpleCommand.call(this, node, stdin);
		} finally {
			frame.routes = routes;
			frame.waiting = waiting;
		}
	};

	proto.runCommand = async function (name, args, quoted, stdin, ...more) {
		const frame = frameOf(this);
		if (!frame) return original.runCommand.call(this, name, args, quoted, stdin, ...more);
		const { state } = this.ctx;
		const { routes, waiting, builtin, host } = frame;
		const fault = name === 'eval' || name === 'let' ? evaluated(name, args) : undefined;
		if (fault !== undefined) return { stdout: '', stderr: fault, exitCode: 1 };
		const own = waiting ?? routes;
		const defined = more[0] === true ? undefined : state.functions.get(name);
		frame.waiting = undefined;
		frame.routes = defined ? behind(defined.redirections, own) : own;
		frame.builtin = true;
		host.current = frame.run;
		try {
			const program = defined ? undefined : host.program(name);
			if (!program) {
				const words = mend(name, args);
				const spaced = words === args ? quoted : words.map(() => true);
				const result = await original.runCommand.call(this, name, words, spaced, stdin, ...more);
				return mended(name, args, result, frame.host.user);
			}
			let used = false;
			const result = await program({
				name,
				args,
				stdin: () => {
					used = true;
					return stdin || (state.groupStdin ?? '');
				},
				state,
				run: frame.run,
				routes: own,
			});
			return { ...result, internalStdinConsumed: used ? stdin.length : 0 };
		} finally {
			frame.waiting = waiting;
			frame.routes = routes;
			frame.builtin = builtin;
		}
	};
}

function show(text: string, { err }: Routes): void {
	if (text !== '') err?.({ text, binary: false });
}

const started = new WeakSet<Interpreter>();
const claimed = new WeakSet<Run>();

function methodsOf(proto: Interpreter) {
	const { executeScript, executeStatement, executePipeline, executeCommand, executeSimpleCommand, runCommand } = proto;
	return { executeScript, executeStatement, executePipeline, executeCommand, executeSimpleCommand, runCommand };
}

/** What is wrong in the arithmetic that a builtin would read. */
function evaluated(name: string, args: readonly string[]): string | undefined {
	const fault = arithmeticFault(name === 'eval' ? args.join(' ') : `$((${args.join(', ')}))`);
	return fault && arithmeticWords(fault);
}

/** `ls` says what it did not find before it lists what it found. */
function listsFirst(node: CommandNode): boolean {
	const parts = (node.name as { parts?: readonly { value?: string }[] } | null | undefined)?.parts;
	return parts?.length === 1 && parts[0]!.value === 'ls';
}

/** What `time` says: the lab's time, and no time of a processor, which the lab has none of. */
function timeText(milliseconds: number, posix: boolean): string {
	const seconds = (milliseconds / 1000).toFixed(posix ? 2 : 3);
	if (posix) return `real ${seconds}\nuser 0.00\nsys 0.00\n`;
	const minutes = Math.floor(milliseconds / 60_000);
	return `\nreal\t${minutes}m${((milliseconds % 60_000) / 1000).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}

/** Short options that just-bash's commands know only apart from each other or from their value. */
const APART: Readonly<Record<string, RegExp>> = { xargs: /^-([nIPLds])(.+)$/, paste: /^-(s)?(d)(.+)$/ };

function mend(name: string, args: string[]): string[] {
	const pattern = Object.hasOwn(APART, name) ? APART[name]! : undefined;
	if (!pattern) return args;
	const words: string[] = [];
	for (const [i, word] of args.entries()) {
		// The command that xargs runs has options of its own.
		if (!word.startsWith('-') && !/^-[nIPLds]$/.test(args[i - 1] ?? '')) return [...words, ...args.slice(i)];
		const parts = pattern.exec(word)?.slice(1).filter(Boolean);
		if (parts) words.push(...parts.slice(0, -1).map((letter) => `-${letter}`), parts.at(-1)!);
		else words.push(word);
	}
	return words;
}

/** just-bash's `ls -l` has one owner for all, directories of no size, and a slash behind them. */
function mended(name: string, args: readonly string[], result: Result, user: string): Result {
	// just-bash knows names of programs that it leaves to Node.
	if (result.stderr.includes('not available in browser environments'))
		return { ...result, stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
	if (name !== 'ls' || !result.stdout.includes(' user user ')) return result;
	const marks = args.some((word) => /^-[a-zA-Z]*[Fp]/.test(word));
	const stdout = result.stdout
		.replace(/^([a-z-]{10} +\d+) user user /gm, `$1 ${user} ${user} `)
		.replace(/^(d\S+ +\d+ \S+ \S+) {4} 0 /gm, '$1  4096 ');
	return { ...result, stdout: marks ? stdout : stdout.replace(/^(d.*[^/])\/$/gm, '$1') };
}
