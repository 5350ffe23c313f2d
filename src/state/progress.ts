/** What the reader has answered. One key per exercise, so that two copies merge exercise by exercise. */
import { pageStore, readState, writeState } from './browser.ts';
import { type Entries, formatEntries, type Json, parseEntries, revive } from './entries.ts';

const PREFIX = 'answer.';

/** Largest file of saved progress that is read, in characters. */
const MAX_FILE = 1 << 20;

/** Keeps that an exercise was answered right; `detail` is the exercise's own business. */
export function markAnswered(lesson: string, exercise: string, detail: Json = true): void {
	writeState(`${PREFIX}${lesson}.${exercise}`, detail);
}

/** Whether an exercise was answered, in any way. */
export function isAnswered(lesson: string, exercise: string): boolean {
	return readState(`${PREFIX}${lesson}.${exercise}`) !== undefined;
}

/** Ids of the exercises answered in a lesson. */
export function answeredIn(lesson: string): readonly string[] {
	const prefix = `${PREFIX}${lesson}.`;
	return Object.entries(pageStore().entries)
		.filter(([key, [, value]]) => key.startsWith(prefix) && value !== null)
		.map(([key]) => key.slice(prefix.length));
}

/** The text of a file that {@link importProgress} reads. */
export function exportProgress(): string {
	return `${formatEntries(pageStore().entries)}\n`;
}

/** Takes in a saved file. Returns how many entries it holds, or undefined (and changes nothing) when it is not ours. */
export function importProgress(text: string): number | undefined {
	const entries: Entries | undefined = text.length > MAX_FILE ? undefined : parseEntries(text);
	if (!entries) return undefined;
	pageStore().absorb(revive(entries, pageStore().entries));
	return Object.keys(entries).length;
}

/** Forgets all answers and settings. */
export function forgetEverything(): void {
	pageStore().forget();
}
