/** One shell in one place: what `bash` is while somebody is in it. Its files are the place's; its variables are its own. */
import type { GuestSignal } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import { arithmeticFault, arithmeticWords, FRACTION, plainSubscripts, withFractions } from './arithmetic.ts';
import { begun } from './begin.ts';
import type { CallHost, LineRun } from './call.ts';
import type { Clock } from './clock.ts';
import type { SessionCore } from './core.ts';
import type { Deed } from './dialect.ts';
import type { LabFiles } from './files.ts';
import type { Host, Run, Stage } from './frame.ts';
import type { Fault } from './grammar/index.ts';
import { plainHereDocuments } from './here-documents.ts';
import { factsFor, identityOf } from './identity.ts';
import { makeLive } from './interpreter/index.ts';
import { Jobs } from './jobs.ts';
import {
	type Bash,
	hasPatterns,
	loadPatterns,
	type Result,
	type State,
	type StatementNode,
	setState,
	stateOf,
} from './just-bash.ts';
import { endOf, type Life } from './life.ts';
import { MOST_RUNS, MOST_SHELLS, STOPPED, stoppedText, unreadable, unreadText } from './limits.ts';
import type { OpenFile } from './open-files.ts';
import { type PlaceFacts, promptText } from './places.ts';
import { evaluated, faultText, understood, unread } from './reading.ts';
import { deliver, type Routes, readable } from './routes.ts';
import { Commands } from './shell-commands.ts';
import { lineOf } from './shell-line.ts';
import type { RunOptions, ShellOptions } from './shell-options.ts';
import { callHostOf, startOf } from './start.ts';
import { stageOf } from './thread.ts';
import { runTraps, trapsOf } from './traps.ts';
import { Draws } from './variables.ts';
import type { Visit } from './visits.ts';
import { Voice } from './voice.ts';

export class Shell extends Commands implements Host {
	readonly core: SessionCore;
	readonly place: Place;
	readonly facts: PlaceFacts;
	readonly files: LabFiles;
	readonly interactive: boolean;
	readonly jobs: Jobs;
	/** Lines typed here, oldest first. */
	readonly history: string[] = [];
	current: LineRun | undefined;
	/** The signal that it ended by. */
	endedBy: GuestSignal | undefined;
	/** What the interpreter runs just now: the line, or a command of its pipeline. */
	atWork: Run | undefined;
	/** The line that `run` began last. */
	lastStarted: LineRun | undefined;
	/** What was left of a line's standard input. */
	unread: string | undefined;
	/** Code it was left with. */
	left: number | undefined;
	/** What a line last said to leave with, whether that leaves the shell or not. */
	saidCode: number | undefined;
	readonly life: Life | undefined;
	readonly visit: Visit | undefined;
	/** Numbers of `RANDOM`, once it was set. */
	draws: Draws | undefined;
	/** The line whose handlers of signals are run. */
	#trapped: LineRun | undefined;
	readonly #bash: Bash;
	readonly #runs = new Map<AbortSignal, LineRun>();
	readonly #began: number;
	readonly #name: string;
	/** Whether something of what is run has been read. */
	#kept = false;
	readonly #voice: Voice;

	constructor(core: SessionCore, place: Place, options: ShellOptions) {
		super();
		makeLive();
		this.core = core;
		this.place = place;
		this.facts = options.as ? factsFor(core.facts(place), options.as) : core.facts(place);
		this.files = core.files(place);
		this.interactive = options.interactive;
		this.life = options.life;
		this.visit = options.visit;
		this.#name = options.name ?? 'bash';
		this.jobs = new Jobs(this);
		this.#began = core.lab.now;
		this.#voice = new Voice(this.#name, this.interactive, this.facts);
		this.#bash = begun({
			host: this,
			name: this.#name,
			facts: this.facts,
			files: this.files,
			pid: options.pid ?? core.nextPid(place),
			options,
			meant: (ast) => this.#voice.meant(ast),
		});
		if (!options.as) this.files.mkdirSync(this.facts.home, { recursive: true });
		this.files.mkdirSync(this.facts.cwd, { recursive: true });
	}

	/** `sh` or `bash`, as it was called. */
	get name(): string {
		return this.#name;
	}

	/** When it began. */
	get began(): number {
		return this.#began;
	}

	get user(): string {
		return this.facts.user;
	}

	get state(): State {
		return stateOf(this.#bash);
	}

	get prompt(): string {
		return promptText(this.facts, this.state.cwd, this.#name);
	}

	get lastCode(): number {
		return this.state.lastExitCode;
	}

	/** As before the first line. */
	forgetCode(): void {
		this.state.lastExitCode = 0;
		this.state.env.set('?', '0');
		this.left = undefined;
	}

	/** The syntax tree of a text. @throws just-bash's errors for what is no shell text */
	parse(text: string): unknown {
		if (unreadable(text) !== undefined) throw new Error('it is not read');
		const fault = arithmeticFault(text);
		if (fault) throw new Error(fault.kind === 'open' ? 'unexpected EOF' : 'operand expected');
		return this.#bash.transform(text).ast;
	}

	/** Runs a text to its end, its jobs excepted, and answers the exit code. */
	async run(text: string, options: RunOptions): Promise<number> {
		const { core } = this;
		const { clock, lab, patience } = core;
		const depth = (options.parent?.depth ?? options.depth ?? 0) + 1;
		if (depth > MOST_SHELLS || core.runs >= MOST_RUNS) {
			if (options.parent && depth > MOST_SHELLS) this.stop(options.parent, 'it calls itself without end');
			else options.routes.err?.({ text: 'bash: fork: retry: Resource temporarily unavailable\n', binary: false });
			options.ended?.(254);
			return 254;
		}
		core.runs++;
		const foreground = options.foreground ?? options.parent?.foreground ?? true;
		const limit = patience !== undefined && foreground && !options.parent ? lab.now + patience : undefined;
		const line = lineOf(this, text, options, limit, depth);
		const { stop } = line;
		if (options.trapped) {
			this.#trapped = line;
			// Its copies share it: a handler is known while the line runs.
			trapsOf(this.state);
		}
		const before = this.current;
		// A job is not what Ctrl-C ends.
		if (foreground) this.current = line;
		this.atWork = line;
		this.lastStarted = line;
		this.#runs.set(stop.signal, line);
		const as = identityOf(options.from ?? this.state);
		if (as) this.files.asked.push(as);
		clock.begin();
		const pauses = options.parent !== undefined && !options.alongside;
		if (pauses) clock.end();
		let result: Result;
		try {
			if (!hasPatterns()) await loadPatterns();
			await this.#voice.begin(options, this.state, text);
			const never = unreadable(text);
			const { text: meant, fault } =
				never === undefined ? await understood(text, this.#voice, this.#extglob) : { text };
			const wrong = never === undefined && !fault ? arithmeticFault(meant) : undefined;
			if (never !== undefined) result = { stdout: '', stderr: never, exitCode: 2 };
			else if (wrong) result = { stdout: '', stderr: arithmeticWords(wrong), exitCode: wrong.kind === 'open' ? 2 : 1 };
			else {
				this.#kept = false;
				const begin = (some = meant) =>
					this.#bash.exec(plainSubscripts(plainHereDocuments(some)), {
						rawScript: true,
						signal: stop.signal,
						...startOf(options),
					});
				const start = (some?: string) => (options.from ? this.within(options.from, () => begin(some)) : begin(some));
				if (fault) result = await this.#faulty(fault, text, start);
				else result = await start();
				if (!fault && FRACTION.test(result.stderr)) result = await start(withFractions(meant));
				if (!fault && result.exitCode === 2 && /^bash: (?:syntax error|line \d+: unexpected EOF)/.test(result.stderr))
					result = await this.#unread(result, text, start);
			}
		} catch (error) {
			result = { stdout: '', stderr: `bash: ${(error as Error).message}\n`, exitCode: 1 };
		}
		if (options.from === undefined)
			result = { ...result, exitCode: await runTraps(this, line, options, result.exitCode) };
		this.touched();
		if (line.interrupted && limit !== undefined && lab.now >= limit)
			options.routes.err?.({ text: STOPPED(`it waits longer than ${patience! / 60e6} minutes`), binary: false });
		line.code = this.#finish(result, line, options);
		this.#runs.delete(stop.signal);
		if (as) this.files.asked.splice(this.files.asked.lastIndexOf(as), 1);
		core.runs--;
		this.life?.runs.delete(line);
		if (foreground) this.current = before;
		this.atWork = before;
		options.parent && this.core.childrenOf(options.parent).delete(line);
		// Only now may time go on: who waits for this line's end has to find it ended.
		options.ended?.(line.code);
		if (pauses) clock.begin();
		clock.end();
		return line.code;
	}

	/** This shell is left by Ctrl-D. */
	async leave(routes: Routes, tty: boolean): Promise<void> {
		const text = trapsOf(this.state).get('EXIT');
		if (text) await this.run(text, { routes, tty });
	}

	get #extglob(): boolean {
		return this.state.shoptOptions.extglob === true;
	}

	evaluated(text: string, line: number, file?: string): ReturnType<Host['evaluated']> {
		return evaluated(text, this.#voice, this.#extglob, line, file);
	}

	/** What a shell that is no bash says of a command that bash has. */
	lacks(name: string, args: readonly string[]): Result | undefined {
		return this.#voice.lacks(name, args);
	}

	/** The options that are on, as `$-` has them. */
	flags(state: State): string {
		return this.#voice.flags(state);
	}

	/** bash's messages, as this shell words them. @param line of the script; the line that is typed when absent */
	said(text: string, line?: number, state?: State, deed?: Deed): string {
		const at = this.interactive ? Math.max(1, this.history.length) : (line ?? 1);
		return this.#voice.said(text, at, state, deed);
	}

	/** Runs what stands before what bash cannot read, and says what is wrong. */
	async #faulty(fault: Fault, text: string, begin: (text: string) => Promise<Result>): Promise<Result> {
		const before = text.slice(0, fault.from);
		const ran = before.trim() === '' ? undefined : await begin(before);
		if (ran && this.left !== undefined) return ran;
		const stderr = (ran?.stderr ?? '') + faultText(fault, this.#voice);
		return { stdout: ran?.stdout ?? '', stderr, exitCode: fault.code };
	}

	/** Runs what can be read of a text that is no shell text, and says what is wrong with the rest. */
	async #unread(wrong: Result, text: string, begin: (text: string) => Promise<Result>): Promise<Result> {
		const { before, stderr } = await unread(
			wrong,
			text,
			this.#voice,
			(some) => this.parse(some),
			(said, line) => this.said(said, line),
		);
		if (/: bad substitution\n$/.test(stderr)) wrong = { ...wrong, exitCode: 1 };
		// What stands behind a `;` just-bash has run when it finds it.
		if (before === '' || this.#kept) return { ...wrong, stderr };
		const ran = await begin(before);
		return this.left === undefined ? { ...wrong, stdout: ran.stdout, stderr: ran.stderr + stderr } : ran;
	}

	#finish(result: Result, line: LineRun, options: RunOptions): number {
		const stopped = unreadText(result.stderr) ?? (result.exitCode === 126 ? stoppedText(result.stderr) : undefined);
		if (line.interrupted) result = { ...result, exitCode: endOf(line, line.signal ?? 'INT'), stderr: '' };
		else if (stopped) result = { ...result, stderr: stopped };
		deliver(result, line.routes);
		if (options.from === undefined) {
			this.state.lastExitCode = result.exitCode;
			this.state.env.set('?', String(result.exitCode));
			if (this.state.options.errexit && result.exitCode !== 0) this.left ??= result.exitCode;
		}
		return result.exitCode;
	}

	// What the interpreter asks.

	runOf(signal: AbortSignal | undefined): LineRun | undefined {
		return signal && this.#runs.get(signal);
	}

	callHost(): CallHost {
		return callHostOf(this);
	}

	get clock(): Clock {
		return this.core.clock;
	}

	stage(whole: Run, last: boolean): Stage {
		return stageOf(this.core, whole as LineRun, last);
	}

	stop(run: Run, what: string): void {
		const line = run as LineRun;
		const whole = (line.whole as LineRun | undefined) ?? line;
		if (whole.interrupted) return;
		whole.routes.err?.({ text: STOPPED(what), binary: false });
		whole.interrupt();
	}

	within<T>(state: State, start: () => T): T {
		const { state: own } = this;
		setState(this.#bash, { ...state, loopDepth: 0 });
		try {
			// It takes its copy at once.
			return start();
		} finally {
			setState(this.#bash, own);
		}
	}

	background(statement: StatementNode, state: State, run: Run, routes: Routes): Result {
		return this.jobs.start(statement, state, run as LineRun, routes);
	}

	openFile(path: string, run: Run): OpenFile {
		return this.files.open(path, () => this.stop(run, 'the output is too large'));
	}

	keep(state: State, run: Run): void {
		this.#kept = true;
		if (!(run as LineRun).keeps) return;
		this.unread = readable({ text: (state.groupStdin ?? '') + (run.input?.held ?? ''), binary: true });
		setState(this.#bash, {
			...state,
			groupStdin: undefined,
			signal: undefined,
			extraArgs: undefined,
			suppressVerbose: false,
			loopDepth: 0,
			callDepth: 0,
			localScopes: [],
			...this.#voice.reads(),
		});
	}

	exit(code: number, run: Run): void {
		this.saidCode = code;
		if ((run as LineRun).keeps) this.left = code;
	}

	elapsed(): number {
		return (this.core.lab.now - this.#began) / 1000;
	}

	now(): number {
		const { lab } = this.core;
		return lab.epoch + Math.floor(lab.now / 1000) / 1000;
	}

	draw(): number {
		return this.core.draw() / 32_768;
	}

	/** From now on `RANDOM` has bash's numbers behind this one. */
	seed(seed: string): void {
		this.draws = new Draws(seed);
	}

	async breathe(run?: Run): Promise<string | undefined> {
		const line = run as LineRun | undefined;
		// What begins in the background is under way before its line goes on, however busy the machine is.
		if (!line || line.foreground || line.under) await this.core.breath.take();
		else line.under = true;
		const life = line?.life;
		if (!life) return undefined;
		const cost = life.command();
		// Of what is ended, the interpreter says so itself.
		if (cost > 0) await this.clock.sleep(line!, cost).catch(() => undefined);
		const signal = run === this.#trapped && !run?.interrupted ? life.pending.shift() : undefined;
		return signal && trapsOf(this.state).get(signal);
	}
}
