/** The builtin `read` on a pipe that is still being written: it takes what it needs, and the rest stays for others. */
import { wordsOf } from './filters/words.ts';
import type { State } from './just-bash.ts';
import type { Pipe } from './pipe.ts';

/** Waits for a line, and puts it where just-bash's `read` looks for it. Rejects with `Interrupted`. */
export async function readLine(args: readonly string[], state: State, input: Pipe): Promise<void> {
	const words = wordsOf(args, 'adinNptu');
	if (words.has('u')) return;
	const mark = words.has('d') ? words.value('d') || '\0' : '\n';
	let text = state.groupStdin ?? '';
	if (!text.includes(mark)) text += await input.until(mark);
	// Without -r a backslash at its end takes the next line along.
	while (!words.has('r') && /(?:^|[^\\])(?:\\\\)*\\\n$/.test(text)) {
		const more = await input.until(mark);
		if (more === '') break;
		text += more;
	}
	state.groupStdin = text;
}
