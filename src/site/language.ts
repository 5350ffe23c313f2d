import { formatFragment, PERSONAL, parseFragment, withParam, writeState } from '../state/index.ts';
import { currentSection } from './contents.ts';

/** Remembers the language whose link is followed. */
export function keepLanguage(): void {
	for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
		link.addEventListener('click', () => writeState('language', link.dataset.language));
	}
}

/** Another language shows the same section in the same state: section ids and permalinks are the same in all four. */
export function keepPlace(): void {
	document.addEventListener(
		'click',
		(event) => {
			const link =
				event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('.bar a[data-language]') : null;
			if (!link) return;
			const here = withParam(parseFragment(location.hash), PERSONAL, undefined);
			link.hash = formatFragment({ ...here, anchor: currentSection() ?? here.anchor });
		},
		true,
	);
}
