/** One shell in one place: what `bash` is while somebody is in it. Its files are the place's; its variables are its own. */
import type { GuestSignal } from '../../sim/lab/index.ts';
import type { Place } from '../tool.ts';
import { arithmeticFault, arithmeticWords, FRACTION, plainSubscripts, withFractions } from './arithmetic.ts';
import { bounded, type CallHost, type LineRun, runTool, type TypingScreen } from './call.ts';
import type { Clock } from './clock.ts';
import { COMMANDS } from './commands.ts';
import type { SessionCore } from './core.ts';
import type { Deed, Speaker } from './dialect.ts';
import type { LabFiles } from './files.ts';
import type { Host, Program, ProgramCall, Run, Stage } from './frame.ts';
import type { Fault } from './grammar/index.ts';
import { plainHereDocuments } from './here-documents.ts';
import { factsFor, type Identity, identityOf, setIdentity } from './identity.ts';
import { makeLive } from './interpreter/index.ts';
import { Jobs } from './jobs.ts';
import {
	Bash,
	type CommandName,
	type Result,
	type ScriptNode,
	type State,
	type StatementNode,
	setState,
	stateOf,
} from './just-bash.ts';
import { type Command, type Life, NUMBERS } from './life.ts';
import { ENDLESS, LIMITS, MOST_RUNS, MOST_SHELLS, STOPPED, stoppedText, unreadable, unreadText } from './limits.ts';
import { envOf, type PlaceFacts, promptText } from './places.ts';
import { programs } from './programs/index.ts';
import { BUILTINS } from './programs/names.ts';
import { random } from './random.ts';
import { deliver, type Routes } from './routes.ts';
import { callHostOf, startOf } from './start.ts';
import { stageOf, threadOf } from './thread.ts';
import { runTraps, trapsOf } from './traps.ts';
import { begin, Draws } from './variables.ts';
import type { Visit } from './visits.ts';

export interface ShellOptions {
	/** `sh` or `bash`: only the name it has. */
	readonly name?: string;
	/** Somebody types into it. */
	readonly interactive: boolean;
	/** Variables on top of the place's. */
	readonly env?: Readonly<Record<string, string>>;
	/** It is a container's own. */
	readonly life?: Life;
	/** Somebody came into a container with it. */
	readonly visit?: Visit | undefined;
	/** Drawn when absent. */
	readonly pid?: number;
	/** Who it is, where that is not who is in the place anyway. */
	readonly as?: Identity | undefined;
}

export interface RunOptions {
	readonly routes: Routes;
	readonly tty: boolean;
	readonly foreground?: boolean;
	/** Called with the exit code at the end, before time may go on. */
	readonly ended?: (code: number) => void;
	readonly stdin?: string;
	/** Words after the script, as `$1` and so on; `$0` first. */
	readonly positional?: readonly string[];
	/** `$0` is a file, which is run. */
	readonly file?: boolean;
	/** State to start from instead of the shell's own: of a job. */
	readonly from?: State;
	/** Interrupted with it, and not busy itself meanwhile. */
	readonly parent?: LineRun;
	/** Who types; a parent's when there is one. */
	readonly screen?: TypingScreen;
	/** The parent waits for something of its own. */
	readonly alongside?: boolean;
	/** Handlers of signals run in it. */
	readonly trapped?: boolean;
	/** Number of its process: of a job. */
	readonly pid?: number;
	/** Of lines inside lines, without a parent: of a job. */
	readonly depth?: number;
	readonly family?: LineRun['family'];
}

/** Words of shells that are not typed into, and what `sh` lacks: when one of them has begun. */
let dialect: typeof import('./dialect.ts') | undefined;
let posix: typeof import('./posix.ts') | undefined;
let grammar: typeof import('./grammar/index.ts') | undefined;

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

/** A syntax tree as it is run. @throws Error when a part of it is none: nothing of its line is run */
function read<T>(ast: T): T {
	for (const { deferredError } of (ast as unknown as ScriptNode).statements)
		if (deferredError) throw Object.assign(new Error(deferredError.message), { name: 'ParseException' });
	return random(ast);
}

export class Shell implements Host {
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
	/** Which `sh` it is; undefined of bash. */
	#posix: 'ash' | 'dash' | undefined;
	/** Whether something of what is run has been read. */
	#kept = false;
	/** How it says what is wrong; as a bash that somebody types into when absent. */
	#speaker: Speaker | undefined;

	constructor(core: SessionCore, place: Place, options: ShellOptions) {
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
		const root = this.facts.user === 'root';
		const pid = options.pid ?? core.nextPid();
		this.#bash = new Bash({
			fs: this.files,
			cwd: this.facts.cwd,
			env: {
				...envOf(this.facts),
				// What the runtime sets for a terminal.
				...(this.facts.container && options.interactive ? { TERM: 'xterm' } : {}),
				...options.env,
			},
			commands: [...((this.facts.commands as CommandName[] | undefined) ?? COMMANDS)],
			executionLimits: options.life ? ENDLESS : LIMITS,
			defenseInDepth: false,
			processInfo: {
				pid,
				ppid: 1,
				uid: this.facts.ids?.uid ?? (root ? 0 : 1000),
				gid: this.facts.ids?.gid ?? (root ? 0 : 1000),
			},
		});
		const state = stateOf(this.#bash) as State & { host?: Host };
		state.host = this;
		setIdentity(state, options.as);
		if (this.facts.container) {
			state.exportedVars?.delete('OLDPWD');
			// runc adds it last, when nobody gave one.
			if (state.exportedVars?.delete('HOME')) state.exportedVars.add('HOME');
			if (options.name === undefined) state.exportedVars?.delete('PWD');
		}
		state.env.set('0', this.#name);
		// dash counts no shells; who runs a command in a container asks none.
		if (this.#name === 'bash' ? options.name !== undefined || !this.facts.container : this.facts.sh === 'ash') {
			state.env.set('SHLVL', String((Number(options.env?.SHLVL) || 0) + 1));
			state.exportedVars.add('SHLVL');
		}
		state.shoptOptions.expand_aliases = options.interactive;
		if (this.#name === 'bash')
			begin(state, state.env.get('BASH_VERSION'), this.facts.ids?.groups ?? (root ? [0] : [1000, 27, 998]));
		this.#bash.registerTransformPlugin({
			name: 'random',
			transform: ({ ast }) => ({ ast: read(this.#posix ? posix!.inPosix(ast, this.#posix) : ast) }),
		});
		if (!options.as) this.files.mkdirSync(this.facts.home, { recursive: true });
		this.files.mkdirSync(this.facts.cwd, { recursive: true });
	}

	/** `sh` or `bash`, as it was called. */
	get name(): string {
		return this.#name;
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
		const line = threadOf(
			this.core,
			{
				text,
				tty: options.tty,
				interactive: this.interactive && foreground,
				foreground,
				keeps: options.from === undefined,
				screen: options.screen ?? options.parent?.screen,
				...(options.parent ? { whole: options.parent.whole ?? options.parent } : {}),
				interruptAt: limit ?? options.parent?.interruptAt,
				depth,
				family: options.parent?.family ?? (this.life ? undefined : options.family) ?? { jobs: 0 },
				...(this.life ? { life: this.life } : {}),
				...(options.pid === undefined ? {} : { pid: options.pid }),
			},
			(run) => bounded(options.routes, run),
			options.parent,
		);
		const { stop } = line;
		if (foreground && options.stdin === undefined) {
			// What runs inside of a line has its terminal, in another place only when that is given to it.
			const { parent } = options;
			line.where = this.place;
			line.input = parent ? (parent.where === this.place ? parent.input : undefined) : line.screen?.keyboard?.(line);
		}
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
			if (this.#name === 'sh' || options.positional) await this.#voice(options);
			const never = unreadable(text);
			const { text: meant, fault } = never === undefined ? await this.#understood(text) : { text };
			const wrong = never === undefined && !fault ? arithmeticFault(meant) : undefined;
			if (never !== undefined) result = { stdout: '', stderr: never, exitCode: 2 };
			else if (wrong) result = { stdout: '', stderr: arithmeticWords(wrong), exitCode: wrong.kind === 'open' ? 2 : 1 };
			else {
				this.#kept = false;
				const begin = (some = meant) =>
					this.#bash.exec(plainSubscripts(plainHereDocuments(some)), {
						rawScript: true,
						signal: stop.signal,
						...(options.stdin === undefined ? {} : { stdin: options.stdin }),
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

	/** How this shell speaks while it runs what it was given. */
	async #voice({ positional, file = false }: RunOptions): Promise<void> {
		const { interactive, facts } = this;
		const sh = this.#name === 'sh' ? (facts.sh ?? 'dash') : undefined;
		if (sh) posix ??= await import('./posix.ts');
		this.#posix = sh;
		// dash's echo knows no options but reads backslashes.
		if (sh === 'dash') this.state.shoptOptions.xpg_echo = true;
		if (positional) this.#speaker = { sh, interactive, name: positional[0] ?? this.#name, file };
		else if (sh) this.#speaker ??= { sh, interactive, name: 'sh', file: false };
		if (this.#speaker) dialect ??= await import('./dialect.ts');
		if (positional) Object.assign(this.state, this.#read());
	}

	/** Where a script begins: what it is read from, which its functions name as well (`BASH_SOURCE`). */
	#read(): Pick<State, 'funcNameStack' | 'callLineStack' | 'sourceStack' | 'currentSource'> {
		const { file, name, interactive } = this.#speaker ?? { file: false, interactive: true };
		return {
			funcNameStack: [],
			callLineStack: file ? [0] : [],
			sourceStack: file ? [name!] : [],
			currentSource: file ? name! : interactive ? 'main' : 'environment',
		};
	}

	/** What a shell that is no bash says of a command that bash has. */
	lacks(name: string, args: readonly string[]): Result | undefined {
		const sh = this.#posix;
		if (!sh) return undefined;
		if (posix!.lacks(sh, name)) return { stdout: '', stderr: `bash: ${name}: command not found\n`, exitCode: 127 };
		if (sh === 'dash' && (name === '[' || name === 'test') && args[1] === '==')
			return { stdout: '', stderr: `bash: ${name}: ${args[0]}: unexpected operator\n`, exitCode: 2 };
		return undefined;
	}

	/** bash's messages, as this shell words them. @param line of the script; the line that is typed when absent */
	said(text: string, line?: number, state?: State, deed?: Deed): string {
		const at = this.interactive ? Math.max(1, this.history.length) : (line ?? 1);
		return this.#speaker && dialect ? dialect.inWords(text, this.#speaker, at, state, deed) : text;
	}

	/** What bash reads of a text; `sh` has a grammar of its own. */
	async #understood(text: string): Promise<{ readonly text: string; readonly fault?: Fault }> {
		if (this.#posix) return { text };
		grammar ??= await import('./grammar/index.ts');
		return grammar.understood(text, this.state.shoptOptions.extglob === true);
	}

	/** Runs what stands before what bash cannot read, and says what is wrong. */
	async #faulty(fault: Fault, text: string, begin: (text: string) => Promise<Result>): Promise<Result> {
		const before = text.slice(0, fault.from);
		const ran = before.trim() === '' ? undefined : await begin(before);
		if (ran && this.left !== undefined) return ran;
		const speaker = this.#speaker;
		let stderr = `bash: ${fault.said}\n`;
		if (speaker && !this.interactive) {
			const begins = `${speaker.name}: ${speaker.file ? '' : '-c: '}line ${fault.line}: `;
			const more = fault.also ?? (fault.shown === undefined ? undefined : `\`${fault.shown}'`);
			stderr = `${begins}${fault.said}\n${more === undefined ? '' : `${begins}${more}\n`}`;
		}
		return { stdout: ran?.stdout ?? '', stderr: (ran?.stderr ?? '') + stderr, exitCode: fault.code };
	}

	async evaluated(text: string, line: number, file?: string): ReturnType<Host['evaluated']> {
		const { text: meant, fault } = await this.#understood(text);
		if (!fault) return { meant };
		const at = fault.line + line - 1;
		const script = this.#speaker && !this.interactive;
		const named = `${script ? '' : 'bash: '}${file}: line ${at}: `;
		const begins = file !== undefined ? named : script ? `bash: eval: line ${at}: ` : 'bash: ';
		const more = fault.also ?? (fault.shown === undefined ? undefined : `\`${fault.shown}'`);
		const also = more !== undefined && begins !== 'bash: ' ? `${begins}${more}\n` : '';
		return { meant, before: text.slice(0, fault.from), said: `${begins}${fault.said}\n${also}`, code: fault.code };
	}

	/** Runs what can be read of a text that is no shell text, and says what is wrong with the rest. */
	async #unread(wrong: Result, text: string, begin: (text: string) => Promise<Result>): Promise<Result> {
		const { readable, unreadText } = await import('./syntax.ts');
		const speaker = this.#speaker;
		const script = speaker && !this.interactive ? speaker : undefined;
		const before = script ? readable(text, (some) => this.parse(some)) : '';
		const named = script && !script.sh ? { name: script.name, file: script.file } : {};
		const stderr = unreadText(wrong.stderr, { text, before, ...named, say: (said, line) => this.said(said, line) });
		// What stands behind a `;` just-bash has run when it finds it.
		if (before === '' || this.#kept) return { ...wrong, stderr };
		const ran = await begin(before);
		return this.left === undefined ? { ...wrong, stdout: ran.stdout, stderr: ran.stderr + stderr } : ran;
	}

	#finish(result: Result, line: LineRun, options: RunOptions): number {
		const stopped = unreadText(result.stderr) ?? (result.exitCode === 126 ? stoppedText(result.stderr) : undefined);
		if (line.interrupted) result = { ...result, exitCode: 128 + NUMBERS[line.signal ?? 'INT'], stderr: '' };
		else if (stopped) result = { ...result, stderr: stopped };
		deliver(result, line.routes);
		if (options.from === undefined) {
			this.state.lastExitCode = result.exitCode;
			this.state.env.set('?', String(result.exitCode));
			if (this.state.options.errexit && result.exitCode !== 0) this.left ??= result.exitCode;
		}
		return result.exitCode;
	}

	/** Something may have changed: the files that the lab makes are made anew when next looked at. */
	touched(): void {
		this.core.turn++;
	}

	// What the interpreter asks.

	runOf(signal: AbortSignal | undefined): LineRun | undefined {
		return signal && this.#runs.get(signal);
	}

	program(name: string): Program | undefined {
		this.touched();
		const plain = BIN.exec(name)?.[1] ?? name;
		if (plain.includes('/')) return undefined;
		const tool = this.core.tool(plain, this.place);
		if (tool) return { run: (call: ProgramCall) => this.#process(call, () => runTool(tool, call, this.callHost())) };
		const own = programs().get(plain);
		if (!own || !this.core.isThere(own, this.place, this.facts)) return undefined;
		return {
			...(own.reads ? { reads: own.reads } : {}),
			run: (call) => (BUILTINS.has(plain) ? own.run(call, this) : this.#process(call, () => own.run(call, this))),
		};
	}

	async commandAt(
		args: readonly string[],
		state: State,
		one: (word: string) => Promise<Result>,
	): ReturnType<Host['commandAt']> {
		return (await import('./found.ts')).commandAt(this, state, args, one);
	}

	/** The name of a command of text that was called by its path; undefined of all others. */
	async plain(name: string): Promise<string | undefined> {
		const plain = BIN.exec(name)?.[1];
		if (plain === undefined || !(AS_FILES.has(plain) || (this.facts.commands ?? COMMANDS).includes(plain)))
			return undefined;
		return (await this.files.exists(name)) || !this.facts.container ? plain : undefined;
	}

	async unsimulated(name: string, state: State): Promise<Result | Program | undefined> {
		if (SHELLS.has(name) || (this.facts.commands ?? COMMANDS).includes(name)) return undefined;
		const found = await (await import('./found.ts')).unsimulated(this, state, name);
		if (!found || 'exitCode' in found) return found;
		return { run: (call) => this.#process(call, () => found.run(call, this)) };
	}

	inWords(name: string): ReturnType<Host['inWords']> {
		if (this.facts.sh !== 'ash' || SHELLS.has(name)) return undefined;
		const { knower, lab } = this.core;
		const plain = name.slice(name.lastIndexOf('/') + 1);
		return knower?.wordsOf?.(this.place, lab).then((w) => w && ((text) => (text === '' ? '' : w(plain, text))));
	}

	async versionOf(name: string, state: State): Promise<Result | undefined> {
		return (await import('./found.ts')).versionOf(this, state, name);
	}

	async script(name: string, state: State): ReturnType<Host['script']> {
		return (await import('./found.ts')).scriptWords(this, state, name);
	}

	async takenAway(name: string, state: State): Promise<Result | undefined> {
		if (!name.includes('/') && BUILTINS.has(name)) return undefined;
		return this.files.anyTaken ? (await import('./found.ts')).takenAway(this, state, name) : undefined;
	}

	async notRun(name: string, state: State): Promise<string | undefined> {
		return (await import('./found.ts')).notRun(this, state, name);
	}

	/** A command in a container is a process that others see, and that can be ended without its shell. */
	async #process(call: ProgramCall, run: () => Promise<Result>): Promise<Result> {
		const life = this.life ?? this.visit;
		if (!life) return run();
		const { core } = this;
		const line = call.run as LineRun;
		const { pid } = line;
		const command: Command = {
			argv: [call.name, ...call.args],
			startedAt: core.lab.now,
			run: line,
			...(pid === undefined ? {} : { pid }),
			signal(name) {
				command.killed = name;
				core.clock.cut(line);
				for (const child of core.childrenOf(line)) child.interrupt();
			},
		};
		life.commands.push(command);
		try {
			const result = await run();
			return command.killed ? { ...result, exitCode: 128 + NUMBERS[command.killed] } : result;
		} finally {
			life.commands.splice(life.commands.indexOf(command), 1);
		}
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

	background(statement: StatementNode, state: State, run: Run): Result {
		return this.jobs.start(statement, state, run as LineRun);
	}

	keep(state: State, run: Run): void {
		this.#kept = true;
		if (!(run as LineRun).keeps) return;
		setState(this.#bash, {
			...state,
			groupStdin: undefined,
			signal: undefined,
			extraArgs: undefined,
			suppressVerbose: false,
			loopDepth: 0,
			callDepth: 0,
			localScopes: [],
			...this.#read(),
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
		await this.core.breath.take();
		const life = (run as LineRun | undefined)?.life;
		if (!life) return undefined;
		const cost = life.command();
		// Of what is ended, the interpreter says so itself.
		if (cost > 0) await this.clock.sleep(run as LineRun, cost).catch(() => undefined);
		const signal = run === this.#trapped && !run?.interrupted ? life.pending.shift() : undefined;
		return signal && trapsOf(this.state).get(signal);
	}

	/** Names that can be run here: for completion, `which` and `help`. */
	names(): readonly string[] {
		return this.core.names(this.place);
	}
}
