import type { Json } from './entries.ts';
import { formatFragment, PERSONAL, parseFragment, withParam } from './fragment.ts';
import { type Problem, Store } from './store.ts';

let store: Store | undefined;

/** The one store of this page; made on first use so that importing this file needs no browser. */
export function pageStore(): Store {
	if (!store) {
		const made = new Store(() => window.localStorage);
		window.addEventListener('storage', () => made.refresh());
		store = made;
	}
	return store;
}

/** A value the reader's browser keeps; undefined when there is none. What is in there may be anything: check it. */
export function readState(key: string): Json | undefined {
	return pageStore().read(key);
}

/** Keeps a small value under a key like `answer.tp2-client-address.who-knocked`; `undefined` removes it. Never throws. */
export function writeState(key: string, value: Json | undefined): void {
	pageStore().write(key, value);
}

/** Called after each change, also by another tab. Returns the way to stop it. */
export function watchState(listener: () => void): () => void {
	return pageStore().watch(listener);
}

/** Why state may not be kept, or undefined when all is well. */
export function stateProblem(): Problem | undefined {
	return pageStore().problem;
}

/** A parameter of this page's fragment, such as a figure's permalink. */
export function readParam(key: string): string | undefined {
	return parseFragment(location.hash).params[key];
}

/** Sets a parameter of this page's fragment without a new entry in the history; `undefined` removes it. */
export function writeParam(key: string, value: string | undefined): void {
	const fragment = formatFragment(withParam(parseFragment(location.hash), key, value));
	history.replaceState(history.state, '', fragment || location.pathname + location.search);
}

/** This page's address with these parameters (and this section), without anything personal. */
export function shareableUrl(params: Readonly<Record<string, string>> = {}, anchor?: string): string {
	const here = parseFragment(location.hash);
	let fragment = { anchor: anchor ?? here.anchor, params: { ...here.params, ...params } };
	fragment = withParam(fragment, PERSONAL, undefined) as typeof fragment;
	return location.href.replace(/#.*$/s, '') + formatFragment(fragment);
}
