/** Commands in the background: they wait along while a line in front waits, and say at the next prompt that they ended. */
import type { LineRun } from './call.ts';
import { copyOf } from './fork.ts';
import type { Result, State, StatementNode } from './just-bash.ts';
import { MOST_JOBS } from './limits.ts';
import { isIntoFile, NOWHERE, type Routes } from './routes.ts';
import type { Shell } from './shell.ts';

/** How bash names what a signal ended (strsignal(3)); an end from here is that of `kill` without one. */
export const ENDED: Readonly<Record<number, string>> = {
	129: 'Hangup',
	130: 'Interrupt',
	131: 'Quit',
	137: 'Killed',
	138: 'User defined signal 1',
	140: 'User defined signal 2',
	143: 'Terminated',
};

export interface Job {
	readonly number: number;
	readonly pid: number;
	readonly text: string;
	readonly startedAt: number;
	/** Its exit code, when it is over. */
	readonly code: number | undefined;
	/** Microseconds; undefined while it runs. */
	readonly endedAt: number | undefined;
	readonly run: LineRun;
	/** Process that waits for it: the shell, or a subshell. */
	readonly owner: number;
	/** Whether the shell itself began it, and tells of it. */
	readonly told: boolean;
}

export class Jobs {
	readonly list: Job[] = [];
	readonly #shell: Shell;
	/** Jobs whose end is known to the shell: it waited for them, or they were killed before the last prompt. */
	readonly #reaped = new WeakSet<Job>();

	constructor(shell: Shell) {
		this.#shell = shell;
	}

	/** @param routes those of them that lead into files are the job's, all others its line's */
	start(statement: StatementNode, state: State, run?: LineRun, routes: Routes = NOWHERE): Result {
		const shell = this.#shell;
		const text = (statement.sourceText ?? '').replace(/\s*&\s*$/, '');
		const parent = shell.current ?? run;
		if (!text || !parent) return { stdout: '', stderr: 'bash: this cannot run in the background here\n', exitCode: 1 };
		// All that one line starts, and what that starts: what starts itself again ends.
		const family = (run ?? parent).family;
		if (shell.life?.full || family.jobs >= MOST_JOBS)
			return { stdout: '', stderr: 'bash: fork: retry: Resource temporarily unavailable\n', exitCode: 254 };
		family.jobs++;
		const told = state.bashPid === state.virtualPid;
		const number = (this.list.at(-1)?.number ?? 0) + 1;
		const pid = shell.core.nextPid(shell.place);
		state.lastBackgroundPid = pid;
		const startedAt = shell.core.lab.now;
		let endedAt: number | undefined;
		void shell.run(text, {
			ended: () => {
				endedAt = shell.core.lab.now;
			},
			routes: {
				out: isIntoFile(routes.out) ? routes.out : parent.routes.out,
				err: isIntoFile(routes.err) ? routes.err : parent.routes.err,
			},
			tty: parent.tty && !isIntoFile(routes.out),
			foreground: false,
			from: { ...copyOf(state), bashPid: pid },
			pid,
			depth: (run ?? parent).depth,
			family,
		});
		const own = shell.lastStarted!;
		const job: Job = {
			number,
			pid,
			text,
			startedAt,
			run: own,
			owner: state.bashPid,
			told,
			get code() {
				return own.code;
			},
			get endedAt() {
				return endedAt;
			},
		};
		this.list.push(job);
		return { stdout: '', stderr: shell.interactive && told ? `[${number}] ${pid}\n` : '', exitCode: 0 };
	}

	/** By `%2`, a process id, `%%` or nothing for the last one. */
	find(word: string | undefined): Job | undefined {
		if (word === undefined || word === '%%' || word === '%+' || word === '%') return this.list.at(-1);
		const number = word.startsWith('%') ? Number(word.slice(1)) : undefined;
		return this.list.find((job) => (number === undefined ? job.pid === Number(word) : job.number === number));
	}

	line(job: Job): string {
		const mark = job === this.list.at(-1) ? '+' : job === this.list.at(-2) ? '-' : ' ';
		const word = job.code === undefined ? 'Running' : job.code === 0 ? 'Done' : (ENDED[job.code] ?? `Exit ${job.code}`);
		return `[${job.number}]${mark}  ${word.padEnd(22)}  ${job.text}${job.code === undefined ? ' &' : ''}\n`;
	}

	/** Somebody waited for its end. */
	reaped(job: Job): void {
		this.#reaped.add(job);
	}

	/** Whether it is told of no more: a script has said all of what it waited for (bash jobs.c notify_of_job_status()). */
	isOver(job: Job): boolean {
		return !this.#shell.interactive && job.code !== undefined && this.#reaped.has(job);
	}

	/** What ended since the last prompt, as bash says it before the next one. */
	news(): string {
		const { now } = this.#shell.core.lab;
		const over = this.list.filter((job) => {
			// What was killed just now is not yet reaped, however soon it ends here.
			const justNow = job.run.interrupted && (job.endedAt ?? now) === now && !this.#reaped.has(job);
			if (justNow) this.#reaped.add(job);
			return job.code !== undefined && !justNow;
		});
		const text = over
			.filter(({ told }) => told)
			.map((job) => this.line(job))
			.join('');
		for (const job of over) this.list.splice(this.list.indexOf(job), 1);
		return text;
	}
}
