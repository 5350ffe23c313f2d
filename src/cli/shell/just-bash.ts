/**
 * The one place that touches just-bash (3.4.2): its shell, its filesystem, and its interpreter, which it does not export.
 *
 * just-bash runs a line to its end and then returns what was written. A terminal shows each thing as it happens, keeps
 * variables from line to line, and lets time pass meanwhile. For that `interpreter` works on the interpreter's
 * methods. Instances of it are made inside `exec` and nowhere handed out, but its constructor binds its own methods:
 * `findInterpreter` listens to `bind` during the first, synchronous part of one run of an empty command.
 * `tests/unit/cli/just-bash.test.ts` fails if a new version of just-bash is built otherwise.
 */
import * as justBash from 'just-bash/browser';
import { Bash, type BashOptions, type IFileSystem, InMemoryFs } from 'just-bash/browser';

export type { BashOptions, CommandName, IFileSystem } from 'just-bash/browser';
export { Bash, InMemoryFs };

/** A redirection of the syntax tree, as far as it is looked at. */
export interface Redirection {
	readonly fd: number | null;
	readonly operator: string;
	/** `{name}>`: a variable that gets the number. */
	readonly fdVariable?: string;
	/** A word, or a here-document. */
	readonly target?: unknown;
}

/** Any command node of the syntax tree. */
export interface CommandNode {
	readonly type: string;
	/** Of its first word, counted from the begin of the text. */
	readonly line?: number;
	readonly name?: unknown;
	readonly redirections?: readonly Redirection[];
	/** Ours: a shell that runs it ends with it, and becomes it. */
	readonly tail?: boolean;
}

export interface StatementNode {
	/** What is wrong with the text behind it. */
	readonly deferredError?: { readonly message: string };
	readonly pipelines: readonly PipelineNode[];
	readonly background: boolean;
	readonly sourceText?: string;
}

export interface PipelineNode {
	readonly commands: readonly CommandNode[];
	readonly pipeStderr?: readonly boolean[];
	readonly negated?: boolean;
	readonly timed?: boolean;
	readonly timePosix?: boolean;
}

export interface SubshellNode extends CommandNode {
	readonly body: readonly StatementNode[];
}

export interface ScriptNode {
	readonly type: 'Script';
	statements: StatementNode[];
}

/** What a command answers inside the interpreter. */
export interface Result {
	stdout: string;
	stderr: string;
	exitCode: number;
	/** How `stdout` is to be read: as text, or as one octet for each character. */
	stdoutKind?: 'text' | 'bytes';
	/** The same, of commands that say it so. */
	stdoutEncoding?: 'binary';
	internalOutputAccounting?: { stdout: number; stderr: number };
	internalStdinConsumed?: number;
}

/** The interpreter's state, as far as it is looked at. */
export interface State {
	env: Map<string, string>;
	cwd: string;
	previousDir: string;
	functions: Map<string, { readonly redirections: readonly Redirection[]; readonly sourceFile?: string }>;
	options: Record<string, boolean>;
	shoptOptions: Record<string, boolean>;
	exportedVars: Set<string>;
	lastExitCode: number;
	startTime: number;
	lastBackgroundPid: number;
	nextVirtualPid: number;
	/** Number of the process, which a subshell has of its own. */
	bashPid: number;
	/** Number of the shell, `$$`. */
	virtualPid: number;
	arrays?: Map<string, { kind: 'indexed' | 'associative'; elements: Map<string, string> }>;
	lastArg: string;
	commandCount: number;
	suppressVerbose?: boolean;
	signal?: AbortSignal;
	groupStdin?: string;
	extraArgs?: readonly string[];
	/** Whether something hangs on the code of what runs: `set -e` ends nothing then. */
	inCondition?: boolean;
	/** Ours: subshells it is inside of. */
	subshell?: number;
	/** Ours: it is a `$(...)`, which knows its shell's jobs. */
	substituted?: boolean;
	directoryStack?: string[];
	loopDepth: number;
	callDepth: number;
	localScopes: unknown[];
	/** Ours: what `trap` was told. */
	traps?: Map<string, string>;
	/** Ours: a process reads what it writes, when it is over. */
	turned?: boolean;
	/** Ours: what a trap was told runs; `BASH_COMMAND` stays what it was. */
	trapping?: boolean;
	/** Ours: `set -E` and `set -T`. */
	traced?: { readonly errtrace?: boolean; readonly functrace?: boolean };
	/** Whether what failed was asked for, so that `set -e` does not end anything. */
	errexitSafe?: boolean;
	currentLine?: number;
	/** What is being read or called, innermost first: names, lines of the calls, files (`FUNCNAME` and its like). */
	funcNameStack?: string[];
	callLineStack?: number[];
	sourceStack?: string[];
	readonlyVars?: Set<string>;
	/** Names that stand for others. */
	namerefs?: Set<string>;
	/** Ours: those of them that the running function has made. */
	localReadonly?: string[];
	/** Ours: what `export -f` was told. */
	exportedFunctions?: Set<string>;
	/** Those that are neither defined anew nor unset. */
	fixedFunctions?: Set<string>;
	/** `break 0` ended all loops, and the outermost is still to say that it failed. */
	loopsFailed?: boolean;
	/** Ours: `source` for each file that is being read outside of functions. */
	readNames?: string[];
	/** File whose functions are being defined. */
	currentSource?: string;
}

export interface Interpreter {
	readonly ctx: {
		readonly state: State;
		readonly fs: IFileSystem;
		/** What a line may use. */
		readonly executionScope: {
			chargeCommand(): number;
			/** Counts what is at work at once. @throws ExecutionLimitError */
			enterDepth(kind: string, most: number): { release(): void };
		};
		/** Runs a script in an interpreter of its own. */
		execFn(script: string, options: object | undefined, ...more: unknown[]): Promise<Result>;
	};
	executeScript(script: ScriptNode): Promise<Result>;
	executeStatement(statement: StatementNode): Promise<Result>;
	executePipeline(pipeline: PipelineNode): Promise<Result>;
	executeCommand(node: CommandNode, stdin: string, inherited?: boolean): Promise<Result>;
	executeSubshell(node: SubshellNode, stdin?: string, inherited?: boolean): Promise<Result>;
	executeSimpleCommand(node: CommandNode, stdin: string): Promise<Result>;
	runCommand(name: string, args: string[], quoted: boolean[], stdin: string, ...more: unknown[]): Promise<Result>;
}

const METHODS = [
	'executeScript',
	'executeStatement',
	'executePipeline',
	'executeCommand',
	'executeSimpleCommand',
	'executeSubshell',
	'runCommand',
] as const;

let found: Interpreter | undefined;

/** The prototype of just-bash's interpreter. @throws Error when just-bash is not as it was */
export function interpreterPrototype(): Interpreter {
	if (!found) {
		found = findInterpreter();
		for (const method of METHODS) {
			if (typeof found?.[method] !== 'function') throw new Error(`just-bash has no interpreter with ${method}`);
		}
	}
	return found!;
}

function findInterpreter(): Interpreter | undefined {
	const native = Function.prototype.bind;
	let seen: Interpreter | undefined;
	const listen = function (this: unknown, self: unknown, ...more: unknown[]): unknown {
		if (!seen && typeof (self as Interpreter | null)?.executeScript === 'function') seen = self as Interpreter;
		return Reflect.apply(native, this as () => unknown, [self, ...more]);
	};
	const bash = new Bash({ defenseInDepth: false, cwd: '/', fs: new InMemoryFs(), commands: [] });
	Function.prototype.bind = listen as typeof native;
	try {
		void bash.exec(':');
	} finally {
		Function.prototype.bind = native;
	}
	return seen && (Object.getPrototypeOf(seen) as Interpreter);
}

/** The state that `exec` starts from. It copies it; what a line changed is put back by whoever keeps a session. */
export const stateOf = (bash: Bash): State => (bash as unknown as { state: State }).state;

export function setState(bash: Bash, state: State): void {
	(bash as unknown as { state: State }).state = state;
}

/** Where a descriptor leads that was opened: into a file, or where output went before; undefined of any other. */
export function openedAs(state: State, fd: number): 'stdout' | 'stderr' | { readonly path: string } | undefined {
	const { fileDescriptors } = state as State & { readonly fileDescriptors?: ReadonlyMap<number, string> };
	const entry = fileDescriptors?.get(fd);
	if (entry === undefined) return undefined;
	if (entry === '__dupout__:1') return 'stdout';
	if (entry === '__dupout__:2') return 'stderr';
	const [, path] = /^__file(?:_append)?__:(.*)$/s.exec(entry) ?? [];
	return path === undefined ? undefined : { path };
}

/** Whether a standard descriptor was closed, by `exec 1>&-`. */
export const isClosed = (state: State, fd: number): boolean =>
	(state as State & { readonly closedStandardFds?: ReadonlySet<number> }).closedStandardFds?.has(fd) ?? false;

/** Whether `exec` sent it elsewhere. */
export const isMoved = (state: State, fd: number): boolean =>
	(state as State & { readonly fileDescriptors?: ReadonlyMap<number, string> }).fileDescriptors?.has(fd) ?? false;

/** In a page RE2, 25 kB, is a file of its own (`integrations/shell/split.ts`); elsewhere it is there. */
const later = (justBash as { readonly loadPatterns?: () => Promise<void> }).loadPatterns;
let patterns = later === undefined;

/** Whether patterns can be matched: names of files, `case`, `${x#…}`, `[[ =~ ]]`. Without, just-bash takes them for none. */
export const hasPatterns = (): boolean => patterns;

/** To be waited for before anything is run. */
export async function loadPatterns(): Promise<void> {
	await later?.();
	patterns = true;
}

export type Limits = NonNullable<BashOptions['executionLimits']>;
