/** Keeping an answer from the lab's own graph of modules, which has a copy of the store. */
import { markAnswered } from '../state/index.ts';

/** Keeps the answer, and tells the page's own store that something was kept, as another tab would. */
export function keepAnswered(lesson: string, exercise: string): void {
	markAnswered(lesson, exercise);
	window.dispatchEvent(new StorageEvent('storage'));
}
