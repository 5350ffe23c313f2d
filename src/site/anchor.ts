import { parseFragment } from '../state/index.ts';

/**
 * Goes to the section or figure a link names beside its state (`#policies&policies=…`): the browser itself only
 * follows a fragment that is an id and nothing else.
 */
export function goToAnchor(): void {
	const target = () => document.getElementById(parseFragment(location.hash).anchor);
	// A page that is reloaded stays where the reader was.
	if (window.scrollY === 0) target()?.scrollIntoView();
	addEventListener('hashchange', () => {
		if (Object.keys(parseFragment(location.hash).params).length > 0) target()?.scrollIntoView();
	});
}
