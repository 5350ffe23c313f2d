/**
 * State that goes with the reader from page to page where storage cannot: on Firefox, each page opened from disk has a
 * storage of its own, and some browsers refuse storage altogether. Same-site links then carry it in their fragment,
 * added when the link is followed.
 */
import { type Entries, packEntries, unpackEntries } from './entries.ts';
import { formatFragment, PERSONAL, parseFragment, withParam } from './fragment.ts';
import type { Store } from './store.ts';

/** Longest personal part of a fragment, in characters. Beyond it, only settings go along. */
const MAX_CARRIED = 8192;
const SETTINGS = new Set(['theme', 'language', 'forgotten', 'project']);

/** Whether links have to carry state on this page. */
export function mustCarry(protocol: string, store: Store): boolean {
	return protocol === 'file:' || store.problem === 'refused' || store.problem === 'full';
}

/** What goes into a link's fragment; undefined when there is nothing to carry. */
export function carried(entries: Entries): string | undefined {
	if (Object.keys(entries).length === 0) return undefined;
	const all = packEntries(entries);
	if (all.length <= MAX_CARRIED) return all;
	return packEntries(Object.fromEntries(Object.entries(entries).filter(([key]) => SETTINGS.has(key))));
}

/** The link's address with the state in its fragment; the address as it is when it leads out of `root`. */
export function decorate(href: string, root: string, entries: Entries): string {
	if (!href.startsWith(root)) return href;
	const [page = '', hash = ''] = href.split(/(?=#)/s);
	return page + formatFragment(withParam(parseFragment(hash), PERSONAL, carried(entries)));
}

/**
 * Takes state out of the page's own address. A link that someone else made must not change what is kept, so this is
 * listened to only where links have to carry state, and each value is still checked by whoever reads it.
 */
export function absorbFragment(store: Store): void {
	const fragment = parseFragment(location.hash);
	const packed = fragment.params[PERSONAL];
	if (packed === undefined) return;
	const entries = mustCarry(location.protocol, store) ? unpackEntries(packed) : undefined;
	if (entries) store.absorb(entries);
	// Where nothing is kept, the address is the only copy: leave it for a reload.
	if (entries && store.problem) return;
	const clean = formatFragment(withParam(fragment, PERSONAL, undefined));
	history.replaceState(history.state, '', clean || location.pathname + location.search);
}

/** Decorates links to pages of this site when they are followed. `root` is the address of the site's first folder. */
export function carryOnNavigation(store: Store, root: string): void {
	const follow = (event: MouseEvent) => {
		const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null;
		if (!link || !mustCarry(location.protocol, store)) return;
		const samePage = link.href.split('#')[0] === location.href.split('#')[0];
		if (!samePage) link.href = decorate(link.href, root, store.entries);
	};
	document.addEventListener('click', follow, true);
	document.addEventListener('auxclick', follow, true);
}
