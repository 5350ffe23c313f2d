/**
 * A process of a container that runs by itself, with all that it started: what it used up, which signals came for it,
 * and what is under way in it.
 */
import type { GuestSignal } from '../../sim/lab/index.ts';
import type { LineRun } from './call.ts';

/** What a command costs at first, virtual microseconds: about what starting a small process takes. */
const COST = 100;
/** Lines of output that cost as much as a command does: the runtime reads and stamps each. */
const LINES = 5;
/** It is paid in such pieces: each is a wait of the clock. */
const PIECE = 1000;
/** Commands in a row that cost no more than that. */
const FREE = 20_000;
/** Of those that a second of sleep lets forget. */
const RESTS = 50;
/** Processes at the same time (a limit of pids as container runtimes set it, smaller). */
const MOST = 100;

/** signal(7), x86. */
export const NUMBERS: Readonly<Record<GuestSignal, number>> = {
	HUP: 1,
	INT: 2,
	QUIT: 3,
	KILL: 9,
	USR1: 10,
	USR2: 12,
	TERM: 15,
};

/** Exit code of what a signal came to: its own when it hears that signal. */
export const endOf = ({ ended }: LineRun, signal: GuestSignal): number =>
	ended?.upon.includes(signal) ? ended.code : 128 + NUMBERS[signal];

/** A command that is a process of its own, as `ps` shows it. */
export interface Command {
	readonly argv: readonly string[];
	readonly startedAt: number;
	readonly run: LineRun;
	/** Signal that ended it. */
	killed?: GuestSignal;
	/** What `$!` said of it. */
	readonly pid?: number;
	/** Number of what began it. */
	readonly ppid?: number;
	readonly cwd?: string;
	/** It looks at processes. */
	readonly looks?: boolean;
	/** Its variables as its kernel has them (proc(5), `environ`). */
	readonly environ?: () => string;
	/** Terminal it has. */
	readonly tty?: string;
	signal(name: GuestSignal): void;
}

export class Life {
	/** Ended by SIGKILL, or because its container did. */
	dead = false;
	/** Lines and parts of pipelines that are not over. */
	readonly runs = new Set<LineRun>();
	readonly commands: Command[] = [];
	/** Signals with a handler that was not run yet. */
	readonly pending: GuestSignal[] = [];
	/** What its first process does about a signal. */
	heard: ((name: GuestSignal) => void) | undefined;
	#done = 0;
	#owed = 0;

	/** Whether no process more may be started. */
	get full(): boolean {
		return this.runs.size >= MOST;
	}

	/**
	 * One command more; answers what is to be paid for it now, virtual microseconds. A machine would do thousands of
	 * commands in a millisecond, as long as they go on. What never sleeps costs the more the longer it does not (the
	 * fourth power of the count beyond the first twenty thousand): an hour of a busy loop is some hundred thousand
	 * commands here, and a loop with an end comes to it.
	 */
	command(): number {
		this.#spend(1);
		return this.#owed < PIECE ? 0 : this.#pay();
	}

	/** It wrote so many lines. */
	wrote(lines: number): void {
		this.#spend(lines / LINES);
	}

	#spend(commands: number): void {
		this.#done += commands;
		this.#owed += commands * COST * Math.max(1, (this.#done / FREE) ** 4);
	}

	#pay(): number {
		const now = this.#owed;
		this.#owed = 0;
		return now;
	}

	/** It slept for so many microseconds; answers how long it takes to come to it, which is never nothing. */
	rest(microseconds: number): number {
		this.#done = Math.max(0, this.#done - (microseconds / 1e6) * RESTS);
		this.#spend(1);
		return Math.max(microseconds, this.#pay());
	}

	signal(name: GuestSignal): void {
		if (this.dead) return;
		if (name === 'KILL') this.end();
		else this.heard?.(name);
	}

	/** All of it is over. */
	end(): void {
		this.dead = true;
		for (const run of [...this.runs]) run.interrupt();
	}
}
