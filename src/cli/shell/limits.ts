/** What one line may use. A learner's mistake ends with a sentence, not with a page that hangs. */
import type { Limits } from './just-bash.ts';

const MIB = 1024 * 1024;

export const LIMITS: Limits = {
	maxSourceBytes: MIB,
	maxExecDepth: 24,
	maxCallDepth: 60,
	maxCommandCount: 10_000,
	maxLoopIterations: 10_000,
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

/** Characters that one line may write to the terminal. */
export const MAX_SHOWN = MIB;

/** Characters that one tool may write into a file or a substitution. */
export const MAX_KEPT = 4 * MIB;

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
