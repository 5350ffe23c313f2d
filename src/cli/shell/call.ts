/** One run of a tool: the contract's `Call`, made of what the interpreter gives a program. */
import type { Cluster, GuestSignal, Lab } from '../../sim/lab/index.ts';
import { type Call, type Ended, Interrupted, type Person, type Place, type Tool } from '../tool.ts';
import type { Clock, Thread } from './clock.ts';
import { exported } from './exported.ts';
import { filesOf, type LabFiles } from './files.ts';
import type { ProgramCall, Run } from './frame.ts';
import { type Identity, identityOf } from './identity.ts';
import type { Result } from './just-bash.ts';
import type { Life } from './life.ts';
import { MAX_KEPT, MAX_SHOWN, STOPPED } from './limits.ts';
import type { NotWritten } from './not-written.ts';
import type { Pipe } from './pipe.ts';
import { alike, isIntoFile, isShown, type Octets, octetsOf, type Routes } from './routes.ts';
import type { Shell } from './shell.ts';
import { terminalIn } from './terminals.ts';

/** The terminal that somebody sits at. */
export interface TypingScreen {
	/** Number of the terminal. */
	readonly tab: number;
	/** Opens a shell in the one that runs; answers the code it was left with. Who opened it is busy again by then. */
	open(shell: Shell): Promise<number>;
	/** What is typed while a line runs, for whatever of it reads; absent when nobody can. */
	keyboard?(line: LineRun): Pipe;
	/** Shows an editor; absent when there is none. Whoever waits for it is not busy meanwhile. */
	edit?(file: Parameters<NonNullable<Call['edit']>>[0], signal: AbortSignal): Promise<string | undefined>;
}

/** A line, with what the clock and the shell know of it. */
export interface LineRun extends Thread, Run {
	readonly routes: Routes;
	readonly stop: AbortController;
	/** Whether its output is a terminal. */
	readonly tty: boolean;
	/** Whether it has a terminal, wherever its output goes. */
	readonly terminal: boolean;
	/** Whether a shell may be opened in it: the learner types, or a script is read line by line. */
	interactive: boolean;
	/** What is typed into it while it runs; absent where nobody can. */
	input?: Pipe;
	/** Where that arrives. */
	where?: Place;
	/** Who types; absent for a job and for what is run before anybody comes. */
	readonly screen?: TypingScreen;
	/** Aborted by Ctrl-C, whatever is at work. */
	cancel: AbortController;
	/** Whether what it changes is the shell's: a line's is, a job's is not. */
	readonly keeps: boolean;
	/** Characters shown. */
	shown: number;
	/** Lines that it is inside of, itself included. */
	readonly depth: number;
	/** What it and all that it started have begun in the background. */
	readonly family: { jobs: number };
	/** Steps of tools. */
	steps: number;
	/** Tools at work. */
	tools: number;
	/** Of a command in a pipeline: whether it wrote where nobody reads any more. */
	broken?: boolean;
	/** Exit code, when it is over. */
	code?: number;
	/** Number of its process, of a job's. */
	readonly pid?: number;
	/** Number of the process that a command in a container is just now. */
	process?: number | undefined;
	/** Whether the first of its commands has begun. */
	under?: boolean;
	/** What it was interrupted by; SIGINT when absent. */
	signal?: GuestSignal;
	/** What came to the process that it is just now, and not to all of it. */
	struck?: GuestSignal | undefined;
	/** It has no terminal of who began it: Ctrl-C there does not reach it, and it is heard no more. */
	detached?: boolean;
	/** What it is inside of. */
	readonly outer?: LineRun;
	/** How a program ended that heard the signal, as ping and tcpdump do. */
	ended?: Ended;
	/** What it is a part of, of a container's own commands. */
	readonly life?: Life;
}

/** What a call needs of the session. */
export interface CallHost {
	readonly lab: Lab;
	readonly clock: Clock;
	readonly place: Place;
	readonly files: LabFiles;
	filesAt(place: Place): LabFiles;
	/** The lab may have changed: files that it makes are to be made anew. */
	touched(): void;
	/** Who is there by himself. */
	readonly who: Identity;
	runAt(place: Place, command: readonly string[], stdin: string, from: CallOutput, as?: Person): Promise<number>;
	enter(place: Place, shell: string, stdin: string, from: CallOutput, as?: Person): Promise<number>;
	has(place: Place, command: string): boolean;
	cluster(place: Place, env: ReadonlyMap<string, string>): Cluster | undefined;
}

export interface CallOutput {
	/** Signals do not reach what runs there, and it is heard no more. */
	readonly detached?: boolean;
	readonly run: LineRun;
	readonly tty: boolean;
	readonly routes: Routes;
}

/** Steps of tools in one line. */
const MAX_STEPS = 2_000_000;

/**
 * A program that heard Ctrl-C and ended by itself: bash goes on with what stands behind it, as if nothing had come
 * (jobs.c wait_sigint_received @ 5.1). Of a pipeline another command has ended by it.
 */
function resumes(run: LineRun, { upon }: Ended): boolean {
	if (run.signal !== undefined || !upon.includes('INT') || run.whole !== undefined) return false;
	const lines: LineRun[] = [];
	for (let line: LineRun | undefined = run; line; line = line.outer) lines.push(line);
	if (run.life || lines.some(({ stop }) => stop.signal.aborted)) return false;
	for (const line of lines) {
		line.interrupted = false;
		line.cancel = new AbortController();
	}
	return true;
}

/** Runs a tool; what it throws other than `Interrupted` is shown as the defect it is. */
export async function runTool(tool: Tool, program: ProgramCall, host: CallHost): Promise<Result> {
	const run = program.run as LineRun;
	const output = new Output(program.routes, () => {
		output.err({ text: STOPPED('the output is too large'), binary: false });
		throw new Interrupted();
	});
	const { state } = program;
	const tty = run.tty && isShown(program.routes);
	let input: string | undefined;
	const from: CallOutput = { run, tty, routes: output.routes };
	const screen = run.screen ?? (run.whole as LineRun | undefined)?.screen;
	const check = (): void => {
		if (run.interrupted) throw new Interrupted();
		if (++run.steps > MAX_STEPS && !run.life) {
			output.err({ text: STOPPED('it does too much'), binary: false });
			throw new Interrupted();
		}
	};
	const stdin = (): string => {
		input ??= new TextDecoder().decode(octetsOf(program.stdin()));
		return input;
	};
	/** While somebody edits, this line waits; others may go on. */
	const edit: NonNullable<Call['edit']> = async (file) => {
		check();
		const text = await run.screen!.edit!(file, run.cancel.signal);
		host.touched();
		if (run.interrupted) throw new Interrupted();
		return text;
	};
	const call: Call = {
		args: program.args,
		name: program.name.slice(program.name.lastIndexOf('/') + 1),
		get stdin() {
			return stdin();
		},
		env: exported(state),
		who: identityOf(state) ?? host.who,
		cwd: state.cwd,
		files: {
			...filesOf(host.files, state.cwd),
			write: async (path, content) =>
				(await import('./not-written.ts')).write(tool.name, host.files, state.cwd, path, content),
		},
		filesAt: (place) => filesOf(host.filesAt(place), '/'),
		place: host.place,
		lab: host.lab,
		tty,
		typed: run.terminal && !program.fed,
		...(screen && run.terminal ? { terminal: terminalIn(host.place, screen.tab) } : {}),
		get signal() {
			return run.struck ?? run.signal ?? 'INT';
		},
		out: (text) => output.out({ text, binary: false }),
		outBytes: (bytes) => output.bytes(bytes),
		err: (text) => output.err({ text, binary: false }),
		async sleep(microseconds) {
			check();
			await host.clock.sleep(run, run.life?.rest(microseconds) ?? microseconds);
			host.touched();
		},
		async until(done, timeout) {
			check();
			const held = await host.clock.until(run, done, timeout);
			host.touched();
			return held;
		},
		async runAt(place, command, text = '', as, terminal = true, signals = terminal) {
			const into = { ...from, tty: tty && terminal, ...(signals ? {} : { detached: true }) };
			const code = await host.runAt(place, command, text, into, as);
			// Nobody reads what it runs any more: it has no say in that.
			if (run.broken) throw new Interrupted();
			return code;
		},
		has: (place, command) => host.has(place, command),
		enter: (place, shell, as) => host.enter(place, shell, stdin(), from, as),
		...(tty && run.screen?.edit ? { edit: (file) => edit(file) } : {}),
		cluster: () => host.cluster(host.place, state.env),
		check,
	};
	run.tools++;
	try {
		return output.result(await tool.run(call));
	} catch (error) {
		if (error instanceof Interrupted) {
			if (error.ended && resumes(run, error.ended)) return output.result(error.ended.code);
			if (error.ended) run.ended = error.ended;
			return output.result(130);
		}
		// `Files.read` of a directory: what most programs say of it.
		if (/: Is a directory$/.test((error as Error).message)) {
			output.err({ text: `${call.name}: ${(error as Error).message}\n`, binary: false });
			return output.result(1);
		}
		if (error instanceof Error && 'why' in error) {
			const { notWrittenText } = await import('./not-written.ts');
			const { text, code } = notWrittenText(tool.name, error as NotWritten);
			output.err({ text, binary: false });
			return output.result(code);
		}
		// What a learner gave it is nested so deeply that the host's stack ends.
		const deep = error instanceof RangeError && /call stack/.test(error.message);
		const what = deep ? 'it is nested too deeply' : `the simulator failed: ${(error as Error).message}`;
		output.err({ text: `${call.name}: ${what}\n`, binary: false });
		return output.result(70);
	} finally {
		run.tools--;
		host.touched();
	}
}

/** Writes where there is a route, and keeps the rest for the result. */
export class Output {
	readonly #routes: Routes;
	readonly #tooLarge: () => void;
	#kept: Octets[] = [];
	#size = 0;
	#errors = '';

	/** @param tooLarge called when more is kept than a command may write */
	constructor(routes: Routes, tooLarge: () => void = () => {}) {
		this.#routes = routes;
		this.#tooLarge = tooLarge;
	}

	out(octets: Octets): void {
		if (octets.text === '') return;
		const { out } = this.#routes;
		if (!isShown(this.#routes)) {
			this.#size += octets.text.length;
			if (this.#size > MAX_KEPT) this.#tooLarge();
		}
		if (out) out(octets);
		else this.#kept.push(octets);
	}

	bytes(bytes: Uint8Array): void {
		let text = '';
		for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
		this.out({ text, binary: true });
	}

	err(octets: Octets): void {
		if (octets.text === '') return;
		if (this.#routes.err) this.#routes.err(octets);
		else this.#errors += octets.text;
	}

	/** Routes of what is run within, which end here. */
	get routes(): Routes {
		return {
			out: alike((o) => this.out(o), this.#routes.out),
			err: alike((o) => this.err(o), this.#routes.err),
		};
	}

	result(exitCode: number): Result {
		const binary = this.#kept.some((o) => o.binary);
		const stdout = this.#kept.map((o) => (binary && !o.binary ? utf8(o.text) : o.text)).join('');
		return { stdout, stderr: this.#errors, exitCode, stdoutKind: binary ? 'bytes' : 'text' };
	}
}

const utf8 = (text: string): string => {
	const bytes = new TextEncoder().encode(text);
	let out = '';
	for (const byte of bytes) out += String.fromCharCode(byte);
	return out;
};

/** Routes of a line, with an end to what it may show. */
export function bounded(routes: Routes, run: () => LineRun): Routes {
	const through = (write: Routes['out']): Routes['out'] =>
		write &&
		alike((octets) => {
			const line = run();
			if (line.life || isIntoFile(write)) {
				if (!line.interrupted) write(octets);
				return;
			}
			if (line.shown > MAX_SHOWN) return;
			// just-bash's own word for Ctrl-C, when it comes inside a command.
			if (line.interrupted && octets.text === 'execution aborted\n') return;
			line.shown += octets.text.length;
			write(octets);
			if (line.shown > MAX_SHOWN) {
				routes.err?.({ text: STOPPED('the output is too large'), binary: false });
				line.interrupt();
			}
		}, write);
	return { out: through(routes.out), err: through(routes.err) };
}
