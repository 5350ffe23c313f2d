/** State: what the reader's browser keeps, and how it travels from page to page. */
export {
	pageStore,
	readParam,
	readState,
	shareableUrl,
	stateProblem,
	watchState,
	writeParam,
	writeState,
} from './browser.ts';
export { absorbFragment, carryOnNavigation, mustCarry } from './carry.ts';
export type { Entries, Json } from './entries.ts';
export { type Fragment, formatFragment, PERSONAL, parseFragment, withParam } from './fragment.ts';
export {
	answeredIn,
	exportProgress,
	forgetEverything,
	importProgress,
	isAnswered,
	markAnswered,
} from './progress.ts';
export { setSkipsPredictions, skipsPredictions } from './projector.ts';
export { type Problem, Store } from './store.ts';
