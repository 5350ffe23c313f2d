/** The builtin `read` on a pipe that is still being written: it takes what it needs, and the rest stays for others. */
import { wordsOf } from './filters/words.ts';
import type { State } from './just-bash.ts';
import type { Pipe } from './pipe.ts';

export interface Asked {
	/** What was shown before it waited. */
	readonly prompt?: string | undefined;
	/** Nothing came in the time that there was (`-t`). */
	readonly late?: true;
}

/** Waits for a line, and puts it where just-bash's `read` looks for it. Rejects with `Interrupted`. */
export async function readLine(
	args: readonly string[],
	state: State,
	input: Pipe,
	/** Of a terminal: shows the prompt, which is answered then. */
	show?: (prompt: string) => void,
): Promise<Asked | undefined> {
	const words = wordsOf(args, 'adinNptu');
	if (words.has('u')) return;
	const prompt = show && words.value('p');
	if (prompt) show(prompt);
	const mark = words.has('d') ? words.value('d') || '\0' : '\n';
	let text = state.groupStdin ?? '';
	const seconds = Number(words.value('t') ?? 0);
	if (seconds > 0 && !text.includes(mark) && !(await input.within(mark, seconds * 1e6))) return { late: true };
	if (!text.includes(mark)) text += await input.until(mark);
	// Without -r a backslash at its end takes the next line along.
	while (!words.has('r') && /(?:^|[^\\])(?:\\\\)*\\\n$/.test(text)) {
		const more = await input.until(mark);
		if (more === '') break;
		text += more;
	}
	state.groupStdin = text;
	return { prompt };
}
