/** What one line may use. A learner's mistake ends with a sentence, not with a page that hangs. */
import type { Limits } from './just-bash.ts';

const MIB = 1024 * 1024;

export const LIMITS: Limits = {
	maxSourceBytes: MIB,
	maxExecDepth: 24,
	maxCallDepth: 1000,
	// A loop over some thousand lines comes to its end. One without an end works for half a second until it stops, and for
	// about a minute if each round is a substitution; it breathes meanwhile, and Ctrl-C ends it.
	maxCommandCount: 30_000,
	maxLoopIterations: 30_000,
	maxAwkIterations: 200_000,
	maxSedIterations: 30_000,
	maxJqIterations: 200_000,
	maxGlobOperations: 100_000,
	maxStringLength: 4 * MIB,
	maxArrayElements: 50_000,
	maxHeredocSize: MIB,
	maxSubstitutionDepth: 24,
	maxBraceExpansionResults: 10_000,
	maxOutputSize: 8 * MIB,
	maxWorkUnits: 20_000_000,
	maxLiveBytes: 64 * MIB,
	maxInputBytes: 32 * MIB,
	maxFileSystemBytes: 32 * MIB,
	maxTraversalEntries: 50_000,
	maxTraversalWork: 200_000,
	maxFileDescriptors: 256,
	maxSourceDepth: 20,
	maxExecutionTimeMs: Number.MAX_SAFE_INTEGER,
};

/** Of what a container runs by itself: it goes on for hours, and pays for what it does with time (`life.ts`). */
export const ENDLESS: Limits = {
	...LIMITS,
	maxCommandCount: Number.MAX_SAFE_INTEGER,
	maxLoopIterations: Number.MAX_SAFE_INTEGER,
	maxWorkUnits: Number.MAX_SAFE_INTEGER,
	maxInputBytes: Number.MAX_SAFE_INTEGER,
	maxOutputSize: Number.MAX_SAFE_INTEGER,
	maxGlobOperations: Number.MAX_SAFE_INTEGER,
	maxTraversalWork: Number.MAX_SAFE_INTEGER,
};

/** `eval` inside `eval`, and characters that all of them read together: each reads anew what the next one reads. */
export const MOST_EVALS = 500;
export const MOST_EVALUATED = 400_000;

/** Shells inside shells, and lines, jobs and parts of them at the same time. */
export const MOST_SHELLS = 40;
export const MOST_RUNS = 400;

/** Jobs of one line, and theirs. */
export const MOST_JOBS = 1000;

/** Characters that one line may write to the terminal. */
export const MAX_SHOWN = MIB;

/** Characters that one tool may write into a substitution, or at one time into a file. */
export const MAX_KEPT = 4 * MIB;

/** Octets of files that a place keeps, and what is said beyond: the disk that df shows has room, it is the simulator that has none. */
export const MAX_FILES = 32 * MIB;
export const NO_ROOM = 'more than 32 MiB of files in one place is not simulated';

/** Real milliseconds between two breaths of the page. */
export const BREATH = 24;

/** The terminal's own word for a line that used up what it may use. */
export const STOPPED = (what: string): string => `bash: stopped: ${what}\n`;

const REASONS: readonly (readonly [RegExp, string])[] = [
	[/loop: too many iterations|iterations? (?:limit )?exceeded|too many iterations/i, 'the loop does not end'],
	[/call depth|recursion|exec depth|depth limit|nesting|substitution depth/i, 'it calls itself without end'],
	[/command(?:s| count)|maximum command/i, 'too many commands in one line'],
	[/brace expansion/i, 'the braces expand to too many words'],
	[/output|string length|string_length|size limit|bytes|work|elements?/i, 'the output is too large'],
];

/** What the host says when its own stack ends, and just-bash before that. */
const TOO_DEEP = /Maximum call stack size exceeded|Maximum parser nesting depth exceeded/;
const TOO_LONG = /^bash: .*(?:Too many tokens|Input too large|maximum (?:input|source))/im;

/** just-bash's word for a pattern that RE2 does not know. */
const NO_PATTERN = /^bash: Invalid regular expression: .*\(\?!.*RE2/m;

/** What is nested so deeply, or is so long, that nothing reads it: said in words; undefined when that is not it. */
export function unreadText(stderr: string): string | undefined {
	if (TOO_LONG.test(stderr)) return STOPPED('the line is too long');
	if (NO_PATTERN.test(stderr)) return STOPPED('!(…) is matched against names of files and behind [[ only');
	return TOO_DEEP.test(stderr) ? STOPPED('it is nested too deeply') : undefined;
}

/** The same of a command's own message, which begins with its name. */
export const shallow = (name: string, stderr: string): string =>
	TOO_DEEP.test(stderr) ? `${name}: it is nested too deeply\n` : stderr;

/** Parentheses and braces inside each other, as far as one sees without reading the shell's language. */
const DEEPEST = 1000;

/** Whether a text is one that is not even read: reading it would hold the page. */
export function unreadable(text: string): string | undefined {
	if (text.length > LIMITS.maxSourceBytes!) return STOPPED('the line is too long');
	let depth = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		if (code === 40 || code === 123) {
			if (++depth > DEEPEST) return STOPPED('it is nested too deeply');
		} else if (code === 41 || code === 125) depth = Math.max(0, depth - 1);
	}
	return undefined;
}

/** just-bash's text for a used-up budget, in words for a learner; undefined when it is none. */
export function stoppedText(stderr: string): string | undefined {
	if (!/exceeded|too many|limit/i.test(stderr)) return undefined;
	return STOPPED(REASONS.find(([pattern]) => pattern.test(stderr))?.[1] ?? 'it does too much');
}

/** Lets the browser draw and take a key, now and then. */
export class Breath {
	#last = performance.now();

	async take(): Promise<void> {
		if (performance.now() - this.#last < BREATH) return;
		await new Promise<void>((resolve) => setTimeout(resolve, 0));
		this.#last = performance.now();
	}
}
