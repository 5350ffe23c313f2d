/** Showing exercises to a room: their packets can be seen before anyone has answered. */
import { readParam, readState, writeState } from './browser.ts';

const KEY = 'project';

/** Kept by the browser, or asked for by this page's address (`&project=1`). */
export function skipsPredictions(): boolean {
	return readParam(KEY) === '1' || readState(KEY) === true;
}

/** Remembers whether predictions are skipped, as somebody who presents wants. */
export function setSkipsPredictions(on: boolean): void {
	writeState(KEY, on ? true : undefined);
}
