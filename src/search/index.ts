/** The search's door for the page: a button and the `/` key open the dialog, which loads when it is first wanted. */
import type { Language } from '../i18n/languages.ts';

export interface SearchOptions {
	language: Language;
	/** Address of the site's first folder, ending in a slash. */
	root: string;
	/** Buttons that open the search; shown by this. */
	buttons: Iterable<HTMLElement>;
}

/** True where a `/` is text the reader types. */
function isTyping(target: EventTarget | null): boolean {
	return (
		target instanceof HTMLElement &&
		(target.isContentEditable || target.matches('input, textarea, select, [role="textbox"], [role="application"]'))
	);
}

/** Offer the search on this page. */
export function offerSearch({ language, root, buttons }: SearchOptions): void {
	const open = (): void => {
		void import('./dialog.ts').then(({ openSearch }) => openSearch(language, root));
	};
	for (const button of buttons) {
		button.hidden = false;
		button.setAttribute('aria-haspopup', 'dialog');
		button.addEventListener('click', open);
	}
	document.addEventListener('keydown', (event) => {
		const plain = event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey;
		const command =
			event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
		if (event.defaultPrevented || !(command || (plain && !isTyping(event.target)))) return;
		event.preventDefault();
		open();
	});
}
