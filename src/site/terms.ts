/** Links to the glossary in a text: what helps beside them is fetched when a reader comes to the first one. */
export function offerTermHelp(): void {
	if (!('popover' in HTMLElement.prototype)) return;
	const wake = (event: Event): void => {
		const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a.term');
		if (!link) return;
		if (event.type === 'click') {
			// A finger does not hover: its first touch shows the help, and the next one follows the link.
			if ((event as PointerEvent).pointerType !== 'touch' || link.hasAttribute('aria-describedby')) return;
			event.preventDefault();
		}
		void import('./term-help.ts').then(({ helpWith }) => helpWith(link, event.type));
	};
	for (const type of ['pointerover', 'focusin', 'click']) document.addEventListener(type, wake);
}
